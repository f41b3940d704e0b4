"""A service's own facts as they are committed, for streams to browsers; one change stream serves all listeners."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from kinara.kit import log
from kinara.kit.changes import PositionLost
from kinara.kit.mongo import Database, DatabaseError
from kinara.kit.outbox import OUTBOX
from kinara.kit.stored import Document

_log = log.get("live")
PATIENCE_S = 30.0
"""How long the outbox is followed after the last listener has gone: browsers come back."""
LAST = 99_999
"""After every row of a bucket."""
BACKLOG = 1000
"""Facts that a slow listener may be behind before it is let go; it comes back with the last id it saw."""
RECENT = 5_000
"""Facts remembered in the order of their commits, for listeners who come back."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the outbox with its place, which a listener gives back to go on from there."""

    place: str
    row: Document


class Live:
    """Hands the facts of the outbox to whoever listens at the moment; follows it only while somebody does.

    A change stream costs the database for every write, to any collection.
    """

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Fact | None]] = set()
        self._recent: deque[Fact] = deque(maxlen=RECENT)
        self._wanted = asyncio.Event()
        self._follows = asyncio.Event()
        """Whoever listens from now on misses nothing that is committed from now on."""
        self._ended = False

    async def run(self, database: Database) -> None:
        """Follow the outbox whenever somebody listens, until cancelled.

        After a break in the connection it goes on from where it was. If that place is lost, all listeners are let go
        once new facts are followed again; they come back with the last id they saw.
        """
        self._ended, token = False, None
        self._follows.clear()
        while True:
            await self._wanted.wait()
            try:
                async with database.watch(OUTBOX, token) as stream:
                    if token is None:
                        self._dismiss(self._listeners)
                    token = stream.token
                    self._follows.set()
                    heard = time.monotonic()
                    while self._listeners or time.monotonic() - heard < PATIENCE_S:
                        heard = time.monotonic() if self._listeners else heard
                        for bucket in await stream.take(200):
                            self._hand_out(bucket)
                        token = stream.token
                    token = None
                    self._rest()
            except (DatabaseError, PositionLost) as error:
                _log.info("live view interrupted", reason=str(error)[:200])
                if isinstance(error, PositionLost):
                    token = None
                    self._follows.clear()
                    self._recent.clear()
                await asyncio.sleep(0.5)

    def _rest(self) -> None:
        """Nobody listens."""
        self._wanted.clear()
        self._follows.clear()
        self._recent.clear()

    def end(self) -> None:
        """Let all listeners go and take no new ones: the process is about to stop."""
        self._ended = True
        self._follows.set()
        self._dismiss(self._listeners)

    async def listen(self, database: Database, after: str | None) -> AsyncIterator[Fact]:
        """Facts after a place, then new ones as they come; ends when the listener is too slow.

        Where this process has not seen the place itself (nobody has listened for a while), facts are read in the order
        in which they were written, and one whose transaction took longer than a later one's may be passed over.
        """
        if not (self._ended or self._follows.is_set()):
            after = after or await _now(database)
            self._wanted.set()
            await self._follows.wait()
        if self._ended:
            return
        queue: asyncio.Queue[Fact | None] = asyncio.Queue(BACKLOG)
        self._listeners.add(queue)
        try:
            replayed: set[str] = set()
            recent = list(self._recent)
            known = next((n for n, fact in enumerate(recent, 1) if fact.place == after), None)
            if known is not None:
                for fact in recent[known:]:
                    yield fact
            elif after is not None:
                async for fact in _since(database, after):
                    replayed.add(fact.place)
                    yield fact
            while (new := await queue.get()) is not None:
                if new.place not in replayed:
                    yield new
        finally:
            self._listeners.discard(queue)

    def _hand_out(self, bucket: Document) -> None:
        slow: set[asyncio.Queue[Fact | None]] = set()
        for fact in _facts(bucket):
            self._recent.append(fact)
            for queue in self._listeners - slow:
                if queue.full():
                    slow.add(queue)
                else:
                    queue.put_nowait(fact)
        self._dismiss(slow)

    def _dismiss(self, listeners: set[asyncio.Queue[Fact | None]]) -> None:
        for queue in list(listeners):
            self._listeners.discard(queue)
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


@contextmanager
def ended_at_sigterm(streams: Sequence[Live]) -> Iterator[None]:
    """End live streams at once: the server waits for open requests before it lets us drain, and these never end."""
    if not streams or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, server = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        for live in streams:
            loop.call_soon_threadsafe(live.end)
        if callable(server):
            server(number, frame)

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, server)


def _facts(bucket: Document) -> list[Fact]:
    return [Fact(f"{bucket['_id']}:{at:05d}", row) for at, row in enumerate(bucket["rows"]) if "type" in row]


async def _now(database: Database) -> str:
    """A place after all that is committed."""
    newest = await database.find(OUTBOX, {}, sort=[("_id", -1)], limit=1, projection={"_id": 1})
    return f"{newest[0]['_id']}:{LAST}" if newest else ""


async def _since(database: Database, place: str) -> AsyncIterator[Fact]:
    """What was committed after a place."""
    at = place.partition(":")[0]
    while True:
        buckets = await database.find(OUTBOX, {"_id": {"$gte": at}}, sort=[("_id", 1)], limit=200)
        for fact in (fact for bucket in buckets for fact in _facts(bucket) if fact.place > place):
            yield fact
        if len(buckets) < 200:
            return
        at = place = f"{buckets[-1]['_id']}:{LAST}"
