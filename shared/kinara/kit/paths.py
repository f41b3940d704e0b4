"""Paths that were left: noted in the transaction in which who bears them goes to another one (``moves.py``).

Apart from the bearers, which may change with every fact: there two indexes more would be paid for each time. A service
whose collections bear paths lists ``LEFT`` among its collections.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from kinara.kit.documents import Collection, Index, Record
from kinara.kit.mongo import Database, Session

S = TypeVar("S")
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Left:
    """A path, who left it, and when to look at it for what has to follow; None once everything has."""

    id: str
    bearer_id: str
    due_at: datetime | None = AT_ONCE


LEFT: Collection[Left] = Collection(
    "paths_left", Left, scoped=False, indexes=(Index(("due_at", "_id")), Index(("bearer_id", "_id")))
)


async def note(database: Database, records: Iterable[Record[Any]], session: Session) -> None:
    """Note the paths that these records leave; one that was left before is to be looked at again."""
    left = {path: record.id for record in records for path in record.left}
    if not left:
        return
    known = await database.find_by_ids(LEFT.name, left, session)
    noted = [
        LEFT.document(Record(path, Left(path, bearer_id), known[path]["rev"] + 1 if path in known else 1))
        for path, bearer_id in left.items()
    ]
    new, again = ([one for one in noted if (one["rev"] == 1) is first] for first in (True, False))
    database.write(LEFT.name, new, again, session)
