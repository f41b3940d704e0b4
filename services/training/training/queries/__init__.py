"""What training answers: the catalogue, a session's roster, an employee's record, and what a unit needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from kinara.kit.documents import Record as Kept
from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import NotFound, Work

from training.domain import session as sessions
from training.domain.competency import Topic
from training.domain.enrolment import Enrolment
from training.domain.need import Demand, demand_of
from training.domain.programme import NATIONAL, Programme
from training.domain.record import Record
from training.domain.session import Session, State
from training.queries.certificates import certificates_of, list_certificates
from training.queries.effects import effect_of, effect_of_partner
from training.queries.mentoring import list_mentorings, mentorings_of, mentors_for, read_mentoring
from training.queries.needs import entitled, gaps, needs_of_unit, standards
from training.store import ENROLMENTS, PROGRAMMES, RECORDS, SESSIONS, UNITS

__all__ = [
    "certificates_of",
    "effect_of",
    "effect_of_partner",
    "entitled",
    "gaps",
    "list_certificates",
    "list_mentorings",
    "mentorings_of",
    "mentors_for",
    "needs_of_unit",
    "read_mentoring",
    "standards",
]

READ_AT_ONCE = 500
"""Records of a page where a whole unit is counted."""
MOST_UNITS = 10_000
"""Units with needs that are counted: more than a government has."""


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions are wanted: of a programme, hosted at or below a unit, in a state."""

    programme_id: str | None = None
    unit_path: str | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """An enrolment with the name of whose it is, for the trainer's list."""

    enrolment: Enrolment
    name: str


@dataclass(frozen=True, slots=True)
class Booking:
    """An enrolment with its session, for the employee's list."""

    enrolment: Enrolment
    session: Session

    @property
    def place(self) -> int | None:
        """The place in the waiting line today."""
        return sessions.place_of(self.session, self.enrolment.employee_id)

    @property
    def why(self) -> str | None:
        """What put them there; None for who does not wait."""
        return sessions.why_there(self.session, self.enrolment.employee_id)


async def programme(work: Work, programme_id: str) -> Kept[Programme]:
    """One programme; the catalogue is open to every role."""
    return await work.get(PROGRAMMES, programme_id, SYSTEM)


async def list_programmes(work: Work, unit_path: str | None, after: str | None, limit: int) -> list[Programme]:
    """Programmes on offer; with a unit, those that it may host."""
    query: dict[str, Any] = {"active": True, "_id": {"$gt": after or ""}}
    if unit_path is not None:
        query["unit_path"] = {"$in": [NATIONAL, *_upwards(unit_path)]}
    return [kept.state for kept in await work.find(PROGRAMMES, SYSTEM, query, limit=limit)]


async def session(work: Work, session_id: str) -> Kept[Session]:
    """One session, without the names of who takes part."""
    return await work.get(SESSIONS, session_id, SYSTEM)


async def list_sessions(work: Work, wanted: SessionFilter, after: str | None, limit: int) -> list[Session]:
    """Sessions, those wanted."""
    query: dict[str, Any] = {"_id": {"$gt": after or ""}}
    if wanted.programme_id is not None:
        query["programme_id"] = wanted.programme_id
    if wanted.state is not None:
        query["state"] = wanted.state
    if wanted.unit_path is not None:
        query |= below(wanted.unit_path)
    return [kept.state for kept in await work.find(SESSIONS, SYSTEM, query, limit=limit)]


async def roster(work: Work, scope: Scope, session_id: str, after: str | None, limit: int) -> list[Participant]:
    """Who takes part in a session that the caller's units host, in the order of enrolment."""
    await work.get(SESSIONS, session_id, scope)
    query = {"session_id": session_id, "_id": {"$gt": after or ""}}
    enrolments = [kept.state for kept in await work.find(ENROLMENTS, SYSTEM, query, limit=limit)]
    learners = await work.find(RECORDS, SYSTEM, {"_id": {"$in": [e.employee_id for e in enrolments]}}, limit=limit)
    names = {kept.id: kept.state.name for kept in learners}
    return [Participant(enrolment, names[enrolment.employee_id]) for enrolment in enrolments]


async def record(work: Work, scope: Scope, employee_id: str) -> Kept[Record]:
    """One employee's training record."""
    return await work.get(RECORDS, employee_id, scope)


async def list_records(work: Work, scope: Scope, unit_path: str | None, after: str | None, limit: int) -> list[Record]:
    """Records inside the scope, perhaps of one unit and everything below it."""
    query: dict[str, Any] = {"_id": {"$gt": after or ""}, **(below(unit_path) if unit_path else {})}
    return [kept.state for kept in await work.find(RECORDS, scope, query, limit=limit)]


async def bookings(work: Work, scope: Scope, employee_id: str, after: str | None, limit: int) -> list[Booking]:
    """The enrolments of an employee, in their order."""
    await work.get(RECORDS, employee_id, scope)
    query = {"employee_id": employee_id, "_id": {"$gt": after or ""}}
    enrolments = [kept.state for kept in await work.find(ENROLMENTS, SYSTEM, query, limit=limit)]
    held = await work.find(SESSIONS, SYSTEM, {"_id": {"$in": [e.session_id for e in enrolments]}}, limit=limit)
    by_id = {kept.id: kept.state for kept in held}
    return [Booking(enrolment, by_id[enrolment.session_id]) for enrolment in enrolments]


async def in_need(work: Work, scope: Scope, topic: Topic, after: str | None, limit: int) -> list[Record]:
    """Serving employees inside the scope with an open need of a topic."""
    query = {
        "needs": {"$elemMatch": {"state": "open", "topic": topic}},
        "active": True,
        "_id": {"$gt": after or ""},
    }
    return [kept.state for kept in await work.find(RECORDS, scope, query, limit=limit)]


async def demand(work: Work, scope: Scope, unit_path: str) -> list[Demand]:
    """What the serving employees of a unit and everything below it need, most wanted first."""
    if not scope.covers(unit_path):
        raise NotFound("units", unit_path)
    inside = scope.narrowed(unit_path)
    of_units = await work.find(UNITS, inside, {"needs.state": "open", "active": True}, limit=MOST_UNITS)
    needs = [[need for need in kept.state.needs if need.state == "open"] for kept in of_units]
    return demand_of([record.open_needs async for record in _everyone_in_need(work, inside)], needs)


async def _everyone_in_need(work: Work, scope: Scope) -> AsyncIterator[Record]:
    query = {"needs.state": "open", "active": True}
    async for page in scan(work.database, RECORDS, scope, query, size=READ_AT_ONCE):
        for kept in page:
            yield kept.state


def _upwards(unit_path: str) -> list[str]:
    """The unit and every unit above it."""
    parts = unit_path.split("/")
    return ["/".join(parts[:end]) for end in range(2, len(parts) + 1)]
