"""Random audit: what the lot draws, who may decide, and what becomes of a report that is not found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from appraisal.domain import audits
from appraisal.domain.explanation import explain
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import AuditDecided, InvalidPolicy, OwnAudit
from appraisal.domain.scorecard import worth

D = Decimal
REPORT, OTHER = "9e000000-0000-4000-8000-000000000001", "9e000000-0000-4000-8000-000000000002"
AT = datetime(2026, 11, 30, 4, tzinfo=UTC)
WHY = "Berkas tidak ditemukan di loket"


@pytest.fixture
def reported(agreed, report):
    return report(agreed, 300, verified=False)[0]


@pytest.fixture
def drawn(reported, policies):
    waiting = reported.month("2026-11").pending[REPORT]
    return audits.draw(reported, REPORT, waiting, lot=D(0), verified_by="boss", at=AT, policies=policies)


@pytest.mark.parametrize(
    ("share", "lot", "falls"),
    [
        pytest.param("0.05", "0.049999", True, id="below the share"),
        pytest.param("0.05", "0.05", False, id="on it"),
        pytest.param("0", "0", False, id="none is audited"),
        pytest.param("1", "0.999999", True, id="all are"),
    ],
)
def test_the_lot_falls_on_a_report_by_the_share_of_its_policy(reported, policies, share, lot, falls):
    shared = Policies(replace(one, audit_share=D(share)) for one in policies)
    waiting = reported.month("2026-11").pending[REPORT]
    found = audits.draw(reported, REPORT, waiting, lot=D(lot), verified_by="boss", at=AT, policies=shared)
    assert (found is not None) == falls
    if found:
        assert (found.id, found.employee_id, found.unit_path) == (REPORT, reported.employee_id, reported.unit_path)
        assert (found.report.indicator, found.report.amount, found.verified_by) == ("s", 300, "boss")


def test_one_in_twenty_is_drawn_where_the_policy_says_nothing(policies):
    assert {policy.audit_share for policy in policies} == {D("0.05")}


@pytest.mark.parametrize("share", ["-0.01", "1.01"])
def test_a_share_that_is_none_is_refused(policies, share):
    with pytest.raises(InvalidPolicy) as refused:
        replace(next(iter(policies)), audit_share=D(share))
    assert refused.value.field == "audit_share"


def test_a_report_confirmed_goes_on_counting_and_the_card_records_it(reported, drawn, verify, policies):
    card, _, _ = verify(reported)
    decided, effect = audits.confirm(drawn, card, by="auditor", reason="Sesuai", at=AT, policies=policies)
    assert (decided.state, decided.reason, decided.decided_by, decided.decided_at) == (
        "confirmed", "Sesuai", "auditor", AT,
    )  # fmt: skip
    assert (effect["ref"], effect["deltas"]) == (REPORT, {})
    assert effect["note"] == "Laporan s sebesar 300 dibenarkan dalam audit acak pada 30-11-2026."


def test_a_report_rejected_counts_no_longer_and_what_is_explained_still_adds_up(
    agree, blank, report, verify, reported, drawn, policies
):
    _, opened, _ = agree(blank)
    _, said, _ = report(agree(blank)[0], 300, verified=False)
    card, verified, _ = verify(reported)
    card, other, _ = report(card, 150, report_id=OTHER)
    decided, (after, effect) = audits.reject(drawn, card, by="auditor", reason=WHY, at=AT, policies=policies)
    assert decided.state == "rejected"
    assert after.months["2026-11"].progress["s"].verified == 150
    assert after.months["2026-11"].progress["s"].verified_count == 1
    assert after.scores["2026-11"].components["K"] == D("30.3030"), "150 and a tenth presumed, of 500 and a tenth"
    assert effect["note"].endswith(f"ditolak dalam audit acak pada 30-11-2026 dan tidak dihitung lagi: {WHY}")
    score = after.scores["2026-11"]
    total = explain([opened, said, verified, other, effect], "2026-11")["K"].total
    assert total == worth(score, "K", policies.for_unit(after.unit_path, AT.date()))


def test_with_the_only_report_rejected_nothing_was_reported(reported, drawn, verify, policies):
    card, _, _ = verify(reported)
    _, (after, _) = audits.reject(drawn, card, by="auditor", reason=WHY, at=AT, policies=policies)
    assert after.months["2026-11"].progress == {}
    assert after.scores["2026-11"].components["K"] is None


def test_what_is_rejected_after_the_close_is_recorded_and_changes_no_closed_score(
    reported, drawn, verify, close, policies
):
    card, closed, _ = close(verify(reported)[0], "2026-11")
    _, (after, effect) = audits.reject(drawn, card, by="auditor", reason=WHY, at=AT, policies=policies)
    assert (after, effect["late"], effect["deltas"]) == (card, True, {})
    assert closed.score.components["K"] == D("53.0303"), "300 and a tenth of 500 presumed"


@pytest.mark.parametrize("who", ["the reporter", "the verifier"])
@pytest.mark.parametrize("decide", [audits.confirm, audits.reject])
def test_nobody_audits_what_they_reported_or_verified(reported, drawn, policies, decide, who):
    by = reported.employee_id if who == "the reporter" else "boss"
    with pytest.raises(OwnAudit):
        decide(drawn, reported, by=by, reason=WHY, at=AT, policies=policies)


def test_an_audit_is_decided_once(reported, drawn, policies):
    decided, _ = audits.confirm(drawn, reported, by="auditor", reason=WHY, at=AT, policies=policies)
    for decide in (audits.confirm, audits.reject):
        with pytest.raises(AuditDecided):
            decide(decided, reported, by="another", reason=WHY, at=AT, policies=policies)
