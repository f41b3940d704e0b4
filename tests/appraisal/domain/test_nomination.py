"""Whom a policy's rules point at: conditions at their edges, luck that opens and wins nothing, shares of a unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.components import mark, satisfaction
from appraisal.domain.measures import rating_bounds
from appraisal.domain.nomination import Appraised, chosen, holds, is_due, qualifies, value_of
from appraisal.domain.scorecard import compose, evaluate_months
from appraisal.domain.tallies import NO_VOTES, BehaviourRating, Complaints, Month, Progress, Target
from appraisal.domain.triggers import Award, Coaching, Condition
from hypothesis import given
from hypothesis import strategies as st

D = Decimal
PERIOD, LAST = "2026-11", date(2026, 11, 30)


@pytest.fixture
def plaju(policies):
    return policies.for_unit("/16.71/plaju", LAST)


@pytest.fixture
def bengkulu(policies):
    """Of all regions the one where citizens weigh most."""
    return policies.for_unit("/17.71", LAST)


def month(*, done: int = 100, rating: int = 4, votes: int = 12, behaviour: int = 4, handled: int = 0, solved: int = 0):
    """A month of somebody with one indicator of 100 documents."""
    heard = NO_VOTES
    for _ in range(votes):
        heard = heard.plus(D(1), 3 * rating)
    rated = BehaviourRating((behaviour,) * 7, D(0), datetime(2026, 11, 30, tzinfo=UTC))
    return Month(
        votes=heard,
        complaints=Complaints(handled=handled, solved=solved),
        targets={"berkas": Target("Berkas", "berkas", "max", D(100), D(1))},
        progress={"berkas": Progress().plus(D(done), verified=True, on=LAST)},
        ratings={"rater": rated},
    )


def appraised(policy, given: Month) -> Appraised:
    return Appraised((given,), evaluate_months({PERIOD: given}, PERIOD, policy), policy)


AWARD = Award("terbaik", "Terbaik", "award", "month", (Condition("S", at_least=D(80)),))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("K", at_least=D("83.3333")), True),
        (Condition("K", at_least=D("83.3334")), False),
        (Condition("K", below=D("83.3334")), True),
        (Condition("K", below=D("83.3333")), False),
        (Condition("L", at_least=D(0)), False),
        (Condition("L", below=D(100)), False),
        (Condition("complaints_handled", at_least=D(2)), True),
        (Condition("predikat", at_least=D(3)), False),
        (Condition("pace", below=D(1), for_working_days=5), False),
    ],
    ids=["met", "just missed", "below", "not below", "L does not apply", "nor is it low", "counts", "a code", "days"],
)
def test_a_condition_holds_at_its_edge_and_not_where_its_measure_does_not_apply(plaju, condition, expected):
    assert holds(condition, appraised(plaju, month(handled=2, solved=2))) is expected


def test_a_condition_for_several_periods_wants_each_of_them(plaju):
    low, fine = appraised(plaju, month(done=10)), appraised(plaju, month())
    twice = Condition("K", below=D(60), for_periods=2)
    assert holds(twice, low, [low, fine])
    assert not holds(twice, low, [fine, low])
    assert not holds(twice, low, []), "of a period before nothing is known"


@pytest.mark.parametrize(
    ("votes", "rating", "opened"),
    [(2, 1, False), (60, 1, True), (0, 1, False)],
    ids=["two angry citizens", "sixty", "nobody"],
)
@pytest.mark.parametrize("measure", ["M", "M_lower"])
def test_citizens_open_a_case_only_when_luck_cannot_explain_what_they_say(plaju, votes, rating, opened, measure):
    rule = Coaching("Kepuasan rendah", (Condition(measure, below=D(60)),))
    assert is_due(rule, appraised(plaju, month(votes=votes, rating=rating))) is opened


@pytest.mark.parametrize(("handled", "opened"), [(3, False), (40, True)], ids=["three", "forty"])
def test_nor_do_a_few_complaints_that_failed(plaju, handled, opened):
    rule = Coaching("Pengaduan", (Condition("A", below=D(65)),))
    assert is_due(rule, appraised(plaju, month(handled=handled, solved=0))) is opened


def test_the_bounds_lie_on_both_sides_of_the_mark_and_close_in_on_it(plaju):
    few, many = (appraised(plaju, month(votes=n, rating=3, handled=n, solved=n - 2)) for n in (10, 400))
    for found in (few, many):
        assert value_of("M_lower", found) <= found.score.components["M"]
        assert found.score.components["A"] < value_of("A_upper", found) <= 100
    spread = [value_of("A_upper", found) - found.score.components["A"] for found in (few, many)]
    assert spread[1] < spread[0] / 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, True),
        ({"votes": 9}, False),
        ({"votes": 0}, True),
        ({"behaviour": 2}, False),
        ({"done": 70}, False),
    ],
    ids=["all holds", "too few votes", "nobody is asked", "a poor predikat", "a low score"],
)
def test_an_award_wants_a_good_predikat_and_enough_votes_where_citizens_have_a_say(plaju, given, expected):
    assert qualifies(AWARD, appraised(plaju, month(**given))) is expected


def ranks(*scores: str) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    return {f"p{n}": (D(score), D(80), D(90)) for n, score in enumerate(scores)}


def test_the_best_share_of_a_unit_is_chosen_and_at_least_one():
    places = {f"p{n}": "/16.71/a" for n in range(40)}
    award = Award("x", "X", "award", "month", AWARD.all_of, top_share=D("0.05"))
    assert chosen(award, ranks("88", "91", "90"), places) == {"p1", "p2"}
    assert chosen(award, ranks("88"), places) == {"p0"}
    assert chosen(award, {}, places) == set()


def test_without_a_share_everybody_who_qualifies_is_chosen():
    assert chosen(AWARD, ranks("88", "91"), {"p0": "/a", "p1": "/a"}) == {"p0", "p1"}


def test_small_units_compete_with_their_siblings_and_large_ones_alone():
    places = {"p0": "/16.71/a", "p1": "/16.71/b", "p2": "/17/c", **{f"x{n}": "/16.71/big" for n in range(10)}}
    award = Award("x", "X", "award", "month", AWARD.all_of, top_share=D("0.05"))
    qualified = ranks("88", "91", "85") | {"x0": (D(80), D(80), D(80))}
    assert chosen(award, qualified, places) == {"p1", "p2", "x0"}


def test_a_tie_goes_to_the_higher_lower_bound_then_to_the_indicators_then_to_the_lower_id():
    places = dict.fromkeys(("a", "b", "c", "d"), "/u")
    award = Award("x", "X", "award", "month", AWARD.all_of, top_share=D("0.25"))
    tied = {
        "a": (D(90), D(80), D(90)),
        "b": (D(90), D(81), D(80)),
        "c": (D(90), D(81), D(85)),
        "d": (D(90), D(81), D(85)),
    }
    assert chosen(award, tied, places) == {"c"}


BUTUH = Coaching("Predikat Butuh Perbaikan", (Condition("predikat", at_least=D(3)),))
COMPOSED = {
    "predikat": BUTUH,
    "H": Coaching("Hasil kerja", (Condition("H", below=D(75)),)),
    "S": Coaching("Nilai", (Condition("S", below=D(76)),)),
}


@pytest.mark.parametrize("rule", COMPOSED.values(), ids=COMPOSED)
def test_two_angry_citizens_open_no_case_through_what_is_composed_of_what_they_say(bengkulu, rule):
    found = appraised(bengkulu, month(done=91, votes=2, rating=1, behaviour=3))
    assert found.score.predikat == 3
    assert not is_due(rule, found)
    assert is_due(rule, appraised(bengkulu, month(done=91, votes=60, rating=1, behaviour=3)))


def test_one_complaint_that_failed_opens_no_case_through_the_predikat(policies):
    policy = policies.for_unit("/62.71", LAST)
    found = appraised(policy, month(done=90, votes=0, behaviour=3, handled=1))
    assert found.score.predikat == 3
    assert not is_due(BUTUH, found)
    assert is_due(BUTUH, appraised(policy, month(done=90, votes=0, behaviour=3, handled=40)))


def test_work_and_behaviour_open_a_case_whatever_citizens_say(plaju):
    for votes in (0, 2, 60):
        assert is_due(BUTUH, appraised(plaju, month(done=40, votes=votes, rating=1)))


VOICES = st.lists(st.integers(1, 4), max_size=40)


@given(ratings=VOICES, handled=st.integers(0, 20), done=st.integers(60, 120), which=st.integers(0, 4), data=st.data())
def test_no_number_of_citizens_opens_a_case_while_the_upper_bound_stays_above(
    policies, ratings, handled, done, which, data
):
    policy = list(policies)[which]
    given_ = month(done=done, votes=0, handled=handled, solved=data.draw(st.integers(0, handled)))
    alone, heard = appraised(policy, given_), NO_VOTES
    for rating in ratings:
        heard = heard.plus(D(1), 3 * rating)
    found = appraised(policy, replace(given_, votes=heard))
    marks = {**found.score.components, "A": value_of("A_upper", found), "M": None}
    if len(ratings) >= 10:
        marks["M"] = mark(satisfaction(min(D(4), rating_bounds(heard, policy)[1])))
    bound = compose(marks, policy)

    for measure, value in (("H", bound.h), ("S", bound.s)):
        condition = Condition(measure, below=D(75))
        assert not (value >= 75 and holds(condition, found))
        assert holds(condition, found) <= (value_of(measure, found) < 75)
    assert not (bound.predikat <= 2 and is_due(BUTUH, found))
    if len(ratings) < 10 and is_due(BUTUH, found):
        assert is_due(BUTUH, alone), "fewer than ten change nothing"
