"""How state becomes a document: the kit's own fields around the service's state, and the indexes of a collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from kinara.contracts import SubjectKind
from kinara.kit.mongo import Database
from kinara.kit.stored import Document

S = TypeVar("S")

PAGE = 8
"""Effects on a page before it moves to the ledger: a longer page is rewritten with every change, a shorter one is
moved more often. At 3 µs for a row rewritten and 65 µs for a page moved, 7 costs least for facts that come one by one,
as they do in life, and 21 where ten of a batch are about one subject, as in a replay."""

LEDGER = "ledger"
"""Full pages of effects, one document each."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a collection; ``only`` limits it to documents that match."""

    keys: tuple[str, ...]
    unique: bool = False
    only: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Record(Generic[S]):
    """A state with what the kit keeps beside it."""

    id: str
    state: S
    rev: int = 0
    """How often it was saved; the ETag, and the guard against lost updates."""
    said: int = 0
    """Version of the last fact published about this subject by this service."""
    seen: Mapping[str, int] = field(default_factory=dict)
    """By speaking service, the version of the last fact folded in."""
    waits: tuple[str, ...] = ()
    """Speaking services of which later facts wait in ``held`` for a missing one."""
    page: int = 0
    rows: tuple[Document, ...] = ()
    """Effects since the last full page, oldest first."""
    overflow: tuple[Document, ...] = ()
    """Full pages that this save moves to the ledger."""
    left: tuple[str, ...] = ()
    """Paths that it leaves by this save, at which others are found."""


class Collection(Generic[S]):
    """A named collection of one kind of state.

    ``key`` names the state's own field that is the document's id. ``about`` says whose facts it keeps in order: its
    ids are then subject ids, and events may be published about them, unless it only listens (``speaks`` False).
    ``blank(id, province)`` makes the state of a subject heard of for the first time. A ``scoped`` collection answers
    only to a ``Scope``; ``owner`` and ``supervisor`` are its fields with the ids of the employee and of their
    superior, and its states have a ``unit_path``, from which the kit keeps the ``path`` that scopes ask for. Those that
    ``bears`` says bear their path: what is found there follows them to another one (``moves.py``).
    """

    def __init__(
        self,
        name: str,
        kind: type[S],
        *,
        key: str = "id",
        about: tuple[SubjectKind, ...] = (),
        blank: Callable[[str, str], S] | None = None,
        speaks: bool = True,
        scoped: bool = True,
        owner: str = "_id",
        supervisor: str = "supervisor_id",
        bears: Callable[[S], bool] | None = None,
        indexes: tuple[Index, ...] = (),
    ) -> None:
        self.name = name
        self.kind = kind
        self.key = key
        self.about = about
        self.speaks = speaks
        self.blank = blank
        self.scoped = scoped
        self.owner = owner
        self.supervisor = supervisor
        self.bears = bears
        self.indexes = indexes
        if taken := _KIT_FIELDS & {field.name for field in fields(kind)}:  # type: ignore[arg-type]  # all are dataclasses
            raise TypeError(f"{kind.__name__} in {name}: the kit keeps {', '.join(sorted(taken))} itself")
        self._shape: TypeAdapter[S] = TypeAdapter(kind)

    def unknown(self, id_: str, province: str) -> Record[S]:
        """The record of a subject heard of for the first time."""
        if self.blank is None:
            raise TypeError(f"{self.name} is not folded into")
        return Record(id_, self.blank(id_, province))

    def read(self, document: Document) -> Record[S]:
        """A stored document as a record."""
        own = {k: v for k, v in document.items() if k not in _KIT_FIELDS}
        page = document.get("page") or {"no": 0, "rows": ()}
        return Record(
            document["_id"],
            self._shape.validate_python(own | {self.key: document["_id"]}),
            document["rev"],
            document["said"],
            document.get("seen") or {},
            tuple(document.get("waits") or ()),
            page["no"],
            tuple(page["rows"]),
        )

    def left(self, record: Record[S], state: S) -> tuple[str, ...]:
        """The paths that the record leaves by taking another state, where it bears them."""
        if self.bears is None or not self.bears(state):
            return record.left
        before, now = getattr(record.state, "unit_path", ""), getattr(state, "unit_path", "")
        return record.left if before in ("", now) else (*record.left, before)

    def document(self, record: Record[S]) -> Document:
        """A record as the document to store."""
        state = self._shape.dump_python(record.state)
        state.pop(self.key)
        document = {"_id": record.id, "rev": record.rev, "said": record.said, **state}
        if self.scoped:
            document["path"] = state["unit_path"] + "/"
        if self.blank is not None:
            document["seen"] = dict(record.seen)
            document["waits"] = list(record.waits)
            document["page"] = {"no": record.page, "rows": list(record.rows)}
        return document

    def pages(self, record: Record[S]) -> list[Document]:
        """The ledger documents of the pages that this save has filled."""
        first = record.page - len(record.overflow)
        return [
            {
                "_id": f"{self.name}/{record.id}/{first + i:06d}",
                "subject": record.id,
                "rows": page["rows"],
            }
            for i, page in enumerate(record.overflow)
        ]

    async def prepare(self, database: Database) -> None:
        """Create the indexes; harmless when they are there."""
        if self.scoped:
            await database[self.name].create_index([("path", 1), ("_id", 1)])
        for index in self.indexes:
            options: dict[str, Any] = {"unique": index.unique}
            if index.only is not None:
                options["partialFilterExpression"] = dict(index.only)
            await database[self.name].create_index([(key, 1) for key in index.keys], **options)
        if self.blank is not None:
            await database[LEDGER].create_index([("subject", 1), ("_id", 1)])


_KIT_FIELDS = frozenset({"_id", "rev", "said", "path", "seen", "waits", "page"})


def paged(rows: tuple[Document, ...], page: int) -> tuple[int, tuple[Document, ...], tuple[Document, ...]]:
    """Move full pages off the rows: ``(next page number, rows left, full pages)``."""
    full: list[Document] = []
    while len(rows) >= PAGE:
        full.append({"rows": list(rows[:PAGE])})
        rows = rows[PAGE:]
    return page + len(full), rows, tuple(full)
