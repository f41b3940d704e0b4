"""The formulas of the five components, against the reference oracle and the published figures."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from appraisal.domain.components import (
    BARS_POINTS,
    IKM_POINTS,
    achievement,
    attainment_falling,
    attainment_rising,
    behaviour,
    complaints,
    hours_required,
    indicators,
    learning,
    leniency_correction,
    mark,
    piecewise,
    satisfaction,
    shown,
    shrunk_mean,
)
from hypothesis import given
from hypothesis import strategies as st

D = Decimal


# The oracle: the same model in floats, written from the published tables only.
ORACLE_IKM = [(25, 0), (65, 58.33), (76.61, 75), (88.31, 91.67), (100, 100)]
ORACLE_BARS = [(1, 0), (2, 58.33), (3, 83.33), (4, 91.67), (5, 100)]


def oracle_map(x: float, knots: list[tuple[float, float]]) -> float:
    if x <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in pairwise(knots):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return knots[-1][1]


def oracle_indicator(done: float, target: float, elapsed: float, polarity: str) -> float:
    rising = (done + 0.1 * target) / (target * (elapsed + 0.1))
    falling = 2 - (done + 0.1 * target) / (target * 1.1)
    return 100 * max(0.0, min(1.2, rising if polarity == "max" else falling)) / 1.2


def oracle_shrunk(ratings: list[float], weights: list[float], prior: float, strength: float = 15) -> float:
    voted = sum(r * w for r, w in zip(ratings, weights, strict=True))
    return (voted + strength * prior) / (sum(weights) + strength)


def near(ours: Decimal, theirs: float) -> bool:
    return abs(float(ours) - theirs) < 1e-6


hundredths = st.integers(2000, 10500).map(lambda n: D(n) / 100)
amounts = st.decimals(min_value=0, max_value=10000, places=2)
targets = st.decimals(min_value=1, max_value=10000, places=2)
shares = st.decimals(min_value=0, max_value=1, places=3)


@given(hundredths)
def test_the_ikm_map_agrees_with_the_oracle(ikm):
    assert near(piecewise(ikm, IKM_POINTS), oracle_map(float(ikm), ORACLE_IKM))


@given(st.integers(50, 550).map(lambda n: D(n) / 100))
def test_the_behaviour_map_agrees_with_the_oracle(mean):
    assert near(behaviour(mean), oracle_map(float(mean), ORACLE_BARS))


@given(amounts, targets, shares)
def test_a_rising_indicator_agrees_with_the_oracle(done, target, elapsed):
    ours = indicators([(D(1), achievement(attainment_rising(done, target, elapsed)))])
    assert near(ours, oracle_indicator(float(done), float(target), float(elapsed), "max"))


@given(amounts, targets)
def test_a_falling_indicator_agrees_with_the_oracle(level, target):
    ours = indicators([(D(1), achievement(attainment_falling(level, target)))])
    assert near(ours, oracle_indicator(float(level), float(target), 1, "min"))


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from([D("1"), D("0.5"), D("0.2")]))))
def test_the_shrunk_mean_agrees_with_the_oracle(votes):
    ours = shrunk_mean(sum((w * x for x, w in votes), D(0)), sum((w for _, w in votes), D(0)), D("3.2"), D(15))
    theirs = oracle_shrunk([x for x, _ in votes], [float(w) for _, w in votes], 3.2)
    assert near(ours, theirs)
    assert near(satisfaction(ours), oracle_map(25 * theirs, ORACLE_IKM))


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_mark_for_complaints_agrees_with_the_oracle(solved, more):
    assert near(complaints(solved, solved + more), 100 * (solved + 8) / (solved + more + 10))


@pytest.mark.parametrize(
    ("done", "target", "elapsed", "expected"),
    [
        pytest.param(0, 100, "0.1", "41.67", id="day 3 of 30 with nothing done is not a zero"),
        pytest.param(50, 100, "0.5", "83.33", id="half done at half time is on target"),
        pytest.param(80, 100, "0.5", "100.00", id="more than 120 % of the pace earns no more"),
        pytest.param(110, 100, "1", "90.91", id="110 % at the end"),
        pytest.param(100, 100, "1", "83.33", id="target met at the end"),
        pytest.param(540, 500, "1", "89.39", id="nurse"),
        pytest.param(360, 500, "1", "62.12", id="clerk"),
    ],
)
def test_pace_of_a_rising_indicator(done, target, elapsed, expected):
    k = indicators([(D(1), achievement(attainment_rising(D(done), D(target), D(elapsed))))])
    assert shown(k) == D(expected)


@pytest.mark.parametrize(
    ("level", "expected"), [(2, "100.0"), (3, "83.3"), (4, "58.1"), (6, "7.6"), (9, "0.0")], ids=lambda v: f"{v}"
)
def test_a_falling_indicator_with_a_target_of_three_days(level, expected):
    k = indicators([(D(1), achievement(attainment_falling(D(level), D(3))))])
    assert round(k, 1) == D(expected)


def test_an_unverified_level_is_presumed_nearer_to_the_target():
    for level in (D(2), D("3.3"), D(6)):
        half, full = attainment_falling(level, D(3), D("0.5")), attainment_falling(level, D(3))
        assert abs(half - 1) <= abs(full - 1)
    assert attainment_falling(D(4), D(3), D("0.5")) > attainment_falling(D(4), D(3))


def test_indicators_are_weighed_and_their_weights_need_not_add_up_to_one():
    assert indicators([(D("0.6"), D("1.2")), (D("0.2"), D(0))]) == 75
    assert indicators([]) is None


@pytest.mark.parametrize(
    ("ikm", "expected"),
    [("20", "0"), ("25", "0"), ("65", "58.33"), ("76.61", "75"), ("88.31", "91.67"), ("100", "100"), ("101", "100")],
)
def test_the_mutu_limits_of_the_ikm_are_the_limits_of_the_bands(ikm, expected):
    assert piecewise(D(ikm), IKM_POINTS) == D(expected)


@pytest.mark.parametrize(
    ("mean", "expected"), [("1", "0"), ("2", "58.33"), ("3", "83.33"), ("3.4", "86.67"), ("4", "91.67"), ("5", "100")]
)
def test_behaviour_as_expected_is_a_target_met(mean, expected):
    assert shown(piecewise(D(mean), BARS_POINTS)) == D(expected)


@pytest.mark.parametrize(
    ("ratings", "weights", "expected"),
    [
        pytest.param([1, 1], ["1", "1"], "73.5", id="two angry votes"),
        pytest.param([2] * 40, ["1"] * 40, "58.2", id="forty bad votes are a real problem"),
        pytest.param(["3.2"] * 12 + [4] * 50, ["1"] * 62, "93.0", id="ballot stuffing, shrunk only"),
        pytest.param(["3.2"] * 12 + [4] * 50, ["1"] * 12 + ["0.2"] * 50, "85.4", id="stuffing, with trust"),
        pytest.param(["3.2"] * 12 + [4] * 10, ["1"] * 12 + ["0.2"] * 10, "81.4", id="stuffing, trust and cap"),
    ],
)
def test_the_published_effect_of_shrinkage_on_the_ikm(ratings, weights, expected):
    weighted = sum(D(r) * D(w) for r, w in zip(ratings, weights, strict=True))
    mean = shrunk_mean(weighted, sum(D(w) for w in weights), D("3.2"), D(15))
    assert round(25 * mean, 1) == D(expected)


def test_an_officer_without_complaints_starts_at_eight_of_ten():
    assert complaints(0, 0) == 80
    assert complaints(19, 20) == 90
    assert complaints(-20, 0) == 0, "never below nothing, however many earlier solutions are reopened"


@pytest.mark.parametrize(
    ("offered", "months", "required"), [(24, 12, 20), (24, 6, 10), (6, 12, 6), (6, 3, "1.5"), (0, 12, 0)]
)
def test_hours_required_are_what_was_offered_and_at_most_twenty_a_year(offered, months, required):
    assert hours_required(D(offered), months) == D(required)


@pytest.mark.parametrize(
    ("earned", "required", "expected"),
    [(24, 20, "100.00"), (30, 20, "100.00"), (20, 20, "83.33"), (10, 20, "41.67"), (0, 20, "0.00")],
)
def test_hours_count_up_to_120_per_cent(earned, required, expected):
    assert shown(learning(D(earned), D(required))) == D(expected)


def test_learning_does_not_apply_where_nothing_was_offered():
    assert learning(D(5), D(0)) is None


@pytest.mark.parametrize(("bias", "ratings", "expected"), [("1", 10, "0.5"), ("1", 0, "0"), ("-0.6", 30, "-0.45")])
def test_leniency_is_corrected_as_far_as_it_is_known(bias, ratings, expected):
    assert leniency_correction(D(bias), ratings) == D(expected)


@pytest.mark.parametrize(
    ("value", "stored", "seen"),
    [("91.66500", "91.6650", "91.67"), ("91.66499", "91.6650", "91.66"), ("0.00005", "0.0001", "0.00")],
)
def test_rounding_is_half_up(value, stored, seen):
    assert (mark(D(value)), shown(D(value))) == (D(stored), D(seen))
