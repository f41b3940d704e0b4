"""What feedback answers: a receipt's status, who can be spoken about, and what was said about a unit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

from kinara.kit.documents import Collection
from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import NotFound, Work

from feedback.domain import receipt, survey
from feedback.domain.answering import Answer
from feedback.domain.feedback import Feedback, refuse_wrong_key
from feedback.domain.invitation import Response, responses
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from feedback.store import ANSWERS, DRAWS, FEEDBACK, HELD, SUBJECTS, TICKETS

M = TypeVar("M")

MOST_DRAWS = 500
"""Draws of one unit and period that are looked at."""
UNITS_AT_ONCE = 100
"""Units of which the tallies are read in one query."""


async def track(work: Work, number: str, key: str) -> Feedback:
    """The feedback that a receipt number and key open."""
    found = await work.find(FEEDBACK, SYSTEM, {"receipt": receipt.read_number(number)}, limit=1)
    if not found:
        raise receipt.unknown(number)
    refuse_wrong_key(found[0].state, key)
    return found[0].state


async def list_units(work: Work, path: str | None, after: str | None, limit: int) -> list[Subject]:
    """Open units, for citizens to choose from; those at or below a path."""
    query: dict[str, object] = {"kind": "unit", "active": True, "_id": {"$gt": after or ""}}
    if path:
        query |= below(path)
    return [r.state for r in await work.find(SUBJECTS, SYSTEM, query, limit=limit)]


async def list_officers(work: Work, unit_id: str, after: str | None, limit: int) -> list[Subject]:
    """The serving officers of a unit, for citizens to choose from."""
    query = {"kind": "employee", "active": True, "unit_id": unit_id, "_id": {"$gt": after or ""}}
    return [r.state for r in await work.find(SUBJECTS, SYSTEM, query, limit=limit)]


async def list_feedback(work: Work, scope: Scope, after: str | None, limit: int) -> list[Feedback]:
    """What was said inside the caller's scope, in the order in which it came."""
    return [r.state for r in await work.find(FEEDBACK, scope, {"_id": {"$gt": after or ""}}, limit=limit)]


async def list_held(work: Work, scope: Scope, burst: str | None, after: str | None, limit: int) -> list[Feedback]:
    """The voices inside the scope that wait for oversight, perhaps of one burst, in the order in which they came."""
    query = {**HELD, "_id": {"$gt": after or ""}, **({"burst": burst} if burst else {})}
    return [r.state for r in await work.find(FEEDBACK, scope, query, limit=limit)]


async def list_held_answers(work: Work, scope: Scope, burst: str | None, after: str | None, limit: int) -> list[Answer]:
    """The survey answers inside the scope that wait for oversight, as for ratings."""
    query = {**HELD, "_id": {"$gt": after or ""}, **({"burst": burst} if burst else {})}
    return [r.state for r in await work.find(ANSWERS, scope, query, limit=limit)]


async def unit_responses(work: Work, unit_id: str, period: str, scope: Scope) -> list[Response]:
    """How many of those invited in a month, quarter or year have answered, by officer."""
    if not await work.find(SUBJECTS, scope, {"_id": unit_id, "kind": "unit"}, limit=1):
        raise NotFound("units", unit_id)
    query = {"unit_id": unit_id, "month": {"$in": list(survey.months_in(period))}}
    invited: list[Ticket] = []
    for draw in await work.find(DRAWS, SYSTEM, query, limit=MOST_DRAWS):
        for start in range(0, len(draw.state.tickets), IDS_A_QUERY):
            ids = list(draw.state.tickets[start : start + IDS_A_QUERY])
            invited += [kept.state for kept in await work.find(TICKETS, SYSTEM, {"_id": {"$in": ids}})]
    return responses(invited)


async def monthly(
    work: Work, kept_in: Collection[M], unit: Subject, months: Sequence[str], parts: int = 1
) -> AsyncIterator[M]:
    """The monthly sums of a unit and of the units below it, also of months when they stood elsewhere."""
    query, after = {"kind": "unit", **below(unit.unit_path)}, ""
    while units := await work.find(SUBJECTS, SYSTEM, {**query, "_id": {"$gt": after}}, limit=UNITS_AT_ONCE):
        wanted = {"unit_id": {"$in": [kept.id for kept in units]}, "period": {"$in": list(months)}}
        for kept in await work.find(kept_in, SYSTEM, wanted, limit=len(units) * len(months) * parts):
            yield kept.state
        after = units[-1].id
