"""The plans try every fault that there is, and the campaign as often as the promise asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from kinara.kit.crash import POINTS

from faults import plan
from faults.campaign import Round
from faults.nemeses import NEMESES


def trials(rounds: list[Round]) -> Counter[str]:
    return sum((Counter(one.trials) for one in rounds), Counter())


def test_every_crash_point_has_its_nemesis() -> None:
    assert {f"crash {point}" for point in POINTS} <= NEMESES.keys()


@pytest.mark.parametrize("rounds", [plan.minutes, plan.full])
def test_every_fault_is_tried(rounds: Callable[[], list[Round]]) -> None:
    assert trials(rounds()).keys() == NEMESES.keys()


def test_the_campaign_is_as_long_as_the_promise_asks_for() -> None:
    tried = trials(plan.full())
    assert tried["kill"] >= 300
    assert min(count for name, count in tried.items() if name.startswith("crash")) >= 20
    assert tried["pause"] >= 100
    assert sum(count for name, count in tried.items() if name.startswith("network")) >= 100
    assert min(tried["broker"], tried["database"]) >= 50


def test_trials_are_spread_over_rounds_without_losing_any() -> None:
    [*rounds] = plan.only("kill", 95)
    assert [sum(one.trials.values()) for one in rounds] == [31, 32, 32]
