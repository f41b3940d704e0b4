"""A unit's money for training in a year: planned, reserved for seats, spent on what was learnt, and free.

Every rupiah is in one place at any time: planned = reserved + spent + free, and free is never below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province

from training.domain.funding import FREE, of_unit, rupiah
from training.domain.refusals import BudgetExhausted, InvalidBudget
from training.domain.session import Session
from training.domain.unit import Unit, refuse_closed

Lacking = Literal["seat", "money"]
"""What somebody waits for."""


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

    @property
    def free(self) -> Decimal:
        """What can still be reserved."""
        return self.planned - self.reserved - self.spent


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


def payers(unit_path: str) -> list[str]:
    """Paths of the units that may pay for somebody of a unit: its own first, then those above it."""
    parts = unit_path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]


def payer(budgets: Mapping[str, Budget], unit_path: str, year: int) -> Budget | None:
    """The nearest budget upwards; None where none is set up, and then nothing is reserved."""
    of_year = {one.unit_path: one for one in budgets.values() if one.year == year}
    return next((of_year[path] for path in payers(unit_path) if path in of_year), None)


def lacks(session: Session, budget: Budget | None) -> Lacking | None:
    """What keeps the next employee, for whom this budget pays, from a seat."""
    if session.full:
        return "seat"
    return "money" if budget is not None and of_unit(session.shares) > budget.free else None


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
