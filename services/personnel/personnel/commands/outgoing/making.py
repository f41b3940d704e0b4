"""Records are made of what was heard: each fact once, and each record judged at once on whether it can be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from personnel.commands.moves import placed_today
from personnel.domain import outgoing
from personnel.domain.outgoing import Outgoing, Payload
from personnel.domain.telling import Dropped, Reopened, Result
from personnel.settings import Settings
from personnel.siasn.writing import NotWritable, People, payload_of
from personnel.store import EMPLOYEES, OUTGOING, PROFILES, UNITS

POLL_S = 0.5
A_LOOK = 100
"""Profiles looked for at a time; each is a transaction of its own."""

Instansi = Mapping[str, str]
"""SIASN's id of each government, by its Kemendagri code."""


def instansi_of(settings: Settings) -> Instansi:
    """The longest name that the settings know of a government: its id, where they know more than the code."""
    named = sorted(settings.governments.items(), key=lambda pair: len(pair[0]))
    return {code: name for name, code in named}


class Maker:
    """Makes records of what was heard, as soon as it was."""

    def __init__(self, settings: Settings) -> None:
        self._instansi = instansi_of(settings)
        self._lease = Lease("outgoing-making")

    async def run(self, database: Database) -> None:
        """Look for something to tell until cancelled."""
        await self._lease.work_off(database, _waits, partial(make_all, instansi=self._instansi), every_s=POLL_S)


async def make_all(database: Database, instansi: Instansi) -> None:
    """Everything that was heard so far."""
    work = Work(database)
    while found := await work.find(PROFILES, SYSTEM, {"tells": True}, limit=A_LOOK, effects=False):
        for record in found:
            await make(work, instansi, record.id)


async def _waits(database: Database) -> bool:
    return bool(await Work(database).find(PROFILES, SYSTEM, {"tells": True}, limit=1, effects=False))


@command
async def make(tx: Transaction, instansi: Instansi, employee_id: str) -> None:
    """Make, change or hold back the records of what was heard about one employee."""
    profile = await tx.load(PROFILES, employee_id, SYSTEM)
    ids = {}
    for word in profile.to_tell.values():
        heard = await placed_today(tx, word)
        kind, about = outgoing.kind_of(heard.told)
        ids[outgoing.record_id(employee_id, kind, about)] = heard
    known = await tx.by_ids(OUTGOING, ids, SYSTEM)
    for id_, heard in ids.items():
        record = outgoing.taken_up(employee_id, heard, known.get(id_), tx.now)
        if record is not None:
            held_back = isinstance(heard.told, Reopened | Dropped)
            tx.save(OUTGOING, record if held_back else await judged(tx, instansi, record))
    tx.save(PROFILES, replace(profile, to_tell={}))


async def judged(tx: Transaction, instansi: Instansi, record: Outgoing) -> Outgoing:
    """The record, put aside with the reason where it cannot be written; never one that may be on its way."""
    if record.state != "pending" or record.dropped:
        return record
    try:
        await prepared(tx, instansi, record)
    except NotWritable as missing:
        return outgoing.skipped(record, missing.reason, tx.now)
    return record


async def prepared(tx: Transaction, instansi: Instansi, record: Outgoing) -> Payload:
    """What would be sent now; ``NotWritable`` where something is missing."""
    appraiser_id = record.told.appraiser_id if isinstance(record.told, Result) else ""
    people = await tx.by_ids(EMPLOYEES, {record.employee_id, appraiser_id} - {""}, SYSTEM)
    appraiser = people.get(appraiser_id)
    units = await tx.find(UNITS, SYSTEM, {"_id": appraiser.unit_id}, limit=1) if appraiser else []
    code = record.unit_path.split("/")[1]
    return payload_of(
        record,
        People(
            employee=people.get(record.employee_id),
            appraiser=appraiser,
            appraiser_unit=units[0].name if units else "",
            instansi_id=instansi.get(code, code),
        ),
    )
