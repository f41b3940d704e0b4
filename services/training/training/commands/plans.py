"""Annual plans: drafted from the demand of a unit, then agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, Work, command

from training.commands.days import today_of
from training.commands.learners import unit_of
from training.domain import plan as plans
from training.domain.need import Demand, Need, demand_of
from training.domain.plan import Plan, Wish
from training.store import BUDGETS, PLANS, PROGRAMMES, RECORDS, UNITS

MOST_UNITS = 10_000
READ_AT_ONCE = 500
"""Records of a page where everybody's needs are counted."""


async def draft_plan(work: Work, scope: Scope, unit_id: str, year: int, wishes: Sequence[Wish]) -> Plan:
    """Draft a unit's plan for a year, in place of the one before, from the demand of this moment."""
    unit = (await work.get(UNITS, unit_id, scope)).state
    return await _draft(work, scope, unit_id, year, wishes, await _demand(work, scope.narrowed(unit.unit_path)))


@command
async def _draft(
    tx: Transaction, scope: Scope, unit_id: str, year: int, wishes: Sequence[Wish], demand: Sequence[Demand]
) -> Plan:
    unit = await unit_of(tx, scope, unit_id)
    known = await tx.find(PLANS, SYSTEM, {"unit_id": unit.id, "year": year}, limit=1)
    for one in known:
        await tx.load(PLANS, one.id, SYSTEM)
    programmes = await tx.by_ids(PROGRAMMES, (wish.programme_id for wish in wishes), SYSTEM)
    plan = plans.draft(unit, year, wishes, programmes, demand)
    plan = replace(plan, id=known[0].id) if known else plan
    tx.save(PLANS, plan)
    return plan


@command
async def agree_plan(tx: Transaction, scope: Scope, unit_id: str, year: int) -> Plan:
    """Agree on a unit's plan for a year."""
    unit = await unit_of(tx, scope, unit_id)
    known = await tx.find(PLANS, scope, {"unit_id": unit.id, "year": year}, limit=1)
    if not known:
        raise NotFound(PLANS.name, f"{unit.id}/{year}")
    plan = await tx.load(PLANS, known[0].id, scope)
    budget = await tx.find(BUDGETS, SYSTEM, {"unit_id": unit.id, "year": year}, limit=1)
    plan = plans.agree(plan, next(iter(budget), None), scope.who, today_of(tx, plan))
    tx.save(PLANS, plan)
    return plan


async def _demand(work: Work, inside: Scope) -> list[Demand]:
    """What those of a unit and below need, most wanted first."""
    query = {"needs.state": "open", "active": True}
    units = await work.find(UNITS, inside, query, limit=MOST_UNITS)
    needs: list[Sequence[Need]] = []
    async for page in scan(work.database, RECORDS, inside, query, size=READ_AT_ONCE):
        needs += [kept.state.open_needs for kept in page]
    return demand_of(needs, ([need for need in one.state.needs if need.state == "open"] for one in units))
