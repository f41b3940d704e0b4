"""Mentoring: who could teach whom, proposed, agreed to by both, met in, judged by both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from training import queries
from training.api.catalogue import Day
from training.api.enrolments import EnrolScope
from training.api.records import RecordScope
from training.commands import mentoring as commands
from training.domain import mentoring as mentorings
from training.domain.matching import Suggestion
from training.domain.mentoring import STATEMENTS, Mentoring, State

router = APIRouter(prefix="/v1", tags=["mentoring"])

OwnScope = Annotated[Scope, allow(Role.EMPLOYEE)]
HrScope = Annotated[Scope, allow(Role.HR)]
ListScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.HR, Role.OVERSIGHT)]
Words = Annotated[str, StringConstraints(min_length=3, max_length=500)]
Hours = Annotated[Decimal, Field(strict=False, max_digits=4, decimal_places=2)]


class ProposalRequest(Body):
    """Who could teach whom what."""

    mentee_id: Id
    mentor_id: Id
    competency: Annotated[str, StringConstraints(min_length=3, max_length=80)]


class ReasonRequest(Body):
    """Why."""

    reason: Words


class MeetingRequest(Body):
    """A meeting that was held."""

    held_on: Day
    jp: Hours = Field(description="Hours of 45 minutes, up to 8 on a day.")
    topic: Words


class EvaluationRequest(Body):
    """Answers to the statements that the mentoring shows, in their order."""

    marks: Annotated[list[int], Field(max_length=20, description="1 (tidak setuju) to 5 (sangat setuju).")]


class StrengthView(BaseModel):
    """What a mentor could pass on."""

    competency: str
    mentor_level: int
    mentee_level: int


class SuggestionView(BaseModel):
    """Somebody who could be a mentor, and why."""

    employee_id: Id
    name: str
    unit_path: str
    strengths: list[StrengthView]
    mentees: int = Field(description="How many they have already.")
    why: str

    @classmethod
    def of(cls, one: Suggestion) -> Self:
        strengths = [StrengthView.model_validate(strength, from_attributes=True) for strength in one.strengths]
        return cls(
            employee_id=one.mentor.employee_id, name=one.mentor.name, unit_path=one.mentor.unit_path,
            strengths=strengths, mentees=one.mentees, why=one.why,
        )  # fmt: skip


class MeetingView(BaseModel):
    """A meeting."""

    held_on: date
    jp: Decimal
    topic: str
    recorded_by: mentorings.Role
    confirmed: bool


class MentoringView(BaseModel):
    """A mentoring; judgements are shown when both are there."""

    id: Id
    mentor_id: Id
    mentee_id: Id
    competency: str
    unit_path: str
    state: State
    proposed_on: date
    accepted: list[mentorings.Role]
    meetings: list[MeetingView]
    hours: Decimal = Field(description="JP that both have confirmed.")
    statements: dict[mentorings.Role, list[str]] = Field(description="What each side answers at the end.")
    marks: dict[mentorings.Role, list[int]]
    reason: str | None
    ended_on: date | None

    @classmethod
    def of(cls, mentoring: Mentoring) -> Self:
        shown = {name: getattr(mentoring, name) for name in cls.model_fields.keys() - {"statements", "marks"}}
        shown["meetings"] = [MeetingView.model_validate(one, from_attributes=True) for one in mentoring.meetings]
        marks = mentoring.marks if mentoring.state == "closed" else {}
        return cls.model_validate(
            {**shown, "accepted": list(mentoring.accepted), "statements": STATEMENTS, "marks": marks}
        )


@router.get("/records/{employee_id}/mentors")
async def suggest_mentors(employee_id: Id, scope: EnrolScope, work: WorkDep) -> list[SuggestionView]:
    """Who in the government has shown what the employee needs, the best first, and why."""
    return [SuggestionView.of(one) for one in await queries.mentors_for(work, scope, employee_id)]


@router.post("/mentorings", status_code=201)
async def propose(body: ProposalRequest, scope: EnrolScope, work: WorkDep) -> MentoringView:
    """Propose a mentor for oneself, a report, or an employee of one's units; both have to agree."""
    proposed = await commands.propose(work, scope, body.mentee_id, body.mentor_id, body.competency)
    return MentoringView.of(proposed)


@router.get("/mentorings")
async def list_mentorings(
    scope: ListScope, work: WorkDep, state: State | None = None, after: After = None, limit: Limit = 100
) -> Page[MentoringView]:
    """One's own, in either part; or those of the mentees of the office's units."""
    found = await queries.list_mentorings(work, scope, state, after, limit)
    return Page(items=[MentoringView.of(m) for m in found], next=found[-1].id if len(found) == limit else None)


@router.get("/records/{employee_id}/mentorings")
async def list_mentorings_of(
    employee_id: Id, scope: RecordScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[MentoringView]:
    """What somebody has as mentor or mentee."""
    found = await queries.mentorings_of(work, scope, employee_id, after, limit)
    return Page(items=[MentoringView.of(m) for m in found], next=found[-1].id if len(found) == limit else None)


@router.get("/mentorings/{mentoring_id}")
async def read_mentoring(mentoring_id: Id, scope: ListScope, work: WorkDep) -> MentoringView:
    """One mentoring."""
    return MentoringView.of(await queries.read_mentoring(work, scope, mentoring_id))


@router.post("/mentorings/{mentoring_id}/acceptance", status_code=201)
async def accept(mentoring_id: Id, scope: OwnScope, work: WorkDep) -> MentoringView:
    """Agree, as mentor or mentee."""
    return MentoringView.of(await commands.accept(work, scope, mentoring_id))


@router.post("/mentorings/{mentoring_id}/refusal", status_code=201)
async def decline(mentoring_id: Id, body: ReasonRequest, scope: OwnScope, work: WorkDep) -> MentoringView:
    """Not agree, as mentor or mentee."""
    return MentoringView.of(await commands.decline(work, scope, mentoring_id, body.reason))


@router.post("/mentorings/{mentoring_id}/meetings", status_code=201)
async def record_meeting(mentoring_id: Id, body: MeetingRequest, scope: OwnScope, work: WorkDep) -> MentoringView:
    """Say that a meeting was held; it counts once the other side confirms it."""
    met = await commands.record_meeting(work, scope, mentoring_id, body.held_on, body.jp, body.topic)
    return MentoringView.of(met)


@router.post("/mentorings/{mentoring_id}/meetings/{day}/confirmation", status_code=201)
async def confirm_meeting(mentoring_id: Id, day: date, scope: OwnScope, work: WorkDep) -> MentoringView:
    """Confirm a meeting that the other side has recorded: its hours count for both."""
    return MentoringView.of(await commands.confirm_meeting(work, scope, mentoring_id, day))


@router.put("/mentorings/{mentoring_id}/evaluation")
async def evaluate(mentoring_id: Id, body: EvaluationRequest, scope: OwnScope, work: WorkDep) -> MentoringView:
    """Judge the other side; with both judgements the mentoring is closed."""
    return MentoringView.of(await commands.evaluate(work, scope, mentoring_id, tuple(body.marks)))


@router.post("/mentorings/{mentoring_id}/closing", status_code=201)
async def close(mentoring_id: Id, body: ReasonRequest, scope: HrScope, work: WorkDep) -> MentoringView:
    """End a mentoring that the two do not end."""
    return MentoringView.of(await commands.close(work, scope, mentoring_id, body.reason))
