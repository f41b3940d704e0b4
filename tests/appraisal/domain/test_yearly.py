"""A year from its periods: means by months, the matrix, and what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from appraisal.domain.refusals import InvalidPeriod
from appraisal.domain.yearly import PeriodResult, year_result
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.appraisal import Predikat

D = Decimal
QUARTERS = tuple(f"2026-Q{n}" for n in range(1, 5))
MARKS = st.none() | st.decimals(0, 100, places=2)


def result(period: str, h: str | None = "80", p: str | None = "85") -> PeriodResult:
    return PeriodResult(period, None if h is None else D(h), None if p is None else D(p))


def whole_year(h: str, p: str) -> list[PeriodResult]:
    return [result(f"2026-{month:02d}", h, p) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("h", "p", "predikat"),
    [
        ("91.67", "91.67", "SANGAT_BAIK"),
        ("91.66", "91.67", "BAIK"),
        ("75", "75", "BAIK"),
        ("74.99", "75", "BUTUH_PERBAIKAN"),
        ("100", "74.99", "KURANG"),
        ("74.99", "74.99", "SANGAT_KURANG"),
    ],
)
def test_the_matrix_gives_the_predikat_of_the_year(h, p, predikat):
    year = year_result("2026", whole_year(h, p))
    assert (year.h, year.p, year.predikat) == (D(h), D(p), Predikat[predikat])
    assert (year.months, year.missing, year.complete) == (12, (), True)


def test_a_quarter_weighs_three_months():
    year = year_result("2026", [result("2026-Q1", "60", "70"), result("2026-04", "100", "90")])
    assert (year.h, year.p, year.months) == (D("70.00"), D("75.00"), 4)


def test_a_mean_is_rounded_half_up_before_it_is_compared_with_a_cut():
    periods = [result("2026-01", "91.66", "91.67"), result("2026-02", "91.67", "91.67")]
    year = year_result("2026", periods)
    assert (year.h, year.predikat) == (D("91.67"), Predikat.SANGAT_BAIK)


def test_months_without_a_result_are_shown_and_count_in_no_mean():
    year = year_result("2026", whole_year("80", "85")[2:11])
    assert (year.h, year.months) == (D("80.00"), 9)
    assert year.missing == ("2026-01", "2026-02", "2026-12")
    assert not year.complete


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        pytest.param(QUARTERS, ("2026-Q2", "2026-Q3"), id="quarters"),
        pytest.param(("2026-Q1", "2026-Q4"), (), id="only those in which one served"),
        pytest.param((), (), id="none"),
        pytest.param(("2026-10", "2026-Q3"), ("2026-Q3",), id="a month within a quarter that is there"),
    ],
)
def test_what_is_asked_for_decides_what_is_missing(asked, missing):
    year = year_result("2026", [result("2026-Q1"), result("2026-Q4")], asked)
    assert year.missing == missing


def test_a_quarter_of_which_only_some_months_are_there_is_missing():
    year = year_result("2026", [result("2026-01"), result("2026-02")], ["2026-Q1"])
    assert year.missing == ("2026-Q1",)


def test_a_period_that_does_not_know_an_axis_is_left_out_of_its_mean_and_shown():
    periods = [result("2026-Q1", "90", "85"), result("2026-Q2", None, "91"), result("2026-Q3", "60", None)]
    year = year_result("2026", periods, QUARTERS[:3])
    assert (year.h, year.p) == (D("75.00"), D("88.00"))
    assert (year.missing, year.without_h, year.without_p) == ((), ("2026-Q2",), ("2026-Q3",))
    assert not year.complete


@pytest.mark.parametrize(("h", "p"), [(None, "85"), ("80", None), (None, None)])
def test_without_one_of_the_axes_there_is_no_predikat_and_the_year_is_not_complete(h, p):
    year = year_result("2026", [result("2026-Q1", h, p)], ["2026-Q1"])
    assert (year.predikat, year.missing, year.complete) == (None, (), False)


def test_a_year_without_any_period_says_so():
    year = year_result("2026", [])
    assert (year.h, year.p, year.predikat, year.months, len(year.missing)) == (None, None, None, 0, 12)


@pytest.mark.parametrize(
    "periods",
    [
        pytest.param(["2025-12"], id="another year"),
        pytest.param(["2026-13"], id="no period"),
    ],
)
def test_a_period_of_another_year_is_refused(periods):
    with pytest.raises(InvalidPeriod) as refused:
        year_result("2026", [result(period) for period in periods])
    assert refused.value.field == "period"


@given(st.permutations(list(QUARTERS)), st.lists(st.tuples(MARKS, MARKS), min_size=4, max_size=4))
def test_the_order_of_periods_says_nothing_and_a_mean_lies_within_its_marks(order, marks):
    told = {quarter: PeriodResult(quarter, *pair) for quarter, pair in zip(QUARTERS, marks, strict=True)}
    year = year_result("2026", [told[quarter] for quarter in order], QUARTERS)
    assert year == year_result("2026", told.values(), QUARTERS)
    for axis, values in (("h", [h for h, _ in marks]), ("p", [p for _, p in marks])):
        known, mean = [value for value in values if value is not None], getattr(year, axis)
        assert (mean is None) is (not known)
        assert mean is None or min(known) <= mean <= max(known)


def test_a_quarter_counts_the_months_that_have_no_period_of_their_own():
    """Who moved in November from a monthly to a quarterly unit: October alone, and the quarter for the rest."""
    october, quarter = (
        PeriodResult("2026-10", Decimal(60), Decimal(60)),
        PeriodResult("2026-Q4", Decimal(90), Decimal(90)),
    )
    for told in ([october, quarter], [quarter, october]):
        year = year_result("2026", told)
        assert (year.h, year.p, year.months) == (Decimal("80.00"), Decimal("80.00"), 3)
