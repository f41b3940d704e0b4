"""Plans (SKP): propose one for a year, send it back with words, agree it; its indicators become targets in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kinara.contracts.regions import day_of
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, Work, command

from appraisal.domain import innovation, skp, skp_targets
from appraisal.domain.announcement import said_of
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
    for fact in (event, *said_of(card, changed)):
        tx.publish(fact)
    return plan


async def begin_periods(tx: Transaction, card: Scorecard, policies: Policies, day: date) -> Scorecard:
    """The card with the targets of its plan in every period begun by a day: whoever needs them first puts them on."""
    for plan in (await tx.by_ids(PLANS, _current([card], day), SYSTEM)).values():
        card, effects = skp_targets.begin(card, plan, on=day, policies=policies)
        for effect in effects:
            tx.save(SCORECARDS, card, effect={**effect, "by": plan.agreed_by})
    return card


@command
async def begin_periods_of(tx: Transaction, policies: Policies, employee_id: str) -> Scorecard:
    """The same for the periods begun by today, where nobody has needed them yet."""
    card = await tx.load(SCORECARDS, employee_id, SYSTEM)
    begun = await begin_periods(tx, card, policies, day_of(tx.now, card.province))
    for fact in said_of(card, begun):
        tx.publish(fact)
    return begun


async def beginning(work: Work, cards: Sequence[Scorecard], policies: Policies) -> set[str]:
    """Of some employees those whose plans hold for periods that have begun without their targets."""
    due, by_id = set[str](), {card.employee_id: card for card in cards}
    ids = _current(cards, work.now().date())
    for start in range(0, len(ids), IDS_A_QUERY):
        query = {"_id": {"$in": ids[start : start + IDS_A_QUERY]}}
        for plan in (record.state for record in await work.find(PLANS, SYSTEM, query, limit=IDS_A_QUERY)):
            card = by_id[plan.employee_id]
            if skp_targets.begin(card, plan, on=day_of(work.now(), card.province), policies=policies)[1]:
                due.add(card.employee_id)
    return due


def _current(cards: Iterable[Scorecard], day: date) -> list[str]:
    """The ids of the plans that periods begun by a day and still open may belong to: in January last year's too.

    On the last day of a year it is the next one already in the east.
    """
    years = sorted({day.year, day.year - (day.month == 1), day.year + ((day.month, day.day) == (12, 31))})
    return [skp_id(card.employee_id, year) for card in cards for year in years]


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
