"""The end of a session: held or called off at once, then its places are settled in short steps.

A session may have thousands in its line, more than one transaction should hold. Whoever ends it waits for the last
step; if that is cut off, whoever holds the lease goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Aside, Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, Work, command

from training.commands.budgets import book
from training.commands.days import today_of
from training.commands.teaching import end_teaching
from training.commands.waiting import move_up
from training.domain import announcement as said
from training.domain import budget as budgets
from training.domain import enrolment as places
from training.domain import record as records
from training.domain import session as sessions
from training.domain import settling
from training.domain.enrolment import Enrolment
from training.domain.session import MOST_SEATS, Session
from training.store import ENROLMENTS, PROGRAMMES, RECORDS, SESSIONS

STEP = 200
"""Places that are settled in one transaction."""
PAGE = 100
POLL_S = 1.0
PATIENCE = timedelta(seconds=10)
"""Of which nothing was settled for so long, nobody is at work on it any more."""


class Settler:
    """Settles what was cut off while it holds the lease."""

    def __init__(self) -> None:
        self._lease = Lease("settling")
        self._aside = Aside("settling")

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, self._waits, self._work, every_s=POLL_S)

    async def _waits(self, database: Database) -> bool:
        query = _left(utc_now()) | self._aside.others
        return bool(await Work(database).find(SESSIONS, SYSTEM, query, limit=1))

    async def _work(self, database: Database) -> None:
        await work_off(database, aside=self._aside)


async def work_off(database: Database, now: Callable[[], datetime] = utc_now, *, aside: Aside | None = None) -> None:
    """Every session whose end was cut off; what is cut off again goes on where it was."""
    work, aside = Work(database, now=now), aside or Aside("settling")
    while left := await work.find(SESSIONS, SYSTEM, _left(now()) | aside.others, limit=PAGE):
        for kept in left:
            with aside.unless_it_works(kept.id):
                await _settle(work, kept.state)


async def close_session(work: Work, scope: Scope, session_id: str) -> Session:
    """State that a session took place.

    Attendance stands from then on, every kept seat is paid, and who still waits is free to go elsewhere.
    """
    return await _settle(work, await _hold(work, scope, session_id))


async def cancel_session(work: Work, scope: Scope, session_id: str) -> Session:
    """Call a session off, with every seat and every place in the waiting line.

    Its hours are off offer also for those who had given their seat back.
    """
    return await _settle(work, await _call_off(work, scope, session_id))


@command
async def _hold(tx: Transaction, scope: Scope, session_id: str) -> Session:
    session = await tx.load(SESSIONS, session_id, scope)
    held = settling.begin(sessions.hold(session, today_of(tx, session)), tx.now)
    tx.save(SESSIONS, held)
    return held


@command
async def _call_off(tx: Transaction, scope: Scope, session_id: str) -> Session:
    session = await tx.load(SESSIONS, session_id, scope)
    given = await tx.find(ENROLMENTS, SYSTEM, {"session_id": session_id, "status": "completed"}, limit=MOST_SEATS)
    cancelled = settling.begin(sessions.cancel(session, completed=len(given)), tx.now)
    tx.save(SESSIONS, cancelled)
    await end_teaching(tx, session_id)
    return cancelled


async def _settle(work: Work, session: Session) -> Session:
    """Step by step to the last; each is a transaction of its own, which no key or tag of the caller is about."""
    steps = Work(work.database, work.cause, work.now)
    while session.to_settle is not None:
        session = await _step(steps, session.id)
        crash_point("settling.after_step")
    return session


@command
async def _step(tx: Transaction, session_id: str) -> Session:
    session = await tx.load(SESSIONS, session_id, SYSTEM)
    if session.to_settle is None:
        return session
    query = {"session_id": session_id, "_id": {"$lt": session.to_settle}}
    page = await tx.find(ENROLMENTS, SYSTEM, query, sort=("_id", -1), limit=STEP)
    session = settling.go_on(session, page, STEP, tx.now)
    tx.save(SESSIONS, session)
    await (_release(tx, session, page) if session.state == "cancelled" else _conclude(tx, page))
    return session


async def _release(tx: Transaction, session: Session, page: Sequence[Enrolment]) -> None:
    """Places in a session that was called off: nobody sits, waits or pays, and nothing was on offer."""
    programme = await tx.load(PROGRAMMES, session.programme_id, SYSTEM)
    freed = await book(tx, page, budgets.release)
    learners = await tx.by_ids(RECORDS, (enrolment.employee_id for enrolment in page), SYSTEM)
    for enrolment in page:  # who came back has several: the latest, which comes first, is the one that is spoken of
        learner = learners[enrolment.employee_id]
        if enrolment.status in ("confirmed", "waiting"):
            tx.save(ENROLMENTS, places.call_off(enrolment))
        event = said.seat_lost(enrolment.id, session, programme, learner, "session_called_off")
        if learner.was_offered(session.id):
            tx.publish(event)
        elif enrolment.status != "waiting":
            continue
        learners[learner.employee_id], effect = records.follow_cancellation(learner, event)
        tx.save(RECORDS, learners[learner.employee_id], effect=effect)
    await move_up(tx, [], freed)


async def _conclude(tx: Transaction, page: Sequence[Enrolment]) -> None:
    """Places in a session that was held."""
    for enrolment in page:
        if enrolment.status == "waiting":
            await _end_waiting(tx, enrolment)
            continue
        settled = places.settle(enrolment)
        if settled is not enrolment:
            await book(tx, [enrolment], budgets.spend)
            tx.save(ENROLMENTS, settled)


async def _end_waiting(tx: Transaction, enrolment: Enrolment) -> None:
    tx.save(ENROLMENTS, places.call_off(enrolment))
    if enrolment.entitled:
        learner = await tx.load(RECORDS, enrolment.employee_id, SYSTEM)
        tx.save(RECORDS, records.give_entitlement_back(learner, enrolment.id))


def _left(now: datetime) -> dict[str, object]:
    return {"settled_at": {"$lte": now - PATIENCE}}
