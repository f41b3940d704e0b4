"""Facts behind a gap: kept as they came until the missing one is there, so that a subject's order holds.

They belong to the inbox, not to a cell: a person who moves is spoken of on two cells' topics, and either may fill the
gap. At most ``MOST`` wait for one subject; what comes beyond them becomes a dead letter, to be redriven afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import groupby

from pymongo import UpdateOne

from kinara.kit.deadletters import raw_of
from kinara.kit.envelope import Incoming, Raw
from kinara.kit.mongo import IDS_A_QUERY, Database, Session

HELD = "held"
MOST = 5_000
"""So many that one transaction can still fold them when the gap closes."""

Place = tuple[str, str, int]
"""Subject id, speaking service and version."""


class GapTooLong(Exception):
    """More facts wait for a subject than can be kept."""

    def __init__(self) -> None:
        super().__init__(f"{MOST} facts wait behind a gap: close it, then redrive this one")


async def prepare(database: Database) -> None:
    """Create the collection's indexes."""
    await database[HELD].create_index([("inbox", 1), ("subject", 1)])
    await database[HELD].create_index([("inbox", 1), ("since", 1)])


async def load(database: Database, inbox: str, subjects: list[str], session: Session) -> dict[Place, Raw]:
    """What waits already for these subjects."""
    if not subjects:
        return {}
    query = {"inbox": inbox, "subject": {"$in": subjects}}
    kept = await database.find(HELD, query, session=session)
    return {(d["subject"], d["service"], d["version"]): raw_of(d) for d in kept}


async def beyond(database: Database, inbox: str, new: Iterable[Place], session: Session) -> list[Place]:
    """Which of the facts that begin to wait are too many: the latest ones of a subject for which ``MOST`` wait."""
    too_many: list[Place] = []
    for subject, places in groupby(sorted(new), key=lambda place: place[0]):
        waiting = await database[HELD].count_documents({"inbox": inbox, "subject": subject}, session=session)
        too_many += list(places)[max(0, MOST - int(waiting)) :]
    return too_many


async def keep(
    database: Database, inbox: str, waiting: Mapping[Place, Incoming], at: datetime, session: Session
) -> None:
    """Store what waits from now on; a repeat of what waits already changes nothing."""
    writes = []
    for place, incoming in waiting.items():
        raw = incoming.raw
        document = {
            "inbox": inbox,
            "subject": place[0],
            "service": place[1],
            "version": place[2],
            "since": at,
            "topic": raw.topic,
            "partition": raw.partition,
            "offset": raw.offset,
            "key": raw.key,
            "value": raw.value,
            "headers": [[name, value] for name, value in raw.headers],
        }
        writes.append(UpdateOne({"_id": _id(inbox, place)}, {"$setOnInsert": document}, upsert=True))
    if writes:
        await database[HELD].bulk_write(writes, ordered=False, session=session)


async def release(database: Database, inbox: str, places: Collection[Place], session: Session) -> None:
    """Remove what waits no more."""
    ids = [_id(inbox, place) for place in places]
    for start in range(0, len(ids), IDS_A_QUERY):
        await database[HELD].delete_many({"_id": {"$in": ids[start : start + IDS_A_QUERY]}}, session=session)


def _id(inbox: str, place: Place) -> str:
    subject, service, version = place
    return f"{inbox}/{subject}/{service}/{version:012d}"
