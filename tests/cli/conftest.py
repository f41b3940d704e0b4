"""The ``kinara`` command, run in a thread against the embedded servers and a database of the test's own."""

from __future__ import annotations

import asyncio
import importlib
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from embedded.stack import REPOSITORY, Stack
from kinara.cli import app
from kinara.contracts import Event
from kinara.kit import deadletters, topics
from kinara.kit.envelope import Raw
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import raw
from kinara.kit.topics import Registry
from typer.testing import CliRunner


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The machine's answer, which is the last line on stdout."""
        return json.loads(self.out.splitlines()[-1])


Command = Callable[..., Awaitable[Answer]]
HEARS_S = 60


@pytest.fixture
def environment(servers: Stack, database: Database, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What an operator has in the environment."""
    for name, value in servers.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KINARA_DATABASE", database.name)
    monkeypatch.setenv("KINARA_TOPICS", str(REPOSITORY / "deploy" / "topics.yaml"))
    monkeypatch.setenv("COLUMNS", "80")
    return monkeypatch


@pytest.fixture
def kinara(environment: pytest.MonkeyPatch) -> Command:
    """Run a command line; commands have a loop of their own, hence the thread."""

    async def run(*arguments: str) -> Answer:
        result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


_AT_A_TERMINAL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background jobs ignore it, and theirs
from kinara.cli import app
app()
"""


@dataclass
class Watching:
    """A command that goes on until Ctrl-C, in a process of its own."""

    process: asyncio.subprocess.Process

    async def line(self) -> Any:
        """The next line that it says, from JSON."""
        assert self.process.stdout is not None
        said = await asyncio.wait_for(self.process.stdout.readline(), HEARS_S)
        assert said, "it has ended"
        return json.loads(said)

    async def interrupted(self) -> int:
        """Its exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), HEARS_S)


@pytest.fixture
async def watching(environment: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Awaitable[Watching]]]:
    """Start a command line that goes on until Ctrl-C; none is left behind."""
    started: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str) -> Watching:
        command = (sys.executable, "-c", _AT_A_TERMINAL, *arguments)
        started.append(await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE))
        return Watching(started[-1])

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Line:
    """The broker as a service's live consumer has it: facts are put on the wire, and folded when the test says so."""

    def __init__(self, servers: Stack, database: Database, inbox: Inbox, registry: Registry) -> None:
        self.registry = registry
        self.database = database
        self.folder = Folder(inbox, database, f"{inbox.name}.{registry.default_cell}", registry.services)
        self._url = KafkaUrl.parse(servers.kafka_url)
        self._versions: Counter[tuple[str, str]] = Counter()
        self._ends: dict[TopicPartition, int] = {}
        """After the last fact sent: the embedded broker names too early an end."""
        self._topics = [registry.topic(registry.default_cell, s) for s in registry.groups[inbox.name]]
        self._places = [TopicPartition(t, n) for t in self._topics for n in range(registry.events.partitions)]

    async def say(self, *events: Event, spoil: Callable[[Raw], Raw] = lambda raw: raw, lose: bool = False) -> list[Raw]:
        """Send facts with the next versions of their subjects; ``lose`` gives the version to a fact never sent."""
        raws = []
        for event in events:
            self._versions[event.service, event.subject.id] += 1
            raws.append(spoil(raw(event, self._versions[event.service, event.subject.id], self.registry)))
        async with AIOKafkaProducer(**self._url.client_options(), acks="all") as producer:
            for r in () if lose else raws:
                at = await producer.send_and_wait(r.topic, r.value, key=r.key, headers=list(r.headers))
                self._ends[TopicPartition(at.topic, at.partition)] = at.offset + 1
        return raws

    async def hear(self, *, fold: bool = True, commit: bool = True) -> None:
        """Fold what has come since the last commit, as the consumer does, and commit its offsets."""
        options = {"enable_auto_commit": False, "fetch_max_wait_ms": 20, "auto_offset_reset": "earliest"}
        group = self.folder.group
        async with (
            asyncio.timeout(HEARS_S),
            AIOKafkaConsumer(group_id=group, **self._url.client_options(), **options) as consumer,
        ):
            consumer.assign(self._places)
            for place in self._places:
                consumer.seek(place, await consumer.committed(place) or 0)
            while any([await consumer.position(place) < self._ends.get(place, 0) for place in self._places]):
                got = await consumer.getmany(timeout_ms=500)
                records = [r for some in got.values() for r in some]
                raws = [Raw(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers)) for r in records]
                if fold:
                    await self.folder.take(self.folder.read(raws))
                if got and commit:
                    await consumer.commit({place: await consumer.position(place) for place in got})

    async def redrive(self) -> None:
        """What the consumer does every second with what operators asked for."""
        for kept in await deadletters.requested(self.database, self.folder.group):
            await self.folder.redrive(kept)


@pytest.fixture
async def line(
    request: pytest.FixtureRequest, servers: Stack, database: Database, environment: pytest.MonkeyPatch, tmp_path: Path
) -> Line:
    """Appraisal's consumer, or that of another service, on a small cell of the test's own."""
    name, file = f"uji-{new_id()[-12:]}", tmp_path / "topics.yaml"
    declared = yaml.safe_load((REPOSITORY / "deploy" / "topics.yaml").read_text())
    declared |= {"cells": {name: {"provinces": "all"}}}
    declared["events"]["partitions"] = 2
    file.write_text(yaml.safe_dump(declared))
    environment.setenv("KINARA_TOPICS", str(file))
    registry = Registry.read(file)
    await topics.apply(KafkaUrl.parse(servers.kafka_url), registry, replicas=1)
    service = getattr(request, "param", "appraisal")
    module = importlib.import_module(f"{service}.store")
    for collection in module.COLLECTIONS:
        await collection.prepare(database)
    line = Line(servers, database, importlib.import_module(f"{service}.consumers").inbox, registry)
    await line.folder.prepare()
    return line
