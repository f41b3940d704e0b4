"""Rounds of closing: what is due is closed once, by however many at a time, wherever they were cut off."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from appraisal import store
from appraisal.commands import rounds
from appraisal.store import CLOSED, ROUNDS, SCORECARDS, VERDICTS
from kinara.kit.mongo import Conflict, Database
from kinara.kit.regional import calendar_of
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer, eventually
from kinara.kit.work import Work
from working_off import worked_off

CALENDAR = calendar_of()
PERIOD, QUARTER = "2026-11", "2026-Q4"
AT = datetime(2026, 11, 10, 3, tzinfo=UTC)
DUE = datetime(2026, 12, 8, 3, tzinfo=UTC)
"""The eighth day after the month: Plaju closes after seven."""


def at(moment: datetime) -> Any:
    return lambda: moment


@pytest.fixture
async def officers(town: Any, deliver: Deliverer) -> list[str]:
    """Seven officers of Plaju and one of Sorong, of whom a citizen has spoken."""
    ids = [await town.officer() for _ in range(7)] + [await town.officer("/96.71/dinkes")]
    for id_ in ids:
        await deliver(town.voice(id_, 4, given_at=AT))
    return ids


async def closed(database: Database) -> Counter[str]:
    found = await Work(database).find(CLOSED, SYSTEM, {})
    return Counter(f"{one.state.employee_id} {one.state.period}" for one in found)


async def assert_all_closed_once(database: Database, officers: list[str], facts: list[dict[str, Any]]) -> None:
    """One closed period, one closing effect and one verdict each, and every fact said once."""
    assert await closed(database) == Counter(f"{id_} {PERIOD}" for id_ in officers)
    for id_ in officers:
        card = await Work(database).get(SCORECARDS, id_, SYSTEM)
        closings = [row for row in await Work(database).effects(card) if row["note"] == f"Periode {PERIOD} ditutup."]
        assert len(closings) == 1
    assert len(await Work(database).find(VERDICTS, SYSTEM, {})) == len(officers)
    said = Counter((row["type"], row["subject"], row["version"]) for row in facts)
    assert all(count == 1 for count in said.values())


async def test_a_period_is_closed_on_the_day_after_its_policy_s_delay(prepared: Database, officers: list[str]) -> None:
    await rounds.work_off(prepared, at(datetime(2026, 12, 7, 3, tzinfo=UTC)), calendar=CALENDAR)
    assert not await closed(prepared), "the seventh day is still the employee's"

    await rounds.work_off(prepared, at(DUE), calendar=CALENDAR)

    assert await closed(prepared) == Counter(f"{id_} {PERIOD}" for id_ in officers[:7]), "Sorong appraises by quarter"
    (round_,) = [one.state for one in await Work(prepared).find(ROUNDS, SYSTEM, {"_id": "2026-12-08"})]
    assert (round_.looked_at, round_.closed, round_.refused, round_.ended_at) == (8, 7, 0, DUE)

    await rounds.work_off(prepared, at(datetime(2027, 1, 8, 3, tzinfo=UTC)), calendar=CALENDAR)
    assert (await closed(prepared))[f"{officers[7]} {QUARTER}"] == 1


async def test_the_closes_of_a_round_say_that_the_scheduler_made_them(
    prepared: Database, officers: list[str], effects: Any
) -> None:
    await rounds.work_off(prepared, at(DUE), calendar=CALENDAR)
    assert (await effects(officers[0]))[-1]["by"] == "scheduler"


async def test_a_unit_whose_policy_closes_nothing_by_itself_is_left_to_people(
    prepared: Database, town: Any, deliver: Deliverer
) -> None:
    id_ = await town.officer("/31.71/dinkes")
    await deliver(town.voice(id_, 4, given_at=AT))
    await rounds.work_off(prepared, at(datetime(2027, 6, 1, tzinfo=UTC)), calendar=CALENDAR)
    assert not await closed(prepared)


async def test_the_loop_has_a_round_once_a_day(
    prepared: Database, officers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "POLL_S", 0.05)

    async def ended() -> list[int]:
        found = await Work(prepared).find(ROUNDS, SYSTEM, {})
        return [one.state.looked_at for one in found if one.state.ended_at is not None]

    loop = asyncio.create_task(rounds.Closer(CALENDAR).run(prepared))
    await eventually(ended, within=20)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    assert await ended() == [len(officers)]


async def test_parallel_rounds_close_everybody_once(
    prepared: Database, officers: list[str], monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    monkeypatch.setattr(rounds, "PAGE", 2)
    before = len(await said())

    async def closer() -> None:
        for _ in range(20):
            try:
                await rounds.work_off(prepared, at(DUE), calendar=CALENDAR)
            except Conflict:  # as the lease's loop would: again from what is stored
                continue
            return

    await asyncio.gather(*(closer() for _ in range(3)))

    await assert_all_closed_once(prepared, officers[:7], (await said())[before:])


@pytest.mark.killed("closing.after_card")
@pytest.mark.parametrize("after", [1, 3, 7])
async def test_a_closer_that_is_killed_is_followed_by_two_that_close_the_rest_once(
    prepared: Database, servers: Any, officers: list[str], said: Any, after: int
) -> None:
    """With kill -9, in processes of their own."""
    before = len(await said())

    async def closer(crash_at: str = "") -> int:
        return await worked_off("appraisal.commands.rounds", servers.mongo_url, prepared.name, DUE, crash_at=crash_at)

    assert await closer(f"closing.after_card:{after}") == -signal.SIGKILL
    assert sum((await closed(prepared)).values()) == after

    assert await asyncio.gather(closer(), closer()) == [0, 0]

    await assert_all_closed_once(prepared, officers[:7], (await said())[before:])
    (ballot,) = await Work(prepared).find(store.BALLOTS, SYSTEM, {})
    assert (ballot.id, ballot.state.ended_at is not None) == (f"plaju@1:{PERIOD}", True)


class Traffic:
    """How often appraisal began a transaction, and read verdicts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.transactions, self.reads = 0, 0
        transact, find = Database.transact, Database.find

        async def counted(database: Database, *args: Any, **options: Any) -> Any:
            self.transactions += 1
            return await transact(database, *args, **options)

        async def read(database: Database, collection: str, *args: Any, **options: Any) -> Any:
            self.reads += collection == VERDICTS.name
            return await find(database, collection, *args, **options)

        monkeypatch.setattr(Database, "transact", counted)
        monkeypatch.setattr(Database, "find", read)


async def test_in_january_a_year_is_proposed_once_and_after_that_a_page_of_people_is_one_read(
    prepared: Database, officers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's December was ever opened in Plaju; Sorong's quarter is still open."""
    await rounds.work_off(prepared, at(DUE), calendar=CALENDAR)
    await rounds.work_off(prepared, at(datetime(2026, 12, 31, 3, tzinfo=UTC)), calendar=CALENDAR)
    assert await years_proposed(prepared) == []
    await rounds.work_off(prepared, at(datetime(2027, 1, 2, 3, tzinfo=UTC)), calendar=CALENDAR)
    assert await years_proposed(prepared) == sorted(f"{id_}/2026" for id_ in officers[:7])

    before = await prepared.find(VERDICTS.name, {}, sort=[("_id", 1)])
    traffic = Traffic(monkeypatch)
    await rounds.work_off(prepared, at(datetime(2027, 1, 3, 3, tzinfo=UTC)), calendar=CALENDAR)
    assert (traffic.transactions, traffic.reads) == (3, 1), (
        "begun, one page, ended; and one look at the page's verdicts"
    )
    assert await prepared.find(VERDICTS.name, {}, sort=[("_id", 1)]) == before

    newcomer = Traffic(monkeypatch)
    await prepared[VERDICTS.name].delete_one({"_id": f"{officers[0]}/2026"})
    await rounds.work_off(prepared, at(datetime(2027, 1, 4, 3, tzinfo=UTC)), calendar=CALENDAR)
    assert newcomer.transactions == 4, "a transaction for whom something is due"
    assert len(await years_proposed(prepared)) == 7


async def years_proposed(database: Database) -> list[str]:
    found = await Work(database).find(VERDICTS, SYSTEM, {"period": "2026"})
    return sorted(one.id for one in found)


async def test_a_period_that_a_person_closes_meanwhile_is_left_alone(
    prepared: Database, officers: list[str], office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.now = DUE
    due_periods, first = rounds.due_periods, officers[0]

    def seen_before_hr(card: Any, *rest: Any) -> Any:
        return [PERIOD] if card.employee_id == first else due_periods(card, *rest)

    await office.close(first, PERIOD)
    monkeypatch.setattr(rounds, "due_periods", seen_before_hr)
    await rounds.work_off(prepared, at(DUE), calendar=CALENDAR)

    assert await closed(prepared) == Counter(f"{id_} {PERIOD}" for id_ in officers[:7])
    (round_,) = [one.state for one in await Work(prepared).find(ROUNDS, SYSTEM, {})]
    assert (round_.closed, round_.refused) == (6, 1)
