"""The registry of cells, topics and groups, read from ``deploy/topics.yaml``."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import NoError, TopicAlreadyExistsError, for_code
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from kinara.kit.envelope import complaint
from kinara.kit.settings import KafkaUrl

_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
"""A part of a topic's name, hence without dots."""

PROPAGATION_S = 10.0
"""How long a topic may take to appear in, or to go from, the broker's metadata."""


class TopicsDiffer(RuntimeError):
    """The broker's topics are not what the registry says; the message lists each difference."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it must be."""

    name: str
    partitions: int
    replication: int
    config: dict[str, str]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class _Cell(_Part):
    provinces: Literal["all"] | tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")], ...]


class _Kind(_Part):
    """How the topics of one kind are made."""

    partitions: int = Field(ge=1)
    replication: int = Field(ge=1)
    config: dict[str, str] = Field(default_factory=dict)


class _Events(_Kind):
    services: tuple[_Name, ...]


class _File(_Part):
    generation: int = Field(default=0, ge=0)
    cells: dict[_Name, _Cell]
    events: _Events
    dead_letters: _Kind
    groups: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        everywhere = [cell for cell, spec in self.cells.items() if spec.provinces == "all"]
        if len(everywhere) != 1:
            raise ValueError(f"exactly one cell must hold 'all' provinces, found {everywhere}")
        named = Counter(p for spec in self.cells.values() if spec.provinces != "all" for p in spec.provinces)
        if twice := [province for province, count in named.items() if count > 1]:
            raise ValueError(f"provinces in more than one cell: {twice}")
        if unknown := {s for heard in self.groups.values() for s in heard} - set(self.events.services):
            raise ValueError(f"groups hear unknown services {sorted(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Registry:
    """Which cell serves a province, and which topics and groups exist."""

    cells: dict[str, frozenset[str]]
    default_cell: str
    services: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]
    events: _Kind
    dead_letters: _Kind
    generation: int = 0
    """Raised with every change of the cells: who knows an older one sends nothing once a newer one is at work."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file; what is wrong with it is said with the file's name."""
        return cls.parse(path.read_text(), path)

    @classmethod
    def parse(cls, text: str, path: Path) -> Self:
        """Read the text of the file."""
        try:
            file = _File.model_validate(yaml.safe_load(text))
        except ValidationError as error:
            raise ValueError(f"{path}: {complaint(error.errors(include_input=False, include_url=False))}") from error
        except yaml.YAMLError as error:
            raise ValueError(f"{path}: {error}") from error
        default = next(cell for cell, spec in file.cells.items() if spec.provinces == "all")
        cells = {c: frozenset(() if spec.provinces == "all" else spec.provinces) for c, spec in file.cells.items()}
        return cls(cells, default, file.events.services, file.groups, file.events, file.dead_letters, file.generation)

    def cell_of(self, province: str) -> str:
        """The cell of a Kemendagri province code."""
        return next((cell for cell, provinces in self.cells.items() if province in provinces), self.default_cell)

    def expect(self, cells: Sequence[str], group: str) -> None:
        """Raise unless a process may serve these cells with this group."""
        if not cells or len(set(cells)) < len(cells) or not set(cells) <= self.cells.keys():
            raise ValueError(f"KINARA_CELLS names {list(cells)}, expected each once of {sorted(self.cells)}")
        if group not in self.groups:
            raise ValueError(f"group {group} is not registered")

    @staticmethod
    def topic(cell: str, service: str) -> str:
        """Where a service says its facts for a cell."""
        return f"asn.{cell}.{service}.v1"

    @staticmethod
    def dead_letter_topic(topic: str, group: str) -> str:
        """Where a group puts what it cannot read from a topic.

        What has waited behind a gap may be read by another cell's group; it goes where its own cell's would put it.
        """
        return f"{topic}.{group.rpartition('.')[0]}.{topic.split('.')[1]}.dlq"

    def has(self, topic: str) -> bool:
        """Whether a topic belongs to a cell that there is (still)."""
        return topic.split(".")[1] in self.cells

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
    def _topic(name: str, kind: _Kind, replicas: int | None) -> Topic:
        replication = replicas or kind.replication
        config = dict(kind.config)
        if replication < 2:
            config.pop("min.insync.replicas", None)
        return Topic(name, kind.partitions, replication, config)


async def differences(admin: AIOKafkaAdminClient, registry: Registry) -> list[str]:
    """What the broker lacks or has otherwise, one line each; only partition counts decide, the rest is advice."""
    found = await _partitions(admin)
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
    """Create what is missing, wait until the broker shows it, and return the names.

    ``recreate`` also replaces topics of the wrong shape and loses what they hold. It is for a broker that has just
    started empty and in which a client's metadata request was quicker than we were; the relays send everything again
    to a new incarnation.

    Raises:
        TopicsDiffer: the broker refused some, named with its reason, or does not show them; the others are created.
    """
    admin = AIOKafkaAdminClient(**url.client_options())
    await admin.start()
    try:
        found = await _partitions(admin)
        wanted = list(registry.all(replicas))
        wrong = {t.name for t in wanted if t.name in found and found[t.name] != t.partitions}
        if wrong and recreate:
            await admin.delete_topics(sorted(wrong))
            found = await _shown(admin, lambda names: not wrong & names)
        missing = [t for t in wanted if t.name not in found]
        if missing:
            await _create(admin, missing)
            asked = {t.name for t in missing}
            await _shown(admin, lambda names: asked <= names)
        return [t.name for t in missing]
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, missing: Sequence[Topic]) -> None:
    asked = [NewTopic(t.name, t.partitions, t.replication, topic_configs=t.config) for t in missing]
    answer = await admin.create_topics(asked)
    refused = [
        f"{name}: not created, {message or for_code(code).__name__}"
        for name, code, message in answer.topic_errors
        if code not in (NoError.errno, TopicAlreadyExistsError.errno)
    ]
    if refused:
        raise TopicsDiffer("; ".join(refused))


async def _shown(admin: AIOKafkaAdminClient, settled: Callable[[set[str]], bool]) -> dict[str, int]:
    """What the broker shows once it has followed; brokers create and delete in the background."""
    deadline = time.monotonic() + PROPAGATION_S
    while not settled(set(found := await _partitions(admin))):
        if time.monotonic() > deadline:
            raise TopicsDiffer(f"the broker did not follow within {PROPAGATION_S:g} s")
        await asyncio.sleep(0.1)
    return found


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    return {t["topic"]: len(t["partitions"]) for t in await admin.describe_topics()}
