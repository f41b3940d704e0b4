"""Proposals: a promotion or the renewal of a contract is proposed with what its rules find that day, and decided once.

A proposal is frozen; a rule that is not met cannot be decided away, and what is not known needs the office's reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeVar

from personnel.domain.day import Day
from personnel.domain.dossier import Contract
from personnel.domain.finding import Finding, both
from personnel.domain.jabatan import Jenjang
from personnel.domain.refusals import ProposalDecided, RuleNotMet, UnknownNeedsReason

State = Literal["open", "approved", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's word on a proposal."""

    by: str
    at: datetime
    reason: str | None = None
    decree_number: str | None = None
    findings: tuple[Finding, ...] = ()
    """What the rules found on the day of an approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed about an employee, where they served then, and what the rules found."""

    id: str
    employee_id: str
    unit_path: str
    findings: tuple[Finding, ...]
    proposed_by: str
    proposed_at: datetime
    state: State = "open"
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionProposal(Proposal):
    """A rank to be given from a day on (TMT)."""

    from_golongan: str
    to_golongan: str
    effective_on: Day
    promotion_kind: str
    jabatan: str | None = None
    jenjang: Jenjang | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalProposal(Proposal):
    """A contract to follow the present one."""

    present: Contract
    renewed: Contract


P = TypeVar("P", bound=Proposal)


def approve(proposal: P, now: Sequence[Finding], *, reason: str | None, decree_number: str, by: str, at: datetime) -> P:
    """Approved, on what the rules found then and find ``now``."""
    refuse_decided(proposal)
    findings = both(proposal.findings, now)
    unmet = [finding.title for finding in findings if finding.result == "not_met"]
    if unmet:
        raise RuleNotMet(
            f"Syarat belum terpenuhi: {'; '.join(unmet)}. Tolak usulan ini, dan ajukan usulan baru setelah terpenuhi.",
            field="proposal_id",
            detail=f"not met: {', '.join(finding.rule for finding in findings if finding.result == 'not_met')}",
        )
    unknown = [finding.title for finding in findings if finding.result == "unknown"]
    words = (reason or "").strip() or None
    if unknown and words is None:
        raise UnknownNeedsReason(
            f"Belum diketahui: {'; '.join(unknown)}. Lengkapi datanya, atau tuliskan alasan persetujuannya.",
            field="reason",
            detail=f"unknown: {', '.join(finding.rule for finding in findings if finding.result == 'unknown')}",
        )
    decision = Decision(by=by, at=at, reason=words, decree_number=decree_number, findings=findings)
    return replace(proposal, state="approved", decision=decision)


def issued(proposal: P, *, outside: str | None, decree_number: str, by: str, at: datetime) -> P:
    """Decided by a decree that exists already; against a rule only where it was issued ``outside``, and why is kept."""
    unmet = [finding for finding in proposal.findings if finding.result == "not_met"]
    if unmet and outside is None:
        raise RuleNotMet(
            f"Syarat belum terpenuhi: {'; '.join(finding.title for finding in unmet)}. Bila SK memang sudah terbit di "
            "luar Kinara, jelaskan siapa yang menerbitkannya dan mengapa.",
            field="issued_outside",
            detail=f"not met: {', '.join(finding.rule for finding in unmet)}",
        )
    decision = Decision(by=by, at=at, reason=outside, decree_number=decree_number, findings=proposal.findings)
    return replace(proposal, state="approved", decision=decision)


def refuse(proposal: P, *, reason: str, by: str, at: datetime) -> P:
    """Refused, for a reason that is kept."""
    refuse_decided(proposal)
    return replace(proposal, state="refused", decision=Decision(by=by, at=at, reason=reason))


def refuse_decided(proposal: Proposal) -> None:
    """A proposal is decided once."""
    if proposal.state != "open":
        raise ProposalDecided(
            "Usulan ini sudah diputuskan. Ajukan usulan baru bila keadaannya berubah.",
            field="proposal_id",
            detail=f"the proposal is {proposal.state}",
        )
