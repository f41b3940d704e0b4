"""The plans try every fault that there is, and the campaign as often as the promise asks for."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from embedded.servers import Servers
from embedded.stack import REPOSITORY
from kinara.kit.crash import POINTS

from faults import plan
from faults.__main__ import late
from faults.campaign import Campaign, Result, Round, report
from faults.history import Recovery
from faults.killing import ELSEWHERE, read
from faults.nemeses import NEMESES


def trials(rounds: list[Round]) -> Counter[str]:
    return sum((Counter(one.trials) for one in rounds), Counter())


def test_every_crash_point_of_the_code_is_listed() -> None:
    said = [re.findall(r'crash_point\("([\w.]+)"\)', path.read_text()) for path in _code()]
    assert sorted(itertools.chain(*said)) == sorted(POINTS)


def _code() -> Iterator[Path]:
    return itertools.chain((REPOSITORY / "shared").rglob("*.py"), (REPOSITORY / "services").rglob("*.py"))


def test_every_crash_point_has_its_nemesis_or_a_test_that_kills_there() -> None:
    assert {f"crash {point}" for point in POINTS if point not in ELSEWHERE} <= NEMESES.keys()
    for point, file in ELSEWHERE.items():
        tests = (REPOSITORY / file).read_text()
        assert f'killed("{point}")' in tests or ("mark.killed\n" in tests and f'"{point}"' in tests), point


def test_every_fault_is_tried() -> None:
    assert trials(plan.minutes()).keys() == NEMESES.keys()
    assert trials(plan.full()).keys() == NEMESES.keys() | {f"crash {point}" for point in ELSEWHERE}


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


def test_a_figure_of_recovery_is_of_its_own_faults() -> None:
    took = [Recovery("broker", 8.0), Recovery("broker emptied", 22.0), Recovery("kill: what went wrong", 5.0)]
    took += [Recovery("crash rebuild.mid_swap", 30.0), Recovery("crash inbox.after_effect", 6.0)]
    told = report([Result(recoveries=took)], 7, {})["recovery_s"]
    assert (told["service_p95"], told["broker_p95"], told["by_fault"]["broker emptied"]) == (6.0, 8.0, 22.0)


def test_what_comes_back_later_than_promised_is_told_on_apache_kafka() -> None:
    took = {"service_p95": 10.1, "broker_p95": None}
    assert late(took, Servers(broker="apache")) == ["service_p95: 10.1 s, at most 10 s promised"]
    assert late(took, Servers()) == []


def test_what_could_not_be_tried_stands_in_the_report() -> None:
    assert report([Result(not_run=["full disks: no right to mount"])], 7, {})["not_run"] == [
        "full disks: no right to mount"
    ]


def test_kills_are_counted_from_the_report_of_their_tests(tmp_path: Path) -> None:
    file = tmp_path / "tests.xml"
    point = '<properties><property name="killed" value="seals.after_page"/></properties>'
    cases = (
        f"<testcase name='a'>{point}</testcase>",
        f"<testcase name='b'>{point}<failure message='1 != 2'/></testcase>",
        f"<testcase name='c'>{point}<skipped/></testcase>",
        "<testcase name='d'><error message='no database'/></testcase>",
    )
    file.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    tried, found = read(file)
    assert tried == {"crash seals.after_page": 2}
    assert [str(one) for one in found] == ["broken: b: 1 != 2", "broken: d: no database"]
