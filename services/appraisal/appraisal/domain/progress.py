"""Progress on indicators: reported, verified by someone else, its pace judged by the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from kinara.contracts import Province
from kinara.contracts.appraisal import Period, ProgressReported
from kinara.contracts.regions import day_of

from appraisal.domain.effects import Effect, Entry, Folded, comma, post
from appraisal.domain.periods import month_on, months_of, written
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import (
    IndicatorNotAgreed,
    InvalidProgress,
    ReportAlreadyMade,
    ReportNotFound,
    SelfVerification,
)
from appraisal.domain.scorecard import Scorecard, own_period, refuse_closed
from appraisal.domain.tallies import Month, Progress, Report, Target


def report_progress(
    card: Scorecard,
    *,
    report_id: str,
    indicator: str,
    amount: Decimal,
    verified: bool,
    reported_at: datetime,
    policies: Policies,
    on: date | None = None,
) -> tuple[Scorecard, Effect, ProgressReported]:
    """The employee reports an amount done, or a level measured; it counts half until someone has verified it.

    ``on`` is the day on which the work stood so, today unless given: it gives the period, and the pace is judged by it.
    """
    report = Report(indicator, amount, _day_of_work(on, day_of(reported_at, card.province)))
    month = month_on(report.on)
    refuse_closed(card, month, field="on")
    period = own_period(card, month, policies)
    target = _agreed(card, indicator, period)
    _refuse_uncountable(card, report_id, amount)
    tallies = _with_report(card.month(month), report, verified=verified)
    if not verified:
        tallies = replace(tallies, pending={**tallies.pending, report_id: report})
    how = "sudah diverifikasi" if verified else "dihitung setengah sampai diverifikasi"
    note = f"Laporan {target.name} per {written(report.on)}: {comma(amount)} {target.unit}, {how}."
    inputs = {"indicator": indicator, "amount": amount, "verified": verified, "on": report.on.isoformat()}
    reported, effect = post(card, month, tallies, "K", Entry(report_id, inputs, note), policies)
    event = ProgressReported(
        province=Province(code=card.province),
        unit_path=card.unit_path,
        employee_id=card.employee_id,
        report_id=report_id,
        indicator=indicator,
        amount=amount,
        verified=verified,
        period=period,
        reported_at=reported_at,
    )
    return reported, effect, event


def verify_report(
    card: Scorecard, *, report_id: str, verified_by: str, verified_on: date, policies: Policies
) -> tuple[Scorecard, Effect, None]:
    """Someone else has seen the evidence: it counts in full, and as of its own day: waiting costs nothing."""
    month, tallies, report = _taken_off(card, report_id, verified_by)
    progress = tallies.progress[report.indicator].verifying(report.amount)
    tallies = replace(tallies, progress={**tallies.progress, report.indicator: progress})
    inputs = {
        "indicator": report.indicator,
        "amount": report.amount,
        "verified_by": verified_by,
        "on": verified_on.isoformat(),
    }
    note = f"Laporan {report.indicator} sebesar {comma(report.amount)} diverifikasi pada {written(verified_on)}."
    entry = Entry(report_id, inputs, note)
    return *post(card, month, tallies, "K", entry, policies), None


def return_report(
    card: Scorecard, *, report_id: str, returned_by: str, returned_on: date, policies: Policies
) -> tuple[Scorecard, Effect, None]:
    """Someone else has seen the evidence and does not believe it (yet): the report counts no longer, not even half.

    It may be made again. The day that it spoke of stays the day by which the pace of what else was reported on the
    indicator is judged; with the only report on an indicator that is forgotten too.
    """
    month, tallies, report = _taken_off(card, report_id, returned_by)
    left = tallies.progress[report.indicator].without(report.amount)
    inputs = {
        "indicator": report.indicator,
        "amount": report.amount,
        "returned_by": returned_by,
        "on": returned_on.isoformat(),
    }
    note = (
        f"Laporan {report.indicator} sebesar {comma(report.amount)} dikembalikan pada {written(returned_on)} "
        "dan tidak dihitung lagi."
    )
    changed = tallies.progressed(report.indicator, left)
    return *post(card, month, changed, "K", Entry(report_id, inputs, note), policies), None


def discount_report(
    card: Scorecard, report_id: str, report: Report, reason: str, *, audited_on: date, policies: Policies
) -> Folded:
    """An audit does not believe a report that was verified: it counts no longer, not even half.

    Where its month is closed this is recorded, as anything that becomes known late.
    """
    month = month_on(report.on)
    tallies = card.month(month)
    if report.indicator in tallies.progress:
        left = tallies.progress[report.indicator].without(report.amount, verified=True)
        tallies = tallies.progressed(report.indicator, left)
    inputs = {
        "indicator": report.indicator,
        "amount": report.amount,
        "on": report.on.isoformat(),
        "audit": "rejected",
        "audited_on": audited_on.isoformat(),
        "reason": reason,
    }
    note = (
        f"Laporan {report.indicator} sebesar {comma(report.amount)} ditolak dalam audit acak pada "
        f"{written(audited_on)} dan tidak dihitung lagi: {reason}"
    )
    return post(card, month, tallies, "K", Entry(report_id, inputs, note), policies)


def judge_pace(card: Scorecard, *, day: date, policies: Policies) -> tuple[Scorecard, Effect, None]:
    """The calendar moved on: judge the pace of every indicator as of a day, reports or not."""
    month = month_on(day)
    refuse_closed(card, month)
    tallies = card.month(month)
    paced_on = max(tallies.paced_on, day) if tallies.paced_on else day
    entry = Entry(day.isoformat(), {"day": day.isoformat()}, f"Laju capaian dinilai sampai {written(day)}.")
    return *post(card, month, replace(tallies, paced_on=paced_on), "K", entry, policies), None


def _taken_off(card: Scorecard, report_id: str, answered_by: str) -> tuple[str, Month, Report]:
    """The month that keeps a waiting report, its tallies with the report no longer waiting, and the report."""
    if answered_by == card.employee_id:
        raise SelfVerification(
            "Laporan sendiri tidak dapat diverifikasi atau dikembalikan sendiri. Mintalah atasan memeriksanya.",
            detail=f"employee {answered_by} answers their own report {report_id}",
            field="verified_by",
        )
    month = next((key for key, tallies in card.months.items() if report_id in tallies.pending), None)
    if month is None:
        raise ReportNotFound(
            "Tidak ada laporan itu yang menunggu verifikasi: mungkin sudah dijawab, atau periodenya ditutup.",
            detail=f"report {report_id} waits for no verification",
            field="report_id",
        )
    tallies = card.month(month)
    rest = {key: other for key, other in tallies.pending.items() if key != report_id}
    return month, replace(tallies, pending=rest), tallies.pending[report_id]


def _with_report(tallies: Month, report: Report, *, verified: bool) -> Month:
    before = tallies.progress.get(report.indicator, Progress())
    after = before.plus(report.amount, verified=verified, on=report.on)
    return replace(tallies, progress={**tallies.progress, report.indicator: after})


def _agreed(card: Scorecard, code: str, period: Period) -> Target:
    for month in months_of(period):
        if code in card.month(month).targets:
            return card.month(month).targets[code]
    raise IndicatorNotAgreed(
        f"Indikator {code} belum disepakati untuk periode {period}. Sepakati targetnya dengan atasan dahulu.",
        detail=f"no indicator {code} was agreed for {period}",
        field="indicator",
    )


def _day_of_work(on: date | None, today: date) -> date:
    if on is not None and on > today:
        raise InvalidProgress(
            f"Tanggal pekerjaan paling lambat hari ini, {written(today)}.",
            detail=f"the work stood so on {on}, and today is {today}",
            field="on",
        )
    return on or today


def _refuse_uncountable(card: Scorecard, report_id: str, amount: Decimal) -> None:
    if not amount.is_finite() or amount < 0:
        raise InvalidProgress("Jumlah harus nol atau lebih.", detail=f"amount is {amount}", field="amount")
    if any(report_id in tallies.pending for tallies in card.months.values()):
        raise ReportAlreadyMade(
            "Laporan ini sudah masuk dan menunggu verifikasi.",
            detail=f"report {report_id} waits for verification",
            field="report_id",
        )
