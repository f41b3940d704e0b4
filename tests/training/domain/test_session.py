"""Sessions: their days, their hours, and how they go from plan to past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Province
from kinara.contracts.periods import months_of
from training.domain import programme as programmes
from training.domain import session as sessions
from training.domain.programme import Programme
from training.domain.refusals import (
    InvalidSession,
    ProgrammeRetired,
    SessionCancelled,
    SessionNotOpen,
    SessionNotOver,
    TooManyHours,
)
from training.domain.session import JP_A_DAY, Session

MONDAY = date(2026, 11, 16)
PROGRAMME = programmes.Programme(
    id="p",
    title="P",
    partner=programmes.Partner(name="L", kind="ngo"),
    jp=16,
    course_kind="4",
    competencies=("teknis.a",),
    province=Province(code="16"),
    unit_path="/16.71",
)


def plan(programme: Programme, days: int = 5, **change: Any) -> Session:
    ends_on = MONDAY + timedelta(days=days - 1)
    facts: dict[str, Any] = {"starts_on": MONDAY, "ends_on": ends_on, "seats": 20}
    return sessions.plan("s", programme, **facts | change)


def test_a_session_meets_on_its_weekdays(programme: Programme) -> None:
    session = plan(programme, days=8)

    assert [day.day for day in session.meets_on] == [16, 17, 18, 19, 20, 23]
    assert session.state == "planned"
    assert (session.province, session.unit_path) == (programme.province, programme.unit_path)


def test_a_session_at_a_weekend_meets_on_all_its_days(programme: Programme) -> None:
    saturday, sunday = MONDAY + timedelta(days=5), MONDAY + timedelta(days=6)

    assert plan(programme, starts_on=saturday, ends_on=sunday).meets_on == (saturday, sunday)


def test_meeting_days_can_be_chosen(programme: Programme) -> None:
    chosen = [date(2026, 11, 20), date(2026, 11, 16), date(2026, 11, 20)]

    assert plan(programme, meets_on=chosen).meets_on == (date(2026, 11, 16), date(2026, 11, 20))


@pytest.mark.parametrize("meets_on", [[], [date(2026, 11, 15)], [date(2026, 11, 21)]])
def test_meeting_days_lie_within_the_session(programme: Programme, meets_on: list[date]) -> None:
    with pytest.raises(InvalidSession) as refusal:
        plan(programme, meets_on=meets_on)
    assert refusal.value.field == "meets_on"


@given(st.integers(1, 60), st.integers(1, 400))
def test_no_session_holds_more_than_eight_hours_a_day(days: int, jp: int) -> None:
    programme = replace(PROGRAMME, jp=jp)
    every_day = [MONDAY + timedelta(days=n) for n in range(days)]

    if jp <= 8 * days:
        assert len(plan(programme, days, meets_on=every_day).meets_on) * JP_A_DAY >= jp
    else:
        with pytest.raises(TooManyHours) as refusal:
            plan(programme, days, meets_on=every_day)
        assert refusal.value.field == "ends_on"


def test_the_refusal_says_how_many_days_would_do() -> None:
    with pytest.raises(TooManyHours, match="sedikitnya 3 hari"):
        plan(replace(PROGRAMME, jp=17), days=2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": MONDAY - timedelta(days=1)}, "ends_on"),
        ({"ends_on": MONDAY + timedelta(days=367)}, "ends_on"),
        ({"starts_on": date(206, 1, 5), "ends_on": date(206, 1, 5)}, "starts_on"),
        ({"seats": 0}, "seats"),
        ({"seats": 1001}, "seats"),
    ],
)
def test_dates_and_seats_that_cannot_be_are_refused(programme: Programme, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidSession) as refusal:
        plan(programme, **change)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(date.max, date.max), (date.max, date.min), (date(2999, 12, 31), date(3000, 1, 1))],
)
def test_dates_at_the_ends_of_the_calendar_are_refused(programme: Programme, starts_on: date, ends_on: date) -> None:
    with pytest.raises(InvalidSession) as refusal:
        plan(programme, starts_on=starts_on, ends_on=ends_on)
    assert refusal.value.field == "ends_on"


def test_every_session_lies_in_a_year_that_appraisal_can_name(programme: Programme) -> None:
    last = date(sessions.LAST_YEAR, 12, 31)

    assert plan(programme, starts_on=last - timedelta(days=1), ends_on=last).ends_on == last
    assert months_of(f"{last:%Y-%m}")
    with pytest.raises(ValueError, match="3000"):
        months_of(f"{last.year + 1}-01")


DAYS = tuple(MONDAY + timedelta(days=n) for n in range(5))


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        pytest.param([], True, id="nothing"),
        pytest.param([(8, DAYS[:1]), (8, DAYS[1:2])], True, id="full days side by side"),
        pytest.param([(8, DAYS[:1]), (8, DAYS[:1])], False, id="two full sessions of one day"),
        pytest.param([(4, DAYS[:1]), (4, DAYS[:1])], True, id="two halves of one day"),
        pytest.param([(4, DAYS[:1]), (4, DAYS[:1]), (1, DAYS[:1])], False, id="an hour more than a day"),
        pytest.param([(20, DAYS), (8, DAYS[2:3]), (8, DAYS[3:4])], True, id="a long course around full days"),
        pytest.param([(32, DAYS), (8, DAYS[2:3]), (1, DAYS[4:])], False, id="a long course without room"),
        pytest.param([(8, DAYS[:2]), (8, DAYS[:1]), (8, DAYS[1:2])], False, id="taken from both sides"),
    ],
)
def test_nobody_learns_more_than_eight_hours_a_day_in_several_sessions(asked: list[sessions.Hours], fits: bool) -> None:
    assert sessions.fit_together(asked) == fits
    assert sessions.fit_together(reversed(asked)) == fits


@given(st.lists(st.tuples(st.integers(1, 40), st.sets(st.sampled_from(DAYS), min_size=1)), max_size=6))
def test_what_fits_leaves_no_group_of_sessions_with_more_hours_than_their_days_hold(
    places: list[tuple[int, set[date]]],
) -> None:
    asked = [(jp, tuple(sorted(days))) for jp, days in places]

    if sessions.fit_together(asked):
        for size in range(1, len(asked) + 1):
            for group in combinations(asked, size):
                assert sum(jp for jp, _ in group) <= JP_A_DAY * len({day for _, days in group for day in days})


def test_a_retired_programme_gets_no_new_session(programme: Programme) -> None:
    with pytest.raises(ProgrammeRetired):
        plan(programmes.retire(programme))


@pytest.mark.parametrize(("place", "kept"), [(None, None), ("  ", None), (" Aula  Kota ", "Aula Kota")])
def test_a_session_without_a_place_is_online(programme: Programme, place: str | None, kept: str | None) -> None:
    assert plan(programme, place=place).place == kept


def test_seats_are_opened_once(programme: Programme) -> None:
    opened = sessions.open_seats(plan(programme))

    assert opened.state == "open"
    with pytest.raises(SessionNotOpen):
        sessions.open_seats(opened)


def test_a_session_is_held_from_its_last_day_on(session: Session) -> None:
    with pytest.raises(SessionNotOver):
        sessions.hold(session, session.ends_on - timedelta(days=1))

    assert sessions.hold(session, session.ends_on).state == "held"


STATES: list[tuple[str, Callable[[Session], Session], str, set[str]]] = [
    ("open_seats", sessions.open_seats, "open", {"planned"}),
    ("hold", lambda s: sessions.hold(s, s.ends_on), "held", {"open"}),
    ("cancel", sessions.cancel, "cancelled", {"planned", "open"}),
]


@pytest.mark.parametrize("state", ["planned", "open", "held", "cancelled"])
@pytest.mark.parametrize(("step", "to", "allowed"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_each_step_starts_from_its_own_states_only(
    session: Session, state: Any, step: Callable[[Session], Session], to: str, allowed: set[str]
) -> None:
    at_state = replace(session, state=state)

    if state in allowed:
        assert step(at_state).state == to
    else:
        with pytest.raises(SessionNotOpen):
            step(at_state)


def test_a_cancelled_session_has_no_seats_and_nobody_waits(session: Session) -> None:
    cancelled = sessions.cancel(replace(session, seated=("a", "b"), waiting=("c",)))

    assert (cancelled.seated, cancelled.waiting) == ((), ())


def test_a_cancelled_session_is_never_over(session: Session) -> None:
    with pytest.raises(SessionCancelled):
        sessions.refuse_unfinished(sessions.cancel(session), session.ends_on)


def test_a_session_that_gave_a_certificate_has_taken_place(session: Session) -> None:
    with pytest.raises(SessionNotOpen):
        sessions.cancel(session, completed=1)


def test_the_place_in_the_waiting_line_counts_from_one(session: Session) -> None:
    line = replace(session, seated=("a",), waiting=("b", "c"))

    assert [sessions.place_of(line, employee_id) for employee_id in "abcd"] == [None, 1, 2, None]
