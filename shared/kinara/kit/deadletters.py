"""Records that could not be folded: kept with their reason, sent to the dead-letter topic, and brought back.

A dead letter's key is parked by its version: the missing fact is a gap, and what follows it waits in ``held`` until
the dead letter is redriven or discarded. Both go through the inbox again under the same id and version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kinara.kit.envelope import Incoming, Raw
from kinara.kit.log import mask
from kinara.kit.mongo import Database, Session
from kinara.kit.outbox import Message, dead_letter_row
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

DEAD_LETTERS = "dead_letters"

HEADERS, HEADER_CAP, VALUE_CAP = 50, 1_000, 900_000
"""Most headers, and most bytes of a header and of the value, of the record on the dead-letter topic: with the reason it
must not outgrow what a topic takes. ``dead_letters`` keeps all of it."""


def identity(incoming: Incoming, group: str, incarnation: str) -> str:
    """One id for one dead letter, however often it is read: the fact's id, else its place in the log."""
    if incoming.stamp is not None:
        return f"{group}/{incoming.stamp.id}"
    raw = incoming.raw
    return f"{group}/{raw.topic}/{raw.partition}/{raw.offset}@{incarnation}"


def document(incoming: Incoming, id_: str, group: str, at: datetime) -> Document:
    """The dead letter as it is kept."""
    raw, problem = incoming.raw, incoming.problem
    return {
        "_id": id_,
        "group": group,
        "topic": raw.topic,
        "partition": raw.partition,
        "offset": raw.offset,
        "key": raw.key,
        "value": raw.value,
        "headers": [[name, value] for name, value in raw.headers],
        "type": incoming.stamp.type if incoming.stamp else None,
        "subject": str(incoming.stamp.subject) if incoming.stamp else None,
        "version": incoming.stamp.version if incoming.stamp else None,
        "reason": {"class": type(problem).__name__, "message": _text(mask(str(problem))[:500])},
        "at": at,
        "status": "open",
        "redrives": incoming.redriven,
    }


def row(kept: Mapping[str, Any]) -> Document:
    """The outbox row that carries a dead letter to its topic, the reason in its headers."""
    reason = {
        "x-dead-letter-id": kept["_id"],
        "x-original-topic": kept["topic"],
        "x-original-partition": kept["partition"],
        "x-original-offset": kept["offset"],
        "x-group": kept["group"],
        "x-exception-class": kept["reason"]["class"],
        "x-exception-message": kept["reason"]["message"],
        "x-failed-at": kept["at"].isoformat(),
        "x-redrive-count": kept["redrives"],
    }
    headers = [(name, _cut(value, HEADER_CAP)) for name, value in kept["headers"][:HEADERS]]
    headers += [(name, str(value).encode()) for name, value in reason.items()]
    topic = Registry.dead_letter_topic(kept["topic"], kept["group"])
    key, value = _cut(kept["key"], HEADER_CAP), _cut(kept["value"], VALUE_CAP)
    if key is None and value is None:
        value = b""  # a producer sends no record without either
    return dead_letter_row(Message(topic, key, value, headers))


def _cut(value: bytes | None, most: int) -> bytes | None:
    return None if value is None else bytes(value[:most])


def _text(text: str) -> str:
    """Text that can be stored: no half characters."""
    return text.encode(errors="replace").decode()


async def keep(database: Database, letters: Mapping[str, Document], session: Session) -> list[Document]:
    """Store dead letters that are new or have failed once more; returns the outbox rows of those stored.

    A record that comes again because its offset was not committed changes nothing of what operators have decided.
    """
    known = await database.find_by_ids(DEAD_LETTERS, letters, session)
    fresh = [d for id_, d in letters.items() if id_ not in known or d["redrives"] > known[id_]["redrives"]]
    for letter in fresh:
        await database[DEAD_LETTERS].replace_one({"_id": letter["_id"]}, letter, upsert=True, session=session)
    return [row(letter) for letter in fresh]


async def redrive(database: Database, id_: str, *, by: str, value: bytes | None = None) -> bool:
    """Ask for a dead letter to be folded again, with a repaired value if one is given; False if it is not open."""
    change: Document = {"status": "redrive", "by": by}
    if value is not None:
        change["value"] = value
    done = await database[DEAD_LETTERS].update_one({"_id": id_, "status": "open"}, {"$set": change})
    return bool(done.matched_count)


async def discard(database: Database, id_: str, *, by: str, reason: str) -> bool:
    """Ask for a dead letter to be passed over: its version counts as seen, so that what follows it goes on."""
    change = {"status": "discard", "by": by, "discarded_because": reason}
    done = await database[DEAD_LETTERS].update_one({"_id": id_, "status": "open"}, {"$set": change})
    return bool(done.matched_count)


async def requested(database: Database, group: str) -> list[Document]:
    """Dead letters of a group that somebody wants redriven or discarded, oldest version first."""
    query = {"group": group, "status": {"$in": ["redrive", "discard"]}}
    return await database.find(DEAD_LETTERS, query, sort=[("version", 1), ("_id", 1)], limit=1_000)


_SETTLED = {"redrive": "redriven", "discard": "discarded"}


async def settle(database: Database, kept: Document) -> None:
    """Close a dead letter that was redriven or discarded, unless it has failed again meanwhile."""
    asked = kept["status"]
    change = {"$set": {"status": _SETTLED[asked]}}
    await database[DEAD_LETTERS].update_one({"_id": kept["_id"], "status": asked}, change)


def raw_of(kept: Document) -> Raw:
    """The original record of a dead letter or a waiting one."""
    headers = tuple((name, None if value is None else bytes(value)) for name, value in kept["headers"])
    value = None if kept["value"] is None else bytes(kept["value"])
    key = None if kept["key"] is None else bytes(kept["key"])
    return Raw(kept["topic"], kept["partition"], kept["offset"], key, value, headers)
