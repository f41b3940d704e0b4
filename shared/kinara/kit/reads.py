"""What one database transaction reads: a query at a time, and documents asked for at the same moment in one query."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from kinara.kit.mongo import Database, Session
from kinara.kit.stored import Document

PLAIN = (str, int, bool, type(None))
"""Values that the database compares as we do."""


class Reads:
    """The reads of the commands that run in one transaction, all of one snapshot, before anything is written.

    What is asked for twice is fetched once: also for a command that runs again.
    """

    def __init__(self, database: Database, session: Session) -> None:
        self._database = database
        self._session = session
        self._turn = asyncio.Lock()
        self._asked: dict[tuple[Any, ...], set[str]] = {}
        self._found: dict[tuple[Any, ...], dict[str, Document | None]] = {}
        self._answers: dict[str, list[Document]] = {}

    async def find(self, collection: str, query: Mapping[str, Any], **options: Any) -> list[Document]:
        """All matching documents; ``options`` as for ``Database.find``."""
        if isinstance(query.get("_id"), str) and all(isinstance(value, PLAIN) for value in query.values()):
            document = await self._one(collection, dict(query), options.get("comment"))
            return [document] if document is not None else []
        question = repr((collection, query, options))
        async with self._turn:
            if question not in self._answers:
                found = await self._database.find(collection, query, session=self._session, **options)
                self._answers[question] = found
            return list(self._answers[question])

    async def _one(self, collection: str, rest: dict[str, Any], comment: str | None) -> Document | None:
        id_ = rest.pop("_id")
        kind = (collection, comment, *sorted(rest.items()))
        found = self._found.setdefault(kind, {})
        self._asked.setdefault(kind, set()).add(id_)
        await asyncio.sleep(0)  # those who run beside us ask too
        async with self._turn:
            if id_ not in found:
                ids = self._asked.pop(kind)
                query = {"_id": id_ if len(ids) == 1 else {"$in": sorted(ids)}, **rest}
                options = {"comment": comment} if comment is not None else {}
                rows = await self._database.find(collection, query, session=self._session, limit=len(ids), **options)
                found |= dict.fromkeys(ids) | {row["_id"]: row for row in rows}
        return found[id_]
