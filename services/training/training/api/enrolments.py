"""Places in sessions: taken and given back by employees and those who answer for them, proved by the trainer."""

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

from training import commands, queries
from training.domain.budget import Lacking
from training.domain.enrolment import Enrolment, Status

router = APIRouter(prefix="/v1", tags=["training"])

EnrolScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.HR)]
TrainerScope = Annotated[Scope, allow(Role.TRAINER)]
RosterScope = Annotated[Scope, allow(Role.TRAINER, Role.HR, Role.OVERSIGHT)]


class EnrolmentRequest(Body):
    """Who wants to take part."""

    employee_id: Id
    use_entitlement: bool = Field(
        default=False,
        description="Use a right to further training: before all who wait, and paid by the government's own budget, "
        "if it has one.",
    )


class EnrolmentView(BaseModel):
    """A place in a session."""

    id: Id
    session_id: Id
    programme_id: Id
    employee_id: Id
    status: Status
    attended: list[date]
    certificate_number: str | None
    completion_id: Id | None
    waits_for: Lacking | None = Field(description="Who waits lacks a seat, money, or that a budget is set at all.")
    why_waiting: str | None = Field(description="The same for people, with what has to come before there is a seat.")
    entitled: bool = Field(description="Whether a right to further training is used for it.")
    amount: Decimal = Field(description="What the employee's unit pays for it, in rupiah.")

    @classmethod
    def of(cls, enrolment: Enrolment) -> Self:
        return cls.model_validate(enrolment, from_attributes=True)


class PlaceView(EnrolmentView):
    """A place as it was given."""

    place: int | None = Field(description="Place in the waiting line, 1 is next; none with a seat.")

    @classmethod
    def given(cls, place: commands.Place) -> Self:
        return cls(**EnrolmentView.of(place.enrolment).model_dump(), place=place.place)


class ParticipantView(EnrolmentView):
    """A place with the name of whose it is."""

    name: str

    @classmethod
    def named(cls, participant: queries.Participant) -> Self:
        return cls(**EnrolmentView.of(participant.enrolment).model_dump(), name=participant.name)


class CompletionRequest(Body):
    """The proof of what was learnt."""

    certificate_number: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class CompletionView(BaseModel):
    """A completion as it was counted; its id stands in the effect that it has on the employee's scorecard."""

    completion_id: Id
    enrolment_id: Id
    employee_id: Id
    programme_id: Id
    title: str
    jp: int
    competencies: list[str]
    certificate_number: str
    completed_on: date
    needs_closed: list[str] = Field(description="Ids of the employee's needs that it covered.")

    @classmethod
    def of(cls, accepted: commands.Accepted) -> Self:
        completion, enrolment = accepted.completion, accepted.enrolment
        return cls(
            completion_id=completion.id,
            enrolment_id=enrolment.id,
            employee_id=enrolment.employee_id,
            programme_id=completion.programme_id,
            title=completion.title,
            jp=completion.jp,
            competencies=list(completion.competencies),
            certificate_number=enrolment.certificate_number or "",
            completed_on=completion.completed_on,
            needs_closed=list(accepted.needs_closed),
        )


@router.post("/sessions/{session_id}/enrolments", status_code=201)
async def enrol(session_id: Id, body: EnrolmentRequest, scope: EnrolScope, work: WorkDep) -> PlaceView:
    """Take a seat for oneself, a report, or an employee of one's units; where seat or money is lacking, wait."""
    right = body.use_entitlement
    return PlaceView.given(await commands.enrol(work, scope, session_id, body.employee_id, use_entitlement=right))


@router.get("/sessions/{session_id}/enrolments")
async def read_roster(
    session_id: Id, scope: RosterScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[ParticipantView]:
    """Who takes part, in the order of enrolment."""
    found = await queries.roster(work, scope, session_id, after, limit)
    items = [ParticipantView.named(participant) for participant in found]
    return Page(items=items, next=items[-1].id if len(items) == limit else None)


@router.post("/enrolments/{enrolment_id}/cancellation")
async def cancel_enrolment(enrolment_id: Id, scope: EnrolScope, work: WorkDep) -> EnrolmentView:
    """Give a place back; its seat and money go to the neediest who wait for them."""
    return EnrolmentView.of(await commands.cancel_enrolment(work, scope, enrolment_id))


@router.put("/enrolments/{enrolment_id}/attendance/{day}")
async def note_attendance(enrolment_id: Id, day: date, scope: TrainerScope, work: WorkDep) -> EnrolmentView:
    """Note that the employee was there on a meeting day; saying so again changes nothing."""
    return EnrolmentView.of(await commands.note_attendance(work, scope, enrolment_id, day))


@router.post("/enrolments/{enrolment_id}/completion", status_code=201)
async def accept_completion(
    enrolment_id: Id, body: CompletionRequest, scope: TrainerScope, work: WorkDep
) -> CompletionView:
    """Count what was learnt, with its certificate."""
    return CompletionView.of(await commands.accept_completion(work, scope, enrolment_id, body.certificate_number))
