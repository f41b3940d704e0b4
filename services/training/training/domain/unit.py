"""A unit kerja as training knows it: where programmes belong and sessions are hosted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kinara.contracts import Province
from kinara.contracts.personnel import UnitChanged

from training.domain.refusals import UnitClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit, its place in the tree and whether it is open."""

    id: str
    name: str
    province: Province
    unit_path: str
    active: bool = False


def blank(unit_id: str, province: str) -> Unit:
    """A unit heard of for the first time, in a province (code)."""
    return Unit(id=unit_id, name="", province=Province(code=province), unit_path="")


def follow_unit(unit: Unit, event: UnitChanged) -> tuple[Unit, dict[str, object]]:
    """The unit is what personnel says now."""
    changed = replace(unit, name=event.name, province=event.province, unit_path=event.unit_path, active=event.active)
    return changed, {"did": "changed", "unit_path": event.unit_path, "active": event.active}


def refuse_closed(unit: Unit) -> None:
    """Refuse a unit that offers nothing any more."""
    if not unit.active:
        raise UnitClosed(
            f"Unit {unit.name} sudah ditutup. Pilih unit yang masih aktif.",
            field="unit_id",
            detail="the unit is not active",
        )


def same_government(path: str, other: str) -> bool:
    """Whether two unit paths stand below the same root, a regional government."""
    return path.split("/")[1:2] == other.split("/")[1:2]
