"""Answering: a report waits for its reader, is verified or returned with words, and how long that took is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Literal

from appraisal.domain.refusals import EvidenceMissing, ReportAnswered
from appraisal.domain.scorecard import Scorecard

MEASURED = timedelta(days=90)
"""How far back answering times are looked at."""
_HOUR, _TENTH = Decimal(3600), Decimal("0.1")

State = Literal["waiting", "verified", "returned", "lapsed", "rejected"]
"""``lapsed``: its period was closed before anybody had answered; ``rejected``: verified, and not found by an audit."""
Side = Literal["employee", "supervisor", "oversight"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A report outside the card: whom it waits for, what has become of it, and when it was first answered."""

    id: str
    employee_id: str
    unit_path: str
    supervisor_id: str | None
    """Who was to answer: the superior when it was made, and in the end the one when it was settled."""
    indicator: str
    amount: Decimal
    on: date
    reported_by: str
    reported_at: datetime
    state: State
    evidence: int = 0
    """How many pieces there are; counted here, so that two at once do not become one too many."""
    answered_at: datetime | None = None
    """First words, verification or return by somebody else."""
    answered_by: str | None = None
    settled_at: datetime | None = None

    def accepting(self) -> Submission:
        """With one piece of evidence more: what was verified or returned stays as it was seen."""
        if self.state != "waiting":
            raise ReportAnswered(
                "Laporan ini tidak lagi menunggu jawaban, jadi buktinya tidak dapat ditambah. Buat laporan baru.",
                detail=f"report {self.id} is {self.state}",
                field="report_id",
            )
        return replace(self, evidence=self.evidence + 1)

    def refuse_unshown(self) -> None:
        """Refuse to let it count in full while nothing shows what it speaks of. Source: reference §5.2."""
        if not self.evidence:
            raise EvidenceMissing(
                "Laporan ini belum disertai bukti, jadi belum dapat diverifikasi. Minta pegawai melampirkan tautan "
                "atau berkas, atau kembalikan laporannya.",
                detail=f"report {self.id} has no evidence",
                field="report_id",
            )

    def answered(self, by: str, at: datetime) -> Submission:
        """Somebody else has said something about it; only the first time is measured, and only while it waits."""
        if by == self.employee_id or self.state != "waiting" or self.answered_at is not None:
            return self
        return replace(self, answered_at=at, answered_by=by)

    def settled(self, state: State, card: Scorecard, by: str, at: datetime) -> Submission:
        """Verified or returned, overtaken by the close of its period, or waiting since that is open again."""
        known = self.answered(by, at) if state in ("verified", "returned") else self
        return replace(
            known, state=state, supervisor_id=superior_of(card), settled_at=None if state == "waiting" else at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the employee or their superior wrote about a report."""

    id: str
    report_id: str
    employee_id: str
    unit_path: str
    by: str
    side: Side
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answering:
    """How a superior answers the reports of their people."""

    supervisor_id: str
    waiting: int
    oldest_days: int | None
    """Whole days that the oldest waiting report has waited; None where none waits."""
    answered: int
    """Reports first answered in the last ``MEASURED`` days."""
    median_hours: Decimal | None
    """From report to first answer, of those."""
    lapsed: int
    """Reports that nobody had answered when their period was closed, in the same days."""


def superior_of(card: Scorecard) -> str | None:
    """Who is to answer an employee's reports today."""
    return card.person.supervisor_id if card.person else None


def side_of(by: str, employee_id: str) -> Side:
    """Whose words they are."""
    return "employee" if by == employee_id else "supervisor"


def answering(
    supervisor_id: str, waiting: Sequence[Submission], done: Sequence[Submission], now: datetime
) -> Answering:
    """The figures of one superior: reports that wait for them, and those that they answered or let lapse."""
    mine = [s for s in done if s.answered_by == supervisor_id]
    took = [s.answered_at - s.reported_at for s in mine if s.answered_at and s.answered_at >= now - MEASURED]
    hours = [Decimal(wait / timedelta(milliseconds=1)) / 1000 / _HOUR for wait in took]
    oldest = min((submission.reported_at for submission in waiting), default=None)
    return Answering(
        supervisor_id,
        len(waiting),
        (now - oldest).days if oldest else None,
        len(hours),
        median(hours).quantize(_TENTH) if hours else None,
        sum(s.state == "lapsed" and s.answered_at is None for s in done),
    )
