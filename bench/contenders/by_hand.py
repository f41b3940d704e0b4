"""The limits: aiokafka, motor and appraisal's own rules by hand, with no framework between them.

``durable``: one transaction for each batch with all that appraisal writes (documents with their page of effects, full
pages, one bucket of what is said), repeats noticed by version, positions by version, offsets committed after it.
``bare``: the same documents and pages by bulk writes, without transaction, bucket or versions.
Neither checks a header, meets a gap, parks a bad record, forgets anybody, sends what it says, or meets a second
process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from appraisal.domain.announcement import said_of
from appraisal.domain.scorecard import Scorecard
from kinara.kit.ids import new_id
from kinara.kit.stored import CODEC
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import InsertOne, ReplaceOne

from bench.contenders import raw
from bench.contenders.raw import BUCKET
from bench.contenders.rules import SHAPE, document, rate, read

PAGE = 8
IDS_A_QUERY = 100


@dataclass(slots=True)
class Employee:
    """What is known of one."""

    card: Scorecard | None = None
    stored: Scorecard | None = None
    """As it was last written."""
    rev: int = 0
    said: int = 0
    seen: int = 0
    page: int = 0
    rows: list[Any] = field(default_factory=list)
    cause: tuple[str, str] = ("", "")
    """Correlation and id of the last rating."""


Known = dict[str, Employee]


async def load(db: Any, known: Known, records: Iterable[Any]) -> None:
    """Look for the documents of employees who are not remembered: without them a second start would begin at zero."""
    unknown = sorted({record.key.decode() for record in records} - known.keys())
    for start in range(0, len(unknown), IDS_A_QUERY):
        async for found in db.scorecards.find({"_id": {"$in": unknown[start : start + IDS_A_QUERY]}}):
            card = SHAPE.validate_python(found | {"employee_id": found["_id"]})
            page, seen = found["page"], found["seen"]["feedback"]
            known[found["_id"]] = Employee(
                card, card, found["rev"], found["said"], seen, page["no"], list(page["rows"])
            )


def fold(known: Known, record: Any, *, repeats: bool) -> str | None:
    """Count one rating on its employee's card; the employee's id, or None if a known one came again."""
    event, headers, id_ = read(record.value), dict(record.headers), record.key.decode()
    employee = known.get(id_)
    if employee is None:
        employee = known[id_] = Employee()
    version = int(headers["ce_aggregateversion"])
    if not repeats and version <= employee.seen:
        return None
    rated, at = headers["ce_id"].decode(), datetime.fromisoformat(headers["ce_time"].decode())
    employee.card, effect = rate(employee.card, event, rated, at)
    employee.rows.append(effect)
    employee.seen, employee.cause = version, (headers["ce_correlationid"].decode(), rated)
    return str(id_)


def stored(employee: Employee) -> dict[str, Any]:
    """An employee's document."""
    assert employee.card is not None
    return document(employee.card) | {
        "rev": employee.rev, "said": employee.said, "seen": {"feedback": employee.seen}, "waits": [],
        "page": {"no": employee.page, "rows": employee.rows},
    }  # fmt: skip


def pages(id_: str, employee: Employee) -> Iterable[InsertOne[dict[str, Any]]]:
    """Full pages of effects, which leave the card."""
    while len(employee.rows) >= PAGE:
        name = f"scorecards/{id_}/{employee.page:06d}"
        yield InsertOne({"_id": name, "subject": id_, "rows": employee.rows[:PAGE]})
        employee.rows = employee.rows[PAGE:]
        employee.page += 1


def said(id_: str, employee: Employee, at: datetime) -> Iterable[dict[str, Any]]:
    """What has moved since the card was last written, as it stands in an outbox."""
    assert employee.card is not None
    before = employee.stored or Scorecard(id_, employee.card.province, employee.card.unit_path)
    for event in said_of(before, employee.card):
        employee.said += 1
        correlation, causation = employee.cause
        yield {
            "id": new_id(), "type": event.type(), "subject": f"employee/{id_}", "version": employee.said, "time": at,
            "province": event.province.code, "correlation": correlation, "causation": causation, "traceparent": None,
            "data": event.model_dump_json(),
        }  # fmt: skip


class Durable:
    """Writes what appraisal writes."""

    def __init__(self, db: Any, client: Any) -> None:
        self._db, self._client = db, client

    async def store(self, known: Known, changed: set[str]) -> None:
        """One transaction for a batch."""
        cards: list[Any] = []
        full: list[Any] = []
        rows: list[dict[str, Any]] = []
        at = datetime.now(UTC)
        for id_ in changed:
            employee = known[id_]
            full += pages(id_, employee)
            rows += said(id_, employee, at)
            employee.stored = employee.card
            employee.rev += 1
            card = stored(employee)
            cards.append(
                InsertOne(card) if employee.rev == 1 else ReplaceOne({"_id": id_, "rev": card["rev"] - 1}, card)
            )
        buckets = [
            {"_id": new_id(), "at": at, "rows": rows[start : start + BUCKET]} for start in range(0, len(rows), BUCKET)
        ]
        await raw.store(self._db, self._client, cards, full, buckets)

    async def prepare(self) -> None:
        """The indexes that appraisal has."""
        await raw.prepare(self._db)


class Bare:
    """Writes cards and pages."""

    def __init__(self, db: Any, _client: Any) -> None:
        self._db = db

    async def store(self, known: Known, changed: set[str]) -> None:
        """Bulk writes for a batch."""
        full = [page for id_ in changed for page in pages(id_, known[id_])]
        cards = [ReplaceOne({"_id": id_}, stored(known[id_]), upsert=True) for id_ in changed]
        await self._db.scorecards.bulk_write(cards, ordered=False)
        if full:
            await self._db.ledger.bulk_write(full, ordered=False)

    async def prepare(self) -> None:
        """No index but the one on ``_id``."""


async def main(kind: str) -> None:
    """Consume until ended."""
    client: Any = AsyncIOMotorClient(os.environ["KINARA_MONGO"])
    db = client.get_database(os.environ["KINARA_DATABASE"], codec_options=CODEC)
    writer = Durable(db, client) if kind == "durable" else Bare(db, client)
    await writer.prepare()
    known: Known = {}

    async def take(records: list[Any]) -> None:
        await load(db, known, records)
        folded = (fold(known, record, repeats=kind == "bare") for record in records)
        if changed := {id_ for id_ in folded if id_ is not None}:
            await writer.store(known, changed)

    await raw.consume(take)


if __name__ == "__main__":
    raw.run(main(sys.argv[1]))
