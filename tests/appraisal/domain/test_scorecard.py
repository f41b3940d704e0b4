"""Scores as composed and kept: the published worked cases, missing components, postings, and storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.components import (
    achievement,
    attainment_rising,
    behaviour,
    complaints,
    indicators,
    learning,
    mark,
    satisfaction,
)
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard, compose, evaluate, own_period, policy_for, worth
from kinara.contracts.appraisal import Predikat
from kinara.contracts.feedback import FeedbackReceived

D = Decimal
UNITS = {"plaju": "/16.71/plaju", "sorong": "/96.71", "palangkaraya": "/62.71", "bengkulu": "/17"}
SB, B, BP, K, SK = Predikat


def facts(done: int, ikm: str, solved: int, handled: int, hours: int, bars: str) -> dict[str, Decimal]:
    """A year-end's components from plain facts; satisfaction without shrinkage, as in the published cases."""
    return {
        "K": mark(indicators([(D(1), achievement(attainment_rising(D(done), D(500), D(1))))])),
        "M": mark(satisfaction(D(ikm) / 25)),
        "A": mark(complaints(solved, handled)),
        "L": mark(learning(D(hours), D(20))),
        "B": mark(behaviour(D(bars))),
    }


NURSE = facts(540, "88.75", 19, 20, 24, "3.4")
CLERK = facts(360, "87.50", 9, 10, 20, "3.6")
RUDE = facts(600, "62.50", 4, 10, 10, "2.1")
LOW = facts(250, "60.00", 2, 10, 0, "1.6")


@pytest.mark.parametrize(
    ("components", "region", "h", "s", "predikat", "borderline"),
    [
        pytest.param(NURSE, "plaju", "90.18", "90.46", B, False, id="nurse in Plaju"),
        pytest.param(NURSE, "sorong", "89.97", "91.65", B, True, id="nurse in Sorong, 0.02 from Sangat Baik"),
        pytest.param(NURSE, "palangkaraya", "90.31", "91.21", B, True, id="nurse in Palangka Raya, 0.46 from it"),
        pytest.param(NURSE, "bengkulu", "90.47", "90.19", B, False, id="nurse in Bengkulu"),
        pytest.param(CLERK, "plaju", "71.87", "74.99", BP, False, id="clerk in Plaju"),
        pytest.param(CLERK, "sorong", "70.09", "74.99", BP, False, id="clerk in Sorong"),
        pytest.param(CLERK, "palangkaraya", "76.77", "79.49", B, False, id="clerk in Palangka Raya"),
        pytest.param(CLERK, "bengkulu", "75.00", "78.09", B, True, id="clerk in Bengkulu, on the cut"),
        pytest.param(RUDE, "plaju", "83.22", "58.32", K, False, id="rude in Plaju"),
        pytest.param(RUDE, "sorong", "85.88", "58.32", K, False, id="rude in Sorong"),
        pytest.param(RUDE, "palangkaraya", "74.97", "41.66", SK, True, id="rude in Palangka Raya, just below the cut"),
        pytest.param(RUDE, "bengkulu", "78.40", "58.32", K, False, id="rude in Bengkulu"),
        pytest.param(LOW, "plaju", "47.37", "40.16", SK, False, id="low in Plaju"),
        pytest.param(LOW, "sorong", "47.03", "32.26", SK, False, id="low in Sorong"),
        pytest.param(LOW, "palangkaraya", "48.35", "39.09", SK, False, id="low in Palangka Raya"),
        pytest.param(LOW, "bengkulu", "47.99", "41.66", SK, False, id="low in Bengkulu, 42.99 without its band"),
    ],
)
def test_the_same_facts_under_four_policies(policies, components, region, h, s, predikat, borderline):
    score = compose(components, policies.for_unit(UNITS[region], date(2026, 11, 1)))
    assert (score.h, score.s, score.predikat) == (D(h), D(s), predikat)
    assert score.p == components["B"].quantize(D("0.01"), "ROUND_HALF_UP")
    assert score.borderline is borderline
    assert score.policy == f"{region}@1"


@pytest.mark.parametrize(
    ("components", "published"),
    [(NURSE, "89.4 92.0 90.0 100.0 86.7"), (CLERK, "62.1 90.5 85.0 83.3 88.3"),
     (RUDE, "98.5 54.7 60.0 41.7 60.8"), (LOW, "45.5 51.0 50.0 0.0 35.0")],
    ids=["nurse", "clerk", "rude", "low"],
)  # fmt: skip
def test_the_components_of_the_worked_cases_are_the_published_ones(components, published):
    assert [round(value, 1) for value in components.values()] == [D(value) for value in published.split()]


@pytest.mark.parametrize(
    ("missing", "h", "s"),
    [
        pytest.param("", "82.57", "83.10", id="all apply"),
        pytest.param("M", "79.60", "81.38", id="no public contact"),
        pytest.param("MA", "80.00", "81.73", id="neither votes nor complaints"),
        pytest.param("L", "82.57", "82.89", id="nothing offered"),
        pytest.param("KM", "76.00", "83.14", id="only complaints as work"),
    ],
)
def test_the_weight_of_a_missing_component_falls_to_the_others(policies, missing, h, s):
    whole = {"K": D(80), "M": D(90), "A": D(76), "L": D(85), "B": D(84)}
    components = {name: None if name in missing else value for name, value in whole.items()}
    score = compose(components, policies.for_unit("/16.71/plaju", date(2026, 11, 1)))
    assert (score.h, score.s, score.predikat) == (D(h), D(s), B)


def test_without_behaviour_or_results_nothing_is_proposed(policies):
    policy = policies.for_unit("/16.71/plaju", date(2026, 11, 1))
    none = dict.fromkeys("KMALB")
    assert compose(none, policy).s is None
    only_hours = compose(none | {"L": D(0)}, policy)
    assert (only_hours.s, only_hours.predikat, only_hours.borderline) == (None, None, False)
    only_work = compose(none | {"K": D("83.3333")}, policy)
    assert (only_work.h, only_work.p, only_work.predikat, only_work.s) == (D("83.33"), None, None, D("83.33"))
    only_behaviour = compose(none | {"B": D(90)}, policy)
    assert (only_behaviour.h, only_behaviour.p, only_behaviour.predikat) == (None, D("90.00"), None)


def test_what_does_not_apply_yet_is_worth_what_is_presumed(policies, blank):
    policy = policy_for(blank, "2026-11", policies)
    score = evaluate(blank, "2026-11", policies)
    assert score.s is None
    assert [worth(score, name, policy) for name in "KMALB"] == [0, D("79.83"), 80, 0, 0]


def test_quarters_and_years_are_their_months_combined(policies, blank, fold_all, say):
    months = [datetime(2026, month, 9, tzinfo=UTC) for month in (9, 10, 12)]
    card, _ = fold_all(blank, *[say(FeedbackReceived, rating=1, given_at=at) for at in months])
    alone = [evaluate(card, period, policies).components["M"] for period in ("2026-10", "2026-12")]
    quarter = evaluate(card, "2026-Q4", policies).components["M"]
    year = evaluate(card, "2026", policies).components["M"]
    assert alone[0] == alone[1] > quarter > year


@pytest.mark.parametrize(
    ("postings", "month", "period", "policy"),
    [
        pytest.param({}, "2026-11", "2026-11", "plaju@1", id="no posting known: where the card says"),
        pytest.param({"2026-01-01": "/96.71"}, "2026-11", "2026-11", "plaju@1", id="one posting: the card says it too"),
        pytest.param(
            {"2026-01-01": "/16.71/plaju", "2026-11-10": "/96.71"}, "2026-10", "2026-10", "plaju@1", id="before moving"
        ),
        pytest.param(
            {"2026-01-01": "/16.71/plaju", "2026-11-10": "/96.71"}, "2026-11", "2026-Q4", "sorong@1", id="monthly first"
        ),
        pytest.param(
            {"2026-01-01": "/96.71", "2026-11-10": "/16.71/plaju"}, "2026-10", "2026-10", "sorong@1",
            id="who leaves a quarterly unit in mid-quarter is appraised there by month",
        ),
        pytest.param(
            {"2026-01-01": "/96.71", "2026-11-10": "/16.71/plaju"}, "2026-12", "2026-12", "plaju@1", id="after moving"
        ),
        pytest.param(
            {"2026-01-01": "/96.71", "2026-11-10": "/62.71"}, "2026-10", "2026-Q4", "palangkaraya@1",
            id="a quarter is appraised where it ends",
        ),
        pytest.param(
            {"2026-03-01": "/96.71", "2026-11-10": "/16.71/plaju"}, "2026-01", "2026-Q1", "sorong@1",
            id="before the first posting, the first",
        ),
        pytest.param(
            {"2026-01-01": "/96.71", "2026-11-10": "/16.71/plaju", "2026-12-01": "/96.71"}, "2026-10", "2026-10",
            "sorong@1", id="away and back within a quarter",
        ),
    ],
)  # fmt: skip
def test_a_month_is_appraised_where_and_as_often_as_its_unit_says(policies, postings, month, period, policy):
    unit_path = "/16.71/plaju" if len(postings) < 2 else postings[max(postings)]
    card = Scorecard("e", "16", unit_path, postings=postings)
    assert own_period(card, month, policies) == period
    assert policy_for(card, period, policies).ref == policy


def test_a_posting_holds_from_its_first_day_on():
    card = Scorecard("e", "96", "/96.71", postings={"2026-01-01": "/16.71/plaju", "2026-11-10": "/96.71"})
    days = [date(2025, 12, 31), date(2026, 11, 9), date(2026, 11, 10)]
    assert [card.unit_on(day) for day in days] == ["/16.71/plaju", "/16.71/plaju", "/96.71"]


def test_a_period_is_weighed_by_the_version_in_force_at_its_beginning(policies, blank):
    plaju = policies.for_unit("/16.71/plaju", date(2026, 11, 1))
    newer = Policies([*policies, replace(plaju, version=2, effective_from=date(2026, 11, 1))])
    refs = [policy_for(blank, period, newer).ref for period in ("2026-10", "2026-11", "2026-Q4", "2026")]
    assert refs == ["plaju@1", "plaju@2", "plaju@1", "plaju@1"]
