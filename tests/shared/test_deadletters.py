"""Records that cannot be folded: put aside once, whole, for whatever reason, and brought back in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import toy
from toy import TALLIES, rated

from kinara.contracts.feedback import FeedbackReceived
from kinara.kit import deadletters, outbox
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.envelope import Raw
from kinara.kit.fold import HELD, Folder, Outcome
from kinara.kit.ids import new_id
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import raw
from kinara.kit.topics import Registry
from kinara.kit.work import Work


async def total(database: Database, employee: str) -> Decimal:
    return (await Work(database).get(TALLIES, employee, SYSTEM)).state.total


async def letters(database: Database) -> list[dict[str, Any]]:
    return await database.find(DEAD_LETTERS, {}, sort=[("_id", 1)])


async def sent(database: Database, registry: Registry) -> list[outbox.Message]:
    """What the relay would put on dead-letter topics."""
    buckets = await database.find(OUTBOX, {}, sort=[("_id", 1)])
    return [m for b in buckets for m in outbox.messages(b, "appraisal", registry) if m.topic.endswith(".dlq")]


async def carry_out(folder: Folder, database: Database) -> list[Outcome]:
    """What a consumer does every second with what operators asked for."""
    outcomes = []
    for kept in await deadletters.requested(database, folder.group):
        outcomes.append(await folder.redrive(kept))
    return outcomes


def with_header(record: Raw, name: str, value: bytes | None) -> Raw:
    kept = tuple(h for h in record.headers if h[0] != name)
    return dataclasses.replace(record, headers=(*kept, (name, value)))  # type: ignore[arg-type]  # Kafka allows null


UNREADABLE: dict[str, Callable[[Raw], Raw]] = {
    "a header without a value": lambda r: with_header(r, "ce_id", None),
    "an unknown header without a value": lambda r: dataclasses.replace(with_header(r, "x-other", None), value=b"{"),
    "a time before all calendars": lambda r: with_header(r, "ce_time", b"0001-01-01T00:00:00+14:00"),
    "a time after all calendars": lambda r: with_header(r, "ce_time", b"9999-12-31T23:59:59-14:00"),
    "a province that is no code": lambda r: with_header(r, "ce_province", b"\x00$"),
    "a version beyond counting": lambda r: with_header(r, "ce_aggregateversion", b"9" * 13),
    "text for a number": lambda r: dataclasses.replace(r, value=r.value and r.value.replace(b'"rating":4', b'"rating":"?"')),
    "bytes that are no text": lambda r: dataclasses.replace(r, value=b"\xff\xfe"),
    "deep nesting": lambda r: dataclasses.replace(r, value=b"[" * 100_000),
    "a weight that the database cannot keep": lambda r: dataclasses.replace(
        r, value=r.value and r.value.replace(b'"trust":"1"', b'"trust":"0.' + b"1" * 60 + b'"')
    ),
}  # fmt: skip


@pytest.mark.parametrize("spoil", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_one_bad_record_is_put_aside_and_the_rest_of_its_batch_goes_on(
    spoil: Callable[[Raw], Raw], database: Database, registry: Registry
) -> None:
    folder = Folder(keeps_trust(), database, "toy.tally.nasional", registry.services)
    good, other = new_id(), new_id()
    batch = [raw(rated(good, 3), 1, registry), spoil(raw(rated(other), 1, registry)), raw(rated(good, 2), 2, registry)]
    outcome = await folder.take(folder.read(batch))
    assert len(outcome.dead) == 1
    assert await total(database, good) == 5
    (message,) = await sent(database, registry)
    assert message.value == batch[1].value
    assert len(await letters(database)) == 1


def keeps_trust() -> Inbox:
    """An inbox whose effects repeat a number of the fact as it came."""
    inbox = Inbox("toy.tally")

    @inbox.on(FeedbackReceived, TALLIES)
    def keep(tally: toy.Tally, event: FeedbackReceived, _known: None) -> tuple[toy.Tally, dict[str, object]]:
        changed, effect = toy.add_up(tally, event, None)
        return changed, {**effect, "trust": event.trust}

    return inbox
