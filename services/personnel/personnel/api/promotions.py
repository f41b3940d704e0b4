"""Promotion on proposal: what the rules find, proposals, and the decision on them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Query
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from pydantic import BaseModel, Field

from personnel import queries
from personnel.api.doors import Day, HrScope, ReaderScope, Short, Text
from personnel.api.proposing import (
    ApprovalRequest,
    FindingView,
    OwnOrOfficeScope,
    ProposalView,
    RefusalRequest,
    StateName,
    page_of,
    shown,
)
from personnel.commands import promotions as commands
from personnel.domain.eligibility import Case, eligibility, ended
from personnel.domain.finding import Result, overall
from personnel.domain.jabatan import Jenjang
from personnel.domain.profile import Decree
from personnel.domain.promotion import stated_decree
from personnel.domain.proposal import PromotionProposal
from personnel.store import PROMOTIONS

router = APIRouter(prefix="/v1", tags=["promotions"])

Tmt = Annotated[date | None, Query(ge=date(1980, 1, 1), lt=date(2100, 1, 1), description="TMT; the next period.")]
Kind = Annotated[str | None, Query(pattern=r"^[12][0-9]{2}$", description="SIASN jenisKP; the post's usual kind.")]
Rank = Annotated[str | None, Query(max_length=10, description="Golongan to be given; the next one.")]
JenjangAsked = Annotated[Jenjang | None, Query(description="Functional level to be given with the rank; none other.")]


class PromotionProposalRequest(Body):
    """A kenaikan pangkat that is proposed."""

    effective_on: Day = Field(description="TMT, at most a year from today.")
    promotion_kind: Short = Field(description="SIASN jenisKP: 101 reguler, 201 struktural, 202 fungsional, …")
    golongan: Short | None = Field(default=None, description="To be given; the next one without it.")
    jabatan: Text | None = None
    jenjang: Jenjang | None = None

    def decree(self) -> Decree:
        return stated_decree("", self.promotion_kind)


class EndedRuleView(BaseModel):
    """A rule that old systems still ask for."""

    rule: str
    title: str
    source: str
    until: date = Field(description="The first day on which it held no longer.")


class EligibilityView(BaseModel):
    """What every rule finds about a promotion; a reward that people decide on, and no automatic right."""

    employee_id: Id
    from_golongan: str
    to_golongan: str
    effective_on: date
    promotion_kind: str
    jenjang: Jenjang | None = Field(description="The functional level that was asked about.")
    result: Result
    findings: list[FindingView]
    no_longer_asked: list[EndedRuleView]

    @classmethod
    def of(cls, case: Case) -> Self:
        findings = eligibility(case)
        return cls(
            employee_id=case.employee.id,
            from_golongan=case.employee.golongan,
            to_golongan=case.to_golongan,
            effective_on=case.on,
            promotion_kind=case.kind,
            jenjang=case.jenjang,
            result=overall(findings),
            findings=FindingView.all_of(findings),
            no_longer_asked=[
                EndedRuleView(rule=rule.code, title=rule.title, source=rule.source, until=rule.until)
                for rule in ended(case)
            ],
        )


class PromotionProposalView(ProposalView):
    """A promotion that is proposed, approved or refused."""

    from_golongan: str
    to_golongan: str
    effective_on: date
    promotion_kind: str
    jabatan: str | None
    jenjang: str | None

    @classmethod
    def of(cls, one: PromotionProposal) -> Self:
        own = cls.model_fields.keys() - ProposalView.model_fields.keys()
        return cls.model_validate(shown(one) | {name: getattr(one, name) for name in own})


@router.get("/employees/{employee_id}/promotion-eligibility")
async def read_eligibility(
    employee_id: Id, scope: ReaderScope, work: WorkDep, on: Tmt = None, promotion_kind: Kind = None,
    golongan: Rank = None, jenjang: JenjangAsked = None,
) -> EligibilityView:  # fmt: skip
    """Each rule of a promotion: met, not met or unknown, why, and what is missing."""
    case = await queries.promotion_case(work, scope, employee_id, golongan, promotion_kind, on, jenjang)
    return EligibilityView.of(case)


@router.post("/employees/{employee_id}/promotion-proposals", status_code=201)
async def propose(
    employee_id: Id, body: PromotionProposalRequest, scope: HrScope, work: WorkDep
) -> PromotionProposalView:
    """Propose a promotion; what the rules find today is kept with it."""
    proposed = await commands.propose_promotion(
        work, scope, employee_id, body.golongan, body.effective_on, body.decree(),
        jabatan=body.jabatan, jenjang=body.jenjang,
    )  # fmt: skip
    return PromotionProposalView.of(proposed)


@router.get("/promotion-proposals")
async def list_proposals(
    scope: OwnOrOfficeScope, work: WorkDep, employee_id: Id | None = None, state: StateName = None,
    after: After = None, limit: Limit = 100,
) -> Page[PromotionProposalView]:  # fmt: skip
    """Proposals about oneself or in the office's units, oldest first."""
    found = await queries.proposals(work, PROMOTIONS, scope, employee_id, state, after, limit)
    return page_of(found, PromotionProposalView.of, limit)


@router.post("/promotion-proposals/{proposal_id}/approval", status_code=201)
async def approve(proposal_id: Id, body: ApprovalRequest, scope: HrScope, work: WorkDep) -> PromotionProposalView:
    """Promote as proposed, by decree, once the day has come; no rule that is not met is set aside."""
    return PromotionProposalView.of(await commands.approve_promotion(work, scope, proposal_id, **body.model_dump()))


@router.post("/promotion-proposals/{proposal_id}/refusal", status_code=201)
async def refuse(proposal_id: Id, body: RefusalRequest, scope: HrScope, work: WorkDep) -> PromotionProposalView:
    """Refuse a proposal, and say why."""
    return PromotionProposalView.of(await commands.refuse_promotion(work, scope, proposal_id, body.reason))
