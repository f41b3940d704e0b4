"""One process at a time: a lease that is kept up while its holder works and runs out when the holder is gone.

A service that does such work lists ``LEASES`` among its collections.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kinara.kit import log
from kinara.kit.documents import Collection
from kinara.kit.ids import new_id
from kinara.kit.mongo import Conflict, Database, DatabaseError, OutcomeUnknown, Taken
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

LENGTH = timedelta(seconds=15)
INTERRUPTIONS = (DatabaseError, OutcomeUnknown, Conflict, Taken)
"""After these, background work is tried again from what is stored."""

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


@command
async def hold(tx: Transaction, name: str, holder: str, length: timedelta) -> bool:
    """Take, keep or (with no length) give back the right; False while somebody else has it."""
    found = await tx.find(LEASES, SYSTEM, {"_id": name}, limit=1)
    if found and found[0].holder != holder and found[0].until > tx.now:
        return False
    tx.save(LEASES, Holding(name, holder, tx.now + length))
    return True
