"""HTTP in: who is invited to speak is drawn by lot, and how many have answered is shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Request
from kinara.contracts import Id
from kinara.kit.http import Body, WorkDep, secret_of
from pydantic import BaseModel, Field

from feedback import commands, queries
from feedback.api.routes import CounterScope, Period, ReaderScope
from feedback.domain.invitation import MOST_DRAWN

router = APIRouter(prefix="/v1", tags=["invitations"])


class DrawRequest(Body):
    """From the services of which days how many citizens are invited: a share of them or a count."""

    unit_id: Id
    first: Annotated[date, Field(strict=False)]
    last: Annotated[date, Field(strict=False)]
    share: Annotated[Decimal, Field(strict=False, gt=0, le=1, max_digits=5, decimal_places=4)] | None = None
    count: Annotated[int, Field(ge=1, le=MOST_DRAWN)] | None = None

    def wanted(self) -> commands.Wanted:
        return commands.Wanted(self.unit_id, self.first, self.last, self.share, self.count)


class Invited(BaseModel):
    """A ticket whose citizen is to be invited to use it."""

    code: str
    employee_id: Id | None
    service: str
    expires_at: datetime


class DrawView(BaseModel):
    """A draw; with its seed and the tickets of these days it can be repeated."""

    id: Id
    unit_id: Id
    first: date
    last: date
    pool: int
    seed: str
    invited: list[Invited]

    @classmethod
    def of(cls, drawn: commands.Drawn) -> Self:
        made = {name: getattr(drawn.draw, name) for name in ("id", "unit_id", "first", "last", "pool", "seed")}
        tickets = [Invited.model_validate(ticket, from_attributes=True) for ticket in drawn.tickets]
        return cls(**made, invited=tickets)


class ResponseView(BaseModel):
    """Of the citizens invited about an officer, how many have answered."""

    employee_id: Id | None = Field(description="None: about the unit's counter.")
    drawn: int
    answered: int
    rate: Decimal = Field(description="Answers for each invitation, 0 to 1.")


class ResponsesView(BaseModel):
    """The responses of a unit's officers to the invitations drawn in a period."""

    unit_id: Id
    period: str
    officers: list[ResponseView]


@router.post("/invitations/draw", status_code=201)
async def draw(body: DrawRequest, scope: CounterScope, work: WorkDep, request: Request) -> DrawView:
    """Draw whom to invite from the tickets that were not used yet."""
    return DrawView.of(await commands.draw_invitations(work, scope, body.wanted(), secret_of(request)))


@router.get("/units/{unit_id}/invitations")
async def read_responses(unit_id: Id, scope: ReaderScope, work: WorkDep, period: Period) -> ResponsesView:
    """How many of those invited in a period have answered, by officer."""
    found = await queries.unit_responses(work, unit_id, period, scope)
    officers = [ResponseView.model_validate(response, from_attributes=True) for response in found]
    return ResponsesView(unit_id=unit_id, period=period, officers=officers)
