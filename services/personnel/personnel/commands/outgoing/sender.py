"""The process that tells BKN: one record after another, in the whole installation one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from kinara.kit import log
from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from personnel.commands.imports.sources import connection
from personnel.commands.outgoing import deleting
from personnel.commands.outgoing.making import Instansi, instansi_of, prepared
from personnel.domain import outgoing
from personnel.domain.outgoing import DUE, Outgoing, Payload
from personnel.domain.telling import Credit
from personnel.settings import Settings
from personnel.siasn.answers import Declined, Written
from personnel.siasn.client import SiasnClient
from personnel.siasn.failures import CircuitOpen, CredentialsRefused, NotTaken, SiasnFailure
from personnel.siasn.writing import Entry, NotToTell, NotWritable, entry_in, latest_post, ours_among
from personnel.store import EMPLOYEES, OUTGOING

A_LOOK = 50
_FIRST_REST, _LONGEST_REST = timedelta(seconds=15), timedelta(minutes=15)
_UNCLEAR = "Jawaban SIASN tidak jelas. Dicari dahulu di SIASN sebelum dikirim lagi."
_log = log.get("outgoing")


class Sender:
    """Sends what waits while it holds the lease; off unless the settings turn it on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._instansi = instansi_of(settings)
        self._lease = Lease("outgoing-sending")
        self._patience = timedelta(seconds=settings.siasn_timeout_s)
        self._rests = 0
        self._rests_until: datetime | None = None

    async def run(self, database: Database) -> None:
        """Look for something to send until cancelled."""
        if not self._settings.siasn_write:
            return
        async with SiasnClient(connection(self._settings)) as client:
            work_off, every_s = partial(self._work_off, client), self._settings.siasn_write_poll_s
            await self._lease.work_off(database, self._waits, work_off, every_s=every_s)

    async def work_off(self, database: Database) -> None:
        """Everything that is due, once."""
        async with SiasnClient(connection(self._settings)) as client:
            await self._work_off(client, database)

    async def _work_off(self, client: SiasnClient, database: Database) -> None:
        """Everything that is due; where SIASN is closed to us, no more for a while."""
        work = Work(database)
        while due := await _due(work, A_LOOK):
            for record in due:
                try:
                    await self._tell(work, client, record)
                except (NotTaken, CircuitOpen, CredentialsRefused) as failure:
                    self._rest(failure)
                    return
            self._rests = 0

    async def _waits(self, database: Database) -> bool:
        resting = self._rests_until is not None and utc_now() < self._rests_until
        return not resting and bool(await _due(Work(database), 1))

    def _rest(self, failure: SiasnFailure) -> None:
        pause = min(_FIRST_REST * 2 ** min(self._rests, 10), _LONGEST_REST)
        self._rests, self._rests_until = self._rests + 1, utc_now() + pause
        _log.warning("BKN is not told for now", reason=str(failure)[:200], until=self._rests_until)

    async def _tell(self, work: Work, client: SiasnClient, record: Outgoing) -> None:
        """Bring one record a step on its way: looked up first, unless it replaces what SIASN has of us."""
        leave = self._leave_to_be_deleted if record.dropped else self._leave
        try:
            leaving = await leave(work, client, record.id)
        except NotToTell:
            await change(work, record.id, outgoing.not_to_tell)
            return
        except SiasnFailure as failure:
            await change(work, record.id, outgoing.waits, failure.message)
            if isinstance(failure, CircuitOpen | CredentialsRefused):
                raise
            return
        if leaving is None:
            return
        crash_point("outgoing.before_send")
        try:
            answer = await _say(client, leaving)
        except NotTaken as failure:
            await change(work, record.id, outgoing.not_taken, failure.message)
            raise
        except SiasnFailure as failure:
            _log.warning("answer of BKN lost", record=record.id, reason=str(failure)[:200])
            await change(work, record.id, outgoing.waits, _UNCLEAR)
            return
        crash_point("outgoing.after_send")
        await (deleting.settle if leaving.dropped else settle)(work, record.id, answer)

    async def _leave(self, work: Work, client: SiasnClient, record_id: str) -> Outgoing | None:
        """The record on its way, with what only SIASN could tell; None where nothing is to be sent now."""
        more = await self._look_up(work, client, record_id)
        return None if more is None else await send_off(work, self._instansi, record_id, more, self._patience)

    async def _leave_to_be_deleted(self, work: Work, client: SiasnClient, record_id: str) -> Outgoing | None:
        """The record about to be deleted at SIASN; None where it has it no more."""
        seen = await deleting.looked_for(work, record_id)
        if seen is None:
            return None
        record, nip = seen
        siasn_id = ours_among(record, await client.entries(record.kind, nip))
        return await deleting.send_off(work, record, siasn_id, self._patience)

    async def _look_up(self, work: Work, client: SiasnClient, record_id: str) -> Mapping[str, str] | None:
        """What SIASN has of it decides: None where nothing is to be sent now, else what only SIASN could tell."""
        seen = await looked_for(work, self._instansi, record_id)
        if seen is None:
            return None
        record, nip, payload = seen
        more: dict[str, str] = {}
        if isinstance(record.told, Credit):
            more = {"rwJabatanId": latest_post(await client.rw_jabatan(nip)) or ""}
        if record.state == "pending" and record.siasn_id is not None:
            return more
        entry = entry_in(record.kind, payload, await client.entries(record.kind, nip))
        return more if await conclude(work, record, entry) else None


async def _say(client: SiasnClient, leaving: Outgoing) -> Any:
    if leaving.dropped:
        return await client.delete(leaving.kind, leaving.siasn_id or "")
    return await client.save(leaving.kind, leaving.sent or {})


async def _due(work: Work, most: int) -> list[Outgoing]:
    """Those that have waited longest."""
    found: list[Outgoing] = []
    for state in DUE:
        query = {"state": state, "due_at": {"$lte": utc_now()}}
        found += [r.state for r in await work.find(OUTGOING, SYSTEM, query, sort=("due_at", 1), limit=most)]
    return found


@command
async def looked_for(tx: Transaction, instansi: Instansi, record_id: str) -> tuple[Outgoing, str, Payload] | None:
    """The record, whom to ask about, and what to look for: what was sent, or else what would be.

    None where nothing is to be done; put aside if it cannot be written.
    """
    record = await tx.load(OUTGOING, record_id, SYSTEM)
    if record.dropped or record.state not in DUE or record.due_at is None or record.due_at > tx.now:
        return None
    try:
        sent = record.sent if record.state == "unknown" else None
        payload = sent or await prepared(tx, instansi, record)
    except NotWritable as missing:
        tx.save(OUTGOING, outgoing.skipped(record, missing.reason, tx.now))
        return None
    return record, (await tx.load(EMPLOYEES, record.employee_id, SYSTEM)).nip, payload


@command
async def conclude(tx: Transaction, looked_at: Outgoing, entry: Entry | None) -> bool:
    """Whether it is to be sent, after SIASN was asked; not if it has gone on its way since, or says something else."""
    record = await tx.load(OUTGOING, looked_at.id, SYSTEM)
    if (record.state, record.attempts, record.told) != (looked_at.state, looked_at.attempts, looked_at.told):
        return False
    if entry is not None:
        rule = outgoing.confirmed if entry.agrees else outgoing.already_there
        record = rule(record, entry.siasn_id, tx.now)
    elif record.state == "unknown":
        record = outgoing.not_there(record, tx.now)
    tx.save(OUTGOING, record)
    return record.state == "pending"


@command
async def send_off(
    tx: Transaction, instansi: Instansi, record_id: str, more: Mapping[str, str], patience: timedelta
) -> Outgoing | None:
    """Keep what is about to be sent, before it is; None where it is no longer to be."""
    record = await tx.load(OUTGOING, record_id, SYSTEM)
    if record.state != "pending" or record.dropped:
        return None
    try:
        payload = {**await prepared(tx, instansi, record), **more}
    except NotWritable as missing:
        tx.save(OUTGOING, outgoing.skipped(record, missing.reason, tx.now))
        return None
    leaving = outgoing.leaving(record, payload, tx.now, patience)
    tx.save(OUTGOING, leaving)
    return leaving


@command
async def settle(tx: Transaction, record_id: str, answer: Written | Declined) -> None:
    """What SIASN has answered."""
    record = await tx.load(OUTGOING, record_id, SYSTEM)
    if isinstance(answer, Written):
        tx.save(OUTGOING, outgoing.accepted(record, answer.siasn_id, answer.said, tx.now))
    else:
        tx.save(OUTGOING, outgoing.refused(record, answer.said, tx.now))


@command
async def change(tx: Transaction, record_id: str, rule: Callable[..., Outgoing], *words: Any) -> Outgoing:
    """A rule's word on a record as it is now."""
    changed = rule(await tx.load(OUTGOING, record_id, SYSTEM), *words, tx.now)
    tx.save(OUTGOING, changed)
    return changed
