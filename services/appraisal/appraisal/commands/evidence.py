"""Evidence: employees show what their own reports speak of, for as long as the reports wait."""

from __future__ import annotations

from kinara.kit.ids import new_id
from kinara.kit.scope import Scope
from kinara.kit.work import Transaction, command

from appraisal.domain.answering import Submission
from appraisal.domain.evidence import Evidence, File, parts_of, read_link, refuse_more_than
from appraisal.store import EVIDENCE, EVIDENCE_PARTS, REPORTS, SCORECARDS


@command
async def add_file(tx: Transaction, scope: Scope, employee_id: str, report_id: str, file: File) -> Evidence:
    """Keep a file with a report of one's own."""
    submission = await _accepting(tx, scope, employee_id, report_id)
    id_ = new_id()
    parts = parts_of(id_, file.content)
    for part in parts:
        tx.save(EVIDENCE_PARTS, part)
    kept = Evidence(
        id=id_, report_id=report_id, employee_id=employee_id, unit_path=submission.unit_path, added_at=tx.now,
        name=file.name, kind=file.kind, size=len(file.content), sha256=file.sha256, parts=len(parts),
    )  # fmt: skip
    tx.save(EVIDENCE, kept)
    return kept


@command
async def add_link(tx: Transaction, scope: Scope, employee_id: str, report_id: str, link: str) -> Evidence:
    """Keep an address with a report of one's own."""
    return attach_link(tx, await _accepting(tx, scope, employee_id, report_id), link)


def attach_link(tx: Transaction, submission: Submission, link: str) -> Evidence:
    """Keep an address with a report that has counted it already."""
    kept = Evidence(
        id=new_id(), report_id=submission.id, employee_id=submission.employee_id, unit_path=submission.unit_path,
        added_at=tx.now, link=read_link(link),
    )  # fmt: skip
    tx.save(EVIDENCE, kept)
    return kept


async def _accepting(tx: Transaction, scope: Scope, employee_id: str, report_id: str) -> Submission:
    """The report with one piece counted; nobody adds evidence to another's report, not even a superior."""
    mine = Scope(own=scope.own, label=scope.label)
    await tx.load(SCORECARDS, employee_id, mine)
    submission = await tx.load(REPORTS, report_id, mine)
    accepting = submission.accepting()
    refuse_more_than(submission.evidence)
    tx.save(REPORTS, accepting)
    return accepting
