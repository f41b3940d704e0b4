"""What personnel can be asked to do about the unit tree."""

from __future__ import annotations

from kinara.contracts import Province
from kinara.contracts.personnel import UnitChanged
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from personnel.commands.moves import refuse_taken
from personnel.commands.places import entered_unit, load_tree, reorganise, serving
from personnel.domain import unit as rules
from personnel.domain.refusals import UnitInUse, UnitUnknown
from personnel.domain.tree import Tree
from personnel.domain.unit import Unit
from personnel.store import EMPLOYEES, UNITS


@command
async def create_unit(
    tx: Transaction,
    scope: Scope,
    *,
    code: str,
    name: str,
    parent_id: str | None,
    province: Province | None,
    leader_id: str | None,
) -> Unit:
    """Add a unit below another one, or the root of a government that the caller's scope covers."""
    parent = await entered_unit(tx, scope, parent_id, "parent_id") if parent_id else None
    leader = (await serving(tx, leader_id, "leader_id")).id if leader_id else None
    unit, event = rules.create(new_id(), code=code, name=name, parent=parent, province=province, leader_id=leader)
    if not scope.covers(unit.unit_path):
        raise UnitUnknown(
            "Anda tidak berwenang membuat unit di tempat ini. Pilih induk dalam kewenangan Anda.",
            field="parent_id",
            detail="the new path lies outside the caller's scope",
        )
    await refuse_taken(tx, {unit.id: unit.unit_path}, "code")
    save_unit(tx, unit, event)
    return unit


@command
async def change_unit(
    tx: Transaction, scope: Scope, unit_id: str, *, name: str, parent_id: str | None, leader_id: str | None
) -> Unit:
    """Rename a unit, move it below another parent (with everything below it), change who leads it.

    Without ``parent_id`` it stays where it is. Those who work there follow within moments, a batch at a time.
    """
    unit = await tx.load(UNITS, unit_id, scope)
    if leader_id is not None and leader_id != unit.leader_id:
        await serving(tx, leader_id, "leader_id")
    elsewhere = parent_id if parent_id != unit.parent_id else None
    parent = await entered_unit(tx, scope, elsewhere, "parent_id") if elsewhere else None
    renamed, event = rules.rename(unit, name)
    save_unit(tx, renamed, event)
    tree = await load_tree(tx, [unit.unit_path])
    led = lead_unit(tx, tree, renamed, leader_id)
    return await move_unit(tx, tree, led, parent) if parent else led


@command
async def close_unit(tx: Transaction, scope: Scope, unit_id: str) -> Unit:
    """Close a unit to which nobody in service belongs any more and below which no unit is open.

    By the unit's id, since after a move its people are for moments still found at the path where it was.
    """
    unit = await tx.load(UNITS, unit_id, scope)
    closed, event = rules.close(unit)
    staff = await tx.find(EMPLOYEES, SYSTEM, {"unit_id": unit_id, "status": "active"}, limit=1)
    open_below = [u for u in (await load_tree(tx, [unit.unit_path])).below(unit) if u.active]
    if staff or open_below:
        raise UnitInUse(
            f"Unit {unit.name} masih memiliki pegawai atau unit di bawahnya. Pindahkan dahulu, lalu tutup unit ini.",
            field="id",
            detail="the unit has employees in service or open units below it",
        )
    save_unit(tx, closed, event)
    return closed


def lead_unit(tx: Transaction, tree: Tree, unit: Unit, leader_id: str | None) -> Unit:
    """Appoint the leader, and have those who answer to the leader follow; ``tree`` holds what is below the unit."""
    led, event = rules.appoint_leader(unit, leader_id)
    save_unit(tx, led, event)
    if event is not None:
        reorganise(tx, [unit.unit_path, *(other.unit_path for other in tree.below(unit))])
    return led


async def move_unit(tx: Transaction, tree: Tree, unit: Unit, parent: Unit) -> Unit:
    """Move a unit with all units below it in one transaction, and have the employees follow."""
    move = rules.move(unit, parent, tree.below(unit))
    await refuse_taken(tx, {change.unit_id: change.new for change in move.paths}, "parent_id")
    for moved, event in zip(move.units, move.events, strict=True):
        save_unit(tx, moved, event)
        tree.put(moved)
    if move.paths:
        reorganise(tx, [path for change in move.paths for path in (change.old, change.new)])
    return move.units[0] if move.units else unit


def save_unit(tx: Transaction, unit: Unit, event: UnitChanged | None) -> None:
    """Keep the unit with the fact about it; nothing where nothing has changed."""
    if event is not None:
        tx.save(UNITS, unit)
        tx.publish(event)
