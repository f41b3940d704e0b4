"""HTTP in: random audits of verified reports, by oversight."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from appraisal.api.progress import EvidenceView
from appraisal.api.routes import PoliciesDep
from appraisal.commands import audits as commands
from appraisal.domain.audits import Audit
from appraisal.domain.evidence import Evidence
from appraisal.queries import audits as queries

router = APIRouter(prefix="/v1/audits", tags=["audits"])

OversightScope = Annotated[Scope, allow(Role.OVERSIGHT)]
Finding = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class FindingRequest(Body):
    """What the audit has found."""

    reason: Finding = Field(description="Written into the report's thread: the employee and the superior read it.")


class AuditView(BaseModel):
    """A verified report that the lot has drawn."""

    audit_id: Id = Field(description="That of the report.")
    employee_id: Id = Field(description="Who reported.")
    unit_path: str
    indicator: str
    amount: Decimal
    on: date = Field(description="Day on which the work stood so.")
    verified_by: str
    drawn_at: datetime
    state: Literal["drawn", "confirmed", "rejected"]
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, audit: Audit) -> Self:
        shown = {name: getattr(audit, name) for name in AuditView.model_fields.keys() - {"audit_id"}}
        return cls(audit_id=audit.id, **shown)


class AuditedView(AuditView):
    """The same with the report's evidence; its files are read at the report's own address."""

    evidence: list[EvidenceView] = []

    @classmethod
    def told(cls, audit: Audit, evidence: list[Evidence]) -> Self:
        return cls.of(audit).model_copy(update={"evidence": [EvidenceView.of(one) for one in evidence]})


@router.get("")
async def list_audits(
    scope: OversightScope,
    work: WorkDep,
    state: Literal["drawn", "confirmed", "rejected"] | None = None,
    after: After = None,
    limit: Limit = 100,
) -> Page[AuditView]:
    """The audits of oversight's units; ``drawn`` wait for a finding."""
    found = await queries.audits(work, scope, state, after, limit)
    return Page(items=[AuditView.of(r.state) for r in found], next=found[-1].id if len(found) == limit else None)


@router.get("/{audit_id}")
async def read_audit(audit_id: Id, scope: OversightScope, work: WorkDep) -> AuditedView:
    """One audit: the report and its evidence."""
    return AuditedView.told(*await queries.audit(work, scope, audit_id))


@router.post("/{audit_id}/confirmation", status_code=201)
async def confirm_audit(
    audit_id: Id, body: FindingRequest, scope: OversightScope, work: WorkDep, policies: PoliciesDep
) -> AuditView:
    """The evidence bears the report out: it goes on counting."""
    return AuditView.of(await commands.confirm(work, scope, policies, audit_id, body.reason))


@router.post("/{audit_id}/rejection", status_code=201)
async def reject_audit(
    audit_id: Id, body: FindingRequest, scope: OversightScope, work: WorkDep, policies: PoliciesDep
) -> AuditView:
    """The evidence does not bear the report out: it counts no longer, not even half."""
    return AuditView.of(await commands.reject(work, scope, policies, audit_id, body.reason))
