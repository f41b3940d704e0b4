"""Talent and careers: boxes by year, successors for a post, the next steps, and whether chances are equal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query
from kinara.contracts import Id
from kinara.contracts.appraisal import Predikat
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from personnel.api.doors import HrScope, ReaderScope, Text
from personnel.api.proposing import FindingView, OwnOrOfficeScope
from personnel.api.results import ComparedView, OfficeScope, compared_views
from personnel.api.selections import RequirementsRequest
from personnel.commands import talents as commands
from personnel.domain.career_path import Step
from personnel.domain.levels import CALLED, Level
from personnel.domain.merit import Merit
from personnel.domain.requirements import Requirements
from personnel.domain.succession import POOL_BOXES, Plan, Successor
from personnel.domain.talent import CutsName, TalentYear, confirmed
from personnel.queries import talent as queries

router = APIRouter(prefix="/v1", tags=["talent"])

OwnOrHrScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.HR)]
Year = Annotated[int, Path(ge=2015, le=2200)]
YearAsked = Annotated[int, Query(ge=2015, le=2200)]
Potential = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, strict=False)]
PeriodAsked = Annotated[str, Query(pattern=r"^20[0-9]{2}(-Q[1-4])?$", description="A year or a quarter.")]


class AssessmentRequest(Body):
    """The potential of a year; performance is the predikat that was confirmed."""

    potential: Potential
    source: Text = Field(description="Where it comes from, e.g. the report of an assessment centre.")
    cuts: CutsName = Field(default="usual", description="From which marks the levels begin; see talent boxes.")


class PlanRequest(Body):
    """A post for which successors are planned."""

    unit_id: Id
    jabatan: Text
    boxes: Annotated[tuple[int, ...], Field(min_length=1, max_length=9, strict=False)] = POOL_BOXES
    requirements: RequirementsRequest = RequirementsRequest()


class DisabilityRequest(Body):
    """What is on record, with its source."""

    disability: bool
    source: Text


class AssessmentView(BaseModel):
    """What was stated for a year."""

    predikat: Predikat
    potential: Decimal
    source: str
    cuts: CutsName
    box: int
    score: Decimal
    by: str
    on: date


class TalentView(BaseModel):
    """A year's box; the last assessment holds."""

    employee_id: Id
    year: int
    box: int
    outdated: bool = Field(description="The predikat of the year has changed since: it has to be assessed again.")
    assessments: list[AssessmentView]

    @classmethod
    def of(cls, one: TalentYear, merit: Merit | None = None) -> Self:
        return cls(
            employee_id=one.employee_id, year=one.year, box=one.box,
            outdated=merit is not None and confirmed(merit, one.year) != one.latest.predikat,
            assessments=[AssessmentView.model_validate(stated, from_attributes=True) for stated in one.assessments],
        )  # fmt: skip


class PlanView(BaseModel):
    """The rules by which successors are looked for."""

    id: Id
    unit_id: Id
    unit_path: str
    jabatan: str
    boxes: tuple[int, ...]
    requirements: Requirements

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls.model_validate({name: getattr(plan, name) for name in cls.model_fields})


class SuccessorView(BaseModel):
    """Somebody of a pool, and why."""

    rank: int
    employee_id: Id
    name: str
    jabatan: str
    unit_path: str
    box: int
    score: Decimal
    why: str
    findings: list[FindingView]

    @classmethod
    def of(cls, rank: int, one: Successor) -> Self:
        plain = {name: getattr(one.employee, name) for name in ("name", "jabatan", "unit_path")}
        found = FindingView.all_of(one.findings)
        talent = one.talent
        return cls(
            rank=rank, employee_id=one.employee.id, box=talent.box, score=talent.latest.score, why=one.why,
            findings=found, **plain,
        )  # fmt: skip


class PoolView(BaseModel):
    """Successors for a post, best first, at most a hundred."""

    jabatan: str
    year: int
    successors: list[SuccessorView]


class StepView(BaseModel):
    """A level within reach."""

    level: Level
    called: str
    ready: bool = Field(description="Everything that is asked is known to be had.")
    findings: list[FindingView]
    missing: list[str] = Field(description="Codes of what is not had, or not known.")

    @classmethod
    def of(cls, step: Step) -> Self:
        found = FindingView.all_of(step.findings)
        lacking = [finding.rule for finding in step.missing]
        return cls(level=step.level, called=CALLED[step.level], ready=not lacking, findings=found, missing=lacking)


class PathView(BaseModel):
    """Where a career may lead next."""

    level: Level | None = Field(description="Of the present post; null where its name does not tell.")
    steps: list[StepView]


class DisabilityView(BaseModel):
    """What is on record; null where nobody has said."""

    disability: bool | None
    source: str | None


class OpportunityView(BaseModel):
    """Rates of training, award and promotion by group."""

    period: str
    outcomes: dict[str, dict[str, ComparedView]]


@router.put("/employees/{employee_id}/talent/{year}")
async def assess(employee_id: Id, year: Year, body: AssessmentRequest, scope: HrScope, work: WorkDep) -> TalentView:
    """State the potential of a year: with the confirmed predikat it makes the box."""
    return TalentView.of(await commands.assess(work, scope, employee_id, year, **body.model_dump()))


@router.get("/employees/{employee_id}/talent")
async def list_boxes(employee_id: Id, scope: OwnOrOfficeScope, work: WorkDep) -> list[TalentView]:
    """Somebody's boxes by year."""
    merit, found = await queries.boxes(work, scope, employee_id)
    return [TalentView.of(one, merit) for one in found]


@router.get("/employees/{employee_id}/career-path")
async def read_career_path(employee_id: Id, scope: ReaderScope, work: WorkDep) -> PathView:
    """The next levels from the present post, and what is missing for each."""
    level, steps = await queries.career_path(work, scope, employee_id)
    return PathView(level=level, steps=[StepView.of(step) for step in steps])


@router.put("/employees/{employee_id}/disability")
async def record_disability(employee_id: Id, body: DisabilityRequest, scope: HrScope, work: WorkDep) -> DisabilityView:
    """Record whether somebody has a disability: for the affirmative category and the report on equal chances only."""
    recorded = await commands.record_disability(work, scope, employee_id, **body.model_dump())
    return DisabilityView(disability=recorded.disability, source=recorded.source)


@router.get("/employees/{employee_id}/disability")
async def read_disability(employee_id: Id, scope: OwnOrHrScope, work: WorkDep) -> DisabilityView:
    """What is on record about oneself, or about somebody of the office's units."""
    found = await queries.disability(work, scope, employee_id)
    return DisabilityView(disability=found and found.disability, source=found and found.source)


@router.post("/successions", status_code=201)
async def plan_succession(body: PlanRequest, scope: HrScope, work: WorkDep) -> PlanView:
    """Say by which rules successors for a post are looked for."""
    plain = body.model_dump(include={"unit_id", "jabatan", "boxes"})
    asked = body.requirements.stated()
    return PlanView.of(await commands.plan_succession(work, scope, **plain, requirements=asked))


@router.get("/successions")
async def list_plans(scope: OfficeScope, work: WorkDep, after: After = None, limit: Limit = 100) -> Page[PlanView]:
    """Posts for which successors are planned."""
    found = await queries.plans(work, scope, after, limit)
    return Page(items=[PlanView.of(plan) for plan in found], next=found[-1].id if len(found) == limit else None)


@router.get("/successions/{plan_id}/pool")
async def read_pool(plan_id: Id, year: YearAsked, scope: OfficeScope, work: WorkDep) -> PoolView:
    """Who may follow in a post, by the boxes of a year."""
    plan, found = await queries.pool(work, scope, plan_id, year)
    ranked = [SuccessorView.of(rank, one) for rank, one in enumerate(found, start=1)]
    return PoolView(jabatan=plan.jabatan, year=year, successors=ranked)


@router.get("/opportunity")
async def read_opportunity(period: PeriodAsked, scope: OfficeScope, work: WorkDep) -> OpportunityView:
    """How often groups of the office's employees are trained, awarded and promoted; small groups are not shown."""
    report = await queries.opportunity(work, scope, period)
    return OpportunityView(period=period, outcomes=compared_views(report.compared()))
