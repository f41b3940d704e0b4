"""Mentorings, and who could be whose mentor."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

from training.domain.matching import Suggestion, best, suggest
from training.domain.mentoring import Mentoring, State
from training.domain.record import Record
from training.store import MENTORINGS, RECORDS

READ_AT_ONCE = 500
MOST_RUNNING = 5_000
"""Of the mentors of a page: each has a few."""


async def mentors_for(work: Work, scope: Scope, employee_id: str) -> list[Suggestion]:
    """Who in the government could be an employee's mentor, the best first."""
    mentee = (await work.get(RECORDS, employee_id, scope)).state
    government = "/".join(mentee.unit_path.split("/")[:2])
    query, after, found = {"active": True, "completions.id": {"$gt": ""}}, "", list[Suggestion]()
    inside = SYSTEM.narrowed(government)
    while page := await work.find(RECORDS, inside, {**query, "_id": {"$gt": after}}, limit=READ_AT_ONCE, effects=False):
        candidates = [kept.state for kept in page]
        found = best([*found, *suggest(mentee, candidates, await _mentees(work, candidates))])
        after = page[-1].id
    return found


async def read_mentoring(work: Work, scope: Scope, mentoring_id: str) -> Mentoring:
    """One mentoring: one's own, or one of a mentee of the office's units."""
    return (await work.get(MENTORINGS, mentoring_id, scope)).state


async def mentorings_of(work: Work, scope: Scope, employee_id: str, after: str | None, limit: int) -> list[Mentoring]:
    """What an employee has as mentor or mentee, in its order."""
    await work.get(RECORDS, employee_id, scope)
    query = {"people": employee_id, "_id": {"$gt": after or ""}}
    return [kept.state for kept in await work.find(MENTORINGS, SYSTEM, query, limit=limit)]


async def list_mentorings(
    work: Work, scope: Scope, state: State | None, after: str | None, limit: int
) -> list[Mentoring]:
    """Mentorings of the mentees inside the scope."""
    query: dict[str, Any] = {"_id": {"$gt": after or ""}, **({"state": state} if state else {})}
    return [kept.state for kept in await work.find(MENTORINGS, scope, query, limit=limit)]


async def _mentees(work: Work, mentors: list[Record]) -> Counter[str]:
    """How many mentees each of them has."""
    query = {"people": {"$in": [mentor.employee_id for mentor in mentors]}, "state": {"$in": ["proposed", "active"]}}
    running = await work.find(MENTORINGS, SYSTEM, query, limit=MOST_RUNNING)
    return Counter(kept.state.mentor_id for kept in running)
