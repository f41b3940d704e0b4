"""Working days: offices are closed on Saturdays, Sundays, holidays and joint leave, by the clock of their province."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from feedback.domain.working_days import Calendar, parse_calendar
from kinara.contracts import Province

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
