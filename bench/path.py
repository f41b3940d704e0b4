"""The event path measured: from records in Kafka to correct scores in the database, ours beside its limits and a peer.

``make bench`` (servers by KAFKA and MONGO, as for the stack). All contenders run in turn on the same servers in one
run, in an order drawn anew for each round, each on topics, a group and a database of its own; each result is checked
against an oracle, employee by employee. The rate counts from the first committed offsets, so that neither imports nor
joining a group are in it. Only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from bson import encode
from embedded.child import Child
from embedded.servers import Servers
from embedded.stack import REPOSITORY, Stack
from kinara.kit import topics
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry
from pymongo import MongoClient
from rich.console import Console

from bench import load
from bench.load import Load

BATCH = 2000
PATIENCE_S = 300
SPEAKER = "feedback"
REPORT = REPOSITORY / "build" / "bench.json"


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
        self.group = f"appraisal.score.{self.name}"
        self.url = KafkaUrl.parse(self.stack.kafka_url)
        self.env = {
            **self.stack.env, "KINARA_TOPICS": str(file), "KINARA_CELLS": self.name, "KINARA_DATABASE": self.name,
            "KINARA_BATCH": str(BATCH), "BENCH_TOPIC": self.topic, "BENCH_GROUP": self.group, "BENCH_BATCH": str(BATCH),
            "BENCH_SAMPLES": str(self.folder / "samples.bson"), "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'deploy'}",
        }  # fmt: skip

    async def fill(self, given: Load) -> None:
        """Create the topics and put the load on them."""
        await topics.apply(self.url, self.registry, replicas=1)
        await load.sent(self.url, [replace(message, topic=self.topic) for message in given.messages])

    async def committed(self, admin: AIOKafkaAdminClient) -> int:
        """How many records the group says that it is done with."""
        places = [TopicPartition(self.topic, number) for number in range(self.registry.events.partitions)]
        try:
            found = await admin.list_consumer_group_offsets(self.group, partitions=places)
        except Exception:  # noqa: BLE001  # a group that nobody has joined yet, in each broker's own words
            return 0
        return sum(max(0, place.offset) for place in found.values())

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """Everything that the contender has stored there."""
        with MongoClient[dict[str, Any]](self.stack.mongo_url) as client:
            return list(client[self.name][collection].find())


@dataclass(frozen=True)
class Contender:
    """Who does the work: its process, and how its documents are read (employee, ratings, satisfaction)."""

    name: str
    command: Callable[[Ground], list[str]]
    found: Callable[[Ground], Iterator[tuple[str, int, float]]]
    share: float = 1
    """Of the load that it gets, where it is too slow for all of it."""


def _module(name: str, *arguments: str) -> Callable[[Ground], list[str]]:
    return lambda _: [sys.executable, "-m", f"bench.contenders.{name}", *arguments]


def _appraisal(ground: Ground) -> list[str]:
    command = [sys.executable, "-m", "uvicorn", "appraisal.main:create", "--factory", "--host", "127.0.0.1"]
    return [*command, "--port", str(ground.stack.ports["appraisal"]), "--no-access-log", "--log-level", "warning"]


def _cards(ground: Ground) -> Iterator[tuple[str, int, float]]:
    for card in ground.documents("scorecards"):
        [score] = card["scores"].values()
        yield card["_id"], card["seen"][SPEAKER], float(str(score["components"]["M"]))


def _sums(ground: Ground) -> Iterator[tuple[str, int, float]]:
    for card in ground.documents("scorecards"):
        yield card["_id"], card["bench"]["count"], card["bench"]["mark"]


def _totals(ground: Ground) -> Iterator[tuple[str, int, float]]:
    for card in ground.documents("scorecards"):
        yield card["_id"], card["count"], load._mark(card["weight"], card["sum"])


CONTENDERS = (
    Contender("ours", _appraisal, _cards),
    Contender("durable_limit", _module("raw", "durable"), _sums),
    Contender("bare_limit", _module("raw", "bare"), _sums),
    Contender("per_message_faststream", _module("faststream_messages"), _totals, share=0.1),
)


async def run(contender: Contender, ground: Ground, given: Load) -> float:
    """One contender once: events a second. Raises if its result is wrong or it does not come to an end."""
    await ground.fill(given)
    child = Child(contender.name, contender.command(ground), ground.folder / f"{ground.name}.log", ground.env)
    admin = AIOKafkaAdminClient(**ground.url.client_options())
    await admin.start()
    child.start()
    try:
        first = at = None
        deadline = time.monotonic() + PATIENCE_S
        total = len(given.messages)
        while (done := await ground.committed(admin)) < total:
            if time.monotonic() > deadline or not child.running:
                raise RuntimeError(f"{contender.name} has done {done} of {total}\n{child.tail(30)}")
            if done and first is None:
                first, at = done, time.monotonic()
            await asyncio.sleep(0.02)
        ended = time.monotonic()
    finally:
        await admin.close()
        child.kill()
    if complaints := load.wrong(given, contender.found(ground)):
        raise RuntimeError(f"{contender.name} is wrong about {len(complaints)} employees: {complaints[:3]}")
    if first is None or at is None:
        raise RuntimeError(f"{contender.name} did everything at once: the load is too small to time it")
    return (total - first) / (ended - at)


async def samples(ground: Ground, given: Load) -> None:
    """Keep one of each of appraisal's own documents, from which the durable limit makes rows of the same size."""
    await run(CONTENDERS[0], ground, given)
    card = max(ground.documents("scorecards"), key=lambda document: len(document["page"]["rows"]))
    said = ground.documents("outbox")[0]["rows"][0]
    (ground.folder / "samples.bson").write_bytes(
        encode({"card": card, "effect": card["page"]["rows"][0], "said": said})
    )


async def measure(stack: Stack, folder: Path, asked: argparse.Namespace, console: Console) -> dict[str, Any]:
    """All contenders, ``rounds`` times each, for each number of employees."""
    rng = random.Random(asked.seed)
    base = Registry.read(REPOSITORY / "deploy" / "topics.yaml")
    await samples(Ground(stack, folder, "sample"), load.made(3_000, 100, base, asked.seed))
    rates: dict[str, dict[str, list[float]]] = {}
    for employees in asked.employees:
        full = load.made(asked.events, employees, base, asked.seed)
        small = load.made(asked.events // 10, employees, base, asked.seed)
        for turn in range(asked.rounds):
            for contender in rng.sample(CONTENDERS, len(CONTENDERS)):
                name = f"b{employees}-{turn}-{contender.name.replace('_', '-')}"
                rate = await run(contender, Ground(stack, folder, name), full if contender.share == 1 else small)
                rates.setdefault(str(employees), {}).setdefault(contender.name, []).append(rate)
                console.print(f"  {employees} employees, round {turn + 1}, {contender.name}: {rate:,.0f} events/s")
    return {at: {name: _spread(found) for name, found in by.items()} for at, by in rates.items()}


def _spread(found: list[float]) -> dict[str, float]:
    return {"n": len(found), "min": min(found), "median": statistics.median(found), "max": max(found)}


def ratios(rates: dict[str, Any]) -> dict[str, float]:
    """Ours against each other one, medians of the same run, for the smallest number of employees."""
    first = rates[min(rates, key=int)]
    return {name: first["ours"]["median"] / spread["median"] for name, spread in first.items() if name != "ours"}


def main() -> None:
    """Measure, print, and keep the figures for other programs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=20_000)
    options.add_argument("--employees", type=int, nargs="+", default=[2_000, 20_000])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = options.parse_args()
    console = Console()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # young topics have no leader for a moment; it tries again
    console.print(f"seed {asked.seed}; {asked.events} events, batches of at most {BATCH}")
    servers = Servers.asked()
    with tempfile.TemporaryDirectory() as folder, Stack.fresh(Path(folder) / "stack", servers) as stack:
        stack.start(services=())
        rates = asyncio.run(measure(stack, Path(folder), asked, console))
    report = {
        "seed": asked.seed,
        "events": asked.events,
        "batch": BATCH,
        "events_per_second": rates,
        "ratios": ratios(rates),
        "versions": {
            "broker": servers.broker, "database": servers.engine, "python": platform.python_version(),
            **{name: version(name) for name in ("aiokafka", "motor", "faststream", "pydantic")},
        },
        "processors": os.cpu_count(),
    }  # fmt: skip
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    for name, ratio in report["ratios"].items():
        console.print(f"ours / {name}: {ratio:.2f}")
    console.print(f"Report: {REPORT.relative_to(REPOSITORY)}")


if __name__ == "__main__":
    main()
