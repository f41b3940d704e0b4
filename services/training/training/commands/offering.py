"""Money that is there for who waits: offered to the neediest in short steps, up to the last whom it can pay for.

Whoever sets a budget pays whom it can in one transaction and goes on in others; if that is cut off, whoever holds the
lease goes on. They also look at money of units, and for people, that have come to another place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Aside, Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from training.commands.waiting import move_up
from training.domain.budget import Budget
from training.store import BUDGETS

PAGE = 100
POLL_S = 1.0


class Offerer:
    """Offers money while it holds the lease."""

    def __init__(self) -> None:
        self._lease = Lease("offering")
        self._aside = Aside("offering")

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, self._waits, self._work, every_s=POLL_S)

    async def _waits(self, database: Database) -> bool:
        query = _due(utc_now()) | self._aside.others
        return bool(await Work(database).find(BUDGETS, SYSTEM, query, limit=1))

    async def _work(self, database: Database) -> None:
        await work_off(database, aside=self._aside)


async def work_off(database: Database, now: Callable[[], datetime] = utc_now, *, aside: Aside | None = None) -> None:
    """Every budget that is to be looked at by now; what is cut off goes on where it was."""
    work, aside = Work(database, now=now), aside or Aside("offering")
    while due := await work.find(BUDGETS, SYSTEM, _due(now()) | aside.others, limit=PAGE):
        for kept in due:
            with aside.unless_it_works(kept.id):
                await offer(work, kept.state)


async def offer(work: Work, budget: Budget) -> Budget:
    """Step by step to the last; each is a transaction of its own, which no key or tag of the caller is about."""
    steps = Work(work.database, work.cause, work.now)
    while budget.offer_at is not None:
        budget = await _step(steps, budget.id)
        crash_point("offering.after_step")
    return budget


@command
async def _step(tx: Transaction, budget_id: str) -> Budget:
    budget = await tx.load(BUDGETS, budget_id, SYSTEM)
    if budget.offer_at is None:
        return budget
    return (await move_up(tx, [], [budget])).get(budget.id, budget)


def _due(now: datetime) -> dict[str, object]:
    return {"offer_at": {"$lte": now}}
