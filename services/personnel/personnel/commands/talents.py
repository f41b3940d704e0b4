"""What BKPSDM states about talent: the potential of a year, posts that need successors, a disability on record."""

from __future__ import annotations

from decimal import Decimal

from kinara.contracts.regions import kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from personnel.commands.places import open_unit, today
from personnel.domain import merit, succession, talent
from personnel.domain.oneself import refuse_own_matter
from personnel.domain.requirements import Requirements
from personnel.domain.succession import Plan
from personnel.domain.talent import CutsName, TalentYear, talent_id
from personnel.store import EMPLOYEES, INCLUSIONS, PLANS, PROFILES, TALENTS, Inclusion


@command
async def assess(
    tx: Transaction, scope: Scope, employee_id: str, year: int, *, potential: Decimal, source: str, cuts: CutsName
) -> TalentYear:
    """Put somebody into the box of a year."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    heard = await tx.by_ids(PROFILES, [employee_id], SYSTEM)
    known = heard.get(employee_id) or merit.blank(employee_id, kemendagri_code(employee.province))
    before = (await tx.by_ids(TALENTS, [talent_id(employee_id, year)], SYSTEM)).get(talent_id(employee_id, year))
    assessed = talent.assess(
        before, known, unit_path=employee.unit_path, year=year, potential=potential, source=source, cuts=cuts,
        by=scope.who, on=today(tx, employee.province),
    )  # fmt: skip
    tx.save(TALENTS, assessed)
    return assessed


@command
async def plan_succession(
    tx: Transaction, scope: Scope, *, unit_id: str, jabatan: str, boxes: tuple[int, ...], requirements: Requirements
) -> Plan:
    """Say by which rules successors for a post are looked for."""
    unit = await open_unit(tx, scope, unit_id)
    plan = Plan(
        id=new_id(), unit_id=unit.id, unit_path=unit.unit_path, jabatan=jabatan, boxes=boxes, requirements=requirements
    )
    succession.refuse_unusable(plan)
    tx.save(PLANS, plan)
    return plan


@command
async def record_disability(
    tx: Transaction, scope: Scope, employee_id: str, *, disability: bool, source: str
) -> Inclusion:
    """Record whether somebody has a disability, for the affirmative category and the report on equal chances alone."""
    await tx.load(EMPLOYEES, employee_id, scope)
    await tx.find(INCLUSIONS, SYSTEM, {"_id": employee_id}, limit=1)
    recorded = Inclusion(employee_id, disability, source, scope.who)
    tx.save(INCLUSIONS, recorded)
    return recorded
