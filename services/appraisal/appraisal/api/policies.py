"""HTTP in: drafts of policies, what they would change, and their activation."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter
from kinara.contracts import Id, UnitPath
from kinara.contracts.appraisal import Period
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from pydantic import BaseModel, Field, StringConstraints

from appraisal import queries
from appraisal.api.routes import Day, HrScope, OfficeScope, PeriodText, PoliciesDep
from appraisal.commands import policies as commands
from appraisal.domain.evaluation import Evaluation
from appraisal.domain.triggers import Goal, Mark, Measure
from appraisal.store import PolicyDraft, SimulationRun

router = APIRouter(prefix="/v1", tags=["policies"])

Ref = Annotated[str, StringConstraints(min_length=3, max_length=60, pattern=r"^[a-z0-9-]+@[0-9]+$")]
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=5, decimal_places=4, strict=False)]
Number = Annotated[Decimal, Field(max_digits=12, decimal_places=4, strict=False)]
Words = Annotated[str, StringConstraints(min_length=3, max_length=200)]


class ConditionRequest(Body):
    """One measure at least at, or below, a value."""

    measure: Measure
    at_least: Number | None = None
    below: Number | None = None
    for_periods: Annotated[int, Field(ge=1, le=8)] = 1
    for_working_days: Annotated[int, Field(ge=1, le=60)] | None = None


class AwardRequest(Body):
    """What is nominated when all conditions hold."""

    code: Annotated[str, StringConstraints(min_length=2, max_length=60, pattern=r"^[a-z0-9-]+$")]
    title: Words
    grants: Literal["award", "training"] = "award"
    every: Literal["month", "quarter", "semester"]
    all_of: Annotated[list[ConditionRequest], Field(min_length=1, max_length=10)]
    top_share: Share | None = None


class CoachingRequest(Body):
    """When all conditions hold, somebody is to be helped."""

    words: Words
    all_of: Annotated[list[ConditionRequest], Field(min_length=1, max_length=10)]


class StandardRequest(Body):
    """The least that is asked of everybody: one for each measure."""

    words: Words
    measure: Mark
    at_least: Number


class GoalRequest(Body):
    """What the policy is to change: the mean of a measure at least at, or below, a value; and who asked for it."""

    words: Words
    measure: Measure
    at_least: Number | None = None
    below: Number | None = None
    cites: Annotated[
        list[Words],
        Field(
            max_length=20, default_factory=list, description="Published: forum:<id>, proposal:<id>, …, topic:<topic>."
        ),
    ]


class WeightsRequest(Body):
    """Shares of the score; together exactly 1."""

    K: Share
    M: Share
    A: Share
    L: Share
    B: Share


class PriorRequest(Body):
    """What is presumed of satisfaction before anybody has voted."""

    mean: Number
    strength: Number = Decimal(15)


class DraftRequest(Body):
    """A policy version, as the shipped ones are written."""

    code: Annotated[str, StringConstraints(min_length=2, max_length=40, pattern=r"^[a-z0-9-]+$")]
    version: Annotated[int, Field(ge=1, le=10_000)]
    name: Words
    unit_path: UnitPath
    effective_from: Day
    cadence: Literal["monthly", "quarterly"]
    weights: WeightsRequest
    satisfaction: PriorRequest
    awards: Annotated[list[AwardRequest], Field(max_length=20, default_factory=list)]
    coaching: Annotated[list[CoachingRequest], Field(max_length=20, default_factory=list)]
    standards: Annotated[list[StandardRequest], Field(max_length=8, default_factory=list)]
    goals: Annotated[list[GoalRequest], Field(max_length=20, default_factory=list)]
    closes_after_days: Annotated[int, Field(ge=0, le=90)] | None = Field(
        default=None, description="Days after which an ended period is closed by itself; only by hand without it."
    )
    audit_share: Share = Field(default=Decimal("0.05"), description="Of the verified self-reports; drawn for audit.")
    shadow: bool = Field(default=False, description="Scores are shown and have no consequences.")


class DraftView(BaseModel):
    """A draft, or the policy that came of it."""

    policy: str
    unit_path: str
    effective_from: date
    drafted_at: datetime
    activated_at: datetime | None
    content: dict[str, Any] = Field(description="The policy as it was sent.")

    @classmethod
    def of(cls, draft: PolicyDraft) -> Self:
        return cls(
            policy=draft.id,
            unit_path=draft.unit_path,
            effective_from=draft.policy["effective_from"],
            drafted_at=draft.drafted_at,
            activated_at=draft.activated_at,
            content=dict(draft.policy),
        )


class SimulationRequest(Body):
    """On which period to try the draft out."""

    period: PeriodText
    training_cost: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, strict=False)] | None = Field(
        default=None, description="Rupiah for one entitlement to training, to say what the draft would cost."
    )


class AwardOutcome(BaseModel):
    """Whom an award would go to."""

    code: str
    title: str
    grants: str
    count: int
    barred: int = Field(default=0, description="Who would have it too, but for a disciplinary measure.")
    employees: list[Id] = Field(description="The first thousand.")


class CoachingOutcome(BaseModel):
    """Whom a rule would have helped."""

    words: str
    count: int
    employees: list[Id] = Field(description="The first thousand.")


class GroupsView(BaseModel):
    """Predikat Baik or better by group; an alarm where a group has it less than four fifths as often as another."""

    of: dict[str, dict[str, int]]
    alarm_before: bool
    alarm_after: bool


class SimulationResult(BaseModel):
    """What the draft would change. Predikat by SIASN's code, 1 is the best; ``none`` where there is none yet."""

    period: Period
    employees: int
    moved: int = Field(description="Whose predikat would be another one.")
    better: int
    worse: int
    mean_change: Decimal | None = Field(description="Of the score, where there is one on both sides.")
    transition: dict[str, dict[str, int]] = Field(description="From the predikat in force to that under the draft.")
    borderline: dict[str, int]
    awards: dict[str, list[AwardOutcome]] = Field(description="By side: under what holds, and under the draft.")
    coaching: dict[str, list[CoachingOutcome]]
    groups: dict[str, GroupsView] = Field(description="By sex, kind, age and unit.")
    training_cost_change: Decimal | None
    left_out: list[str] = Field(description="What a simulation of one period cannot say, in sentences.")


class SimulationView(BaseModel):
    """A simulation: how far it is, and its result. It changes nothing."""

    id: Id
    policy: str
    period: Period
    state: str
    looked_at: int
    total: int | None
    asked_at: datetime
    ended_at: datetime | None
    why: str | None
    result: SimulationResult | None

    @classmethod
    def of(cls, run: SimulationRun) -> Self:
        return cls(
            id=run.id,
            policy=run.draft_id,
            period=run.period,
            state=run.state,
            looked_at=run.looked_at,
            total=run.total,
            asked_at=run.asked_at,
            ended_at=run.ended_at,
            why=run.why,
            result=SimulationResult.model_validate(run.result) if run.result else None,
        )


class GoalView(BaseModel):
    """A goal before and after."""

    words: str
    measure: str
    at_least: Decimal | None
    below: Decimal | None
    cites: list[str]
    before: Decimal | None
    people_before: int
    after: Decimal | None
    people_after: int
    reached: bool | None


class EvaluationView(BaseModel):
    """A policy judged by its own goals."""

    policy: str
    goals: list[GoalView]
    note: str = "Perbedaan antara dua periode belum membuktikan bahwa kebijakan ini penyebabnya."

    @classmethod
    def of(cls, found: Evaluation) -> Self:
        return cls(policy=found.policy.ref, goals=[_judged(found, goal) for goal in found.policy.goals])


def _judged(found: Evaluation, goal: Goal) -> GoalView:
    before, after = found.of(goal)
    return GoalView(
        words=goal.words, measure=goal.measure, at_least=goal.at_least, below=goal.below, cites=list(goal.cites),
        before=before.value, people_before=before.people, after=after.value, people_after=after.people,
        reached=found.reached(goal),
    )  # fmt: skip


@router.get("/policies/{ref}/evaluation")
async def evaluate_policy(
    ref: Ref, before: PeriodText, after: PeriodText, scope: OfficeScope, work: WorkDep, policies: PoliciesDep
) -> EvaluationView:
    """What became of a policy's goals: means over the closed periods before it held, and under it."""
    return EvaluationView.of(await queries.evaluation(work, scope, policies, ref, before, after))


@router.post("/policies/drafts", status_code=201)
async def draft_policy(body: DraftRequest, scope: HrScope, work: WorkDep, policies: PoliciesDep) -> DraftView:
    """Write a policy version down. Nobody is weighed by it before it is activated."""
    return DraftView.of(await commands.draft_policy(work, scope, policies, body.model_dump(mode="json")))


@router.get("/policies/drafts")
async def list_drafts(scope: OfficeScope, work: WorkDep, after: After = None, limit: Limit = 100) -> Page[DraftView]:
    """Drafts for the office's units, those activated too."""
    found = await queries.drafts(work, scope, after, limit)
    return Page(items=[DraftView.of(r.state) for r in found], next=found[-1].id if len(found) == limit else None)


@router.post("/policies/drafts/{ref}/simulations", status_code=202)
async def ask_simulation(ref: Ref, body: SimulationRequest, scope: OfficeScope, work: WorkDep) -> SimulationView:
    """Have a draft tried out on what was recorded of a period; ``GET /v1/simulations/{id}`` tells how far it is."""
    return SimulationView.of(await commands.ask_simulation(work, scope, ref, body.period, body.training_cost))


@router.get("/simulations/{run_id}")
async def read_simulation(run_id: Id, scope: OfficeScope, work: WorkDep) -> SimulationView:
    """How far a simulation is, and what the draft would change."""
    return SimulationView.of(await queries.simulation(work, scope, run_id))


@router.post("/policies/drafts/{ref}/activation", status_code=201)
async def activate_policy(ref: Ref, scope: HrScope, work: WorkDep) -> DraftView:
    """Let a draft hold from its first day on: a day to come, and only once it was simulated as it stands."""
    return DraftView.of(await commands.activate_policy(work, scope, ref))
