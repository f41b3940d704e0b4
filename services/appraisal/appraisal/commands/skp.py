"""Plans (SKP): propose one for a year, send it back with words, agree it, which makes its indicators targets."""

from __future__ import annotations

from kinara.contracts.regions import day_of
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from appraisal.domain import innovation, skp, skp_targets
from appraisal.domain.announcement import moves
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.skp import Outcome, Skp, skp_id
from appraisal.store import PLANS, SCORECARDS


@command
async def propose_skp(
    tx: Transaction, scope: Scope, policies: Policies, employee_id: str, year: int, outcomes: tuple[Outcome, ...]
) -> Skp:
    """Propose what an employee is to achieve in a year, or a change of it; nothing holds before it is agreed."""
    card = await _card(tx, scope, employee_id)
    innovation.refuse_aimless(outcomes, policies.for_unit(card.unit_path, day_of(tx.now, card.province)))
    try:
        before = await tx.load(PLANS, skp_id(employee_id, year), SYSTEM)
    except NotFound:
        before = None
    plan = skp_targets.propose(
        before, card, outcomes, year=year, by=scope.who, at=tx.now, above=await _above(tx, card, year),
        policies=policies,
    )  # fmt: skip
    if plan is not before:
        tx.save(PLANS, plan)
    return plan


@command
async def send_back_skp(tx: Transaction, scope: Scope, employee_id: str, year: int, words: str) -> Skp:
    """Ask for another proposal, and say why."""
    await _card(tx, scope, employee_id)
    plan = skp.sent_back(await tx.load(PLANS, skp_id(employee_id, year), SYSTEM), words, by=scope.who, at=tx.now)
    tx.save(PLANS, plan)
    return plan


@command
async def agree_skp(
    tx: Transaction, scope: Scope, policies: Policies, employee_id: str, year: int, reason: str | None
) -> Skp:
    """Agree what was proposed: the plan holds, and the card judges by its indicators, or neither does."""
    card = await _card(tx, scope, employee_id)
    plan, changed, effects, event = skp_targets.agree(
        await tx.load(PLANS, skp_id(employee_id, year), SYSTEM), card, by=scope.who, at=tx.now, reason=reason,
        above=await _above(tx, card, year), policies=policies,
    )  # fmt: skip
    tx.save(PLANS, plan)
    tx.save(SCORECARDS, changed)
    for effect in effects:
        tx.save(SCORECARDS, changed, effect={**effect, "by": scope.who})
    for fact in (event, *moves(card, changed)):
        tx.publish(fact)
    return plan


async def _card(tx: Transaction, scope: Scope, employee_id: str) -> Scorecard:
    """The employee's card, which says who may come near their plan; an ``If-Match`` is about the plan, not the card."""
    found = await tx.by_ids(SCORECARDS, [employee_id], scope)
    if employee_id not in found:
        raise NotFound(SCORECARDS.name, employee_id)
    return found[employee_id]


async def _above(tx: Transaction, card: Scorecard, year: int) -> Skp | None:
    """The plan of the superior."""
    superior = skp.superior_of(card)
    found = await tx.find(PLANS, SYSTEM, {"_id": skp_id(superior, year)}, limit=1) if superior else []
    return found[0] if found else None
