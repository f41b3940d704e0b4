"""A change stream as the relay and live views read it: inserts in commit order, with a position to go on from."""

from __future__ import annotations

import asyncio
from typing import Any

from pymongo.errors import OperationFailure, PyMongoError

Document = dict[str, Any]


class PositionLost(Exception):
    """A change stream cannot go on from its token: the oplog no longer holds it."""


_TOKEN_LOST = {9, 260, 280, 286}
"""FailedToParse, InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost."""

BUFFER = 200
"""Inserts read ahead of the reader, who then takes all that is there at once."""


def lost(error: PyMongoError) -> Exception:
    """Name the error: a lost position is another matter than a lost connection."""
    gone = isinstance(error, OperationFailure) and error.code in _TOKEN_LOST
    return PositionLost(str(error)) if gone else error


class ChangeStream:
    """Inserts as they are committed."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._buffer: asyncio.Queue[Document] = asyncio.Queue(BUFFER)
        self._pump = asyncio.create_task(self._fill(), name="change-stream")
        self.token: Document | None = driver.resume_token
        """Where to go on after what was taken."""

    async def _fill(self) -> None:
        async for change in self._driver:
            await self._buffer.put(change)

    async def take(self, most: int, patience: float = 0.5) -> list[Document]:
        """Wait for the first insert, at most ``patience`` seconds, then take what is there.

        What ended the stream is raised once everything before it has been taken.
        """
        try:
            async with asyncio.timeout(patience):
                changes = [await self._buffer.get()]
        except TimeoutError:
            if self._pump.done():
                raise self._end() from None
            return []
        while len(changes) < most and not self._buffer.empty():
            changes.append(self._buffer.get_nowait())
        self.token = changes[-1]["_id"]
        return [change["fullDocument"] for change in changes]

    def _end(self) -> BaseException:
        error = self._pump.exception()
        if error is None:
            return PositionLost("the collection was dropped or renamed")
        return lost(error) if isinstance(error, PyMongoError) else error

    async def close(self) -> None:
        """Stop following."""
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)
