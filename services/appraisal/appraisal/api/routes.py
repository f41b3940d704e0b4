"""HTTP in: scorecards and their explanation, a supervisor's team live, targets, progress, behaviour, closing."""

from __future__ import annotations

from collections.abc import AsyncIterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from kinara.kit.identity import PublicScope, Role, allow
from kinara.kit.problems import Refusals
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from appraisal import queries
from appraisal.api.views import ClosedView, ExplanationView, PolicyView, ScorecardView, ScoreView
from appraisal.api.working_days import CalendarDep
from appraisal.commands import cards as commands
from appraisal.commands import closing
from appraisal.domain import refusals
from appraisal.domain.policy import Policies
from appraisal.domain.tallies import Target
from appraisal.store import shelf

STATUS: Refusals = {
    refusals.Refusal: 422,
    refusals.PeriodClosed: 409,
    refusals.PolicyAlreadyActive: 409,
    refusals.PolicyAlreadyExists: 409,
    refusals.PolicyNotTried: 409,
    refusals.PeriodNotBegun: 409,
    refusals.PeriodNotOver: 409,
    refusals.PeriodOver: 409,
    refusals.EarlierPeriodOpen: 409,
    refusals.StillInShadow: 409,
    refusals.NothingProposed: 409,
    refusals.AlreadyDecided: 409,
    refusals.NothingToSign: 409,
    refusals.OwnSignature: 403,
    refusals.NotYetDecided: 409,
    refusals.ObjectionTooLate: 409,
    refusals.ObjectionMade: 409,
    refusals.NoObjection: 409,
    refusals.NotHeard: 409,
    refusals.OrganisationFirst: 409,
    refusals.NotLatestClosed: 409,
    refusals.CoachingNotWaiting: 409,
    refusals.CoachingNotOpen: 409,
    refusals.SuperiorOpens: 403,
    refusals.PlanRunning: 409,
    refusals.AwardDecided: 409,
    refusals.WonTwiceRunning: 409,
    refusals.Disciplined: 409,
    refusals.ReportAlreadyMade: 409,
    refusals.ReportNotFound: 404,
    refusals.SkpNotProposed: 409,
    refusals.ReportAnswered: 409,
    refusals.EvidenceMissing: 409,
    refusals.TooMuchEvidence: 409,
    refusals.AuditDecided: 409,
    refusals.OwnAudit: 403,
    refusals.PanelExists: 409,
    refusals.PanelClosed: 409,
    refusals.SelfVerification: 403,
    refusals.SelfRating: 403,
}

router = APIRouter(prefix="/v1", tags=["appraisal"])

CardScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT)]
TeamScope = Annotated[Scope, allow(Role.SUPERVISOR)]
OfficeScope = Annotated[Scope, allow(Role.HR, Role.OVERSIGHT)]
ReportingScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.INTEGRATOR)]
HrScope = Annotated[Scope, allow(Role.HR)]


async def _policies(work: WorkDep) -> Policies:
    return await shelf(work.database)


PoliciesDep = Annotated[Policies, Depends(_policies)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Mark = Annotated[int, Field(ge=1, le=5)]
PeriodText = Annotated[str, StringConstraints(min_length=4, max_length=10)]
Day = Annotated[date, Field(strict=False)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=3, strict=False)]
Message = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Link = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]
Weight = Annotated[Decimal, Field(gt=0, le=1, max_digits=5, decimal_places=4, strict=False)]


class TargetRequest(Body):
    """What will be measured in a period, as agreed in the performance dialogue."""

    period: PeriodText
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    polarity: Literal["max", "min"] = Field(description="max: more is better; min: less is better.")
    target: Amount
    weight: Weight = Field(
        description="Against the other indicators of the period: the weights need not sum to one, since each counts by"
        " its share of their sum."
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = Field(
        default=None, description="From the performance dialogue; needed once a quarter of the period has passed."
    )

    def agreed(self) -> Target:
        return Target(self.name, self.unit, self.polarity, self.target, self.weight)


class ProgressRequest(Body):
    """An amount done, or a level measured."""

    indicator: Code
    amount: Amount
    on: Day | None = Field(
        default=None,
        description="Day on which the work stood so, in a period not yet closed; today, which is also the latest,"
        " without it.",
    )
    link: Link | None = Field(
        default=None, description="Evidence: an https address. Files and more links are added to the report."
    )


class VerificationRequest(Body):
    """What may be said with a verification."""

    words: Message | None = Field(default=None, description="Feedback on the work, kept in the report's thread.")


class Reported(BaseModel):
    """The report that was taken."""

    report_id: Id
    message: str = "Laporan diterima. Laporan sendiri dihitung setengah sampai diverifikasi atasan."


class MarksRequest(Body):
    """Marks 1 to 5 for the seven BerAKHLAK values."""

    berorientasi_pelayanan: Mark
    akuntabel: Mark
    kompeten: Mark
    harmonis: Mark
    loyal: Mark
    adaptif: Mark
    kolaboratif: Mark


class BehaviourRequest(MarksRequest):
    """Marks for the seven values, for a period."""

    period: PeriodText | None = Field(
        default=None, description="Period that is rated: the one that runs, or an earlier one not yet closed."
    )


class ClosingRequest(Body):
    """The period to close."""

    period: PeriodText


@router.get("/scorecards/{employee_id}")
async def read_scorecard(employee_id: Id, scope: CardScope, work: WorkDep, response: Response) -> ScorecardView:
    """One employee's card: one's own, a report's, or one inside the office's units."""
    record = await queries.scorecard(work, scope, employee_id)
    etag(response, record.rev)
    return ScorecardView.of(record.state)


@router.get("/scorecards")
async def list_scorecards(
    scope: OfficeScope, work: WorkDep, unit_path: UnitPath | None = None, after: After = None, limit: Limit = 100
) -> Page[ScorecardView]:
    """Cards of the office's units, or of one unit and everything below it."""
    found = await queries.scorecards(work, scope.narrowed(unit_path) if unit_path else scope, after, limit)
    return Page(items=[ScorecardView.of(r.state) for r in found], next=found[-1].id if len(found) == limit else None)


@router.get("/scorecards/{employee_id}/periods/{period}")
async def read_score(employee_id: Id, period: PeriodText, scope: CardScope, work: WorkDep) -> ScoreView:
    """The score of a period, open or closed."""
    record = await queries.scorecard(work, scope, employee_id)
    return ScoreView.of(await queries.score_of(work, record.state, period, scope), period)


@router.get("/scorecards/{employee_id}/periods/{period}/explanation")
async def explain(
    employee_id: Id, period: PeriodText, scope: CardScope, work: WorkDep, policies: PoliciesDep
) -> ExplanationView:
    """Every component as the list of its recorded effects, adding up to it."""
    return ExplanationView.of(await queries.explanation(work, scope, policies, employee_id, period))


@router.get("/scorecards/{employee_id}/effects")
async def list_effects(employee_id: Id, scope: OfficeScope, work: WorkDep) -> list[dict[str, Any]]:
    """Everything that was ever recorded on a card, oldest first, for oversight."""
    return await work.effects(await queries.scorecard(work, scope, employee_id))


@router.get("/team")
async def read_team(scope: TeamScope, work: WorkDep, after: After = None, limit: Limit = 100) -> Page[ScorecardView]:
    """The supervisor's direct reports with their scores."""
    found = await queries.team(work, scope, after, limit)
    return Page(items=[ScorecardView.of(r.state) for r in found], next=found[-1].id if len(found) == limit else None)


@router.get("/team/stream", response_class=EventSourceResponse)
async def stream_team(
    scope: TeamScope,
    work: WorkDep,
    last_event_id: Annotated[str | None, Header(max_length=60)] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Scores, breached standards and coaching of the supervisor's reports as they happen; ``Last-Event-ID`` goes on."""
    async for place, name, data in queries.team_changes(work, scope, last_event_id):
        yield ServerSentEvent(raw_data=data, event=name, id=place)


@router.put("/scorecards/{employee_id}/indicators/{code}")
async def agree_indicator(
    employee_id: Id, code: Code, body: TargetRequest, scope: TeamScope, work: WorkDep, policies: PoliciesDep
) -> ScorecardView:
    """Agree what will be measured, or change it: after a quarter of the period with a reason, after its end never."""
    card = await commands.agree_indicator(
        work, queries.reports(scope), policies, employee_id,
        code=code, target=body.agreed(), period=body.period, reason=body.reason,
    )  # fmt: skip
    return ScorecardView.of(card)


@router.post("/scorecards/{employee_id}/progress", status_code=201)
async def report_progress(
    employee_id: Id, body: ProgressRequest, scope: ReportingScope, work: WorkDep, policies: PoliciesDep
) -> Reported:
    """Report progress; one's own report counts half until the supervisor has verified it."""
    report_id = await commands.report_progress(work, scope, policies, employee_id, **body.model_dump())
    return Reported(report_id=report_id)


@router.post("/scorecards/{employee_id}/progress/{report_id}/verification")
async def verify_report(
    employee_id: Id,
    report_id: Id,
    scope: TeamScope,
    work: WorkDep,
    policies: PoliciesDep,
    body: VerificationRequest | None = None,
) -> ScorecardView:
    """Let a report count in full, having seen its evidence."""
    words = body.words if body else None
    return ScorecardView.of(await commands.verify_report(work, scope, policies, employee_id, report_id, words))


@router.post("/scorecards/{employee_id}/behaviour", status_code=201)
async def rate_behaviour(
    employee_id: Id, body: BehaviourRequest, scope: TeamScope, work: WorkDep, policies: PoliciesDep
) -> ScorecardView:
    """Rate a report's behaviour in a period; the latest rating of each rater counts."""
    marks: dict[str, int] = body.model_dump(exclude={"period"})
    return ScorecardView.of(await commands.rate_behaviour(work, scope, policies, employee_id, marks, body.period))


@router.post("/scorecards/{employee_id}/closings", status_code=201)
async def close_period(
    employee_id: Id, body: ClosingRequest, scope: HrScope, work: WorkDep, policies: PoliciesDep, calendar: CalendarDep
) -> ClosedView:
    """Close a period; what becomes known later is recorded and flagged, and changes no closed score."""
    return ClosedView.of(await closing.close_period(work, scope, policies, calendar, employee_id, body.period))


@router.get("/policies")
async def list_policies(_: PublicScope, policies: PoliciesDep) -> list[PolicyView]:
    """Every policy with its weights; public, since people are judged by it."""
    return [PolicyView.of(policy) for policy in policies]


@router.get("/policies/in-force")
async def read_policy(
    _: PublicScope, policies: PoliciesDep, unit_path: UnitPath, day: Annotated[date, Query()]
) -> PolicyView:
    """The policy that holds for a unit on a day, its own or inherited."""
    return PolicyView.of(queries.policy_in_force(policies, unit_path, day))
