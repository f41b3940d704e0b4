"""HTTP in: what people decide on closed periods: verdicts, second signatures, objections, opening a period again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.contracts.appraisal import Period, Predikat
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work
from pydantic import BaseModel, Field, StringConstraints

from appraisal import queries
from appraisal.api.routes import CardScope, Day, HrScope, PeriodText, PoliciesDep, TeamScope
from appraisal.api.talent import DistributionView
from appraisal.api.views import ScorecardView
from appraisal.commands import closing
from appraisal.commands import verdicts as commands
from appraisal.domain.distribution import Distribution
from appraisal.domain.objection import last_day_to_object
from appraisal.domain.rating import PREDIKAT
from appraisal.domain.verdict import State, Verdict
from appraisal.queries import talent
from appraisal.store import OrganisationResult

router = APIRouter(prefix="/v1", tags=["verdicts"])

EmployeeScope = Annotated[Scope, allow(Role.EMPLOYEE)]
Words = Annotated[str, StringConstraints(min_length=3, max_length=4_000)]
Code = Annotated[int, Field(ge=1, le=5, description="SIASN kuadran code, 1 is the best.")]
VERDICT = "/scorecards/{employee_id}/periods/{period}/verdict"


class DecisionRequest(Body):
    """The appraiser's decision; the proposal where no predikat is named."""

    predikat: Code | None = None
    reason: Words | None = Field(default=None, description="Needed where the decision deviates from the proposal.")


class SignatureRequest(Body):
    """The second signer's word."""

    agrees: bool
    reason: Words | None = Field(default=None, description="Needed where the decision is given back.")


class AppraiserRequest(Body):
    """Who decides instead."""

    appraiser_id: Id
    superior_id: Id


class ObjectionRequest(Body):
    """What the employee has against the predikat."""

    grounds: Words


class HearingRequest(Body):
    """When both sides were heard, and what they said."""

    held_on: Day
    notes: Words


class FinalRequest(Body):
    """The final decision on an objection."""

    predikat: Code
    reason: Words


class ReopeningRequest(Body):
    """Why a closed period is opened again."""

    reason: Words


class ObjectionView(BaseModel):
    """An objection, from its grounds to the final decision."""

    objection_id: Id
    filed_at: datetime
    grounds: str
    heard_on: date | None
    heard: str | None
    before: str
    after: str | None
    reason: str | None
    decided_by: Id | None
    decided_at: datetime | None


class VerdictView(BaseModel):
    """What was decided on a closed period. Nothing holds before a person has confirmed it."""

    employee_id: Id
    period: Period
    unit_path: str
    state: State
    shadow: bool = Field(description="The unit tries its policy out: nothing follows from the score.")
    proposed: str | None
    predikat: str | None
    predikat_code: int | None
    reason: str | None
    appraiser_id: Id | None
    superior_id: Id | None
    decided_at: datetime | None
    signed_by: Id | None
    returned: str | None = Field(description="Why the second signer has given the decision back.")
    objection_until: date | None = Field(description="Last day on which the employee can object.")
    objection: ObjectionView | None

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        objection = verdict.objection
        return cls(
            **{name: getattr(verdict, name) for name in _SHOWN},
            proposed=_named(verdict.proposed),
            predikat=_named(verdict.predikat),
            predikat_code=None if verdict.predikat is None else int(verdict.predikat),
            objection_until=last_day_to_object(verdict),
            objection=objection
            and ObjectionView(
                objection_id=objection.id,
                before=PREDIKAT[objection.before],
                after=_named(objection.after),
                **{name: getattr(objection, name) for name in _SHOWN_OF_OBJECTION},
            ),
        )


class OrganisationAdvice(BaseModel):
    """What the organisation achieved in the period, and how its people stand to that: advice, nothing is forced."""

    unit_path: str | None
    predikat: str | None = Field(description="Null while it is not set.")
    note: str
    distribution: DistributionView | None = Field(description="For who decides, and for the office.")

    @classmethod
    def of(cls, verdict: Verdict, rated: OrganisationResult | None, spread: Distribution | None) -> Self:
        if rated is None:
            note = f"Predikat organisasi {verdict.period} belum ditetapkan. BKPSDM menetapkannya lebih dahulu."
            return cls(unit_path=None, predikat=None, note=note, distribution=None)
        note = f"Predikat organisasi {verdict.period}: {rated.predikat}. Sebaran predikat pegawainya hanya saran."
        advice = spread and DistributionView.of(spread)
        return cls(unit_path=rated.unit_path, predikat=rated.predikat, note=note, distribution=advice)


class AdvisedView(VerdictView):
    """A verdict with what its organisation achieved, which is set first."""

    organisation: OrganisationAdvice


async def advised(work: Work, scope: Scope, verdict: Verdict) -> AdvisedView:
    """A verdict beside its organisation; how colleagues are spread is not for the employee alone."""
    rated, spread = await talent.organisation_of(work, verdict), None
    if rated is not None and (scope.reports_of or scope.paths):
        spread = await talent.distribution(work, SYSTEM, rated.unit_path, verdict.period)
    advice = OrganisationAdvice.of(verdict, rated, spread)
    return AdvisedView(**VerdictView.of(verdict).model_dump(), organisation=advice)


_SHOWN = (
    "employee_id", "period", "unit_path", "state", "shadow", "reason", "appraiser_id", "superior_id", "decided_at",
    "signed_by", "returned",
)  # fmt: skip
_SHOWN_OF_OBJECTION = ("filed_at", "grounds", "heard_on", "heard", "reason", "decided_by", "decided_at")


def _named(predikat: Predikat | None) -> str | None:
    return None if predikat is None else PREDIKAT[predikat]


@router.get("/verdicts")
async def list_verdicts(
    scope: CardScope,
    work: WorkDep,
    state: Literal["proposed", "to_sign", "confirmed", "objected", "final", "reopened"] | None = None,
    after: After = None,
    limit: Limit = 100,
) -> Page[VerdictView]:
    """Verdicts of one's own, of one's reports, of those whose appraisers one is above, or of the office's units."""
    found = await queries.verdicts(work, scope, state, after, limit)
    return Page(items=[VerdictView.of(r.state) for r in found], next=found[-1].id if len(found) == limit else None)


@router.get(VERDICT)
async def read_verdict(employee_id: Id, period: PeriodText, scope: CardScope, work: WorkDep) -> AdvisedView:
    """What was proposed and decided on a closed period, and what the organisation achieved in it."""
    return await advised(work, scope, await queries.verdict(work, scope, employee_id, period))


@router.post(VERDICT + "/confirmation", status_code=201)
async def confirm(
    employee_id: Id, period: PeriodText, body: DecisionRequest, scope: TeamScope, work: WorkDep, policies: PoliciesDep
) -> AdvisedView:
    """Decide as the appraiser: more than one predikat from the proposal needs a second signature.

    A year is decided once its organisation has its predikat.
    """
    chosen = None if body.predikat is None else Predikat(body.predikat)
    mine = queries.reports(scope)
    decided = await commands.confirm(work, mine, policies, employee_id, period, chosen, body.reason)
    return await advised(work, scope, decided)


@router.post(VERDICT + "/signature", status_code=201)
async def sign(
    employee_id: Id, period: PeriodText, body: SignatureRequest, scope: TeamScope, work: WorkDep, policies: PoliciesDep
) -> VerdictView:
    """Sign, as the appraiser's superior, a decision far from the proposal, or give it back."""
    mine = queries.reports(scope)
    return VerdictView.of(
        await commands.sign(work, mine, policies, employee_id, period, agrees=body.agrees, reason=body.reason)
    )


@router.put(VERDICT + "/appraiser")
async def name_appraiser(
    employee_id: Id, period: PeriodText, body: AppraiserRequest, scope: HrScope, work: WorkDep
) -> VerdictView:
    """Name who decides, where the superior of then cannot."""
    return VerdictView.of(
        await commands.name_appraiser(work, scope, employee_id, period, body.appraiser_id, body.superior_id)
    )


@router.post(VERDICT + "/objection", status_code=201)
async def file_objection(
    employee_id: Id, period: PeriodText, body: ObjectionRequest, scope: EmployeeScope, work: WorkDep
) -> VerdictView:
    """Object to one's own predikat, within fourteen days of its decision."""
    return VerdictView.of(await commands.file_objection(work, scope, employee_id, period, body.grounds))


@router.post(VERDICT + "/objection/hearing", status_code=201)
async def hear_objection(
    employee_id: Id, period: PeriodText, body: HearingRequest, scope: TeamScope, work: WorkDep
) -> VerdictView:
    """Record, as the appraiser's superior, that both sides were heard."""
    return VerdictView.of(
        await commands.hear_objection(work, queries.reports(scope), employee_id, period, body.held_on, body.notes)
    )


@router.post(VERDICT + "/objection/decision", status_code=201)
async def decide_objection(
    employee_id: Id, period: PeriodText, body: FinalRequest, scope: TeamScope, work: WorkDep, policies: PoliciesDep
) -> VerdictView:
    """Decide an objection for good, as the appraiser's superior."""
    mine, predikat = queries.reports(scope), Predikat(body.predikat)
    return VerdictView.of(
        await commands.decide_objection(work, mine, policies, employee_id, period, predikat, body.reason)
    )


@router.post("/scorecards/{employee_id}/periods/{period}/reopening", status_code=201)
async def reopen_period(
    employee_id: Id, period: PeriodText, body: ReopeningRequest, scope: HrScope, work: WorkDep, policies: PoliciesDep
) -> ScorecardView:
    """Open the latest closed period again; what was decided on it holds no longer."""
    return ScorecardView.of(await closing.reopen_period(work, scope, policies, employee_id, period, body.reason))
