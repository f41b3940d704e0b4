"""What commands have saved in one database transaction: states, facts and answers, to be written in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kinara.kit import outbox, paths
from kinara.kit.documents import LEDGER, Collection, Record
from kinara.kit.mongo import Database, Session
from kinara.kit.reads import PLAIN
from kinara.kit.stored import Document

At = tuple[str, str]
"""A document: its collection and its id."""

IDEMPOTENCY = "idempotency"


@dataclass
class Saved:
    """The last states of all documents, the facts in their order, and what is answered under which key."""

    records: dict[At, tuple[Collection[Any], Record[Any]]] = field(default_factory=dict)
    rows: list[Document] = field(default_factory=list)
    answers: dict[str, Document] = field(default_factory=dict)

    def touches(self, other: Saved) -> bool:
        """Whether both have saved the same document, or answered under the same key."""
        return not (self.records.keys().isdisjoint(other.records) and self.answers.keys().isdisjoint(other.answers))

    def add(self, later: Saved) -> None:
        """What somebody has saved after this."""
        self.records |= later.records
        self.rows += later.rows
        self.answers |= later.answers

    def agrees(
        self, collection: Collection[Any], queries: Iterable[Mapping[str, Any]], found: set[str], sort: str
    ) -> bool:
        """Whether the database, which lacks what is saved here, has found what it would find with it."""
        queries = list(queries)
        for (name, id_), (_, record) in self.records.items():
            if name != collection.name:
                continue
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
            await database.write(name, inserts, replaces, session)
        await database.write(LEDGER, pages, [], session)
        await paths.note(database, (record for _, record in self.records.values()), session)
        if self.rows:
            await outbox.put(database, self.rows, self.rows[-1]["time"], session)
        if self.answers:
            await database[IDEMPOTENCY].insert_many(list(self.answers.values()), session=session)


def _matches(record: Record[Any], query: Mapping[str, Any]) -> bool | None:
    """Whether a state fulfils a query; None where that is for the database to say."""
    holds: bool | None = True
    for name, wanted in query.items():
        value = record.id if name == "_id" else getattr(record.state, name, ...)
        if not isinstance(wanted, PLAIN) or not isinstance(value, PLAIN):
            holds = None
        elif value != wanted:
            return False
    return holds
