"""Classes of complaints: each has its own working days, and they are data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from feedback.domain.refusals import InvalidClass
from feedback.domain.service_levels import Clocks, parse_clocks
from kinara.contracts import Province
from kinara.contracts.working_days import Calendar

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
PROVINCE = Province(code="16")
DATA: dict[str, Any] = {
    "usual": "normal",
    "classes": {
        "urgent": {"title": "Mendesak", "verify_days": 1, "answer_days": 2},
        "normal": {"title": "Biasa", "verify_days": 3, "answer_days": 5},
    },
}


@pytest.fixture
def clocks() -> Clocks:
    return parse_clocks(DATA, Calendar(frozenset()))


@pytest.mark.parametrize(
    ("level", "clock", "last"),
    [
        ("normal", "verification", 26),
        ("normal", "answer", 30),
        ("urgent", "verification", 24),
        ("urgent", "answer", 25),
    ],
)
def test_each_class_has_its_days(clocks: Clocks, level: str, clock: Any, last: int) -> None:
    assert clocks.ends(level, clock, MONDAY, PROVINCE) == datetime(2026, 11, last, 17, tzinfo=UTC)


def test_where_nobody_has_said_it_is_the_usual_class(clocks: Clocks) -> None:
    assert clocks.level_named(None) == "normal"
    assert clocks.level_named("urgent") == "urgent"


def test_a_class_that_nobody_knows_is_refused(clocks: Clocks) -> None:
    with pytest.raises(InvalidClass) as refusal:
        clocks.level_named("kilat")
    assert refusal.value.field == "sla_class"


def test_a_class_that_has_left_the_file_keeps_the_usual_days(clocks: Clocks) -> None:
    assert clocks.ends("gone", "answer", MONDAY, PROVINCE) == clocks.ends("normal", "answer", MONDAY, PROVINCE)


@pytest.mark.parametrize("days", [0, -1, 251])
def test_a_clock_that_is_out_before_it_runs_or_never_is_a_mistake(days: int) -> None:
    classes = {"normal": {"title": "Biasa", "verify_days": 3, "answer_days": days}}
    with pytest.raises(ValueError, match="working days"):
        parse_clocks(DATA | {"classes": classes}, Calendar(frozenset()))


def test_the_usual_class_has_to_be_one() -> None:
    with pytest.raises(ValueError, match="usual"):
        parse_clocks(DATA | {"usual": "kilat"}, Calendar(frozenset({date(2026, 1, 1)})))
