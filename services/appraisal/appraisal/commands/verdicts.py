"""Verdicts: the appraiser decides, a second person signs, the employee objects, the superior's word is final."""

from __future__ import annotations

from datetime import date

from kinara.contracts import Event
from kinara.contracts.appraisal import Period, Predikat
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from appraisal.commands.closing import standing
from appraisal.domain import objection, verdict
from appraisal.domain.closing import closed_id
from appraisal.domain.crediting import credited
from appraisal.domain.periods import months_of
from appraisal.domain.policy import Policies
from appraisal.domain.verdict import MONTHS_OF_A_YEAR, Verdict
from appraisal.store import ABOVE, ORGANISATIONS, SCORECARDS, VERDICTS, at_or_above, nearest


@command
async def confirm(
    tx: Transaction,
    scope: Scope,
    policies: Policies,
    employee_id: str,
    period: Period,
    predikat: Predikat | None,
    reason: str | None,
) -> Verdict:
    """The appraiser's decision on a report's closed period; on a year once its organisation has a predikat."""
    found = await tx.load(VERDICTS, closed_id(employee_id, period), scope)
    decided = verdict.confirm(found, predikat=predikat, reason=reason, by=scope.who, at=tx.now)
    rated = nearest(await tx.find(ORGANISATIONS, SYSTEM, at_or_above(found.unit_path, period)))
    verdict.refuse_before_organisation(found, rated.predikat if rated else None)
    return await _decided(tx, policies, *decided)


@command
async def sign(
    tx: Transaction,
    scope: Scope,
    policies: Policies,
    employee_id: str,
    period: Period,
    *,
    agrees: bool,
    reason: str | None,
) -> Verdict:
    """The word of the appraiser's superior on a decision far from the proposal."""
    found = await tx.load(ABOVE, closed_id(employee_id, period), scope)
    signed = verdict.sign(found, agrees=agrees, reason=reason, by=scope.who, at=tx.now)
    return await _decided(tx, policies, *signed)


@command
async def name_appraiser(
    tx: Transaction, scope: Scope, employee_id: str, period: Period, appraiser_id: str, superior_id: str
) -> Verdict:
    """HR names who decides, or who stands above, where those of then cannot."""
    found = await tx.load(VERDICTS, closed_id(employee_id, period), scope)
    named = verdict.name_appraiser(found, appraiser_id, superior_id)
    tx.save(VERDICTS, named)
    return named


@command
async def file_objection(tx: Transaction, scope: Scope, employee_id: str, period: Period, grounds: str) -> Verdict:
    """The employee objects to what was decided about them."""
    found = await tx.load(VERDICTS, closed_id(employee_id, period), scope)
    filed = objection.file_objection(found, objection_id=new_id(), grounds=grounds, at=tx.now)
    tx.save(VERDICTS, filed)
    return filed


@command
async def hear_objection(
    tx: Transaction, scope: Scope, employee_id: str, period: Period, held_on: date, words: str
) -> Verdict:
    """The appraiser's superior has heard both sides."""
    found = await tx.load(ABOVE, closed_id(employee_id, period), scope)
    today = day_of(tx.now, found.province)
    heard = objection.hear(found, on=held_on, words=words, by=scope.who, today=today)
    tx.save(VERDICTS, heard)
    return heard


@command
async def decide_objection(
    tx: Transaction,
    scope: Scope,
    policies: Policies,
    employee_id: str,
    period: Period,
    predikat: Predikat,
    reason: str,
) -> Verdict:
    """The final decision of the appraiser's superior."""
    found = await tx.load(ABOVE, closed_id(employee_id, period), scope)
    decided = objection.decide(found, predikat=predikat, reason=reason, by=scope.who, at=tx.now)
    return await _decided(tx, policies, *decided)


async def _decided(tx: Transaction, policies: Policies, changed: Verdict, fact: Event | None) -> Verdict:
    """Keep a verdict and say it, with the angka kredit of a year; the employee's card keeps the order of facts."""
    tx.save(VERDICTS, changed)
    if fact is None:
        return changed
    card = await tx.load(SCORECARDS, changed.employee_id, SYSTEM)
    tx.save(SCORECARDS, card)
    tx.publish(fact)
    if len(months_of(changed.period)) == MONTHS_OF_A_YEAR:
        closed = await standing(tx, changed.employee_id, changed.period)
        for credit in credited(changed, closed, card, policies, tx.now):
            tx.publish(credit)
    return changed
