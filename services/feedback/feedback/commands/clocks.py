"""The timekeeper: says of each complaint, once, that its clock has run out.

One process at a time holds the lease. What was said is on the complaint itself, so that one who was cut off is followed
by another who goes on with the rest, and two at once say nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kinara.kit import log
from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

from feedback.commands.complaints import tell_overdue
from feedback.domain.complaint import Complaint
from feedback.store import COMPLAINTS, RUNNING

PAGE = 100
POLL_S = 1.0
_log = log.get("clocks")


class Timekeeper:
    """Tells what is overdue while it holds the lease."""

    def __init__(self) -> None:
        self._lease = Lease("complaint clocks")

    async def run(self, database: Database) -> None:
        """Look at the clocks until cancelled."""
        await self._lease.work_off(database, _waits, work_off, every_s=POLL_S)


async def work_off(database: Database, now: Callable[[], datetime] = utc_now) -> None:
    """All clocks that have run out by now."""
    work = Work(database, now=now)
    while found := await _run_out(work, PAGE):
        for one in found:
            if await tell_overdue(work, one.id) is not None:
                _log.info("complaint overdue", complaint=one.id)
            crash_point("clocks.after_complaint")


async def _waits(database: Database) -> bool:
    return bool(await _run_out(Work(database), 1))


async def _run_out(work: Work, most: int) -> list[Complaint]:
    query = {**RUNNING, "due_at": {"$lte": work.now()}}
    return [kept.state for kept in await work.find(COMPLAINTS, SYSTEM, query, sort=("due_at", 1), limit=most)]
