"""What training can be asked to do: offer programmes, run sessions, give seats, and accept what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from training.domain import enrolment as places
from training.domain import programme as programmes
from training.domain import record as records
from training.domain import session as sessions
from training.domain.enrolment import Enrolment
from training.domain.programme import Partner, Programme
from training.domain.record import Record
from training.domain.refusals import CertificateUsed, LearnerUnknown
from training.domain.session import Session
from training.domain.unit import refuse_closed
from training.store import ENROLMENTS, PROGRAMMES, RECORDS, SESSIONS, UNITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A programme as a trainer describes it."""

    title: str
    partner: Partner
    jp: int
    course_kind: str
    competencies: Sequence[str]
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When, where and for how many a session is planned."""

    starts_on: date
    ends_on: date
    seats: int
    place: str | None = None
    meets_on: Sequence[date] | None = None


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
async def offer_programme(tx: Transaction, scope: Scope, unit_id: str, course: Course) -> Programme:
    """Put a programme on offer in a unit and below it."""
    unit = await tx.load(UNITS, unit_id, scope)
    refuse_closed(unit)
    programme = programmes.offer(
        new_id(),
        title=course.title,
        partner=course.partner,
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
    programme = await tx.load(PROGRAMMES, programme_id, SYSTEM)
    session = sessions.plan(
        new_id(),
        programmes.hosted_by(programme, unit),
        starts_on=schedule.starts_on,
        ends_on=schedule.ends_on,
        seats=schedule.seats,
        place=schedule.place,
        meets_on=schedule.meets_on,
    )
    tx.save(SESSIONS, session)
    return session


@command
async def open_session(tx: Transaction, scope: Scope, session_id: str) -> Session:
    """Let employees enrol."""
    session = sessions.open_seats(await tx.load(SESSIONS, session_id, scope))
    tx.save(SESSIONS, session)
    return session


@command
async def close_session(tx: Transaction, scope: Scope, session_id: str) -> Session:
    """State that a session took place; attendance stands from then on."""
    session = await tx.load(SESSIONS, session_id, scope)
    session = sessions.hold(session, _today(tx, session))
    tx.save(SESSIONS, session)
    return session


@command
async def cancel_session(tx: Transaction, scope: Scope, session_id: str) -> Session:
    """Call a session off, with every seat and every place in the waiting line."""
    session = await tx.load(SESSIONS, session_id, scope)
    query = {"session_id": session_id, "status": {"$ne": "cancelled"}}
    enrolments = await tx.find(ENROLMENTS, SYSTEM, query, limit=_everyone(session))
    cancelled = sessions.cancel(session, completed=sum(e.status == "completed" for e in enrolments))
    tx.save(SESSIONS, cancelled)
    learners = await tx.by_ids(RECORDS, [enrolment.employee_id for enrolment in enrolments])
    for enrolment in enrolments:
        tx.save(ENROLMENTS, places.call_off(enrolment))
        learner, effect = records.retract_offer(learners[enrolment.employee_id], enrolment.id)
        tx.save(RECORDS, learner, effect=effect)
    return cancelled


@command
async def enrol(tx: Transaction, scope: Scope, session_id: str, employee_id: str) -> Place:
    """Give an employee a seat, or a place in the waiting line."""
    learner = await _learner(tx, scope, employee_id)
    session = await tx.load(SESSIONS, session_id, SYSTEM)
    programme = await tx.load(PROGRAMMES, session.programme_id, SYSTEM)
    session, enrolment, event = places.enrol(new_id(), session, programme, learner, _today(tx, session))
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
    if not await tx.find(RECORDS, scope, {"_id": enrolment.employee_id}, limit=1):
        raise NotFound(ENROLMENTS.name, enrolment_id)
    session = await tx.load(SESSIONS, enrolment.session_id, SYSTEM)
    programme = await tx.load(PROGRAMMES, enrolment.programme_id, SYSTEM)
    line = await _waiting_line(tx, session)
    done = places.cancel(enrolment, session, programme, line, _today(tx, session))
    tx.save(SESSIONS, done.session)
    tx.save(ENROLMENTS, done.enrolment)
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
    enrolment = places.attend(enrolment, session, day, _today(tx, session))
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
        completion_id=new_id(), certificate_number=certificate_number, on=_today(tx, session),
    )  # fmt: skip
    await _refuse_used(tx, enrolment)
    counted, effect = records.count_completion(learner, event, programme.competencies, programme.level)
    tx.save(ENROLMENTS, enrolment)
    tx.save(RECORDS, counted, effect=effect)
    for fact in (event, *records.attained(learner, event, programme.competencies, programme.level)):
        tx.publish(fact)
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


async def _waiting_line(tx: Transaction, session: Session) -> list[tuple[Enrolment, Record]]:
    query = {"session_id": session.id, "status": "waiting"}
    waiting = await tx.find(ENROLMENTS, SYSTEM, query, limit=_everyone(session))
    learners = await tx.by_ids(RECORDS, [enrolment.employee_id for enrolment in waiting])
    return [(enrolment, learners[enrolment.employee_id]) for enrolment in waiting]


async def _taught(tx: Transaction, scope: Scope, enrolment_id: str) -> tuple[Enrolment, Session]:
    """An enrolment in a session that the caller's units host."""
    enrolment = await tx.load(ENROLMENTS, enrolment_id, SYSTEM)
    found = await tx.find(SESSIONS, scope, {"_id": enrolment.session_id}, limit=1)
    if not found:
        raise NotFound(ENROLMENTS.name, enrolment_id)
    return enrolment, found[0]


async def _refuse_used(tx: Transaction, enrolment: Enrolment) -> None:
    query = {"programme_id": enrolment.programme_id, "certificate_number": enrolment.certificate_number}
    if await tx.find(ENROLMENTS, SYSTEM, query, limit=1):
        raise CertificateUsed(
            f"Sertifikat {enrolment.certificate_number} sudah dicatat untuk pegawai lain. Periksa nomornya.",
            field="certificate_number",
            detail="another completion of this programme has this certificate number",
        )


def _everyone(session: Session) -> int:
    """A limit for queries of the places in a session: never reached, and never 0, which is no limit."""
    return len(session.seated) + len(session.waiting) + 1


def _today(tx: Transaction, session: Session) -> date:
    """The day on the calendar of the session's province."""
    return day_of(tx.now, kemendagri_code(session.province))
