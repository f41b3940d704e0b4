"""Data of a region: its own file where there is one; holidays by which every service counts, and years without any."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from kinara.contracts.working_days import Calendar
from kinara.kit import regional
from kinara.kit.regional import calendar_of, warn_of_unknown_years
from pydantic import ValidationError
from structlog.testing import capture_logs
from yaml import YAMLError

OWN = "days:\n- {date: 2028-01-03, name: Libur daerah}\n"


def test_the_shipped_holidays_are_those_of_two_years_with_joint_leave() -> None:
    holidays = calendar_of().holidays
    assert {day.year for day in holidays} == {2026, 2027}
    assert {date(2026, 3, 18), date(2026, 3, 24), date(2026, 12, 24)} <= holidays, "joint leave counts as a holiday"


def test_a_region_s_own_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    assert calendar_of(tmp_path) == calendar_of(), "what it has no file for stays as it was shipped"
    (tmp_path / "holidays.yaml").write_text(OWN)
    assert calendar_of(tmp_path).holidays == {date(2028, 1, 3)}


@pytest.mark.parametrize("text", ["days: [", "day:\n- {date: 2028-01-03}\n", "", "- 2028-01-03\n"])
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "holidays.yaml").write_text(text)
    with pytest.raises((YAMLError, ValueError), match=r"holidays\.yaml"):
        calendar_of(tmp_path)


def test_a_day_that_is_none_is_refused_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "holidays.yaml").write_text("days:\n- {date: Natal}\n")
    with pytest.raises(ValueError, match="holidays: 'Natal' is no date"):
        calendar_of(tmp_path)


@pytest.mark.parametrize(
    ("today", "years"),
    [
        pytest.param(datetime(2026, 11, 1, tzinfo=UTC), [], id="this year and the next are known"),
        pytest.param(datetime(2027, 9, 30, tzinfo=UTC), [], id="the next year's decree is not due yet"),
        pytest.param(datetime(2027, 10, 1, tzinfo=UTC), [2028], id="three months before a year"),
        pytest.param(datetime(2028, 2, 1, tzinfo=UTC), [2028], id="in the year"),
    ],
)
def test_a_service_says_as_it_starts_that_a_year_has_no_holidays(
    monkeypatch: pytest.MonkeyPatch, today: datetime, years: list[int]
) -> None:
    monkeypatch.setattr(regional, "utc_now", lambda: today)
    with capture_logs() as logged:
        warn_of_unknown_years(calendar_of())
    assert [(line["log_level"], line["years"]) for line in logged] == ([("warning", years)] if years else [])


def test_the_clocks_of_one_office_count_by_one_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def calendars() -> tuple[Calendar, Calendar]:
        appraisal, feedback = (created(service) for service in ("appraisal", "feedback"))
        return appraisal.calendar, feedback.clocks.calendar

    assert calendars() == (calendar_of(), calendar_of())
    (tmp_path / "holidays.yaml").write_text(OWN)
    monkeypatch.setenv("KINARA_REGIONAL", str(tmp_path))
    assert [calendar.holidays for calendar in calendars()] == [{date(2028, 1, 3)}] * 2


@pytest.mark.parametrize("service", ["appraisal", "feedback"])
def test_a_folder_that_is_not_there_stops_the_start(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINARA_REGIONAL", "/mistyped")
    with pytest.raises(ValidationError, match=r"regional\n.*directory"):
        created(service)


def created(service: str) -> Any:
    """What a service knows once it is put together."""
    return import_module(f"{service}.main").create().state
