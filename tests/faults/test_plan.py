"""The plans try every fault that there is, and the campaign as often as the promise asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from embedded.servers import Servers
from kinara.kit.crash import POINTS

from faults import plan
from faults.campaign import Campaign, Result, Round
from faults.nemeses import NEMESES


def trials(rounds: list[Round]) -> Counter[str]:
    return sum((Counter(one.trials) for one in rounds), Counter())


KILLED_ELSEWHERE = {
    "closing.after_card": "tests/appraisal/test_rounds.py: a siege lives within one day",
    "clocks.after_complaint": "tests/feedback/test_clocks.py: a siege lives within one day",
    "publication.after_month": "tests/feedback/test_publisher.py: a siege lives within one day",
    "seals.after_page": "tests/shared/test_seals.py: a siege lives within one day",
    "outgoing.before_send": "tests/personnel/test_outgoing.py: nobody of a siege confirms what BKN is told",
    "outgoing.after_send": "tests/personnel/test_outgoing.py: nobody of a siege confirms what BKN is told",
    "settling.after_step": "tests/training/test_ending.py: no session of a siege is large enough",
    "moves.after_page": "tests/training/test_moves.py: no unit of a siege moves",
}
"""Where, and why not here."""


def test_every_crash_point_has_its_nemesis() -> None:
    assert {f"crash {point}" for point in POINTS if point not in KILLED_ELSEWHERE} <= NEMESES.keys()


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


async def test_a_campaign_that_was_cut_off_goes_on_by_its_seed_and_a_slice_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    cuts = [RuntimeError("cut off")]

    async def played(_: Campaign, planned: Round, number: int) -> Result:
        if number == 3 and cuts:
            raise cuts.pop()
        tried.append(planned.name)
        return Result(facts=number)

    monkeypatch.setattr(Campaign, "round", played)
    rounds = [Round(name, {"kill": 1}) for name in "abc"]
    campaign = Campaign(Servers.asked(), tmp_path, 7, lambda _: None)
    with pytest.raises(RuntimeError):
        await campaign.run(rounds)
    results = await campaign.run(rounds)
    assert (tried, [result.facts for result in results]) == (["a", "b", "c"], [1, 2, 3])
    await replace(campaign, seed=8).run(rounds[:1])
    await replace(campaign, quick=True).run(rounds[:1])
    assert tried == ["a", "b", "c", "a", "a"]
