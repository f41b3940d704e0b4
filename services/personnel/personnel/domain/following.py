"""What a change of the unit tree means for those who work in it: another path, perhaps another superior."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from kinara.contracts.personnel import EmployeeChanged

from personnel.domain.employee import Employee, changed_facts, with_posting
from personnel.domain.unit import Unit

LONGEST_TRANSACTION = timedelta(seconds=60)
"""MongoDB ends older ones (transactionLifetimeLimitSeconds)."""


def is_led_by_tree(employee: Employee) -> bool:
    """Whether the superior follows from the unit tree: not where HR has named one, nor after service has ended."""
    return employee.separation is None and not employee.postings[-1].superior_named


def follow_tree(
    employee: Employee, unit: Unit, superior: str | None, on: date
) -> tuple[Employee, EmployeeChanged | None]:
    """Bring path, province and superior in line with the employee's own ``unit`` as it stands on ``on``.

    A superior named by HR stays until the next transfer. The new posting begins on ``on``, or with the current one
    where that begins later. No event when nothing differs, nor about somebody whose service has ended.
    """
    superior = superior if is_led_by_tree(employee) else employee.supervisor_id
    changed = []
    if (employee.unit_path, employee.province) != (unit.unit_path, unit.province):
        changed.append("unit_path")
    if superior != employee.supervisor_id:
        changed.append("supervisor_id")
    if not changed:
        return employee, None
    moved = replace(employee, unit_path=unit.unit_path, province=unit.province)
    if employee.separation is not None:
        return moved, None
    since = max(on, employee.postings[-1].since)
    moved = with_posting(
        moved, replace(moved.postings[-1], since=since, unit_path=unit.unit_path, supervisor_id=superior)
    )
    return moved, changed_facts(moved, since, *changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorganisation:
    """A part of the tree has changed, and its employees have to follow.

    They follow at once, and once more when every transaction that may have read the tree before has ended.
    """

    id: str
    paths: tuple[str, ...]
    """The units where they are found, each as it is and as it was."""
    due_at: datetime
    passes: int = 0
    done: bool = False


def after_pass(reorganisation: Reorganisation, at: datetime) -> Reorganisation:
    """Everybody has followed; the second time is the last."""
    if reorganisation.passes:
        return replace(reorganisation, passes=reorganisation.passes + 1, done=True)
    return replace(reorganisation, passes=1, due_at=at + LONGEST_TRANSACTION)
