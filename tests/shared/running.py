"""The toy as processes, on a broker and a database of their own that a test may kill, and the check of what it did."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from embedded import servers
from embedded.child import Child, free_port
from embedded.stack import Stack
from kinara.kit import topics
from kinara.kit.documents import LEDGER
from kinara.kit.envelope import Raw
from kinara.kit.held import HELD
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import eventually

HERE = Path(__file__).parent
TOPICS = HERE / "toy_topics.yaml"
REGISTRY = topics.Registry.read(TOPICS)
REPORTED = "id.kinara.appraisal.ProgressReported.v1"

OURS = replace(servers.Servers.asked(), kafka=None, mongo=None)

Rows = dict[str, list[dict[str, Any]]]


class Servers:
    """Broker and database, started, killed and started again without blocking the loop."""

    def __init__(self, home: Path) -> None:
        self.stack = Stack.fresh(home, OURS, durable=True)
        self.toys: dict[str, Toy] = {}

    async def start(self) -> None:
        """Start what does not run."""
        for server, start in (("mongo", self.start_database), ("kafka", self.start_broker)):
            child = self.stack.children.get(server)
            if child is None or not child.running:
                await start()

    async def start_broker(self) -> None:
        """An empty broker under a new incarnation, with the toy's topics."""
        await asyncio.to_thread(self.stack.start_broker, empty=True)
        await topics.apply(KafkaUrl.parse(self.stack.kafka_url), REGISTRY, replicas=1, recreate=True)

    async def start_database(self) -> None:
        """The database on the data it had."""
        await asyncio.to_thread(self.stack.start_database)

    async def kill(self, server: str) -> None:
        """End ``kafka`` or ``mongo`` by kill -9, if it runs."""
        if server in self.stack.children:
            await asyncio.to_thread(self.stack.children[server].kill)

    def toy(self, instance: str) -> Toy:
        """A process of the toy; all of them share one database, so they are one service."""
        return self.toys.setdefault(instance, Toy(self.stack, instance))

    def database(self) -> Database:
        """Another door to the toy's database."""
        return Database(self.stack.mongo_url, "toy")

    async def send(self, records: Iterable[Raw]) -> None:
        """Put records on the wire as they are."""
        producer = AIOKafkaProducer(**KafkaUrl.parse(self.stack.kafka_url).client_options(), acks="all")
        async with producer:
            for r in records:
                await producer.send_and_wait(r.topic, r.value, key=r.key, headers=list(r.headers))

    async def topic(self, name: str) -> list[Any]:
        """Every record of a topic."""
        return await records_of(KafkaUrl.parse(self.stack.kafka_url), name)

    async def stop(self) -> None:
        """End everything that is left."""
        for toy in self.toys.values():
            await asyncio.to_thread(toy.child.kill)
        await asyncio.to_thread(self.stack.stop)


class Toy:
    """One process of the toy service."""

    def __init__(self, stack: Stack, instance: str) -> None:
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "toy_service:create", "--factory", "--app-dir", str(HERE)]
        command += ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
        env = stack.env | {
            "KINARA_KAFKA": stack.kafka_url + "&session_timeout_ms=3000",
            "KINARA_TOPICS": str(TOPICS),
            "KINARA_CELLS": "uji",
            "KINARA_DATABASE": "toy",
            "KINARA_INSTANCE": instance,
        }
        self.child = Child(instance, command, stack.home / "logs" / f"toy-{instance}.log", env)
        self.address = f"http://127.0.0.1:{port}"
        self.http = httpx.AsyncClient(base_url=self.address, timeout=30)

    async def problems(self) -> dict[str, str] | None:
        """What readiness complains of by check; empty when ready, None when nobody answers."""
        try:
            answer = await self.http.get("/health/ready")
        except httpx.HTTPError:
            return None
        found = {name: check["problem"] for name, check in answer.json()["checks"].items() if check["problem"]}
        assert (answer.status_code == 200) is (not found), answer.text
        return found

    async def ready(self, within: float = 60) -> None:
        """Wait until it is ready."""

        async def is_ready() -> bool:
            assert self.child.running, self.child.tail(30)
            return await self.problems() == {}

        await eventually(is_ready, within)

    async def listens(self) -> None:
        """Wait until it answers at all."""

        async def is_live() -> bool:
            assert self.child.running, self.child.tail(30)
            return await self.problems() is not None

        await eventually(is_live)

    async def dies(self) -> None:
        """Wait until it has killed itself."""
        await eventually(lambda: self.child.exit_code == -signal.SIGKILL)

    async def report(self, employee: str) -> str | None:
        """Report progress; the fact's id if it was accepted, None if that is unknown or was refused."""
        try:
            answer = await self.http.post("/v1/reports", json={"employee_id": employee})
        except httpx.HTTPError:
            return None
        return answer.json()["id"] if answer.status_code == 202 else None

    async def metric(self, name: str) -> float:
        """One figure of ``/metrics``, summed over its labels."""
        lines = (await self.http.get("/metrics")).text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name)


class Load:
    """Reports that keep coming in, one after the other, until stopped; ``accepted`` are the facts promised."""

    def __init__(self, *toys: Toy, employees: int = 6, pause: float = 0.02) -> None:
        self.accepted: list[str] = []
        self._toys = toys
        self._employees = [new_id() for _ in range(employees)]
        self._pause = pause
        self._ends = False
        self._task: asyncio.Task[None]

    async def __aenter__(self) -> Load:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ends = True
        await self._task

    async def more(self, count: int, within: float = 30) -> None:
        """Wait until so many more were accepted."""
        wanted = len(self.accepted) + count
        await eventually(lambda: len(self.accepted) >= wanted, within)

    async def _run(self) -> None:
        turn = 0
        while not self._ends:
            turn += 1
            answer = await self._toys[turn % len(self._toys)].report(self._employees[turn % len(self._employees)])
            if answer is not None:
                self.accepted.append(answer)
            await asyncio.sleep(self._pause)


async def records_of(kafka: KafkaUrl, topic: str) -> list[Any]:
    """Every record of a topic, read without a group."""
    async with AIOKafkaConsumer(
        topic, **kafka.client_options(), fetch_max_wait_ms=20, auto_offset_reset="earliest"
    ) as consumer:
        places, found = consumer.assignment(), []
        ends = await consumer.end_offsets(places)  # the embedded broker names too early an end
        while any([await consumer.position(p) < max(ends[p], consumer.highwater(p) or 0) for p in places]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += records
        return found


async def facts(database: Database) -> Rows:
    """What the toy has said, by subject in the order of versions."""
    said: Rows = defaultdict(list)
    for bucket in await database.find(OUTBOX, {}):
        for row in bucket["rows"]:
            if "type" in row:
                said[row["subject"].partition("/")[2]].append(row)
    return {subject: sorted(rows, key=lambda r: r["version"]) for subject, rows in said.items()}


async def effects(database: Database, type_: str) -> Rows:
    """Facts of a type that the toy has heard, by subject in the order of effect: full pages, then the open one."""
    heard: Rows = defaultdict(list)
    for page in await database.find(LEDGER, {}, sort=[("_id", 1)]):
        heard[page["subject"]] += page["rows"]
    for document in await database.find("tallies", {}):
        heard[document["_id"]] += document["page"]["rows"]
    name = type_.split(".")[3]
    return defaultdict(list, {subject: [r for r in rows if r["type"] == name] for subject, rows in heard.items()})


async def nothing_lost_or_doubled(database: Database, accepted: list[str], within: float = 60) -> None:
    """Wait until what was said and what was heard agree one by one and in order, and nothing waits."""

    async def differences() -> list[str]:
        said, heard = await facts(database), await effects(database, REPORTED)
        found = [f"{count} waiting" for count in [await database[HELD].count_documents({})] if count]
        for subject, rows in said.items():
            reports, effected = [r["id"] for r in rows if r["type"] == REPORTED], [r["id"] for r in heard[subject]]
            if reports != effected:
                found.append(f"{subject} said {reports}, heard {effected}")
            if [r["version"] for r in rows] != list(range(1, len(rows) + 1)):
                found.append(f"{subject} has versions {[r['version'] for r in rows]}")
        return found + sorted(set(accepted) - {r["id"] for rows in said.values() for r in rows})

    async def agree() -> bool:
        return not await differences()

    assert accepted
    try:
        await eventually(agree, within, every=0.2)
    except AssertionError:
        raise AssertionError(f"after {within} s: {await differences()}") from None
