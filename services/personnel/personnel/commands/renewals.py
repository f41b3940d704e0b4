"""Contracts of PPPK: recorded, proposed to be renewed, and renewed or not."""

from __future__ import annotations

from datetime import date

from kinara.kit.ids import new_id
from kinara.kit.scope import Scope
from kinara.kit.work import Transaction, command

from personnel.commands.places import today
from personnel.commands.promotions import merit_of
from personnel.commands.proposals import refuse_while_open, refused, to_decide
from personnel.domain import proposal
from personnel.domain.appointment import appointed_on, refuse_before_appointment
from personnel.domain.day import refuse_not_yet_in_force
from personnel.domain.dossier import Contract
from personnel.domain.employee import Employee
from personnel.domain.oneself import refuse_own_matter
from personnel.domain.proposal import RenewalProposal, refuse_decided
from personnel.domain.refusals import ProposalOutdated
from personnel.domain.renewal import following_contract, record_contract, renewability, running_contract
from personnel.store import EMPLOYEES, RENEWALS


@command
async def keep_contract(tx: Transaction, scope: Scope, employee_id: str, contract: Contract) -> Employee:
    """Record the contract of a PPPK, which has begun."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_own_matter(scope.person, employee_id)
    day = today(tx, employee.province)
    refuse_before_appointment(contract.starts_on, appointed_on(employee.nips), "starts_on")
    refuse_not_yet_in_force(contract.starts_on, day, "starts_on")
    return _contracted(tx, employee, contract, day)


@command
async def propose_renewal(
    tx: Transaction, scope: Scope, employee_id: str, ends_on: date, number: str
) -> RenewalProposal:
    """Propose a contract that follows the present one; what the rule finds today is kept with it."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    day = today(tx, employee.province)
    present = running_contract(employee, day)
    await refuse_while_open(tx, RENEWALS, employee_id)
    proposed = RenewalProposal(
        id=new_id(), employee_id=employee_id, unit_path=employee.unit_path, present=present,
        renewed=following_contract(present, ends_on, number), proposed_by=scope.who, proposed_at=tx.now,
        findings=renewability(present, await merit_of(tx, employee), day),
    )  # fmt: skip
    tx.save(RENEWALS, proposed)
    return proposed


@command
async def approve_renewal(
    tx: Transaction, scope: Scope, proposal_id: str, *, decree_number: str, reason: str | None
) -> RenewalProposal:
    """Renew a contract as proposed."""
    asked, employee = await to_decide(tx, RENEWALS, scope, proposal_id)
    refuse_decided(asked)
    day = today(tx, employee.province)
    if running_contract(employee, day) != asked.present:
        raise ProposalOutdated(
            "Perjanjian kerja pegawai sudah berubah. Tolak usulan ini, lalu ajukan yang baru.",
            field="proposal_id",
            detail="the contract has changed since the proposal",
        )
    now = renewability(asked.present, await merit_of(tx, employee), day)
    approved = proposal.approve(asked, now, reason=reason, decree_number=decree_number, by=scope.who, at=tx.now)
    tx.save(RENEWALS, approved)
    _contracted(tx, employee, asked.renewed, day)
    return approved


@command
async def refuse_renewal(tx: Transaction, scope: Scope, proposal_id: str, reason: str) -> RenewalProposal:
    """Decide against a renewal; the reason is kept."""
    return await refused(tx, RENEWALS, scope, proposal_id, reason)


def _contracted(tx: Transaction, employee: Employee, contract: Contract, on: date) -> Employee:
    changed, fact = record_contract(employee, contract, on)
    tx.save(EMPLOYEES, changed)
    if fact is not None:
        tx.publish(fact)
    return changed
