"""Where somebody is placed and under whom, looked up for the commands that need to know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from kinara.contracts import Province
from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Transaction

from personnel.domain.employee import Employee
from personnel.domain.following import Reorganisation
from personnel.domain.refusals import SupervisorUnknown, UnitClosed, UnitUnknown
from personnel.domain.tree import Tree, lineage
from personnel.domain.unit import MAX_DEPTH, Unit
from personnel.store import EMPLOYEES, REORGANISATIONS, UNITS

MOST_UNITS = 50_000
"""Of one government; the largest have a few thousand."""


def exactly(unit_path: str) -> dict[str, Any]:
    """The filter for what belongs to a unit itself."""
    return {"path": unit_path + "/"}


async def load_tree(tx: Transaction, paths: Iterable[str]) -> Tree:
    """All units at and below the paths."""
    units: list[Unit] = []
    for path in paths:
        units += await tx.find(UNITS, SYSTEM, below(path), limit=MOST_UNITS)
    return Tree(units)


async def open_unit(tx: Transaction, scope: Scope, unit_id: str, field: str = "unit_id") -> Unit:
    """A unit inside the scope in which people can be placed."""
    found = await tx.find(UNITS, scope, {"_id": unit_id}, limit=1)
    if not found:
        raise UnitUnknown(
            "Unit kerja ini tidak ditemukan dalam kewenangan Anda. Pilih unit dari daftar.",
            field=field,
            detail="expected the id of a unit inside the caller's scope",
        )
    if not found[0].active:
        raise UnitClosed(
            f"Unit {found[0].name} sudah ditutup. Pilih unit yang masih ada.", field=field, detail="the unit is closed"
        )
    return found[0]


async def entered_unit(tx: Transaction, scope: Scope, unit_id: str, field: str = "unit_id") -> Unit:
    """A unit that somebody, or another unit, comes into: kept too, so that it is not closed at the same moment."""
    unit = await open_unit(tx, scope, unit_id, field)
    tx.save(UNITS, unit)
    return unit


async def superior_in(tx: Transaction, employee_id: str, unit: Unit) -> str | None:
    """The direct superior of somebody who works in a unit, by the tree."""
    above = await tx.find(UNITS, SYSTEM, {"unit_path": {"$in": list(lineage(unit.unit_path))}}, limit=MAX_DEPTH)
    return Tree(above).superior(employee_id, unit)


async def serving(tx: Transaction, employee_id: str, field: str) -> Employee:
    """An employee in service, wherever they work."""
    found = await tx.find(EMPLOYEES, SYSTEM, {"_id": employee_id}, limit=1)
    if not found or found[0].separation is not None:
        raise SupervisorUnknown(
            "Pegawai yang dipilih tidak ditemukan atau sudah berhenti. Pilih pegawai yang masih aktif.",
            field=field,
            detail="expected the id of an employee in service",
        )
    return found[0]


def reorganise(tx: Transaction, unit_paths: Iterable[str]) -> None:
    """Have those who are found at these units follow the tree."""
    tx.save(REORGANISATIONS, Reorganisation(id=new_id(), paths=tuple(dict.fromkeys(unit_paths)), due_at=tx.now))


def today(tx: Transaction, province: Province) -> date:
    """The calendar day in a province."""
    return day_of(tx.now, kemendagri_code(province))
