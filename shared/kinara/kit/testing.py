"""What tests of every service need: facts on the wire, delivered twice, and waiting with a deadline."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from kinara.contracts import Event
from kinara.kit import outbox
from kinara.kit.batch import Outcome
from kinara.kit.envelope import Raw
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database, Session
from kinara.kit.stored import Document
from kinara.kit.topics import Registry
from kinara.kit.work import Cause

T = TypeVar("T")


async def eventually(probe: Callable[[], T | Awaitable[T]], within: float = 30, every: float = 0.05) -> T:
    """Ask until the answer is true; its value, or ``AssertionError`` with the last answer after the deadline."""
    deadline = time.monotonic() + within
    while True:
        answer = probe()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s; last answer: {answer!r}")
        await asyncio.sleep(every)


def raw(event: Event, version: int, registry: Registry, *, id_: str | None = None, offset: int = 0) -> Raw:
    """A fact exactly as the relay of its service would send it."""
    row = outbox.row(event, id_=id_ or new_id(), version=version, at=utc_now(), cause=Cause(new_id()))
    message = outbox.messages({"rows": [row]}, event.service, registry)[0]
    return Raw(message.topic, 0, offset, message.key, message.value, tuple(message.headers))


async def put(database: Database, rows: Sequence[Document]) -> None:
    """Save facts in a transaction of their own."""

    async def body(session: Session) -> None:
        outbox.put(database, rows, utc_now(), session)

    await database.transact(body, rerun_unknown=False)


class Deliverer:
    """Gives facts to an inbox with the versions of their subjects, each of them twice."""

    def __init__(self, folder: Folder, registry: Registry) -> None:
        self.folder = folder
        self._registry = registry
        self._versions: dict[tuple[str, str], int] = {}

    async def __call__(self, *events: Event) -> Outcome:
        """Deliver in order, then the same batch again; the second time must find only repeats."""
        raws = []
        for event in events:
            at = (event.service, event.subject.id)
            self._versions[at] = self._versions.get(at, 0) + 1
            raws.append(raw(event, self._versions[at], self._registry))
        outcome = await self.folder.take(self.folder.read(raws))
        again = await self.folder.take(self.folder.read(raws))
        if again.folded:
            raise AssertionError(f"folded twice: {[i.stamp and i.stamp.type for i in again.folded]}")
        return outcome
