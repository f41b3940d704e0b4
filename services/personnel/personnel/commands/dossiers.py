"""What BKPSDM records of an employee beside the profile: discipline, education, credit and predikat of before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kinara.kit.ids import new_id
from kinara.kit.scope import Scope
from kinara.kit.work import Transaction, command

from personnel.commands.places import today
from personnel.commands.promotions import merit_of
from personnel.domain import discipline
from personnel.domain.appointment import appointed_on, refuse_before_appointment
from personnel.domain.day import refuse_not_yet_in_force
from personnel.domain.dossier import Education, Level, PriorCredit, PriorPredikat
from personnel.domain.employee import Employee, refuse_separated
from personnel.domain.oneself import refuse_own_matter
from personnel.domain.prior_credit import record_prior_credit
from personnel.domain.prior_predikat import record_prior_predikat
from personnel.store import EMPLOYEES


@command
async def impose_discipline(
    tx: Transaction, scope: Scope, employee_id: str, *, level: Level, decree_number: str, on: date, until: date
) -> Employee:
    """Record a disciplinary measure that has begun to run."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_before_appointment(on, appointed_on(employee.nips))
    refuse_not_yet_in_force(on, today(tx, employee.province))
    disciplined, fact = discipline.impose(
        employee, measure_id=new_id(), level=level, decree_number=decree_number, on=on, until=until, by=scope.who
    )
    tx.save(EMPLOYEES, disciplined)
    tx.publish(fact)
    return disciplined


@command
async def lift_discipline(
    tx: Transaction, scope: Scope, employee_id: str, measure_id: str, *, reason: str, on: date
) -> Employee:
    """Withdraw a measure, also of somebody who has left: an appeal may end later."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    refuse_not_yet_in_force(on, today(tx, employee.province))
    cleared, fact = discipline.lift(employee, measure_id, reason=reason, on=on, by=scope.who)
    tx.save(EMPLOYEES, cleared)
    tx.publish(fact)
    return cleared


@command
async def record_education(tx: Transaction, scope: Scope, employee_id: str, education: Education) -> Employee:
    """Record the highest diploma that is recognised; it sets how far a kenaikan pangkat reguler goes."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    refuse_separated(employee)
    known = replace(employee, dossier=replace(employee.dossier, education=education))
    tx.save(EMPLOYEES, known)
    return known


@command
async def keep_prior_credit(tx: Transaction, scope: Scope, employee_id: str, stated: Mapping[str, Any]) -> Employee:
    """Record what a PAK states of the angka kredit from before Kinara, or correct what was recorded of it."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    prior = PriorCredit(**stated, by=scope.who, at=tx.now)
    known = record_prior_credit(employee, prior, today(tx, employee.province))
    tx.save(EMPLOYEES, known)
    return known


@command
async def keep_prior_predikat(
    tx: Transaction, scope: Scope, employee_id: str, year: int, stated: Mapping[str, Any]
) -> Employee:
    """Record the predikat of a year before Kinara, or correct what was recorded of it."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    prior = PriorPredikat(**stated, year=year, by=scope.who, at=tx.now)
    known = record_prior_predikat(employee, await merit_of(tx, employee), prior, today(tx, employee.province))
    tx.save(EMPLOYEES, known)
    return known
