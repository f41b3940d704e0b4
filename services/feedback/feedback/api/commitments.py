"""HTTP in: the register of public commitments."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import PublicScope
from kinara.kit.ids import utc_now
from pydantic import BaseModel, Field, StringConstraints

from feedback.api.campaigns import Day, HrScope
from feedback.api.forums import Words
from feedback.api.moderation import MaskDep
from feedback.commands import commitments as commands
from feedback.domain.campaign import today_of
from feedback.domain.commitment import Commitment, Outcome, State
from feedback.queries import forums as queries
from feedback.queries.moderation import all_for_the_public, for_the_public

router = APIRouter(prefix="/v1", tags=["commitments"])

Cite = Annotated[str, StringConstraints(min_length=7, max_length=60)]


class CommitmentRequest(Body):
    """What a unit promises, until when, and what asked for it."""

    unit_id: Id
    promise: Words
    due_on: Day
    cites: Annotated[
        list[Cite], Field(max_length=10, default_factory=list, examples=[["proposal:<id>", "topic:waktu"]])
    ]


class NoteRequest(Body):
    """How it gets on."""

    words: Words


class EndRequest(Body):
    """What became of it, and how or why."""

    outcome: Outcome
    reason: Words


class NoteView(BaseModel):
    """How it got on."""

    written_on: date
    words: str


class CommitmentView(BaseModel):
    """A commitment."""

    id: Id
    ref: str = Field(description="By which a policy or another commitment cites it.")
    unit_id: Id
    promise: str
    cites: list[str]
    made_on: date
    due_on: date
    state: State
    notes: list[NoteView]
    ended_on: date | None
    reason: str

    @classmethod
    def of(cls, one: Commitment) -> Self:
        shown = {name: getattr(one, name) for name in ("id", "unit_id", "promise", "made_on", "due_on", "ended_on")}
        notes = [NoteView(written_on=note.written_on, words=note.words) for note in one.notes]
        own = {"ref": f"commitment:{one.id}", "cites": list(one.cites), "notes": notes, "reason": one.reason}
        return cls.model_validate(shown | own | {"state": one.state_on(today_of(one.province, utc_now()))})


@router.post("/commitments", status_code=201)
async def promise(body: CommitmentRequest, scope: HrScope, work: WorkDep) -> CommitmentView:
    """Promise something in public."""
    cites = tuple(body.cites)
    return CommitmentView.of(await commands.promise(work, scope, body.unit_id, body.promise, body.due_on, cites))


@router.post("/commitments/{commitment_id}/notes", status_code=201)
async def note(commitment_id: Id, body: NoteRequest, scope: HrScope, work: WorkDep) -> CommitmentView:
    """Tell how it gets on."""
    return CommitmentView.of(await commands.note(work, scope, commitment_id, body.words))


@router.post("/commitments/{commitment_id}/end", status_code=201)
async def end(commitment_id: Id, body: EndRequest, scope: HrScope, work: WorkDep) -> CommitmentView:
    """Say that it was kept, or that it is dropped and why."""
    return CommitmentView.of(await commands.end(work, scope, commitment_id, body.outcome, body.reason))


@router.get("/public/commitments/{commitment_id}")
async def read_commitment(commitment_id: Id, _: PublicScope, work: WorkDep, mask: MaskDep) -> CommitmentView:
    """A commitment and what became of it."""
    return CommitmentView.of(await for_the_public(work, mask, await queries.commitment(work, commitment_id)))


@router.get("/public/units/{unit_id}/commitments")
async def list_commitments(
    unit_id: Id, _: PublicScope, work: WorkDep, mask: MaskDep, after: After = None, limit: Limit = 100
) -> Page[CommitmentView]:
    """The commitments of a unit and of those below it, the last made first."""
    found = await all_for_the_public(work, mask, await queries.commitments(work, unit_id, after, limit))
    return Page(items=[CommitmentView.of(one) for one in found], next=found[-1].id if len(found) == limit else None)
