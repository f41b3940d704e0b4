"""When a crowd is a burst: compared with the eight weeks before, and never the first voices of somebody new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import exp

import pytest
from feedback.domain.pace import FEWEST, NO_VOICES, Pace, faster, is_burst, most, usual
from hypothesis import given
from hypothesis import strategies as st

MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


def came(pace: Pace, count: int, at: datetime, *, held: bool = False) -> Pace:
    for _ in range(count):
        pace = faster(pace, at, held=held)
    return pace


@pytest.mark.parametrize(("voices", "hours", "expected"), [(0, 0, 0), (5, 2, 9), (100, 10, 21), (40, 1, 61)])
def test_the_most_that_a_rate_explains(voices: int, hours: int, expected: int) -> None:
    assert most(voices, hours) == expected


@given(st.integers(1, 400), st.integers(1, 20))
def test_the_limit_is_where_the_poisson_tail_falls_below_one_in_a_thousand(voices: int, hours: int) -> None:
    mean, limit = voices / hours, most(voices, hours)

    def tail(count: int) -> float:
        term, below = exp(-mean), 0.0
        for n in range(count):
            below += term
            term *= mean / (n + 1)
        return 1 - below

    assert tail(limit + 1) < 0.001 + 1e-9
    assert tail(limit) >= 0.001 - 1e-9


def test_the_first_voices_of_a_new_officer_are_no_burst() -> None:
    pace = NO_VOICES
    for _ in range(FEWEST):
        assert not is_burst(pace, MONDAY)
        pace = faster(pace, MONDAY, held=False)

    assert is_burst(pace, MONDAY)
    assert not is_burst(pace, MONDAY + HOUR), "the next hour is another"


def test_who_is_always_busy_has_more_before_it_is_a_burst() -> None:
    pace = NO_VOICES
    for day in range(5):
        for hour in range(6):
            pace = came(pace, 18, MONDAY + timedelta(days=day, hours=hour))
    at = MONDAY + WEEK

    assert usual(pace, at) == most(18 * 30, 30) == 32
    assert not is_burst(came(pace, 31, at), at)
    assert is_burst(came(pace, 32, at), at)


def test_closed_hours_make_no_burst_of_an_ordinary_morning() -> None:
    pace = came(NO_VOICES, 18, MONDAY)
    assert usual(pace, MONDAY + WEEK) == most(18, 1), "of the hours in which voices came, not of all 168"


def test_what_is_held_does_not_make_the_next_burst_usual() -> None:
    pace = came(came(NO_VOICES, 20, MONDAY), 500, MONDAY, held=True)
    assert usual(pace, MONDAY + HOUR) == most(20, 1)


def test_after_eight_weeks_a_busy_time_is_forgotten() -> None:
    pace = came(NO_VOICES, 90, MONDAY)

    assert usual(pace, MONDAY + 8 * WEEK) == most(90, 1)
    assert usual(pace, MONDAY + 9 * WEEK) == 0
    assert len(came(came(pace, 1, MONDAY + WEEK), 1, MONDAY + 9 * WEEK).weeks) == 1


def test_a_clock_that_is_late_opens_no_new_hour() -> None:
    pace = came(NO_VOICES, FEWEST, MONDAY)
    assert is_burst(pace, MONDAY - HOUR)
    assert came(pace, 1, MONDAY - HOUR).hour == pace.hour


@given(st.lists(st.tuples(st.integers(0, 2000), st.booleans()), max_size=60))
def test_the_record_stays_small_and_no_voice_is_counted_twice(steps: list[tuple[int, bool]]) -> None:
    pace, at, counted = NO_VOICES, MONDAY, 0
    for hours, held in steps:
        at += hours * HOUR
        pace = faster(pace, at, held=held)
        counted += not held

    assert len(pace.weeks) <= 9
    assert sum(week.voices for week in pace.weeks) + pace.voices - pace.held <= counted
    assert all(week.voices >= week.hours > 0 for week in pace.weeks)
