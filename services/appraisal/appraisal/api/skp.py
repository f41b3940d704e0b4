"""HTTP in: the catalogue of indicators, and plans (SKP): proposed, sent back, agreed, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Path, Query, Response
from kinara.contracts import Id
from kinara.contracts.appraisal import Period
from kinara.kit.http import Body, WorkDep, etag
from kinara.kit.identity import PublicScope, Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from appraisal import queries
from appraisal.api.routes import CardScope, Code, PeriodText, PoliciesDep, TeamScope, Weight
from appraisal.commands import skp as commands
from appraisal.domain.catalogue import SELF_REPORT, Aspect, Catalogue, fields_named
from appraisal.domain.components import Polarity
from appraisal.domain.skp import Indicator, Outcome, Skp
from appraisal.domain.skp_targets import Achieved
from appraisal.store import CATALOGUE

router = APIRouter(prefix="/v1", tags=["skp"])

ProposingScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR)]
Year = Annotated[int, Path(ge=2000, le=2100)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Line = Annotated[str, StringConstraints(min_length=3, max_length=500)]
TargetAmount = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=3, strict=False)]


class IndicatorRequest(Body):
    """How it shows whether the outcome was reached."""

    code: Code
    name: Annotated[str, StringConstraints(min_length=3, max_length=200)]
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    aspect: Aspect
    polarity: Polarity = Field(description="max: more is better, amounts add up; min: less is better, a level.")
    target: TargetAmount = Field(description="For each period.")
    weight: Weight = Field(description="Against the other indicators of the period, by its share of their sum.")
    source: Annotated[str, StringConstraints(max_length=100)] = Field(
        default=SELF_REPORT,
        description="Where it shows: self_report, or an event type. Progress is reported all the same.",
    )
    periods: Annotated[list[PeriodText], Field(max_length=12)] = Field(
        default=[], description="As the unit is appraised; empty for all that are left of the year when it is agreed."
    )

    def indicator(self) -> Indicator:
        return Indicator(**self.model_dump(exclude={"periods"}), periods=tuple(dict.fromkeys(self.periods)))


class OutcomeRequest(Body):
    """What will have been achieved (rencana hasil kerja)."""

    code: Code
    kind: Literal["utama", "tambahan"]
    text: Line
    innovation: bool = Field(default=False, description="A new way of serving, beyond what the post asks for.")
    goal: Line | None = Field(
        default=None,
        description="The regional goal (RPJMD) that it serves; of an innovation one of the policy's goals.",
    )
    supports: Code | None = Field(default=None, description="Code of the superior's outcome that it is a part of.")
    indicators: Annotated[list[IndicatorRequest], Field(min_length=1, max_length=20)]

    def outcome(self) -> Outcome:
        return Outcome(
            **self.model_dump(exclude={"indicators"}), indicators=tuple(one.indicator() for one in self.indicators)
        )


class ProposalRequest(Body):
    """All outcomes of a year: a plan is proposed as a whole."""

    outcomes: Annotated[list[OutcomeRequest], Field(min_length=1, max_length=20)]


class AgreementRequest(Body):
    """The superior's word."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = Field(
        default=None, description="From the performance dialogue; needed once a quarter of a period has passed."
    )


class RemarksRequest(Body):
    """Why the proposal goes back."""

    words: Words


class ListedView(BaseModel):
    """An indicator of the catalogue."""

    field: str
    field_name: str
    code: str
    name: str
    unit: str
    polarity: Polarity
    aspect: Aspect
    target: Decimal = Field(description="Usually asked of one person in a month.")
    source: str = Field(description="self_report, or the event type in which it shows.")

    @classmethod
    def all_of(cls, catalogue: Catalogue) -> list[Self]:
        return [
            cls(
                field=code, field_name=field.name, code=one.code, name=one.name, unit=one.unit, polarity=one.polarity,
                aspect=one.aspect, target=one.target, source=one.source,
            )
            for code, field in catalogue.items()
            for one in field.indicators
        ]  # fmt: skip


class IndicatorView(BaseModel):
    """An indicator of a plan."""

    code: str
    name: str
    unit: str
    aspect: Aspect
    polarity: Polarity
    target: Decimal
    weight: Decimal
    source: str
    periods: list[Period]


class OutcomeView(BaseModel):
    """An outcome of a plan."""

    code: str
    kind: Literal["utama", "tambahan"]
    text: str
    innovation: bool
    goal: str | None
    supports: str | None
    indicators: list[IndicatorView]


class RemarkView(BaseModel):
    """Why a proposal was sent back."""

    version: int
    words: str
    by: str
    at: datetime


class SkpView(BaseModel):
    """A year's plan: what was proposed last, and what holds."""

    employee_id: Id
    year: int
    version: int = Field(description="How often it was proposed.")
    state: Literal["proposed", "returned", "agreed"]
    outcomes: list[OutcomeView] = Field(description="As proposed last; no periods means all that are left.")
    proposed_by: str
    proposed_at: datetime
    changes: list[str] = Field(description="What the last proposal changes in what held before, in sentences.")
    notes: list[str] = Field(description="What could not be checked yet, in sentences.")
    remarks: list[RemarkView]
    agreed: list[OutcomeView] = Field(description="What holds; empty before the first agreement.")
    agreed_version: int | None
    agreed_by: str | None
    agreed_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, plan: Skp) -> Self:
        return cls.model_validate(plan, from_attributes=True)


class ProgressView(BaseModel):
    """An indicator in one period, as the card has it."""

    period: Period
    target: Decimal
    done: Decimal | None = Field(description="As reported; null before the first report.")
    verified: Decimal | None = Field(description="What of it somebody else has verified.")
    pace: Decimal | None = Field(description="What is done against what is due, 0-1.2; null while nothing is judged.")
    closed: bool

    @classmethod
    def of(cls, achieved: Achieved) -> Self:
        return cls.model_validate(achieved, from_attributes=True)


class SkpProgressView(SkpView):
    """A year's plan with the progress of what holds."""

    progress: dict[str, dict[str, list[ProgressView]]] = Field(
        description="By code of the outcome and of its indicator, the periods in their order."
    )

    @classmethod
    def told(cls, plan: Skp, found: Mapping[Period, Mapping[str, Achieved]]) -> Self:
        progress = {
            outcome.code: {
                one.code: [ProgressView.of(found[p][one.code]) for p in one.periods if one.code in found[p]]
                for one in outcome.indicators
            }
            for outcome in plan.agreed
        }
        return cls(**SkpView.of(plan).model_dump(), progress=progress)


class CascadeRow(BaseModel):
    """An outcome of the superior with those of the employee's own that are a part of it."""

    supports: str | None = Field(description="Code of the superior's outcome; null for own ones that support none.")
    superior_outcome: str | None = Field(description="Its words; null where the superior's agreed plan has none such.")
    outcomes: list[OutcomeView]


class CascadeView(BaseModel):
    """Matriks peran hasil of one employee and year."""

    employee_id: Id
    year: int
    superior_id: str | None
    superior_agreed: bool = Field(description="Whether the superior's own plan of the year is agreed.")
    rows: list[CascadeRow]

    @classmethod
    def of(cls, employee_id: str, year: int, own: Skp | None, above: Skp | None, superior: str | None) -> Self:
        names = {outcome.code: outcome.text for outcome in above.agreed} if above else {}
        mine = (own.agreed or own.outcomes) if own else ()
        supported = dict.fromkeys([*names, *(outcome.supports for outcome in mine)])
        rows = [
            CascadeRow(
                supports=code, superior_outcome=names.get(code or ""),
                outcomes=[OutcomeView.model_validate(o, from_attributes=True) for o in mine if o.supports == code],
            )
            for code in supported
        ]  # fmt: skip
        return cls(employee_id=employee_id, year=year, superior_id=superior, superior_agreed=bool(names), rows=rows)


@router.get("/indicators")
async def list_indicators(
    _: PublicScope, field: Annotated[str | None, Query(max_length=40)] = None
) -> list[ListedView]:
    """What is usually measured in a field of public service, to choose a plan's indicators from."""
    return ListedView.all_of(fields_named(CATALOGUE, field))


@router.put("/skp/{employee_id}/{year}")
async def propose_skp(
    employee_id: Id, year: Year, body: ProposalRequest, scope: ProposingScope, work: WorkDep, policies: PoliciesDep
) -> SkpView:
    """Propose a year's plan, or a change of the agreed one, as employee or superior; it waits for the superior."""
    outcomes = tuple(one.outcome() for one in body.outcomes)
    return SkpView.of(await commands.propose_skp(work, scope, policies, employee_id, year, outcomes))


@router.post("/skp/{employee_id}/{year}/remarks", status_code=201)
async def send_back_skp(employee_id: Id, year: Year, body: RemarksRequest, scope: TeamScope, work: WorkDep) -> SkpView:
    """Send a proposal back with words; what was agreed before holds on."""
    return SkpView.of(await commands.send_back_skp(work, queries.reports(scope), employee_id, year, body.words))


@router.post("/skp/{employee_id}/{year}/agreement", status_code=201)
async def agree_skp(
    employee_id: Id, year: Year, body: AgreementRequest, scope: TeamScope, work: WorkDep, policies: PoliciesDep
) -> SkpView:
    """Agree what was proposed: its indicators become targets in each of their periods, all of them or none."""
    reports = queries.reports(scope)
    return SkpView.of(await commands.agree_skp(work, reports, policies, employee_id, year, body.reason))


@router.get("/skp/{employee_id}/{year}")
async def read_skp(employee_id: Id, year: Year, scope: CardScope, work: WorkDep, response: Response) -> SkpProgressView:
    """A year's plan, and how far each outcome of it is."""
    plan, told = await queries.skp(work, scope, employee_id, year)
    etag(response, plan.rev)
    return SkpProgressView.told(plan.state, told)


@router.get("/skp/{employee_id}/{year}/cascade")
async def read_cascade(employee_id: Id, year: Year, scope: CardScope, work: WorkDep) -> CascadeView:
    """Matriks peran hasil: the employee's outcomes under those of the superior, of which only the words are shown."""
    return CascadeView.of(employee_id, year, *await queries.cascade(work, scope, employee_id, year))
