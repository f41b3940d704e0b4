"""What was observed, arranged for the checks: facts as they were said, as they came out, and what they did."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from faults.history import History, Injected, Operation
from faults.observed import Observed, inbox_of, rows_of

Row = dict[str, Any]

OURS = ("command", "rebuild")
"""Effects that follow from no fact: of what was done here, and of an operator who had a document put right."""
SCHEDULER = "scheduler"
"""Who acts on cards where a day begins: periods are closed that nobody asks for."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as its service has stored it for sending, or as it was put on the topic by hand."""

    service: str
    id: str
    type: str
    kind: str
    subject: str
    version: int
    correlation: str
    causation: str | None
    province: str
    data: str
    by_hand: bool = False

    @property
    def name(self) -> str:
        """The event's class name."""
        return self.type.split(".")[3]

    def __str__(self) -> str:
        return f"{self.service} {self.name} {self.id} (v{self.version} of {self.subject})"


@dataclass(frozen=True, slots=True)
class Sent:
    """A record on a topic that claims to be a fact."""

    place: tuple[str, int, int]
    service: str
    id: str
    subject: str
    version: int


@dataclass(frozen=True)
class Hearing:
    """What one inbox has done to one subject: its effects in their order."""

    service: str
    collection: str
    subject: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return f"{self.service}.{self.collection}/{self.subject}"


@dataclass
class Evidence:
    """History, observation and faults of a round together."""

    history: History
    seen: Observed
    injected: Injected

    @cached_property
    def said(self) -> list[Said]:
        """Every fact, in the order of each service's outbox."""
        found = []
        for service, database in self.seen.databases.items():
            buckets = sorted(database.get("outbox", []), key=lambda bucket: bucket["_id"])
            found += [_said(service, row) for bucket in buckets for row in bucket["rows"] if "type" in row]
        for service, rows in self.injected.facts.items():
            found += [_said(service, row, by_hand=True) for row in rows]
        return found

    @cached_property
    def by_id(self) -> dict[str, Said]:
        """Facts by id."""
        return {fact.id: fact for fact in self.said}

    @cached_property
    def commanded(self) -> dict[tuple[str, str], list[Said]]:
        """Facts that follow from a request and from no other fact, by service and correlation."""
        found: dict[tuple[str, str], list[Said]] = defaultdict(list)
        for fact in self.said:
            if fact.causation is None:
                found[fact.service, fact.correlation].append(fact)
        return found

    @cached_property
    def sent(self) -> list[Sent]:
        """The records of all fact topics but the poison and the noise, of a partition in their order."""
        foreign = self.injected.poison | self.injected.noise | self.injected.parked
        found = []
        for raw in self.seen.topics:
            place = (raw.topic, raw.partition, raw.offset)
            if raw.topic.endswith(".dlq") or place in foreign:
                continue
            told = {name: (value or b"").decode(errors="replace") for name, value in raw.headers}
            version = told.get("ce_aggregateversion", "")
            subject = told.get("ce_subject", "").partition("/")[2]
            service = raw.topic.split(".")[-2]
            found.append(Sent(place, service, told.get("ce_id", ""), subject, int(version) if version.isdigit() else 0))
        return found

    @cached_property
    def strangers(self) -> set[str]:
        """Those of whom only poison and noise speak."""
        foreign = self.injected.poison | self.injected.noise | self.injected.parked
        told = [dict(r.headers) for r in self.seen.topics if (r.topic, r.partition, r.offset) in foreign]
        return {(h.get("ce_subject") or b"").decode(errors="replace").partition("/")[2] for h in told}

    @cached_property
    def hearings(self) -> dict[tuple[str, str, str], Hearing]:
        """By service, collection and subject, what was heard."""
        found = {}
        for service, database in self.seen.databases.items():
            for store in inbox_of(service).stores:
                for subject, rows in rows_of(database, store.name).items():
                    found[service, store.name, subject] = Hearing(service, store.name, subject, tuple(rows))
        return found

    @cached_property
    def scheduled(self) -> set[tuple[str, str, str]]:
        """Of daily rounds that have changed somebody's card: service, subject, and the correlation of what was said."""
        return {
            (hearing.service, hearing.subject, self.by_id[row["id"]].correlation)
            for hearing in self.hearings.values()
            for row in hearing.rows
            if row.get("by") == SCHEDULER and row["id"] in self.by_id
        }

    def hears(self, fact: Said) -> list[tuple[str, str]]:
        """The services, and their collections, in which a fact must have had its effect."""
        found = []
        for group, speakers in self.seen.registry.groups.items():
            listener = group.split(".")[0]
            inbox = inbox_of(listener)
            if fact.service in speakers and (fact.type, fact.kind) in inbox.folds:
                found.append((listener, inbox.collections[fact.kind].name))  # type: ignore[index]
        return found

    def documents(self, service: str, collection: str) -> dict[str, Row]:
        """Documents by id."""
        return {d["_id"]: d for d in self.seen.databases.get(service, {}).get(collection, [])}

    def facts_of(self, operation: Operation) -> list[Said]:
        """What a request made its service say."""
        return self.commanded.get((operation.service, operation.id), [])


def _said(service: str, row: Row, *, by_hand: bool = False) -> Said:
    kind, _, subject = row["subject"].partition("/")
    return Said(
        service, row["id"], row["type"], kind, subject, row["version"], row["correlation"], row["causation"],
        row["province"], row["data"], by_hand,
    )  # fmt: skip
