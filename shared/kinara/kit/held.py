"""Facts behind a gap: kept as they came until the missing one is there, so that a subject's order holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kinara.kit.deadletters import raw_of
from kinara.kit.envelope import Incoming, Raw
from kinara.kit.mongo import Database, Session

HELD = "held"

Place = tuple[str, str, int]
"""Subject id, speaking service and version."""


async def prepare(database: Database) -> None:
    """Create the collection's indexes."""
    await database[HELD].create_index([("group", 1), ("subject", 1)])


async def load(database: Database, group: str, subjects: list[str], session: Session) -> dict[Place, Raw]:
    """What waits already for these subjects."""
    if not subjects:
        return {}
    query = {"group": group, "subject": {"$in": subjects}}
    kept = await database.find(HELD, query, session=session)
    return {(d["subject"], d["service"], d["version"]): raw_of(d) for d in kept}


async def keep(
    database: Database,
    group: str,
    waiting: Mapping[Place, Incoming],
    stored: set[Place],
    at: datetime,
    session: Session,
) -> None:
    """Store what waits from now on, remove what waits no more."""
    for place in stored - set(waiting):
        await database[HELD].delete_one({"_id": _id(group, place)}, session=session)
    for place in set(waiting) - stored:
        raw = waiting[place].raw
        document = {
            "group": group,
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
        await database[HELD].replace_one({"_id": _id(group, place)}, document, upsert=True, session=session)


def _id(group: str, place: Place) -> str:
    subject, service, version = place
    return f"{group}/{subject}/{service}/{version:012d}"
