"""A unit's money for training in a year: planned, reserved for seats, spent on what was learnt, and free.

Every rupiah is in one place at any time: planned = reserved + spent + free, and free is never below zero. What costs
money books nothing where no budget is set (UU 1/2004 art. 3(3): no official commits the region to an expense for which
its budget has no money; remembered, not read).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province

from training.domain.funding import FREE, rupiah
from training.domain.refusals import BudgetExhausted, InvalidBudget
from training.domain.session import Session
from training.domain.unit import Unit, government_of, refuse_closed

Lacking = Literal["seat", "money", "budget"]
"""What somebody waits for: a seat, money of the budget that pays, or that there is such a budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The money of a unit, and of those below it that have no budget of their own, in a calendar year."""

    id: str
    unit_id: str
    unit_path: str
    province: Province
    year: int
    planned: Decimal
    reserved: Decimal = FREE
    spent: Decimal = FREE
    offer_at: datetime | None = None
    """When to look whether it can pay for somebody who waits; None once nothing of that is left to do."""
    in_steps: bool = False
    """Whether the neediest are being paid step by step: who comes meanwhile waits behind them."""

    @property
    def free(self) -> Decimal:
        """What can still be reserved."""
        return self.planned - self.reserved - self.spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A year in the books of a government: who waits for a first budget and who sets one up meet here."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What budgets come to together."""

    budgets: int
    planned: Decimal
    reserved: Decimal
    spent: Decimal
    free: Decimal
    over: Decimal
    """Bound beyond what was planned: 0, or something is broken."""


def budget_id(unit_path: str, year: int) -> str:
    """The id of the one budget of a unit and year: a name from the day it was set up, also where the unit moves."""
    return f"{year}{unit_path}"


def books_id(unit_path: str, year: int) -> str:
    """The books in which every budget stands that may pay for somebody of a unit."""
    return budget_id(government_of(unit_path), year)


def payers(unit_path: str) -> list[str]:
    """Paths of the units that may pay for somebody of a unit: its own first, then those above it."""
    parts = unit_path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]


def payer(budgets: Mapping[str, Budget], places: Sequence[str], year: int, *, entitled: bool = False) -> Budget | None:
    """The nearest budget upwards; None where none is set up, and then nothing is booked that costs money.

    Who uses a right to further training is paid by the government's own budget, the last, before the nearest.
    """
    of_year = {one.unit_path: one for one in budgets.values() if one.year == year}
    order = [*places[-1:], *places] if entitled else places
    return next((of_year[path] for path in order if path in of_year), None)


def come_along(budget: Budget, unit: Unit, now: datetime) -> Budget:
    """The budget where its unit is; who waits there may be paid by it."""
    if budget.unit_path == unit.unit_path:
        return budget
    return replace(budget, unit_path=unit.unit_path, province=unit.province, offer_at=now)


def offer(budget: Budget, at: datetime) -> Budget:
    """To be looked at for who waits, as soon as that."""
    return replace(budget, offer_at=at)


def go_on(budget: Budget, at: datetime) -> Budget:
    """Some were paid, and more can be; if nobody else does, at that time."""
    return replace(budget, offer_at=at, in_steps=True)


def offered(budget: Budget) -> Budget:
    """Whoever it can pay for has a seat."""
    return replace(budget, offer_at=None, in_steps=False)


def lacks(session: Session, amount: Decimal, budget: Budget | None) -> Lacking | None:
    """What keeps the next employee in line, whose place costs this budget so much, from a seat."""
    if session.full:
        return "seat"
    if not amount:
        return None
    if budget is None:
        return "budget"
    return "money" if amount > budget.free else None


def set_up(unit: Unit, year: int, planned: Decimal) -> Budget:
    """A unit has money for training in a year."""
    refuse_closed(unit)
    return Budget(
        id=budget_id(unit.unit_path, year),
        unit_id=unit.id,
        unit_path=unit.unit_path,
        province=unit.province,
        year=year,
        planned=rupiah(planned, "planned"),
    )


def change(budget: Budget, planned: Decimal) -> Budget:
    """More money, or less; never less than what is bound."""
    changed = replace(budget, planned=rupiah(planned, "planned"))
    if changed.free < 0:
        raise InvalidBudget(
            f"Rp{budget.reserved + budget.spent} sudah dipesan atau dibelanjakan. Anggaran tidak dapat kurang.",
            field="planned",
            detail=f"reserved {budget.reserved} and spent {budget.spent}",
        )
    return changed


def reserve(budget: Budget, amount: Decimal) -> Budget:
    """A seat was given: its money is bound."""
    if amount > budget.free:
        raise BudgetExhausted(
            f"Sisa anggaran Rp{budget.free}, dibutuhkan Rp{amount}. Tambah anggaran, atau tunggu sampai ada sisa.",
            field="planned",
            detail=f"free {budget.free}, asked for {amount}",
        )
    return replace(budget, reserved=budget.reserved + amount)


def release(budget: Budget, amount: Decimal) -> Budget:
    """A seat was given back: its money is free again."""
    _refuse_unreserved(budget, amount)
    return replace(budget, reserved=budget.reserved - amount)


def spend(budget: Budget, amount: Decimal) -> Budget:
    """What was reserved is spent."""
    _refuse_unreserved(budget, amount)
    return replace(budget, reserved=budget.reserved - amount, spent=budget.spent + amount)


def use_of(budgets: Iterable[Budget]) -> Use:
    """The figures of several budgets together."""
    found = list(budgets)
    return Use(
        budgets=len(found),
        planned=sum((one.planned for one in found), FREE),
        reserved=sum((one.reserved for one in found), FREE),
        spent=sum((one.spent for one in found), FREE),
        free=sum((one.free for one in found), FREE),
        over=sum((max(FREE, -one.free) for one in found), FREE),
    )


def _refuse_unreserved(budget: Budget, amount: Decimal) -> None:
    if amount > budget.reserved:
        raise BudgetExhausted(
            f"Hanya Rp{budget.reserved} yang dipesan, bukan Rp{amount}. Hubungi pengelola sistem.",
            field="reserved",
            detail=f"reserved {budget.reserved}, asked for {amount}",
        )
