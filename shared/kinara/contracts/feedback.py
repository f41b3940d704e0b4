"""What feedback says: what citizens told us, without saying who they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from kinara.contracts.event import Event, Id

Rating = Annotated[int, Field(ge=1, le=4)]
"""Likert 1 (worst) to 4 (best), the scale of PermenPANRB 14/2017."""


Topic = Literal[
    "persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "penanganan", "sarana", "lainnya"
]
"""What a complaint is about: the nine unsur of the satisfaction survey (PermenPANRB 14/2017), or something else."""


class FeedbackEvent(Event):
    """Root of feedback's events."""

    service: ClassVar[str] = "feedback"


class _Voice(FeedbackEvent):
    """One citizen's rating of an employee, or of a unit where no employee is named."""

    feedback_id: Id
    employee_id: Id | None = Field(default=None, description="The officer rated; None when the unit is.")
    unit_id: Id
    rating: Rating = Field(description="Likert 1 (worst) to 4 (best).")
    trust: Decimal = Field(
        ge=0, le=1, description="Weight: 1.0 with a service ticket, 0.5 from a verified account, 0.2 anonymous."
    )
    given_at: AwareDatetime = Field(description="When the citizen said it; decides the period.")
    thanked: bool = Field(
        default=False, description="The citizen also thanks the officer: told and counted, and of no weight."
    )


class FeedbackReceived(_Voice):
    """A citizen gave feedback and was told that it was accepted."""

    has_text: bool = Field(default=False, description="Whether words came with it; the words stay in feedback.")


class FeedbackWithdrawn(_Voice):
    """Feedback was taken back, by the citizen or because it was abusive; repeats what it undoes."""

    reason: Literal["citizen", "abuse"] = Field(description="Who took it back: the citizen, or oversight for abuse.")
    replaced_by: Id | None = Field(default=None, description="The feedback with which the citizen took it back.")


class FeedbackQuarantined(_Voice):
    """Feedback is kept but weighs nothing until oversight releases it."""

    reason: str = Field(description="The rule that caught it, in plain words.")


class FeedbackReleased(_Voice):
    """Quarantined feedback counts again."""

    reason: str | None = Field(default=None, description="Why oversight found it sound, in plain words.")


class _Complaint(FeedbackEvent):
    """A complaint and its clock."""

    complaint_id: Id
    employee_id: Id | None = Field(default=None, description="The officer who handles it, if assigned.")
    unit_id: Id
    opened_at: AwareDatetime
    topic: Topic | None = Field(default=None, description="What it is about; None where nobody has said.")


class ComplaintResolved(_Complaint):
    """A complaint was answered."""

    resolved_at: AwareDatetime
    within_sla: bool = Field(description="Answered within the working days its class allows.")
    outcome: Literal["solved", "closed_without_solution", "not_ours"] = Field(
        description="Only solved counts as solved; not_ours was passed on to who is competent."
    )
    late_before_assignment: bool = Field(
        default=False,
        description="The clock ran out before this officer got it, or within the last working day after: the lateness "
        "is somebody else's.",
    )


class ComplaintReopened(_Complaint):
    """The citizen says it is not solved: the resolution no longer counts."""

    reopened_at: AwareDatetime
    was_within_sla: bool = Field(description="``within_sla`` of the resolution that this undoes.")
    was_outcome: Literal["solved", "closed_without_solution", "not_ours"] | None = Field(
        default=None, description="``outcome`` of the resolution that this undoes; None where it was not said."
    )


class ComplaintOverdue(_Complaint):
    """The clock ran out before an answer."""

    due_at: AwareDatetime = Field(description="When the working days of its class ran out.")
    clock: Literal["verification", "answer"] = Field(
        default="answer", description="Which clock ran out: the office's to verify it, or the one to answer it."
    )


class _Answer(FeedbackEvent):
    """One citizen's answer to a satisfaction survey."""

    answer_id: Id
    employee_id: Id | None = Field(default=None, description="The officer who served, where the ticket names one.")
    unit_id: Id
    u1: Rating = Field(description="Persyaratan")
    u2: Rating = Field(description="Sistem, mekanisme dan prosedur")
    u3: Rating = Field(description="Waktu penyelesaian")
    u4: Rating = Field(description="Biaya/tarif")
    u5: Rating = Field(description="Produk spesifikasi jenis pelayanan")
    u6: Rating = Field(description="Kompetensi pelaksana")
    u7: Rating = Field(description="Perilaku pelaksana")
    u8: Rating = Field(description="Penanganan pengaduan, saran dan masukan")
    u9: Rating = Field(description="Sarana dan prasarana")
    trust: Decimal = Field(
        ge=0, le=1, description="Weight: 1.0 with a service ticket, 0.5 from a verified account, 0.2 anonymous."
    )
    answered_at: AwareDatetime = Field(description="When the citizen answered; decides the period.")


class SurveyAnswered(_Answer):
    """One answer to a satisfaction survey (SKM): nine unsur, each 1 to 4. Source: PermenPANRB 14/2017."""


class SurveyAnswerWithdrawn(_Answer):
    """An answer counts no more, since its citizen answered again or it was abusive; repeats what it undoes."""

    reason: Literal["citizen", "abuse"] = Field(description="Who took it back: the citizen, or oversight for abuse.")
    replaced_by: Id | None = Field(default=None, description="The answer with which the citizen took it back.")


class SurveyAnswerQuarantined(_Answer):
    """An answer is kept but weighs nothing until oversight releases it."""

    reason: str = Field(description="The rule that caught it, in plain words.")


class SurveyAnswerReleased(_Answer):
    """A quarantined answer counts again."""

    reason: str | None = Field(default=None, description="Why oversight found it sound, in plain words.")


class ForumRecorded(FeedbackEvent):
    """A residents' forum was held and its minutes recorded."""

    forum_id: Id
    unit_id: Id
    held_on: date
    attendance: int = Field(ge=0, description="People present.")
    proposals: int = Field(ge=0, description="How many proposals wait for an official answer.")
    recorded_at: AwareDatetime
    proposal_ids: tuple[Id, ...] = Field(
        default=(), max_length=200, description="The proposals, each of which may be cited; empty in earlier facts."
    )


class ReferencePublished(FeedbackEvent):
    """What a unit announced to the public may be cited by policies from now on; forums say so of themselves."""

    unit_id: Id
    reference: str = Field(
        max_length=60,
        description="As the public reads it: ``campaign:<id>``, ``commitment:<id>``, ``ikm:<unit>:<month>``.",
    )
    published_at: AwareDatetime
