"""What commands have saved in one database transaction: states, facts and answers, to be written in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from kinara.kit import outbox, paths
from kinara.kit.documents import LEDGER, Collection, Record
from kinara.kit.mongo import Database, Session
from kinara.kit.reads import PLAIN
from kinara.kit.stored import Document

At = tuple[str, str]
"""A document: its collection and its id."""

IDEMPOTENCY = "idempotency"
_NONE: frozenset[str] = frozenset()


@dataclass
class Saved:
    """The last states of all documents, the facts in their order, and what is answered under which key.

    Each command of a group asks whether its queries see what those before it have saved. Looking at all of that for
    each query would cost a group the square of its size, so states are found by the values that queries name.
    """

    records: dict[At, tuple[Collection[Any], Record[Any]]] = field(default_factory=dict)
    rows: list[Document] = field(default_factory=list)
    answers: dict[str, Document] = field(default_factory=dict)
    _values: dict[str, dict[str, _Values]] = field(default_factory=dict, repr=False, compare=False)
    """By collection, and by those of its fields for which a query has asked."""

    def touches(self, other: Saved) -> bool:
        """Whether both have saved the same document, or answered under the same key."""
        return not (self.records.keys().isdisjoint(other.records) and self.answers.keys().isdisjoint(other.answers))

    def add(self, later: Saved) -> None:
        """What somebody has saved after this."""
        self.records |= later.records
        self.rows += later.rows
        self.answers |= later.answers
        for (name, _), (_, record) in later.records.items():
            for values in self._values.get(name, {}).values():
                values.put(record)

    def agrees(
        self, collection: Collection[Any], queries: Iterable[Mapping[str, Any]], found: set[str], sort: str
    ) -> bool:
        """Whether the database, which lacks what is saved here, has found what it would find with it."""
        queries = list(queries)
        for id_ in self._concerned(collection.name, queries, found):
            _, record = self.records[collection.name, id_]
            answers = {_matches(record, query) for query in queries}
            holds = True if True in answers else None if None in answers else False
            if holds is not (id_ in found) or (holds and sort != "_id"):
                return False
        return True

    async def write(self, database: Database, session: Session) -> None:
        """Write everything: each collection in one go, the facts in one."""
        pages: list[Document] = []
        for name in dict.fromkeys(name for name, _ in self.records):
            inserts: list[Document] = []
            replaces: list[Document] = []
            for collection, record in (found for at, found in self.records.items() if at[0] == name):
                (inserts if record.rev == 1 else replaces).append(collection.document(record))
                pages += collection.pages(record)
            database.write(name, inserts, replaces, session)
        database.write(LEDGER, pages, [], session)
        await paths.note(database, (record for _, record in self.records.values()), session)
        if self.rows:
            outbox.put(database, self.rows, self.rows[-1]["time"], session)
        if self.answers:
            database.write(IDEMPOTENCY, list(self.answers.values()), [], session)

    def _concerned(self, name: str, queries: Iterable[Mapping[str, Any]], found: set[str]) -> Iterator[str]:
        """Saved states that were found or that a query may fulfil, some twice; all others neither were nor do."""
        yield from (id_ for id_ in found if (name, id_) in self.records)
        for query in queries:
            named = [(field, wanted) for field, wanted in query.items() if isinstance(wanted, PLAIN)]
            if isinstance(id_ := query.get("_id"), str):
                yield from [id_] if (name, id_) in self.records else []
            elif named:
                yield from chain(*min((self._by(name, field).of(wanted) for field, wanted in named), key=_size))
            else:
                yield from (id_ for collection, id_ in self.records if collection == name)

    def _by(self, name: str, field: str) -> _Values:
        fields = self._values.setdefault(name, {})
        if field not in fields:
            fields[field] = _Values(field)
            for (collection, _), (_, record) in self.records.items():
                if collection == name:
                    fields[field].put(record)
        return fields[field]


class _Values:
    """The saved states of a collection by the value of one field."""

    def __init__(self, field: str) -> None:
        self._field = field
        self._ids: defaultdict[Any, set[str]] = defaultdict(set)
        self._values: dict[str, Any] = {}

    def put(self, record: Record[Any]) -> None:
        """A state as it is now, in place of what it was."""
        value = _value(record, self._field)
        value = value if isinstance(value, PLAIN) else ...
        self._ids[self._values.get(record.id, value)].discard(record.id)
        self._ids[value].add(record.id)
        self._values[record.id] = value

    def of(self, wanted: Any) -> tuple[Set[str], Set[str]]:
        """Those with this value, and those of whose value only the database can say whether it is this one."""
        return self._ids.get(wanted, _NONE), self._ids.get(..., _NONE)


def _size(ids: tuple[Set[str], Set[str]]) -> int:
    return sum(map(len, ids))


def _value(record: Record[Any], field: str) -> Any:
    return record.id if field == "_id" else getattr(record.state, field, ...)


def _matches(record: Record[Any], query: Mapping[str, Any]) -> bool | None:
    """Whether a state fulfils a query; None where that is for the database to say."""
    holds: bool | None = True
    for name, wanted in query.items():
        value = _value(record, name)
        if not isinstance(wanted, PLAIN) or not isinstance(value, PLAIN):
            holds = None
        elif value != wanted:
            return False
    return holds
