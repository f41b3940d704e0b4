"""Keberatan: an employee objects to the predikat, the appraiser's superior hears both sides and decides for good.

Source: PP 30/2019 ps. 59 and PermenPANRB 6/2022 ps. 29: to the superior of the appraiser, with reasons, at the latest
14 days after the result was received; the superior may change the result, which is final.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from kinara.contracts import Province
from kinara.contracts.appraisal import ObjectionDecided, Predikat
from kinara.contracts.regions import day_of

from appraisal.domain.periods import written
from appraisal.domain.refusals import (
    DayToCome,
    NoObjection,
    NotHeard,
    NotYetDecided,
    ObjectionMade,
    ObjectionTooLate,
    OwnSignature,
)
from appraisal.domain.verdict import DECIDED, Objection, Verdict, refuse_own, told_axes

DAYS = 14
"""Calendar days after the day of the decision: the law does not say working days."""


def last_day_to_object(verdict: Verdict) -> date | None:
    """Until when an objection can be filed; None while nothing is decided."""
    received = verdict.signed_at or verdict.decided_at
    if received is None or verdict.state not in DECIDED:
        return None
    return day_of(received, verdict.province) + timedelta(days=DAYS)


def file_objection(verdict: Verdict, *, objection_id: str, grounds: str, at: datetime) -> Verdict:
    """The employee's objection to a confirmed predikat: once, and in time."""
    if verdict.objection is not None:
        raise ObjectionMade(
            f"Keberatan atas periode {verdict.period} sudah diajukan.",
            detail=f"{verdict.id} has objection {verdict.objection.id}",
            field="period",
        )
    until = last_day_to_object(verdict)
    if until is None or verdict.predikat is None:
        raise NotYetDecided(
            f"Predikat periode {verdict.period} belum ditetapkan. Keberatan dapat diajukan setelah ditetapkan.",
            detail=f"{verdict.id} is {verdict.state}",
            field="period",
        )
    if day_of(at, verdict.province) > until:
        raise ObjectionTooLate(
            f"Keberatan paling lambat {written(until)}, {DAYS} hari setelah predikat ditetapkan.",
            detail=f"the last day was {until}",
            field="period",
        )
    objection = Objection(id=objection_id, filed_at=at, grounds=grounds, before=verdict.predikat)
    return replace(verdict, state="objected", objection=objection)


def hear(verdict: Verdict, *, on: date, words: str, by: str, today: date) -> Verdict:
    """Both sides were heard on a day, with what they said."""
    refuse_own(verdict, by)
    objection = _pending(verdict)
    filed = day_of(objection.filed_at, verdict.province)
    if not filed <= on <= today:
        raise DayToCome(
            f"Pemeriksaan dilaksanakan sejak keberatan diajukan ({written(filed)}) sampai hari ini ({written(today)}).",
            detail=f"heard on {on}, filed on {filed}, and today is {today}",
            field="held_on",
        )
    return replace(verdict, objection=replace(objection, heard_on=on, heard=words))


def decide(
    verdict: Verdict, *, predikat: Predikat, reason: str, by: str, at: datetime
) -> tuple[Verdict, ObjectionDecided]:
    """The final decision of the appraiser's superior: another predikat, or the same."""
    refuse_own(verdict, by)
    objection = _pending(verdict)
    if by == verdict.decided_by:
        raise OwnSignature(
            "Keputusan sendiri tidak dapat diperiksa sendiri. Mintalah BKPSDM menunjuk atasan lain.",
            detail=f"{by} decided {verdict.id} and cannot decide the objection to it",
        )
    if objection.heard_on is None:
        raise NotHeard(
            "Kedua pihak belum didengar. Catat pemeriksaannya dahulu.", detail=f"{objection.id} was not heard"
        )
    decided = replace(objection, after=predikat, reason=reason, decided_by=by, decided_at=at)
    fact = ObjectionDecided(
        province=Province(code=verdict.province),
        unit_path=verdict.unit_path,
        employee_id=verdict.employee_id,
        objection_id=objection.id,
        period=verdict.period,
        before=objection.before,
        after=predikat,
        decided_by=by,
        decided_at=at,
        confirmed_by=verdict.decided_by,
        **told_axes(verdict, predikat),
    )
    return replace(verdict, state="final", predikat=predikat, objection=decided), fact


def _pending(verdict: Verdict) -> Objection:
    if verdict.state != "objected" or verdict.objection is None:
        raise NoObjection(
            f"Tidak ada keberatan atas periode {verdict.period} yang menunggu keputusan.",
            detail=f"{verdict.id} is {verdict.state}",
            field="period",
        )
    return verdict.objection
