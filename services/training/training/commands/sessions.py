"""Offering programmes, running their sessions, and calling them off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from training.commands.budgets import book
from training.commands.clearance import partner_of, refuse_uncleared
from training.commands.days import today_of
from training.commands.teaching import end_teaching
from training.commands.waiting import move_up
from training.domain import announcement as said
from training.domain import budget as budgets
from training.domain import enrolment as places
from training.domain import funding
from training.domain import partner as partners
from training.domain import plan as plans
from training.domain import programme as programmes
from training.domain import record as records
from training.domain import session as sessions
from training.domain.enrolment import Enrolment
from training.domain.funding import Part
from training.domain.programme import Partner, Programme
from training.domain.session import Session
from training.domain.unit import refuse_closed
from training.store import ENROLMENTS, PARTNERS, PLANS, PROGRAMMES, RECORDS, SESSIONS, UNITS

READ_AT_ONCE = 500
"""Enrolments of a page where all of a session are read."""


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


@command
async def close_session(tx: Transaction, scope: Scope, session_id: str) -> Session:
    """State that a session took place.

    Attendance stands from then on, a kept seat that was not used is paid, and who still waits is free to go elsewhere.
    """
    session = await tx.load(SESSIONS, session_id, scope)
    session = sessions.hold(session, today_of(tx, session))
    tx.save(SESSIONS, session)
    for enrolment in await _all_enrolments(tx, session_id):
        if enrolment.status == "waiting":
            await _end_waiting(tx, enrolment)
            continue
        settled = places.settle(enrolment, session)
        if settled is not enrolment:
            await book(tx, [enrolment], budgets.spend)
            tx.save(ENROLMENTS, settled)
    return session


@command
async def cancel_session(tx: Transaction, scope: Scope, session_id: str) -> Session:
    """Call a session off, with every seat and every place in the waiting line.

    Its hours are off offer also for those who had given their seat back.
    """
    session = await tx.load(SESSIONS, session_id, scope)
    programme = await tx.load(PROGRAMMES, session.programme_id, SYSTEM)
    enrolments = await _all_enrolments(tx, session_id)
    cancelled = sessions.cancel(session, completed=sum(e.status == "completed" for e in enrolments))
    tx.save(SESSIONS, cancelled)
    await end_teaching(tx, session_id)
    freed = await book(tx, enrolments, budgets.release)
    for enrolment in enrolments:
        if enrolment.status != "cancelled":
            tx.save(ENROLMENTS, places.call_off(enrolment))
    latest = {enrolment.employee_id: enrolment for enrolment in enrolments}  # who came back has several
    learners = await tx.by_ids(RECORDS, latest, SYSTEM)
    for enrolment in latest.values():
        learner = learners[enrolment.employee_id]
        event = said.seat_lost(enrolment.id, session, programme, learner, "session_called_off")
        if learner.was_offered(session_id):
            tx.publish(event)
        elif enrolment.status != "waiting":
            continue
        learner, effect = records.follow_cancellation(learner, event)
        tx.save(RECORDS, learner, effect=effect)
    await move_up(tx, [], freed)
    return cancelled


async def _end_waiting(tx: Transaction, enrolment: Enrolment) -> None:
    tx.save(ENROLMENTS, places.call_off(enrolment))
    if enrolment.entitled:
        learner = await tx.load(RECORDS, enrolment.employee_id, SYSTEM)
        tx.save(RECORDS, records.give_entitlement_back(learner, enrolment.id))


async def _all_enrolments(tx: Transaction, session_id: str) -> list[Enrolment]:
    """Every enrolment in a session in their order, also those that were cancelled."""
    found: list[Enrolment] = []
    query: dict[str, Any] = {"session_id": session_id}
    while page := await tx.find(ENROLMENTS, SYSTEM, query, limit=READ_AT_ONCE):
        found += page
        query["_id"] = {"$gt": page[-1].id}
    return found
