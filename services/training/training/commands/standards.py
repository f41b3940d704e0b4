"""Standards of competence: set by the office, and held against everybody whose post they speak of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Transaction, Work, command

from training.domain import standard as standards
from training.domain.standard import Post, Required, Standard
from training.domain.unit import government_of, refuse_closed
from training.store import MOST_LOOKED_AT, RECORDS, STANDARDS, UNITS

PAGE = 100
POLL_S = 1.0
SETTLE = timedelta(seconds=3)
"""Folds that looked up the standards before this one was set have ended by then."""


@command
async def set_standard(
    tx: Transaction, scope: Scope, unit_id: str, post: Post, required: Sequence[Required]
) -> Standard:
    """Say what a post asks for in a unit and below it; it takes the place of what was said before."""
    unit = await tx.load(UNITS, unit_id, scope)
    refuse_closed(unit)
    standard = standards.set_standard(
        unit_id, post, required, province=unit.province, unit_path=unit.unit_path, at=tx.now
    )
    if not await tx.find(STANDARDS, SYSTEM, {"_id": standard.id}, limit=1):
        standards.refuse_many(len(await _of_government(tx, unit.unit_path)))
    tx.save(STANDARDS, standard)
    return standard


async def _of_government(tx: Transaction, unit_path: str) -> list[Standard]:
    return await tx.find(STANDARDS, SYSTEM, below(government_of(unit_path)), limit=MOST_LOOKED_AT)


class Assessor:
    """Holds new standards against the records while it holds the lease."""

    def __init__(self) -> None:
        self._lease = Lease("standards")

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, _waits, work_off, every_s=POLL_S)


async def work_off(database: Database, now: Callable[[], datetime] = utc_now) -> None:
    """Every standard that was set and has settled, page by page; what is cut off goes on where it was."""
    work = Work(database, now=now)
    for kept in await work.find(STANDARDS, SYSTEM, _settled(now()), limit=PAGE):
        await _apply(work, kept.state)


async def _apply(work: Work, standard: Standard) -> None:
    query = {**below(standard.unit_path), "_id": {"$gt": standard.applied_after or ""}}
    async for page in scan(work.database, RECORDS, SYSTEM, query, size=PAGE):
        if not await _hold_against(work, standard, [kept.id for kept in page]):
            return
    await _hold_against(work, standard, [])


@command
async def _hold_against(tx: Transaction, given: Standard, employee_ids: Sequence[str]) -> bool:
    """Hold the next records, or none if there are no more, against all standards; False if it was set anew by now."""
    standard = await tx.load(STANDARDS, given.id, SYSTEM)
    if standard.applied_after is None or standard.set_at != given.set_at:
        return False
    every = await _of_government(tx, standard.unit_path)
    for record in (await tx.by_ids(RECORDS, employee_ids, SYSTEM)).values():
        measured, effect = standards.hold_against(record, every, _year(tx, standard))
        if effect:
            tx.save(RECORDS, measured, effect=effect)
    tx.save(STANDARDS, replace(standard, applied_after=employee_ids[-1] if employee_ids else None))
    return True


async def _waits(database: Database) -> bool:
    return bool(await Work(database).find(STANDARDS, SYSTEM, _settled(utc_now()), limit=1))


def _settled(now: datetime) -> dict[str, object]:
    return {"applied_after": {"$gte": ""}, "set_at": {"$lte": now - SETTLE}}


def _year(tx: Transaction, standard: Standard) -> int:
    return day_of(tx.now, kemendagri_code(standard.province)).year
