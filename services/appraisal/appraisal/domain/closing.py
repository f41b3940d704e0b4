"""Closing a period: judge it to its last day, hand out what it holds, and let the card forget it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from kinara.contracts.appraisal import Period
from kinara.contracts.regions import ZONES

from appraisal.domain.effects import Effect, Entry, settle
from appraisal.domain.periods import following_month, last_day, months_of, written
from appraisal.domain.policy import Policies
from appraisal.domain.progress import judge_pace
from appraisal.domain.refusals import EarlierPeriodOpen, NotLatestClosed, PeriodNotOver
from appraisal.domain.scorecard import (
    Person,
    Score,
    Scorecard,
    open_periods,
    own_period,
    policy_for,
    refuse_unappraised,
)
from appraisal.domain.seats import count_unused
from appraisal.domain.tallies import Complaints, Month


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A period as it stood when it was closed: a document of its own, on which people decide."""

    id: str
    employee_id: str
    province: str
    unit_path: str
    person: Person | None
    period: Period
    score: Score
    months: Mapping[str, Month]
    closed_before: str | None = None
    """The last closed month before this close."""
    reopened_at: datetime | None = None
    """When it was opened again; what it says holds no longer, until it is closed once more."""


def closed_id(employee_id: str, period: Period) -> str:
    """Under which id an employee's closed period is kept."""
    return f"{employee_id}/{period}"


def close_period(
    card: Scorecard, period: Period, *, today: date, policies: Policies
) -> tuple[Scorecard, ClosedPeriod, tuple[Effect, ...]]:
    """Close the earliest open period of a card; afterwards nothing that happened in it changes its score.

    ``today`` is the day where the employee serves: a period that is not over cannot be closed, since nothing opens
    it again.
    """
    end = _closable_end(card, period, today, policies)
    judged, pace, _ = judge_pace(card, day=last_day(period), policies=policies)
    judged, unused = count_unused(judged, period, policies)
    own = {month: judged.months[month] for month in months_of(period) if month in judged.months}
    unit = judged.unit_on(last_day(period))
    closed = ClosedPeriod(
        closed_id(judged.employee_id, period),
        judged.employee_id,
        unit[1:3] if unit[1:3] in ZONES else judged.province,  # who has moved since was appraised where they were
        unit,
        judged.person,
        period,
        judged.scores[period],
        own,
        judged.closed_through,
    )
    kept = {m: left for m, tallies in judged.months.items() if (left := _kept(tallies, m, end)) is not None}
    entry = Entry(period, {}, f"Periode {period} ditutup.")
    shut, effect = settle(judged, replace(judged, months=kept, closed_through=end), end, entry, policies)
    return shut, closed, (pace, *unused, effect)


def due_periods(card: Scorecard, today: date, policies: Policies) -> list[Period]:
    """The open periods that their policies close by themselves by now, in order."""
    due = []
    for period in open_periods(card, policies):
        after = policy_for(card, period, policies).closes_after_days
        if after is None or today <= last_day(period) + timedelta(days=after):
            break  # later ones are closed after it
        due.append(period)
    return due


def reopen_period(
    card: Scorecard, closed: ClosedPeriod, earlier: Iterable[ClosedPeriod], *, reason: str, at: datetime,
    policies: Policies,
) -> tuple[Scorecard, ClosedPeriod, Effect]:  # fmt: skip
    """Open the latest closed period again: it stands as it did before its close, and facts change it once more.

    Others that are open and contain it, as the quarter of who has moved in it does, have its months back.
    ``earlier`` are the other closed periods of its year, whose hours and complaints it counts. What came late is
    counted after this (`late.count_late`).
    """
    period = closed.period
    if card.closed_through != months_of(period)[-1]:
        raise NotLatestClosed(
            f"Hanya periode tertutup terakhir yang dapat dibuka kembali; {period} bukan yang terakhir.",
            detail=f"{period} is not the last closed period (closed through {card.closed_through})",
            field="period",
        )
    before = {month: kept.remains() for other in earlier for month, kept in other.months.items()}
    known = replace(card, scores={**card.scores, period: closed.score})
    months = {**card.months, **before, **closed.months}
    entry = Entry(period, {"reason": reason}, f"Periode {period} dibuka kembali: {reason}")
    restored = replace(known, months=months, closed_through=closed.closed_before)
    opened, effect = settle(known, restored, months_of(period)[-1], entry, policies)
    return opened, replace(closed, reopened_at=at), effect


def _kept(tallies: Month, month: str, end: str) -> Month | None:
    """What a card keeps of a month once all up to ``end`` is closed.

    Hours are forgotten with their year; a complaint that has failed a year later, since it may be answered, or opened
    again, in the next, and is to be held against nobody twice.
    """
    if month > end:
        return tallies
    if month[:4] == following_month(end)[:4]:
        return tallies.remains()
    failed = tallies.complaints.failed if month > f"{int(end[:4]) - 1}{end[4:]}" else ()
    return Month(complaints=Complaints(failed=failed)) if failed else None


def _closable_end(card: Scorecard, period: Period, today: date, policies: Policies) -> str:
    """The last month of a period that may be closed now."""
    months = months_of(period)
    refuse_unappraised(card, months[-1], period, policies)
    if today <= last_day(period):
        raise PeriodNotOver(
            f"Periode {period} baru dapat ditutup setelah {written(last_day(period))}.",
            detail=f"{period} ends on {last_day(period)}, and today is {today}",
            field="period",
        )
    earlier = min((m for m in card.months if not card.is_closed(m) and m < months[-1]), default=None)
    if earlier is not None and own_period(card, earlier, policies) != period:
        raise EarlierPeriodOpen(
            f"Tutup periode {own_period(card, earlier, policies)} dahulu.",
            detail=f"{earlier} is still open and belongs to an earlier period",
            field="period",
        )
    return months[-1]
