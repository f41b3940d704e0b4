"""Random audit: of the reports that superiors verify, or make, a share is drawn by lot, and looked at by oversight.

Source: reference §5.5 (self-report inflation: evidence, half weight until verified, a random audit of 5 %).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from kinara.contracts.regions import day_of

from appraisal.domain.effects import Effect, Entry, Folded, comma, note
from appraisal.domain.periods import month_on, written
from appraisal.domain.policy import Policies
from appraisal.domain.progress import discount_report
from appraisal.domain.refusals import AuditDecided, OwnAudit
from appraisal.domain.scorecard import Scorecard, own_period, policy_for
from appraisal.domain.tallies import Report

State = Literal["drawn", "confirmed", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A verified report that was drawn, and what oversight found."""

    id: str
    """The report's."""
    employee_id: str
    unit_path: str
    indicator: str
    amount: Decimal
    on: date
    verified_by: str
    drawn_at: datetime
    state: State = "drawn"
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def report(self) -> Report:
        """What was reported."""
        return Report(self.indicator, self.amount, self.on)


def draw(
    card: Scorecard,
    report_id: str,
    report: Report,
    *,
    lot: Decimal,
    verified_by: str,
    at: datetime,
    policies: Policies,
) -> Audit | None:
    """An audit of a report that is verified now, if the lot (0 to less than 1) falls on it.

    The share is that of the policy that weighs the report.
    """
    if lot >= policy_for(card, own_period(card, month_on(report.on), policies), policies).audit_share:
        return None
    return Audit(
        id=report_id, employee_id=card.employee_id, unit_path=card.unit_path, indicator=report.indicator,
        amount=report.amount, on=report.on, verified_by=verified_by, drawn_at=at,
    )  # fmt: skip


def confirm(
    audit: Audit, card: Scorecard, *, by: str, reason: str, at: datetime, policies: Policies
) -> tuple[Audit, Effect]:
    """Oversight has seen the evidence too: the report goes on counting, and the card records that."""
    decided = _decided(audit, "confirmed", by, reason, at)
    day = day_of(at, card.province)
    inputs = {"indicator": audit.indicator, "amount": audit.amount, "audit": "confirmed", "audited_on": day.isoformat()}
    words = f"Laporan {audit.indicator} sebesar {comma(audit.amount)} dibenarkan dalam audit acak pada {written(day)}."
    return decided, note(card, month_on(audit.on), "K", Entry(audit.id, inputs, words), policies)


def reject(
    audit: Audit, card: Scorecard, *, by: str, reason: str, at: datetime, policies: Policies
) -> tuple[Audit, Folded]:
    """Oversight does not find what was reported: it counts no longer."""
    decided = _decided(audit, "rejected", by, reason, at)
    day = day_of(at, card.province)
    return decided, discount_report(card, audit.id, audit.report, reason, audited_on=day, policies=policies)


def _decided(audit: Audit, state: State, by: str, reason: str, at: datetime) -> Audit:
    if by in (audit.employee_id, audit.verified_by):
        raise OwnAudit(
            "Laporan yang Anda buat atau verifikasi sendiri tidak dapat Anda audit. Serahkan kepada anggota lain.",
            detail=f"{by} reported or verified {audit.id}",
        )
    if audit.state != "drawn":
        raise AuditDecided(
            "Audit laporan ini sudah diputus. Muat ulang daftar audit.",
            detail=f"the audit of {audit.id} is {audit.state}",
        )
    return replace(audit, state=state, reason=reason, decided_by=by, decided_at=at)
