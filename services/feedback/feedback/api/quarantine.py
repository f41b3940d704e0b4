"""HTTP in: oversight looks at the voices that are held, and decides about them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Self

from fastapi import APIRouter, Query
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from feedback import commands, queries
from feedback.api.complaint_views import ComplaintView
from feedback.api.moderation import MaskDep
from feedback.api.routes import AnswerView, FeedbackView
from feedback.domain.answering import UNSUR, Answer
from feedback.domain.complaint import Complaint
from feedback.queries import complaints

router = APIRouter(prefix="/v1/quarantine", tags=["quarantine"])

OversightScope = Annotated[Scope, allow(Role.OVERSIGHT)]
Burst = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class HeldView(FeedbackView):
    """A voice that waits for oversight; its trust is what it would weigh."""

    burst: str


class HeldAnswerView(AnswerView):
    """A survey answer that waits for oversight, in no tally until then; its trust is what it would weigh."""

    employee_id: Id | None
    marks: dict[str, int]
    burst: str
    because: str

    @classmethod
    def of(cls, answer: Answer) -> Self:
        marks = dict(zip(UNSUR, answer.marks, strict=True))
        return cls.model_validate({**asdict(answer), "marks": marks})


class HeldComplaintView(ComplaintView):
    """A complaint that is handled, and moves no score until oversight has decided."""

    burst: str
    because: str

    @classmethod
    def besides(cls, one: Complaint) -> dict[str, object]:
        return {**super().besides(one), "burst": one.burst, "because": one.because}


class VerdictRequest(Body):
    """About which held voices is decided, these ratings, survey answers and complaints or all of a burst, and why."""

    feedback_ids: list[Id] = Field(default=[], max_length=200)
    answer_ids: list[Id] = Field(default=[], max_length=200)
    complaint_ids: list[Id] = Field(default=[], max_length=200)
    burst: Burst | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]

    def choice(self) -> commands.Choice:
        return commands.Choice(tuple(self.feedback_ids), tuple(self.answer_ids), tuple(self.complaint_ids), self.burst)


class DecidedView(BaseModel):
    """What was decided."""

    decided: int
    more: bool = Field(description="Whether more of the burst wait: send the request again, under another key.")


@router.get("")
async def list_held(
    scope: OversightScope,
    work: WorkDep,
    mask: MaskDep,
    burst: Annotated[str | None, Query(max_length=100)] = None,
    after: After = None,
    limit: Limit = 100,
) -> Page[HeldView]:
    """The ratings that wait for oversight, perhaps those of one burst."""
    found = await queries.list_held(work, scope, burst, after, limit)
    items = [HeldView.model_validate(mask.seen(f), from_attributes=True) for f in found]
    return Page(items=items, next=found[-1].id if len(found) == limit else None)


@router.get("/answers")
async def list_held_answers(
    scope: OversightScope,
    work: WorkDep,
    burst: Annotated[str | None, Query(max_length=100)] = None,
    after: After = None,
    limit: Limit = 100,
) -> Page[HeldAnswerView]:
    """The survey answers that wait for oversight, perhaps those of one burst."""
    found = await queries.list_held_answers(work, scope, burst, after, limit)
    return Page(items=[HeldAnswerView.of(a) for a in found], next=found[-1].id if len(found) == limit else None)


@router.get("/complaints")
async def list_held_complaints(
    scope: OversightScope,
    work: WorkDep,
    mask: MaskDep,
    burst: Annotated[str | None, Query(max_length=100)] = None,
    after: After = None,
    limit: Limit = 100,
) -> Page[HeldComplaintView]:
    """The complaints that came as a burst and move no score yet, perhaps those of one burst."""
    found = await complaints.list_held_complaints(work, scope, burst, after, limit)
    items = [HeldComplaintView.of(mask.seen(one)) for one in found]
    return Page(items=items, next=found[-1].id if len(found) == limit else None)


@router.post("/release")
async def release(body: VerdictRequest, scope: OversightScope, work: WorkDep) -> DecidedView:
    """These voices are sound and count from now on."""
    decided = await commands.decide(work, scope, body.choice(), "release", body.reason)
    return DecidedView.model_validate(decided, from_attributes=True)


@router.post("/uphold")
async def uphold(body: VerdictRequest, scope: OversightScope, work: WorkDep) -> DecidedView:
    """These voices are part of an abuse and never count."""
    decided = await commands.decide(work, scope, body.choice(), "uphold", body.reason)
    return DecidedView.model_validate(decided, from_attributes=True)
