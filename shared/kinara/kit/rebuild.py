"""Compares what an inbox holds with what the log alone gives, and puts right what differs.

A document is compared after the very same facts (``shadow.py``), in the part of it that follows from the log
(``Inbox.rebuilds``), and by the ids of the facts that had an effect on it. It is put right in one transaction that
holds the document from its first step to its last, so that nothing that comes meanwhile is lost; a kill leaves whole
documents, some of them not put right yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kinara.kit import outbox, paths
from kinara.kit.crash import crash_point
from kinara.kit.documents import LEDGER, Collection, Record, paged
from kinara.kit.held import HELD
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import IDS_A_QUERY, Database, Session
from kinara.kit.outbox import OUTBOX
from kinara.kit.shadow import Shadow
from kinara.kit.stored import Document
from kinara.kit.work import Cause

PAGE = 500
LATEST = 20
"""Buckets that are looked through for the last fact: two that overlap may have the order of their ids against them."""
NOT_FOLDED = ("command", "rebuild")
"""Effects that no fact of the log had."""


class Verdict(StrEnum):
    """How a live document stands beside the log."""

    EQUAL = "equal"
    DIFFERING = "differing"
    MISSING = "missing"
    """The log speaks of it, and it is not there."""
    EXTRA = "extra"
    """It is there, and the log, which is whole, does not speak of it."""
    LOST = "cannot be rebuilt"
    """The log lacks facts that it has seen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One document; ``why`` names versions and fields, never their values."""

    collection: Collection[Any]
    id: str
    verdict: Verdict
    why: tuple[str, ...] = ()

    @property
    def mendable(self) -> bool:
        """Whether the log knows better."""
        return self.verdict in (Verdict.DIFFERING, Verdict.MISSING)


async def compare(shadow: Shadow) -> AsyncIterator[list[Finding]]:
    """Every document of the inbox, then what it lacks, in pages."""
    known = await shadow.inbox.knows(shadow.live)
    for collection in shadow.inbox.stores:
        async for page in _pages(shadow.live, collection):
            await shadow.advance()
            yield await _look(shadow, collection, list(page), known)
        async for page in _pages(shadow.scratch, collection):
            there = await shadow.live.find_by_ids(collection.name, list(page))
            yield [Finding(collection, id_, Verdict.MISSING) for id_ in page if id_ not in there]


async def _pages(database: Database, collection: Collection[Any]) -> AsyncIterator[dict[str, None]]:
    """The ids of a collection."""
    after = ""
    while page := await database.find(
        collection.name, {"_id": {"$gt": after}}, sort=[("_id", 1)], limit=PAGE, projection={"_id": 1}
    ):
        yield {document["_id"]: None for document in page}
        after = page[-1]["_id"]


async def _look(shadow: Shadow, collection: Collection[Any], ids: Sequence[str], known: Any) -> list[Finding]:
    documents = list((await shadow.live.find_by_ids(collection.name, ids)).values())
    folded = await shadow.beside(collection, documents)
    effects = await _effects(shadow.live, collection, documents)
    again = await _effects(shadow.scratch, collection, [collection.document(record) for record in folded.values()])
    found = []
    for document in documents:
        live, log = collection.read(document), folded.get(document["_id"])
        verdict, why = _verdict(shadow, live, log)
        if verdict is Verdict.EQUAL and log is not None:
            why = tuple(_differences(shadow, collection, live, log, known))
            why += tuple(_uneven(effects[live.id], again[live.id]))
            verdict = Verdict.DIFFERING if why else verdict
        found.append(Finding(collection, live.id, verdict, why))
    return found


def _verdict(shadow: Shadow, live: Record[Any], log: Record[Any] | None) -> tuple[Verdict, tuple[str, ...]]:
    """Whether both have seen the same; who has not is at fault."""
    if log is None:
        if live.seen and shadow.whole and not shadow.speaks_of(live.id):
            return Verdict.EXTRA, ()
        log = replace(live, seen={})
    lost = [(service, log.seen.get(service, 0) + 1) for service, seen in live.seen.items() if _less(log, service, seen)]
    if lost:
        return Verdict.LOST, tuple(f"{s} {version}: {shadow.why_not(live.id, s, version)}" for s, version in lost)
    unseen = tuple(f"seen.{service}" for service, seen in log.seen.items() if _less(live, service, seen))
    return (Verdict.DIFFERING, unseen) if unseen else (Verdict.EQUAL, ())


def _less(record: Record[Any], service: str, seen: int) -> bool:
    return record.seen.get(service, 0) < seen


def _differences(
    shadow: Shadow, collection: Collection[Any], live: Record[Any], log: Record[Any], known: Any
) -> Iterator[str]:
    """The paths of the fields that the log says otherwise."""
    mended, _ = _rebuilt(shadow, collection, live, log, (), known)
    yield from _paths(collection.document(live), collection.document(replace(live, state=mended)))


def _rebuilt(
    shadow: Shadow,
    collection: Collection[Any],
    live: Record[Any],
    log: Record[Any],
    rows: Sequence[Document],
    known: Any,
) -> tuple[Any, Document]:
    rebuilt = shadow.inbox.rebuilt.get(collection.name)
    return rebuilt(live.state, log.state, rows, known) if rebuilt is not None else (log.state, {})


def _paths(one: Any, other: Any, at: str = "") -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted(one.keys() | other.keys()):
            yield from _paths(one.get(key), other.get(key), f"{at}.{key}" if at else str(key))
    elif one != other:
        yield at


def _uneven(live: Iterable[Document], log: Iterable[Document]) -> Iterator[str]:
    """How many effects are missing and how many too many, by the facts that had them."""
    ours, theirs = _folded(live), _folded(log)
    if missing := (theirs - ours).total():
        yield f"effects: {missing} missing"
    if extra := (ours - theirs).total():
        yield f"effects: {extra} too many"


def _folded(rows: Iterable[Document]) -> Counter[str]:
    return Counter(row["id"] for row in rows if row["type"] not in NOT_FOLDED)


async def _effects(
    database: Database, collection: Collection[Any], documents: Iterable[Document], session: Session = None
) -> dict[str, list[Document]]:
    """All effects on these documents, oldest first: full pages, then the page in use.

    A page that a document has filled since it was read is still the one in use here.
    """
    open_ = {document["_id"]: document["page"] for document in documents}
    found: dict[str, list[Document]] = {id_: [] for id_ in open_}
    ids = sorted(open_)
    for start in range(0, len(ids), IDS_A_QUERY):
        query = {"subject": {"$in": ids[start : start + IDS_A_QUERY]}}
        for page in sorted(await database.find(LEDGER, query, session=session), key=lambda page: page["_id"]):
            name, _, number = page["_id"].rpartition("/")
            if name == f"{collection.name}/{page['subject']}" and int(number) < open_[page["subject"]]["no"]:
                found[page["subject"]] += page["rows"]
    return {id_: [*rows, *open_[id_]["rows"]] for id_, rows in found.items()}


async def swap(shadow: Shadow, finding: Finding) -> bool:
    """Put one document right, as far as the log goes; False if facts are missing that it has seen."""
    known = await shadow.inbox.knows(shadow.live)
    await shadow.advance()

    async def body(session: Session) -> bool:
        return await _swap(shadow, finding.collection, finding.id, known, session)

    done = await shadow.live.transact(body, rerun_unknown=True)
    crash_point("rebuild.mid_swap")
    return done


async def _swap(shadow: Shadow, collection: Collection[Any], id_: str, known: Any, session: Session) -> bool:
    """Hold the document by writing its ``rev``, bring the shadow to what it has seen, and take over what follows."""
    held = await shadow.live[collection.name].find_one_and_update(
        {"_id": id_}, {"$inc": {"rev": 1}}, session=session, return_document=True
    )
    document = held or {"_id": id_, "seen": {}, "page": {"no": 0, "rows": []}}
    log = (await shadow.beside(collection, [document])).get(id_)
    if log is None or (held and _verdict(shadow, collection.read(held), log)[0] is Verdict.LOST):
        return False
    live = collection.read(held) if held else collection.unknown(id_, "")
    again = (await _effects(shadow.scratch, collection, [collection.document(log)]))[id_]
    rows = (await _effects(shadow.live, collection, [document], session))[id_] if held else []
    kept, lacking = _evened(rows, again) if held else (again, [])
    state, effect = _rebuilt(shadow, collection, live, log, kept, known) if held else (log.state, {})
    gone, seen = collection.left(live, state), {**live.seen, **log.seen}
    record = replace(live, state=state, left=gone, rev=live.rev + 1, seen=seen)
    record = replace(record, waits=await _release(shadow, record, session))
    if not held or live.seen != log.seen:
        record = replace(record, said=await _said(shadow, collection, live, session))
    added = [*lacking, {"id": new_id(), "type": "rebuild", "at": utc_now()} | effect]
    if len(kept) != len(rows):
        await _forget_pages(shadow.live, collection, id_, session)
        record, added = replace(record, page=0, rows=()), [*kept, *added]
    page, left, overflow = paged((*record.rows, *added), record.page)
    record = replace(record, page=page, rows=left, overflow=overflow)
    record = await _announce(shadow, collection, live if held else None, record, known, session)
    stored = [collection.document(record)]
    shadow.live.write(collection.name, [] if held else stored, stored if held else [], session)
    shadow.live.write(LEDGER, collection.pages(record), [], session)
    await paths.note(shadow.live, [record], session)
    return True


def _evened(rows: Sequence[Document], again: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """The effects that stay, and in short those that were lacking: what they did, the rebuild's own effect tells."""
    due, kept = _folded(again), []
    for row in rows:
        if row["type"] in NOT_FOLDED or due[row["id"]] > 0:
            due[row["id"]] -= 1
            kept.append(row)
    lacking = [row for row in again if due[row["id"]] > 0]
    return kept, [{key: row[key] for key in ("id", "type", "at", "discarded") if key in row} for row in lacking]


async def _forget_pages(database: Database, collection: Collection[Any], id_: str, session: Session) -> None:
    """Remove the full pages of a document that gets new ones."""
    begin = f"{collection.name}/{id_}"
    await database[LEDGER].delete_many({"_id": {"$gte": f"{begin}/", "$lt": f"{begin}0"}}, session=session)


async def _release(shadow: Shadow, record: Record[Any], session: Session) -> tuple[str, ...]:
    """Remove what waited for facts that are folded now; the services of which something still waits."""
    ours = {"inbox": shadow.inbox.name, "subject": record.id}
    for service, version in record.seen.items():
        seen = ours | {"service": service, "version": {"$lte": version}}
        await shadow.live[HELD].delete_many(seen, session=session)
    left = await shadow.live.find(HELD, ours, session=session)
    return tuple(sorted({waiting["service"] for waiting in left}))


async def _said(shadow: Shadow, collection: Collection[Any], live: Record[Any], session: Session) -> int:
    """The version of the last fact about it: a document that has lost facts may have lost count of its own."""
    names = [f"{kind}/{live.id}" for kind in collection.about] if collection.speaks else []
    query = {"rows.subject": {"$in": names}}
    buckets = await shadow.live.find(OUTBOX, query, sort=[("_id", -1)], limit=LATEST, session=session) if names else []
    rows = (row for bucket in buckets for row in bucket["rows"] if row.get("subject") in names)
    return max((row["version"] for row in rows), default=live.said)


async def _announce(
    shadow: Shadow,
    collection: Collection[Any],
    live: Record[Any] | None,
    record: Record[Any],
    known: Any,
    session: Session,
) -> Record[Any]:
    """Say what the change means to others, as after a batch."""
    announce = shadow.inbox.announces.get(collection.name)
    events = announce(live.state if live else None, record.state, known) if announce is not None else ()
    at, cause = utc_now(), Cause(new_id())
    rows = [
        outbox.row(event, id_=new_id(), version=version, at=at, cause=cause)
        for version, event in enumerate(events, record.said + 1)
    ]
    if rows:
        outbox.put(shadow.live, rows, at, session)
    return replace(record, said=record.said + len(rows))
