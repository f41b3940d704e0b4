"""The life of a broker: believed once its topics are there, and noticed when it is another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from embedded.stack import Stack
from kinara.kit import incarnation, topics
from kinara.kit.ids import new_id
from kinara.kit.incarnation import Incarnation
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import eventually
from kinara.kit.topics import Registry
from running import TOPICS

Look = Callable[[KafkaUrl, Registry], Incarnation]


@pytest.fixture
async def look(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Look]:
    """Something that keeps looking at a broker while the test runs."""
    monkeypatch.setattr(incarnation, "LOOK_S", 0.05)
    tasks = []

    def start(kafka: KafkaUrl, registry: Registry) -> Incarnation:
        life = Incarnation(kafka, registry)
        tasks.append(asyncio.create_task(life.run()))
        return life

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def mine(tmp_path: Path) -> Registry:
    """A registry whose topics no broker has yet."""
    path = tmp_path / "topics.yaml"
    path.write_text(TOPICS.read_text().replace("uji:", f"u{new_id()}:"))
    return Registry.read(path)


async def test_a_broker_is_believed_once_its_topics_are_there(servers: Stack, mine: Registry, look: Look) -> None:
    kafka = KafkaUrl.parse(servers.kafka_url)
    life = look(kafka, mine)
    believed = asyncio.create_task(life.current())
    await eventually(lambda: life.problem.startswith("topics differ: "))
    assert not believed.done()
    await topics.apply(kafka, mine, replicas=1)
    assert await asyncio.wait_for(believed, 10)
    assert life.problem == ""


async def test_another_life_is_told_to_those_who_know_the_last_one(servers: Stack, mine: Registry, look: Look) -> None:
    kafka = KafkaUrl.parse(servers.kafka_url)
    await topics.apply(kafka, mine, replicas=1)
    life = look(kafka, mine)
    present = await life.current()
    assert await life.other_than("the last one") == present
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(life.other_than(present), 0.3)


async def test_a_broker_that_is_away_is_a_problem_and_no_end(mine: Registry, look: Look) -> None:
    life = look(KafkaUrl.parse("kafka://127.0.0.1:1"), mine)
    believed = asyncio.create_task(life.current())
    await eventually(lambda: "KafkaConnectionError" in life.problem)
    assert not believed.done()
    believed.cancel()
