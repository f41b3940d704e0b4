"""What the oversight team gets over HTTP: every seal, as everybody does, and the proof that a fact stands below one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter

from kinara.contracts import Id
from kinara.kit import merkle, sealing, seals
from kinara.kit.http import After, Limit, Page, WorkDep
from kinara.kit.identity import PublicScope, Role, allow
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import Scope
from kinara.kit.seals import Proof, Seal
from kinara.kit.stored import Document
from kinara.kit.work import NotFound

WRITTEN_WITHIN = timedelta(minutes=2)
"""An event's id is made in the transaction that saves it, shortly before its bucket's."""
LONGEST_MS = 5_000
"""Of looking for an event among those of its two minutes, in the database."""
OversightScope = Annotated[Scope, allow(Role.OVERSIGHT)]
router = APIRouter(prefix="/v1", tags=["oversight"])


@router.get("/public/seals")
async def list_seals(_scope: PublicScope, work: WorkDep, limit: Limit = 50, after: After = None) -> Page[Seal]:
    """Finished days in one hash each, oldest first; keep a copy, and compare it with later ones."""
    found = await sealing.kept(work.database, after or "", limit + 1)
    return Page(items=found[:limit], next=str(found[limit - 1].day) if len(found) > limit else None)


@router.get("/seals/proofs/{event_id}")
async def prove_event(event_id: Id, scope: OversightScope, work: WorkDep) -> Proof:
    """That a fact about one's units stands in a sealed day; what it says of people is a hash."""
    return await prove(work.database, event_id, scope)


async def prove(database: Database, event_id: str, scope: Scope) -> Proof:
    """The proof for one fact; ``NotFound`` outside the scope, and before its day is sealed."""
    bucket, place = await _said(database, event_id)
    if not scope.covers(str(json.loads(bucket["rows"][place]["data"]).get("unit_path"))):
        raise NotFound("events", event_id)
    page = await _page_of(database, bucket["_id"])
    if page is None:
        raise NotFound("seals", event_id)
    day, _, number = page["_id"].partition("/")
    sealed = await database.find_one(sealing.SEALS, {"_id": day})
    if sealed is None:
        raise NotFound("seals", event_id)
    pages = await database.find(
        sealing.PAGES, sealing.within(sealing.read(sealed).day), sort=[("_id", 1)], projection={"root": 1}
    )
    way = merkle.path(page["digests"], page["buckets"].index(bucket["_id"]))
    return Proof(
        service=sealed["service"],
        day=day,
        fact=seals.plain(seals.fact(bucket["rows"][place])),
        fact_path=seals.steps(merkle.path(seals.leaves(bucket), place)),
        bucket=seals.plain(seals.header(bucket)),
        bucket_path=seals.steps([*way, *merkle.path([page["root"] for page in pages], int(number))]),
        root=sealed["root"],
    )


async def _said(database: Database, event_id: str) -> tuple[Document, int]:
    """The bucket that an event stands in, and its place there."""
    millis = int(event_id[:8] + event_id[9:13], 16) + WRITTEN_WITHIN // timedelta(milliseconds=1)
    until = f"{millis:012x}"
    said = {"_id": {"$gt": event_id, "$lt": f"{until[:8]}-{until[8:]}"}, "rows.id": event_id}
    for bucket in await database.find(OUTBOX, said, limit=1, max_time_ms=LONGEST_MS):
        return bucket, next(place for place, row in enumerate(bucket["rows"]) if row.get("id") == event_id)
    raise NotFound("events", event_id)


async def _page_of(database: Database, bucket: str) -> Document | None:
    """The page that lists a bucket: that of its own day, or the first of a later one."""
    own = sealing.within(seals.day_of_id(bucket)) | {"last": {"$gte": bucket}}
    candidates = await database.find(sealing.PAGES, own, sort=[("last", 1)], limit=1)
    late = [s for s in await sealing.kept(database, str(seals.day_of_id(bucket)), sealing.LOOK_BACK) if s.late]
    candidates += (await database.find_by_ids(sealing.PAGES, [f"{s.day}/{0:06d}" for s in late])).values()
    return next((page for page in candidates if bucket in page["buckets"]), None)
