"""Indicators agreed, reported on, verified, and judged by the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.progress import agree_indicator, judge_pace, report_progress, verify_report
from appraisal.domain.refusals import (
    IndicatorNotAgreed,
    InvalidIndicator,
    InvalidPeriod,
    InvalidProgress,
    PeriodClosed,
    ReportAlreadyMade,
    ReportNotFound,
    SelfVerification,
    TargetChangeNeedsReason,
)
from appraisal.domain.tallies import Target
from kinara.contracts.personnel import EmployeeTransferred

D = Decimal
SERVICES = Target("Layanan", "layanan", "max", D(500), D(1))
REPORT, OTHER = "9e000000-0000-4000-8000-000000000001", "9e000000-0000-4000-8000-000000000002"
LAST_DAY = datetime(2026, 11, 30, 2, tzinfo=UTC)


@pytest.fixture
def agree(policies):
    def _agree(card, *, code="s", target=SERVICES, period="2026-11", on=date(2026, 11, 2), reason=None):
        return agree_indicator(
            card, code=code, target=target, period=period, agreed_on=on, policies=policies, reason=reason
        )

    return _agree


@pytest.fixture
def report(policies):
    def _report(card, amount, *, report_id=REPORT, indicator="s", verified=True, at=LAST_DAY):
        return report_progress(
            card, report_id=report_id, indicator=indicator, amount=D(amount), verified=verified, reported_at=at,
            policies=policies,
        )  # fmt: skip

    return _report


@pytest.fixture
def agreed(agree, blank):
    return agree(blank)[0]


def test_an_agreed_target_stands_in_its_period_and_scores_nothing_yet(agree, blank):
    card, effect, event = agree(blank)
    assert card.months["2026-11"].targets == {"s": SERVICES}
    assert card.scores["2026-11"].components["K"] is None
    assert (effect["part"], effect["deltas"]) == ("K", {"2026-11": {"K": D(0)}})
    assert effect["note"] == "Target Layanan disepakati: 500 layanan."
    assert event is None


def test_a_verified_report_counts_in_full_and_is_said_aloud(agreed, report):
    card, effect, event = report(agreed, 540)
    assert card.scores["2026-11"].components["K"] == D("89.3939")
    assert effect["deltas"] == {"2026-11": {"K": D("89.3939")}}
    assert effect["inputs"] == {"indicator": "s", "amount": D(540), "verified": True}
    assert (event.report_id, event.indicator, event.amount, event.period) == (REPORT, "s", D(540), "2026-11")
    assert (event.employee_id, event.verified, event.reported_at) == (agreed.employee_id, True, LAST_DAY)


def test_an_unverified_report_counts_half_until_someone_verifies_it(agreed, report, policies):
    card, effect, event = report(agreed, 540, verified=False)
    assert card.scores["2026-11"].components["K"] == D("48.4848")
    assert "dihitung setengah" in effect["note"]
    assert event.verified is False
    verified, effect, event = verify_report(card, report_id=REPORT, verified_by="boss", policies=policies)
    assert verified.scores["2026-11"].components["K"] == D("89.3939")
    assert effect["deltas"]["2026-11"]["K"] == D("40.9091")
    assert verified.months["2026-11"].pending == {}
    assert event is None


def test_a_report_is_verified_once_and_by_someone_else(agreed, report, policies):
    card, _, _ = report(agreed, 10, verified=False)
    with pytest.raises(SelfVerification) as refused:
        verify_report(card, report_id=REPORT, verified_by=card.employee_id, policies=policies)
    assert refused.value.field == "verified_by"
    verified, _, _ = verify_report(card, report_id=REPORT, verified_by="boss", policies=policies)
    with pytest.raises(ReportNotFound) as refused:
        verify_report(verified, report_id=REPORT, verified_by="boss", policies=policies)
    assert refused.value.field == "report_id"


def test_reports_add_up_and_the_same_report_counts_once(agreed, report):
    card, _, _ = report(agreed, 10, verified=False)
    with pytest.raises(ReportAlreadyMade):
        report(card, 10, verified=False)
    card, _, _ = report(card, 30, report_id=OTHER)
    progress = card.months["2026-11"].progress["s"]
    assert (progress.verified, progress.unverified) == (30, 10)


def test_a_quarterly_target_takes_reports_in_all_its_months(agree, report, blank_in_sorong):
    card, effect, _ = agree(blank_in_sorong, period="2026-Q4")
    assert effect["month"] == "2026-10"
    card, _, event = report(card, 540, at=datetime(2026, 12, 31, 2, tzinfo=UTC))
    assert card.scores["2026-Q4"].components["K"] == D("89.3939")
    assert event.period == "2026-Q4"


def test_a_target_changed_in_a_later_month_replaces_the_agreed_one(agree, blank_in_sorong):
    card, _, _ = agree(blank_in_sorong, period="2026-Q4", on=date(2026, 10, 1))
    card, _, _ = agree(
        card, period="2026-Q4", on=date(2026, 12, 1), target=replace(SERVICES, target=D(300)), reason="SDM"
    )
    assert [month.targets["s"].target for month in card.months.values()] == [300]


def test_a_target_taken_along_to_a_quarterly_unit_is_changed_where_it_stands(agree, agreed, say, fold_all):
    moved, _ = fold_all(agreed, say(EmployeeTransferred, unit_path="/96.71/dinkes"))
    card, effect, _ = agree(moved, period="2026-Q4", target=replace(SERVICES, target=D(300)), reason="pindah")
    assert effect["month"] == "2026-11"
    assert [month.targets["s"].target for month in card.months.values()] == [300]


@pytest.mark.parametrize(
    ("on", "reason", "allowed"),
    [
        pytest.param(date(2026, 11, 7), None, True, id="in the first quarter of the period"),
        pytest.param(date(2026, 11, 8), None, False, id="after it without a reason"),
        pytest.param(date(2026, 11, 8), "  ", False, id="after it with an empty reason"),
        pytest.param(date(2026, 11, 8), "Sistem baru", True, id="after it with a reason"),
    ],
)
def test_a_target_changes_late_only_with_a_reason(agree, agreed, on, reason, allowed):
    change = {"target": replace(SERVICES, target=D(300)), "on": on, "reason": reason}
    if allowed:
        card, effect, _ = agree(agreed, **change)
        assert card.months["2026-11"].targets["s"].target == 300
        assert effect["inputs"]["reason"] == reason
    else:
        with pytest.raises(TargetChangeNeedsReason) as refused:
            agree(agreed, **change)
        assert refused.value.field == "reason"


def test_a_new_target_may_be_agreed_late_without_a_reason(agree, blank):
    card, _, _ = agree(blank, on=date(2026, 11, 29))
    assert "s" in card.months["2026-11"].targets


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        pytest.param({"code": "a.b"}, "code", id="a dot in the code"),
        pytest.param({"code": ""}, "code", id="no code"),
        pytest.param({"target": replace(SERVICES, target=D(0))}, "target", id="target nought"),
        pytest.param({"target": replace(SERVICES, target=D("NaN"))}, "target", id="target not a number"),
        pytest.param({"target": replace(SERVICES, weight=D(0))}, "weight", id="weight nought"),
        pytest.param({"target": replace(SERVICES, weight=D("1.01"))}, "weight", id="weight above one"),
    ],
)
def test_an_indicator_that_cannot_be_measured_is_refused(agree, blank, facts, field):
    with pytest.raises(InvalidIndicator) as refused:
        agree(blank, **facts)
    assert refused.value.field == field


def test_a_target_is_agreed_for_a_period_that_the_unit_appraises(agree, blank):
    with pytest.raises(InvalidPeriod) as refused:
        agree(blank, period="2026-Q4")
    assert refused.value.field == "period"
    assert "2026-12" in refused.value.message


def test_progress_needs_an_agreed_indicator(agreed, report):
    with pytest.raises(IndicatorNotAgreed) as refused:
        report(agreed, 1, indicator="x")
    assert refused.value.field == "indicator"
    with pytest.raises(IndicatorNotAgreed):
        report(agreed, 1, at=datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity"])
def test_an_amount_is_nought_or_more(agreed, report, amount):
    with pytest.raises(InvalidProgress) as refused:
        report(agreed, amount)
    assert refused.value.field == "amount"


def test_the_calendar_judges_the_pace_without_a_report(agreed, policies):
    card, effect, _ = judge_pace(agreed, day=date(2026, 11, 3), policies=policies)
    assert card.scores["2026-11"].components["K"] == D("41.6667")
    assert effect["inputs"] == {"day": "2026-11-03"}
    assert effect["note"] == "Laju capaian dinilai sampai 03-11-2026."
    back, _, _ = judge_pace(card, day=date(2026, 11, 1), policies=policies)
    assert back.months["2026-11"].paced_on == date(2026, 11, 3), "the calendar does not go back"


def test_a_closed_month_takes_no_target_report_or_pace(agree, report, agreed, policies):
    closed = replace(agreed, closed_through="2026-11")
    for attempt in (
        lambda: agree(closed),
        lambda: report(closed, 1),
        lambda: judge_pace(closed, day=date(2026, 11, 3), policies=policies),
    ):
        with pytest.raises(PeriodClosed) as refused:
            attempt()
        assert refused.value.field == "period"
