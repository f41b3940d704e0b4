"""The ground of one round: a durable stack with its four services on fresh data, perhaps with proxies before its
servers, that can be broken and put together again."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
from embedded.child import Child, free_port
from embedded.servers import Servers
from embedded.stack import PORTS, SERVICES, Stack
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.held import HELD
from kinara.kit.lag import lags
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.relay import RELAY
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from faults.disk import Disk
from faults.history import Injected
from faults.observed import Observed, observe, readers
from faults.proxy import Proxy

CONVERGE_S = 90
STILL_S = 3
"""How long nothing may change before it counts as quiet."""
IMPORTING = ("queued", "running", "waiting")


class NotConverged(Exception):
    """The system did not come to rest in time; says what still moves."""


@dataclass
class Ground:
    """Everything that runs in one round; an async context."""

    home: Path
    servers: Servers
    proxied: bool = False
    disked: bool = False
    """Whether broker and database lie on small disks of their own; ``NoDisk`` where none can be had."""
    kafka: str = ""
    """Options of the services' Kafka URL besides those of the broker."""
    env: Mapping[str, str] = field(default_factory=dict)
    proxies: dict[str, Proxy] = field(default_factory=dict)
    disks: dict[str, Disk] = field(default_factory=dict)
    extras: dict[str, Child] = field(default_factory=dict)
    """Second processes of services."""
    stack: Stack = field(init=False)
    _databases: dict[str, Database] = field(default_factory=dict)
    _exit: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        ports = {name: free_port() for name in PORTS}
        doors = {name: free_port() for name in ("kafka", "mongo")} if self.proxied else {}
        env = {"KINARA_IMPORT_BATCH": "5", "KINARA_IMPORT_POLL_S": "0.3", "KINARA_BURST_FROM": "1000000", **self.env}
        self.stack = stack = Stack(self.home, self.servers, ports=ports, doors=doors, durable=True, env=env)
        topics = self.home / "topics.yaml"
        self._all_cells = self.home / "all-cells.yaml"
        shutil.copy(stack.env["KINARA_TOPICS"], topics)
        stack.env["KINARA_TOPICS"] = str(topics)
        self.remember_cells()
        if self.kafka:
            stack.env["KINARA_KAFKA"] = f"{stack.kafka_url}&{self.kafka}"
        self.proxies = {name: Proxy(ports[name], port=door) for name, door in doors.items()}

    async def __aenter__(self) -> Self:
        for proxy in self.proxies.values():
            await self._exit.enter_async_context(proxy)
        try:
            for name in ("kafka", "mongo") if self.disked else ():
                self.disks[name] = self._exit.enter_context(Disk(self.home / name))
            self._exit.push_async_callback(self._stop)
            await asyncio.to_thread(self.stack.start)
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exit.aclose()

    def database(self, service: str) -> Database:
        """A door to a service's database, past any proxy, kept open for all who ask."""
        if service not in self._databases:
            self._databases[service] = Database(self.mongo_url, service)
        return self._databases[service]

    async def _stop(self) -> None:
        for database in self._databases.values():
            database.close()
        for child in (*self.extras.values(), *self.stack.children.values()):
            child.signal(signal.SIGCONT)
        for child in self.extras.values():
            await asyncio.to_thread(child.kill)
        await asyncio.to_thread(self.stack.stop)

    @property
    def broker(self) -> KafkaUrl:
        """Where the services find the broker, and how."""
        return KafkaUrl.parse(self.stack.env["KINARA_KAFKA"])

    @property
    def mongo_url(self) -> str:
        """Where the database is, past any proxy."""
        return self.servers.mongo_url(self.stack.ports)

    @property
    def registry(self) -> Registry:
        """The topics as registered, with every cell that there ever was."""
        return Registry.read(self._all_cells)

    def remember_cells(self) -> None:
        """A cell was split out: what is said in it is looked for also when it is there no more."""
        shutil.copy(self.stack.env["KINARA_TOPICS"], self._all_cells)

    def tell(self, name: str, value: str) -> None:
        """A setting that services get when they are started next."""
        for service in SERVICES:
            self.stack.children[service].env[name] = value

    def child(self, name: str) -> Child:
        """A process by its name."""
        return self.extras.get(name) or self.stack.children[name]

    async def kill(self, *names: str) -> None:
        """End processes by kill -9."""
        for name in names:
            await asyncio.to_thread(self.child(name).kill)

    async def start(self, name: str, env: Mapping[str, str] | None = None, *, empty: bool = False) -> None:
        """Start a process again: a service, the broker (``empty``: with nothing of what it had), the database."""
        if name == "kafka":
            await asyncio.to_thread(self.stack.start_broker, empty=empty)
        elif name == "mongo":
            await asyncio.to_thread(self.stack.start_database)
        else:
            await asyncio.to_thread(self.stack.start_service, name, env)

    async def second(self, service: str, number: int = 2) -> str:
        """Another process of a service, which joins its group; its name."""
        name, port = f"{service}-{number}", free_port()
        command = [sys.executable, "-m", "uvicorn", f"{service}.main:create", "--factory", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
        child = Child(name, command, self.home / "logs" / f"{name}.log", self.stack.env | {"KINARA_INSTANCE": name})
        self.extras[name] = child
        await asyncio.to_thread(child.start)
        return name

    async def ready(self, service: str, within: float = 60) -> None:
        """Wait until a service says that it is ready."""
        await asyncio.to_thread(self.stack.wait_ready, service, within)

    async def metric(self, service: str, name: str) -> float | None:
        """One figure of a service's metrics, summed over its labels; None while it does not answer."""
        async with httpx.AsyncClient(base_url=self.stack.address(service), timeout=3) as client:
            try:
                lines = (await client.get("/metrics")).text.splitlines()
            except httpx.HTTPError:
                return None
        return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    async def quiet(self, injected: Injected, within: float = CONVERGE_S) -> None:
        """Wait until everything that was said has been sent and heard, and nothing changes any more."""
        deadline, still_since, last = time.monotonic() + within, time.monotonic(), {}
        while True:
            now = await asyncio.to_thread(self._restlessness, self._parked(injected))
            now["lag"] = await self._lag()
            letters = now.pop("dead letters")
            if any(now.values()) or letters != last:
                still_since, last = time.monotonic(), letters
            elif time.monotonic() - still_since > STILL_S:
                return
            if time.monotonic() > deadline:
                raise NotConverged(f"after {within:.0f} s: { ({name: n for name, n in now.items() if n}) }")
            await asyncio.sleep(0.3)

    async def _lag(self) -> Any:
        try:
            found = await lags(self.broker, self.registry)
        except Exception as error:  # noqa: BLE001  # a broker that comes back, in each client's own words
            return repr(error)[:200]
        return [f"{lag.group} {lag.topic} {lag.events}" for lag in found if lag.events > 0 or lag.since]

    def _parked(self, injected: Injected) -> int:
        return sum(len(readers(self.registry, injected, place)) for place in injected.parked)

    def _restlessness(self, parked: int) -> dict[str, Any]:
        """What still moves, by its name."""
        try:
            with MongoClient[dict[str, Any]](self.mongo_url, serverSelectionTimeoutMS=2_000) as client:
                found: dict[str, Any] = {"dead letters": {}}
                held = 0
                for service in SERVICES:
                    database = client[service]
                    newest = database[OUTBOX].find_one(sort=[("_id", -1)])
                    position = database[RELAY].find_one({"_id": RELAY}) or {}
                    if newest is not None:
                        found[f"outbox of {service}"] = (position.get("bucket") or "") < newest["_id"]
                    held += database[HELD].count_documents({})
                    found["dead letters"][service] = database[DEAD_LETTERS].count_documents({})
                found["held"] = held != parked and held
                found["imports"] = client["personnel"]["imports"].count_documents({"state": {"$in": list(IMPORTING)}})
                return found
        except PyMongoError as error:
            return {"database": repr(error)[:200], "dead letters": {}}

    async def observed(self) -> Observed:
        """Everything that is there."""
        return await observe(self.mongo_url, self.broker, self.registry)
