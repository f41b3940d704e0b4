"""BerAKHLAK ratings: by others, all seven values, the latest of each rater."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest
from appraisal.domain.behaviour import Nilai, rate_behaviour, replaced_rating
from appraisal.domain.refusals import (
    InvalidBehaviourRating,
    InvalidPeriod,
    PeriodClosed,
    PeriodNotBegun,
    SelfRating,
)

D = Decimal
EARLY, LATE = datetime(2026, 11, 20, 1, tzinfo=UTC), datetime(2026, 11, 20, 2, tzinfo=UTC)


def marks(mark: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(map(str, Nilai), mark) | others


def test_there_are_seven_values():
    assert [value.value[:4] for value in Nilai] == ["bero", "akun", "komp", "harm", "loya", "adap", "kola"]


def test_a_rating_gives_behaviour_and_its_effect(blank, policies):
    card, effect, event = rate_behaviour(blank, rater_id="r", marks=marks(3), rated_at=EARLY, policies=policies)
    assert card.scores["2026-11"].components["B"] == D("83.3300")
    assert effect["part"] == "B"
    assert effect["deltas"] == {"2026-11": {"B": D("83.3300")}}
    assert effect["inputs"] == {"marks": marks(3), "correction": 0}
    assert event is None


@pytest.mark.parametrize("order", [(EARLY, LATE), (LATE, EARLY)], ids=["in order", "out of order"])
def test_the_latest_rating_of_a_rater_counts_in_whatever_order_they_come(blank, policies, order):
    card = blank
    for at in order:
        card, _, _ = rate_behaviour(
            card, rater_id="r", marks=marks(5 if at == LATE else 1), rated_at=at, policies=policies
        )
    assert card.scores["2026-11"].components["B"] == 100


def test_every_rater_counts_once(blank, policies):
    card = blank
    for rater, mark in (("a", 3), ("b", 4), ("a", 3)):
        card, _, _ = rate_behaviour(card, rater_id=rater, marks=marks(mark), rated_at=EARLY, policies=policies)
    assert card.scores["2026-11"].components["B"] == D("87.5000")


def test_leniency_is_taken_off_and_fixed_with_the_rating(blank, policies):
    card, _, _ = rate_behaviour(
        blank, rater_id="r", marks=marks(4), rated_at=EARLY, policies=policies, correction=D("0.5")
    )
    assert card.scores["2026-11"].components["B"] == D("87.5000")


@pytest.mark.parametrize(
    ("unit", "rated", "replaced"),
    [
        pytest.param("/96.71/dinkes", [10, 11], 11, id="the latest of the quarter"),
        pytest.param("/96.71/dinkes", [9], None, id="none: the quarter before"),
        pytest.param("/16.71/plaju", [11], 11, id="that of the month"),
        pytest.param("/16.71/plaju", [10], None, id="none: the month before"),
    ],
)
def test_a_rating_takes_the_place_of_the_same_raters_one_for_the_same_period(blank, policies, unit, rated, replaced):
    card = replace(blank, unit_path=unit)
    for month in rated:
        at = EARLY.replace(month=month)
        card, _, _ = rate_behaviour(card, rater_id="r", marks=marks(3), rated_at=at, policies=policies)
    found = replaced_rating(card, "r", LATE, policies)
    assert (found and found.rated_at.month) == replaced
    assert replaced_rating(card, "another", LATE, policies) is None


def test_nobody_rates_themselves(blank, policies):
    with pytest.raises(SelfRating) as refused:
        rate_behaviour(blank, rater_id=blank.employee_id, marks=marks(5), rated_at=EARLY, policies=policies)
    assert refused.value.field == "rater_id"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param(marks(3, loyal=0), "loyal", id="below one"),
        pytest.param(marks(3, loyal=6), "loyal", id="above five"),
        pytest.param({k: v for k, v in marks(3).items() if k != "adaptif"}, "adaptif", id="one missing"),
        pytest.param(marks(3, ramah=5), "ramah", id="an eighth value"),
    ],
)
def test_a_rating_is_seven_marks_from_one_to_five(blank, policies, given, field):
    with pytest.raises(InvalidBehaviourRating) as refused:
        rate_behaviour(blank, rater_id="r", marks=given, rated_at=EARLY, policies=policies)
    assert refused.value.field == field


def test_a_closed_month_takes_no_rating(blank, policies):
    with pytest.raises(PeriodClosed) as refused:
        rate_behaviour(
            replace(blank, closed_through="2026-11"), rater_id="r", marks=marks(3), rated_at=EARLY, policies=policies
        )
    assert refused.value.field == "period"


FIRST_OF_DECEMBER = datetime(2026, 11, 30, 20, tzinfo=UTC)
"""It is December already where anybody works."""


def test_behaviour_of_november_is_rated_on_the_first_of_december(blank, policies):
    rate = partial(rate_behaviour, rater_id="r", rated_at=FIRST_OF_DECEMBER, policies=policies)
    card, effect, _ = rate(blank, marks=marks(3), period="2026-11")
    assert (effect["month"], card.scores["2026-11"].components["B"]) == ("2026-11", D("83.3300"))
    card, effect, _ = rate(card, marks=marks(5))
    assert effect["month"] == "2026-12", "the period that runs, where none is named"
    assert {period: score.components["B"] for period, score in card.scores.items()} == {
        "2026-11": D("83.3300"), "2026-12": 100,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("period", "at", "month"),
    [
        pytest.param("2026-Q3", EARLY, "2026-09", id="a quarter that is over, in its last month"),
        pytest.param("2026-Q4", EARLY, "2026-11", id="the quarter that runs, in the month that runs"),
        pytest.param(
            "2026-Q4",
            datetime(2026, 12, 31, 15, 30, tzinfo=UTC),
            "2026-12",
            id="one that ended half an hour ago in Papua",
        ),
    ],
)
def test_a_quarter_keeps_a_rating_in_the_month_that_runs_or_its_last(blank_in_sorong, policies, period, at, month):
    card, effect, _ = rate_behaviour(
        blank_in_sorong, rater_id="r", marks=marks(3), rated_at=at, period=period, policies=policies
    )
    assert (effect["period"], effect["month"]) == (period, month)
    assert card.scores[period].components["B"] == D("83.3300")


@pytest.mark.parametrize(
    ("period", "refusal"),
    [
        pytest.param("2026-10", PeriodClosed, id="closed"),
        pytest.param("2026-12", PeriodNotBegun, id="still to come"),
        pytest.param("2026-Q4", InvalidPeriod, id="not a period of this unit"),
        pytest.param("kemarin", InvalidPeriod, id="no period"),
    ],
)
def test_only_a_period_that_has_begun_and_is_not_closed_is_rated(blank, policies, period, refusal):
    card = replace(blank, closed_through="2026-10")
    with pytest.raises(refusal) as refused:
        rate_behaviour(card, rater_id="r", marks=marks(3), rated_at=EARLY, period=period, policies=policies)
    assert (type(refused.value), refused.value.field) == (refusal, "period")


def test_a_rating_of_an_earlier_period_takes_the_place_of_the_one_for_that_period(blank, policies):
    november, _, _ = rate_behaviour(blank, rater_id="r", marks=marks(3), rated_at=EARLY, policies=policies)
    found = replaced_rating(november, "r", FIRST_OF_DECEMBER, policies, "2026-11")
    assert found is not None
    assert found.rated_at == EARLY
    assert replaced_rating(november, "r", FIRST_OF_DECEMBER, policies) is None
