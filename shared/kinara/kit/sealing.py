"""Sealing: once a day, each finished day of the outbox is brought into one hash, chained to the day before.

The day of a bucket is that of its id, which is made in the transaction that saves it. A transaction lives some minutes
at most, and the write that takes the lease comes hours after midnight and is acknowledged by a majority, hence after
all of them: whatever belongs to a day can be read when it is sealed. What comes later all the same (a transaction that
two shards had prepared, a clock that was wrong) is sealed with a day to come, which counts it as late.

A page of digests is stored for each 1,024 buckets: a subtree of the day, from which a killed sealer goes on, a proof is
made, and a bucket that differs is named. Pages and seals are only ever inserted, so two sealers make one seal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kinara.kit import log, merkle, seals
from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.seals import BEGINNING, Seal
from kinara.kit.stored import Document

SEALS, PAGES = "seals", "seal_pages"
PAGE = 1024
"""Buckets of a page; a power of two, so that a page is a subtree of its day."""
REST = timedelta(hours=18)
"""How long after midnight a day is sealed: 18:00 UTC is past midnight in all three zones of the country."""
LOOK_BACK, LATE_MOST = 7, 1000
"""Days in which late buckets are looked for, and how many one day takes up; the rest is left to the next."""
READ = 20
"""Buckets in memory at a time; one has at most 4 MiB."""
EVERY_S = 60.0
OURS = {"$regex": "^0[0-9a-f]{7}-[0-9a-f]{4}-7"}
"""An id that tells a time: whatever else somebody has put there stops no sealer."""
_DAY = timedelta(days=1)
_log = log.get("seals")


class Sealer:
    """Seals the days of a service while it holds the lease."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._lease = Lease("seals")

    async def run(self, database: Database) -> None:
        """Look for a finished day until cancelled."""
        await self._lease.work_off(database, self._waits, self._seal, every_s=EVERY_S)

    async def _waits(self, database: Database) -> bool:
        return await due(database, utc_now()) is not None

    async def _seal(self, database: Database) -> None:
        await seal_due(database, self._service)


async def due(database: Database, now: datetime) -> date | None:
    """The next day to seal, if it is over for long enough; the first is that of the oldest bucket."""
    last = await latest(database)
    if last is not None:
        day = last.day + _DAY
    else:
        oldest = await database.find(OUTBOX, {"_id": OURS}, sort=[("_id", 1)], limit=1, projection={"_id": 1})
        if not oldest:
            return None
        day = seals.day_of_id(oldest[0]["_id"])
    over = datetime(day.year, day.month, day.day, tzinfo=UTC) + _DAY
    return day if now >= over + REST else None


async def seal_due(database: Database, service: str, now: Callable[[], datetime] = utc_now) -> None:
    """Seal what is due, day by day."""
    while (day := await due(database, now())) is not None:
        sealed = await seal(database, service, day)
        _log.info("day sealed", day=str(day), buckets=sealed.buckets, facts=sealed.facts, late=sealed.late)
        if sealed.late:
            _log.warning("facts came after the seal of their day", day=str(day), buckets=sealed.late)


async def seal(database: Database, service: str, day: date) -> Seal:
    """Seal one day that follows the last sealed one; what a sealer before us has begun is kept."""
    await database[PAGES].create_index([("last", 1)])
    await _pages(database, day)
    before = await latest(database)
    if before is not None and before.day >= day:
        return before  # another sealer was faster
    pages = await database.find(PAGES, within(day), sort=[("_id", 1)], projection={"digests": 0, "buckets": 0})
    told: dict[str, Any] = {
        "service": service,
        "day": day,
        **{counted: sum(page["counts"][counted] for page in pages) for counted in ("buckets", "facts", "late")},
        "root": merkle.root([page["root"] for page in pages]).hex(),
        "previous": before.hash if before is not None else BEGINNING,
        "hash": BEGINNING,
    }
    sealed = Seal(**told)
    sealed = sealed.model_copy(update={"hash": sealed.expected()})
    await _insert(database, SEALS, {"_id": day.isoformat(), **sealed.model_dump(exclude={"day"})})
    return await _stored(database, day)


async def latest(database: Database) -> Seal | None:
    """The last seal."""
    found = await database.find(SEALS, {}, sort=[("_id", -1)], limit=1)
    return read(found[0]) if found else None


async def kept(database: Database, after: str = "", limit: int = 0) -> list[Seal]:
    """Seals after a day, oldest first."""
    found = await database.find(SEALS, {"_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit)
    return [read(document) for document in found]


def read(document: Document) -> Seal:
    """A stored seal."""
    return Seal.model_validate({"day": document["_id"], **{k: v for k, v in document.items() if k != "_id"}})


def within(day: date) -> Document:
    """The pages of a day, as a query."""
    return {"_id": {"$gte": f"{day}/", "$lt": f"{day}0"}}  # '0' is the character after '/'


async def unlisted(database: Database, day: date) -> set[str]:
    """Buckets that the outbox has in a day, and no page of that day lists; at most some thousands."""
    found: set[str] = set()
    after, end = seals.floor(day), seals.floor(day + _DAY)
    async with aclosing(database.pages(PAGES, within(day), 1, sort=[("_id", 1)], projection={"buckets": 1})) as pages:
        async for (page,) in pages:
            found |= await _ids(database, {"$gt": after, "$lte": page["buckets"][-1]}) - set(page["buckets"])
            after = max(after, page["buckets"][-1])
    return found | await _ids(database, {"$gt": after, "$lt": end})


async def _ids(database: Database, between: Mapping[str, str]) -> set[str]:
    found = await database.find(
        OUTBOX, {"_id": between}, sort=[("_id", 1)], projection={"_id": 1}, limit=PAGE + LATE_MOST
    )
    return {bucket["_id"] for bucket in found}


async def late(database: Database, day: date) -> list[str]:
    """Buckets of the days before that no seal has taken up, oldest first."""
    earlier = [s for s in await kept(database, str(day - (LOOK_BACK + 1) * _DAY)) if s.day < day]
    taken = await taken_late(database, earlier)
    found: set[str] = set()
    for one in earlier:
        begin, end = seals.floor(one.day), seals.floor(one.day + _DAY)
        known = one.buckets - one.late + sum(begin <= id_ < end for id_ in taken)
        if await database[OUTBOX].count_documents({"_id": seals.within(one.day)}) > known:
            found |= await unlisted(database, one.day) - taken
    return sorted(found)[:LATE_MOST]


async def taken_late(database: Database, among: list[Seal]) -> set[str]:
    """Buckets of earlier days that these seals have taken up; they stand on a day's first page."""
    first = [f"{one.day}/{0:06d}" for one in among if one.late]
    pages = await database.find_by_ids(PAGES, first)
    return {id_ for page in pages.values() for id_ in page["buckets"] if id_ < seals.floor(_day_of(page))}


def _day_of(page: Document) -> date:
    return date.fromisoformat(page["_id"].partition("/")[0])


async def _pages(database: Database, day: date) -> None:
    """Store the pages of a day, from the first that is not there."""
    while True:
        last = await database.find(PAGES, within(day), sort=[("_id", -1)], limit=1, projection={"last": 1, "counts": 1})
        if last and last[0]["counts"]["buckets"] < PAGE:
            return
        number = int(last[0]["_id"].partition("/")[2]) + 1 if last else 0
        page = await _page(database, day, last[0]["last"] if last else "")
        if not page["buckets"]:
            return
        await _insert(database, PAGES, {"_id": f"{day}/{number:06d}", **page})
        crash_point("seals.after_page")


async def _page(database: Database, day: date, after: str) -> Document:
    """The next buckets of a day; its first page begins with what came late to the days before."""
    ids: list[str] = []
    digests: list[bytes] = []
    facts = 0
    belated = [] if after else await late(database, day)
    between = seals.within(day) | ({"$gt": after} if after else {})
    for way in (*([{"_id": {"$in": belated}}] if belated else ()), {"_id": between}):
        options = {"sort": [("_id", 1)], "limit": PAGE - len(ids)}
        async with aclosing(database.pages(OUTBOX, way, READ, **options)) as pages:
            async for buckets in pages:
                ids += [bucket["_id"] for bucket in buckets]
                digests += await asyncio.to_thread(lambda some: [seals.digest(one) for one in some], buckets)
                facts += sum(len(seals.facts(bucket)) for bucket in buckets)
    counts = {"buckets": len(ids), "facts": facts, "late": sum(id_ < seals.floor(day) for id_ in ids)}
    last = max(ids, default="")
    return {"last": last, "counts": counts, "root": merkle.root(digests), "buckets": ids, "digests": digests}


async def _insert(database: Database, collection: str, document: Document) -> None:
    """Store it unless it is there: whoever was first is right."""
    rest = {name: value for name, value in document.items() if name != "_id"}
    await database[collection].update_one({"_id": document["_id"]}, {"$setOnInsert": rest}, upsert=True)


async def _stored(database: Database, day: date) -> Seal:
    found = await database.find_one(SEALS, {"_id": day.isoformat()})
    assert found is not None  # noqa: S101  # it was inserted, by us or by whoever was first
    return read(found)
