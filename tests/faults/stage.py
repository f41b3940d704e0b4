"""A stage for one scene: its cast of services, with or without a seeded bug, in a cell and on databases of their own.

Broker and database are shared by all scenes, so that one is set up in the time that its processes need. What personnel
would say of those whom citizens rate is said by hand.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Self

from aiokafka import AIOKafkaProducer
from embedded.servers import Servers
from embedded.stack import Stack
from kinara.contracts import Event
from kinara.kit import outbox, topics
from kinara.kit.envelope import Raw
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import Message
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import eventually
from kinara.kit.topics import Registry
from kinara.kit.work import Cause

from faults.history import History, Injected, Place
from faults.observed import drop
from faults.people import People
from faults.planting import environment
from faults.proxy import Proxy
from faults.sayings import registered, row_of

ANNOUNCED = {"feedback": "subjects", "appraisal": "scorecards"}
"""Where services keep those whom personnel has announced."""
BOTH = ("feedback", "appraisal")
GROUPS = {
    "feedback": "feedback.directory: [personnel]",
    "appraisal": "appraisal.score: [personnel, feedback, training]",
    "personnel": "personnel.profile: [training, appraisal, feedback]",
}
REGISTRY = """
cells: {{{cell}: {{provinces: all}}}}
events: {{services: [personnel, feedback, training, appraisal], partitions: 3, replication: 1}}
dead_letters: {{partitions: 1, replication: 1}}
groups: {{{groups}}}
"""


class Stage:
    """An async context; a scene's script is played on it and then judged."""

    def __init__(
        self, house: Stack, home: Path, bug: str | None, proxy: Proxy | None = None, cast: tuple[str, ...] = BOTH
    ) -> None:
        self.cell = f"s{new_id()[-10:]}"
        self.house, self.proxy, self.cast = house, proxy, cast
        mongo = house.servers.mongo_url({"mongo": proxy.port}) if proxy else house.mongo_url
        servers = Servers(kafka=f"{house.kafka_url}&session_timeout_ms=3000", mongo=mongo)
        self.stack = Stack.fresh(home / self.cell, servers)
        place = self.stack.home / "topics.yaml"
        place.write_text(REGISTRY.format(cell=self.cell, groups=", ".join(GROUPS[service] for service in cast)))
        self.registry = Registry.read(place)
        self.stack.env |= {"KINARA_TOPICS": str(place), "KINARA_CELLS": self.cell}
        self.stack.env |= environment(bug) if bug else {}
        self.kafka = KafkaUrl.parse(house.kafka_url)
        self.history, self.injected = History(), Injected()
        self.people = People(self.stack, self.history)
        self._by_hand: list[Message] = []
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._exit.enter_async_context(self.people.calls)
        self._exit.push_async_callback(self._clear)
        await self.furnish()
        await self.say("personnel", *((registered(person, self.people.boss), 1) for person in self.people.ids))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exit.aclose()

    async def _clear(self) -> None:
        for child in self.stack.children.values():
            await asyncio.to_thread(child.kill)
        for service in self.cast:
            await asyncio.to_thread(drop, self.house.mongo_url, self.name(service))

    async def furnish(self) -> None:
        """Give the broker the cell's topics."""
        await topics.apply(self.kafka, self.registry, replicas=1, recreate=True)

    def name(self, service: str) -> str:
        """The name of a service's database."""
        return f"{self.cell}-{service}"

    def database(self, service: str) -> Database:
        """A door to it, past any proxy; the scene closes it."""
        return Database(self.house.mongo_url, self.name(service))

    # what runs

    async def start(self, *services: str, crash: str | None = None, **env: str) -> None:
        """Start services, perhaps to die at a named point."""
        for service in services:
            env |= {"KINARA_DATABASE": self.name(service), **({"KINARA_CRASH_AT": crash} if crash else {})}
            await asyncio.to_thread(self.stack.start_service, service, env)

    def nudge(self, service: str, number: int) -> None:
        """Send a signal to a service."""
        self.stack.children[service].signal(number)

    async def kill(self, *services: str) -> None:
        """End services by kill -9."""
        for service in services:
            await asyncio.to_thread(self.stack.children[service].kill)

    async def kill_server(self, name: str) -> None:
        """End the broker or the database by kill -9."""
        await asyncio.to_thread(self.house.children[name].kill)

    async def start_server(self, name: str) -> None:
        """Start the broker with nothing of what it had, or the database with all of it."""
        start = partial(self.house.start_broker, empty=True) if name == "kafka" else self.house.start_database
        await asyncio.to_thread(start)

    async def mend(self) -> None:
        """Wake up what sleeps and start what lies down, where a story stopped in the middle."""
        for name, child in self.house.children.items():
            if not child.running:
                await self.start_server(name)
                if name == "kafka":
                    await self.furnish()
                    await self.say_again()
        for name, child in self.stack.children.items():
            child.signal(signal.SIGCONT)
            if not child.running:
                await self.start(name)

    async def dies(self, service: str) -> None:
        """Wait until a service has killed itself."""
        await eventually(lambda: not self.stack.children[service].running, 30)

    async def opened(self) -> None:
        """Wait until everybody who was started knows the people."""
        for service in ANNOUNCED.keys() & self.stack.children.keys():
            await eventually(lambda s=service: self._knows(s), 40, every=0.1)

    async def complains(self, service: str, words: str) -> bool:
        """Whether a service's log has come to say this."""
        log = await asyncio.to_thread(self.stack.children[service].log.read_text, errors="replace")
        return words in log

    async def _knows(self, service: str) -> bool:
        database = self.database(service)
        try:
            return int(await database[ANNOUNCED[service]].count_documents({})) >= len(self.people.ids)
        finally:
            database.close()

    # what is said by hand

    async def say(self, service: str, *facts: tuple[Event, int]) -> list[Place]:
        """Good facts with their versions, in the order given, that their service has not said itself."""
        rows = [outbox.row(e, id_=new_id(), version=v, at=utc_now(), cause=Cause(new_id())) for e, v in facts]
        self.injected.facts.setdefault(service, []).extend(rows)
        messages = outbox.messages({"rows": rows}, service, self.registry)
        self._by_hand += messages
        return await self.send(messages)

    async def say_raw(self, *facts: Raw) -> None:
        """Facts of feedback as they are on the wire, perhaps in an unusual form."""
        self.injected.facts.setdefault("feedback", []).extend(map(row_of, facts))
        await self.send(facts)

    async def say_again(self) -> None:
        """All that was said by hand, for a broker that has lost it."""
        await self.send(self._by_hand)

    async def send(self, messages: Iterable[Message | Raw]) -> list[Place]:
        """Put records on their topics; where they came to lie."""
        places = []
        async with AIOKafkaProducer(**self.kafka.client_options(), acks="all") as producer:
            for m in messages:
                topic = self.registry.topic(self.cell, m.topic.split(".")[2])
                done = await producer.send_and_wait(topic, m.value, key=m.key, headers=list(m.headers))
                places.append((done.topic, done.partition, done.offset))
        return places
