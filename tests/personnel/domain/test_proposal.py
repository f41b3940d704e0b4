"""A proposal is frozen: what was not met stays so, what is unknown needs a reason, and it is decided once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from personnel.domain.finding import Finding, Result, overall
from personnel.domain.proposal import PromotionProposal, approve, refuse
from personnel.domain.refusals import ProposalDecided, RuleNotMet, UnknownNeedsReason

AT = datetime(2026, 12, 1, 3, tzinfo=UTC)


def finding(result: Result, rule: str = "predikat") -> Finding:
    return Finding(rule=rule, title="Predikat", source="PP", result=result, why="Karena.")


def proposal(result: Result) -> PromotionProposal:
    return PromotionProposal(
        id="p", employee_id="e", unit_path="/16.71", findings=(finding(result),), proposed_by="hr", proposed_at=AT,
        from_golongan="III/c", to_golongan="III/d", effective_on=date(2026, 12, 1), promotion_kind="101",
    )  # fmt: skip


def decided(then: Result, now: Result, reason: str | None = None) -> PromotionProposal:
    return approve(proposal(then), [finding(now)], reason=reason, decree_number="823/1", by="hr", at=AT)


def test_one_rule_that_is_not_met_outweighs_what_is_unknown() -> None:
    assert overall([finding("met"), finding("unknown"), finding("not_met")]) == "not_met"
    assert overall([finding("met"), finding("unknown")]) == "unknown"
    assert overall([finding("met")]) == overall([]) == "met"


@pytest.mark.parametrize(("then", "now"), [("not_met", "met"), ("met", "not_met"), ("unknown", "not_met")])
def test_no_decision_sets_a_rule_aside(then: Result, now: Result) -> None:
    with pytest.raises(RuleNotMet, match="Predikat"):
        decided(then, now, "Tetap disetujui")


def test_a_rule_that_is_no_longer_asked_stays_not_met() -> None:
    with pytest.raises(RuleNotMet):
        approve(proposal("not_met"), [finding("met", "period")], reason=None, decree_number="1", by="hr", at=AT)


@pytest.mark.parametrize("then", ["met", "unknown"])
def test_what_is_unknown_needs_a_reason_that_is_kept(then: Result) -> None:
    for silence in (None, "   "):
        with pytest.raises(UnknownNeedsReason):
            decided(then, "unknown", silence)
    approved = decided(then, "unknown", "SKP lama dilampirkan")
    assert approved.decision is not None
    assert (approved.state, approved.decision.reason) == ("approved", "SKP lama dilampirkan")
    assert approved.findings == proposal(then).findings, "what was found then stays as it was"


def test_what_has_become_known_needs_none() -> None:
    assert decided("unknown", "met").state == "approved"


def test_a_proposal_is_decided_once_and_a_refusal_keeps_its_reason() -> None:
    refused = refuse(proposal("not_met"), reason="Predikat 2024 kurang", by="hr", at=AT)
    assert refused.decision is not None
    assert (refused.state, refused.decision.reason) == ("refused", "Predikat 2024 kurang")
    with pytest.raises(ProposalDecided):
        refuse(refused, reason="Lagi", by="hr", at=AT)
    with pytest.raises(ProposalDecided):
        approve(refused, [finding("met")], reason=None, decree_number="823/1", by="hr", at=AT)
