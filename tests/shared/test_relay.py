"""The relay on a real broker: everything once it is saved, in commit order, from where the last one stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from aiokafka.partitioner import DefaultPartitioner
from embedded.stack import Stack
from kinara.kit import deadletters, outbox, relay, topics
from kinara.kit.envelope import Raw, read
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.relay import OVERLAP, RELAY, Relay
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import eventually, put
from kinara.kit.work import Cause
from running import REGISTRY, records_of
from toy import reported

TOPIC = "asn.uji.appraisal.v1"
PAUSES_S = (0.1, 0.2, 0.4, 0.8)
"""The least that a relay waits after its first failures; a busy machine makes any of them longer."""


@pytest.fixture(scope="module")
async def kafka(servers: Stack) -> KafkaUrl:
    url = KafkaUrl.parse(servers.kafka_url)
    await topics.apply(url, REGISTRY, replicas=1, recreate=True)
    return url


class Life:
    """Which life of the broker it is, for a relay to ask."""

    def __init__(self) -> None:
        self.id = "life-1"

    async def __call__(self) -> str:
        return self.id


@asynccontextmanager
async def relaying(
    database: Database,
    kafka: KafkaUrl,
    life: Life | None = None,
    *,
    leading: bool = True,
    registry: topics.Registry = REGISTRY,
    instance: str = "",
) -> AsyncIterator[Relay]:
    """A relay that runs and, if it is to lead, has seen all that was saved before."""
    relay = Relay(database, "appraisal", kafka, registry, life or Life(), instance)
    begun = relay.idle_at
    task = asyncio.create_task(relay.run())
    try:
        if leading:
            await eventually(lambda: relay.idle_at > begun)
        yield relay
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def say(database: Database, *versions: int, employee: str) -> list[str]:
    """Save facts, a bucket for each; their ids."""
    ids = []
    for version in versions:
        ids.append(new_id())
        row = outbox.row(reported(employee), id_=ids[-1], version=version, at=utc_now(), cause=Cause(new_id()))
        await put(database, [row])
    return ids


async def heard(kafka: KafkaUrl, employee: str) -> list[str]:
    """The ids of an employee's facts on the topic, in its order."""
    return [dict(r.headers)["ce_id"].decode() for r in await records_of(kafka, TOPIC) if r.key == employee.encode()]


async def becomes(kafka: KafkaUrl, employee: str, ids: list[str]) -> None:
    async def is_so() -> bool:
        return await heard(kafka, employee) == ids

    await eventually(is_so, within=15)


async def settles(database: Database) -> None:
    """Wait until the relay has kept a position after the newest bucket."""

    async def is_kept() -> bool:
        position = await database.find_one(RELAY, {}) or {}
        newest = await database.find(OUTBOX, {}, sort=[("_id", -1)], limit=1)
        return position.get("bucket") == newest[0]["_id"] and position.get("token") is not None

    await eventually(is_kept)


async def test_facts_are_sent_in_the_order_in_which_they_were_saved(database: Database, kafka: KafkaUrl) -> None:
    employee = new_id()
    async with relaying(database, kafka):
        ids = await say(database, *range(1, 31), employee=employee)
        await becomes(kafka, employee, ids)


async def test_a_relay_goes_on_where_the_last_one_stopped(database: Database, kafka: KafkaUrl) -> None:
    employee = new_id()
    async with relaying(database, kafka):
        first = await say(database, 1, 2, employee=employee)
        await settles(database)
    second = await say(database, 3, employee=employee)
    async with relaying(database, kafka):
        third = await say(database, 4, employee=employee)
        await becomes(kafka, employee, first + second + third)


async def test_a_relay_with_older_cells_sends_nothing_once_one_with_newer_cells_has_begun(
    database: Database, kafka: KafkaUrl
) -> None:
    employee, newer = new_id(), replace(REGISTRY, generation=REGISTRY.generation + 1)
    async with relaying(database, kafka):
        first = await say(database, 1, employee=employee)
        await settles(database)
    async with relaying(database, kafka, registry=newer):
        second = await say(database, 2, employee=employee)
        await settles(database)
    async with relaying(database, kafka, leading=False) as older:
        third = await say(database, 3, employee=employee)
        looked = older.alive_at
        await eventually(lambda: older.alive_at > looked)
        assert not older.leads
        async with relaying(database, kafka, registry=newer):
            await becomes(kafka, employee, first + second + third)
    assert older.last_sent is None


async def test_dead_letters_of_a_cell_that_is_no_more_keep_nobody_waiting(database: Database, kafka: KafkaUrl) -> None:
    gone = {"topic": "asn.gone.feedback.v1.toy.tally.gone.dlq", "key": None, "value": b"?", "headers": []}
    await database[OUTBOX].insert_one({"_id": new_id(), "at": utc_now(), "rows": [gone]})
    employee = new_id()
    async with relaying(database, kafka):
        await becomes(kafka, employee, await say(database, 1, employee=employee))


async def test_a_lost_position_means_sending_again_from_a_while_before(database: Database, kafka: KafkaUrl) -> None:
    old, employee = new_id(), new_id()
    async with relaying(database, kafka):
        long_ago = await say(database, 1, employee=old)
        first = await say(database, 1, 2, employee=employee)
        await settles(database)
    await database[OUTBOX].update_one({"rows.id": long_ago[0]}, {"$set": {"at": utc_now() - 2 * OVERLAP}})
    await database[RELAY].update_one({}, {"$set": {"token": {"_data": "00"}}})
    third = await say(database, 3, employee=employee)
    async with relaying(database, kafka):
        assert await heard(kafka, employee) == first + first + third
        fourth = await say(database, 4, employee=employee)
        await becomes(kafka, employee, first + first + third + fourth)
    assert await heard(kafka, old) == long_ago


async def test_another_life_of_the_broker_is_told_everything_again(database: Database, kafka: KafkaUrl) -> None:
    employee, life = new_id(), Life()
    async with relaying(database, kafka, life):
        ids = await say(database, 1, 2, employee=employee)
        await becomes(kafka, employee, ids)
        life.id = "life-2"
        await becomes(kafka, employee, ids + ids)
        more = await say(database, 3, employee=employee)
        await becomes(kafka, employee, ids + ids + more)


async def test_one_relay_leads_and_the_next_takes_over_at_once_when_it_leaves(
    database: Database, kafka: KafkaUrl
) -> None:
    employee = new_id()
    async with relaying(database, kafka) as first, relaying(database, kafka, leading=False) as second:
        ids = await say(database, 1, employee=employee)
        await becomes(kafka, employee, ids)
        assert [first.leads, second.leads] == [True, False]
    async with relaying(database, kafka) as third:
        assert third.leads
        ids += await say(database, 2, employee=employee)
        await becomes(kafka, employee, ids)


@pytest.mark.parametrize(("name", "leads"), [("pod-1", True), ("pod-2", False)])
async def test_a_process_takes_back_at_once_what_one_of_its_name_had_when_it_was_killed(
    database: Database, kafka: KafkaUrl, name: str, leads: bool
) -> None:
    killed = {"_id": RELAY, "owner": new_id(), "instance": "pod-1", "until": utc_now() + timedelta(minutes=1)}
    await database[RELAY].insert_one(killed | {"generation": REGISTRY.generation})
    async with relaying(database, kafka, instance=name, leading=leads) as relay:
        await eventually(lambda: relay._begun)
        position = await database.find_one(RELAY, {}) or {}
        assert (position["owner"] != killed["owner"]) is leads


async def test_of_two_processes_by_mistake_of_one_name_the_first_to_begin_does_not_take_the_lease_back(
    database: Database, kafka: KafkaUrl
) -> None:
    first_process = relaying(database, kafka, instance="pod-1")
    async with first_process as first, relaying(database, kafka, instance="pod-1") as second:
        alive = first.alive_at
        await eventually(lambda: first.alive_at > alive and not first.leads)
        assert second.leads


async def test_a_relay_whose_lease_was_taken_steps_back(database: Database, kafka: KafkaUrl) -> None:
    employee = new_id()
    async with relaying(database, kafka) as relay:
        before = await database.find_one(RELAY, {})
        assert before is not None
        taken = {"owner": "somebody else", "until": utc_now() + timedelta(minutes=1)}
        await database[RELAY].update_one({}, {"$set": taken})
        await say(database, 1, employee=employee)
        await eventually(lambda: not relay.leads)
        position = await database.find_one(RELAY, {})
        assert position is not None
        assert {name: position[name] for name in ("owner", "token")} == {
            "owner": "somebody else",
            "token": before["token"],
        }


async def test_transactions_that_overlap_leave_nothing_that_looks_unsent(database: Database, kafka: KafkaUrl) -> None:
    employee, began_first = new_id(), new_id()
    row = outbox.row(reported(employee), id_=new_id(), version=1, at=utc_now(), cause=Cause(new_id()))
    async with relaying(database, kafka):
        await say(database, 1, employee=new_id())
        await database[OUTBOX].insert_one({"_id": began_first, "at": utc_now(), "rows": [row]})
        await becomes(kafka, employee, [row["id"]])
        await settles(database)


async def test_an_outbox_that_is_dropped_under_a_relay_is_followed_again(database: Database, kafka: KafkaUrl) -> None:
    employee = new_id()

    async def is_heard() -> bool:
        return set(await heard(kafka, employee)) == set(ids)

    async with relaying(database, kafka):
        await say(database, 1, employee=new_id())
        await settles(database)
        await database[OUTBOX].drop()
        ids = await say(database, 1, 2, employee=employee)
        await eventually(is_heard)


async def test_a_dead_letter_without_key_value_or_readable_header_goes_out(database: Database, kafka: KafkaUrl) -> None:
    id_ = new_id().encode()
    headers: Any = (("x-null", None), ("x-bytes", b"\xff\xfe"), ("x-id", id_))
    incoming = read(Raw("asn.uji.feedback.v1", 0, 0, None, None, headers), {}, frozenset())
    letter = deadletters.document(incoming, new_id(), "toy.tally.uji", utc_now())
    row = deadletters.row(letter)
    async with relaying(database, kafka):
        await put(database, [row])
        await settles(database)
    (sent,) = [r for r in await records_of(kafka, row["topic"]) if ("x-id", id_) in r.headers]
    assert sent.headers[:3] == headers


async def test_a_relay_waits_out_a_broker_that_is_away(database: Database) -> None:
    nobody = KafkaUrl.parse("kafka://127.0.0.1:1?idempotence=false")
    async with relaying(database, nobody, leading=False) as relay:
        before = relay.alive_at
        await eventually(lambda: relay.alive_at > before + timedelta(seconds=1))
        position = await database.find_one(RELAY, {})
        assert position is not None
        assert "token" not in position


async def test_many_facts_of_one_transaction_keep_their_order_across_buckets(
    database: Database, kafka: KafkaUrl
) -> None:
    employee, count = new_id(), 2 * outbox.BUCKET_ROWS + 1
    rows = [
        outbox.row(reported(employee), id_=new_id(), version=v, at=utc_now(), cause=Cause(new_id()))
        for v in range(1, count + 1)
    ]
    async with relaying(database, kafka):
        await put(database, rows)
        assert await database[OUTBOX].count_documents({}) == 3
        await becomes(kafka, employee, [row["id"] for row in rows])


async def test_a_relay_that_cannot_send_waits_longer_each_time_and_says_since_when(
    database: Database, kafka: KafkaUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts, real = [], Relay._open_producer
    away = True

    async def open_producer(relay: Relay) -> None:
        attempts.append(asyncio.get_running_loop().time())
        if away:
            raise KafkaConnectionError("away")
        await real(relay)

    monkeypatch.setattr(Relay, "_open_producer", open_producer)
    async with relaying(database, kafka, leading=False) as relay:
        await eventually(lambda: len(attempts) == 5)
        pauses = [later - earlier for earlier, later in pairwise(attempts)]
        assert all(pause >= least for pause, least in zip(pauses, PAUSES_S, strict=True)), pauses
        assert relay.failing_since is not None
        away = False
        await eventually(lambda: relay.failing_since is None)


async def test_a_relay_whose_every_sending_fails_waits_longer_each_time_and_says_since_when(
    database: Database, kafka: KafkaUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[float] = []

    async def send(*_: Any) -> None:
        attempts.append(asyncio.get_running_loop().time())
        raise KafkaConnectionError("away")

    async with relaying(database, kafka) as relay:
        monkeypatch.setattr(Relay, "_send", send)
        await say(database, 1, employee=new_id())
        await eventually(lambda: len(attempts) == 5)
        pauses = [later - earlier for earlier, later in pairwise(attempts)]
        assert all(pause >= least for pause, least in zip(pauses, PAUSES_S, strict=True)), pauses
        assert relay.failing_since is not None


@pytest.mark.parametrize("key", [b"", b"a", b"kunci", b"1234567", b"01a2094c-67c3-77b6-b79b-3e0fcdfa2d55"])
def test_a_key_goes_where_the_library_would_put_it(key: bytes) -> None:
    for partitions in (1, 3, 24):
        assert relay.hash_of(key) % partitions == DefaultPartitioner()(key, list(range(partitions)), [])


def test_a_fact_that_no_topic_takes_is_refused_before_it_is_saved() -> None:
    fact = reported(new_id()).model_copy(update={"indicator": "x" * outbox.EVENT_BYTES})
    with pytest.raises(ValueError, match="at most 900000 can be sent"):
        outbox.row(fact, id_=new_id(), version=1, at=utc_now(), cause=Cause(new_id()))
