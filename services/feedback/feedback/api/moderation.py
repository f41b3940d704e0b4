"""HTTP in: words are hidden or shown again, and who decided so, and why; and the mask through which all are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, StringConstraints

from feedback.commands import moderation as commands
from feedback.domain.moderation import Action, Kind, Mask
from feedback.queries import moderation as queries
from feedback.store import COMPLAINTS, FEEDBACK, PROPOSALS

router = APIRouter(prefix="/v1", tags=["moderation"])

ModeratorScope = Annotated[Scope, allow(Role.HR, Role.OVERSIGHT)]


async def _mask(request: Request) -> Mask:
    mask: Mask = request.app.state.mask
    return mask


MaskDep = Annotated[Mask, Depends(_mask)]


class ModerationRequest(Body):
    """Hide the words or show them again, and why."""

    action: Action
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ModerationView(BaseModel):
    """One decision about somebody's words."""

    id: Id
    about: Kind
    about_id: Id
    unit_path: str
    action: Action
    reason: str
    by: str
    at: datetime


@router.post("/feedback/{feedback_id}/moderation", status_code=201)
async def moderate_feedback(
    feedback_id: Id, body: ModerationRequest, scope: ModeratorScope, work: WorkDep
) -> ModerationView:
    """The words of a rating; the rating stays as it is."""
    record = await commands.moderate(work, scope, FEEDBACK, feedback_id, body.action, body.reason)
    return ModerationView.model_validate(record, from_attributes=True)


@router.post("/complaints/{complaint_id}/moderation", status_code=201)
async def moderate_complaint(
    complaint_id: Id, body: ModerationRequest, scope: ModeratorScope, work: WorkDep
) -> ModerationView:
    """The words of a complaint; its clock and its state stay as they are."""
    record = await commands.moderate(work, scope, COMPLAINTS, complaint_id, body.action, body.reason)
    return ModerationView.model_validate(record, from_attributes=True)


@router.post("/proposals/{proposal_id}/moderation", status_code=201)
async def moderate_proposal(
    proposal_id: Id, body: ModerationRequest, scope: ModeratorScope, work: WorkDep
) -> ModerationView:
    """The words of a proposal; its support and its answer stay as they are."""
    record = await commands.moderate(work, scope, PROPOSALS, proposal_id, body.action, body.reason)
    return ModerationView.model_validate(record, from_attributes=True)


@router.get("/moderations")
async def list_moderations(
    scope: ModeratorScope, work: WorkDep, about_id: Id | None = None, after: After = None, limit: Limit = 100
) -> Page[ModerationView]:
    """Every decision about words inside the scope, perhaps those about one rating, complaint or proposal."""
    found = await queries.list_moderations(work, scope, about_id, after, limit)
    items = [ModerationView.model_validate(one, from_attributes=True) for one in found]
    return Page(items=items, next=found[-1].id if len(found) == limit else None)
