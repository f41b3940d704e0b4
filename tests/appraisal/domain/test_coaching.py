"""Coaching: due within five working days, planned for 30 to 90 days, ended by two good periods running."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from appraisal.domain import coaching
from appraisal.domain.attention import Lag
from appraisal.domain.coaching import CoachingCase, Meeting
from appraisal.domain.refusals import CoachingNotOpen, CoachingNotWaiting, DayToCome, InvalidPlan, PlanRunning
from appraisal.domain.triggers import Coaching, Condition
from kinara.contracts.feedback import FeedbackReceived

OFFICER, BOSS, ID = (f"0e000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
TODAY = date(2026, 12, 8)
DUE = CoachingCase(
    id=ID, employee_id=OFFICER, province="16", unit_path="/16.71/plaju", supervisor_id=BOSS,
    trigger="Nilai di bawah 60", period="2026-11", noticed_on=TODAY, due_on=date(2026, 12, 15),
)  # fmt: skip


@pytest.fixture
def open_case() -> CoachingCase:
    opened, _ = coaching.open_case(DUE, form="bimbingan", plan="Pendampingan", days=30, today=TODAY)
    return opened


@pytest.fixture
def closed_at(say, blank, fold_all, close):
    """A closed period with a score."""
    card, _ = fold_all(blank, say(FeedbackReceived))
    _, closed, _ = close(card, "2026-11")

    def at(period: str, s: str | None):
        return replace(closed, period=period, score=replace(closed.score, s=None if s is None else Decimal(s)))

    return at


@pytest.mark.parametrize(
    ("noticed", "due"),
    [
        pytest.param("2026-12-07", "2026-12-14", id="Monday"),
        pytest.param("2026-12-11", "2026-12-18", id="Friday"),
        pytest.param("2026-12-12", "2026-12-18", id="Saturday"),
        pytest.param("2026-03-10", "2026-03-17", id="the last day before Nyepi and Lebaran"),
        pytest.param("2026-03-11", "2026-03-25", id="over Nyepi and Lebaran: the first day after"),
        pytest.param("2026-03-20", "2026-03-31", id="on Lebaran's own joint leave"),
        pytest.param("2026-12-18", "2026-12-29", id="over Christmas and its joint leave"),
        pytest.param("2026-12-28", "2027-01-06", id="over the new year and Isra Mikraj"),
        pytest.param("2031-12-22", "2031-12-29", id="a year without data: every Monday to Friday"),
    ],
)
def test_a_case_must_be_open_within_five_working_days(blank, calendar, noticed, due):
    case = coaching.due_case(ID, blank, "2026-11", "Nilai di bawah 60", date.fromisoformat(noticed), calendar)
    assert (case.noticed_on.isoformat(), case.due_on.isoformat()) == (noticed, due)


@pytest.mark.parametrize(
    ("since", "last_of_four", "first_of_five"),
    [("2026-11-02", "2026-11-08", "2026-11-09"), ("2026-03-17", "2026-03-30", "2026-03-31")],
    ids=["weeks without a holiday", "over Lebaran"],
)
def test_who_is_behind_falls_under_the_rule_after_its_working_days(calendar, since, last_of_four, first_of_five):
    rule = Coaching("Laju", (Condition("pace", below=Decimal("0.6"), for_working_days=5),))
    lag = Lag("s", "Layanan", Decimal("0.5"), Decimal("0.6"), date.fromisoformat(since))
    held = [
        coaching.falls_behind(rule, [lag], date.fromisoformat(on), calendar) for on in (last_of_four, first_of_five)
    ]
    assert held == [False, True]


@pytest.mark.parametrize("days", [29, 91])
def test_a_plan_outside_its_bounds_is_refused(days):
    with pytest.raises(InvalidPlan):
        coaching.open_case(DUE, form="bimbingan", plan="Pendampingan", days=days, today=TODAY)


@pytest.mark.parametrize("days", [30, 90])
def test_a_case_is_opened_once_and_says_so(days):
    opened, fact = coaching.open_case(DUE, form="konseling", plan="Pendampingan", days=days, today=TODAY)
    assert (opened.state, opened.opened_on, (opened.until - TODAY).days) == ("open", TODAY, days)
    assert (fact.case_id, fact.form, fact.trigger, fact.period) == (ID, "konseling", "Nilai di bawah 60", "2026-11")
    with pytest.raises(CoachingNotWaiting):
        coaching.open_case(opened, form="konseling", plan="Lagi", days=30, today=TODAY)


def test_a_case_is_overdue_from_the_day_after_it_should_have_been_opened(calendar):
    due = DUE.due_on
    assert not coaching.overdue(DUE, due)
    assert coaching.overdue(DUE, due + timedelta(days=1))
    opened, _ = coaching.open_case(DUE, form="konseling", plan="Pendampingan", days=30, today=due)
    (late,) = coaching.late_cases([DUE, opened], due + timedelta(days=7), calendar)
    assert (late.case_id, late.days) == (ID, 5)


@pytest.mark.parametrize(
    ("today", "days"), [("2026-12-24", 0), ("2026-12-27", 0), ("2026-12-28", 1), ("2027-01-04", 5)]
)
def test_how_late_a_case_is_leaves_christmas_and_the_new_year_out(calendar, today, days):
    due = replace(DUE, due_on=date(2026, 12, 23))
    (late,) = coaching.late_cases([due], date.fromisoformat(today), calendar)
    assert late.days == days


def test_meetings_and_evaluations_belong_to_an_open_case(open_case):
    met = coaching.meet(open_case, Meeting(TODAY, "Antrean"), TODAY)
    assert met.meetings == (Meeting(TODAY, "Antrean"),)
    for day in (date(2026, 12, 7), date(2026, 12, 9)):
        with pytest.raises(DayToCome):
            coaching.meet(open_case, Meeting(day, "Sebelum dibuka, atau besok"), TODAY)
    assert coaching.evaluate_as_employee(met, (4,) * 9).employee_marks == (4,) * 9
    assert coaching.evaluate_as_superior(met, {"pelayanan": 3}).superior_marks == {"pelayanan": 3}
    for wrong in ((4,) * 8, (0,) + (4,) * 8, (6,) + (4,) * 8):
        with pytest.raises(InvalidPlan):
            coaching.evaluate_as_employee(met, wrong)
    for nothing in ({}, {"pelayanan": 6}):
        with pytest.raises(InvalidPlan):
            coaching.evaluate_as_superior(met, nothing)
    for ask in (
        lambda: coaching.meet(DUE, Meeting(TODAY, "Antrean"), TODAY),
        lambda: coaching.evaluate_as_employee(DUE, (4,) * 9),
        lambda: coaching.evaluate_as_superior(DUE, {"pelayanan": 3}),
    ):
        with pytest.raises(CoachingNotOpen):
            ask()


def test_two_periods_running_at_75_or_better_end_the_case(open_case, closed_at):
    once, silent = coaching.follow(open_case, closed_at("2026-12", "75.00"), TODAY)
    assert (once.state, once.well, silent) == ("open", ("2026-12",), None)
    ended, fact = coaching.follow(once, closed_at("2027-01", "80.00"), TODAY)
    assert (ended.state, ended.outcome, fact.outcome) == ("closed", "improved", "improved")


@pytest.mark.parametrize(
    ("second", "score", "well"),
    [("2027-01", "74.99", ()), ("2027-01", None, ()), ("2027-02", "80", ("2027-02",))],
    ids=["fell back", "not judged", "a period between"],
)
def test_anything_else_begins_the_count_again(open_case, closed_at, second, score, well):
    once, _ = coaching.follow(open_case, closed_at("2026-12", "75"), TODAY)
    again, fact = coaching.follow(once, closed_at(second, score), TODAY)
    assert (again.state, again.well, fact) == ("open", well, None)


def test_a_case_that_nobody_opened_ends_without_a_word(closed_at):
    once, _ = coaching.follow(DUE, closed_at("2026-12", "90"), TODAY)
    ended, fact = coaching.follow(once, closed_at("2027-01", "90"), TODAY)
    assert (ended.state, ended.outcome, fact) == ("closed", "improved", None)


def test_a_case_fails_only_when_its_plan_is_over(open_case):
    with pytest.raises(PlanRunning):
        coaching.give_up(open_case, "not_improved", open_case.until)
    with pytest.raises(PlanRunning):
        coaching.give_up(DUE, "not_improved", TODAY)
    failed, fact = coaching.give_up(open_case, "not_improved", date(2027, 3, 1))
    assert (failed.outcome, fact.outcome) == ("not_improved", "not_improved")
    left, _ = coaching.give_up(open_case, "left", TODAY)
    assert left.state == "closed"
    with pytest.raises(CoachingNotWaiting):
        coaching.give_up(left, "left", TODAY)
    lapsed, silent = coaching.give_up(DUE, "lapsed", TODAY)
    assert (lapsed.state, lapsed.outcome, silent) == ("closed", "lapsed", None)
    with pytest.raises(CoachingNotWaiting):
        coaching.give_up(open_case, "lapsed", TODAY)
