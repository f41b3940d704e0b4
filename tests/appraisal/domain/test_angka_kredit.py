"""Every cell of the table of credits, parts of a year, and what is missing to the next rank."""

from __future__ import annotations

from decimal import Decimal

import pytest
from appraisal.domain.angka_kredit import LEVELS, Missing, credit, jenjang_of, missing
from appraisal.domain.refusals import InvalidPeriod, UnknownJenjang
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.appraisal import Predikat

D = Decimal
TABLE = {
    "PM": ("5.63", "3.75", "2.81", "1.88", "0.94"),
    "TR": ("7.50", "5.00", "3.75", "2.50", "1.25"),
    "MH": ("18.75", "12.50", "9.38", "6.25", "3.13"),
    "PY": ("37.50", "25.00", "18.75", "12.50", "6.25"),
    "PT": ("18.75", "12.50", "9.38", "6.25", "3.13"),
    "MU": ("37.50", "25.00", "18.75", "12.50", "6.25"),
    "MA": ("56.25", "37.50", "28.13", "18.75", "9.38"),
    "UT": ("75.00", "50.00", "37.50", "25.00", "12.50"),
}
"""Credit of a year as the annex of PerBKN 3/2023 prints it, by level, from Sangat Baik to Sangat Kurang."""


@pytest.mark.parametrize(
    ("jenjang", "predikat", "printed"),
    [
        pytest.param(jenjang, predikat, printed, id=f"{jenjang} {predikat.name}")
        for jenjang, row in TABLE.items()
        for predikat, printed in zip(Predikat, row, strict=True)
    ],
)
def test_a_year_is_worth_what_the_table_prints(jenjang, predikat, printed):
    assert str(credit(jenjang, predikat)) == printed


@pytest.mark.parametrize(
    ("jenjang", "predikat", "months", "worth"),
    [
        pytest.param("PT", "BAIK", 2, "2.08", id="the worked example"),
        pytest.param("PT", "SANGAT_BAIK", 12, "18.75", id="the worked example of a year"),
        pytest.param("PT", "BAIK", 1, "1.04", id="a month"),
        pytest.param("PT", "BAIK", 3, "3.13", id="a quarter: 3.125 rounds up"),
        pytest.param("PM", "KURANG", 4, "0.63", id="0.625 rounds up"),
        pytest.param("UT", "SANGAT_KURANG", 11, "11.46", id="eleven months"),
    ],
)
def test_part_of_a_year_is_worth_its_months(jenjang, predikat, months, worth):
    assert str(credit(jenjang, Predikat[predikat], months)) == worth


@pytest.mark.parametrize("months", [-1, 0, 13])
def test_months_that_are_no_part_of_a_year_are_refused(months):
    with pytest.raises(InvalidPeriod) as refused:
        credit("PT", Predikat.BAIK, months)
    assert refused.value.field == "months"


@given(st.sampled_from(list(LEVELS)), st.sampled_from(Predikat), st.integers(1, 11))
def test_a_year_certified_in_two_parts_differs_by_rounding_only(jenjang, predikat, months):
    parts = credit(jenjang, predikat, months) + credit(jenjang, predikat, 12 - months)
    assert abs(parts - credit(jenjang, predikat)) <= D("0.015")


@given(st.sampled_from(list(LEVELS)), st.integers(1, 12))
def test_a_better_predikat_is_never_worth_less(jenjang, months):
    worth = [credit(jenjang, predikat, months) for predikat in Predikat]
    assert worth == sorted(worth, reverse=True)


@pytest.mark.parametrize(
    ("jenjang", "pangkat", "next_jenjang", "following"),
    [
        ("PM", 15, 15, "TR"),
        ("TR", 20, 60, "MH"),
        ("MH", 50, 100, "PY"),
        ("PY", 100, None, None),
        ("PT", 50, 100, "MU"),
        ("MU", 100, 200, "MA"),
        ("MA", 150, 450, "UT"),
        ("UT", 200, None, None),
    ],
)
def test_whoever_begins_in_a_level_misses_all_of_it(jenjang, pangkat, next_jenjang, following):
    assert missing(jenjang, in_pangkat=D(0), in_jenjang=D(0)) == Missing(pangkat, next_jenjang)
    assert LEVELS[jenjang].following == following


@pytest.mark.parametrize(
    ("in_pangkat", "in_jenjang", "pangkat", "jenjang"),
    [
        pytest.param("49.99", "99.99", "0.01", "0.01", id="just under both"),
        pytest.param("50.00", "100.00", "0", "0", id="both reached"),
        pytest.param("50.01", "100.01", "0", "0", id="more than enough is not negative"),
        pytest.param("12.50", "62.50", "37.50", "37.50", id="a second pangkat in the same level"),
    ],
)
def test_what_was_collected_counts_against_what_is_missing(in_pangkat, in_jenjang, pangkat, jenjang):
    assert missing("PT", in_pangkat=D(in_pangkat), in_jenjang=D(in_jenjang)) == Missing(D(pangkat), D(jenjang))


def test_above_the_highest_level_nothing_is_missing_but_the_next_pangkat():
    assert missing("UT", in_pangkat=D(75), in_jenjang=D(75)) == Missing(D(125), None)


def test_four_years_baik_in_ahli_pertama_are_enough_for_the_next_pangkat_and_eight_for_the_level():
    years = credit("PT", Predikat.BAIK) * 4
    assert missing("PT", in_pangkat=years, in_jenjang=years) == Missing(D(0), D(50))
    assert missing("PT", in_pangkat=years, in_jenjang=years * 2) == Missing(D(0), D(0))


@pytest.mark.parametrize(
    ("kind", "code", "jenjang"),
    [("PNS", "MU", "MU"), ("PNS", None, None), ("PPPK", "PT", None), ("PPPK", None, None)],
    ids=["functional", "no level", "PPPK in a functional post", "PPPK without a level"],
)
def test_credit_is_collected_by_pns_in_a_functional_level_only(kind, code, jenjang):
    assert jenjang_of(kind, code) == jenjang


@pytest.mark.parametrize("code", ["", "XX", "mu", "Ahli Muda"])
def test_a_code_of_no_level_is_refused(code):
    with pytest.raises(UnknownJenjang) as refused:
        jenjang_of("PNS", code)
    assert "PM, TR, MH, PY, PT, MU, MA, UT" in refused.value.message
    assert refused.value.field == "jenjang"
