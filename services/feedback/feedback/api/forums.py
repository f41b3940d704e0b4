"""HTTP in: residents' forums, what is proposed there, and the official answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep, secret_of
from kinara.kit.identity import PublicScope
from kinara.kit.ids import utc_now
from pydantic import BaseModel, Field, StringConstraints

from feedback.api.campaigns import CodesRequest, CodesView, Day, HrScope, Title
from feedback.api.moderation import MaskDep
from feedback.api.routes import Code
from feedback.commands import forums as commands
from feedback.domain.campaign import today_of
from feedback.domain.forum import Decision, Forum, Proposal
from feedback.queries import forums as queries
from feedback.queries.moderation import all_for_the_public, for_the_public

router = APIRouter(prefix="/v1", tags=["forums"])

Words = Annotated[str, StringConstraints(min_length=3, max_length=1_000)]
Long = Annotated[str, StringConstraints(min_length=3, max_length=20_000)]
Few = Annotated[int, Query(ge=1, le=100)]


class ForumRequest(Body):
    """A forum to come."""

    unit_id: Id
    title: Title
    agenda: Annotated[list[Title], Field(min_length=1, max_length=30)]
    place: Title
    held_on: Day

    def meeting(self) -> commands.Meeting:
        return commands.Meeting(self.unit_id, self.title, tuple(self.agenda), self.place, self.held_on)


class ProposalRequest(Body):
    """What the forum as a whole asks for."""

    words: Words


class CitizenProposalRequest(ProposalRequest):
    """What an attendee asks for."""

    code: Code


class SupportRequest(Body):
    """Which attendee stands behind it, by a code that names nobody."""

    code: Code


class MinutesRequest(Body):
    """What was said, by how many, and until when the proposals are answered."""

    minutes: Long
    attendance: Annotated[int, Field(ge=0, le=100_000)]
    answers_due_on: Day


class AnswerRequest(Body):
    """The official answer."""

    decision: Decision
    answer: Words


class ProposalView(BaseModel):
    """A proposal and what became of it."""

    id: Id
    ref: str = Field(description="By which a policy or a commitment cites it.")
    forum_id: Id
    unit_id: Id
    words: str
    hidden: bool = Field(description="Whether an office shows its words to nobody.")
    by: str
    supports: int
    state: str
    due_on: date | None
    overdue: bool = Field(description="The answer is late, or came late.")
    decision: str | None
    answer: str
    answered_on: date | None

    @classmethod
    def of(cls, one: Proposal) -> Self:
        shown = {name: getattr(one, name) for name in cls.model_fields.keys() - {"ref", "overdue"}}
        overdue = one.overdue_on(today_of(one.province, utc_now()))
        return cls.model_validate(shown | {"ref": f"proposal:{one.id}", "overdue": overdue})


class ForumView(BaseModel):
    """A forum."""

    id: Id
    ref: str
    unit_id: Id
    title: str
    agenda: list[str]
    place: str
    held_on: date
    recorded: bool
    minutes: str
    attendance: int
    answers_due_on: date | None

    @classmethod
    def of(cls, one: Forum) -> Self:
        shown = {name: getattr(one, name) for name in cls.model_fields.keys() - {"ref", "recorded", "agenda"}}
        own = {"ref": f"forum:{one.id}", "recorded": one.recorded_at is not None, "agenda": list(one.agenda)}
        return cls.model_validate(shown | own)


class ForumWithProposals(ForumView):
    """A forum with everything that was proposed."""

    proposals: list[ProposalView]

    @classmethod
    def of_both(cls, one: Forum, proposals: list[Proposal]) -> Self:
        return cls(**ForumView.of(one).model_dump(), proposals=[ProposalView.of(found) for found in proposals])


@router.post("/forums", status_code=201)
async def announce_forum(body: ForumRequest, scope: HrScope, work: WorkDep) -> ForumView:
    """Announce a forum with its agenda."""
    return ForumView.of(await commands.announce(work, scope, body.meeting()))


@router.post("/forums/{forum_id}/codes", status_code=201)
async def hand_out_codes(
    forum_id: Id, body: CodesRequest, scope: HrScope, work: WorkDep, request: Request
) -> CodesView:
    """Codes for attendees: each proposes once, and supports each proposal once."""
    secret = secret_of(request)
    return CodesView.of(await commands.hand_out(work, scope, forum_id, body.count, secret), secret)


@router.post("/forums/{forum_id}/proposals", status_code=201)
async def propose(forum_id: Id, body: ProposalRequest, scope: HrScope, work: WorkDep, mask: MaskDep) -> ProposalView:
    """Write down what the forum as a whole asks for."""
    return ProposalView.of(mask.seen(await commands.propose(work, scope, forum_id, body.words)))


@router.post("/public/forums/{forum_id}/proposals", status_code=201)
async def propose_as_citizen(
    forum_id: Id, body: CitizenProposalRequest, _: PublicScope, work: WorkDep, mask: MaskDep
) -> ProposalView:
    """Ask for something, as somebody who attends."""
    made = await commands.propose_as_citizen(work, forum_id, body.words, body.code)
    return ProposalView.of(await for_the_public(work, mask, made))


@router.post("/public/proposals/{proposal_id}/support", status_code=201)
async def support(proposal_id: Id, body: SupportRequest, _: PublicScope, work: WorkDep, mask: MaskDep) -> ProposalView:
    """Stand behind a proposal, as somebody who attends."""
    supported = await commands.support(work, proposal_id, body.code)
    return ProposalView.of(await for_the_public(work, mask, supported))


@router.post("/forums/{forum_id}/minutes", status_code=201)
async def record_forum(forum_id: Id, body: MinutesRequest, scope: HrScope, work: WorkDep, mask: MaskDep) -> ForumView:
    """Write the minutes; proposals and support are closed, and answers are due."""
    minutes = commands.Minutes(body.minutes, body.attendance, body.answers_due_on)
    return ForumView.of(mask.seen(await commands.record(work, scope, forum_id, minutes)))


@router.post("/proposals/{proposal_id}/answer", status_code=201)
async def answer_proposal(
    proposal_id: Id, body: AnswerRequest, scope: HrScope, work: WorkDep, mask: MaskDep
) -> ProposalView:
    """Give the official answer."""
    return ProposalView.of(mask.seen(await commands.answer(work, scope, proposal_id, body.decision, body.answer)))


@router.get("/public/forums/{forum_id}")
async def read_forum(forum_id: Id, _: PublicScope, work: WorkDep, mask: MaskDep) -> ForumWithProposals:
    """A forum: agenda, minutes, proposals and their answers."""
    forum, proposals = await queries.forum(work, forum_id)
    shown = await all_for_the_public(work, mask, proposals)
    return ForumWithProposals.of_both(await for_the_public(work, mask, forum), shown)


@router.get("/public/proposals/{proposal_id}")
async def read_proposal(proposal_id: Id, _: PublicScope, work: WorkDep, mask: MaskDep) -> ProposalView:
    """A proposal and what became of it."""
    return ProposalView.of(await for_the_public(work, mask, await queries.proposal(work, proposal_id)))


@router.get("/public/units/{unit_id}/forums")
async def list_forums(
    unit_id: Id, _: PublicScope, work: WorkDep, mask: MaskDep, after: After = None, limit: Limit = 100
) -> Page[ForumView]:
    """The forums of a unit and of those below it, the last announced first."""
    found = await all_for_the_public(work, mask, await queries.forums(work, unit_id, after, limit))
    return Page(items=[ForumView.of(one) for one in found], next=found[-1].id if len(found) == limit else None)


@router.get("/public/units/{unit_id}/overdue-answers")
async def list_overdue(
    unit_id: Id, _: PublicScope, work: WorkDep, mask: MaskDep, limit: Few = 100
) -> list[ProposalView]:
    """Proposals of which the official answer is late, the longest first."""
    found = await queries.overdue(work, unit_id, limit)
    return [ProposalView.of(one) for one in await all_for_the_public(work, mask, found)]
