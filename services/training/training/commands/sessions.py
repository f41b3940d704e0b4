"""Offering programmes, and planning and opening their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from training.commands.clearance import partner_of, refuse_uncleared
from training.commands.waiting import move_up
from training.domain import funding
from training.domain import partner as partners
from training.domain import plan as plans
from training.domain import programme as programmes
from training.domain import session as sessions
from training.domain.funding import Part
from training.domain.programme import Partner, Programme
from training.domain.session import Session
from training.domain.unit import refuse_closed
from training.store import PARTNERS, PLANS, PROGRAMMES, SESSIONS, UNITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A programme as a trainer describes it."""

    title: str
    partner: Partner | None = None
    """None for one of the registry."""
    jp: int
    course_kind: str
    competencies: Sequence[str]
    level: int
    partner_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When, where and for how many a session is planned, and who pays."""

    starts_on: date
    ends_on: date
    seats: int
    place: str | None = None
    meets_on: Sequence[date] | None = None
    price: Decimal | None = None
    """Of a place; None for what the partner asks, or nothing."""
    shares: Sequence[Part] = ()
    plan_id: str | None = None


@command
async def offer_programme(tx: Transaction, scope: Scope, unit_id: str, course: Course) -> Programme:
    """Put a programme on offer in a unit and below it."""
    unit = await tx.load(UNITS, unit_id, scope)
    refuse_closed(unit)
    programme = programmes.offer(
        new_id(),
        title=course.title,
        partner=course.partner or (await tx.load(PARTNERS, course.partner_id or "", scope)).partner,
        partner_id=course.partner_id,
        jp=course.jp,
        course_kind=course.course_kind,
        competencies=course.competencies,
        level=course.level,
        province=unit.province,
        unit_path=unit.unit_path,
    )
    tx.save(PROGRAMMES, programme)
    return programme


@command
async def retire_programme(tx: Transaction, scope: Scope, programme_id: str) -> Programme:
    """Take a programme off the catalogue; its planned sessions go on."""
    programme = programmes.retire(await tx.load(PROGRAMMES, programme_id, scope))
    tx.save(PROGRAMMES, programme)
    return programme


@command
async def plan_session(tx: Transaction, scope: Scope, programme_id: str, unit_id: str, schedule: Schedule) -> Session:
    """Plan a session of a programme, hosted by a unit."""
    unit = await tx.load(UNITS, unit_id, scope)
    programme = programmes.hosted_by(await tx.load(PROGRAMMES, programme_id, SYSTEM), unit)
    partner = await partner_of(tx, programme)
    price = partners.price_of(partner, programme, schedule.price, schedule.seats)
    if schedule.plan_id is not None:
        found = await tx.find(PLANS, SYSTEM, {"_id": schedule.plan_id}, limit=1)
        plans.refuse_unplanned(next(iter(found), None), programme_id, unit.unit_path, schedule.starts_on)
    session = sessions.plan(
        new_id(),
        programme,
        starts_on=schedule.starts_on,
        ends_on=schedule.ends_on,
        seats=schedule.seats,
        place=schedule.place,
        meets_on=schedule.meets_on,
        price=price,
        shares=funding.share_out(price, schedule.shares),
        plan_id=schedule.plan_id,
        planned_by=scope.who,
    )
    if partner is not None:
        partners.refuse_unagreed(partner, session.starts_on, session.ends_on)
    tx.save(SESSIONS, session)
    return session


@command
async def open_session(tx: Transaction, scope: Scope, session_id: str) -> Session:
    """Let employees enrol."""
    session = sessions.open_seats(await tx.load(SESSIONS, session_id, scope))
    await refuse_uncleared(tx, session)
    tx.save(SESSIONS, session)
    return session


@command
async def approve_session(tx: Transaction, scope: Scope, session_id: str) -> Session:
    """Approve a session as the second person, in spite of declared interests in its partner."""
    session = await tx.load(SESSIONS, session_id, scope)
    partner = await partner_of(tx, await tx.load(PROGRAMMES, session.programme_id, SYSTEM))
    if partner is not None:
        session = partners.clear(session, partner, scope.who)
        tx.save(SESSIONS, session)
        await move_up(tx, [session.id], [])
    return await tx.load(SESSIONS, session_id, scope)
