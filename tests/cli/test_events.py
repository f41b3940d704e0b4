"""An operator reads what is on the wire, and says again what a service has said, under the same ids and versions."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from embedded.stack import REPOSITORY, Stack
from kinara.kit import topics
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.settings import KafkaUrl
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

PERSON = new_id()
INTERRUPTED = 130
"""What shells say of a command that Ctrl-C has ended: 128 and the signal's number."""


@pytest.fixture
async def cell(tmp_path: Path, environment: pytest.MonkeyPatch, servers: Stack) -> str:
    """A registry with one small cell of its own."""
    name, file = f"uji-{new_id()[-12:]}", tmp_path / "topics.yaml"
    registry = yaml.safe_load((REPOSITORY / "deploy" / "topics.yaml").read_text())
    registry |= {"cells": {name: {"provinces": "all"}}, "groups": {}}
    registry["events"]["partitions"] = 3
    file.write_text(yaml.safe_dump(registry))
    environment.setenv("KINARA_TOPICS", str(file))
    await topics.apply(KafkaUrl.parse(servers.kafka_url), Registry.read(file), replicas=1)
    return name


def fact(version: int) -> Document:
    """A fact as it stands in a bucket; its text is not for operators' eyes."""
    return {
        "id": new_id(), "type": "id.kinara.feedback.FeedbackReceived.v1", "subject": f"employee/{PERSON}",
        "version": version, "time": utc_now(), "province": "16", "correlation": new_id(), "causation": None,
        "traceparent": None, "data": '{"text": "Siti Rahma"}',
    }  # fmt: skip


@pytest.fixture
async def facts(database: Database) -> list[Document]:
    """Five facts that were said a day apart, the last one today, and a dead letter."""
    said = [fact(version) for version in range(1, 6)]
    dead = {"topic": "asn.x.dlq", "key": None, "value": b"?", "headers": []}
    buckets = [
        {"_id": new_id(), "at": utc_now() - timedelta(days=4 - day), "rows": [row, dead]}
        for day, row in enumerate(said)
    ]
    await database[OUTBOX].insert_many(buckets)
    return said


def since(days: float) -> str:
    """That many days ago, as the command takes it."""
    return f"{utc_now() - timedelta(days=days):%Y-%m-%dT%H:%M:%S}"


async def shown(kinara: Any, *more: str) -> list[dict[str, Any]]:
    """What the command shows of feedback's events."""
    answer = await kinara("events", "tail", "--service", "feedback", "--json", *more)
    assert answer.code == 0
    assert "Siti" not in answer.out
    return [json.loads(line) for line in answer.out.splitlines()]


async def test_what_was_said_is_said_again_from_a_time_on_and_shows_on_the_wire(
    kinara: Any, cell: str, facts: list[Document]
) -> None:
    order = ("events", "replay", "--service", "feedback", "--from", since(2.5), "--json")
    expected = {"id.kinara.feedback.FeedbackReceived.v1": 3}
    assert (await kinara(*order, "--dry-run")).json == {"dry_run": True, "events": expected}
    assert await shown(kinara) == []
    for _ in "12":
        assert (await kinara(*order)).json == {"dry_run": False, "events": expected}
    lines = await shown(kinara)
    assert [line["ce_id"] for line in lines] == [row["id"] for row in facts[2:]] * 2
    assert [line["ce_aggregateversion"] for line in lines] == ["3", "4", "5"] * 2
    assert {line["ce_subject"] for line in lines} == {f"employee/{PERSON}"}
    assert [line["ce_id"] for line in await shown(kinara, "--last", "2")] == [row["id"] for row in facts[3:]]


async def test_followed_it_shows_what_comes_until_ctrl_c(
    kinara: Any, watching: Any, cell: str, facts: list[Document]
) -> None:
    await kinara("events", "replay", "--service", "feedback", "--from", since(0.5))
    tail = await watching("events", "tail", "--service", "feedback", "--follow", "--json")
    assert (await tail.line())["ce_id"] == facts[4]["id"]
    await kinara("events", "replay", "--service", "feedback", "--from", since(1.5))
    assert [(await tail.line())["ce_id"] for _ in "12"] == [row["id"] for row in facts[3:]]
    assert await tail.interrupted() == INTERRUPTED


async def test_people_read_a_table_and_a_sentence(kinara: Any, cell: str, facts: list[Document]) -> None:
    answer = await kinara("events", "replay", "--service", "feedback", "--from", since(9), "--dry-run")
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "Tidak ada yang dikirim (--dry-run).")
    assert "FeedbackReceived.v1" in answer.out
    await kinara("events", "replay", "--service", "feedback", "--from", since(9))
    answer = await kinara("events", "tail", "--service", "feedback")
    assert len(answer.out.splitlines()) == 5


async def test_nothing_said_is_nothing_to_say_again(kinara: Any, cell: str, database: Database) -> None:
    answer = await kinara("events", "replay", "--service", "feedback", "--from", "2026-01-01")
    assert (answer.code, answer.out) == (0, "Tidak ada.\n")


async def test_a_time_that_is_none_is_wrong_usage(kinara: Any) -> None:
    assert (await kinara("events", "replay", "--service", "feedback", "--from", "kemarin")).code == 2
