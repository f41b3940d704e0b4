"""HTTP in: citizens complain without an account and follow their receipt; offices verify, assign and answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from kinara.contracts import Id
from kinara.kit.http import After, Limit, Page, WorkDep
from kinara.kit.identity import PublicScope, Role, allow
from kinara.kit.scope import Scope
from kinara.kit.work import Work

from feedback.api.complaint_views import (
    AnswerRequest,
    AssignmentRequest,
    ClassView,
    ComplaintRequest,
    ComplaintTracked,
    ComplaintView,
    ContestRequest,
    Kept,
    UnitComplaintsView,
    VerificationRequest,
)
from feedback.api.moderation import MaskDep
from feedback.api.routes import Period, ReaderScope, ReceiptRequest
from feedback.api.sending import SenderDep
from feedback.commands import complaints as commands
from feedback.domain import receipt
from feedback.domain.complaint import State
from feedback.domain.moderation import Mask
from feedback.domain.service_levels import Clocks
from feedback.queries import complaints as queries
from feedback.queries.moderation import for_the_public

router = APIRouter(prefix="/v1", tags=["complaints"])

HrScope = Annotated[Scope, allow(Role.HR)]
AnswerScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.HR)]
HandlerScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT)]


async def _clocks(request: Request) -> Clocks:
    clocks: Clocks = request.app.state.clocks
    return clocks


ClocksDep = Annotated[Clocks, Depends(_clocks)]


async def _asked(
    unit_id: Id | None = None,
    state: State | None = None,
    overdue: Annotated[bool, Query(description="Only those that are open and late.")] = False,
) -> queries.Asked:
    return queries.Asked(unit_id, state, overdue)


AskedDep = Annotated[queries.Asked, Depends(_asked)]


@router.get("/complaints/classes")
async def list_classes(_: PublicScope, clocks: ClocksDep) -> list[ClassView]:
    """The classes of complaints, for citizens to choose from, with the working days that each may take."""
    levels = clocks.levels.items()
    return [ClassView(sla_class=name, **{f: getattr(level, f) for f in level.__slots__}) for name, level in levels]


@router.post("/complaints", status_code=201)
async def lodge(
    body: ComplaintRequest, _: PublicScope, work: WorkDep, clocks: ClocksDep, sender: SenderDep, request: Request
) -> Kept:
    """A complaint without an account; perhaps with a ticket."""
    most, fewest = request.app.state.complaints_most, request.app.state.burst_from
    given = await commands.lodge_complaint(
        work, body.unit_id, body.text, body.sla_class, body.topic, clocks, sender.secret, sender, most, fewest,
        body.ticket,
    )  # fmt: skip
    key = receipt.key_of(given.id, sender.secret)
    return Kept(id=given.id, receipt=given.receipt, key=key, sla_class=given.level, verified_by_then=given.due_at)


@router.post("/complaints/track")
async def track(body: ReceiptRequest, _: PublicScope, work: WorkDep, mask: MaskDep) -> ComplaintTracked:
    """What became of a complaint, for whoever holds its receipt."""
    return await _tracked(body, work, mask)


@router.post("/complaints/confirmation")
async def confirm(body: ReceiptRequest, _: PublicScope, work: WorkDep, mask: MaskDep) -> ComplaintTracked:
    """The citizen accepts the answer."""
    await commands.confirm_answer(work, body.receipt, body.key)
    return await _tracked(body, work, mask)


@router.post("/complaints/contest")
async def contest(
    body: ContestRequest, _: PublicScope, work: WorkDep, clocks: ClocksDep, mask: MaskDep
) -> ComplaintTracked:
    """The citizen says that it is not solved: it is open again, with a new clock."""
    await commands.contest_answer(work, body.receipt, body.key, body.words, clocks)
    return await _tracked(body, work, mask)


@router.get("/complaints")
async def list_complaints(
    scope: HandlerScope, work: WorkDep, asked: AskedDep, mask: MaskDep, after: After = None, limit: Limit = 100
) -> Page[ComplaintView]:
    """One's own complaints, those of one's reports, or of the office's units."""
    found = await queries.list_complaints(work, scope, asked, after, limit)
    items = [ComplaintView.of(mask.seen(one)) for one in found]
    return Page(items=items, next=found[-1].id if len(found) == limit else None)


@router.get("/complaints/{complaint_id}")
async def read(complaint_id: Id, scope: HandlerScope, work: WorkDep, mask: MaskDep) -> ComplaintView:
    """One complaint."""
    return await _seen(complaint_id, scope, work, mask)


@router.post("/complaints/{complaint_id}/verification")
async def verify(
    complaint_id: Id, body: VerificationRequest, scope: HrScope, work: WorkDep, clocks: ClocksDep, mask: MaskDep
) -> ComplaintView:
    """The office has looked at it, and sets its class and topic."""
    await commands.verify_complaint(work, scope, complaint_id, body.sla_class, body.topic, clocks)
    return await _seen(complaint_id, scope, work, mask)


@router.post("/complaints/{complaint_id}/assignment")
async def assign(
    complaint_id: Id, body: AssignmentRequest, scope: HrScope, work: WorkDep, clocks: ClocksDep, mask: MaskDep
) -> ComplaintView:
    """Give it to an officer of its unit, or on to another."""
    await commands.assign_complaint(work, scope, complaint_id, body.employee_id, body.reason, clocks)
    return await _seen(complaint_id, scope, work, mask)


@router.post("/complaints/{complaint_id}/answer")
async def answer(
    complaint_id: Id, body: AnswerRequest, scope: AnswerScope, work: WorkDep, mask: MaskDep
) -> ComplaintView:
    """The officer who has it answers; the office itself, where nobody has it."""
    await commands.answer_complaint(work, scope, complaint_id, body.reply())
    return await _seen(complaint_id, scope, work, mask)


@router.get("/units/{unit_id}/complaints")
async def read_counts(unit_id: Id, scope: ReaderScope, work: WorkDep, period: Period) -> UnitComplaintsView:
    """What became of the complaints of a period."""
    return UnitComplaintsView.of(await queries.unit_complaints(work, unit_id, period, scope))


async def _tracked(proof: ReceiptRequest, work: Work, mask: Mask) -> ComplaintTracked:
    found = await queries.track_complaint(work, proof.receipt, proof.key)
    return ComplaintTracked.of(await for_the_public(work, mask, found))


async def _seen(complaint_id: str, scope: Scope, work: Work, mask: Mask) -> ComplaintView:
    return ComplaintView.of(mask.seen(await queries.read_complaint(work, scope, complaint_id)))
