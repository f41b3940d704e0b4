"""What training answers about trainers: who can teach, how much each of them does, and who teaches a session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import Work

from training.domain.trainer import MOST_TRAINERS, Load, Teaching, Trainer, load_of
from training.store import SESSIONS, TEACHINGS, TRAINERS

READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Capacity:
    """A trainer, and what they teach in a year."""

    trainer: Trainer
    teachings: list[Teaching]
    load: Load


@dataclass(frozen=True, slots=True)
class Appointed:
    """Who teaches a session, and on which days."""

    teaching: Teaching
    trainer: Trainer


async def list_trainers(
    work: Work, scope: Scope, unit_path: str | None, year: int, after: str | None, limit: int
) -> list[Capacity]:
    """Trainers inside the scope, perhaps of one unit and everything below it, with a year's load."""
    query: dict[str, Any] = {"_id": {"$gt": after or ""}, **(below(unit_path) if unit_path else {})}
    return await _loaded(work, [kept.state for kept in await work.find(TRAINERS, scope, query, limit=limit)], year)


async def capacity(work: Work, scope: Scope, trainer_id: str, year: int) -> Capacity:
    """One trainer, oneself perhaps, with a year's load."""
    (found,) = await _loaded(work, [(await work.get(TRAINERS, trainer_id, scope)).state], year)
    return found


async def trainers_of(work: Work, session_id: str) -> list[Appointed]:
    """Who teaches a session; as open as the session."""
    await work.get(SESSIONS, session_id, SYSTEM)
    query = {"session_id": session_id, "ended": False}
    teachings = [kept.state for kept in await work.find(TEACHINGS, SYSTEM, query, limit=MOST_TRAINERS)]
    ids = [teaching.trainer_id for teaching in teachings]
    found = await work.find(TRAINERS, SYSTEM, {"_id": {"$in": ids}}, limit=MOST_TRAINERS)
    by_id = {kept.id: kept.state for kept in found}
    return [Appointed(teaching, by_id[teaching.trainer_id]) for teaching in teachings]


async def _loaded(work: Work, trainers: Iterable[Trainer], year: int) -> list[Capacity]:
    wanted = {trainer.id: trainer for trainer in trainers}
    query = {
        "trainer_id": {"$in": list(wanted)}, "ended": False,
        "last_day": {"$gte": date(year, 1, 1)}, "first_day": {"$lte": date(year, 12, 31)},
    }  # fmt: skip
    given: defaultdict[str, list[Teaching]] = defaultdict(list)
    async for page in scan(work.database, TEACHINGS, SYSTEM, query, size=READ_AT_ONCE):
        for kept in page:
            given[kept.state.trainer_id].append(kept.state)
    return [Capacity(trainer, given[id_], load_of(given[id_], year)) for id_, trainer in wanted.items()]
