"""Promotions on proposal: the rules are asked, the proposal is kept with what they found, and decided once."""

from __future__ import annotations

from datetime import date

from kinara.contracts.regions import kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from personnel.commands.places import today
from personnel.commands.proposals import refuse_while_open, refused, to_decide
from personnel.domain import employee as rules
from personnel.domain import merit, proposal
from personnel.domain.appointment import appointed_on, refuse_before_appointment
from personnel.domain.day import refuse_not_yet_in_force
from personnel.domain.eligibility import Case, eligibility, refuse_far_ahead, refuse_unpromotable
from personnel.domain.employee import Employee
from personnel.domain.finding import Finding
from personnel.domain.golongan import golongan_of
from personnel.domain.jabatan import Jenjang
from personnel.domain.merit import Merit
from personnel.domain.posting import posting_on
from personnel.domain.profile import Decree
from personnel.domain.promotion import following_rank
from personnel.domain.proposal import PromotionProposal, refuse_decided
from personnel.domain.refusals import ProposalOutdated
from personnel.store import EMPLOYEES, PROFILES, PROMOTIONS


@command
async def propose_promotion(
    tx: Transaction,
    scope: Scope,
    employee_id: str,
    to_golongan: str | None,
    on: date,
    decree: Decree,
    *,
    jabatan: str | None,
    jenjang: Jenjang | None,
) -> PromotionProposal:
    """Propose a promotion of the kind in ``decree`` from ``on``; what the rules find today is kept with it."""
    employee = await tx.load(EMPLOYEES, employee_id, scope)
    refuse_unpromotable(employee)
    refuse_before_appointment(on, appointed_on(employee.nips))
    refuse_far_ahead(on, today(tx, employee.province))
    await refuse_while_open(tx, PROMOTIONS, employee_id)
    rank = golongan_of("PNS", to_golongan) if to_golongan else following_rank(employee)
    proposed = PromotionProposal(
        id=new_id(), employee_id=employee_id, unit_path=employee.unit_path, from_golongan=employee.golongan,
        to_golongan=rank.code, effective_on=on, promotion_kind=decree.promotion_kind, jabatan=jabatan,
        jenjang=jenjang, proposed_by=scope.who, proposed_at=tx.now,
        findings=await findings_of(tx, employee, rank.code, decree.promotion_kind, on, jenjang),
    )  # fmt: skip
    tx.save(PROMOTIONS, proposed)
    return proposed


@command
async def approve_promotion(
    tx: Transaction, scope: Scope, proposal_id: str, *, decree_number: str, reason: str | None
) -> PromotionProposal:
    """Decide for a proposal by decree: the employee is promoted, by the rule that any promotion goes through."""
    asked, employee = await to_decide(tx, PROMOTIONS, scope, proposal_id)
    refuse_decided(asked)
    refuse_not_yet_in_force(asked.effective_on, today(tx, employee.province))
    refuse_unpromotable(employee)
    if employee.golongan != asked.from_golongan:
        raise ProposalOutdated(
            f"Golongan pegawai sudah berubah menjadi {employee.golongan}. Tolak usulan ini, lalu ajukan yang baru.",
            field="proposal_id",
            detail=f"proposed from {asked.from_golongan}, held is {employee.golongan}",
        )
    now = await findings_of(tx, employee, asked.to_golongan, asked.promotion_kind, asked.effective_on, asked.jenjang)
    approved = proposal.approve(asked, now, reason=reason, decree_number=decree_number, by=scope.who, at=tx.now)
    decree = Decree(number=decree_number, promotion_kind=asked.promotion_kind)
    promoted, fact = rules.promote(
        employee, asked.to_golongan, asked.effective_on, decree, jabatan=asked.jabatan, jenjang=asked.jenjang
    )
    tx.save(PROMOTIONS, approved)
    tx.save(EMPLOYEES, promoted)
    tx.publish(fact)
    return approved


@command
async def refuse_promotion(tx: Transaction, scope: Scope, proposal_id: str, reason: str) -> PromotionProposal:
    """Decide against a proposal; the reason is kept."""
    return await refused(tx, PROMOTIONS, scope, proposal_id, reason)


async def merit_of(tx: Transaction, employee: Employee) -> Merit:
    """What others have said about an employee."""
    found = await tx.find(PROFILES, SYSTEM, {"_id": employee.id}, limit=1)
    return found[0] if found else merit.blank(employee.id, kemendagri_code(employee.province))


async def findings_of(
    tx: Transaction, employee: Employee, to_golongan: str, kind: str, on: date, jenjang: Jenjang | None
) -> tuple[Finding, ...]:
    """What the rules find today about a promotion."""
    held = posting_on(employee.postings, on)
    above = [held.supervisor_id] if held and held.supervisor_id else []
    superior = await tx.by_ids(EMPLOYEES, above, SYSTEM)
    case = Case(
        employee=employee, merit=await merit_of(tx, employee), to_golongan=to_golongan, kind=kind, on=on,
        today=today(tx, employee.province), superior=next(iter(superior.values()), None), jenjang=jenjang,
    )  # fmt: skip
    return eligibility(case)
