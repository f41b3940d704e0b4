"""What trainings changed, by the scores that training has heard of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

from training.domain.effect import Changes, Effect, Stratum, around, conclude, gather, government_of, month_of
from training.domain.record import Record
from training.store import ENROLMENTS, PARTNERS, PROGRAMMES, RECORDS

READ_AT_ONCE = 500
MOST_PROGRAMMES = 200


async def effect_of(work: Work, scope: Scope, programme_ids: Sequence[str]) -> Effect:
    """What programmes changed together, among the employees inside the scope; one pass over participants and others."""
    strata: dict[Stratum, Changes] = {}
    took_part: set[str] = set()
    for programme_id in programme_ids:
        await work.get(PROGRAMMES, programme_id, SYSTEM)
        await _gather_participants(work, scope, programme_id, took_part, strata)
    months = {(government, month) for government, _, month, _ in strata}
    if months:
        await _gather_others(work, scope, took_part, months, strata)
    return conclude(strata).told


async def effect_of_partner(work: Work, scope: Scope, partner_id: str) -> Effect:
    """What the programmes of a partner changed together; part of how it is rated."""
    await work.get(PARTNERS, partner_id, scope)
    taught = await work.find(PROGRAMMES, SYSTEM, {"partner_id": partner_id}, limit=MOST_PROGRAMMES)
    return await effect_of(work, scope, [kept.id for kept in taught])


async def _gather_participants(
    work: Work, scope: Scope, programme_id: str, seen: set[str], strata: dict[Stratum, Changes]
) -> None:
    """Each once, with the first completion of a programme that is looked at."""
    query, after = {"programme_id": programme_id, "status": "completed"}, ""
    while page := await work.find(ENROLMENTS, SYSTEM, {**query, "_id": {"$gt": after}}, limit=READ_AT_ONCE):
        ids = sorted({kept.state.employee_id for kept in page} - seen)
        seen |= set(ids)
        found = await work.find(RECORDS, scope, {"_id": {"$in": ids}}, limit=READ_AT_ONCE, effects=False)
        rows = [around(kept.state, _completed(kept.state, programme_id), took_part=True) for kept in found]
        gather((row for row in rows if row is not None), strata)
        after = page[-1].id


async def _gather_others(
    work: Work, scope: Scope, took_part: set[str], months: set[tuple[str, int]], strata: dict[Stratum, Changes]
) -> None:
    """Everybody else once, around each month in which somebody of their government completed."""
    seen = set(took_part)
    for part in [scope.narrowed(path) for path in scope.paths] or [scope]:
        async for page in scan(work.database, RECORDS, part, {"active": True}, size=READ_AT_ONCE):
            others = [kept.state for kept in page if kept.id not in seen]
            rows = (around(one, month, took_part=False) for one in others for month in _months_of(one, months))
            gather((row for row in rows if row is not None), strata)
            seen |= {kept.id for kept in page}


def _completed(record: Record, programme_id: str) -> int:
    return min(month_of(done.completed_on) for done in record.completions if done.programme_id == programme_id)


def _months_of(record: Record, months: Iterable[tuple[str, int]]) -> list[int]:
    return [month for government, month in months if government == government_of(record)]
