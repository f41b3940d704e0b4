"""Mentoring: proposed, agreed to by both, met in, judged by both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from training.domain import matching
from training.domain import mentoring as mentorings
from training.domain import record as records
from training.domain.mentoring import Meeting, Mentoring, Role
from training.domain.record import Record
from training.domain.refusals import LearnerUnknown
from training.store import MENTORINGS, RECORDS

MOST_MENTORINGS = 1000
"""The latest mentorings of an employee that are looked at: more than a working life holds."""


@command
async def propose(tx: Transaction, scope: Scope, mentee_id: str, mentor_id: str, competency: str) -> Mentoring:
    """Propose a mentor for oneself, a report, or an employee of one's units."""
    mentee = await tx.load(RECORDS, mentee_id, scope)
    mentor = (await tx.by_ids(RECORDS, [mentor_id], SYSTEM)).get(mentor_id)
    if mentor is None or not mentor.known:
        raise LearnerUnknown(
            "Pembimbing ini tidak dikenal. Periksa pegawai yang dipilih.",
            field="mentor_id",
            detail="expected an employee that personnel has announced",
        )
    running = [one for one in await _of(tx, mentor_id) if one.running]
    matching.refuse_unfit(mentee, mentor, competency, sum(one.mentor_id == mentor_id for one in running))
    known = any(one.people == (mentor_id, mentee_id) and one.competency == competency for one in running)
    mentoring = mentorings.propose(
        new_id(), mentor, mentee, competency, by=scope.own, on=_today(tx, mentee), known=known
    )
    tx.save(MENTORINGS, mentoring)
    tx.save(RECORDS, mentor)  # two proposals at once meet here: a mentor has only so many places
    return mentoring


@command
async def accept(tx: Transaction, scope: Scope, mentoring_id: str) -> Mentoring:
    """One of the two agrees."""
    mentoring, role = await _own(tx, scope, mentoring_id)
    mentoring = mentorings.accept(mentoring, role)
    tx.save(MENTORINGS, mentoring)
    return mentoring


@command
async def decline(tx: Transaction, scope: Scope, mentoring_id: str, reason: str) -> Mentoring:
    """One of the two does not want it."""
    mentoring, _ = await _own(tx, scope, mentoring_id)
    mentoring = mentorings.decline(mentoring, reason, _today(tx, mentoring))
    tx.save(MENTORINGS, mentoring)
    return mentoring


@command
async def record_meeting(
    tx: Transaction, scope: Scope, mentoring_id: str, held_on: date, jp: Decimal, topic: str
) -> Mentoring:
    """One of the two says that they met."""
    mentoring, role = await _own(tx, scope, mentoring_id)
    meeting = Meeting(id=new_id(), held_on=held_on, jp=jp, topic=topic, recorded_by=role)
    mentoring = mentorings.record_meeting(mentoring, meeting, _today(tx, mentoring))
    tx.save(MENTORINGS, mentoring)
    return mentoring


@command
async def confirm_meeting(tx: Transaction, scope: Scope, mentoring_id: str, held_on: date) -> Mentoring:
    """The other confirms it: the hours count for both."""
    mentoring, role = await _own(tx, scope, mentoring_id)
    two = await tx.by_ids(RECORDS, mentoring.people, SYSTEM)
    spent: dict[Role, Decimal] = {}
    for employee_id in mentoring.people:
        others = tuple(one for one in await _of(tx, employee_id) if one.id != mentoring.id)
        spent[mentoring.role_of(employee_id)] = mentorings.spent_on(held_on, others)
    mentoring, said = mentorings.confirm_meeting(
        mentoring, held_on, role, two[mentoring.mentor_id], two[mentoring.mentee_id], spent=spent
    )
    tx.save(MENTORINGS, mentoring)
    for event in said:
        counted, effect = records.count_mentoring(two[event.employee_id], event)
        tx.save(RECORDS, counted, effect=effect)
        tx.publish(event)
    return mentoring


@command
async def evaluate(tx: Transaction, scope: Scope, mentoring_id: str, marks: tuple[int, ...]) -> Mentoring:
    """One of the two judges the other; with both judgements it is closed."""
    mentoring, role = await _own(tx, scope, mentoring_id)
    mentoring = mentorings.evaluate(mentoring, role, marks, _today(tx, mentoring))
    tx.save(MENTORINGS, mentoring)
    return mentoring


@command
async def close(tx: Transaction, scope: Scope, mentoring_id: str, reason: str) -> Mentoring:
    """The office ends what the two do not."""
    mentoring = await tx.load(MENTORINGS, mentoring_id, SYSTEM)
    if not await tx.by_ids(RECORDS, [mentoring.mentee_id], scope):
        raise NotFound(MENTORINGS.name, mentoring_id)
    mentoring = mentorings.close(mentoring, reason, _today(tx, mentoring))
    tx.save(MENTORINGS, mentoring)
    return mentoring


async def _own(tx: Transaction, scope: Scope, mentoring_id: str) -> tuple[Mentoring, Role]:
    """A mentoring of the caller's, and their part in it."""
    mentoring = await tx.load(MENTORINGS, mentoring_id, scope)
    return mentoring, mentoring.role_of(scope.who)


async def _of(tx: Transaction, employee_id: str) -> list[Mentoring]:
    """What somebody has as mentor or mentee, the latest first."""
    return await tx.find(MENTORINGS, SYSTEM, {"people": employee_id}, sort=("_id", -1), limit=MOST_MENTORINGS)


def _today(tx: Transaction, where: Record | Mentoring) -> date:
    return day_of(tx.now, kemendagri_code(where.province))
