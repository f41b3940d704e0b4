"""HTTP in: survey campaigns, their one-time invitations and what came of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Request
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep, secret_of
from kinara.kit.identity import PublicScope, Role, allow
from kinara.kit.ids import utc_now
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from feedback.api.ikm import ChangeView
from feedback.api.routes import ReaderScope
from feedback.commands import campaigns as commands
from feedback.commands.codes import Batch
from feedback.domain import token
from feedback.domain.campaign import MOST_PEOPLE, Campaign, State, today_of
from feedback.domain.survey import Result
from feedback.queries import ikm, publication

router = APIRouter(prefix="/v1", tags=["campaigns"])

HrScope = Annotated[Scope, allow(Role.HR)]
Day = Annotated[date, Field(strict=False)]
Title = Annotated[str, StringConstraints(min_length=3, max_length=200)]
Count = Annotated[int, Field(ge=1, le=token.MOST)]


class CampaignRequest(Body):
    """When a unit asks those it served, and how many these are."""

    unit_id: Id
    name: Title
    first: Day
    last: Day
    population: Annotated[int, Field(ge=1, le=MOST_PEOPLE, description="How many were served.")]


class CodesRequest(Body):
    """How many one-time codes are wanted."""

    count: Count


class CodesView(BaseModel):
    """The codes, shown to who asked and stored nowhere; hand them out in any order and note no names."""

    codes: list[str]

    @classmethod
    def of(cls, batch: Batch, secret: bytes) -> Self:
        return cls(codes=token.codes_of(batch.id, batch.count, secret))


class CampaignView(BaseModel):
    """A campaign as everybody may know it."""

    id: Id
    ref: str = Field(description="By which a policy or a commitment cites it.")
    unit_id: Id
    name: str
    first: date
    last: date
    state: State
    population: int
    sample: int = Field(description="Fewest answers (Krejcie and Morgan).")

    @classmethod
    def of(cls, one: Campaign) -> Self:
        return cls.model_validate(facts_of(one))


class CampaignResultView(CampaignView):
    """A campaign with its answers."""

    invited: int
    answers: int
    rate: Decimal | None = Field(description="Answers for each invitation, 0 to 1.")
    minimum_reached: bool
    result: Result | None
    change: ChangeView | None = Field(description="Since the campaign before of the same unit.")

    @classmethod
    def of_result(cls, found: ikm.CampaignResult) -> Self:
        one, answers = found.campaign, found.answers
        told: dict[str, object] = {
            "invited": one.invited,
            "answers": answers,
            "rate": one.rate(answers),
            "result": found.result,
        }
        told |= {"minimum_reached": one.enough(answers), "change": ChangeView.of(found.change)}
        return cls.model_validate(facts_of(one) | told)


class PublicCampaignView(CampaignView):
    """A campaign with what is published of it once its last month is over."""

    answers: int | None = Field(description="None as long as it is not published, or where it would give others away.")
    result: Result | None
    due_on: date | None = Field(description="When it is published; None once it is.")

    @classmethod
    def of_published(cls, one: Campaign, found: publication.Published) -> Self:
        told = {"answers": found.answers if found.result else None, "result": found.result, "due_on": found.due_on}
        return cls.model_validate(facts_of(one) | told)


def facts_of(one: Campaign) -> dict[str, object]:
    """What everybody may know."""
    shown = {name: getattr(one, name) for name in ("id", "unit_id", "name", "first", "last", "population", "sample")}
    return shown | {"ref": f"campaign:{one.id}", "state": one.state_on(today_of(one.province, utc_now()))}


@router.post("/campaigns", status_code=201)
async def announce_campaign(body: CampaignRequest, scope: HrScope, work: WorkDep) -> CampaignView:
    """Announce a survey campaign."""
    days = body.first, body.last
    return CampaignView.of(await commands.announce(work, scope, body.unit_id, body.name, days, body.population))


@router.get("/campaigns")
async def list_campaigns(
    scope: ReaderScope, work: WorkDep, unit_id: Id | None = None, after: After = None, limit: Limit = 100
) -> Page[CampaignView]:
    """Campaigns of the caller's units."""
    found = await ikm.campaigns(work, scope, unit_id, after, limit)
    return Page(items=[CampaignView.of(one) for one in found], next=found[-1].id if len(found) == limit else None)


@router.get("/campaigns/{campaign_id}")
async def read_campaign(campaign_id: Id, scope: ReaderScope, work: WorkDep) -> CampaignResultView:
    """A campaign: who answered of those invited, whether it is enough, and what they said."""
    return CampaignResultView.of_result(await ikm.campaign(work, campaign_id, scope))


@router.post("/campaigns/{campaign_id}/codes", status_code=201)
async def invite(campaign_id: Id, body: CodesRequest, scope: HrScope, work: WorkDep, request: Request) -> CodesView:
    """One-time invitations; each gives one answer by ``POST /v1/surveys``, in the place of a ticket."""
    secret = secret_of(request)
    return CodesView.of(await commands.invite(work, scope, campaign_id, body.count, secret), secret)


@router.post("/campaigns/{campaign_id}/closing", status_code=201)
async def close_campaign(campaign_id: Id, scope: HrScope, work: WorkDep) -> CampaignView:
    """End a campaign before its last day."""
    return CampaignView.of(await commands.close(work, scope, campaign_id))


@router.get("/public/campaigns/{campaign_id}")
async def read_public_campaign(campaign_id: Id, _: PublicScope, work: WorkDep) -> PublicCampaignView:
    """A campaign as the public sees it."""
    return PublicCampaignView.of_published(*await publication.campaign_figures(work, campaign_id))
