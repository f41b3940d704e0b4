"""Contracts of PPPK: recorded, proposed to be renewed, and decided."""

from __future__ import annotations

from typing import Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from pydantic import Field

from personnel import queries
from personnel.api.doors import Day, HrScope, Short
from personnel.api.proposing import (
    ApprovalRequest,
    OwnOrOfficeScope,
    ProposalView,
    RefusalRequest,
    StateName,
    page_of,
    shown,
)
from personnel.api.views import ContractView, EmployeeDetail
from personnel.commands import renewals as commands
from personnel.domain.dossier import Contract
from personnel.domain.proposal import RenewalProposal
from personnel.store import RENEWALS

router = APIRouter(prefix="/v1", tags=["contracts"])


class ContractRequest(Body):
    """The contract of a PPPK as it was signed."""

    starts_on: Day = Field(description="First day; between the appointment and today.")
    ends_on: Day = Field(description="Last day; within five years.")
    number: Short

    def contract(self) -> Contract:
        return Contract(starts_on=self.starts_on, ends_on=self.ends_on, number=self.number)


class RenewalRequest(Body):
    """A contract that follows the present one, from the day after its last."""

    ends_on: Day = Field(description="Last day of the new contract; within five years of its first.")
    number: Short


class RenewalView(ProposalView):
    """A renewal that is proposed, approved or refused."""

    present: ContractView
    renewed: ContractView

    @classmethod
    def of(cls, one: RenewalProposal) -> Self:
        contracts = {"present": one.present, "renewed": one.renewed}
        views = {name: ContractView.model_validate(c, from_attributes=True) for name, c in contracts.items()}
        return cls.model_validate(shown(one) | views)


@router.put("/employees/{employee_id}/contract")
async def keep_contract(employee_id: Id, body: ContractRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """Record the contract of a PPPK."""
    return EmployeeDetail.of(await commands.keep_contract(work, scope, employee_id, body.contract()), scope)


@router.post("/employees/{employee_id}/contract-renewals", status_code=201)
async def propose(employee_id: Id, body: RenewalRequest, scope: HrScope, work: WorkDep) -> RenewalView:
    """Propose to renew a contract that runs, on the predikat of its period."""
    return RenewalView.of(await commands.propose_renewal(work, scope, employee_id, body.ends_on, body.number))


@router.get("/contract-renewals")
async def list_renewals(
    scope: OwnOrOfficeScope, work: WorkDep, employee_id: Id | None = None, state: StateName = None,
    after: After = None, limit: Limit = 100,
) -> Page[RenewalView]:  # fmt: skip
    """Renewals about oneself or in the office's units, oldest first."""
    found = await queries.proposals(work, RENEWALS, scope, employee_id, state, after, limit)
    return page_of(found, RenewalView.of, limit)


@router.post("/contract-renewals/{proposal_id}/approval", status_code=201)
async def approve(proposal_id: Id, body: ApprovalRequest, scope: HrScope, work: WorkDep) -> RenewalView:
    """Renew the contract as proposed; refused once it has ended."""
    return RenewalView.of(await commands.approve_renewal(work, scope, proposal_id, **body.model_dump()))


@router.post("/contract-renewals/{proposal_id}/refusal", status_code=201)
async def refuse(proposal_id: Id, body: RefusalRequest, scope: HrScope, work: WorkDep) -> RenewalView:
    """Do not renew, and say why."""
    return RenewalView.of(await commands.refuse_renewal(work, scope, proposal_id, body.reason))
