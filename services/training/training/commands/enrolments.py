"""Places in sessions: seats given and given back, attendance, and what was learnt."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from kinara.kit.group import together
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from training.commands import completions
from training.commands.budgets import book, open_books, payer_of
from training.commands.clearance import refuse_uncleared
from training.commands.days import today_of
from training.commands.learners import learner_of
from training.commands.teaching import days_taught
from training.commands.waiting import move_up
from training.domain import announcement as said
from training.domain import budget as budgets
from training.domain import enrolment as places
from training.domain import record as records
from training.domain import session as sessions
from training.domain.certificate import proof_of
from training.domain.enrolment import Enrolment
from training.domain.refusals import CertificateUsed
from training.domain.session import Hours, Session
from training.store import BUDGETS, CERTIFICATES, ENROLMENTS, PROGRAMMES, RECORDS, SESSIONS

MOST_PLACES = 1000
"""The latest places of an employee that are looked at for their days: more than a working life holds."""


@dataclass(frozen=True, slots=True)
class Place:
    """An enrolment, and its place in the waiting line if it has no seat."""

    enrolment: Enrolment
    place: int | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A completion as it was counted."""

    completion: records.Completion
    enrolment: Enrolment
    needs_closed: tuple[str, ...]
    """Ids of the needs that it covered."""


@together
async def enrol(
    tx: Transaction, scope: Scope, session_id: str, employee_id: str, *, use_entitlement: bool = False
) -> Place:
    """Give an employee a seat and reserve its money, or a place in the waiting line.

    With a right to further training the government's own budget pays, if it has one, and one waits before all others.
    """
    learner = await learner_of(tx, scope, employee_id)
    session = await tx.load(SESSIONS, session_id, SYSTEM)
    programme = await tx.load(PROGRAMMES, session.programme_id, SYSTEM)
    await refuse_uncleared(tx, session)
    elsewhere = await hours_elsewhere(tx, employee_id)
    budget = await payer_of(tx, learner, session, entitled=use_entitlement)
    id_, today = new_id(), today_of(tx, session)
    if use_entitlement:
        learner = records.use_entitlement(learner, id_, today)
    session, enrolment, event = places.enrol(
        id_, session, programme, learner, today, elsewhere, budget, entitled=use_entitlement
    )
    if budget is not None and enrolment.reserves:
        tx.save(BUDGETS, budgets.reserve(budget, enrolment.amount))
    elif budget is not None and enrolment.waits_for == "money":
        tx.save(BUDGETS, budget)  # who frees its money at this moment is to see who waits for it
    elif enrolment.waits_for == "budget":
        await open_books(tx, learner.unit_path, session.starts_on.year)
    tx.save(SESSIONS, session)
    tx.save(ENROLMENTS, enrolment)
    learner, effect = records.count_place(learner, event)
    tx.save(RECORDS, learner, effect=effect)
    tx.publish(event)
    return Place(enrolment, sessions.place_of(session, employee_id))


@command
async def cancel_enrolment(tx: Transaction, scope: Scope, enrolment_id: str) -> Enrolment:
    """Give a place back; its seat and money go to the neediest who wait for them."""
    enrolment = await tx.load(ENROLMENTS, enrolment_id, SYSTEM)
    found = await tx.find(RECORDS, scope, {"_id": enrolment.employee_id}, limit=1)
    if not found:
        raise NotFound(ENROLMENTS.name, enrolment_id)
    session = await tx.load(SESSIONS, enrolment.session_id, SYSTEM)
    programme = await tx.load(PROGRAMMES, enrolment.programme_id, SYSTEM)
    session, cancelled = places.cancel(enrolment, session, today_of(tx, session))
    tx.save(SESSIONS, session)
    tx.save(ENROLMENTS, cancelled)
    if enrolment.status == "confirmed":
        lost = said.seat_lost(enrolment.id, session, programme, found[0], "participant")
        learner, effect = records.follow_cancellation(found[0], lost)
        tx.save(RECORDS, learner, effect=effect)
        tx.publish(lost)
        await move_up(tx, [session.id], await book(tx, [enrolment], budgets.release))
    elif enrolment.entitled:
        tx.save(RECORDS, records.give_entitlement_back(found[0], enrolment.id))
    return cancelled


@command
async def note_attendance(tx: Transaction, scope: Scope, enrolment_id: str, day: date) -> Enrolment:
    """Note that an employee was there on a meeting day."""
    enrolment, session = await _taught(tx, scope, enrolment_id)
    enrolment = places.attend(enrolment, session, day, today_of(tx, session))
    tx.save(ENROLMENTS, enrolment)
    return enrolment


@command
async def accept_completion(tx: Transaction, scope: Scope, enrolment_id: str, certificate_number: str) -> Accepted:
    """Count what was learnt: the hours, the competencies shown, and the needs that they cover."""
    enrolment, session = await _taught(tx, scope, enrolment_id)
    programme = await tx.load(PROGRAMMES, enrolment.programme_id, SYSTEM)
    learner = await tx.load(RECORDS, enrolment.employee_id, SYSTEM)
    await book(tx, [enrolment], budgets.spend)
    enrolment, event = places.complete(
        enrolment, session, programme, learner,
        completion_id=new_id(), certificate_number=certificate_number, on=today_of(tx, session),
    )  # fmt: skip
    await _refuse_used(tx, enrolment, programme.partner.name)
    tx.save(ENROLMENTS, enrolment)
    tx.save(SESSIONS, session)  # who calls it off at this moment is to see that it has taken place
    counted = await completions.count(tx, learner, event, programme.competencies, programme.level)
    closed = tuple(need.id for need in counted.needs if need.closed_by == event.completion_id)
    return Accepted(counted.completions[-1], enrolment, closed)


async def hours_elsewhere(tx: Transaction, employee_id: str, besides: str | None = None) -> list[Hours]:
    """What the employee's places and certificates ask for, on which days, and the days that they teach.

    Two that are taken at once meet at the record. ``besides`` is a session of which the teaching does not count.
    """
    query = {"employee_id": employee_id, "status": {"$ne": "cancelled"}}
    held = await tx.find(ENROLMENTS, SYSTEM, query, sort=("_id", -1), limit=MOST_PLACES)
    days = await asyncio.gather(*(tx.load(SESSIONS, enrolment.session_id, SYSTEM) for enrolment in held))
    taught = await asyncio.gather(*(tx.load(PROGRAMMES, enrolment.programme_id, SYSTEM) for enrolment in held))
    taken = [
        (programme.jp, session.meets_on)
        for enrolment, programme, session in zip(held, taught, days, strict=True)
        if places.takes_days(enrolment, session, today_of(tx, session))
    ]
    entered = {"employee_id": employee_id, "state": {"$in": ["submitted", "verified"]}}
    certificates = await tx.find(CERTIFICATES, SYSTEM, entered, sort=("_id", -1), limit=MOST_PLACES)
    taught_days = await days_taught(tx, employee_id, besides)
    return [*taken, *(certificate.hours for certificate in certificates), *taught_days]


async def _taught(tx: Transaction, scope: Scope, enrolment_id: str) -> tuple[Enrolment, Session]:
    """An enrolment in a session that the caller's units host."""
    enrolment = await tx.load(ENROLMENTS, enrolment_id, SYSTEM)
    found = await tx.find(SESSIONS, scope, {"_id": enrolment.session_id}, limit=1)
    if not found:
        raise NotFound(ENROLMENTS.name, enrolment_id)
    return enrolment, found[0]


async def _refuse_used(tx: Transaction, enrolment: Enrolment, issuer: str) -> None:
    query = {"programme_id": enrolment.programme_id, "certificate_number": enrolment.certificate_number}
    proof = {"proof": proof_of(issuer, enrolment.certificate_number or "")}
    if await tx.find(ENROLMENTS, SYSTEM, query, limit=1) or bool(await tx.find(CERTIFICATES, SYSTEM, proof, limit=1)):
        raise CertificateUsed(
            f"Sertifikat {enrolment.certificate_number} sudah dicatat. Periksa nomornya.",
            field="certificate_number",
            detail="another completion of this programme, or a certificate entered by hand, has this number",
        )
