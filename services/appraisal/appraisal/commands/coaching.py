"""Coaching cases: opened with a plan, met in, evaluated by both sides, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from kinara.contracts import Event
from kinara.contracts.regions import day_of
from kinara.contracts.working_days import Calendar
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from appraisal.domain import coaching
from appraisal.domain.attention import attention
from appraisal.domain.coaching import CoachingCase, Form, Meeting
from appraisal.domain.periods import month_on
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import NoPolicyInForce
from appraisal.domain.scorecard import Scorecard, own_period, policy_for
from appraisal.domain.triggers import Coaching
from appraisal.store import CASES, SCORECARDS

MOST_CASES = 1_000
"""Cases of one employee that are looked at."""


@command
async def notice_pace(tx: Transaction, policies: Policies, calendar: Calendar, employee_id: str) -> bool:
    """Make a case due for whoever has been behind the calendar for as long as a rule of their policy asks.

    One case at a time, and one for a rule and period: whether one was made.
    """
    card = await tx.load(SCORECARDS, employee_id, SYSTEM)
    today = day_of(tx.now, card.province)
    period = own_period(card, month_on(today), policies)
    due = rules_behind(card, today, policies, calendar)
    known = await tx.find(CASES, SYSTEM, {"employee_id": employee_id}, limit=MOST_CASES)
    seen = {case.trigger for case in known if case.period == period}
    if not due or any(case.state != "closed" for case in known) or due[0].words in seen:
        return False
    tx.save(CASES, coaching.due_case(new_id(), card, period, due[0].words, today, calendar))
    tx.save(SCORECARDS, card)  # so that a close at the same moment does not make another one
    return True


def rules_behind(card: Scorecard, today: date, policies: Policies, calendar: Calendar) -> list[Coaching]:
    """The rules by which the pace of today asks for a case; none for a unit in shadow mode, or after service."""
    try:
        policy = policy_for(card, own_period(card, month_on(today), policies), policies)
    except NoPolicyInForce:
        return []
    asked = [rule for rule in policy.coaching if any(one.for_working_days for one in rule.all_of)]
    if policy.shadow or not asked:
        return []
    lags = attention(card, (), today, policies, calendar).lags
    return [rule for rule in asked if coaching.falls_behind(rule, lags, today, calendar)]


@command
async def open_case(tx: Transaction, scope: Scope, case_id: str, form: Form, plan: str, days: int) -> CoachingCase:
    """The superior opens a case that a rule asks for; the office where the employee has none."""
    case = await _case(tx, case_id, scope)
    coaching.refuse_instead_of(await tx.load(SCORECARDS, case.employee_id, SYSTEM), scope.reports_of)
    return await _keep(tx, *coaching.open_case(case, form=form, plan=plan, days=days, today=_today(tx, case)))


@command
async def record_meeting(tx: Transaction, scope: Scope, case_id: str, held_on: date, notes: str) -> CoachingCase:
    """A session was held."""
    case = await _case(tx, case_id, scope)
    return await _keep(tx, coaching.meet(case, Meeting(held_on, notes), _today(tx, case)), None)


@command
async def evaluate_as_employee(tx: Transaction, scope: Scope, case_id: str, marks: tuple[int, ...]) -> CoachingCase:
    """What the employee says of the sessions (B.1.8)."""
    return await _keep(tx, coaching.evaluate_as_employee(await _case(tx, case_id, scope), marks), None)


@command
async def evaluate_as_superior(tx: Transaction, scope: Scope, case_id: str, marks: Mapping[str, int]) -> CoachingCase:
    """What the superior says of the competences afterwards (B.1.9)."""
    return await _keep(tx, coaching.evaluate_as_superior(await _case(tx, case_id, scope), marks), None)


@command
async def end_case(
    tx: Transaction, scope: Scope, case_id: str, outcome: Literal["not_improved", "left", "lapsed"]
) -> CoachingCase:
    """HR ends a case that the rule does not end: the plan is over without success, or service ended."""
    case = await _case(tx, case_id, scope)
    return await _keep(tx, *coaching.give_up(case, outcome, _today(tx, case)))


async def _case(tx: Transaction, case_id: str, scope: Scope) -> CoachingCase:
    """A case of somebody who is inside the scope today: whoever moves is helped by their new superior."""
    case = await tx.load(CASES, case_id, SYSTEM)
    if not await tx.by_ids(SCORECARDS, [case.employee_id], scope):
        raise NotFound(CASES.name, case_id)
    return case


async def _keep(tx: Transaction, changed: CoachingCase, fact: Event | None) -> CoachingCase:
    """Keep a case; what is said of it is about the employee, whose card keeps the order of facts."""
    tx.save(CASES, changed)
    if fact is not None:
        tx.save(SCORECARDS, await tx.load(SCORECARDS, changed.employee_id, SYSTEM))
        tx.publish(fact)
    return changed


def _today(tx: Transaction, case: CoachingCase) -> date:
    return day_of(tx.now, case.province)
