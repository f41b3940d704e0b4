"""Working days: offices are closed on Saturdays, Sundays, holidays and joint leave, by the clock of their province."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Province
from kinara.contracts.working_days import Calendar, parse_calendar

CALENDAR = Calendar(frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)}))
PALEMBANG, SORONG = Province(code="16"), Province(code="96")


@pytest.mark.parametrize(
    ("day", "days", "last"),
    [
        pytest.param("2026-11-23", 3, "2026-11-26", id="inside a week"),
        pytest.param("2026-11-27", 1, "2026-11-30", id="over a weekend"),
        pytest.param("2026-11-28", 1, "2026-11-30", id="from a Saturday"),
        pytest.param("2026-11-29", 3, "2026-12-02", id="from a Sunday"),
        pytest.param("2026-12-23", 1, "2026-12-28", id="over joint leave, a holiday and a weekend"),
        pytest.param("2026-12-24", 5, "2027-01-04", id="from joint leave, over the new year"),
    ],
)
def test_the_day_itself_and_the_days_off_do_not_count(day: str, days: int, last: str) -> None:
    assert CALENDAR.after(date.fromisoformat(day), days) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        pytest.param("2026-11-13", "2026-11-13", 0, id="the same day"),
        pytest.param("2026-11-13", "2026-11-12", 0, id="the day before"),
        pytest.param("2026-11-13", "2026-11-15", 0, id="from a Friday to the Sunday"),
        pytest.param("2026-11-13", "2026-11-16", 1, id="from a Friday to the Monday"),
        pytest.param("2026-11-13", "2026-11-21", 5, id="from a Friday to the Saturday of the next week"),
        pytest.param("2026-12-23", "2026-12-27", 0, id="over joint leave, a holiday and a weekend"),
        pytest.param("2026-12-23", "2026-12-28", 1, id="and the Monday after"),
        pytest.param("2026-12-25", "2027-01-04", 5, id="from a holiday, over the new year"),
    ],
)
def test_working_days_are_counted_after_one_day_and_up_to_another(since: str, until: str, days: int) -> None:
    assert CALENDAR.between(date.fromisoformat(since), date.fromisoformat(until)) == days


@given(st.dates(date(2026, 12, 1), date(2027, 1, 31)), st.integers(1, 20))
def test_so_many_working_days_after_a_day_are_counted_as_so_many(day: date, days: int) -> None:
    assert CALENDAR.between(day, CALENDAR.after(day, days)) == days


def test_of_a_year_without_any_holiday_every_monday_to_friday_counts_and_it_can_be_told() -> None:
    assert CALENDAR.after(date(2028, 12, 22), 2) == date(2028, 12, 26)
    assert CALENDAR.unknown(date(2026, 1, 1), date(2027, 12, 31)) == []
    assert CALENDAR.unknown(date(2027, 10, 1), date(2029, 1, 1)) == [2028, 2029]


def test_the_last_working_day_is_the_citizen_s_to_its_end_on_the_clock_of_the_province() -> None:
    noon = datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert CALENDAR.ends(noon, 3, PALEMBANG) == datetime(2026, 11, 26, 17, tzinfo=UTC), "midnight in Palembang"
    assert CALENDAR.ends(noon, 3, SORONG) == datetime(2026, 11, 26, 15, tzinfo=UTC), "midnight in Sorong"


def test_one_moment_may_be_two_days() -> None:
    late = datetime(2026, 11, 26, 16, tzinfo=UTC)  # Thursday 23.00 in Palembang, Friday 01.00 in Sorong
    assert CALENDAR.ends(late, 1, PALEMBANG) == datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert CALENDAR.ends(late, 1, SORONG) == datetime(2026, 11, 30, 15, tzinfo=UTC)


def test_a_bps_code_names_another_province() -> None:
    at = datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert CALENDAR.ends(at, 1, Province(scheme="bps", code="92")) == CALENDAR.ends(at, 1, SORONG)


@pytest.mark.parametrize("on", ["2026-12-25", None, datetime(2026, 12, 25, tzinfo=UTC)])
def test_a_calendar_with_what_is_no_date_is_refused(on: object) -> None:
    with pytest.raises(ValueError, match="is no date"):
        parse_calendar({"days": [{"date": on, "name": "Natal"}]})
