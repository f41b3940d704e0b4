"""HTTP in: citizens speak without an account and follow their receipt; officers issue tickets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import PublicScope, Role, allow
from kinara.kit.problems import Refusals
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints, computed_field

from feedback import commands, queries
from feedback.api.moderation import MaskDep
from feedback.api.sending import SenderDep
from feedback.domain import receipt, refusals
from feedback.domain.answering import UNSUR, Answer
from feedback.domain.feedback import Feedback, Status
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket

STATUS: Refusals = {
    refusals.Refusal: 422,
    refusals.TicketUsed: 409,
    refusals.AlreadyWithdrawn: 409,
    refusals.WrongKey: 403,
    refusals.ProofRefused: 401,
    refusals.ReceiptUnknown: 404,
    refusals.NotQuarantined: 409,
    refusals.NothingToDraw: 409,
    refusals.TokenUsed: 409,
    refusals.CampaignNotRunning: 409,
    refusals.TooManyInvited: 409,
    refusals.ForumRecordedAlready: 409,
    refusals.ProposalAnswered: 409,
    refusals.CommitmentEnded: 409,
    refusals.NotVerified: 409,
    refusals.AlreadyVerified: 409,
    refusals.AlreadyAssigned: 409,
    refusals.AlreadyAnswered: 409,
    refusals.NotAnswered: 409,
    refusals.AlreadySettled: 409,
    refusals.NotAssignedToYou: 409,
    refusals.TooOftenReopened: 409,
    refusals.AlreadyModerated: 409,
    refusals.TooManyComplaints: 429,
}

router = APIRouter(prefix="/v1", tags=["feedback"])

CounterScope = Annotated[Scope, allow(Role.HR, Role.INTEGRATOR)]
ReaderScope = Annotated[Scope, allow(Role.HR, Role.OVERSIGHT)]
Mark = Annotated[int, Field(ge=1, le=4, description="1 (worst) to 4 (best)")]
Code = Annotated[str, StringConstraints(min_length=4, max_length=60)]
Period = Annotated[str, Query(max_length=10, examples=["2026-11", "2026-Q4", "2026"])]


TOLD: Mapping[Status, str] = {
    "received": "",
    "quarantined": "Banyak penilaian datang bersamaan, jadi tim pengawas memeriksanya dulu sebelum dihitung.",
    "rejected": "Tim pengawas memutuskan bahwa penilaian ini tidak dihitung.",
    "withdrawn": "Penilaian ini sudah ditarik kembali dan tidak dihitung.",
}
"""What a citizen reads about their feedback."""


class TicketRequest(Body):
    """A service that has just been given."""

    unit_id: Id
    employee_id: Id | None = None
    service: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class TicketView(BaseModel):
    """A ticket to hand to the citizen."""

    code: str
    unit_id: Id
    employee_id: Id | None
    service: str
    expires_at: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        return cls.model_validate(ticket, from_attributes=True)


class FeedbackRequest(Body):
    """A rating of an officer (of a unit, if both are named), a unit, or whoever gave the service on a ticket."""

    rating: Mark
    text: Annotated[str, StringConstraints(max_length=4000)] = ""
    employee_id: Id | None = None
    unit_id: Id | None = None
    ticket: Code | None = None
    thanks: bool = Field(default=False, description="Also thanks to the officer: they are told, and it weighs nothing.")

    def voice(self) -> commands.Voice:
        return commands.Voice(self.employee_id, self.unit_id, self.rating, self.text, self.ticket, self.thanks)


class Accepted(BaseModel):
    """What the citizen keeps: the number names the feedback, the key alone opens it. The key is shown once."""

    id: Id
    receipt: str
    key: str
    trust: Decimal
    status: Status
    message: str

    @classmethod
    def of(cls, given: commands.Given, key: str) -> Self:
        kept = "Simpan nomor dan kunci tanda terima ini."
        said = f"Terima kasih, penilaian Anda diterima. {TOLD[given.status]} {kept}".replace("  ", " ")
        return cls(id=given.id, receipt=given.receipt, key=key, trust=given.trust, status=given.status, message=said)


class ReceiptRequest(Body):
    """A receipt's number and key, in the body so that neither appears in an address or a log."""

    receipt: Code
    key: Code


class Tracked(BaseModel):
    """What became of a feedback."""

    receipt: str
    status: Status
    rating: int
    trust: Decimal
    given_at: datetime
    withdrawn_at: datetime | None
    decided_at: datetime | None
    because: str = Field(description="Why it is held, or the reason of what was decided.")

    @computed_field  # type: ignore[prop-decorator]  # mypy has no word for a decorated property
    @property
    def message(self) -> str:
        """For the citizen."""
        return TOLD[self.status] or "Penilaian ini dihitung."

    @classmethod
    def of(cls, feedback: Feedback) -> Self:
        return cls.model_validate(feedback, from_attributes=True)


class SurveyRequest(Body):
    """The nine unsur of the SKM."""

    u1: Mark
    u2: Mark
    u3: Mark
    u4: Mark
    u5: Mark
    u6: Mark
    u7: Mark
    u8: Mark
    u9: Mark
    employee_id: Id | None = None
    unit_id: Id | None = None
    ticket: Code | None = None

    def marks(self) -> dict[str, int]:
        return {unsur: getattr(self, unsur) for unsur in UNSUR}


class AnswerView(BaseModel):
    """An answer that was accepted."""

    id: Id
    unit_id: Id
    trust: Decimal
    answered_at: datetime
    status: Status

    @computed_field  # type: ignore[prop-decorator]  # mypy has no word for a decorated property
    @property
    def message(self) -> str:
        """For the citizen."""
        return TOLD[self.status] or "Terima kasih, jawaban Anda dihitung."

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls.model_validate(answer, from_attributes=True)


class Listed(BaseModel):
    """Somebody, or a unit, that citizens may speak about."""

    id: Id
    kind: str
    name: str
    unit_id: Id
    unit_path: UnitPath

    @classmethod
    def of(cls, subject: Subject) -> Self:
        return cls.model_validate(subject, from_attributes=True)


class FeedbackView(Tracked):
    """Feedback as oversight reads it; never who gave it."""

    id: Id
    employee_id: Id | None
    unit_id: Id
    text: str
    hidden: bool = Field(description="Whether an office has hidden the words.")


@router.post("/tickets", status_code=201)
async def issue_ticket(body: TicketRequest, scope: CounterScope, work: WorkDep) -> TicketView:
    """A ticket for the citizen who was just served."""
    return TicketView.of(await commands.issue_ticket(work, scope, body.unit_id, body.employee_id, body.service))


@router.post("/feedback", status_code=201)
async def give_feedback(
    body: FeedbackRequest, _: PublicScope, work: WorkDep, sender: SenderDep, request: Request
) -> Accepted:
    """Feedback without an account."""
    fewest: int = request.app.state.burst_from
    given = await commands.give_feedback(work, body.voice(), sender.secret, sender, fewest)
    return Accepted.of(given, receipt.key_of(given.id, sender.secret))


@router.post("/feedback/track")
async def track(body: ReceiptRequest, _: PublicScope, work: WorkDep) -> Tracked:
    """What became of a feedback, for whoever holds its receipt."""
    return Tracked.of(await queries.track(work, body.receipt, body.key))


@router.post("/feedback/withdrawal")
async def withdraw(body: ReceiptRequest, _: PublicScope, work: WorkDep) -> Tracked:
    """Take feedback back; its words are dropped and its weight is undone."""
    return Tracked.of(await commands.withdraw_feedback(work, body.receipt, body.key))


@router.get("/feedback")
async def list_feedback(
    scope: ReaderScope, work: WorkDep, mask: MaskDep, after: After = None, limit: Limit = 100
) -> Page[FeedbackView]:
    """What was said inside the caller's scope."""
    found = await queries.list_feedback(work, scope, after, limit)
    items = [FeedbackView.model_validate(mask.seen(f), from_attributes=True) for f in found]
    return Page(items=items, next=found[-1].id if len(found) == limit else None)


@router.post("/surveys", status_code=201)
async def answer_survey(
    body: SurveyRequest, _: PublicScope, work: WorkDep, sender: SenderDep, request: Request
) -> AnswerView:
    """One answer to the satisfaction survey (SKM)."""
    whom, fewest = (body.employee_id, body.unit_id), request.app.state.burst_from
    answer = await commands.answer_survey(work, *whom, body.marks(), body.ticket, sender, fewest)
    return AnswerView.of(answer)


@router.get("/units")
async def list_units(
    _: PublicScope, work: WorkDep, path: UnitPath | None = None, after: After = None, limit: Limit = 100
) -> Page[Listed]:
    """Open units, for citizens to choose from."""
    found = await queries.list_units(work, path, after, limit)
    return Page(items=[Listed.of(s) for s in found], next=found[-1].id if len(found) == limit else None)


@router.get("/units/{unit_id}/officers")
async def list_officers(
    unit_id: Id, _: PublicScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[Listed]:
    """The serving officers of a unit, for citizens to choose from."""
    found = await queries.list_officers(work, unit_id, after, limit)
    return Page(items=[Listed.of(s) for s in found], next=found[-1].id if len(found) == limit else None)
