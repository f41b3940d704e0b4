"""What people can do about records for BKN: add what is missing, have one sent again, see what would be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinara.contracts.regions import day_of
from kinara.kit.scope import Scope
from kinara.kit.work import Transaction, command

from personnel.commands.outgoing.making import Instansi, judged, prepared
from personnel.domain import correcting
from personnel.domain.outgoing import Outgoing, Payload
from personnel.siasn.writing import NotWritable
from personnel.store import OUTGOING


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent for a record, or why nothing would."""

    record: Outgoing
    payload: Payload | None
    missing: str | None


@command
async def retry(tx: Transaction, scope: Scope, instansi: Instansi, record_id: str) -> Outgoing:
    """Have a record sent again, after what stood in its way was corrected."""
    return await _keep(tx, instansi, correcting.retried(await tx.load(OUTGOING, record_id, scope), tx.now))


@command
async def add_pak(tx: Transaction, scope: Scope, instansi: Instansi, record_id: str, number: str, on: date) -> Outgoing:
    """The PAK of a year's credit, issued outside Kinara."""
    record = await tx.load(OUTGOING, record_id, scope)
    today = day_of(tx.now, record.province)
    return await _keep(tx, instansi, correcting.added_pak(record, number, on, today, tx.now))


@command
async def add_cell(
    tx: Transaction, scope: Scope, instansi: Instansi, record_id: str, hasil: int, perilaku: int
) -> Outgoing:
    """Both axes behind a predikat that deviates from its proposal."""
    record = await tx.load(OUTGOING, record_id, scope)
    return await _keep(tx, instansi, correcting.added_cell(record, hasil, perilaku, tx.now))


@command
async def preview(tx: Transaction, scope: Scope, instansi: Instansi, record_ids: Sequence[str]) -> list[Preview]:
    """What would be sent for these records, in this order; nothing is sent and nothing changes."""
    return [await _seen(tx, instansi, await tx.load(OUTGOING, id_, scope)) for id_ in record_ids]


async def _seen(tx: Transaction, instansi: Instansi, record: Outgoing) -> Preview:
    if record.dropped:
        return Preview(record, None, None)
    try:
        return Preview(record, await prepared(tx, instansi, record), None)
    except NotWritable as missing:
        return Preview(record, None, missing.reason)


async def _keep(tx: Transaction, instansi: Instansi, record: Outgoing) -> Outgoing:
    kept = await judged(tx, instansi, record)
    tx.save(OUTGOING, kept)
    return kept
