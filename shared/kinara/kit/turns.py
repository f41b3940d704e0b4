"""Whose turn it is to write a document that many of this process write: who has met a conflict waits in line for it.

Without a line the unlucky meet the next newcomer at every attempt, and a hot document starves them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary


@dataclass(slots=True)
class Writes:
    """The documents that a transaction's attempt writes, and those that it has the turn of."""

    made: list[tuple[str, str]] = field(default_factory=list)
    """Collection and id."""
    due: list[tuple[str, list[Any], int]] = field(default_factory=list)
    """What is sent with the commit: collection, the driver's operations, and how many of them replace a document."""
    turns: frozenset[tuple[str, str]] = frozenset()


class Turns:
    """The lines of one database's documents; there is none for a document that nobody has met a conflict over."""

    def __init__(self) -> None:
        self._lines: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def held(self, writes: Writes) -> AsyncIterator[None]:
        """Wait for the turn of all that the last attempt wrote: of nothing at first, and in one order for everybody."""
        writes.turns = frozenset(writes.made)
        writes.made.clear()
        writes.due.clear()
        async with AsyncExitStack() as turns:
            for document in sorted(writes.turns):
                await turns.enter_async_context(self._lines.setdefault(document, asyncio.Lock()))
            yield

    def jumps_the_line(self, writes: Writes, collection: str, ids: Iterable[str]) -> bool:
        """Note a write; whether somebody else has the turn of one of the documents."""
        documents = [(collection, id_) for id_ in ids]
        writes.made += documents
        if not self._lines:
            return False
        lines = (self._lines.get(d) for d in documents if d not in writes.turns)
        return any(line is not None and line.locked() for line in lines)
