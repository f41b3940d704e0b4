"""The registry: what it refuses to read, what it asks of a broker, and what it says of one that differs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from embedded.stack import Stack
from kinara.kit import topics
from kinara.kit.ids import new_id
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry, TopicsDiffer

GOOD = """
cells:
  barat: {provinces: [11, "16"]}
  rest: {provinces: all}
events: {services: [feedback, training], partitions: 3, replication: 3, config: {min.insync.replicas: "2"}}
dead_letters: {partitions: 1, replication: 3}
groups: {training.record: [feedback]}
"""


def registry(tmp_path: Path, text: str = GOOD) -> Registry:
    path = tmp_path / "topics.yaml"
    path.write_text(text)
    return Registry.read(path)


def test_a_province_belongs_to_the_cell_that_names_it_else_to_the_one_that_holds_all(tmp_path: Path) -> None:
    read = registry(tmp_path)
    assert [read.cell_of(province) for province in ("11", "16", "31")] == ["barat", "barat", "rest"]


def test_each_cell_has_its_topics_and_its_dead_letters(tmp_path: Path) -> None:
    names = [topic.name for topic in registry(tmp_path).all()]
    assert names == [
        "asn.barat.feedback.v1",
        "asn.barat.training.v1",
        "asn.barat.feedback.v1.training.record.barat.dlq",
        "asn.rest.feedback.v1",
        "asn.rest.training.v1",
        "asn.rest.feedback.v1.training.record.rest.dlq",
    ]


def test_a_small_broker_is_asked_for_one_copy_and_no_quorum(tmp_path: Path) -> None:
    first = next(registry(tmp_path).all(replicas=1))
    assert (first.replication, first.config) == (1, {})


WRONG: dict[str, tuple[str, str, str]] = {
    "no cell for the rest": ("provinces: all", 'provinces: ["31"]', "exactly one cell"),
    "two cells for the rest": ('provinces: [11, "16"]', "provinces: all", "exactly one cell"),
    "a province in two cells": ("rest:", "timur: {provinces: [16]}\n  rest:", "more than one cell: ['16']"),
    "a province that is no code": ("[11,", "[Aceh,", "cells.barat.provinces"),
    "a group that hears nobody we know": ("record: [feedback]", "record: [feedbak]", "unknown services ['feedbak']"),
    "no partitions": ("partitions: 3", "partitions: 0", "events.partitions"),
    "a name with a dot": ("barat:", "ba.rat:", "cells.ba.rat"),
    "a word nobody knows": ("dead_letters: {", "dead_letters: {replicas: 1, ", "dead_letters.replicas"),
    "a part missing": ("groups: {training.record: [feedback]}", "", "groups: Field required"),
    "no YAML": ("cells:", "cells: {", "topics.yaml"),
}


@pytest.mark.parametrize(("old", "new", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_file_that_does_not_add_up_is_refused_with_the_place_named(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(ValueError, match=r"topics\.yaml") as refusal:
        registry(tmp_path, GOOD.replace(old, new))
    assert said in str(refusal.value)


@pytest.mark.parametrize("cells", [(), ("barat", "barat"), ("timur",), ("",)], ids=str)
def test_a_process_serves_known_cells_each_once(tmp_path: Path, cells: tuple[str, ...]) -> None:
    registry(tmp_path).expect(("barat", "rest"), "training.record")
    with pytest.raises(ValueError, match="KINARA_CELLS"):
        registry(tmp_path).expect(cells, "training.record")


def test_a_process_listens_with_a_group_that_is_registered(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"training\.other"):
        registry(tmp_path).expect(("rest",), "training.other")


@pytest.fixture
def mine(tmp_path: Path) -> Registry:
    """A registry whose topics no other test has."""
    return registry(tmp_path, GOOD.replace("barat", f"b{new_id()}").replace("rest:", f"r{new_id()}:"))


async def test_topics_are_created_as_registered_and_then_nothing_is_missing(servers: Stack, mine: Registry) -> None:
    url = KafkaUrl.parse(servers.kafka_url)
    with pytest.raises(TopicsDiffer, match="missing"):
        await topics.verify(url, mine)
    assert await topics.apply(url, mine, replicas=1) == [topic.name for topic in mine.all()]
    await topics.verify(url, mine)
    assert await topics.apply(url, mine, replicas=1) == []


async def test_a_topic_of_the_wrong_shape_is_named_and_replaced_only_if_asked_for(
    servers: Stack, mine: Registry
) -> None:
    url, (name, *_) = KafkaUrl.parse(servers.kafka_url), [topic.name for topic in mine.all()]
    admin = AIOKafkaAdminClient(**url.client_options())
    await admin.start()
    await admin.create_topics([NewTopic(name, 5, 1)])
    await admin.close()
    await topics.apply(url, mine, replicas=1)
    with pytest.raises(TopicsDiffer, match=f"{name}: 5 partitions, expected 3"):
        await topics.verify(url, mine)
    assert await topics.apply(url, mine, replicas=1, recreate=True) == [name]
    await topics.verify(url, mine)


async def test_what_the_broker_refuses_is_named_with_its_reason(
    servers: Stack, mine: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = [topic.name for topic in mine.all()]
    real = AIOKafkaAdminClient.create_topics

    async def all_but_one(admin: AIOKafkaAdminClient, asked: list[NewTopic]) -> SimpleNamespace:
        """As Apache Kafka answers where too few brokers are up; the embedded broker refuses nothing."""
        answer = await real(admin, [topic for topic in asked if topic.name != first])
        return SimpleNamespace(topic_errors=[(first, 38, "only 1 broker is registered"), *answer.topic_errors])

    monkeypatch.setattr(AIOKafkaAdminClient, "create_topics", all_but_one)
    url = KafkaUrl.parse(servers.kafka_url)
    with pytest.raises(TopicsDiffer, match=f"{first}: not created, only 1 broker is registered"):
        await topics.apply(url, mine, replicas=1)
    monkeypatch.undo()
    assert await topics.apply(url, mine, replicas=1) == [first]
    assert others
