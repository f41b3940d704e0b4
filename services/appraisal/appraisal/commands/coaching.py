"""Coaching cases: opened with a plan, met in, evaluated by both sides, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from kinara.contracts import Event
from kinara.contracts.regions import day_of
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from appraisal.domain import coaching
from appraisal.domain.coaching import CoachingCase, Form, Meeting
from appraisal.store import CASES, SCORECARDS


@command
async def open_case(tx: Transaction, scope: Scope, case_id: str, form: Form, plan: str, days: int) -> CoachingCase:
    """The superior opens a case that a rule asks for."""
    case = await tx.load(CASES, case_id, scope)
    return await _keep(tx, *coaching.open_case(case, form=form, plan=plan, days=days, today=_today(tx, case)))


@command
async def record_meeting(tx: Transaction, scope: Scope, case_id: str, held_on: date, notes: str) -> CoachingCase:
    """A session was held."""
    case = await tx.load(CASES, case_id, scope)
    return await _keep(tx, coaching.meet(case, Meeting(held_on, notes), _today(tx, case)), None)


@command
async def evaluate_as_employee(tx: Transaction, scope: Scope, case_id: str, marks: tuple[int, ...]) -> CoachingCase:
    """What the employee says of the sessions (B.1.8)."""
    return await _keep(tx, coaching.evaluate_as_employee(await tx.load(CASES, case_id, scope), marks), None)


@command
async def evaluate_as_superior(tx: Transaction, scope: Scope, case_id: str, marks: Mapping[str, int]) -> CoachingCase:
    """What the superior says of the competences afterwards (B.1.9)."""
    return await _keep(tx, coaching.evaluate_as_superior(await tx.load(CASES, case_id, scope), marks), None)


@command
async def end_case(
    tx: Transaction, scope: Scope, case_id: str, outcome: Literal["not_improved", "left"]
) -> CoachingCase:
    """HR ends a case that the rule does not end: the plan is over without success, or service ended."""
    case = await tx.load(CASES, case_id, scope)
    return await _keep(tx, *coaching.give_up(case, outcome, _today(tx, case)))


async def _keep(tx: Transaction, changed: CoachingCase, fact: Event | None) -> CoachingCase:
    """Keep a case; what is said of it is about the employee, whose card keeps the order of facts."""
    tx.save(CASES, changed)
    if fact is not None:
        tx.save(SCORECARDS, await tx.load(SCORECARDS, changed.employee_id, SYSTEM))
        tx.publish(fact)
    return changed


def _today(tx: Transaction, case: CoachingCase) -> date:
    return day_of(tx.now, case.province)
