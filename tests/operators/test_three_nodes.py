"""A cluster of three nodes, as agencies run it: every fact has three copies, and any one node may die."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from embedded import apache
from embedded.servers import Servers
from embedded.stack import BROKERS, Stack
from faults.observed import records
from faults.sayings import registered
from kinara.kit import outbox
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import eventually
from kinara.kit.topics import Registry
from kinara.kit.work import Cause

pytestmark = pytest.mark.skipif(Servers.asked().broker != "apache", reason="make test-kafka")
BACK_S = 60


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Stack]:
    """A cluster for each test: nodes that a test starts again end with its event loop."""
    with Stack.fresh(tmp_path / "cluster", Servers(broker="apache", nodes=3)) as stack:
        stack.start(services=["feedback"])
        yield stack


async def described(stack: Stack, *arguments: str) -> str:
    """What ``kafka-topics --describe`` prints of the cluster."""
    command = apache.program("kafka-topics", "--bootstrap-server", addresses(stack), "--describe", *arguments)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    return said.decode()


def addresses(stack: Stack) -> str:
    return ",".join(f"127.0.0.1:{stack.ports[name]}" for name in BROKERS)


async def employ(stack: Stack, registry: Registry) -> str:
    """Say, as personnel would, that somebody was employed; who it is."""
    event = registered(new_id(), new_id())
    row = outbox.row(event, id_=new_id(), version=1, at=utc_now(), cause=Cause(new_id()))
    async with AIOKafkaProducer(**KafkaUrl.parse(stack.kafka_url).client_options(), acks="all") as producer:
        for message in outbox.messages({"rows": [row]}, "personnel", registry):
            await producer.send_and_wait(message.topic, message.value, key=message.key, headers=list(message.headers))
    return event.employee_id


async def rate(stack: Stack, person: str) -> bool:
    """A citizen's rating, which is taken as soon as feedback has heard of the person."""
    async with httpx.AsyncClient(base_url=stack.address("feedback")) as client:
        try:
            answer = await client.post("/v1/feedback", json={"rating": 3, "employee_id": person})
        except httpx.TransportError:
            return False
    return answer.status_code == 201


async def unsent(stack: Stack) -> set[bytes]:
    """The facts in feedback's outbox that are on no topic."""
    database = Database(stack.mongo_url, "feedback")
    try:
        said = {row["id"].encode() for bucket in await database.find(OUTBOX, {}) for row in bucket["rows"]}
    finally:
        database.close()
    sent = await records(KafkaUrl.parse(stack.kafka_url), ["asn.nasional.feedback.v1"])
    return said - {dict(record.headers).get("ce_id") for record in sent}


async def test_every_topic_of_facts_has_three_copies_two_of_which_must_be_in_step(
    cluster: Stack, registry: Registry
) -> None:
    told = await described(cluster)
    found = re.findall(r"Topic: (\S+)\s+TopicId: \S+\s+PartitionCount: \d+\s+ReplicationFactor: (\d+)\s+(.*)", told)
    copies = {name: (int(factor), "min.insync.replicas=2" in rest) for name, factor, rest in found}
    assert {topic.name: (3, True) for topic in registry.all()}.items() <= copies.items()


async def test_facts_come_and_go_while_any_node_is_dead_and_it_comes_back_into_step(
    cluster: Stack, registry: Registry
) -> None:
    for node in BROKERS:
        await asyncio.to_thread(cluster.children[node].kill)
        person = await employ(cluster, registry)
        await eventually(lambda who=person: rate(cluster, who), BACK_S)
        await eventually(lambda: nothing_unsent(cluster), BACK_S)
        await asyncio.to_thread(cluster.revive)
        await eventually(lambda: in_step(cluster), BACK_S)


async def nothing_unsent(stack: Stack) -> bool:
    return not await unsent(stack)


async def in_step(stack: Stack) -> bool:
    return not await described(stack, "--under-replicated-partitions")
