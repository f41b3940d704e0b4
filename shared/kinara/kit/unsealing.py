"""Is what the outbox says what was sealed: every day recomputed, and each bucket that differs named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date, datetime, timedelta

from kinara.kit import merkle, seals
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.sealing import PAGES, READ, taken_late, within
from kinara.kit.seals import SEALED_WITHIN, Found, Seal
from kinara.kit.stored import Document

_DAY = timedelta(days=1)
ADDED = "the bucket came after the seal: added, or late and not taken up yet"


async def differences(database: Database, sealed: list[Seal], now: datetime) -> AsyncIterator[Found]:
    """Everything that is not as it was sealed, day by day; the seals themselves first."""
    for found in (*seals.chain(sealed), *seals.stopped(sealed, now.date())):
        yield found
    if not sealed:
        over = {"_id": {"$lt": seals.floor(now.date() - SEALED_WITHIN)}}
        for bucket in await database.find(OUTBOX, over, sort=[("_id", 1)], projection={"_id": 1}, limit=1):
            yield Found(str(now.date()), bucket["_id"], "no day was ever sealed, or every seal is gone")
        return
    taken = await taken_late(database, sealed)
    to_come = max(now.date(), sealed[-1].day + _DAY) + 2 * _DAY  # a service's clock may be ahead of ours
    for outside in ({"$lt": seals.floor(sealed[0].day)}, {"$gte": seals.floor(to_come)}):
        for bucket in await database.find(OUTBOX, {"_id": outside}, projection={"_id": 1}, limit=100):
            if bucket["_id"] not in taken:
                yield Found(str(sealed[0].day), bucket["_id"], "the bucket belongs to no day that is or will be sealed")
    for seal in sealed:
        async for found in _day(database, seal, taken):
            yield found


async def _day(database: Database, seal: Seal, taken: set[str]) -> AsyncIterator[Found]:
    """What differs in one day: what its pages list is read again, page by page."""
    day = str(seal.day)
    roots: list[bytes] = []
    listed = facts = 0
    after = ""
    async with aclosing(database.pages(PAGES, within(seal.day), 1, sort=[("_id", 1)])) as pages:
        async for (page,) in pages:
            if len(page["buckets"]) != len(page["digests"]) or not page["buckets"]:
                yield Found(day, None, f"its digests were changed: {page['_id']}")
                continue
            roots.append(merkle.root(page["digests"]))
            listed, facts = listed + len(page["buckets"]), facts + page["counts"]["facts"]
            async for found in _page(database, seal.day, page, after, taken):
                yield found
            after = page["buckets"][-1]
    tail = await _digests(database, {"_id": _after(seal.day, after)})
    for id_ in sorted(tail.keys() - taken):
        yield Found(day, id_, ADDED)
    if merkle.root(roots).hex() != seal.root or (listed, facts) != (seal.buckets, seal.facts):
        yield Found(day, None, "its digests have another root than its seal")


async def _page(database: Database, day: date, page: Document, after: str, taken: set[str]) -> AsyncIterator[Found]:
    """What differs in one page."""
    begin, ids = seals.floor(day), page["buckets"]
    there = await _digests(database, {"_id": _after(day, after) | {"$lte": ids[-1]}})
    if belated := [id_ for id_ in ids if id_ < begin]:
        there |= await _digests(database, {"_id": {"$in": belated}})
    for id_, digest in zip(ids, page["digests"], strict=True):
        if id_ not in there:
            yield Found(str(day), id_, "the bucket was removed")
        elif there[id_] != digest:
            yield Found(str(day), id_, "the bucket was changed")
    for id_ in sorted(there.keys() - set(ids) - taken):
        yield Found(str(day), id_, ADDED)


def _after(day: date, after: str) -> Document:
    """The ids of a day behind one of them."""
    return seals.within(day) | ({"$gt": after} if after else {})


async def _digests(database: Database, query: Document) -> dict[str, bytes]:
    """What buckets come to now."""
    found: dict[str, bytes] = {}
    async with aclosing(database.pages(OUTBOX, query, READ, sort=[("_id", 1)])) as pages:
        async for buckets in pages:
            some = await asyncio.to_thread(lambda these: {one["_id"]: seals.digest(one) for one in these}, buckets)
            found |= some
    return found
