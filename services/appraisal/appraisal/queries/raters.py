"""What HR and oversight read of raters: how high and how widely each marks, and what is taken off for leniency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

from appraisal.domain.leniency import FEWEST_RATED, Rater, correction_of, government_of
from appraisal.store import RATERS, SCORECARDS


@dataclass(frozen=True, slots=True)
class Rating:
    """One superior of the office's units as a rater."""

    rater: Rater
    correction: Decimal
    """What is taken off their next marks."""


async def raters(work: Work, scope: Scope, after: str | None, limit: int) -> tuple[list[Rating], str | None]:
    """Who of a page of the office's people has rated enough others, and the place where the next page begins."""
    people = await work.find(SCORECARDS, scope, {"_id": {"$gt": after or ""}}, limit=limit, effects=False)
    governments = {record.id: government_of(record.state) for record in people}
    ids = sorted({*governments, *governments.values()})
    query = {"_id": {"$in": ids}}
    known = {r.id: r.state for r in await work.find(RATERS, SYSTEM, query, limit=len(ids))} if ids else {}
    found = [
        Rating(known[id_], correction_of(known[id_], known.get(government, Rater(government))))
        for id_, government in governments.items()
        if id_ in known and len(known[id_].people) >= FEWEST_RATED
    ]
    return found, people[-1].id if len(people) == limit else None
