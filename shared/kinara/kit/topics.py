"""The registry of cells, topics and groups, read from ``deploy/topics.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kinara.kit.settings import KafkaUrl


class TopicsDiffer(RuntimeError):
    """The broker's topics are not what the registry says; the message lists each difference."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it must be."""

    name: str
    partitions: int
    replication: int
    config: dict[str, str]


@dataclass(frozen=True, slots=True)
class Registry:
    """Which cell serves a province, and which topics and groups exist."""

    cells: dict[str, frozenset[str]]
    default_cell: str
    services: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]
    events: dict[str, Any]
    dead_letters: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file; refuses an unknown cell layout and a group that hears an unknown service."""
        raw = yaml.safe_load(path.read_text())
        named = {cell: spec["provinces"] for cell, spec in raw["cells"].items()}
        everywhere = [cell for cell, provinces in named.items() if provinces == "all"]
        if len(everywhere) != 1:
            raise ValueError(f"{path}: exactly one cell must hold 'all' provinces, found {everywhere}")
        cells = {c: frozenset() if p == "all" else frozenset(map(str, p)) for c, p in named.items()}
        groups = {group: tuple(heard) for group, heard in raw["groups"].items()}
        unknown = {s for heard in groups.values() for s in heard} - set(raw["events"]["services"])
        if unknown:
            raise ValueError(f"{path}: groups hear unknown services {sorted(unknown)}")
        services = tuple(raw["events"]["services"])
        return cls(cells, everywhere[0], services, groups, raw["events"], raw["dead_letters"])

    def cell_of(self, province: str) -> str:
        """The cell of a Kemendagri province code."""
        return next((cell for cell, provinces in self.cells.items() if province in provinces), self.default_cell)

    @staticmethod
    def topic(cell: str, service: str) -> str:
        """Where a service says its facts for a cell."""
        return f"asn.{cell}.{service}.v1"

    @staticmethod
    def dead_letter_topic(topic: str, group: str) -> str:
        """Where a group puts what it cannot read from a topic."""
        return f"{topic}.{group}.dlq"

    def all(self, replicas: int | None = None) -> Iterator[Topic]:
        """Every topic that must exist; ``replicas`` overrides the replication factor on a small broker."""
        for cell in self.cells:
            for service in self.services:
                yield self._topic(self.topic(cell, service), self.events, replicas)
            for group, heard in self.groups.items():
                for service in heard:
                    name = self.dead_letter_topic(self.topic(cell, service), f"{group}.{cell}")
                    yield self._topic(name, self.dead_letters, replicas)

    @staticmethod
    def _topic(name: str, spec: dict[str, Any], replicas: int | None) -> Topic:
        replication = replicas or spec["replication"]
        config = dict(spec["config"])
        if replication < 2:
            config.pop("min.insync.replicas", None)
        return Topic(name, spec["partitions"], replication, config)


async def differences(admin: AIOKafkaAdminClient, registry: Registry) -> list[str]:
    """What the broker lacks or has otherwise, one line each; only partition counts decide, the rest is advice."""
    found = {t["topic"]: len(t["partitions"]) for t in await admin.describe_topics()}
    lines = []
    for topic in registry.all():
        if topic.name not in found:
            lines.append(f"{topic.name}: missing")
        elif found[topic.name] != topic.partitions:
            lines.append(f"{topic.name}: {found[topic.name]} partitions, expected {topic.partitions}")
    return lines


async def verify(url: KafkaUrl, registry: Registry) -> None:
    """Raise ``TopicsDiffer`` naming each difference."""
    admin = AIOKafkaAdminClient(**url.client_options())
    await admin.start()
    try:
        lines = await differences(admin, registry)
    finally:
        await admin.close()
    if lines:
        raise TopicsDiffer("; ".join(lines))


async def apply(url: KafkaUrl, registry: Registry, *, replicas: int | None = None, recreate: bool = False) -> list[str]:
    """Create what is missing and return the names; ``recreate`` also replaces topics of the wrong shape.

    Recreating loses what the topic holds. It is for a broker that has just started empty and in which a client's
    metadata request was quicker than we were; the relays send everything again to a new incarnation.
    """
    admin = AIOKafkaAdminClient(**url.client_options())
    await admin.start()
    try:
        found = {t["topic"]: len(t["partitions"]) for t in await admin.describe_topics()}
        wanted = list(registry.all(replicas))
        wrong = [t.name for t in wanted if t.name in found and found[t.name] != t.partitions]
        if wrong and recreate:
            await admin.delete_topics(wrong)
            found = {name: n for name, n in found.items() if name not in wrong}
        missing = [t for t in wanted if t.name not in found]
        if missing:
            await admin.create_topics(
                [NewTopic(t.name, t.partitions, t.replication, topic_configs=t.config) for t in missing]
            )
        return [t.name for t in missing]
    finally:
        await admin.close()
