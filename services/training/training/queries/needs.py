"""What posts ask for and who lacks it, what units need, and who has a right to further training."""

from __future__ import annotations

from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Work

from training.domain.need import Need
from training.domain.record import Record
from training.domain.standard import Gap, Standard, gaps_of
from training.domain.unit import government_of
from training.store import MOST_LOOKED_AT, RECORDS, STANDARDS, UNITS


async def standards(work: Work, scope: Scope, after: str | None, limit: int) -> list[Standard]:
    """Standards of the units inside the scope."""
    return [kept.state for kept in await work.find(STANDARDS, scope, {"_id": {"$gt": after or ""}}, limit=limit)]


async def gaps(work: Work, scope: Scope, employee_id: str) -> list[Gap]:
    """What an employee's post asks for and they have not shown."""
    record = (await work.get(RECORDS, employee_id, scope)).state
    theirs = below(government_of(record.unit_path))
    every = await work.find(STANDARDS, SYSTEM, theirs, limit=MOST_LOOKED_AT)
    return gaps_of(record, [kept.state for kept in every])


async def needs_of_unit(work: Work, scope: Scope, unit_id: str) -> list[Need]:
    """What a unit needs, the latest first."""
    return list(reversed((await work.get(UNITS, unit_id, scope)).state.needs))


async def entitled(work: Work, scope: Scope, after: str | None, limit: int) -> list[Record]:
    """Employees inside the scope with rights to further training, used ones too."""
    query = {"entitlements.id": {"$gt": ""}, "_id": {"$gt": after or ""}}
    return [kept.state for kept in await work.find(RECORDS, scope, query, limit=limit, effects=False)]
