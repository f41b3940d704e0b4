"""What people can ask personnel to do about one employee, once it holds; imports have their own way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from kinara.contracts import Province
from kinara.contracts.personnel import PersonnelEvent
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from personnel.commands.places import entered_unit, load_tree, open_unit, serving, superior_in, today
from personnel.commands.promotions import findings_of
from personnel.commands.units import lead_unit
from personnel.domain import employee as rules
from personnel.domain import proposal
from personnel.domain.appointment import appointed_on, refuse_before_appointment
from personnel.domain.day import refuse_not_yet_in_force
from personnel.domain.employee import Employee
from personnel.domain.jabatan import Jenjang
from personnel.domain.oneself import refuse_own_matter
from personnel.domain.profile import Decree, Placement, Profile, SeparationReason
from personnel.domain.proposal import PromotionProposal
from personnel.domain.registration import (
    refuse_other_birth_date,
    refuse_raise,
    refuse_untimely,
    with_known_birth_date,
)
from personnel.store import EMPLOYEES, PROMOTIONS, UNITS


@command
async def register_employee(tx: Transaction, scope: Scope, profile: Profile, unit_id: str, on: date) -> Employee:
    """Register somebody who serves in a unit from ``on``."""
    unit = await entered_unit(tx, scope, unit_id)
    appointed = _refuse_untimely(tx, on, unit.province, [profile.nip])
    refuse_untimely(profile, appointed, today(tx, unit.province))
    refuse_other_birth_date(profile)
    employee_id = new_id()
    placement = Placement.at(unit, await superior_in(tx, employee_id, unit))
    return _save(tx, *rules.register(employee_id, profile, placement, on))


@command
async def change_employee(
    tx: Transaction, scope: Scope, employee_id: str, profile: Profile, on: date, birth_date: date | None
) -> Employee:
    """Correct what is known about an employee; SIASN's id and ``birth_date`` stay where none is stated."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    appointed = _refuse_untimely(tx, on, employee.province, [profile.nip, *employee.nips])
    refuse_untimely(profile, appointed, today(tx, employee.province), employee)
    corrected = replace(profile, siasn_id=profile.siasn_id or employee.siasn_id)
    if birth_date is None:
        corrected = with_known_birth_date(corrected, employee)
    refuse_other_birth_date(corrected, employee.birth_date)
    refuse_raise(corrected, employee)
    return _save(tx, *rules.change(employee, corrected, on))


@command
async def promote_employee(
    tx: Transaction,
    scope: Scope,
    employee_id: str,
    to_golongan: str,
    on: date,
    decree: Decree,
    *,
    jabatan: str | None,
    jenjang: Jenjang | None,
    issued_outside: str | None = None,
) -> Employee:
    """Record a promotion (kenaikan pangkat) by its decree; what the rules find is kept as with a proposal."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    _refuse_untimely(tx, on, employee.province, employee.nips)
    promoted, fact = rules.promote(employee, to_golongan, on, decree, jabatan=jabatan, jenjang=jenjang)
    asked = PromotionProposal(
        id=new_id(), employee_id=employee_id, unit_path=employee.unit_path, from_golongan=employee.golongan,
        to_golongan=promoted.golongan, effective_on=on, promotion_kind=decree.promotion_kind, jabatan=jabatan,
        jenjang=jenjang, proposed_by=scope.who, proposed_at=tx.now,
        findings=await findings_of(tx, employee, promoted.golongan, decree.promotion_kind, on, jenjang),
    )  # fmt: skip
    kept = proposal.issued(asked, outside=issued_outside, decree_number=decree.number, by=scope.who, at=tx.now)
    tx.save(PROMOTIONS, kept)
    return _save(tx, promoted, fact)


@command
async def transfer_employee(
    tx: Transaction, scope: Scope, employee_id: str, unit_id: str, on: date, jabatan: str | None
) -> Employee:
    """Move an employee to another unit, under whoever leads it."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    unit = await entered_unit(tx, scope, unit_id)
    _refuse_untimely(tx, on, unit.province, employee.nips)
    placement = Placement.at(unit, await superior_in(tx, employee_id, unit))
    return _save(tx, *rules.transfer(employee, placement, on, jabatan))


@command
async def separate_employee(
    tx: Transaction, scope: Scope, employee_id: str, reason: SeparationReason, on: date
) -> Employee:
    """End an employee's service; units that they led are without a leader from now on."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    _refuse_untimely(tx, on, employee.province, employee.nips)
    for unit in await tx.find(UNITS, SYSTEM, {"leader_id": employee_id}):
        lead_unit(tx, await load_tree(tx, [unit.unit_path]), unit, None)
    return _save(tx, *rules.separate(employee, reason, on))


@command
async def assign_supervisor(
    tx: Transaction, scope: Scope, employee_id: str, supervisor_id: str | None, on: date
) -> Employee:
    """Name the direct superior from ``on``; without one named, the superior follows from the unit tree again."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    _refuse_untimely(tx, on, employee.province, employee.nips)
    if supervisor_id is None:
        unit = await open_unit(tx, SYSTEM, employee.unit_id)
        by_tree = await superior_in(tx, employee_id, unit)
        return _save(tx, *rules.assign_supervisor(employee, by_tree, on))
    named = await serving(tx, supervisor_id, "supervisor_id")
    return _save(tx, *rules.assign_supervisor(employee, named.id, on, named=True))


def _refuse_untimely(tx: Transaction, on: date, province: Province, nips: Iterable[str]) -> date:
    """Nothing holds before the appointment, which is returned, nor before its day has come in the province."""
    appointed = appointed_on(nips)
    refuse_before_appointment(on, appointed)
    refuse_not_yet_in_force(on, today(tx, province))
    return appointed


def _save(tx: Transaction, employee: Employee, event: PersonnelEvent | None) -> Employee:
    """Keep the employee with the fact about them."""
    tx.save(EMPLOYEES, employee)
    if event is not None:
        tx.publish(event)
    return employee
