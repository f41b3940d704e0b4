"""An employee's training record: who they are to training, what was offered and completed, and what they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kinara.contracts import Province
from kinara.contracts.appraisal import CoachingOpened, ScoreUpdated
from kinara.contracts.personnel import (
    EmployeeChanged,
    EmployeeKind,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
)
from kinara.contracts.training import (
    CompetencyAttained,
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentWaitlisted,
    TrainingCompleted,
)

from training.domain.need import Need, cover, need_after, need_of_coaching

Effect = dict[str, object]
"""What one event did to a record, for its page; values that the database can keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualHours:
    """How many JP a year the law speaks of for a kind of employee."""

    at_least: int | None
    at_most: int | None
    source: str
    verified: bool
    """Whether the source was read; what is not verified is shown, and enforced nowhere."""


ANNUAL_HOURS: Mapping[EmployeeKind, AnnualHours] = {
    "PNS": AnnualHours(at_least=20, at_most=None, source="PP 11/2017 jo. 17/2020; PerLAN 10/2018", verified=True),
    "PPPK": AnnualHours(at_least=None, at_most=24, source="PerLAN 15/2020", verified=False),
}
"""PNS have a right to at least 20 JP a year. That PPPK have at most 24 is remembered, not confirmed by the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Hours that were really within reach: a confirmed seat in a session, taken up or not."""

    session_id: str
    jp: int
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Hours earned with a certificate."""

    id: str
    programme_id: str
    title: str
    jp: int
    course_kind: str
    competencies: tuple[str, ...]
    completed_on: date
    level: int = 1
    """Of its competencies, 1 (aware) to 5 (expert)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOfYear:
    """A year's JP: earned, offered, and what the law speaks of."""

    year: int
    earned: int
    offered: int
    law: AnnualHours | None
    """None until the kind of employee is known."""

    @property
    def missing(self) -> int:
        """JP still to be earned to reach the legal minimum; 0 where there is none."""
        wanted = self.law.at_least if self.law else None
        return max(0, (wanted or 0) - self.earned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One employee as training knows them; facts published about them are numbered on this record."""

    employee_id: str
    name: str
    kind: EmployeeKind | None
    province: Province
    unit_id: str
    unit_path: str
    supervisor_id: str | None = None
    active: bool = False
    offers: tuple[Offer, ...] = ()
    completions: tuple[Completion, ...] = ()
    needs: tuple[Need, ...] = ()

    @property
    def known(self) -> bool:
        """Whether personnel has announced the employee; a score alone does not."""
        return self.kind is not None

    def was_offered(self, session_id: str) -> bool:
        """Whether the hours of a session are on offer to the employee."""
        return any(offer.session_id == session_id for offer in self.offers)

    @property
    def open_needs(self) -> tuple[Need, ...]:
        """What the employee should be trained in."""
        return tuple(need for need in self.needs if need.state == "open")


def blank(employee_id: str, province: str) -> Record:
    """An employee heard of for the first time, in a province (code); a score may arrive before the registration."""
    return Record(
        employee_id=employee_id, name="", kind=None, province=Province(code=province), unit_id="", unit_path=""
    )


def follow_registration(record: Record, event: EmployeeRegistered) -> tuple[Record, Effect]:
    """The employee can be trained from now on; what was known before, such as a need, stays."""
    return replace(_with_facts(record, event), active=True), {"did": "registered", "unit_path": event.unit_path}


def follow_change(record: Record, event: EmployeeChanged) -> tuple[Record, Effect]:
    """The record says what personnel says now; whether they serve is not a matter of this event."""
    return _with_facts(record, event), {"did": "changed", "fields": list(event.changed)}


def follow_transfer(record: Record, event: EmployeeTransferred) -> tuple[Record, Effect]:
    """The employee takes offers, hours and needs along."""
    moved = replace(
        record,
        unit_id=event.to_unit_id,
        unit_path=event.unit_path,
        province=event.province,
        supervisor_id=event.supervisor_id,
    )
    return moved, {"did": "transferred", "from": event.from_unit_path, "to": event.unit_path}


def follow_separation(record: Record, event: EmployeeSeparated) -> tuple[Record, Effect]:
    """No more seats for this employee; the record stays."""
    return replace(record, active=False), {"did": "separated", "reason": event.reason}


def with_facts_of(record: Record, other: Record) -> Record:
    """The record with whom it is about taken from another one of theirs, unless that knows of a score only."""
    if not other.known:
        return record
    return replace(other, offers=record.offers, completions=record.completions, needs=record.needs)


def open_need_after_low_score(record: Record, event: ScoreUpdated, threshold: Decimal) -> tuple[Record, Effect]:
    """A weak score opens a need; most scores open none and leave an empty effect."""
    need = need_after(event, threshold)
    return _with_need(record, need) if need else (record, {})


def open_need_after_coaching(record: Record, event: CoachingOpened) -> tuple[Record, Effect]:
    """Coaching that was opened asks for training too."""
    return _with_need(record, need_of_coaching(event))


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
    """A seat given back was on offer all the same; the hours of a session called off were never within reach."""
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
    needs = tuple(cover(need, completion.id, competencies, event.completed_on) for need in record.needs)
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
        if level > _level_of(record, competency)
    )


def hours_of(record: Record, year: int) -> HoursOfYear:
    """JP of a calendar year: earned by the day of completion, offered by the day on which the seat starts."""
    return HoursOfYear(
        year=year,
        earned=sum(done.jp for done in record.completions if done.completed_on.year == year),
        offered=sum(offer.jp for offer in record.offers if offer.starts_on.year == year),
        law=ANNUAL_HOURS[record.kind] if record.kind else None,
    )


def _level_of(record: Record, competency: str) -> int:
    """The highest level that a certificate has shown; 0 for none."""
    return max((done.level for done in record.completions if competency in done.competencies), default=0)


def _with_need(record: Record, need: Need) -> tuple[Record, Effect]:
    """One open need for each component, and no more than one in a period: a score moves only after the training."""
    asked = any(known.id == need.id for known in record.needs)
    if asked or any(known.component == need.component for known in record.open_needs):
        return record, {}
    opened = replace(record, needs=(*record.needs, need))
    return opened, {"did": "need opened", "need": need.id, "topic": need.topic}


def _with_facts(record: Record, event: EmployeeRegistered | EmployeeChanged) -> Record:
    return replace(
        record,
        name=event.name,
        kind=event.kind,
        province=event.province,
        unit_id=event.unit_id,
        unit_path=event.unit_path,
        supervisor_id=event.supervisor_id,
    )
