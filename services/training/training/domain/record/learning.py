"""What was offered to the employee, and what they have learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kinara.contracts.training import (
    CompetencyAttained,
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentWaitlisted,
    MentoringSessionHeld,
    TrainingCompleted,
)

from training.domain.entitlement import give_back
from training.domain.hours import ANNUAL_HOURS, MENTORING_A_YEAR, HoursOfYear
from training.domain.need import cover
from training.domain.record.state import Completion, Effect, Offer, Record, level_of


def count_place(record: Record, event: EnrolmentConfirmed | EnrolmentWaitlisted) -> tuple[Record, Effect]:
    """A seat is an offer; a place in the waiting line is noted only."""
    if isinstance(event, EnrolmentConfirmed):
        return count_offer(record, event)
    return record, {"did": "waitlisted", "enrolment": event.enrolment_id, "place": event.place}


def count_offer(record: Record, event: EnrolmentConfirmed) -> tuple[Record, Effect]:
    """A seat was given: its hours were on offer in the year in which it starts, taken up or not.

    A session is offered once: a seat given back and taken again adds no hours.
    """
    if record.was_offered(event.session_id):
        return record, {"did": "offered again", "enrolment": event.enrolment_id}
    offer = Offer(session_id=event.session_id, jp=event.jp, starts_on=event.starts_on)
    return replace(record, offers=(*record.offers, offer)), {"did": "offered", "jp": event.jp}


def follow_cancellation(record: Record, event: EnrolmentCancelled) -> tuple[Record, Effect]:
    """A seat given back was on offer all the same; the hours of a session called off were never within reach.

    A right that was used for the place can be used again.
    """
    record = replace(record, entitlements=give_back(record.entitlements, event.enrolment_id))
    if event.reason == "participant":
        return record, {"did": "seat given back", "enrolment": event.enrolment_id}
    left = tuple(offer for offer in record.offers if offer.session_id != event.session_id)
    did = "waiting ended" if left == record.offers else "offer retracted"
    return replace(record, offers=left), {"did": did, "enrolment": event.enrolment_id}


def count_completion(
    record: Record, event: TrainingCompleted, competencies: Sequence[str], level: int = 1
) -> tuple[Record, Effect]:
    """Hours were earned; needs that the programme's competencies serve are closed."""
    completion = Completion(
        id=event.completion_id,
        programme_id=event.programme_id,
        title=event.title,
        jp=event.jp,
        course_kind=event.course_kind,
        competencies=tuple(competencies),
        completed_on=event.completed_on,
        level=level,
    )
    needs = tuple(cover(need, completion.id, competencies, event.completed_on, level) for need in record.needs)
    closed = [after.id for before, after in zip(record.needs, needs, strict=True) if after is not before]
    counted = replace(record, completions=(*record.completions, completion), needs=needs)
    return counted, {"did": "completed", "jp": event.jp, "needs_closed": closed}


def attained(
    record: Record, event: TrainingCompleted, competencies: Sequence[str], level: int
) -> tuple[CompetencyAttained, ...]:
    """What a certificate shows beyond the earlier ones; ``record`` is the one before the completion is counted."""
    return tuple(
        CompetencyAttained(
            province=event.province,
            unit_path=event.unit_path,
            employee_id=event.employee_id,
            competency=competency,
            level=level,
            completion_id=event.completion_id,
            attained_on=event.completed_on,
        )
        for competency in competencies
        if level > level_of(record, competency)
    )


def count_mentoring(record: Record, event: MentoringSessionHeld) -> tuple[Record, Effect]:
    """Hours of mentoring were held, as mentor or mentee."""
    year = str(event.held_on.year)
    hours = {**record.mentoring, year: record.mentoring.get(year, Decimal(0)) + event.jp}
    return replace(record, mentoring=hours), {"did": "mentored", "role": event.role, "jp": event.jp}


def hours_of(record: Record, year: int) -> HoursOfYear:
    """JP of a calendar year: earned by the day of completion, offered by the day on which the seat starts."""
    return HoursOfYear(
        year=year,
        earned=sum(done.jp for done in record.completions if done.completed_on.year == year),
        offered=sum(offer.jp for offer in record.offers if offer.starts_on.year == year),
        law=ANNUAL_HOURS[record.kind] if record.kind else None,
        mentoring=min(MENTORING_A_YEAR, record.mentoring.get(str(year), Decimal(0))),
    )
