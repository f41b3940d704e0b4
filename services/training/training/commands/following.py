"""What follows once somebody was transferred or has left: where certificates are looked at, whose the
seats are, where trainers belong, and whose money is looked at for who waits."""

from __future__ import annotations

from contextlib import suppress

from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from training.commands.budgets import payer_of
from training.commands.enrolments import MOST_PLACES, cancel_enrolment
from training.domain import budget as budgets
from training.domain import certificate as certificates
from training.domain import record as records
from training.domain import trainer as trainers
from training.domain.record import Record
from training.domain.refusals import EnrolmentClosed, SessionNotOpen, SessionStarted
from training.store import BUDGETS, CERTIFICATES, ENROLMENTS, RECORDS, SESSIONS, TRAINERS

PAGE = 100
POLL_S = 1.0
_MOVED = {"to_follow": True}


class Follower:
    """Lets places and certificates follow the people while it holds the lease."""

    def __init__(self) -> None:
        self._lease = Lease("following")

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, _waits, work_off, every_s=POLL_S)


async def work_off(database: Database) -> None:
    """Everybody who was transferred or has left; what is cut off is done again."""
    work = Work(database)
    while moved := await work.find(RECORDS, SYSTEM, _MOVED, limit=PAGE, effects=False):
        for kept in moved:
            if not kept.state.active:
                await _give_places_back(work, kept.id)
            await _follow(work, kept.id)


async def _give_places_back(work: Work, employee_id: str) -> None:
    """Who has left leaves every line, and each seat that still is of use to others."""
    query = {"employee_id": employee_id, "status": {"$in": ["confirmed", "waiting"]}}
    for kept in await work.find(ENROLMENTS, SYSTEM, query, sort=("_id", -1), limit=MOST_PLACES):
        with suppress(SessionStarted, SessionNotOpen, EnrolmentClosed):
            await cancel_enrolment(work, SYSTEM, kept.id)


@command
async def _follow(tx: Transaction, employee_id: str) -> None:
    learner = await tx.load(RECORDS, employee_id, SYSTEM)
    query = {"employee_id": employee_id, "state": "submitted"}
    for certificate in await tx.find(CERTIFICATES, SYSTEM, query, limit=certificates.MOST_WAITING):
        tx.save(CERTIFICATES, certificates.follow(certificate, learner))
    for trainer in await tx.find(TRAINERS, SYSTEM, {"_id": employee_id}, limit=1):
        tx.save(TRAINERS, trainers.follow(trainer, learner))
    await _look_for_money(tx, learner)
    tx.save(RECORDS, records.followed(learner))


async def _look_for_money(tx: Transaction, learner: Record) -> None:
    """Who waits may be paid where they are now."""
    query = {"employee_id": learner.employee_id, "status": "waiting"}
    waits = await tx.find(ENROLMENTS, SYSTEM, query, sort=("_id", -1), limit=MOST_PLACES)
    held = await tx.by_ids(SESSIONS, (one.session_id for one in waits), SYSTEM)
    for place in waits:
        budget = await payer_of(tx, learner, held[place.session_id], entitled=place.entitled)
        if budget is not None and place.waits_for != "seat":
            tx.save(BUDGETS, budgets.offer(budget, tx.now))


async def _waits(database: Database) -> bool:
    return bool(await Work(database).find(RECORDS, SYSTEM, _MOVED, limit=1, effects=False))
