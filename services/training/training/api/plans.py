"""Annual plans: drafted from need, agreed, and followed by sessions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Response
from kinara.contracts import Id, UnitPath
from kinara.kit.http import Body, WorkDep, etag
from pydantic import BaseModel, Field

from training.api.funding import BooksScope, HrScope, KeeperScope, Money, Year
from training.commands import plans as commands
from training.domain.competency import Topic
from training.domain.plan import MOST_LINES, Plan, Wish
from training.queries import funding as queries

router = APIRouter(prefix="/v1", tags=["plans"])


class LineRequest(Body):
    """A programme to plan."""

    programme_id: Id
    topic: Topic = Field(description="The need that it serves.")
    seats: int
    cost: Money

    def wish(self) -> Wish:
        return Wish(**self.model_dump())


class PlanRequest(Body):
    """A unit's plan for a year."""

    lines: Annotated[list[LineRequest], Field(min_length=1, max_length=MOST_LINES)]


class LineView(BaseModel):
    """A programme of the plan and the need that it comes from."""

    programme_id: Id
    title: str
    topic: Topic
    seats: int
    cost: Decimal
    needs: int = Field(description="Open needs of the topic when it was drafted.")
    employees: int = Field(description="Employees who had them.")


class PlanView(BaseModel):
    """A unit's plan for a year."""

    id: str = Field(description="What a session says to follow it: ``plan_id``.")
    unit_id: Id
    unit_path: UnitPath
    year: int
    state: Literal["draft", "agreed"]
    agreed_by: str | None
    agreed_on: date | None
    cost: Decimal
    lines: list[LineView]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls.model_validate(plan, from_attributes=True)


class FollowedLineView(LineView):
    """A line with what has become of it."""

    sessions: int
    seats_scheduled: int
    seats_taken: int
    cost_scheduled: Decimal


class FollowedPlanView(PlanView):
    """A plan with what has become of it."""

    lines: list[FollowedLineView]  # type: ignore[assignment]  # says more of each

    @classmethod
    def now(cls, found: queries.PlanNow) -> Self:
        told = PlanView.of(found.kept.state).model_dump()
        for line in told["lines"]:
            done = found.scheduled[line["programme_id"]]
            line |= {"sessions": done.sessions, "seats_scheduled": done.seats, "seats_taken": done.taken}
            line["cost_scheduled"] = done.cost
        return cls.model_validate(told)


class ProgressView(BaseModel):
    """How far a unit is towards the hours that the law asks for: 20 JP a year for each PNS (PP 11/2017)."""

    people: int = Field(description="Serving employees to whom a minimum applies.")
    reached: int
    jp_earned: int
    jp_offered: int
    jp_missing: int


@router.put("/units/{unit_id}/plans/{year}")
async def draft_plan(unit_id: Id, year: Year, body: PlanRequest, scope: KeeperScope, work: WorkDep) -> PlanView:
    """Draft the plan; one that was agreed must be agreed again."""
    wishes = [line.wish() for line in body.lines]
    return PlanView.of(await commands.draft_plan(work, scope, unit_id, year, wishes))


@router.post("/units/{unit_id}/plans/{year}/agreement")
async def agree_plan(unit_id: Id, year: Year, scope: HrScope, work: WorkDep) -> PlanView:
    """Agree on the plan; from now on sessions may follow it."""
    return PlanView.of(await commands.agree_plan(work, scope, unit_id, year))


@router.get("/units/{unit_id}/plans/{year}")
async def read_plan(unit_id: Id, year: Year, scope: BooksScope, work: WorkDep, response: Response) -> FollowedPlanView:
    """The plan, and what has become of it so far."""
    found = await queries.plan(work, scope, unit_id, year)
    etag(response, found.kept.rev)
    return FollowedPlanView.now(found)


@router.get("/units/{unit_id}/plans/{year}/progress")
async def read_progress(unit_id: Id, year: Year, scope: BooksScope, work: WorkDep) -> ProgressView:
    """How far the employees of the unit and below are towards the hours of the year."""
    return ProgressView.model_validate(await queries.progress(work, scope, unit_id, year), from_attributes=True)
