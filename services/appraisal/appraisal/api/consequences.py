"""HTTP in: what follows from a closed period: awards that rules nominate, and coaching that they ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from kinara.contracts import Id
from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from appraisal import queries
from appraisal.api.policies import Ref
from appraisal.api.routes import CardScope, Day, HrScope, PeriodText, PoliciesDep, TeamScope
from appraisal.api.verdicts import EmployeeScope, Words
from appraisal.commands import awards
from appraisal.commands import coaching as commands
from appraisal.domain.awarding import Nomination
from appraisal.domain.coaching import CoachingCase, Form, overdue
from appraisal.store import Ballot

router = APIRouter(prefix="/v1", tags=["consequences"])

OpeningScope = Annotated[Scope, allow(Role.SUPERVISOR, Role.HR)]
Mark = Annotated[int, Field(ge=1, le=5)]
Competence = Annotated[str, StringConstraints(min_length=2, max_length=60)]


class NominationsRequest(Body):
    """Which awards to nominate for (again)."""

    policy: Ref
    period: PeriodText


class GrantRequest(Body):
    """An award is granted."""

    decree: Annotated[str, StringConstraints(min_length=3, max_length=100)]
    no_running_discipline: bool = Field(
        default=True, description="False where a measure is known that personnel has not recorded: nothing is granted."
    )


class ReasonRequest(Body):
    """Why."""

    reason: Words


class PlanRequest(Body):
    """How somebody will be helped."""

    form: Form = Field(description="bimbingan for skill, konseling for behaviour and personal matters.")
    plan: Words
    days: Annotated[int, Field(ge=1, le=366, description="How long the plan runs: 30 to 90.")]


class MeetingRequest(Body):
    """One session."""

    held_on: Day
    notes: Words


class EmployeeEvaluation(Body):
    """Form B.1.8: nine statements on the sessions."""

    marks: Annotated[list[Mark], Field(min_length=9, max_length=9)]


class SuperiorEvaluation(Body):
    """Form B.1.9: competences after the sessions."""

    marks: Annotated[dict[Competence, Mark], Field(min_length=1, max_length=30)]


class EndRequest(Body):
    """How a case ends that the rule does not end."""

    outcome: Literal["not_improved", "left", "lapsed"] = Field(description="lapsed: a case that nobody has opened.")


class BallotView(BaseModel):
    """Nominations of a policy and period: asked for, or made."""

    policy: str
    period: Period
    made: bool
    nominated: int

    @classmethod
    def of(cls, ballot: Ballot) -> Self:
        return cls(
            policy=ballot.policy, period=ballot.period, made=ballot.ended_at is not None, nominated=ballot.nominated
        )


class AwardView(BaseModel):
    """A nomination, and what a person made of it."""

    award_id: Id
    employee_id: Id
    unit_path: str
    code: str
    title: str
    grants: str
    period: Period
    score: Decimal
    state: str
    decree: str | None
    reason: str | None
    decided_on: date | None

    @classmethod
    def of(cls, one: Nomination) -> Self:
        shown = {name: getattr(one, name) for name in cls.model_fields.keys() - {"award_id", "score"}}
        return cls(award_id=one.id, score=one.rank[0], **shown)


class MeetingView(BaseModel):
    """One session."""

    held_on: date
    notes: str


class CaseView(BaseModel):
    """A coaching case."""

    case_id: Id
    employee_id: Id
    unit_path: str
    trigger: str
    period: Period
    state: str
    due_on: date = Field(description="Until when the superior must have opened it.")
    overdue: bool = Field(description="That day has passed, and nobody has opened it.")
    form: str | None
    plan: str | None
    opened_on: date | None
    until: date | None
    meetings: list[MeetingView]
    employee_marks: list[int]
    superior_marks: dict[str, int]
    outcome: str | None
    closed_on: date | None

    @classmethod
    def of(cls, case: CoachingCase, now: datetime) -> Self:
        late = overdue(case, day_of(now, case.province))
        shown = {name: getattr(case, name) for name in cls.model_fields.keys() - {"case_id", "meetings", "overdue"}}
        meetings = [MeetingView(held_on=one.held_on, notes=one.notes) for one in case.meetings]
        return cls.model_validate(
            shown
            | {"case_id": case.id, "overdue": late, "meetings": meetings, "employee_marks": list(case.employee_marks)}
        )


@router.post("/awards/nominations", status_code=202)
async def ask_nominations(body: NominationsRequest, scope: HrScope, work: WorkDep, policies: PoliciesDep) -> BallotView:
    """Have nominations made again; they are made by themselves when a period is closed."""
    return BallotView.of(await awards.ask_nominations(work, scope, policies, body.policy, body.period))


@router.get("/awards")
async def list_awards(
    scope: CardScope,
    work: WorkDep,
    state: Literal["nominated", "barred", "granted", "declined", "lapsed"] | None = None,
    after: After = None,
    limit: Limit = 100,
) -> Page[AwardView]:
    """One's own awards, those of one's reports, or of the office's units; who holds no office sees what was granted."""
    found = await queries.awards(work, scope, state, after, limit)
    return Page(items=[AwardView.of(r.state) for r in found], next=found[-1].id if len(found) == limit else None)


@router.post("/awards/{award_id}/grant", status_code=201)
async def grant_award(award_id: Id, body: GrantRequest, scope: HrScope, work: WorkDep) -> AwardView:
    """Grant a nomination by decree."""
    undisciplined = body.no_running_discipline
    return AwardView.of(await awards.grant(work, scope, award_id, decree=body.decree, undisciplined=undisciplined))


@router.post("/awards/{award_id}/decline", status_code=201)
async def decline_award(award_id: Id, body: ReasonRequest, scope: HrScope, work: WorkDep) -> AwardView:
    """Decide against a nomination, and say why."""
    return AwardView.of(await awards.decline(work, scope, award_id, body.reason))


@router.get("/coaching")
async def list_cases(
    scope: CardScope,
    work: WorkDep,
    state: Literal["due", "open", "closed"] | None = None,
    overdue: Annotated[bool, Query(description="Only those that nobody has opened in time.")] = False,
    after: After = None,
    limit: Limit = 100,
) -> Page[CaseView]:
    """One's own coaching cases, those of one's reports, or of the office's units."""
    found, place = await queries.cases(work, scope, state, after, limit, late=overdue)
    return Page(items=[CaseView.of(case, work.now()) for case in found], next=place)


@router.post("/coaching/{case_id}/opening", status_code=201)
async def open_case(case_id: Id, body: PlanRequest, scope: OpeningScope, work: WorkDep) -> CaseView:
    """Open a case that a rule asks for, with a plan: the superior, or HR where the employee has none."""
    others = replace(scope, own=None)
    return CaseView.of(await commands.open_case(work, others, case_id, body.form, body.plan, body.days), work.now())


@router.post("/coaching/{case_id}/meetings", status_code=201)
async def record_meeting(case_id: Id, body: MeetingRequest, scope: TeamScope, work: WorkDep) -> CaseView:
    """Record a session that was held."""
    mine = queries.reports(scope)
    return CaseView.of(await commands.record_meeting(work, mine, case_id, body.held_on, body.notes), work.now())


@router.put("/coaching/{case_id}/evaluations/employee")
async def evaluate_as_employee(case_id: Id, body: EmployeeEvaluation, scope: EmployeeScope, work: WorkDep) -> CaseView:
    """What the employee says of the sessions (form B.1.8)."""
    return CaseView.of(await commands.evaluate_as_employee(work, scope, case_id, tuple(body.marks)), work.now())


@router.put("/coaching/{case_id}/evaluations/superior")
async def evaluate_as_superior(case_id: Id, body: SuperiorEvaluation, scope: TeamScope, work: WorkDep) -> CaseView:
    """What the superior says of the competences after the sessions (form B.1.9)."""
    mine = queries.reports(scope)
    return CaseView.of(await commands.evaluate_as_superior(work, mine, case_id, body.marks), work.now())


@router.post("/coaching/{case_id}/end", status_code=201)
async def end_case(case_id: Id, body: EndRequest, scope: HrScope, work: WorkDep) -> CaseView:
    """End a case that the rule does not end: its plan is over without success, or service ended."""
    return CaseView.of(await commands.end_case(work, scope, case_id, body.outcome), work.now())
