"""Money for training: what a unit has in a year, and what its people's places take of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, Work, command

from training.commands.learners import unit_of
from training.commands.offering import offer
from training.commands.payers import budgets_at, budgets_one_by_one, places_of
from training.commands.waiting import move_up
from training.domain import budget as budgets
from training.domain.budget import Books, Budget
from training.domain.enrolment import Enrolment
from training.domain.record import Record
from training.domain.session import Session
from training.store import BOOKS, BUDGETS


async def set_budget(work: Work, scope: Scope, unit_id: str, year: int, planned: Decimal) -> Budget:
    """Give a unit money for a year, or more, or less; more goes to the neediest who wait for it."""
    return await offer(work, await _set(work, scope, unit_id, year, planned))


@command
async def _set(tx: Transaction, scope: Scope, unit_id: str, year: int, planned: Decimal) -> Budget:
    unit = await unit_of(tx, scope, unit_id)
    known = await tx.find(BUDGETS, SYSTEM, {"unit_id": unit.id, "year": year}, limit=1)
    if known:
        budget = budgets.change(await tx.load(BUDGETS, known[0].id, SYSTEM), planned)
    else:
        budget = budgets.set_up(unit, year, planned)
        for above in await budgets_at(tx, budgets.payers(unit.unit_path), [year]):
            tx.save(BUDGETS, above)  # who starts to wait for its money at this moment is to see the new one
        await open_books(tx, unit.unit_path, year)
    tx.save(BUDGETS, budget)
    paying = await move_up(tx, [], [budget])
    return paying.get(budget.id, budget)


async def open_books(tx: Transaction, unit_path: str, year: int) -> None:
    """Who waits because no budget is set is to see the one that is set up at this moment, or to be seen by it."""
    id_ = budgets.books_id(unit_path, year)
    found = await tx.find(BOOKS, SYSTEM, {"_id": id_}, limit=1)
    tx.save(BOOKS, found[0] if found else Books(id=id_))


async def payer_of(tx: Transaction, learner: Record, session: Session, *, entitled: bool = False) -> Budget | None:
    """The budget that pays in the year in which the session starts. Who enrol together share these reads."""
    year, places = session.starts_on.year, (await places_of(tx, [learner])).payers(learner)
    found = {one.id: one for one in await budgets_one_by_one(tx, places, year)}
    return budgets.payer(found, places, year, entitled=entitled)


async def book(
    tx: Transaction, enrolments: Iterable[Enrolment], booking: Callable[[Budget, Decimal], Budget]
) -> list[Budget]:
    """Release or spend what these places have reserved; the budgets afterwards."""
    changed: dict[str, Budget] = {}
    for enrolment in enrolments:
        if enrolment.reserves and enrolment.budget_id is not None:
            budget = await tx.load(BUDGETS, enrolment.budget_id, SYSTEM)
            changed[budget.id] = booking(budget, enrolment.amount)
            tx.save(BUDGETS, changed[budget.id])
    return [changed[id_] for id_ in sorted(changed)]
