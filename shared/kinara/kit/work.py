"""One command is one transaction: state and the facts about it are saved together, or not at all."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from pydantic import TypeAdapter

from kinara.contracts import Event
from kinara.kit import outbox
from kinara.kit.documents import LEDGER, Collection, Record, paged
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import IDS_A_QUERY, Database, Session
from kinara.kit.reads import Reads
from kinara.kit.saved import IDEMPOTENCY, At, Saved
from kinara.kit.scope import Scope
from kinara.kit.stored import Document

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


class NotFound(Exception):
    """There is no such document inside the caller's scope."""

    def __init__(self, collection: str, id_: str) -> None:
        super().__init__(f"{collection} {id_}")
        self.collection = collection
        self.id = id_


class Stale(Exception):
    """The document has changed since the caller read it (``If-Match``)."""


class KeyReused(Exception):
    """An Idempotency-Key came back with another request."""


class Apart(Exception):
    """What a command asks cannot be told before others, whose changes it would see, have committed."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something happens: the request or event that set it off, for headers and logs."""

    correlation: str
    causation: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's key for one request, with a fingerprint of what was asked."""

    key: str
    fingerprint: str


@dataclass(frozen=True)
class Work:
    """Where commands do their work; one for each request, made by the door that it came in by."""

    database: Database
    cause: Cause = field(default_factory=lambda: Cause(new_id()))
    now: Callable[[], datetime] = utc_now
    idempotency: Idempotency | None = None
    if_match: int | None = None

    async def get(self, collection: Collection[S], id_: str, scope: Scope) -> Record[S]:
        """One record for reading; ``NotFound`` outside the scope."""
        found = await self.find(collection, scope, {"_id": id_}, limit=1)
        if not found:
            raise NotFound(collection.name, id_)
        return found[0]

    async def effects(self, record: Record[Any], reads: Reads | None = None) -> list[Document]:
        """Every effect on a record that was read inside a scope, oldest first: full pages, then the page in use."""
        pages = await (reads or self.database).find(LEDGER, {"subject": record.id}, sort=[("_id", 1)])
        return [row for page in pages for row in page["rows"]] + list(record.rows)

    async def find(
        self,
        collection: Collection[S],
        scope: Scope,
        query: Mapping[str, Any],
        *,
        sort: tuple[str, int] = ("_id", 1),
        limit: int = 100,
        reads: Reads | None = None,
        effects: bool = True,
    ) -> list[Record[S]]:
        """Records inside the scope; ``sort`` is a field of theirs and 1 or -1.

        Without ``effects`` the page in use, which is most of a record, stays in the database.
        """
        options: dict[str, Any] = {"sort": [sort], "limit": limit, "comment": f"scope:{scope.label}"}
        if not effects:
            options["projection"] = {"page": 0}
        found: dict[str, Document] = {}
        for part in scope.narrow(query, collection.owner, collection.supervisor):
            found |= {d["_id"]: d for d in await (reads or self.database).find(collection.name, part, **options)}
        field, direction = sort
        in_order = sorted(found.values(), key=lambda d: d[field], reverse=direction < 0)
        return [collection.read(d) for d in in_order[:limit]]

    async def count(self, collection: Collection[Any], scope: Scope, query: Mapping[str, Any]) -> int:
        """How many records there are inside the scope; whom two ways into it lead to is counted twice."""
        parts = scope.narrow(query, collection.owner, collection.supervisor)
        comment = f"scope:{scope.label}"
        return sum([await self.database[collection.name].count_documents(part, comment=comment) for part in parts])


class Transaction:
    """What a command reads and changes; written in one go when the command's function returns."""

    def __init__(self, work: Work, reads: Reads, before: Saved | None = None) -> None:
        self.now = work.now()
        self.cause = work.cause
        self._work = work
        self._if_match = work.if_match
        self._reads = reads
        self._before = before or Saved()
        self._known: dict[At, tuple[Collection[Any], Record[Any]]] = {}
        self._dirty: dict[At, list[Document]] = {}
        self._speakers: dict[str, At] = {}
        self._facts: list[tuple[str, Event]] = []

    async def load(self, collection: Collection[S], id_: str, scope: Scope) -> S:
        """The state of a document; ``NotFound`` outside the scope, ``Stale`` if the caller's copy is older.

        ``If-Match`` is about the document that a command loads first.
        """
        found = await self.find(collection, scope, {"_id": id_}, limit=1)
        if not found:
            raise NotFound(collection.name, id_)
        expected, self._if_match = self._if_match, None
        if expected is not None and expected != self._known[collection.name, id_][1].rev:
            raise Stale(f"{collection.name} {id_}")
        return found[0]

    async def find(
        self,
        collection: Collection[S],
        scope: Scope,
        query: Mapping[str, Any],
        *,
        sort: tuple[str, int] = ("_id", 1),
        limit: int = 100,
    ) -> list[S]:
        """Stored states inside the scope, as this transaction has left them; what it saves first is not found yet."""
        records = await self._work.find(collection, scope, query, sort=sort, limit=limit, reads=self._reads)
        if self._before.records:
            queries = scope.narrow(query, collection.owner, collection.supervisor)
            if not self._before.agrees(collection, queries, {record.id for record in records}, sort[0]):
                raise Apart
        return [self._remember(collection, record) for record in records]

    async def by_ids(self, collection: Collection[S], ids: Iterable[str], scope: Scope) -> dict[str, S]:
        """Those of many states that are inside the scope, by id."""
        wanted, found = sorted(set(ids)), dict[str, S]()
        for start in range(0, len(wanted), IDS_A_QUERY):
            query = {"_id": {"$in": wanted[start : start + IDS_A_QUERY]}}
            for state in await self.find(collection, scope, query, limit=IDS_A_QUERY):
                found[getattr(state, collection.key)] = state
        return found

    async def effects(self, collection: Collection[Any], id_: str) -> list[Document]:
        """Every effect on a record that was found here, oldest first, but for those that this transaction adds."""
        return await self._work.effects(self._known[collection.name, id_][1], self._reads)

    def _remember(self, collection: Collection[S], record: Record[S]) -> S:
        at = (collection.name, record.id)
        _, known = self._known.setdefault(at, self._before.records.get(at, (collection, record)))
        return known.state  # type: ignore[no-any-return]

    def save(self, collection: Collection[S], state: S, *, effect: Document | None = None) -> None:
        """Store this state when the command is done; ``effect`` says what the change did to it, for its page."""
        if effect is not None and collection.blank is None:
            raise TypeError(f"{collection.name} keeps no effects: it has no blank state")
        at = (collection.name, getattr(state, collection.key))
        _, record = self._known.get(at, (collection, Record(at[1], state)))
        self._known[at] = (collection, replace(record, state=state, left=collection.left(record, state)))
        self._dirty.setdefault(at, []).extend([effect] if effect is not None else [])
        if collection.about and collection.speaks:
            self._speakers[at[1]] = at

    def publish(self, event: Event) -> str:
        """Say a fact about a subject that is saved in this transaction; returns the fact's id."""
        id_ = new_id()
        self._facts.append((id_, event))
        return id_

    async def run(self, call: Call[R]) -> tuple[R, Saved]:
        """Run a command's function: its result, and what is to be written.

        With an Idempotency-Key the result is kept in the same transaction, and the same request gets it again.
        """
        asked = self._work.idempotency
        if asked is not None:
            if asked.key in self._before.answers:
                raise Apart
            for kept in await self._reads.find(IDEMPOTENCY, {"_id": asked.key}):
                if kept["fingerprint"] != asked.fingerprint:
                    raise KeyReused(asked.key)
                return call.shape.validate_json(kept["result"]), Saved()
        told = await call.body(self, *call.args, **call.kwargs)
        saved = self._settle()
        if asked is not None:
            answer = call.shape.dump_json(told).decode()
            saved.answers[asked.key] = {
                "_id": asked.key, "fingerprint": asked.fingerprint, "result": answer, "at": self.now,
            }  # fmt: skip
        return told, saved

    def _settle(self) -> Saved:
        rows = []
        for id_, event in self._facts:
            version = self._next_version(event)
            rows.append(outbox.row(event, id_=id_, version=version, at=self.now, cause=self.cause))
        records = {}
        for at, effects in self._dirty.items():
            collection, record = self._known[at]
            _, before = self._before.records.get(at, (collection, None))
            if before is not None and record.rev != before.rev:
                raise Apart  # saved without having been read
            rev = record.rev + 1 if before is None else record.rev  # it is written once
            records[at] = collection, replace(self._with_effects(record, effects), rev=rev)
        return Saved(records, rows)

    def _next_version(self, event: Event) -> int:
        at = self._speakers.get(event.subject.id)
        if at is None or event.subject.kind not in self._known[at][0].about:
            raise LookupError(f"{event.type()} is about {event.subject}, which is not saved in this transaction")
        collection, record = self._known[at]
        self._known[at] = (collection, replace(record, said=record.said + 1))
        return record.said + 1

    def _with_effects(self, record: Record[Any], effects: list[Document]) -> Record[Any]:
        if not effects:
            return record
        said = next((id_ for id_, event in self._facts if event.subject.id == record.id), None)
        ids = [*(new_id() for _ in effects[1:]), said or new_id()]  # one fact may follow from several effects
        rows = [
            {"id": id_, "type": "command", "at": self.now, **effect} for id_, effect in zip(ids, effects, strict=True)
        ]
        page, left, overflow = paged((*record.rows, *rows), record.page)
        return replace(record, page=page, rows=left, overflow=(*record.overflow, *overflow))


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """A command that is called: its function, and all arguments but the transaction."""

    body: Callable[..., Awaitable[R]]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @property
    def shape(self) -> TypeAdapter[R]:
        """How the result is kept."""
        return _shape(self.body)


async def alone(work: Work, call: Call[R]) -> R:
    """A command in a transaction of its own, which runs again after a conflict."""

    async def once(session: Session) -> R:
        told, saved = await Transaction(work, Reads(work.database, session)).run(call)
        await saved.write(work.database, session)
        return told

    return await work.database.transact(once, rerun_unknown=False)


def command(
    body: Callable[Concatenate[Transaction, P], Awaitable[R]],
) -> Callable[Concatenate[Work, P], Awaitable[R]]:
    """Make a function over a transaction into a command over ``Work``: run, write, and run again after a conflict."""

    @functools.wraps(body)
    async def run(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await alone(work, Call(body, args, kwargs))

    return run


@functools.cache
def _shape(body: Callable[..., Any]) -> TypeAdapter[Any]:
    return TypeAdapter(typing.get_type_hints(inspect.unwrap(body))["return"])
