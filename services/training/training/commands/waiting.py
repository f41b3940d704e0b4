"""Seats and money that were freed go to the neediest who wait for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Transaction

from training.commands.clearance import partner_of
from training.commands.days import today_of
from training.commands.payers import budgets_at, places_of
from training.domain import budget as budgets
from training.domain import record as records
from training.domain import session as sessions
from training.domain import waiting
from training.domain.budget import Budget
from training.domain.enrolment import Enrolment
from training.domain.partner import uncleared
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.session import Session
from training.domain.unit import government_of
from training.domain.waiting import MovedUp, Promotion, Waiter
from training.store import BUDGETS, ENROLMENTS, PROGRAMMES, RECORDS, SESSIONS, UNITS

LONGEST_LINE = 10_000
"""Most who are looked at of those who wait for one session, or in one government: more than any has at a time."""
PATIENCE = timedelta(seconds=30)
"""Whom nobody has paid for so long of those for whom there is money, nobody is at work on any more."""


async def move_up(tx: Transaction, session_ids: Iterable[str], freed: Iterable[Budget]) -> dict[str, Budget]:
    """After seats of these sessions or money of these budgets were freed, in the same transaction.

    What money was freed for moves up a few hundred at a time: where there are more, the budgets say so, and are
    ``offering.py``'s. Returns the budgets that have changed, as they are afterwards.
    """
    with_money = await _where_they_are(tx, freed)
    waits: dict[str, Enrolment] = {}
    for id_ in session_ids:
        waits |= {one.id: one for one in await _waiting(tx, {"session_id": id_})}
    for budget in with_money.values():
        waits |= {one.id: one for one in await _who_may_be_paid(tx, budget)}
    held = await tx.by_ids(SESSIONS, (one.session_id for one in waits.values()), SYSTEM)
    taught = await tx.by_ids(PROGRAMMES, (one.programme_id for one in waits.values()), SYSTEM)
    open_ = {id_: one for id_, one in held.items() if await _gives_seats(tx, one, taught[one.programme_id])}
    line = await _line(tx, waits, taught)
    purses = await _purses(tx, line, open_) | with_money
    moved = waiting.move_up(line, open_, purses, waiting.MOST_AT_ONCE if with_money else LONGEST_LINE)
    for session in (held | {one.id: one for one in moved.sessions}).values():
        tx.save(SESSIONS, session)  # unchanged too: who frees its seats at this moment is to see who freed the money
    for enrolment in moved.passed_over:
        tx.save(ENROLMENTS, enrolment)
    _count_offers(tx, moved.promoted)
    return _keep_books(tx, purses, with_money, moved)


def _keep_books(
    tx: Transaction, purses: Mapping[str, Budget], freed: Mapping[str, Budget], moved: MovedUp
) -> dict[str, Budget]:
    """Save the budgets that pay for a seat more; where others are to move up, all that may pay for them."""
    paying = {one.id: one for one in moved.budgets}
    if moved.more:
        paying = {id_: budgets.go_on(paying.get(id_, one), tx.now + PATIENCE) for id_, one in purses.items()}
    else:
        paying |= {id_: budgets.offered(paying.get(id_, one)) for id_, one in freed.items()}
    paying = {id_: one for id_, one in paying.items() if one != purses[id_]}
    for budget in paying.values():
        tx.save(BUDGETS, budget)
    return paying


async def _where_they_are(tx: Transaction, found: Iterable[Budget]) -> dict[str, Budget]:
    """Budgets at the paths of their units, also before they have come along."""
    known = list(found)
    units = await tx.by_ids(UNITS, (one.unit_id for one in known), SYSTEM)
    return {one.id: budgets.come_along(one, units[one.unit_id], tx.now) for one in known}


def _count_offers(tx: Transaction, promoted: Iterable[Promotion]) -> None:
    learners: dict[str, Record] = {}
    for promotion in promoted:
        before = learners.get(promotion.learner.employee_id, promotion.learner)
        learner, effect = records.count_offer(before, promotion.event)
        learners[learner.employee_id] = learner
        tx.save(ENROLMENTS, promotion.enrolment)
        tx.save(RECORDS, learner, effect=effect)
        tx.publish(promotion.event)


async def _who_may_be_paid(tx: Transaction, budget: Budget) -> list[Enrolment]:
    """Who waits, whoever was to pay when they began to, and serves below the budget's unit by now."""
    waits = await _waiting(tx, below(government_of(budget.unit_path)))
    inside = Scope(paths=(budget.unit_path,), label=SYSTEM.label)
    served = await tx.by_ids(RECORDS, (one.employee_id for one in waits), inside)
    return [one for one in waits if one.employee_id in served]


async def _waiting(tx: Transaction, query: Mapping[str, Any]) -> list[Enrolment]:
    """Who waits, also after what this transaction has changed."""
    found = await tx.find(ENROLMENTS, SYSTEM, {**query, "status": "waiting"}, limit=LONGEST_LINE)
    return [one for one in found if one.status == "waiting"]


async def _gives_seats(tx: Transaction, session: Session, programme: Programme) -> bool:
    partner = await partner_of(tx, programme)
    return sessions.gives_seats(session, today_of(tx, session)) and not (partner and uncleared(partner, session))


async def _line(tx: Transaction, waits: Mapping[str, Enrolment], taught: Mapping[str, Programme]) -> list[Waiter]:
    learners = await tx.by_ids(RECORDS, (one.employee_id for one in waits.values()), SYSTEM)
    places = await places_of(tx, learners.values())
    at = {id_: places.payers(learner) for id_, learner in learners.items()}
    return [
        Waiter(one, learners[one.employee_id], taught[one.programme_id], at[one.employee_id]) for one in waits.values()
    ]


async def _purses(tx: Transaction, line: Iterable[Waiter], open_: Mapping[str, Session]) -> dict[str, Budget]:
    """Every budget that may pay for one of them."""
    years = {id_: session.starts_on.year for id_, session in open_.items()}
    places = {path for one in line for path in one.places}
    return {one.id: one for one in await budgets_at(tx, places, set(years.values()))}
