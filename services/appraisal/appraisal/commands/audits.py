"""Audits: oversight confirms a report that was drawn, or rejects it, and says why."""

from __future__ import annotations

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from appraisal.commands import reports
from appraisal.commands.cards import save_card
from appraisal.domain import audits
from appraisal.domain.audits import Audit
from appraisal.domain.policy import Policies
from appraisal.store import AUDITS, SCORECARDS


@command
async def confirm(tx: Transaction, scope: Scope, policies: Policies, audit_id: str, reason: str) -> Audit:
    """The evidence bears the report out: it goes on counting."""
    audit = await tx.load(AUDITS, audit_id, scope)
    card = await tx.load(SCORECARDS, audit.employee_id, SYSTEM)
    decided, effect = audits.confirm(audit, card, by=scope.who, reason=reason, at=tx.now, policies=policies)
    tx.save(AUDITS, decided)
    await reports.tell_audited(tx, card, decided, reason, by=scope.who)
    save_card(tx, scope, card, card, effect)
    return decided


@command
async def reject(tx: Transaction, scope: Scope, policies: Policies, audit_id: str, reason: str) -> Audit:
    """The evidence does not bear the report out: it counts no longer, and both sides read why."""
    audit = await tx.load(AUDITS, audit_id, scope)
    card = await tx.load(SCORECARDS, audit.employee_id, SYSTEM)
    decided, (changed, effect) = audits.reject(audit, card, by=scope.who, reason=reason, at=tx.now, policies=policies)
    tx.save(AUDITS, decided)
    await reports.tell_audited(tx, card, decided, reason, by=scope.who)
    save_card(tx, scope, card, changed, effect)
    return decided
