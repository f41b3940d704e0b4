"""A unit kerja as training knows it: where programmes belong and sessions are hosted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kinara.contracts import Province
from kinara.contracts.personnel import UnitChanged
from kinara.contracts.training import TrainingCompleted

from training.domain.complaints import Complaint, Tally, count
from training.domain.need import Need, cover
from training.domain.refusals import UnitClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit, its place in the tree and whether it is open."""

    id: str
    name: str
    province: Province
    unit_path: str
    active: bool = False
    complaints: tuple[Tally, ...] = ()
    needs: tuple[Need, ...] = ()
    """What citizens complained of without naming anybody."""


def blank(unit_id: str, province: str) -> Unit:
    """A unit heard of for the first time, in a province (code)."""
    return Unit(id=unit_id, name="", province=Province(code=province), unit_path="")


def follow_unit(unit: Unit, event: UnitChanged) -> tuple[Unit, dict[str, object]]:
    """The unit is what personnel says now."""
    changed = replace(unit, name=event.name, province=event.province, unit_path=event.unit_path, active=event.active)
    return changed, {"did": "changed", "unit_path": event.unit_path, "active": event.active}


def count_complaint(unit: Unit, event: Complaint, enough: int) -> tuple[Unit, dict[str, object]]:
    """Enough complaints of one topic about a unit ask for training of its people in it."""
    complaints, needs = count(unit.complaints, unit.needs, event, enough)
    effect: dict[str, object] = {} if needs == unit.needs else {"did": "need opened", "need": needs[-1].id}
    placed = unit.unit_path or event.unit_path
    return replace(unit, unit_path=placed, complaints=complaints, needs=needs), effect


def learnt_by_one_of(unit: Unit, event: TrainingCompleted, competencies: Sequence[str], level: int) -> Unit:
    """The unit after one of its people has learnt something: what it needed of that is covered."""
    needs = tuple(cover(need, event.completion_id, competencies, event.completed_on, level) for need in unit.needs)
    return unit if needs == unit.needs else replace(unit, needs=needs)


def with_facts_of(unit: Unit, other: Unit) -> Unit:
    """The unit as another one of it says, with its own needs: which are open depends on what was learnt here."""
    return replace(other, needs=unit.needs)


def refuse_closed(unit: Unit) -> None:
    """Refuse a unit that offers nothing any more."""
    if not unit.active:
        raise UnitClosed(
            f"Unit {unit.name} sudah ditutup. Pilih unit yang masih aktif.",
            field="unit_id",
            detail="the unit is not active",
        )


def government_of(path: str) -> str:
    """The root below which a unit path stands: a regional government."""
    return "/".join(path.split("/")[:2])


def same_government(path: str, other: str) -> bool:
    """Whether two unit paths stand below the same root, a regional government."""
    return government_of(path) == government_of(other)
