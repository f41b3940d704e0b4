"""What promotions and renewals have in common: one open proposal a person, decided by somebody else."""

from __future__ import annotations

from typing import TypeVar

from kinara.kit.documents import Collection
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction

from personnel.domain import proposal
from personnel.domain.employee import Employee
from personnel.domain.oneself import refuse_own_matter
from personnel.domain.proposal import Proposal
from personnel.domain.refusals import ProposalOpen
from personnel.store import EMPLOYEES

P = TypeVar("P", bound=Proposal)


async def refuse_while_open(tx: Transaction, proposals: Collection[P], employee_id: str) -> None:
    """Another proposal of the kind has to be decided first."""
    if await tx.find(proposals, SYSTEM, {"employee_id": employee_id, "state": "open"}, limit=1):
        raise ProposalOpen(
            "Masih ada usulan serupa tentang pegawai ini yang belum diputuskan. Putuskan usulan itu dahulu.",
            field="employee_id",
            detail="another proposal is open",
        )


async def to_decide(tx: Transaction, proposals: Collection[P], scope: Scope, proposal_id: str) -> tuple[P, Employee]:
    """A proposal about somebody inside the scope today, who is not the one who decides."""
    asked = await tx.load(proposals, proposal_id, SYSTEM)
    employee = await tx.load(EMPLOYEES, asked.employee_id, scope)
    refuse_own_matter(scope.person, employee.id)
    return asked, employee


async def refused(tx: Transaction, proposals: Collection[P], scope: Scope, proposal_id: str, reason: str) -> P:
    """A proposal that was decided against; the reason is kept."""
    asked, _ = await to_decide(tx, proposals, scope, proposal_id)
    decided = proposal.refuse(asked, reason=reason, by=scope.who, at=tx.now)
    tx.save(proposals, decided)
    return decided
