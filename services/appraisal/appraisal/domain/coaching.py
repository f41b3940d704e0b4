"""Pembinaan: a case of bimbingan or konseling kinerja, from the rule that asks for it to the rule that ends it.

Sources: PermenPANRB 6/2022 (bimbingan for skill, konseling for behaviour; forms B.1.8 and B.1.9 of its annex: the
employee on the sessions, the superior on the competence, both 1 to 5); reference §5.3: opened within 5 working days, a
plan of 30 to 90 days, ended when S is at least 75 in two periods running.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.appraisal import CoachingClosed, CoachingOpened, Period
from kinara.contracts.working_days import Calendar

from appraisal.domain.answering import superior_of
from appraisal.domain.attention import Lag, LateCase
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.periods import preceding, written
from appraisal.domain.refusals import (
    CoachingNotOpen,
    CoachingNotWaiting,
    DayToCome,
    InvalidPlan,
    PlanRunning,
    SuperiorOpens,
)
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.triggers import Coaching

Form = Literal["bimbingan", "konseling"]
Outcome = Literal["improved", "not_improved", "left", "lapsed"]
"""lapsed: nobody had opened it, and what asked for it holds no longer."""
OPENED_WITHIN = 5
"""Working days from the day the rule held to the day the case must be open."""
PLANNED_DAYS = (30, 90)
WELL = Decimal(75)
"""S from which a period counts towards the end of a case."""
WELL_PERIODS = 2
STATEMENTS = 9
"""Of form B.1.8."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of a case."""

    held_on: date
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingCase:
    """One employee's case."""

    id: str
    employee_id: str
    province: str
    unit_path: str
    supervisor_id: str | None
    trigger: str
    """The rule that asked for it, in plain words."""
    period: Period
    noticed_on: date
    due_on: date
    """Until when it must be open."""
    state: Literal["due", "open", "closed"] = "due"
    form: Form | None = None
    plan: str | None = None
    opened_on: date | None = None
    until: date | None = None
    """Last day of the plan."""
    meetings: tuple[Meeting, ...] = ()
    employee_marks: tuple[int, ...] = ()
    """Form B.1.8: nine statements on the sessions, 1 to 5."""
    superior_marks: Mapping[str, int] = field(default_factory=dict)
    """Form B.1.9: competences after the sessions, 1 to 5."""
    well: tuple[Period, ...] = ()
    """Periods running that ended at 75 or better since it was opened."""
    outcome: Outcome | None = None
    closed_on: date | None = None


def due_case(
    case_id: str, card: Scorecard, period: Period, trigger: str, today: date, calendar: Calendar
) -> CoachingCase:
    """The case that a rule asks for: at the close of a period, or while it runs."""
    return CoachingCase(
        id=case_id,
        employee_id=card.employee_id,
        province=card.province,
        unit_path=card.unit_path,
        supervisor_id=card.person.supervisor_id if card.person else None,
        trigger=trigger,
        period=period,
        noticed_on=today,
        due_on=calendar.after(today, OPENED_WITHIN),
    )


def falls_behind(rule: Coaching, lags: Iterable[Lag], today: date, calendar: Calendar) -> bool:
    """Whether one indicator has been below the rule's pace for as many working days as it asks for.

    Rules that ask for anything else are judged when a period is closed.
    """
    asked = [(one.below, one.for_working_days) for one in rule.all_of if one.measure == "pace"]
    if len(asked) < len(rule.all_of):
        return False
    return any(
        all(below and days and lag.pace < below and calendar.between(lag.since, today) >= days for below, days in asked)
        for lag in lags
    )


def overdue(case: CoachingCase, today: date) -> bool:
    """Whether nobody has opened the case in time."""
    return case.state == "due" and case.due_on < today


def late_cases(cases: Iterable[CoachingCase], today: date, calendar: Calendar) -> tuple[LateCase, ...]:
    """Those that nobody has opened in time, for whoever is to act."""
    late = [case for case in cases if overdue(case, today)]
    return tuple(LateCase(one.id, one.trigger, one.due_on, calendar.between(one.due_on, today)) for one in late)


def refuse_instead_of(card: Scorecard, by: str | None) -> None:
    """A superior of today opens a case (``by``), and the office only where there is none."""
    if superior_of(card) not in (None, by):
        raise SuperiorOpens(
            "Kasus ini dibuka oleh atasan langsung pegawai. BKPSDM membukanya hanya bila pegawai belum punya atasan; "
            "ingatkan atasannya.",
            detail=f"{card.employee_id} has a superior",
        )


def open_case(
    case: CoachingCase, *, form: Form, plan: str, days: int, today: date
) -> tuple[CoachingCase, CoachingOpened]:
    """The superior opens the case with a plan."""
    if case.state != "due":
        raise CoachingNotWaiting(
            "Kasus pembinaan ini sudah dibuka atau selesai.", detail=f"case {case.id} is {case.state}"
        )
    least, most = PLANNED_DAYS
    if not least <= days <= most:
        raise InvalidPlan(
            f"Rencana pembinaan berlangsung {least} sampai {most} hari.", detail=f"{days} days", field="days"
        )
    opened = replace(case, state="open", form=form, plan=plan, opened_on=today, until=today + timedelta(days=days))
    fact = CoachingOpened(
        province=Province(code=case.province), unit_path=case.unit_path, employee_id=case.employee_id, case_id=case.id,
        form=form, trigger=case.trigger, period=case.period, opened_on=today,
    )  # fmt: skip
    return opened, fact


def meet(case: CoachingCase, meeting: Meeting, today: date) -> CoachingCase:
    """A session was held."""
    _refuse_unless_open(case)
    if not (case.opened_on or today) <= meeting.held_on <= today:
        raise DayToCome(
            f"Catat pertemuan sejak kasus dibuka sampai hari ini, {written(today)}.",
            detail=f"held on {meeting.held_on}, opened on {case.opened_on}, and today is {today}",
            field="held_on",
        )
    return replace(case, meetings=(*case.meetings, meeting))


def evaluate_as_employee(case: CoachingCase, marks: tuple[int, ...]) -> CoachingCase:
    """Form B.1.8: what the employee says of the sessions."""
    _refuse_unless_open(case)
    if len(marks) != STATEMENTS or not all(1 <= mark <= 5 for mark in marks):
        raise InvalidPlan(
            f"Beri nilai 1 sampai 5 untuk {STATEMENTS} pernyataan.", detail=f"{len(marks)} marks", field="marks"
        )
    return replace(case, employee_marks=marks)


def evaluate_as_superior(case: CoachingCase, marks: Mapping[str, int]) -> CoachingCase:
    """Form B.1.9: what the superior says of the competences afterwards."""
    _refuse_unless_open(case)
    if not marks or not all(1 <= mark <= 5 for mark in marks.values()):
        raise InvalidPlan("Beri nilai 1 sampai 5 untuk tiap kompetensi.", detail=f"{dict(marks)}", field="marks")
    return replace(case, superior_marks=dict(marks))


def follow(case: CoachingCase, closed: ClosedPeriod, today: date) -> tuple[CoachingCase, CoachingClosed | None]:
    """A later period was closed: two at 75 or better running end the case, any other begins the count again.

    A case that nobody has opened yet ends in the same way: the superior was late, the employee recovered.
    """
    score = closed.score.s
    running = case.well and case.well[-1] == preceding(closed.period)
    if score is None or score < WELL:
        return replace(case, well=()), None
    well = (*case.well, closed.period) if running else (closed.period,)
    if len(well) < WELL_PERIODS:
        return replace(case, well=well), None
    return end(replace(case, well=well), "improved", today)


def give_up(
    case: CoachingCase, outcome: Literal["not_improved", "left", "lapsed"], today: date
) -> tuple[CoachingCase, CoachingClosed | None]:
    """End a case that the rule does not end: its plan is over without success, or service ended."""
    if case.state == "closed" or (outcome == "lapsed" and case.state == "open"):
        raise CoachingNotWaiting(
            "Kasus pembinaan ini sudah dibuka atau selesai.", detail=f"case {case.id} is {case.state}", field="outcome"
        )
    if outcome == "not_improved" and (case.until is None or today <= case.until):
        raise PlanRunning(
            "Rencana pembinaan belum berakhir. Tutup kasus setelah rencananya selesai.",
            detail=f"the plan of case {case.id} runs until {case.until}",
            field="outcome",
        )
    return end(case, outcome, today)


def end(case: CoachingCase, outcome: Outcome, today: date) -> tuple[CoachingCase, CoachingClosed | None]:
    """The end of a case; said aloud where its beginning was."""
    closed = replace(case, state="closed", outcome=outcome, closed_on=today)
    if case.state != "open" or outcome == "lapsed":
        return closed, None
    fact = CoachingClosed(
        province=Province(code=case.province), unit_path=case.unit_path, employee_id=case.employee_id, case_id=case.id,
        outcome=outcome, closed_on=today,
    )  # fmt: skip
    return closed, fact


def _refuse_unless_open(case: CoachingCase) -> None:
    if case.state != "open":
        raise CoachingNotOpen(
            "Kasus pembinaan ini belum dibuka atau sudah selesai.", detail=f"case {case.id} is {case.state}"
        )
