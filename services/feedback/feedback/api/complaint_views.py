"""What citizens and offices send about complaints, and what they are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from kinara.contracts import Id
from kinara.contracts.feedback import Topic
from kinara.kit.http import Body
from pydantic import BaseModel, Field, StringConstraints

from feedback.api.routes import Code, ReceiptRequest
from feedback.commands.complaints import Reply
from feedback.domain.complaint import Complaint, Outcome, State
from feedback.queries.complaints import UnitComplaints

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Short = Annotated[str, StringConstraints(max_length=300)]
ClassName = Annotated[str, StringConstraints(min_length=1, max_length=40)]

TOLD: dict[State, str] = {
    "received": "Pengaduan diterima dan menunggu verifikasi.",
    "verified": "Pengaduan sudah diverifikasi dan menunggu petugas.",
    "assigned": "Pengaduan sedang ditangani petugas.",
    "solved": "Pengaduan dinyatakan selesai.",
    "closed_without_solution": "Pengaduan ditutup tanpa penyelesaian.",
    "not_ours": "Pengaduan bukan kewenangan unit ini dan sudah diteruskan.",
}
"""What a citizen reads about their complaint."""


class ComplaintRequest(Body):
    """A complaint about a unit, with the class and topic that the citizen proposes."""

    unit_id: Id
    text: Words
    sla_class: ClassName | None = None
    topic: Topic | None = None
    ticket: Code | None = Field(default=None, description="Proof of a service of the unit; nobody needs one.")


class Kept(BaseModel):
    """What the citizen keeps: the number names the complaint, the key alone opens it. The key is shown once."""

    id: Id
    receipt: str
    key: str
    sla_class: str
    verified_by_then: datetime = Field(description="Until when the office has to have looked at it.")
    message: str = "Terima kasih, pengaduan Anda diterima. Simpan nomor dan kunci tanda terima ini."


class VerificationRequest(Body):
    """What the office found: its class and topic."""

    sla_class: ClassName
    topic: Topic


class AssignmentRequest(Body):
    """Who is to handle it; why, where it goes on from another."""

    employee_id: Id
    reason: Short = ""


class AnswerRequest(Body):
    """What became of it; where it is not ours, to whom it was passed on."""

    outcome: Outcome
    words: Words
    passed_to: Short = ""

    def reply(self) -> Reply:
        return Reply(self.outcome, self.words, self.passed_to)


class ContestRequest(ReceiptRequest):
    """Why it is not solved, by whoever holds the receipt."""

    words: Words


class AnswerView(BaseModel):
    """An answer, and what the citizen said to it."""

    outcome: Outcome
    words: str
    passed_to: str
    given_at: datetime
    within_sla: bool
    contested_at: datetime | None
    contest: str


class AssignmentView(BaseModel):
    """Who got it."""

    employee_id: Id
    by: str
    at: datetime
    reason: str


class ComplaintTracked(BaseModel):
    """A complaint as its citizen follows it; as the public, without the names of officers."""

    receipt: str
    state: State
    message: str
    sla_class: str
    topic: Topic | None
    text: str
    opened_at: datetime
    verified_at: datetime | None
    due_at: datetime = Field(description="When the working days of the clock that runs, or ran last, are over.")
    overdue: bool
    answers: list[AnswerView]
    settles_at: datetime | None = Field(description="Until when an answer can be contested; silence confirms it.")
    confirmed_at: datetime | None

    @classmethod
    def of(cls, one: Complaint) -> Self:
        own = ("receipt", "state", "topic", "text", "opened_at", "verified_at", "due_at", "settles_at", "confirmed_at")
        shown = {name: getattr(one, name) for name in own}
        answers = [AnswerView.model_validate(answer, from_attributes=True) for answer in one.answers]
        return cls.model_validate(
            shown | {"message": TOLD[one.state], "sla_class": one.level, "overdue": one.is_open and one.late}
            | {"answers": answers} | cls.besides(one)
        )  # fmt: skip

    @classmethod
    def besides(cls, _: Complaint) -> dict[str, object]:
        return {}


class ComplaintView(ComplaintTracked):
    """A complaint as those read it who handle it; never who complained."""

    id: Id
    unit_id: Id
    employee_id: Id | None
    verified_by: str | None
    hidden: bool
    assignments: list[AssignmentView]

    @classmethod
    def besides(cls, one: Complaint) -> dict[str, object]:
        own = ("id", "unit_id", "employee_id", "verified_by", "hidden")
        given = [AssignmentView.model_validate(each, from_attributes=True) for each in one.assignments]
        return {name: getattr(one, name) for name in own} | {"assignments": given}


class ClassView(BaseModel):
    """A class of complaints, and its working days."""

    sla_class: str
    title: str
    verify_days: int
    answer_days: int


class Counts(BaseModel):
    """How many came, and what became of them."""

    received: int
    open: int
    overdue: int = Field(description="Of those that are open, those of which a clock has ever run out.")
    solved_in_time: int
    solved_late: int
    closed_without_solution: int
    not_ours: int
    reopened: int = Field(description="How often a citizen said that it was not so.")


class UnitComplaintsView(BaseModel):
    """The complaints of a unit and everything below it that came in a period."""

    unit_id: Id
    unit: str
    period: str
    counts: Counts

    @classmethod
    def of(cls, found: UnitComplaints) -> Self:
        counts = Counts.model_validate(found.counts)
        return cls(unit_id=found.unit.id, unit=found.unit.name, period=found.period, counts=counts)
