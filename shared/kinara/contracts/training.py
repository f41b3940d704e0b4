"""What training says: what was offered, attended and attained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from kinara.contracts.event import Event, Id


class TrainingEvent(Event):
    """Root of training's events. JP (jam pelajaran) is the legal unit of learning, 45 minutes."""

    service: ClassVar[str] = "training"

    employee_id: Id


class _Seat(TrainingEvent):
    """A seat in a session, and the hours that it puts on offer."""

    enrolment_id: Id
    session_id: Id
    programme_id: Id
    title: str
    jp: int = Field(ge=1, description="Hours that the whole programme earns.")
    starts_on: date
    ends_on: date | None = Field(
        default=None, description="The session's last day; None in facts of before it was told: that of starts_on."
    )


class EnrolmentConfirmed(_Seat):
    """A seat was given: these hours are on offer to the employee in the year of ``starts_on``.

    A session is one offer: a seat given back and taken again is confirmed again, and adds no hours. Whether and when
    the hours of a seat are asked of the employee is appraisal's rule.
    """


class EnrolmentCancelled(_Seat):
    """A seat that was given is the employee's no more; whether its hours stay on offer depends on the reason.

    It is said of seats only, not of places in the waiting line. When a session is called off, it is said also of
    those who had given their seat back before.
    """

    reason: Literal["participant", "session_called_off"] = Field(
        description="participant: given back, and the hours stay on offer, taken up or not; "
        "session_called_off: the session does not take place, and its hours were never within reach."
    )


class EnrolmentWaitlisted(TrainingEvent):
    """No seat (or budget) was left; the employee waits at this place."""

    enrolment_id: Id
    session_id: Id
    place: int = Field(ge=1, description="1 is next.")


class TrainingCompleted(TrainingEvent):
    """Learning ended with a certificate."""

    completion_id: Id
    enrolment_id: Id = Field(description="The place; of a certificate earned elsewhere its entry.")
    programme_id: Id = Field(description="The programme; of a certificate earned elsewhere its entry.")
    title: str
    partner: str = Field(description="Institution that issued the certificate.")
    jp: int = Field(ge=1, description="Hours earned.")
    course_kind: str = Field(description="SIASN jenisDiklat code, e.g. 4 workshop, 15 mentoring, 16 e-learning.")
    certificate_number: str = Field(description="As printed on the certificate.")
    completed_on: date = Field(description="Decides the year and the period the hours count in.")


class MentoringSessionHeld(TrainingEvent):
    """A mentoring session took place; one event for each of the two people."""

    mentoring_id: Id = Field(description="The session: the same for both people, another one for each session.")
    role: Literal["mentor", "mentee"] = Field(description="Part of the employee whom this event is about.")
    other_id: Id = Field(description="The other person of the pair.")
    jp: Decimal = Field(gt=0, description="Length of the session; how much of it counts in a year is appraisal's rule.")
    held_on: date


class TrainingEntitlementGranted(TrainingEvent):
    """A right to further training was earned."""

    entitlement_id: Id
    reason: str = Field(description="The rule that granted it, in plain words.")
    granted_on: date


class CompetencyAttained(TrainingEvent):
    """A competency was shown at a level."""

    competency: str = Field(description="Code ``<topic>.<name>``, e.g. pelayanan.publik-digital.")
    level: int = Field(ge=1, le=5, description="1 (aware) to 5 (expert).")
    completion_id: Id | None = Field(default=None, description="The completion that showed it, if one did.")
    attained_on: date
