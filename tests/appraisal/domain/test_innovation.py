"""Innovations: what they serve, and when they have reached their target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain.innovation import refuse_aimless
from appraisal.domain.measures import innovations_reached
from appraisal.domain.nomination import Appraised, holds
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import InnovationWithoutGoal
from appraisal.domain.scorecard import evaluate_months
from appraisal.domain.skp import Indicator, Outcome, indicators_of
from appraisal.domain.tallies import Month, Progress, Target
from appraisal.domain.triggers import Condition

D = Decimal
ON = date(2026, 11, 30)
STEPS = Indicator(
    code="langkah", name="Langkah", unit="langkah", aspect="kuantitas", polarity="max", target=D(4), weight=D(1)
)
DAYS = replace(STEPS, code="hari", name="Lama", unit="hari", polarity="min", target=D(3))
IDEA = Outcome(code="i1", kind="tambahan", text="Layanan jemput bola", indicators=(STEPS, DAYS), innovation=True)
PLAIN = Outcome(code="h1", kind="utama", text="Dokumen terbit", indicators=(replace(STEPS, code="dok"),))


def month(steps: int | None = 4, days: int | None = 3, *, verified: bool = True) -> Month:
    """A month with the innovation's two indicators and what was reported on them."""
    done = {"langkah": steps, "hari": days}
    return Month(
        targets={one.code: one.agreed for one in indicators_of([PLAIN, IDEA])},
        progress={
            code: Progress().plus(D(amount), verified=verified, on=ON)
            for code, amount in done.items()
            if amount is not None
        },
    )


def test_only_the_targets_of_an_innovation_know_which_they_show() -> None:
    assert [one.innovation for one in indicators_of([PLAIN, IDEA])] == [None, "i1", "i1"]
    assert Target("Langkah", "langkah", "max", D(4), D(1)).innovation is None


@pytest.mark.parametrize(
    ("found", "reached"),
    [
        ([month()], {"i1"}),
        ([month(5, 2)], {"i1"}),
        ([month(3, 3)], set()),
        ([month(4, 4)], set()),
        ([month(4, None)], set()),
        ([month(None, None)], set()),
        ([month(4, 3, verified=False)], set()),
        ([month(2, 2), month(6, 4)], {"i1"}),
        ([month(2, 2), month(5, 4)], set()),
        ([], set()),
    ],
    ids=[
        "met", "beyond", "one short", "one late", "one never measured", "nothing done", "nobody has verified",
        "over the quarter", "short over the quarter", "nothing",
    ],
)  # fmt: skip
def test_an_innovation_is_reached_when_all_its_indicators_are_and_somebody_has_verified_it(
    found: list[Month], reached: set[str]
) -> None:
    assert innovations_reached(found) == reached


def test_other_outcomes_that_were_reached_are_no_innovation(policies: Policies) -> None:
    policy = policies.named("sorong@1")
    plain = Month(
        targets={one.code: one.agreed for one in indicators_of([PLAIN])},
        progress={"dok": Progress().plus(D(9), verified=True, on=ON)},
    )
    for given, expected in ((plain, False), (month(), True)):
        found = Appraised((given,), evaluate_months({"2026-11": given}, "2026-Q4", policy), policy)
        assert holds(Condition("innovations", at_least=D(1)), found) is expected


def test_an_innovation_serves_a_goal_of_the_policy(policies: Policies) -> None:
    sorong, plaju = policies.named("sorong@1"), policies.named("plaju@1")
    goal = sorong.goals[0].words
    refuse_aimless([PLAIN, replace(IDEA, goal=goal)], sorong)
    refuse_aimless([replace(IDEA, goal="RPJMD 2.1")], plaju)
    for outcome, policy, told in ((IDEA, plaju, "Sebutkan"), (IDEA, sorong, goal), (_other(), sorong, goal)):
        with pytest.raises(InnovationWithoutGoal) as refused:
            refuse_aimless([PLAIN, outcome], policy)
        assert (refused.value.field, told in refused.value.message) == ("goal", True)


def _other() -> Outcome:
    return replace(IDEA, goal="Sesuatu yang lain")


@pytest.mark.parametrize("ref", ["sorong@1", "palangkaraya@1"])
def test_the_shipped_policies_award_innovation(policies: Policies, ref: str) -> None:
    (award,) = [one for one in policies.named(ref).awards if one.code == "inovasi"]
    assert award.all_of == (Condition("innovations", at_least=D(1)),)
    assert policies.named(ref).goals
