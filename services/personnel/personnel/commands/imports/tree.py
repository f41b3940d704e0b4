"""The units of an import: created, renamed and moved before any employee is looked at; their leaders settled last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kinara.contracts.personnel import UnitChanged
from kinara.kit.mongo import Taken
from kinara.kit.moves import bearer_of
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from personnel.commands.imports.known import Known
from personnel.commands.imports.rows import kept, refuse_superseded
from personnel.commands.places import load_tree
from personnel.commands.units import lead_unit, move_unit, save_unit
from personnel.domain import unit as rules
from personnel.domain.identity import employee_id_of, unit_id_of
from personnel.domain.importing import ImportRun
from personnel.domain.refusals import InvalidUnit, UnitRefused, UnitUnknown
from personnel.domain.tree import Tree
from personnel.domain.unit import Unit
from personnel.siasn.rows import Rejected, UnitRow
from personnel.siasn.units import Arranged
from personnel.siasn.wording import slug
from personnel.store import EMPLOYEES, IMPORTS, REJECTS, UNITS, Seen

BATCH = 200
"""Units in one transaction."""


async def take_units(work: Work, run: ImportRun, arranged: Arranged, known: Known) -> ImportRun:
    """Bring the tree to what the source says, parents before children; harmless when done again.

    A new unit names its leader at once, though their own record may come later in the same run. A unit that the source
    does not show any more stays: closing one is a person's decision.
    """
    rows = [row for row in arranged.units if f"/{row.government.code}" in run.paths]
    for start in range(0, len(rows), BATCH):
        run, bad = await _take_or_halve(work, run, rows[start : start + BATCH], known)
        arranged = replace(arranged, rejected=(*arranged.rejected, *bad))
    if arranged.rejected and not run.units_rejected:
        run = await _keep_rejects(work, run, arranged.rejected)
    return run


async def settle_leaders(work: Work, run: ImportRun, rows: Sequence[UnitRow], known: Known) -> ImportRun:
    """Give each unit the leader that the source names, as far as they are in service; nobody else is left in place
    whom nobody knows."""
    named = {row.source_id: row.leader_source_id for row in rows}
    return await _settle_leaders(work, run, named, known)


async def _take_or_halve(
    work: Work, run: ImportRun, rows: Sequence[UnitRow], known: Known
) -> tuple[ImportRun, list[Rejected]]:
    """Take the units; where one is another government's already, the batch is halved until it is found."""
    try:
        return await _take_units(work, run, rows, known)
    except Taken as taken:
        if len(rows) == 1:
            return run, [_refused(rows[0], "Id: unit ini sudah tercatat pada instansi lain", "Id", str(taken))]
    middle = len(rows) // 2
    run, bad = await _take_or_halve(work, run, rows[:middle], known)
    run, more = await _take_or_halve(work, run, rows[middle:], known)
    return run, [*bad, *more]


@command
async def _take_units(
    tx: Transaction, run: ImportRun, rows: Sequence[UnitRow], known: Known
) -> tuple[ImportRun, list[Rejected]]:
    await refuse_superseded(tx, run)
    tree = await load_tree(tx, run.paths)
    before = {unit.id: unit for unit in tree}
    bad: list[Rejected] = []
    for row in rows:
        try:
            await _take_unit(tx, tree, row, known)
        except UnitRefused as refusal:
            bad.append(_refused(row, refusal.message, refusal.field, refusal.detail))
    changed = sum(unit != before.get(unit.id) for unit in tree)
    return _counted(tx, run, changed), bad


async def _take_unit(tx: Transaction, tree: Tree, row: UnitRow, known: Known) -> None:
    parent = tree.by_source(row.parent_source_id) if row.parent_source_id else None
    if parent is None and row.parent_source_id:
        raise UnitUnknown("Unit induknya ditolak. Perbaiki unit induk dahulu.", field="DiatasanId", detail="no parent")
    unit = tree.by_source(row.source_id) or _adopted(tx, tree, row, parent)
    if unit is None and parent is None and tree.at(_path(row, parent)):
        reason = "DiatasanId: kosong, padahal instansi ini sudah memiliki unit induk. Isi unit di atasnya."
        raise InvalidUnit(reason, field="DiatasanId", detail="a second root")
    unit, event = rules.rename(unit, row.name) if unit else await _created(tx, tree, row, parent, known)
    save_unit(tx, unit, event)
    tree.put(unit)
    if parent is not None and unit.parent_id != parent.id:
        if tree.at(f"{parent.unit_path}/{unit.code}"):
            reason = f"Di bawah {parent.name} sudah ada unit berkode {unit.code}. Perbaiki salah satunya."
            raise InvalidUnit(reason, field="DiatasanId", detail="a sibling has the same code")
        await move_unit(tx, tree, unit, parent)


def _adopted(tx: Transaction, tree: Tree, row: UnitRow, parent: Unit | None) -> Unit | None:
    """The unit that a person has created in this place before the source came to know it."""
    there = tree.at(_path(row, parent))
    if there is None or there.source_id is not None:
        return None
    adopted = replace(there, source_id=row.source_id)
    tx.save(UNITS, adopted)
    return adopted


async def _created(
    tx: Transaction, tree: Tree, row: UnitRow, parent: Unit | None, known: Known
) -> tuple[Unit, UnitChanged]:
    path = _path(row, parent)
    free = tree.at(path) is None and await bearer_of(tx, UNITS, path) is None
    code = row.code if free else f"{row.code[:31]}-{slug(row.source_id)[-8:]}"
    return rules.create(
        unit_id_of(row.source_id),
        code=code,
        name=row.name,
        parent=parent,
        province=None if parent else row.government.province,
        leader_id=_expected_leader(row.leader_source_id, known),
        source_id=row.source_id,
    )


def _expected_leader(source_id: str | None, known: Known) -> str | None:
    """The leader's employee id: the one they have, or the one that their record will be given."""
    if source_id is None:
        return None
    seen = known.by_siasn_id(source_id)
    if seen is None:
        return employee_id_of(source_id)
    return seen.id if seen.serves else None


@command
async def _settle_leaders(tx: Transaction, run: ImportRun, named: Mapping[str, str | None], known: Known) -> ImportRun:
    await refuse_superseded(tx, run)
    tree = await load_tree(tx, run.paths)
    strangers = {unit.leader_id for unit in tree if unit.leader_id and not _serves(known.get(unit.leader_id))}
    elsewhere = await tx.by_ids(EMPLOYEES, strangers, SYSTEM)
    changed = 0
    for unit in tree:
        source_id = named.get(unit.source_id or "")
        leader = known.by_siasn_id(source_id) if source_id else None
        wanted = unit.leader_id
        if leader is not None and leader.serves:
            wanted = leader.id
        elif wanted in strangers and (wanted not in elsewhere or elsewhere[wanted].separation):
            wanted = None
        changed += lead_unit(tx, tree, unit, wanted) != unit
    return _counted(tx, run, changed)


@command
async def _keep_rejects(tx: Transaction, run: ImportRun, rejections: Sequence[Rejected]) -> ImportRun:
    await refuse_superseded(tx, run)
    for number, rejection in enumerate(rejections, start=1):
        tx.save(REJECTS, kept(run, "unit", number, rejection))
    noted = replace(run, units_rejected=len(rejections))
    tx.save(IMPORTS, noted)
    return noted


def _counted(tx: Transaction, run: ImportRun, changed: int) -> ImportRun:
    counted = replace(run, units_changed=run.units_changed + changed)
    if changed:
        tx.save(IMPORTS, counted)
    return counted


def _refused(row: UnitRow, reason: str, field: str, detail: str) -> Rejected:
    raw = {"Id": row.source_id, "NamaUnor": row.name, "DiatasanId": row.parent_source_id or ""}
    return Rejected(reason=reason, field=field, raw=raw, detail=detail)


def _serves(seen: Seen | None) -> bool:
    return seen is not None and seen.serves


def _path(row: UnitRow, parent: Unit | None) -> str:
    return f"{parent.unit_path if parent else ''}/{row.code}"
