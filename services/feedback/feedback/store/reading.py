"""Long readings, page by page: all units below a path, and everything that was counted about them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from kinara.kit.scope import SYSTEM, below
from kinara.kit.work import Work

from feedback.domain.subject import Subject
from feedback.domain.survey import Tally
from feedback.store import FEEDBACK, SUBJECTS, TALLIES

UNITS_AT_ONCE = 100
"""Units of which the tallies are read in one query."""
PAGE = 500


async def tallies_below(work: Work, units: Sequence[Subject], months: Sequence[str]) -> AsyncIterator[Tally]:
    """The monthly tallies of these units."""
    for start in range(0, len(units), UNITS_AT_ONCE):
        ids = [one.id for one in units[start : start + UNITS_AT_ONCE]]
        async for tally in tallies(work, {"unit_id": {"$in": ids}, "period": {"$in": list(months)}}):
            yield tally


async def ratings_of(
    work: Work, units: Sequence[Subject], begins: datetime, ends: datetime
) -> AsyncIterator[tuple[str, int]]:
    """Unit and rating of each voice that counts and was given between two moments."""
    for start in range(0, len(units), UNITS_AT_ONCE):
        ids = [one.id for one in units[start : start + UNITS_AT_ONCE]]
        query: dict[str, Any] = {"unit_id": {"$in": ids}, "given_at": {"$gte": begins, "$lt": ends}}
        after = ""
        while voices := await work.find(FEEDBACK, SYSTEM, query | {"_id": {"$gt": after}}, limit=PAGE):
            for voice in voices:
                if voice.state.status == "received":
                    yield voice.state.unit_id, voice.state.rating
            after = voices[-1].id


async def units_below(work: Work, path: str) -> list[Subject]:
    """The units at and below a path, those that are closed too."""
    query, found = {"kind": "unit", **below(path)}, list[Subject]()
    while units := await work.find(
        SUBJECTS, SYSTEM, query | {"_id": {"$gt": found[-1].id if found else ""}}, limit=UNITS_AT_ONCE, effects=False
    ):
        found += [kept.state for kept in units]
    return found


async def tallies(work: Work, query: Mapping[str, Any]) -> AsyncIterator[Tally]:
    """Every tally that a query asks for."""
    after = ""
    while found := await work.find(TALLIES, SYSTEM, {**query, "_id": {"$gt": after}}, limit=PAGE):
        for kept in found:
            yield kept.state
        after = found[-1].id
