"""What is read of complaints: by those who handle them, by whoever has the receipt, and as sums by everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kinara.kit.mongo import IDS_A_QUERY
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

from feedback.domain import receipt, survey
from feedback.domain.complaint import OPEN, Complaint, State, refuse_wrong_key
from feedback.domain.complaint_tally import in_all
from feedback.domain.subject import Subject
from feedback.queries import monthly
from feedback.store import COMPLAINT_TALLIES, COMPLAINTS, HELD, SUBJECTS

MOST_REPORTS = 500
"""Of one superior that are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which complaints are wanted: of a unit, in a state, only those whose clock has run out."""

    unit_id: str | None = None
    state: State | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class UnitComplaints:
    """The complaints of a unit and everything below it that came in a period."""

    unit: Subject
    period: str
    counts: Mapping[str, int]


async def list_complaints(work: Work, scope: Scope, asked: Asked, after: str | None, limit: int) -> list[Complaint]:
    """One's own complaints, those of one's reports, or of the office's units, in the order in which they came."""
    query: dict[str, Any] = {"_id": {"$gt": after or ""}}
    if asked.unit_id is not None:
        query["unit_id"] = asked.unit_id
    if asked.overdue:
        query |= {"late": True, "state": {"$in": list(OPEN)}}
    if asked.state is not None:
        query["state"] = asked.state
        if asked.overdue and asked.state not in OPEN:
            return []
    return await _seen(work, scope, query, limit)


async def read_complaint(work: Work, scope: Scope, complaint_id: str) -> Complaint:
    """One complaint inside the scope."""
    for found in await _seen(work, scope, {"_id": complaint_id}, 1):
        return found
    raise NotFound(COMPLAINTS.name, complaint_id)


async def list_held_complaints(
    work: Work, scope: Scope, burst: str | None, after: str | None, limit: int
) -> list[Complaint]:
    """The complaints inside the scope of which oversight has not decided yet whether they move scores."""
    query = {**HELD, "_id": {"$gt": after or ""}, **({"burst": burst} if burst else {})}
    return [kept.state for kept in await work.find(COMPLAINTS, scope, query, limit=limit)]


async def track_complaint(work: Work, number: str, key: str) -> Complaint:
    """The complaint that a receipt number and key open."""
    query = {"receipt": receipt.read_number(number, receipt.COMPLAINT)}
    for found in await work.find(COMPLAINTS, SYSTEM, query, limit=1):
        refuse_wrong_key(found.state, key)
        return found.state
    raise receipt.unknown(number)


async def unit_complaints(work: Work, unit_id: str, period: str, scope: Scope) -> UnitComplaints:
    """What became of the complaints about a unit and everything that stands below it today."""
    found = await work.find(SUBJECTS, scope, {"_id": unit_id, "kind": "unit"}, limit=1)
    if not found:
        raise NotFound("units", unit_id)
    months = survey.months_in(period)
    counts = in_all([tally async for tally in monthly(work, COMPLAINT_TALLIES, found[0].state, months)])
    return UnitComplaints(found[0].state, period, counts)


async def _seen(work: Work, scope: Scope, query: Mapping[str, Any], limit: int) -> list[Complaint]:
    """Inside the scope; whose complaints a superior sees follows from who reports to them today."""
    ways = [(replace(scope, reports_of=None), query)]
    if scope.reports_of is not None:
        team = {"kind": "employee", "supervisor_id": scope.reports_of}
        reports = await work.find(SUBJECTS, SYSTEM, team, limit=MOST_REPORTS, effects=False)
        ids = [kept.id for kept in reports]
        for start in range(0, len(ids), IDS_A_QUERY):
            theirs = {**query, "employee_id": {"$in": ids[start : start + IDS_A_QUERY]}}
            ways.append((Scope(everything=True, label=scope.label), theirs))
    found = {
        kept.id: kept.state for way, asked in ways for kept in await work.find(COMPLAINTS, way, asked, limit=limit)
    }
    return [found[id_] for id_ in sorted(found)][:limit]
