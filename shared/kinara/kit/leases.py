"""One process at a time: a lease that is kept up while its holder works and runs out when the holder is gone.

A service that does such work lists ``LEASES`` among its collections. What fails for no foreseen reason stops neither
the service nor its other work: it is logged, counted, and tried again after a while.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kinara.kit import log
from kinara.kit.documents import Collection
from kinara.kit.ids import new_id
from kinara.kit.metrics import CHORES_FAILED
from kinara.kit.mongo import Conflict, Database, DatabaseDown, DatabaseError, OutcomeUnknown, Taken
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

LENGTH = timedelta(seconds=15)
INTERRUPTIONS = (DatabaseError, OutcomeUnknown, Conflict, Taken)
"""After these, background work is tried again from what is stored."""
FAILED_S = 60.0
"""How long work that failed otherwise, or one item of it, is left alone."""
MOST_ASIDE = 1000

_log = log.get("leases")


@dataclass(frozen=True, slots=True)
class Holding:
    """Who does one kind of background work, and until when nobody else may."""

    id: str
    holder: str
    until: datetime


LEASES: Collection[Holding] = Collection("leases", Holding, scoped=False)


class Lease:
    """The right to do one kind of background work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._me = new_id()

    @asynccontextmanager
    async def held(self, database: Database) -> AsyncIterator[bool]:
        """Whether it is ours; while it is, it is kept up in the background, and given back at the end."""
        work = Work(database)
        if not await hold(work, self._name, self._me, LENGTH):
            yield False
            return
        keeper = asyncio.create_task(self._keep(work), name=f"lease-{self._name}")
        try:
            yield True
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            await asyncio.shield(self._give_back(work))

    async def work_off(
        self,
        database: Database,
        waits: Callable[[Database], Awaitable[bool]],
        work: Callable[[Database], Awaitable[Any]],
        *,
        every_s: float,
    ) -> None:
        """Look for work until cancelled, so often; where some waits and the right is ours, do it."""
        while True:
            try:
                if await waits(database):
                    async with self.held(database) as ours:
                        if ours:
                            await work(database)
            except INTERRUPTIONS as error:
                _log.warning("work interrupted", work=self._name, error=type(error).__name__, reason=str(error)[:200])
            except Exception:  # noqa: BLE001  # whatever it is, the service goes on, and this when somebody has seen to it
                _failed(self._name)
                await asyncio.sleep(FAILED_S)
            await asyncio.sleep(every_s)

    async def _keep(self, work: Work) -> None:
        while True:
            await asyncio.sleep(LENGTH.total_seconds() / 3)
            try:
                await hold(work, self._name, self._me, LENGTH)
            except INTERRUPTIONS as error:
                _log.info("lease not kept up", lease=self._name, error=type(error).__name__)

    async def _give_back(self, work: Work) -> None:
        try:
            await hold(work, self._name, self._me, timedelta())
        except INTERRUPTIONS:
            return  # it runs out by itself


class Aside:
    """Items of some work that failed: each is left alone for a while, so that the others get their turn."""

    def __init__(self, work: str) -> None:
        self._work = work
        self._until: dict[str, float] = {}

    @property
    def others(self) -> dict[str, Any]:
        """Whatever has not failed lately, as a query."""
        now = time.monotonic()
        self._until = {id_: until for id_, until in self._until.items() if until > now}
        return {"_id": {"$nin": sorted(self._until)}} if self._until else {}

    @contextmanager
    def unless_it_works(self, id_: str) -> Iterator[None]:
        """Work on one item; whatever it fails by, it fails alone. A database that is away fails all of them."""
        try:
            yield
        except (*DatabaseDown, OutcomeUnknown):
            raise
        except Exception:
            if len(self._until) >= MOST_ASIDE:
                raise
            self._until[id_] = time.monotonic() + FAILED_S
            _failed(self._work, id=id_)


def _failed(work: str, **about: str) -> None:
    """Say and count what nobody foresaw."""
    CHORES_FAILED.labels(work).inc()
    _log.exception("work failed, left for later", work=work, **about)


@command
async def hold(tx: Transaction, name: str, holder: str, length: timedelta) -> bool:
    """Take, keep or (with no length) give back the right; False while somebody else has it."""
    found = await tx.find(LEASES, SYSTEM, {"_id": name}, limit=1)
    if found and found[0].holder != holder and found[0].until > tx.now:
        return False
    tx.save(LEASES, Holding(name, holder, tx.now + length))
    return True
