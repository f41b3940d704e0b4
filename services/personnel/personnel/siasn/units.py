"""From SIASN's ref-unor records to unit rows in an order in which every parent comes before its children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from personnel.siasn.fields import Record, UnfitField
from personnel.siasn.mapping import rejected
from personnel.siasn.rows import Government, Governments, Rejected, UnitRow
from personnel.siasn.wording import slug, title

_Children = defaultdict[str | None, list[UnitRow]]

UNIT_COLUMNS = ["Id", "InstansiId", "DiatasanId", "NamaUnor", "CepatKode", "PemimpinPnsId"]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The units that form trees, parents first, and the records that belong to none."""

    units: tuple[UnitRow, ...]
    rejected: tuple[Rejected, ...]


def arrange(raws: Iterable[Mapping[str, object]], governments: Governments) -> Arranged:
    """Normalise all units of a source; orphans, cycles, repeats, strangers and further roots are rejected with the
    reason."""
    known: dict[str, UnitRow] = {}
    bad: list[Rejected] = []
    for raw in raws:
        record = Record(raw)
        try:
            row = _unit_row(record, governments, known)
            known[row.source_id] = row
        except UnfitField as unfit:
            bad.append(rejected(record, unfit, UNIT_COLUMNS))
    children = _by_parent(known.values())
    roots = _one_root_each(children)
    placed: dict[str, UnitRow] = {}
    waiting = list(roots.values())
    while waiting:
        placed |= {row.source_id: row for row in waiting}
        below = [_unlike_siblings(_of_same_government(row, children[row.source_id])) for row in waiting]
        waiting = [row for siblings in below for row in siblings]
    bad += [_misplaced(row, known, roots) for row in known.values() if row.source_id not in placed]
    return Arranged(tuple(placed.values()), tuple(bad))


def _unit_row(record: Record, governments: Governments, known: Collection[str]) -> UnitRow:
    source_id = record.required("Id", "id unit")
    if source_id in known:
        raise UnfitField("Id", "Id: unit dengan id ini sudah ada", "duplicate unit id")
    name = title(record.required("NamaUnor", "nama unit kerja"))
    instansi = record.required("InstansiId", "id instansi")
    government = governments.get(instansi)
    if government is None:
        reason = f"InstansiId: instansi '{instansi[:40]}' tidak terdaftar pada pengaturan"
        raise UnfitField("InstansiId", reason, "unknown government")
    parent = record.text("DiatasanId")
    code = slug(record.text("CepatKode") or "") or slug(name) or source_id[:40].lower()
    return UnitRow(
        source_id=source_id,
        parent_source_id=parent,
        code=code if parent else government.code,
        name=name,
        leader_source_id=record.text("PemimpinPnsId"),
        government=government,
    )


def _by_parent(rows: Iterable[UnitRow]) -> _Children:
    children: _Children = defaultdict(list)
    for row in rows:
        children[row.parent_source_id].append(row)
    return children


def _of_same_government(parent: UnitRow, rows: list[UnitRow]) -> list[UnitRow]:
    return [row for row in rows if row.government == parent.government]


def _one_root_each(children: _Children) -> dict[Government, UnitRow]:
    """The root of each government: of several the one with most below it, since the others have lost their parent."""
    by_size = sorted(children[None], key=lambda row: (-_size(row, children), row.source_id))
    return {row.government: row for row in reversed(by_size)}


def _size(row: UnitRow, children: _Children) -> int:
    """The number of units at and below a root; there are no rings below one."""
    level, size = [row], 0
    while level:
        size += len(level)
        level = [child for above in level for child in children[above.source_id]]
    return size


def _unlike_siblings(rows: list[UnitRow]) -> list[UnitRow]:
    """Siblings under one parent with different codes: of two alike, the one with the greater id shows part of it."""
    taken: set[str] = set()
    apart = []
    for row in sorted(rows, key=lambda row: row.source_id):
        code = row.code if row.code not in taken else f"{row.code[:31]}-{slug(row.source_id)[-8:]}"
        taken.add(code)
        apart.append(replace(row, code=code))
    return apart


def _misplaced(row: UnitRow, known: Mapping[str, UnitRow], roots: Mapping[Government, UnitRow]) -> Rejected:
    reason, detail = _why_misplaced(row, known, roots)
    raw = {"Id": row.source_id, "NamaUnor": row.name, "DiatasanId": row.parent_source_id or ""}
    return Rejected(reason=f"DiatasanId: {reason}", field="DiatasanId", raw=raw, detail=detail)


def _why_misplaced(row: UnitRow, known: Mapping[str, UnitRow], roots: Mapping[Government, UnitRow]) -> tuple[str, str]:
    """Follow the parents up to where the way to the root is broken."""
    seen: set[str] = set()
    while row.source_id not in seen:
        if row.parent_source_id is None:
            top = roots[row.government]
            beneath = f"unit teratasnya '{row.source_id}' ditolak: " if seen else ""
            return f"{beneath}kosong, padahal instansi ini sudah berinduk pada '{top.source_id}'", "second root"
        seen.add(row.source_id)
        parent = known.get(row.parent_source_id or "")
        if parent is None:
            return f"unit induk '{row.parent_source_id}' tidak ada atau ditolak", "orphan"
        if parent.government != row.government:
            return "unit induk berada di instansi lain", "parent in another government"
        row = parent
    return "susunan induk berputar; salah satu induk harus diperbaiki", "cycle"
