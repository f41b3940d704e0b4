"""The stack as a whole: broker, database and services, in the order in which they need one another."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

import httpx
from aiokafka.admin import AIOKafkaAdminClient
from kinara.kit import topics
from kinara.kit.issuer import token
from kinara.kit.settings import KafkaUrl, ServiceSettings

from embedded import secantusd
from embedded.child import Child, free_port, wait_for_port
from embedded.servers import NODES, Servers
from embedded.siasn_stub.places import GOVERNMENTS

REPOSITORY = Path(__file__).resolve().parents[2]
SERVICES = ("personnel", "appraisal", "training", "feedback")
STUB = "siasn_stub"
PORTS = {
    **{name: 19092 + i for i, name in enumerate(name for node in NODES.values() for name in node)},
    "mongo": 27117,
    "personnel": 8101,
    "appraisal": 8102,
    "training": 8103,
    "feedback": 8104,
    STUB: 8110,
}

BROKERS = tuple(node[0] for node in NODES.values())
NODES_S = 30
"""How long the nodes of a cluster may take to find each other."""


@dataclass
class Stack:
    """Everything that runs, by name; ``siasn`` is the address of one that is not the stub."""

    home: Path
    servers: Servers = field(default_factory=Servers)
    siasn: str | None = None
    ports: dict[str, int] = field(default_factory=lambda: dict(PORTS))
    doors: dict[str, int] = field(default_factory=dict)
    """Ports at which clients find a server, where something of a test stands between them."""
    durable: bool = False
    """Whether the database may be killed: else it acknowledges commits that are in its memory only."""
    env: dict[str, str] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)

    @classmethod
    def fresh(cls, home: Path, servers: Servers, *, durable: bool = False) -> Self:
        """A stack on free ports with empty data, for tests."""
        shutil.rmtree(home, ignore_errors=True)
        return cls(home, servers, ports={name: free_port() for name in PORTS}, durable=durable)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        self.home.mkdir(parents=True, exist_ok=True)
        self.kafka_url = self.servers.kafka_url(self.ports | self.doors)
        self.mongo_url = self.servers.mongo_url(self.ports | self.doors)
        secret = self.home / "secret"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_hex(32))
        self.env = {
            "KINARA_KAFKA": self.kafka_url,
            "KINARA_MONGO": self.mongo_url,
            "KINARA_SECRET": secret.read_text(),
            "KINARA_TOPICS": str(REPOSITORY / "deploy" / "topics.yaml"),
            "KINARA_ISSUER_KEY": str(self.home / "issuer.json"),
            "KINARA_IMPORT_DIR": str(self.home / "imports"),
            "PYTHONUNBUFFERED": "1",
            **({"KINARA_SIASN_BASE_URL": self.siasn} if self.siasn else self._stub_env()),
            **self.env,
        }
        token(self.settings(), roles=[])  # makes the issuer's key before two services look for it

    def _stub_env(self) -> dict[str, str]:
        """What leads personnel to the stub SIASN instead of to BKN."""
        stub = self.address(STUB)
        return {
            "KINARA_SIASN_BASE_URL": f"{stub}/apisiasn/1.0",
            "KINARA_SIASN_APIM_URL": f"{stub}/oauth2/token",
            "KINARA_SIASN_SSO_URL": f"{stub}/auth/realms/public-siasn/protocol/openid-connect/token",
            "KINARA_SIASN_APIM_KEY": "kinara-stub",
            "KINARA_SIASN_APIM_SECRET": "bukan-rahasia",
            "KINARA_SIASN_SSO_CLIENT_ID": "bkn-kinara-stub",
            "KINARA_SIASN_SSO_USERNAME": "198609262015051001",
            "KINARA_SIASN_SSO_PASSWORD": "bukan-rahasia",
            "KINARA_SIASN_REQUESTS_PER_S": "1000",
            "KINARA_SIASN_PAUSE_S": "0.05",
            "KINARA_SIASN_SUSPENDED_PAUSE_S": "0.5",
            "KINARA_SIASN_WRITE": "true",
            "KINARA_GOVERNMENTS": json.dumps({name: g.code for g in GOVERNMENTS for name in (g.id, g.code)}),
        }

    def settings(self) -> ServiceSettings:
        """The settings that the services of this stack get, for tools beside them."""
        ours = {key: value for key, value in self.env.items() if key.startswith("KINARA_")}
        named: dict[str, str] = {key.removeprefix("KINARA_").lower(): value for key, value in ours.items()}
        return ServiceSettings.model_validate(named)

    def address(self, service: str) -> str:
        """Where a service listens."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def start_broker(self, *, empty: bool = False) -> None:
        """Start the broker, or those of its nodes that do not run, and give it the topics that it lacks.

        Tansu is empty whenever it starts, Apache Kafka the first time and when told to; then it has a new cluster id.
        """
        if self.servers.kafka is None:
            data = self.home / "kafka"
            if empty:
                shutil.rmtree(data, ignore_errors=True)
            for name, command in self.servers.broker_commands(data, self.ports, self.doors).items():
                child = self._child(name, command)
                if not child.running:
                    child.start()
            for name in self.servers.brokers:
                wait_for_port(self.ports[name], self.children[name], 60)
        if self.servers.kafka is None and self.servers.broker == "tansu":
            asyncio.run(topics.apply(KafkaUrl.parse(self.kafka_url), self._registry(), replicas=1, recreate=True))
        else:
            asyncio.run(complete_topics(KafkaUrl.parse(self.kafka_url), self._registry(), len(self.servers.brokers)))

    def start_database(self) -> None:
        """Start the database on the data it had."""
        if self.servers.mongo is not None:
            return
        port = self.ports["mongo"]
        command, env = self.servers.database_command(self.home / "mongo", port, durable=self.durable)
        child = self._child("mongo", command, env)
        child.start()
        wait_for_port(port, child, 60)
        if self.servers.engine == "rust":
            secantusd.settle(port)

    def start_service(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Start one service as users run it; it waits by itself for what is not up yet."""
        command = [sys.executable, "-m", "uvicorn", f"{name}.main:create", "--factory", "--host", "127.0.0.1"]
        command += ["--port", str(self.ports[name]), "--no-access-log", "--log-level", "warning"]
        command += ["--timeout-graceful-shutdown", "10"]
        self._child(name, command, self.env).start(env)

    def start_stub(self, env: Mapping[str, str] | None = None) -> None:
        """Start the stub SIASN server (not SIASN) with its invented people."""
        if self.siasn is not None:
            return
        command = [sys.executable, "-m", "uvicorn", f"{STUB}.app:create", "--factory", "--host", "127.0.0.1"]
        command += ["--port", str(self.ports[STUB]), "--no-access-log", "--log-level", "warning"]
        child = self._child(STUB, [*command, "--app-dir", str(REPOSITORY / "deploy" / "embedded")])
        child.start(env)
        wait_for_port(self.ports[STUB], child, 30)

    def start(self, services: Iterable[str] = SERVICES) -> None:
        """Start everything and wait until it is ready."""
        self.start_database()
        self.start_broker()
        for name in services:
            self.start_service(name)
        for name in services:
            self.wait_ready(name)

    def wait_ready(self, name: str, seconds: float = 90) -> None:
        """Wait until a service says that it is ready; raises with its checks and log when it does not."""
        deadline, said = time.monotonic() + seconds, "nothing"
        while time.monotonic() < deadline and self.children[name].running:
            try:
                answer = httpx.get(f"{self.address(name)}/health/ready", timeout=5)
                if answer.status_code == 200:
                    return
                said = answer.text
            except httpx.HTTPError as error:
                said = type(error).__name__
            time.sleep(0.1)
        raise RuntimeError(f"{name} is not ready, last answer: {said}\n{self.children[name].tail()}")

    def revive(self) -> list[str]:
        """Start again what should run and does not; the names of what was started."""
        starts = {"mongo": self.start_database, STUB: self.start_stub, **dict.fromkeys(BROKERS, self.start_broker)}
        dead = [name for name in sorted(self.wanted, key=_rank) if not self.children[name].running]
        for name in dead:
            if not self.children[name].running:  # one start may do for several brokers
                starts.get(name, partial(self.start_service, name))()
        return dead

    def stop(self) -> None:
        """Stop everything, services first so that they can drain; leaves no process behind."""
        self.wanted.clear()
        others = [child for name, child in self.children.items() if name not in (*BROKERS, "mongo")]
        brokers = [self.children[name] for name in BROKERS if name in self.children]
        for together in (others, brokers, [self.children["mongo"]] if "mongo" in self.children else []):
            for child in together:
                child.signal(signal.SIGTERM)
            for child in together:
                child.stop()

    def _child(self, name: str, command: list[str], env: Mapping[str, str] | None = None) -> Child:
        child = self.children.get(name)
        if child is None:
            child = self.children[name] = Child(name, command, self.home / "logs" / f"{name}.log", env)
        child.command = command
        self.wanted.add(name)
        return child

    @staticmethod
    def _registry() -> topics.Registry:
        return topics.Registry.read(REPOSITORY / "deploy" / "topics.yaml")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _rank(name: str) -> int:
    """Which to start first: what others need."""
    return 0 if name == "mongo" else 1 if name in BROKERS else 2


async def complete_topics(url: KafkaUrl, registry: topics.Registry, nodes: int = 1) -> None:
    """Create what a cluster lacks, as registered, once that many nodes are there; one node is asked for one copy.

    Raises:
        TopicsDiffer: it refuses, as two nodes refuse three copies; how few are enough is for its operator to say.
    """
    admin = AIOKafkaAdminClient(**url.client_options())
    await admin.start()
    try:
        for _ in range(NODES_S * 10):
            there = len((await admin.describe_cluster())["brokers"])
            if there >= nodes:
                break
            await asyncio.sleep(0.1)
    finally:
        await admin.close()
    try:
        await topics.apply(url, registry, replicas=1 if there == 1 else None)
    except topics.TopicsDiffer as refusal:
        raise topics.TopicsDiffer(f"{refusal}. Create them first: kinara topics apply --replicas N") from refusal
