"""An operator sees how far each group is behind, in events and in seconds, also of groups that nobody serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from embedded.stack import REPOSITORY, Stack
from kinara.kit import topics
from kinara.kit.ids import new_id
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry

TOLD = 5
INTERRUPTED = 130
"""What shells say of a command that Ctrl-C has ended: 128 and the signal's number."""


@pytest.fixture
async def cell(tmp_path: Path, environment: pytest.MonkeyPatch, servers: Stack) -> str:
    """A registry with one small cell of its own, whose feedback topic holds some records."""
    name, file = f"uji-{new_id()[-12:]}", tmp_path / "topics.yaml"
    registry = yaml.safe_load((REPOSITORY / "deploy" / "topics.yaml").read_text())
    registry["cells"] = {name: {"provinces": "all"}}
    registry["groups"] = {"appraisal.score": ["feedback", "training"]}
    registry["events"]["partitions"] = 2
    file.write_text(yaml.safe_dump(registry))
    environment.setenv("KINARA_TOPICS", str(file))
    url = KafkaUrl.parse(servers.kafka_url)
    await topics.apply(url, Registry.read(file), replicas=1)
    async with AIOKafkaProducer(**url.client_options(), acks="all") as producer:
        for number in range(TOLD):
            await producer.send_and_wait(f"asn.{name}.feedback.v1", b"{}", partition=number % 2)
    return name


def of(rows: list[dict[str, Any]], topic: str) -> dict[str, Any]:
    """The row of one topic."""
    [row] = [row for row in rows if row["topic"] == topic]
    return row


async def test_what_a_group_has_not_committed_waits_for_it(kinara: Any, cell: str, servers: Stack) -> None:
    spoken, silent = f"asn.{cell}.feedback.v1", f"asn.{cell}.training.v1"
    answer = await kinara("lag", "--json")
    row = of(answer.json, spoken)
    assert (answer.code, row["group"], row["events"]) == (0, f"appraisal.score.{cell}", TOLD)
    assert 0 <= row["seconds"] < 120
    assert of(answer.json, silent) | {"group": ""} == {"group": "", "topic": silent, "events": 0, "seconds": None}

    options = KafkaUrl.parse(servers.kafka_url).client_options()
    consumer = AIOKafkaConsumer(**options, group_id=f"appraisal.score.{cell}", enable_auto_commit=False)
    consumer.assign([TopicPartition(spoken, 0), TopicPartition(spoken, 1)])
    async with consumer:
        await consumer.commit({TopicPartition(spoken, 0): 3, TopicPartition(spoken, 1): 1})
    assert of((await kinara("lag", "--json")).json, spoken)["events"] == TOLD - 4

    table = await kinara("lag")
    assert f"appraisal.score.{cell}" in table.out


@pytest.mark.parametrize(("most", "code"), [(TOLD, 0), (TOLD - 1, 1)])
async def test_a_script_asks_whether_more_waits_than_it_allows(kinara: Any, cell: str, most: int, code: int) -> None:
    assert (await kinara("lag", "--json", "--at-most", str(most))).code == code


async def test_a_broker_that_is_away_is_out_of_reach(kinara: Any, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("KINARA_KAFKA", "kafka://127.0.0.1:1")
    answer = await kinara("lag")
    assert answer.code == 3
    assert "Periksa KINARA_KAFKA" in answer.err


async def test_watched_it_is_asked_again_until_ctrl_c(watching: Any, cell: str, servers: Stack) -> None:
    spoken, url = f"asn.{cell}.feedback.v1", KafkaUrl.parse(servers.kafka_url)
    watch = await watching("lag", "--watch", "--every", "0.1", "--json")
    assert of(await watch.line(), spoken)["events"] == TOLD
    async with AIOKafkaProducer(**url.client_options(), acks="all") as producer:
        await producer.send_and_wait(spoken, b"{}", partition=0)
    while (seen := of(await watch.line(), spoken)["events"]) == TOLD:
        pass
    assert seen == TOLD + 1
    assert await watch.interrupted() == INTERRUPTED
