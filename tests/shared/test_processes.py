"""Real processes, a real broker, a real database: nothing is lost and nothing counts twice, whoever dies when."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest
from kinara.kit.mongo import Database
from kinara.kit.relay import RELAY
from kinara.kit.testing import eventually
from running import Load, Servers, Toy, nothing_lost_or_doubled

UNHURRIED = 0.2
"""Seconds between two reports: none must be in its transaction when a process dies, for a database keeps the locks of a
transaction that nobody ends for a minute."""


async def test_a_toy_started_first_is_live_and_says_what_it_waits_for_until_its_servers_come(mortal: Servers) -> None:
    await mortal.kill("mongo")
    await mortal.kill("kafka")
    toy = mortal.toy("a")
    toy.child.start()
    await toy.listens()
    assert (await toy.http.get("/health/live")).status_code == 200
    assert {"database", "broker", "consumers"} <= (await toy.problems() or {}).keys()
    await mortal.start_database()
    await eventually(lambda: _complains_only_of(toy, "broker", "consumers"))
    await mortal.start_broker()
    await toy.ready()


async def _complains_only_of(toy: Toy, *checks: str) -> bool:
    return set(await toy.problems() or ()) == set(checks)


async def test_a_term_signal_drains_and_what_was_accepted_has_been_sent(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    async with Load(toy_a, pause=0) as load:
        await load.more(20)
        asked = time.monotonic()
        toy_a.child.signal(signal.SIGTERM)
        await asyncio.to_thread(toy_a.child.wait, 20)
    assert time.monotonic() - asked < 5
    sent = {dict(r.headers)["ce_id"].decode() for r in await mortal.topic("asn.uji.appraisal.v1")}
    assert set(load.accepted) <= sent


async def test_a_kill_at_any_named_point_loses_and_doubles_nothing(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    accepted: list[str] = []
    toy_a.child.stop()
    for point in ("outbox.before_send", "outbox.after_send", "inbox.after_effect"):
        toy_a.child.start({"KINARA_CRASH_AT": point})
        await toy_a.listens()
        async with Load(toy_a, pause=UNHURRIED) as load:
            await toy_a.dies()
        accepted += load.accepted
    toy_a.child.start()
    async with Load(toy_a, pause=UNHURRIED) as load:
        await toy_a.ready()
        await load.more(5)
    await nothing_lost_or_doubled(toys_database, accepted + load.accepted)


async def test_a_broker_that_comes_back_empty_loses_and_doubles_nothing(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    async with Load(toy_a) as load:
        await load.more(20)
        await mortal.kill("kafka")
        await load.more(20)
        await mortal.start_broker()
        await load.more(20)
        await toy_a.ready()
        await load.more(20)
    await nothing_lost_or_doubled(toys_database, load.accepted)


@pytest.mark.faults
async def test_a_database_killed_under_load_loses_and_doubles_nothing(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    async with Load(toy_a, pause=0) as load:
        await load.more(30)
        await mortal.kill("mongo")
        await mortal.start_database()
        await load.more(30)
    await nothing_lost_or_doubled(toys_database, load.accepted)


@pytest.mark.faults
async def test_two_processes_share_the_work_and_one_takes_over_from_the_other(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    toy_b = mortal.toy("b")
    toy_b.child.start()
    await toy_b.ready()
    await eventually(lambda: _share(toy_a, toy_b))
    async with Load(toy_a, toy_b) as load:
        await load.more(20)
    await nothing_lost_or_doubled(toys_database, load.accepted)
    first = await _leader(toys_database)
    toy_a.child.kill()
    killed = time.monotonic()
    async with Load(toy_b) as after:
        await eventually(lambda: _led_by_another(toys_database, first))
        assert time.monotonic() - killed < 8
        await after.more(20)
    await nothing_lost_or_doubled(toys_database, load.accepted + after.accepted)


async def _share(*toys: Toy) -> bool:
    shares = [await toy.metric("kinara_assigned_partitions") for toy in toys]
    return sum(shares) == 6 and all(shares)


async def _leader(database: Database) -> str:
    position = await database.find_one(RELAY, {"_id": RELAY})
    assert position is not None
    return str(position["owner"])


async def _led_by_another(database: Database, first: str) -> bool:
    return await _leader(database) != first


@pytest.mark.faults
async def test_a_process_that_wakes_after_its_session_has_run_out_doubles_nothing(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    toy_b = mortal.toy("b")
    if not toy_b.child.running:
        toy_b.child.start()
    await toy_b.ready()
    await eventually(lambda: _share(toy_a, toy_b))
    toy_b.child.signal(signal.SIGSTOP)
    async with Load(toy_a) as load:
        await eventually(lambda: _has_all(toy_a), within=40)
        await load.more(20)
        toy_b.child.signal(signal.SIGCONT)
        await eventually(lambda: _share(toy_a, toy_b), within=60)
        await load.more(20)
    await nothing_lost_or_doubled(toys_database, load.accepted)


async def _has_all(toy: Toy) -> bool:
    return await toy.metric("kinara_assigned_partitions") == 6
