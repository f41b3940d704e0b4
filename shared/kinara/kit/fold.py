"""The consumer: folds a poll's records into their subjects' documents, in one transaction, in order per subject.

For each fact the subject's document says which version of the speaking service it has seen: an older one is a repeat
and is skipped, the next one is folded, a later one waits in ``held`` until the gap is filled. Everything that a batch
changes (documents, full pages of effects, what is published in consequence, dead letters, what waits) is written in
one transaction; only then are the offsets committed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from kinara.contracts import Event
from kinara.kit import deadletters, held, outbox, paths
from kinara.kit.batch import Open, Outcome, reached
from kinara.kit.documents import LEDGER, Collection, Record, paged
from kinara.kit.envelope import Incoming, Raw, bare_stamp, read
from kinara.kit.ids import new_id, utc_now
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Conflict, Database, DatabaseError, Session
from kinara.kit.stored import Document, packed, storable
from kinara.kit.work import Cause

CACHE = 20_000

Waiting = dict[held.Place, Incoming]
"""Facts behind a gap."""


class Folder:
    """Runs an inbox against a database, for one consumer group."""

    def __init__(
        self, inbox: Inbox, database: Database, group: str, services: Iterable[str], incarnation: str = ""
    ) -> None:
        self.inbox = inbox
        self.group = group
        self.incarnation = incarnation
        self._database = database
        self._services = frozenset(services)
        self._cache: OrderedDict[str, Record[Any]] = OrderedDict()

    async def prepare(self) -> None:
        """Create the indexes of the inbox's own collections."""
        await held.prepare(self._database)
        await self._database[deadletters.DEAD_LETTERS].create_index([("group", 1), ("status", 1)])

    def read(self, raws: Iterable[Raw]) -> list[Incoming]:
        """Read records; a record that cannot be read carries its problem."""
        return [read(raw, self.inbox.types, self._services) for raw in raws]

    async def take(self, batch: Sequence[Incoming], folded: Callable[[], None] = lambda: None) -> Outcome:
        """Fold a batch in one transaction, re-run from fresh state after a conflict.

        ``folded`` is called when only storing is left, and again after each re-run.
        If a fact's effect cannot be stored or announced, the batch is folded again with a look at each effect, so
        that this fact is put aside like any other that cannot be folded.
        """
        known = await self.inbox.knows(self._database)
        try:
            return await self._take(batch, known, folded, careful=False)
        except (DatabaseError, Conflict):
            raise
        except Exception:  # noqa: BLE001  # whatever a rule's result broke
            return await self._take(batch, known, folded, careful=True)

    def again(self, kept: Document) -> Incoming:
        """Read a dead letter as it comes back: repaired, or to be passed over."""
        incoming = self.read([deadletters.raw_of(kept)])[0]
        incoming.redriven = kept["redrives"] + 1
        if kept["status"] in ("discard", "discarded"):
            incoming.discarded = kept["discarded_because"]
            incoming.stamp = incoming.stamp or bare_stamp(incoming.raw, kept["at"])
        return incoming

    async def redrive(self, kept: Document) -> Outcome:
        """Fold a dead letter again, or pass over it, as an operator has asked, and close it.

        One that comes before its turn stays as it was asked for until the gap before it is closed.
        """
        incoming = self.again(kept)
        passed_over = incoming.stamp is None and incoming.discarded is not None
        outcome = Outcome() if passed_over else await self.take([incoming])
        if passed_over or outcome.folded or outcome.repeats or outcome.dead or outcome.ignored:
            await deadletters.settle(self._database, kept)
        return outcome

    async def _take(
        self, batch: Sequence[Incoming], known: Any, folded: Callable[[], None], *, careful: bool
    ) -> Outcome:
        attempts = 0

        async def body(session: Session) -> Outcome:
            nonlocal attempts
            attempts += 1
            if attempts > 1:
                self.forget(batch)
            for incoming in batch:
                if incoming.event is not None:
                    incoming.problem = None  # a fold may fail on one state and pass on a fresher one
            outcome = await self._fold(batch, known, careful, session)
            folded()
            return outcome

        try:
            outcome = await self._database.transact(body, rerun_unknown=True)
        except BaseException:
            self.forget(batch)
            raise
        self._remember(outcome.records)
        return outcome

    def forget(self, batch: Iterable[Incoming]) -> None:
        """Drop what is remembered of the batch's subjects."""
        for incoming in batch:
            if incoming.stamp is not None:
                self._cache.pop(incoming.stamp.subject.id, None)

    def _remember(self, records: dict[str, Record[Any]]) -> None:
        for id_, record in records.items():
            self._cache[id_] = replace(record, overflow=(), left=()) if record.overflow or record.left else record
            self._cache.move_to_end(id_)
        while len(self._cache) > CACHE:
            self._cache.popitem(last=False)

    async def _fold(self, batch: Sequence[Incoming], known: Any, careful: bool, session: Session) -> Outcome:
        outcome = Outcome()
        opened = await self._open(batch, careful, session)
        stored = await held.load(self._database, self.inbox.name, reached(batch, opened), session)
        waiting = {place: self.read([raw])[0] for place, raw in stored.items()}
        for incoming in batch:
            subject = opened.get(incoming.stamp.subject.id) if incoming.stamp is not None else None
            if incoming.stamp is None:
                outcome.dead.append(incoming)
            elif subject is None:
                outcome.ignored += 1
            else:
                self._place(incoming, subject, waiting, known, outcome)
        new = {place: incoming for place, incoming in waiting.items() if place not in stored}
        await self._put_aside(new, waiting, outcome, session)
        if any(i.stamp is not None and i.stamp.subject.id in self._cache for i in outcome.dead):
            raise Conflict("a fact is not put aside for a state that may be out of date")
        outcome.waiting = len(new)
        if stored or waiting:
            _note_gaps(opened, stored, waiting, new)
        await self._write(opened, known, outcome, session)
        await held.keep(self._database, self.inbox.name, new, utc_now(), session)
        await held.release(self._database, self.inbox.name, stored.keys() - waiting.keys(), session)
        return outcome

    async def _put_aside(self, new: Waiting, waiting: Waiting, outcome: Outcome, session: Session) -> None:
        """Make dead letters of the latest facts that begin to wait where too many wait already."""
        for place in await held.beyond(self._database, self.inbox.name, new, session):
            del waiting[place]
            incoming = new.pop(place)
            incoming.problem = held.GapTooLong()
            outcome.dead.append(incoming)

    async def _open(self, batch: Sequence[Incoming], careful: bool, session: Session) -> dict[str, Open]:
        """The documents of all subjects of the batch: remembered, loaded, or blank."""
        wanted: dict[str, tuple[Collection[Any], str]] = {}
        for incoming in batch:
            stamp = incoming.stamp
            if stamp is not None and stamp.subject.kind in self.inbox.collections:
                wanted.setdefault(stamp.subject.id, (self.inbox.collections[stamp.subject.kind], stamp.province))
        found: dict[str, Record[Any]] = {i: self._cache[i] for i in wanted if i in self._cache}
        for collection in self.inbox.stores:
            missing = [i for i, (c, _) in wanted.items() if c is collection and i not in found]
            documents = await self._database.find_by_ids(collection.name, missing, session)
            found.update({i: collection.read(d) for i, d in documents.items()})
        opened = {}
        for id_, (collection, province) in wanted.items():
            record = found.get(id_) or collection.unknown(id_, province)
            opened[id_] = Open(collection, record, record.state, dict(record.seen), careful, waits=record.waits)
        return opened

    def _place(self, incoming: Incoming, subject: Open, waiting: Waiting, known: Any, outcome: Outcome) -> None:
        """Skip a repeat, keep what comes too early, fold what is next and then what waited for it."""
        current: Incoming | None = incoming
        while current is not None and current.stamp is not None:
            stamp = current.stamp
            last = subject.seen.get(stamp.service, 0)
            if stamp.version <= last:
                outcome.repeats += 1
            elif stamp.version > last + 1:
                if not current.redriven:  # a redriven one waits among the dead letters, with what was decided
                    waiting[stamp.subject.id, stamp.service, stamp.version] = current
                return
            elif not self._advance(current, subject, known):
                outcome.dead.append(current)
                return
            else:
                outcome.folded.append(current)
            if not waiting:
                return
            current = waiting.pop((stamp.subject.id, stamp.service, subject.seen[stamp.service] + 1), None)

    def _advance(self, incoming: Incoming, subject: Open, known: Any) -> bool:
        """Fold the next fact; False, with the problem noted, if that is not possible."""
        stamp = incoming.stamp
        assert stamp is not None  # noqa: S101  # _place looked
        if incoming.discarded is None and incoming.problem is not None:
            return False
        fold = self.inbox.folds.get((stamp.type, stamp.subject.kind))
        row: Document = {"id": stamp.id, "type": stamp.name, "at": stamp.time}
        if incoming.discarded is not None:
            subject.rows.append({**row, "discarded": incoming.discarded})
        elif fold is not None and incoming.event is not None:
            try:
                state, effect = fold(subject.state, incoming.event, known)
                if subject.careful:
                    self._try(subject, state, known)
                row = packed({**row, **effect})
            except Exception as problem:  # noqa: BLE001  # any failure of a rule parks this fact, not the partition
                incoming.problem = problem
                return False
            subject.state = state
            subject.rows.append(row)
        subject.seen[stamp.service] = stamp.version
        subject.last = incoming
        return True

    def _try(self, subject: Open, state: Any, known: Any) -> None:
        """Raise if what a fact made of a state cannot be stored or announced."""
        storable(subject.collection.document(replace(subject.before, state=state)))
        announce = self.inbox.announces.get(subject.collection.name)
        if announce is not None:
            announce(subject.before.state if subject.before.rev else None, state, known)

    async def _write(self, opened: dict[str, Open], known: Any, outcome: Outcome, session: Session) -> None:
        at = utc_now()
        rows: list[Document] = []
        for collection in self.inbox.stores:
            inserts: list[Document] = []
            replaces: list[Document] = []
            pages: list[Document] = []
            for subject in opened.values():
                if subject.collection is collection and subject.changed:
                    record = self._close(subject, known, at, rows)
                    (inserts if record.rev == 1 else replaces).append(collection.document(record))
                    pages += collection.pages(record)
                    outcome.records[record.id] = record
            self._database.write(collection.name, inserts, replaces, session)
            self._database.write(LEDGER, pages, [], session)
        await paths.note(self._database, outcome.records.values(), session)
        if outcome.dead:
            letters = {
                (id_ := deadletters.identity(i, self.group, self.incarnation)): deadletters.document(
                    i, id_, self.group, at
                )
                for i in outcome.dead
            }
            rows += await deadletters.keep(self._database, letters, session)
        if rows:
            outbox.put(self._database, rows, at, session)

    def _close(self, subject: Open, known: Any, at: datetime, rows: list[Document]) -> Record[Any]:
        """The record to store, and (appended to ``rows``) what is said in consequence."""
        before = subject.before
        announce = self.inbox.announces.get(subject.collection.name)
        events: Sequence[Event] = ()
        if announce is not None and subject.state is not before.state:
            events = announce(before.state if before.rev else None, subject.state, known)
        for version, event in enumerate(events, before.said + 1):
            assert subject.last is not None and subject.last.stamp is not None  # noqa: S101, PT018  # state changed
            why = subject.last.stamp
            cause = Cause(why.correlation, why.id, why.traceparent)
            rows.append(outbox.row(event, id_=new_id(), version=version, at=at, cause=cause))
        page, left, overflow = paged((*before.rows, *subject.rows), before.page)
        return replace(
            before,
            state=subject.state,
            left=subject.collection.left(before, subject.state),
            rev=before.rev + 1,
            said=before.said + len(events),
            seen=subject.seen,
            waits=subject.waits,
            page=page,
            rows=left,
            overflow=overflow,
        )


def _note_gaps(opened: dict[str, Open], stored: Iterable[held.Place], waiting: Waiting, new: Waiting) -> None:
    """Which services each subject waits for: what was loaded may have been folded, what was not still waits."""
    loaded = {id_ for id_, _, _ in stored}
    for id_, subject in opened.items():
        services = {service for waits_for, service, _ in waiting if waits_for == id_}
        subject.held = any(waits_for == id_ for waits_for, _, _ in new)
        subject.waits = tuple(sorted(services if id_ in loaded else services | set(subject.waits)))
