"""Steps on the way of a record that holds no longer: found at SIASN or not, deleted there, settled."""

from __future__ import annotations

from datetime import timedelta

from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, command

from personnel.domain import dropping
from personnel.domain.outgoing import DUE, Outgoing
from personnel.siasn.answers import Declined, Deleted
from personnel.store import EMPLOYEES, OUTGOING


@command
async def looked_for(tx: Transaction, record_id: str) -> tuple[Outgoing, str] | None:
    """The record and whom to ask about; None where nothing is to be done."""
    record = await tx.load(OUTGOING, record_id, SYSTEM)
    if not record.dropped or record.state not in DUE or record.due_at is None or record.due_at > tx.now:
        return None
    return record, (await tx.load(EMPLOYEES, record.employee_id, SYSTEM)).nip


@command
async def send_off(tx: Transaction, looked_at: Outgoing, siasn_id: str | None, patience: timedelta) -> Outgoing | None:
    """Keep that it is about to be deleted, before it is; None where nothing is to be, as where SIASN has it no more."""
    record = await tx.load(OUTGOING, looked_at.id, SYSTEM)
    if (record.state, record.attempts, record.dropped) != (looked_at.state, looked_at.attempts, looked_at.dropped):
        return None
    if siasn_id is None:
        tx.save(OUTGOING, dropping.deleted(record, "tidak ada di SIASN", tx.now))
        return None
    leaving = dropping.deleting(record, siasn_id, tx.now, patience)
    tx.save(OUTGOING, leaving)
    return leaving if leaving.state == "unknown" else None


@command
async def settle(tx: Transaction, record_id: str, answer: Deleted | Declined) -> None:
    """What SIASN has answered."""
    record = await tx.load(OUTGOING, record_id, SYSTEM)
    rule = dropping.deleted if isinstance(answer, Deleted) else dropping.kept
    tx.save(OUTGOING, rule(record, answer.said, tx.now))
