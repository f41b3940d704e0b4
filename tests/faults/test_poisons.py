"""Every kind of poison through the inbox and the database of appraisal: its own fate, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from appraisal import consumers, store
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.envelope import Raw
from kinara.kit.fold import Folder
from kinara.kit.held import HELD
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX, messages
from kinara.kit.topics import Registry

from faults.poisons import POISONS, Fate, good, poisoned

THIRTY = 30
CARD = store.SCORECARDS.name


@pytest.fixture
async def folder(database: Database, registry: Registry) -> Folder:
    folder = Folder(consumers.inbox, database, "appraisal.score.nasional", registry.services, "life-1")
    for collection in store.COLLECTIONS:
        await collection.prepare(database)
    await folder.prepare()
    await store.ship_policies(database)
    return folder


async def effects(database: Database, employee: str) -> list[str]:
    """The ids of the facts that had an effect on somebody."""
    card = await database.find_one(CARD, {"_id": employee})
    return [row["id"] for row in card["page"]["rows"]] if card else []


async def dead(database: Database, registry: Registry) -> list[dict[str, Any]]:
    """Dead letters as kept, each of which must have been put on its topic exactly once."""
    kept = await database.find(DEAD_LETTERS, {})
    buckets = await database.find(OUTBOX, {})
    sent = [m for b in buckets for m in messages(b, "appraisal", registry) if m.topic.endswith(".dlq")]
    assert sorted(dict(m.headers)["x-dead-letter-id"] or b"" for m in sent) == sorted(d["_id"].encode() for d in kept)
    return kept


def fact_id(record: Raw) -> str:
    return (dict(record.headers)["ce_id"] or b"").decode()


def test_there_are_at_least_thirty_kinds() -> None:
    assert len(POISONS) >= THIRTY


@pytest.mark.parametrize("name", POISONS)
async def test_a_poison_meets_its_fate_and_its_neighbours_are_unharmed(
    name: str, folder: Folder, database: Database, registry: Registry
) -> None:
    victim, before, after = new_id(), new_id(), new_id()
    poison = POISONS[name].spoil(good(victim, registry))
    follows, fate = good(victim, registry, version=2), POISONS[name].fate
    neighbours = [good(employee, registry) for employee in (before, after)]
    batch = [neighbours[0], poison, follows, neighbours[1]]
    for _ in range(2):  # as after a crash before the offsets were committed
        await folder.take(folder.read(batch))
    for employee, record in zip((before, after), neighbours, strict=True):
        assert await effects(database, employee) == [fact_id(record)]
    letters = await dead(database, registry)
    assert len(letters) == (fate is Fate.DEAD)
    waiting = {d["version"] for d in await database.find(HELD, {"subject": victim})}
    assert waiting == {Fate.DEAD: {2}, Fate.WAITS: {2, 7}, Fate.SKIPPED: set(), Fate.COUNTS: set()}[fate]
    counted = {Fate.SKIPPED: [follows], Fate.COUNTS: [poison, follows]}.get(fate, [])
    assert await effects(database, victim) == [fact_id(record) for record in counted]
    if letters:
        assert (letters[0]["value"], letters[0]["key"]) == (poison.value, poison.key)


async def test_all_kinds_in_one_batch_are_told_apart(folder: Folder, database: Database, registry: Registry) -> None:
    records = {
        name: Raw(r.topic, 0, offset, r.key, r.value, r.headers)
        for offset, (name, r) in enumerate(poisoned(registry).items())
    }
    neighbour = new_id()
    outcome = await folder.take(folder.read([*records.values(), good(neighbour, registry)]))
    offsets = {i.raw.offset for i in outcome.dead}
    assert {name for name, r in records.items() if r.offset in offsets} == {
        name for name, poison in POISONS.items() if poison.fate is Fate.DEAD
    }
    assert len(await dead(database, registry)) == len(offsets)
    assert await effects(database, neighbour)
