"""What training answers about money, partners and plans."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from kinara.kit.documents import Collection
from kinara.kit.documents import Record as Kept
from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM, Scope, below
from kinara.kit.work import NotFound, Work

from training.domain import budget as budgets
from training.domain.budget import Budget, Use
from training.domain.effect import Effect
from training.domain.enrolment import Enrolment
from training.domain.partner import Institution
from training.domain.plan import Plan, Progress, progress_of
from training.domain.record import HoursOfYear, hours_of
from training.domain.session import Session
from training.queries.effects import effect_of_partner
from training.store import BUDGETS, ENROLMENTS, PARTNERS, PLANS, PROGRAMMES, RECORDS, SESSIONS, UNITS

S = TypeVar("S")

READ_AT_ONCE = 500
MOST_SESSIONS = 1000
"""Of a plan, or the latest held ones of a partner, that are looked at."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What has become of a line of a plan so far."""

    sessions: int
    seats: int
    taken: int
    cost: Decimal
    """Of all these seats."""


@dataclass(frozen=True, slots=True)
class PlanNow:
    """A plan with what has become of it."""

    kept: Kept[Plan]
    scheduled: dict[str, Scheduled]
    """By programme."""


@dataclass(frozen=True, slots=True)
class Rating:
    """How good a partner has been: by what its programmes changed, and by who got the certificate."""

    sessions: int
    participants: int
    completed: int
    effect: Effect

    @property
    def completion_share(self) -> Decimal | None:
        """Of those who had a seat, who got the certificate; None where nobody had one."""
        if not self.participants:
            return None
        return (Decimal(self.completed) / self.participants).quantize(Decimal("0.0001"))


async def partner(work: Work, scope: Scope, partner_id: str) -> Kept[Institution]:
    """One partner of the units' registry."""
    return await work.get(PARTNERS, partner_id, scope)


async def list_partners(
    work: Work, scope: Scope, unit_path: str | None, after: str | None, limit: int
) -> list[Institution]:
    """The registry of the units, perhaps of one and everything below it."""
    query: dict[str, Any] = {"_id": {"$gt": after or ""}, **(below(unit_path) if unit_path else {})}
    return [kept.state for kept in await work.find(PARTNERS, scope, query, limit=limit)]


async def rating(work: Work, scope: Scope, partner_id: str) -> Rating:
    """What came of the sessions that a partner has held."""
    await work.get(PARTNERS, partner_id, scope)
    query = {"partner_id": partner_id}
    taught = [kept.id for kept in await work.find(PROGRAMMES, SYSTEM, query, limit=MOST_SESSIONS)]
    held: list[Session] = []
    for programme_id in taught:
        of_it = {"programme_id": programme_id, "state": "held"}
        held += [kept.state for kept in await work.find(SESSIONS, SYSTEM, of_it, sort=("_id", -1), limit=MOST_SESSIONS)]
    latest = sorted(held, key=lambda session: session.id)[-MOST_SESSIONS:]
    completed = 0
    for session in latest:
        completed += await work.count(ENROLMENTS, SYSTEM, {"session_id": session.id, "status": "completed"})
    effect = await effect_of_partner(work, scope, partner_id)
    return Rating(len(latest), sum(len(session.seated) for session in latest), completed, effect)


async def plan(work: Work, scope: Scope, unit_id: str, year: int) -> PlanNow:
    """A unit's plan for a year, and what has become of it."""
    unit = await work.get(UNITS, unit_id, scope)
    kept = await _of_year(work, PLANS, scope, unit.id, year)
    found = await work.find(SESSIONS, SYSTEM, {"plan_id": kept.id}, limit=MOST_SESSIONS)
    sessions = [one.state for one in found if one.state.state != "cancelled"]
    return PlanNow(kept, {line.programme_id: _scheduled(sessions, line.programme_id) for line in kept.state.lines})


async def progress(work: Work, scope: Scope, unit_id: str, year: int) -> Progress:
    """How far the serving employees of a unit and below are towards the hours of the year."""
    unit = await work.get(UNITS, unit_id, scope)
    return progress_of([own async for own in _hours(work, scope.narrowed(unit.state.unit_path), year)])


async def budget(work: Work, scope: Scope, unit_id: str, year: int) -> Kept[Budget]:
    """A unit's money for a year."""
    unit = await work.get(UNITS, unit_id, scope)
    return await _of_year(work, BUDGETS, scope, unit.id, year)


async def list_budgets(work: Work, scope: Scope, year: int, after: str | None, limit: int) -> list[Budget]:
    """The budgets of a year inside the scope."""
    query = {"year": year, "_id": {"$gt": after or ""}}
    return [kept.state for kept in await work.find(BUDGETS, scope, query, limit=limit)]


async def budget_use(work: Work, scope: Scope, unit_path: str, year: int) -> Use:
    """What the budgets of a unit and everything below it come to: nothing is ever over."""
    if not scope.covers(unit_path):
        raise NotFound("units", unit_path)
    found: list[Budget] = []
    async for page in scan(work.database, BUDGETS, scope.narrowed(unit_path), {"year": year}, size=READ_AT_ONCE):
        found += [kept.state for kept in page]
    return budgets.use_of(found)


async def paid_places(
    work: Work, scope: Scope, unit_id: str, year: int, after: str | None, limit: int
) -> list[Enrolment]:
    """The places that a unit's budget pays or has been asked to pay."""
    kept = await budget(work, scope, unit_id, year)
    query = {"budget_id": kept.id, "_id": {"$gt": after or ""}}
    return [found.state for found in await work.find(ENROLMENTS, SYSTEM, query, limit=limit)]


async def payer(work: Work, scope: Scope, employee_id: str, year: int) -> Budget | None:
    """The budget that pays for an employee in a year, if one is set up."""
    kept = await work.get(RECORDS, employee_id, scope)
    places = budgets.payers(kept.state.unit_path)
    query = {"unit_path": {"$in": places}, "year": year}
    found = await work.find(BUDGETS, SYSTEM, query, limit=len(places) + 1)
    return budgets.payer({one.id: one.state for one in found}, places, year)


async def _of_year(work: Work, collection: Collection[S], scope: Scope, unit_id: str, year: int) -> Kept[S]:
    """What a unit has one of for each year: by the unit, since its path may be another one by now."""
    for kept in await work.find(collection, scope, {"unit_id": unit_id, "year": year}, limit=1):
        return kept
    raise NotFound(collection.name, f"{unit_id}/{year}")


def _scheduled(sessions: list[Session], programme_id: str) -> Scheduled:
    own = [session for session in sessions if session.programme_id == programme_id]
    seats = sum(session.seats for session in own)
    cost = sum((session.price * session.seats for session in own), Decimal(0))
    return Scheduled(len(own), seats, sum(len(session.seated) for session in own), cost)


async def _hours(work: Work, scope: Scope, year: int) -> AsyncIterator[HoursOfYear]:
    async for page in scan(work.database, RECORDS, scope, {"active": True}, size=READ_AT_ONCE):
        for kept in page:
            yield hours_of(kept.state, year)
