"""Public commitments: promised, followed, ended."""

from __future__ import annotations

from datetime import date

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from feedback.commands.campaigns import unit_of
from feedback.domain import commitment as rules
from feedback.domain.campaign import today_of
from feedback.domain.commitment import Commitment, Outcome
from feedback.store import COMMITMENTS, SUBJECTS, cited_at


@command
async def promise(
    tx: Transaction, scope: Scope, unit_id: str, words: str, due_on: date, cites: tuple[str, ...]
) -> Commitment:
    """A unit promises something in public; what it cites must be there."""
    unit = await unit_of(tx, scope, unit_id)
    for cite in cites:
        await _refuse_unknown(tx, cite)
    today = today_of(unit.province, tx.now)
    made = rules.promise(new_id(), unit, words, cites=cites, due_on=due_on, today=today, by=scope.label)
    tx.save(COMMITMENTS, made)
    tx.save(SUBJECTS, unit)
    tx.publish(rules.citable(made, tx.now))
    return made


@command
async def note(tx: Transaction, scope: Scope, commitment_id: str, words: str) -> Commitment:
    """Tell how it gets on."""
    known = await tx.load(COMMITMENTS, commitment_id, scope)
    return _keep(tx, rules.note(known, words, today_of(known.province, tx.now)))


@command
async def end(tx: Transaction, scope: Scope, commitment_id: str, outcome: Outcome, reason: str) -> Commitment:
    """It was kept, or is dropped."""
    known = await tx.load(COMMITMENTS, commitment_id, scope)
    return _keep(tx, rules.end(known, outcome, reason, today_of(known.province, tx.now)))


def _keep(tx: Transaction, changed: Commitment) -> Commitment:
    tx.save(COMMITMENTS, changed)
    return changed


async def _refuse_unknown(tx: Transaction, cite: str) -> None:
    named = rules.refers(cite)
    if named is not None:
        collection, query, _words = cited_at(*named)
        if not await tx.find(collection, SYSTEM, query, limit=1):
            raise rules.uncited(cite)
