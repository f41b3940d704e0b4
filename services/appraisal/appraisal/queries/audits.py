"""What oversight reads of audits: those that were drawn in its units, each with its evidence."""

from __future__ import annotations

from kinara.kit.documents import Record
from kinara.kit.scope import Scope
from kinara.kit.work import Work

from appraisal.domain.audits import Audit
from appraisal.domain.evidence import Evidence
from appraisal.store import AUDITS, EVIDENCE


async def audits(work: Work, scope: Scope, state: str | None, after: str | None, limit: int) -> list[Record[Audit]]:
    """Audits inside the scope, page by page."""
    query = {"_id": {"$gt": after or ""}} | ({"state": state} if state else {})
    return await work.find(AUDITS, scope, query, limit=limit)


async def audit(work: Work, scope: Scope, audit_id: str) -> tuple[Audit, list[Evidence]]:
    """One audit with the evidence of its report, which goes with the employee to another unit."""
    found = (await work.get(AUDITS, audit_id, scope)).state
    theirs = Scope(own=found.employee_id, label=scope.label)
    pieces = await work.find(EVIDENCE, theirs, {"report_id": audit_id})
    return found, [record.state for record in pieces]
