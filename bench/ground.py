"""Where a contender runs, who the contenders are, and how far they have come."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment as Assignment
from embedded.child import free_port
from embedded.stack import REPOSITORY, Stack
from kinara.kit import topics
from kinara.kit.outbox import Message
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry
from pymongo import MongoClient

from bench import load

BATCH = 2000
SPEAKER = "feedback"
INBOX = "appraisal.score"
OURS_FROM = (REPOSITORY / "deploy", REPOSITORY / "shared", REPOSITORY / "services" / "appraisal")
"""Where the rules are found by those who live in another environment."""
PEERS = REPOSITORY / "build" / "peers"
"""The peers' virtual environment; ``make bench`` installs it from ``locks/bench.txt``."""
Found = Iterator[tuple[str, int, float, float]]
"""An employee, how many ratings, the satisfaction that follows, and what the changes kept of it add up to."""


@dataclass
class Ground:
    """Where one contender runs once: topics, a group and a database that nobody else has."""

    stack: Stack
    folder: Path
    name: str
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        file = self.folder / f"{self.name}.yaml"
        registry = yaml.safe_load((REPOSITORY / "deploy" / "topics.yaml").read_text())
        registry["cells"] = {self.name: {"provinces": "all"}}
        file.write_text(yaml.safe_dump(registry))
        self.registry = Registry.read(file)
        self.topic = Registry.topic(self.name, SPEAKER)
        self.group = f"{INBOX}.{self.name}"
        self.url = KafkaUrl.parse(self.stack.kafka_url)
        self.said = self.folder / f"{self.name}.said"
        self.env = {
            **self.stack.env, "KINARA_TOPICS": str(file), "KINARA_CELLS": self.name, "KINARA_DATABASE": self.name,
            "KINARA_BATCH": str(BATCH), "BENCH_TOPIC": self.topic, "BENCH_GROUP": self.group, "BENCH_BATCH": str(BATCH),
            "BENCH_SAMPLES": str(self.folder / "samples.bson"), "BENCH_SERVERS": ",".join(self.url.servers),
            "BENCH_POLICIES": str(self.folder / "policies.json"), "BENCH_PROGRESS": str(self.said),
            "BENCH_STATE": str(self.folder / f"{self.name}.state"),
            "PYTHONPATH": ":".join(map(str, (REPOSITORY, *OURS_FROM))),
        }  # fmt: skip

    async def prepare(self) -> None:
        """Create the topics."""
        await topics.apply(self.url, self.registry, replicas=1)

    async def fill(self, told: Sequence[Message]) -> None:
        """Put messages on the topic."""
        await load.sent(self.url, [message._replace(topic=self.topic) for message in told])

    async def clear(self, admin: AIOKafkaAdminClient) -> None:
        """Take the topics away, so that the broker does not get slower with each contender."""
        await admin.delete_topics([topic.name for topic in self.registry.all()])

    async def committed(self, admin: AIOKafkaAdminClient) -> int:
        """How many records the group says that it is done with."""
        places = [TopicPartition(self.topic, number) for number in range(self.registry.events.partitions)]
        try:
            found = await admin.list_consumer_group_offsets(self.group, partitions=places)
        except Exception:  # noqa: BLE001  # a group that nobody has joined yet, in each broker's own words
            return 0
        return sum(max(0, place.offset) for place in found.values())

    async def shares(self, admin: AIOKafkaAdminClient) -> int:
        """How many processes of the group have partitions."""
        [answer] = await admin.describe_consumer_groups([self.group])
        [(_, _, state, _, _, members, *_)] = answer.groups
        shares = [member[-1] for member in members if state == "Stable"]
        return sum(not share or bool(Assignment.decode(share).assignment) for share in shares)  # Tansu does not say

    async def told(self, _: AIOKafkaAdminClient) -> int:
        """How many ratings a peer says that it has written."""
        lines = self.said.read_text(encoding="ascii").split("\n") if self.said.exists() else []
        return int(lines[-2]) if len(lines) > 1 else 0

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """Everything that the contender has stored there."""
        with MongoClient[dict[str, Any]](self.stack.mongo_url) as client:
            return list(client[self.name][collection].find())


@dataclass(frozen=True)
class Contender:
    """Who does the work: its process, and how its documents are read."""

    name: str
    command: Callable[[], list[str]]
    found: Callable[[Ground], Found]
    progress: Callable[[Ground, AIOKafkaAdminClient], Any] = Ground.committed
    share: float = 1
    """Of the load that it gets, where it is too slow for all of it."""
    module: str = ""
    """Its file among the contenders, if it is not ours."""
    library: str = ""
    """Of a guest: a run goes on without it."""

    def lacks(self) -> str:
        """Why it cannot run here; empty if it can."""
        if not self.library:
            return ""
        python, name = PEERS / "bin" / "python", self.library
        if not python.exists():
            return "its libraries are not installed: make bench"
        tried = subprocess.run([python, "-c", f"import {name}"], capture_output=True, text=True, check=False)
        return tried.stderr.strip().rpartition("\n")[2] if tried.returncode else ""


def _module(name: str, *arguments: str, python: str = sys.executable) -> list[str]:
    return [python, "-m", f"bench.contenders.{name}", *arguments]


def service(name: str) -> list[str]:
    """One of our services as users run it, on a port of its own."""
    command = [sys.executable, "-m", "uvicorn", f"{name}.main:create", "--factory", "--host", "127.0.0.1"]
    return [*command, "--port", str(free_port()), "--no-access-log", "--log-level", "warning"]


def _cards(ground: Ground) -> Found:
    """Cards with their effects, on pages of their own or not yet."""
    effects: dict[str, list[Any]] = {}
    for page in ground.documents("ledger"):
        effects.setdefault(page["subject"], []).extend(page["rows"])
    for card in ground.documents("scorecards"):
        [(period, score)] = card["scores"].items()
        rows = effects.get(card["_id"], []) + card.get("page", {}).get("rows", [])
        changes = (marks[period]["M"] for row in rows for marks in (row["opened"], row["deltas"]) if period in marks)
        told = sum((change.to_decimal() for change in changes), Decimal(0))
        yield card["_id"], len(rows), float(str(score["components"]["M"])), float(told)


def _samples(ground: Ground) -> Found:
    for card in ground.documents("scorecards"):
        yield card["_id"], card["bench"]["count"], card["bench"]["mark"], card["bench"]["mark"]


def _totals(ground: Ground) -> Found:
    for card in ground.documents("scorecards"):
        mark = load.mark(card["weight"], card["sum"])
        yield card["_id"], card["count"], mark, mark


def _guest(module: str, library: str) -> Contender:
    command = partial(_module, module, python=str(PEERS / "bin" / "python"))
    return Contender(module, command, _cards, Ground.told, module=module, library=library)


OURS = Contender("ours", partial(service, "appraisal"), _cards)
DURABLE = Contender("durable_limit", partial(_module, "by_hand", "durable"), _cards)
BARE = Contender("bare_limit", partial(_module, "by_hand", "bare"), _cards)
ROWS = Contender("rows_alone", partial(_module, "rows_alone"), _samples)
MESSAGES = Contender(
    "per_message_faststream", partial(_module, "faststream_messages"), _totals, share=0.025,
    module="faststream_messages",
)  # fmt: skip
GUESTS = (_guest("faust_take", "faust"), _guest("quix", "quixstreams"), _guest("bytewax_flow", "bytewax"))
