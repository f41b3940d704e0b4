"""The unit tree of a government (instansi): who stands below whom, under which path, led by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kinara.contracts import Province
from kinara.contracts.personnel import UnitChanged

from personnel.domain.refusals import AlreadyClosed, InvalidUnit, UnitCycle, UnitTooDeep

MAX_DEPTH = 12
"""Levels that the published language's ``UnitPath`` allows, the government's root included."""

_SEGMENT = re.compile(r"[A-Za-z0-9.\-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit kerja as it stands now. ``code`` is its own segment of ``unit_path``."""

    id: str
    code: str
    name: str
    parent_id: str | None
    unit_path: str
    province: Province
    leader_id: str | None = None
    active: bool = True
    source_id: str | None = None
    """Its id in SIASN (unorId), as given there."""

    @property
    def depth(self) -> int:
        """Levels from the root, which is 1."""
        return self.unit_path.count("/")

    def is_within(self, other: Unit) -> bool:
        """Whether this is ``other`` itself or stands somewhere below it."""
        return self.unit_path == other.unit_path or self.unit_path.startswith(f"{other.unit_path}/")


@dataclass(frozen=True, slots=True)
class PathChange:
    """A unit's path before and after a move; everything that carries the old path has to follow."""

    unit_id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Move:
    """What a move did, the moved unit first and parents before children."""

    units: tuple[Unit, ...]
    paths: tuple[PathChange, ...]
    events: tuple[UnitChanged, ...]


def create(
    unit_id: str,
    *,
    code: str,
    name: str,
    parent: Unit | None,
    province: Province | None = None,
    leader_id: str | None = None,
    source_id: str | None = None,
) -> tuple[Unit, UnitChanged]:
    """A new unit below ``parent``, or the root of a government, for which alone the province is asked."""
    unit = Unit(
        id=unit_id,
        code=_checked_segment(code),
        name=_checked_name(name),
        parent_id=parent.id if parent else None,
        unit_path=_path_below(parent, code),
        province=_province(parent, province),
        leader_id=leader_id,
        source_id=source_id,
    )
    return unit, _changed(unit)


def rename(unit: Unit, name: str) -> tuple[Unit, UnitChanged | None]:
    """Another name, the same place; no event when nothing differs."""
    return _replaced(unit, replace(unit, name=_checked_name(name)))


def appoint_leader(unit: Unit, leader_id: str | None) -> tuple[Unit, UnitChanged | None]:
    """Who leads the unit from now on; ``None`` leaves it without a leader."""
    return _replaced(unit, replace(unit, leader_id=leader_id))


def close(unit: Unit) -> tuple[Unit, UnitChanged]:
    """The unit exists no more; it keeps its place, for the history of those who worked there."""
    if not unit.active:
        raise AlreadyClosed(
            f"Unit {unit.name} sudah ditutup. Tidak ada yang perlu dilakukan.",
            field="id",
            detail="the unit is closed already",
        )
    closed = replace(unit, active=False)
    return closed, _changed(closed)


def move(unit: Unit, parent: Unit, below: Iterable[Unit] = ()) -> Move:
    """Put ``unit`` with everything ``below`` it under another parent, within or across governments."""
    if parent.is_within(unit):
        raise UnitCycle(
            f"Unit {unit.name} tidak dapat dipindahkan ke bawah {parent.name}, karena unit itu berada di bawahnya "
            "sendiri. Pilih induk lain.",
            field="parent_id",
            detail="the new parent is the unit itself or one of its descendants",
        )
    new_path = _path_below(parent, unit.code)
    if new_path == unit.unit_path:
        return Move((), (), ())
    moved = [replace(unit, parent_id=parent.id, unit_path=new_path, province=parent.province)]
    subtree = [u for u in sorted(below, key=lambda u: (u.depth, u.unit_path)) if u.is_within(unit) and u.id != unit.id]
    for old in subtree:
        path = _checked_depth(new_path + old.unit_path.removeprefix(unit.unit_path))
        moved.append(replace(old, unit_path=path, province=parent.province))
    paths = tuple(
        PathChange(new.id, old.unit_path, new.unit_path) for old, new in zip([unit, *subtree], moved, strict=True)
    )
    return Move(tuple(moved), paths, tuple(_changed(u) for u in moved))


def superior_of(employee_id: str, chain: Sequence[Unit]) -> str | None:
    """The direct superior: the nearest leader up the tree who is somebody else.

    ``chain`` leads from the employee's own unit to the root. Whoever leads the root has no superior in the tree: a
    regional secretary answers to the elected head.
    """
    return next((unit.leader_id for unit in chain if unit.leader_id not in (None, employee_id)), None)


def _province(parent: Unit | None, stated: Province | None) -> Province:
    """A unit lies in its parent's province, which need not be stated; the root of a government states its own."""
    province = parent.province if parent else stated
    if province is None:
        raise InvalidUnit(
            "Provinsi kosong. Isi kode provinsi Kemendagri dari instansi ini.",
            field="province",
            detail="the root of a government states its province",
        )
    if stated not in (None, province):
        raise InvalidUnit(
            f"Provinsi berbeda dari provinsi unit induk ({province.code}). Kosongkan, atau pilih induk lain.",
            field="province",
            detail=f"expected {province.code}, the parent's province, or none",
        )
    return province


def _path_below(parent: Unit | None, code: str) -> str:
    return _checked_depth(f"{parent.unit_path if parent else ''}/{_checked_segment(code)}")


def _checked_depth(path: str) -> str:
    if path.count("/") > MAX_DEPTH:
        raise UnitTooDeep(
            f"Susunan unit melebihi {MAX_DEPTH} tingkat. Tempatkan unit lebih dekat ke induk utama.",
            field="parent_id",
            detail=f"path would have {path.count('/')} levels",
        )
    return path


def _checked_segment(code: str) -> str:
    if _SEGMENT.fullmatch(code) is None:
        raise InvalidUnit(
            f"Kode unit '{code[:40]}' tidak sah. Gunakan 1 sampai 40 huruf, angka, titik atau tanda hubung.",
            field="code",
            detail="a path segment is [A-Za-z0-9.-]{1,40}",
        )
    return code


def _checked_name(name: str) -> str:
    if not name.strip():
        raise InvalidUnit("Nama unit kosong. Isi nama unit kerja.", field="name", detail="blank unit name")
    return name


def _replaced(old: Unit, new: Unit) -> tuple[Unit, UnitChanged | None]:
    return (old, None) if new == old else (new, _changed(new))


def _changed(unit: Unit) -> UnitChanged:
    return UnitChanged(
        province=unit.province,
        unit_path=unit.unit_path,
        unit_id=unit.id,
        name=unit.name,
        parent_id=unit.parent_id,
        leader_id=unit.leader_id,
        active=unit.active,
    )
