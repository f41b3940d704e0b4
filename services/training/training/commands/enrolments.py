"""Places in sessions: seats given and given back, attendance, and what was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from training.commands import completions
from training.commands.sessions import today_of
from training.domain import announcement as said
from training.domain import enrolment as places
from training.domain import record as records
from training.domain import session as sessions
from training.domain.certificate import proof_of
from training.domain.enrolment import Enrolment
from training.domain.record import Record
from training.domain.refusals import CertificateUsed, LearnerUnknown
from training.domain.session import Hours, Session
from training.store import CERTIFICATES, ENROLMENTS, PROGRAMMES, RECORDS, SESSIONS

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


@command
async def enrol(tx: Transaction, scope: Scope, session_id: str, employee_id: str) -> Place:
    """Give an employee a seat, or a place in the waiting line."""
    learner = await _learner(tx, scope, employee_id)
    session = await tx.load(SESSIONS, session_id, SYSTEM)
    programme = await tx.load(PROGRAMMES, session.programme_id, SYSTEM)
    elsewhere = await hours_elsewhere(tx, employee_id)
    session, enrolment, event = places.enrol(new_id(), session, programme, learner, today_of(tx, session), elsewhere)
    tx.save(SESSIONS, session)
    tx.save(ENROLMENTS, enrolment)
    learner, effect = records.count_place(learner, event)
    tx.save(RECORDS, learner, effect=effect)
    tx.publish(event)
    return Place(enrolment, sessions.place_of(session, employee_id))


@command
async def cancel_enrolment(tx: Transaction, scope: Scope, enrolment_id: str) -> Enrolment:
    """Give a place back; a seat goes to the first who waits."""
    enrolment = await tx.load(ENROLMENTS, enrolment_id, SYSTEM)
    found = await tx.find(RECORDS, scope, {"_id": enrolment.employee_id}, limit=1)
    if not found:
        raise NotFound(ENROLMENTS.name, enrolment_id)
    session = await tx.load(SESSIONS, enrolment.session_id, SYSTEM)
    programme = await tx.load(PROGRAMMES, enrolment.programme_id, SYSTEM)
    line = await _waiting_line(tx, session)
    done = places.cancel(enrolment, session, programme, line, today_of(tx, session))
    tx.save(SESSIONS, done.session)
    tx.save(ENROLMENTS, done.enrolment)
    if enrolment.status == "confirmed":
        lost = said.seat_lost(enrolment.id, session, programme, found[0], "participant")
        learner, effect = records.follow_cancellation(found[0], lost)
        tx.save(RECORDS, learner, effect=effect)
        tx.publish(lost)
    if done.promoted is not None and done.event is not None:
        tx.save(ENROLMENTS, done.promoted)
        promoted = next(learner for _, learner in line if learner.employee_id == done.event.employee_id)
        learner, effect = records.count_offer(promoted, done.event)
        tx.save(RECORDS, learner, effect=effect)
        tx.publish(done.event)
    return done.enrolment


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
    enrolment, event = places.complete(
        enrolment, session, programme, learner,
        completion_id=new_id(), certificate_number=certificate_number, on=today_of(tx, session),
    )  # fmt: skip
    await _refuse_used(tx, enrolment, programme.partner.name)
    tx.save(ENROLMENTS, enrolment)
    counted = await completions.count(tx, learner, event, programme.competencies, programme.level)
    closed = tuple(need.id for need in counted.needs if need.closed_by == event.completion_id)
    return Accepted(counted.completions[-1], enrolment, closed)


async def _learner(tx: Transaction, scope: Scope, employee_id: str) -> Record:
    """The employee's record, if the caller may see it; one answer for unknown and out of reach."""
    found = await tx.find(RECORDS, scope, {"_id": employee_id}, limit=1)
    if not found or not found[0].known:
        raise LearnerUnknown(
            "Pegawai ini tidak dikenal, atau bukan dalam kewenangan Anda. Periksa pegawai yang dipilih.",
            field="employee_id",
            detail="expected an employee that personnel has announced, inside the caller's scope",
        )
    return found[0]


async def hours_elsewhere(tx: Transaction, employee_id: str) -> list[Hours]:
    """What the employee's places and certificates ask for, and on which days.

    Two that are taken at once meet at the record.
    """
    query = {"employee_id": employee_id, "status": {"$ne": "cancelled"}}
    held = await tx.find(ENROLMENTS, SYSTEM, query, sort=("_id", -1), limit=MOST_PLACES)
    days = await tx.by_ids(SESSIONS, [enrolment.session_id for enrolment in held], SYSTEM)
    taught = await tx.by_ids(PROGRAMMES, [enrolment.programme_id for enrolment in held], SYSTEM)
    places_taken = [(taught[e.programme_id].jp, days[e.session_id].meets_on) for e in held]
    entered = {"employee_id": employee_id, "proof": {"$type": "string"}}
    certificates = await tx.find(CERTIFICATES, SYSTEM, entered, sort=("_id", -1), limit=MOST_PLACES)
    return [*places_taken, *(certificate.hours for certificate in certificates)]


async def _waiting_line(tx: Transaction, session: Session) -> list[tuple[Enrolment, Record]]:
    query = {"session_id": session.id, "status": "waiting"}
    waiting = await tx.find(ENROLMENTS, SYSTEM, query, limit=_everyone(session))
    learners = await tx.by_ids(RECORDS, [enrolment.employee_id for enrolment in waiting], SYSTEM)
    return [(enrolment, learners[enrolment.employee_id]) for enrolment in waiting]


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


def _everyone(session: Session) -> int:
    """A limit for queries of the places in a session: never reached, and never 0, which is no limit."""
    return len(session.seated) + len(session.waiting) + 1
