"""Reports: what is kept of one beside the card, the words that both sides write about it, and the lot of an audit."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kinara.contracts.appraisal import ProgressReported
from kinara.kit.ids import new_id
from kinara.kit.scope import Scope
from kinara.kit.work import Transaction, command

from appraisal.commands import evidence
from appraisal.domain import audits
from appraisal.domain.answering import Side, State, Submission, Words, side_of, superior_of
from appraisal.domain.audits import Audit
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Report
from appraisal.store import AUDITS, REPORTS, SCORECARDS, WORDS

_LOTS = 1_000_000


def submit(
    tx: Transaction, card: Scorecard, said: ProgressReported, *, by: str, on: date, link: str | None = None
) -> None:
    """Keep a report that the card has taken, with the link given as its evidence."""
    submission = Submission(
        id=said.report_id, employee_id=said.employee_id, unit_path=card.unit_path, supervisor_id=superior_of(card),
        indicator=said.indicator, amount=said.amount, on=on, reported_by=by, reported_at=said.reported_at,
        state="verified" if said.verified else "waiting", settled_at=said.reported_at if said.verified else None,
        evidence=0 if link is None else 1,
    )  # fmt: skip
    tx.save(REPORTS, submission)
    if link is not None:
        evidence.attach_link(tx, submission, link)


async def settle(
    tx: Transaction, card: Scorecard, report_id: str, state: State, *, by: str, words: str | None = None
) -> None:
    """Note what has become of a report; one made before reports were kept beside the card is passed over."""
    for submission in await tx.find(REPORTS, whose(card, by), {"_id": report_id}, limit=1):
        if state == "verified":
            submission.refuse_unshown()
        tx.save(REPORTS, submission.settled(state, card, by, tx.now))
        if words is not None:
            _write(tx, submission, by, words, side_of(by, submission.employee_id))


async def settle_all(tx: Transaction, card: Scorecard, closed: ClosedPeriod, state: State, *, by: str) -> None:
    """What waited in a period lapses with its close, and waits again when that is undone."""
    for month in closed.months.values():
        for report_id in month.pending:
            await settle(tx, card, report_id, state, by=by)


def draw_audit(
    tx: Transaction, card: Scorecard, report_id: str, report: Report, policies: Policies, *, by: str
) -> None:
    """Let the lot decide whether a report that is verified now is audited; nobody is told before it is decided."""
    audit = audits.draw(card, report_id, report, lot=lot(), verified_by=by, at=tx.now, policies=policies)
    if audit is not None:
        tx.save(AUDITS, audit)


async def tell_audited(tx: Transaction, card: Scorecard, audit: Audit, words: str, *, by: str) -> None:
    """Say in a report's thread what an audit has found; both sides read it."""
    for submission in await tx.find(REPORTS, whose(card, by), {"_id": audit.id}, limit=1):
        if audit.state == "rejected":
            tx.save(REPORTS, replace(submission, state="rejected"))
        _write(tx, submission, by, words, "oversight")


def lot() -> Decimal:
    """From 0 to less than 1, by the operating system's randomness: neither side of a report can foresee it."""
    return Decimal(secrets.randbelow(_LOTS)) / _LOTS


@command
async def write_words(tx: Transaction, scope: Scope, employee_id: str, report_id: str, text: str) -> Words:
    """Say something about a report, as the employee or as their superior."""
    card = await tx.load(SCORECARDS, employee_id, scope)
    by = scope.who
    submission = await tx.load(REPORTS, report_id, whose(card, scope.label))
    if (answered := submission.answered(by, tx.now)) != submission:
        tx.save(REPORTS, answered)
    return _write(tx, submission, by, text, side_of(by, employee_id))


def whose(card: Scorecard, label: str) -> Scope:
    """What belongs to an employee, for somebody whose scope has their card: it goes with them to another unit."""
    return Scope(own=card.employee_id, label=label)


def _write(tx: Transaction, submission: Submission, by: str, text: str, side: Side) -> Words:
    words = Words(
        id=new_id(), report_id=submission.id, employee_id=submission.employee_id, unit_path=submission.unit_path,
        by=by, side=side, text=text, at=tx.now,
    )  # fmt: skip
    tx.save(WORDS, words)
    return words
