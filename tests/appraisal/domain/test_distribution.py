"""How people's predikat are spread under each predikat of their organisation: every bound, at it and on both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from appraisal.domain.distribution import RULES, check_distribution
from appraisal.domain.organisation import PredikatOrganisasi
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.appraisal import Predikat

D = Decimal
SB, B, BP, K, SK = Predikat
UNITS = st.lists(st.sampled_from(Predikat), min_size=10, max_size=60)


def unit(sb: int = 0, b: int = 0, bp: int = 0, k: int = 0, sk: int = 0) -> list[Predikat]:
    return [SB] * sb + [B] * b + [BP] * bp + [K] * k + [SK] * sk


MORE_THAN_HALF_SB, AT_MOST_70_SB = "Sangat Baik: lebih dari 50%", "Sangat Baik: paling banyak 70%"
MORE_THAN_HALF_B, AT_MOST_70_B = "Baik: lebih dari 50%", "Baik: paling banyak 70%"
SOME = "Butuh Perbaikan dan/atau Kurang: harus ada"
AT_MOST_10_SB, NO_SB = "Sangat Baik: paling banyak 10%", "Sangat Baik: tidak boleh ada"
BP_60, K_60, SK_60 = (f"{name}: paling sedikit 60%" for name in ("Butuh Perbaikan", "Kurang", "Sangat Kurang"))
BP_10, K_OR_BP_10 = "Butuh Perbaikan: paling sedikit 10%", "Kurang dan/atau Butuh Perbaikan: paling sedikit 10%"


@pytest.mark.parametrize(
    ("organisation", "people", "broken"),
    [
        ("ISTIMEWA", unit(sb=11, b=9), {}),
        ("ISTIMEWA", unit(sb=10, b=10), {MORE_THAN_HALF_SB: (-1, "-5.00")}),
        ("ISTIMEWA", unit(sb=9, b=11), {MORE_THAN_HALF_SB: (-2, "-10.00")}),
        ("ISTIMEWA", unit(sb=14, sk=6), {}),
        ("ISTIMEWA", unit(sb=13, k=7), {}),
        ("ISTIMEWA", unit(sb=15, b=5), {AT_MOST_70_SB: (1, "5.00")}),
        ("ISTIMEWA", unit(sb=20), {AT_MOST_70_SB: (6, "30.00")}),
        ("BAIK", unit(b=11, sb=8, bp=1), {}),
        ("BAIK", unit(b=10, sb=9, bp=1), {MORE_THAN_HALF_B: (-1, "-5.00")}),
        ("BAIK", unit(b=14, sb=5, k=1), {}),
        ("BAIK", unit(b=13, sb=5, bp=1, k=1), {}),
        ("BAIK", unit(b=15, sb=4, k=1), {AT_MOST_70_B: (1, "5.00")}),
        ("BAIK", unit(b=14, sb=4, sk=2), {SOME: (-1, "-5.00")}),
        ("BAIK", unit(b=20), {AT_MOST_70_B: (6, "30.00"), SOME: (-1, "-5.00")}),
        ("BUTUH_PERBAIKAN", unit(bp=12, b=8), {}),
        ("BUTUH_PERBAIKAN", unit(bp=13, b=7), {}),
        ("BUTUH_PERBAIKAN", unit(bp=11, b=9), {BP_60: (-1, "-5.00")}),
        ("BUTUH_PERBAIKAN", unit(bp=18, sb=2), {}),
        ("BUTUH_PERBAIKAN", unit(bp=19, sb=1), {}),
        ("BUTUH_PERBAIKAN", unit(bp=17, sb=3), {AT_MOST_10_SB: (1, "5.00")}),
        ("KURANG", unit(k=12, bp=2, b=4, sb=2), {}),
        ("KURANG", unit(k=13, bp=3, b=3, sb=1), {}),
        ("KURANG", unit(k=11, bp=2, b=7), {K_60: (-1, "-5.00")}),
        ("KURANG", unit(k=12, bp=1, b=7), {BP_10: (-1, "-5.00")}),
        ("KURANG", unit(k=12, b=8), {BP_10: (-2, "-10.00")}),
        ("KURANG", unit(k=12, bp=2, b=3, sb=3), {AT_MOST_10_SB: (1, "5.00")}),
        ("SANGAT_KURANG", unit(sk=12, k=1, bp=1, b=6), {}),
        ("SANGAT_KURANG", unit(sk=13, k=3, b=4), {}),
        ("SANGAT_KURANG", unit(sk=11, bp=2, b=7), {SK_60: (-1, "-5.00")}),
        ("SANGAT_KURANG", unit(sk=12, k=1, b=7), {K_OR_BP_10: (-1, "-5.00")}),
        ("SANGAT_KURANG", unit(sk=12, k=2, b=5, sb=1), {NO_SB: (1, "5.00")}),
    ],
)
def test_each_rule_at_its_bound_and_on_both_sides_of_it(organisation, people, broken):
    found = check_distribution(PredikatOrganisasi[organisation], people)
    assert {f.rule.words: (f.off, str(f.off_percent)) for f in found.findings if not f.kept} == broken
    assert found.kept is (not broken)
    assert len(found.findings) == len(RULES[PredikatOrganisasi[organisation]])


@pytest.mark.parametrize(
    ("people", "off"),
    [
        pytest.param(unit(bp=7, b=4), 0, id="7 of 11 are more than 60 %"),
        pytest.param(unit(bp=6, b=5), -1, id="6 of 11 are less: 6.6 people are seven"),
    ],
)
def test_what_at_least_asks_for_is_rounded_up_to_whole_people(people, off):
    at_least, _ = check_distribution(PredikatOrganisasi.BUTUH_PERBAIKAN, people).findings
    assert at_least.off == off


@pytest.mark.parametrize(("sb", "off"), [(1, 0), (2, 1)], ids=["1 of 19", "2 of 19 are more than 10 %"])
def test_what_at_most_allows_is_rounded_down_to_whole_people(sb, off):
    _, at_most = check_distribution(PredikatOrganisasi.BUTUH_PERBAIKAN, unit(bp=19 - sb, sb=sb)).findings
    assert at_most.off == off


@pytest.mark.parametrize(("b", "off"), [(5, -1), (6, 0)], ids=["5 of 11 are less than half", "6 of 11 are most"])
def test_most_of_an_odd_number_is_the_next_person_above_half(b, off):
    most, *_ = check_distribution(PredikatOrganisasi.BAIK, unit(b=b, sb=10 - b, bp=1)).findings
    assert most.off == off


def test_a_finding_tells_the_share_as_it_is():
    most, *_ = check_distribution(PredikatOrganisasi.BAIK, unit(b=7, sb=4, k=1)).findings
    assert (most.people, most.percent) == (7, D("58.33"))


@pytest.mark.parametrize("size", [0, 1, 9])
def test_nothing_is_said_about_fewer_than_ten_people(size):
    found = check_distribution(PredikatOrganisasi.SANGAT_KURANG, unit(sb=size))
    assert (found.applicable, found.kept, found.findings, found.people) == (False, None, (), size)


def test_ten_people_are_enough():
    found = check_distribution(PredikatOrganisasi.SANGAT_KURANG, unit(sb=10))
    assert (found.applicable, found.kept) == (True, False)


@given(st.sampled_from(PredikatOrganisasi), UNITS)
def test_the_deviation_is_the_fewest_people_who_would_have_to_stand_elsewhere(organisation, people):
    for finding in check_distribution(organisation, people).findings:
        moved = finding.people - finding.off
        assert holds(finding.rule, moved, len(people))
        if finding.off:
            towards = 1 if finding.off > 0 else -1
            assert not holds(finding.rule, moved + towards, len(people)), "one fewer would not do"


def holds(rule, count, people):
    share = D(100 * count) / people
    return {"more_than": share > rule.percent, "at_least": share >= rule.percent, "at_most": share <= rule.percent}[
        rule.bound
    ]


@given(st.sampled_from(PredikatOrganisasi), UNITS)
def test_the_order_of_people_says_nothing(organisation, people):
    assert check_distribution(organisation, people) == check_distribution(organisation, sorted(people))
