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


def lost(error: PyMongoError) -> Exception:
    """Name the error: a lost position is another matter than a lost connection."""
    gone = isinstance(error, OperationFailure) and error.code in _TOKEN_LOST
    return PositionLost(str(error)) if gone else error


class ChangeStream:
    """Inserts as they are committed; a small buffer lets a reader take all that is there at once."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._buffer: asyncio.Queue[Document | PyMongoError] = asyncio.Queue(maxsize=1000)
        self._pump = asyncio.create_task(self._fill(), name="change-stream")
        self.token: Document | None = driver.resume_token
        """Where to go on after what was taken."""

    async def _fill(self) -> None:
        try:
            async for change in self._driver:
                await self._buffer.put(change)
        except PyMongoError as error:
            await self._buffer.put(error)

    async def take(self, most: int, patience: float = 0.5) -> list[Document]:
        """Wait for the first insert, at most ``patience`` seconds, then take what is there."""
        documents: list[Document] = []
        try:
            documents.append(self._open(await asyncio.wait_for(self._buffer.get(), patience)))
        except TimeoutError:
            return documents
        while len(documents) < most and not self._buffer.empty():
            documents.append(self._open(self._buffer.get_nowait()))
        return documents

    def _open(self, change: Document | PyMongoError) -> Document:
        if isinstance(change, PyMongoError):
            raise lost(change) from change
        self.token = change["_id"]
        return change["fullDocument"]  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Stop following."""
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)
