"""Annual plans: drafted from the demand of a unit, then agreed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from training.commands.days import today_of
from training.commands.learners import unit_of
from training.domain import plan as plans
from training.domain.need import Demand, Need, demand_of
from training.domain.plan import Plan, Wish
from training.domain.unit import Unit
from training.store import BUDGETS, PLANS, PROGRAMMES, RECORDS, UNITS

MOST_UNITS = 10_000
READ_AT_ONCE = 500
"""Records of a page where everybody's needs are counted."""


@command
async def draft_plan(tx: Transaction, scope: Scope, unit_id: str, year: int, wishes: Sequence[Wish]) -> Plan:
    """Draft a unit's plan for a year, in place of the one before."""
    unit = await unit_of(tx, scope, unit_id)
    if await tx.find(PLANS, SYSTEM, {"_id": plans.plan_id(unit.unit_path, year)}, limit=1):
        await tx.load(PLANS, plans.plan_id(unit.unit_path, year), SYSTEM)
    programmes = await tx.by_ids(PROGRAMMES, (wish.programme_id for wish in wishes), SYSTEM)
    plan = plans.draft(unit, year, wishes, programmes, await _demand(tx, scope, unit))
    tx.save(PLANS, plan)
    return plan


@command
async def agree_plan(tx: Transaction, scope: Scope, unit_id: str, year: int) -> Plan:
    """Agree on a unit's plan for a year."""
    unit = await unit_of(tx, scope, unit_id)
    plan = await tx.load(PLANS, plans.plan_id(unit.unit_path, year), scope)
    budget = await tx.find(BUDGETS, SYSTEM, {"_id": plan.id}, limit=1)
    plan = plans.agree(plan, next(iter(budget), None), scope.who, today_of(tx, plan))
    tx.save(PLANS, plan)
    return plan


async def _demand(tx: Transaction, scope: Scope, unit: Unit) -> list[Demand]:
    """What those of the unit and below need, most wanted first."""
    needs: list[Sequence[Need]] = []
    query: dict[str, Any] = {"needs.state": "open", "active": True}
    inside = scope.narrowed(unit.unit_path)
    units = await tx.find(UNITS, inside, query, limit=MOST_UNITS)
    while page := await tx.find(RECORDS, inside, query, limit=READ_AT_ONCE):
        needs += [record.open_needs for record in page]
        query["_id"] = {"$gt": page[-1].employee_id}
    return demand_of(needs, ([need for need in one.needs if need.state == "open"] for one in units))
