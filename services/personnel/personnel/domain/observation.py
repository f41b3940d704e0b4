"""What follows when a source's record of a known employee differs from what personnel knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kinara.contracts.personnel import PersonnelEvent

from personnel.domain.employee import Employee, assign_supervisor, change, promote, transfer
from personnel.domain.golongan import golongan_of
from personnel.domain.profile import Decree, Placement, Profile

_UNSTATED = Decree()


def rank_was_raised(employee: Employee, profile: Profile) -> bool:
    """Whether the source shows a PNS in a higher rank: the moment to ask it for the decree."""
    if employee.kind != "PNS" or profile.kind != "PNS":
        return False
    return golongan_of("PNS", profile.golongan).is_higher_than(golongan_of("PNS", employee.golongan))


def observe(
    employee: Employee,
    profile: Profile,
    placement: Placement,
    on: date,
    content_hash: str | None = None,
    decree: Decree = _UNSTATED,
) -> tuple[Employee, tuple[PersonnelEvent, ...]]:
    """Bring ``employee`` to what the source says on ``on``; the events say it in the order of their weight.

    Another unit is a transfer, a higher PNS rank a promotion from its TMT, anything else a change. No event when
    nothing differs. Ending a service is ``separate``.
    """
    events: list[PersonnelEvent | None] = []
    began = _posting_began(employee, profile, on)
    if placement.unit_id != employee.unit_id:
        employee, transferred = transfer(employee, placement, began, profile.jabatan)
        events.append(transferred)
    if rank_was_raised(employee, profile):
        tmt = profile.golongan_since or on
        employee, promoted = promote(employee, profile.golongan, tmt, decree, jenjang=profile.jenjang)
        events.append(promoted)
    if placement.supervisor_id != employee.supervisor_id:
        employee, led = assign_supervisor(employee, placement.supervisor_id, began)
        events.append(led)
    employee, changed = change(employee, profile, began, content_hash)
    # The same unit may have moved in the tree meanwhile; UnitChanged has told everyone.
    employee = replace(employee, unit_path=placement.unit_path, province=placement.province)
    return employee, tuple(event for event in (*events, changed) if event)


def _posting_began(employee: Employee, profile: Profile, on: date) -> date:
    """The stated TMT of the post where it can hold, else the day of the observation."""
    tmt = profile.jabatan_since
    return tmt if tmt and employee.postings[-1].since < tmt <= on else on
