"""What a measure bars, and which one the index counts."""

from __future__ import annotations

from datetime import date

import pytest
from appraisal.domain.discipline import Measure, bar, gravest
from appraisal.domain.profesionalitas import graver

MEASURES = {
    "a": Measure("berat", date(2024, 3, 1), date(2025, 2, 28)),
    "b": Measure("ringan", date(2026, 11, 10), date(2027, 1, 9)),
}


@pytest.mark.parametrize(
    ("periods", "today", "until"),
    [
        (("2026-11",), None, "09-01-2027"),
        (("2026-10",), None, None),
        (("2026-10",), date(2026, 11, 10), "09-01-2027"),
        (("2026-10",), date(2027, 1, 10), None),
        (("2026-Q4", "2026-Q3"), None, "09-01-2027"),
    ],
)
def test_a_measure_that_runs_is_named_with_its_end(periods, today, until):
    words = bar(MEASURES, periods, today)
    assert (words is None) == (until is None)
    assert until is None or until in words


def test_a_measure_of_more_than_five_years_ago_counts_no_more():
    old = {"a": Measure("berat", date(2022, 1, 1), date(2022, 12, 31))}
    assert gravest(old, date(2026, 12, 31)) == "berat"
    assert gravest(old, date(2027, 12, 31)) is None


def test_the_gravest_measure_that_had_begun_counts():
    assert gravest(MEASURES, date(2026, 12, 31)) == "berat"
    assert gravest({"b": MEASURES["b"]}, date(2026, 12, 31)) == "ringan"
    assert gravest({"b": MEASURES["b"]}, date(2025, 12, 31)) is None
    assert graver("ringan", "tidak pernah") == graver("tidak pernah", "ringan") == "ringan"
