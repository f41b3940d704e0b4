"""Indicators reported on, verified, and judged by the calendar; how they are agreed is in ``test_targets``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from appraisal.domain.explanation import explain
from appraisal.domain.progress import judge_pace, return_report
from appraisal.domain.refusals import (
    IndicatorNotAgreed,
    InvalidProgress,
    PeriodClosed,
    ReportAlreadyMade,
    ReportNotFound,
    SelfVerification,
)
from appraisal.domain.scorecard import worth
from appraisal.domain.tallies import Target
from hypothesis import given, settings
from hypothesis import strategies as st

D = Decimal
SERVICES = Target("Layanan", "layanan", "max", D(500), D(1))
REPORT, OTHER = "9e000000-0000-4000-8000-000000000001", "9e000000-0000-4000-8000-000000000002"
LAST_DAY = datetime(2026, 11, 30, 2, tzinfo=UTC)
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def give_back(policies):
    """Return the usual report on the last day of November."""

    def _give_back(card, by="boss"):
        return return_report(card, report_id=REPORT, returned_by=by, returned_on=LAST_DAY.date(), policies=policies)

    return _give_back


def test_a_verified_report_counts_in_full_and_is_said_aloud(agreed, report):
    card, effect, event = report(agreed, 540)
    assert card.scores["2026-11"].components["K"] == D("89.3939")
    assert effect["deltas"] == {"2026-11": {"K": D("89.3939")}}
    assert effect["inputs"] == {"indicator": "s", "amount": D(540), "verified": True, "on": "2026-11-30"}
    assert effect["note"] == "Laporan Layanan per 30-11-2026: 540 layanan, sudah diverifikasi."
    assert (event.report_id, event.indicator, event.amount, event.period) == (REPORT, "s", D(540), "2026-11")
    assert (event.employee_id, event.verified, event.reported_at) == (agreed.employee_id, True, LAST_DAY)


def test_an_unverified_report_counts_half_until_someone_verifies_it(agreed, report, verify):
    card, effect, event = report(agreed, 540, verified=False)
    assert card.scores["2026-11"].components["K"] == D("48.4848")
    assert "dihitung setengah" in effect["note"]
    assert event.verified is False
    verified, effect, event = verify(card)
    assert verified.scores["2026-11"].components["K"] == D("89.3939")
    assert effect["deltas"]["2026-11"]["K"] == D("40.9091")
    assert verified.months["2026-11"].pending == {}
    assert event is None


def test_a_report_is_verified_once_and_by_someone_else(agreed, report, verify):
    card, _, _ = report(agreed, 10, verified=False)
    with pytest.raises(SelfVerification) as refused:
        verify(card, by=card.employee_id)
    assert refused.value.field == "verified_by"
    verified, _, _ = verify(card)
    with pytest.raises(ReportNotFound) as refused:
        verify(verified)
    assert refused.value.field == "report_id"


def test_reports_add_up_and_the_same_report_counts_once(agreed, report):
    card, _, _ = report(agreed, 10, verified=False)
    with pytest.raises(ReportAlreadyMade):
        report(card, 10, verified=False)
    card, _, _ = report(card, 30, report_id=OTHER)
    progress = card.months["2026-11"].progress["s"]
    assert (progress.verified, progress.unverified) == (30, 10)


def test_work_of_the_thirtieth_reported_on_the_first_counts_in_its_month(agreed, report):
    card, effect, event = report(agreed, 540, at=FIRST_OF_DECEMBER, on=date(2026, 11, 30))
    assert set(card.scores) == {"2026-11"}
    assert card.scores["2026-11"].components["K"] == D("89.3939")
    assert (effect["month"], effect["inputs"]["on"]) == ("2026-11", "2026-11-30")
    assert (event.period, event.reported_at) == ("2026-11", FIRST_OF_DECEMBER)


def test_the_pace_is_judged_by_the_day_on_which_the_work_stood_so(agreed, report):
    card, _, _ = report(agreed, 50, on=date(2026, 11, 3))
    assert card.scores["2026-11"].components["K"] == D("83.3333")
    card, _, _ = report(card, 0, report_id=OTHER, on=date(2026, 11, 2))
    assert card.scores["2026-11"].components["K"] == D("83.3333"), "nothing new is known of a later day"


@pytest.mark.parametrize(
    ("at", "on", "today"),
    [
        pytest.param(LAST_DAY, date(2026, 12, 1), "30-11-2026", id="tomorrow"),
        pytest.param(datetime(2026, 11, 30, 16, 30, tzinfo=UTC), date(2026, 12, 1), "30-11-2026", id="before midnight"),
    ],
)
def test_work_of_a_day_to_come_is_refused(agreed, report, at, on, today):
    with pytest.raises(InvalidProgress) as refused:
        report(agreed, 1, at=at, on=on)
    assert refused.value.field == "on"
    assert today in refused.value.message


def test_the_day_that_is_the_latest_is_that_of_the_region(agreed, report):
    half_past_midnight = datetime(2026, 11, 29, 17, 30, tzinfo=UTC)
    _, effect, _ = report(agreed, 1, at=half_past_midnight, on=date(2026, 11, 30))
    assert effect["inputs"]["on"] == "2026-11-30"


def test_work_of_a_closed_month_is_refused_by_its_day(agreed, report):
    with pytest.raises(PeriodClosed) as refused:
        report(replace(agreed, closed_through="2026-11"), 1, at=FIRST_OF_DECEMBER, on=date(2026, 11, 30))
    assert refused.value.field == "on"


def test_a_verification_that_comes_late_costs_nothing(agreed, report, verify):
    card, _, _ = report(agreed, 50, verified=False, on=date(2026, 11, 3))
    assert card.scores["2026-11"].components["K"] == D("62.5000")
    card, effect, _ = verify(card, on=date(2026, 11, 15))
    assert card.scores["2026-11"].components["K"] == D("83.3333")
    assert effect["note"] == "Laporan s sebesar 50 diverifikasi pada 15-11-2026."


def test_a_second_indicator_agreed_after_a_report_is_judged_from_then_on(agree, agreed, report):
    card, _, _ = report(agreed, 500)
    card, effect, _ = agree(card, code="t", on=date(2026, 11, 30), reason="tugas baru")
    assert card.scores["2026-11"].components["K"] == D("45.4545")
    assert effect["deltas"] == {"2026-11": {"K": D("-37.8788")}}


REPORTS = st.lists(
    st.tuples(st.sampled_from("std"), st.integers(0, 900), st.booleans(), st.integers(1, 30), st.integers(0, 9)),
    max_size=7,
)
"""Of an indicator, an amount, verified at once or later, the day, and how many days until the verification."""


@settings(max_examples=120, deadline=None)
@given(data=st.data(), reports=REPORTS)
def test_the_order_of_reports_does_not_matter_and_their_effects_add_up(
    data, reports, agree, blank, report, verify, policies
):
    def told(order):
        card, effects = blank, []
        for code, polarity in (("s", "max"), ("t", "max"), ("d", "min")):
            card, effect, _ = agree(card, code=code, target=replace(SERVICES, polarity=polarity, weight=D("0.3")))
            effects.append(effect)
        for at in order:
            code, amount, verified, day, later = reports[at]
            report_id = f"9e000000-0000-4000-8000-00000000000{at}"
            facts = {"report_id": report_id, "indicator": code, "verified": verified, "on": date(2026, 11, day)}
            card, effect, _ = report(card, amount, at=FIRST_OF_DECEMBER, **facts)
            effects.append(effect)
            if not verified:
                seen = date(2026, 11, day) + timedelta(days=later)
                card, effect, _ = verify(card, report_id=report_id, on=seen)
                effects.append(effect)
        return card, effects

    one, effects = told(range(len(reports)))
    other, _ = told(data.draw(st.permutations(range(len(reports)))))
    assert one.scores == other.scores
    assert (one.scores["2026-11"].components["K"] is None) == (not reports)
    policy = policies.for_unit(blank.unit_path, date(2026, 11, 1))
    assert explain(effects, "2026-11")["K"].total == worth(one.scores["2026-11"], "K", policy)


def test_a_quarterly_target_takes_reports_in_all_its_months(agree, report, blank_in_sorong):
    card, effect, _ = agree(blank_in_sorong, period="2026-Q4", on=date(2026, 10, 2))
    assert effect["month"] == "2026-10"
    card, _, event = report(card, 540, at=datetime(2026, 12, 31, 2, tzinfo=UTC))
    assert card.scores["2026-Q4"].components["K"] == D("89.3939")
    assert event.period == "2026-Q4"


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
    for attempt, field in (
        (lambda: agree(closed), "period"),
        (lambda: report(closed, 1), "on"),
        (lambda: judge_pace(closed, day=date(2026, 11, 3), policies=policies), "period"),
    ):
        with pytest.raises(PeriodClosed) as refused:
            attempt()
        assert refused.value.field == field


def test_a_returned_report_leaves_what_others_said_and_may_be_made_again(agreed, report, give_back):
    card, _, _ = report(agreed, 40, report_id=OTHER)
    kept = card.scores["2026-11"].components["K"]
    card, _, _ = report(card, 200, verified=False)
    counted_half = card.scores["2026-11"].components["K"]
    returned, effect, event = give_back(card)
    assert returned.scores["2026-11"].components["K"] == kept
    assert (returned.months["2026-11"].pending, event) == ({}, None)
    assert effect["note"] == "Laporan s sebesar 200 dikembalikan pada 30-11-2026 dan tidak dihitung lagi."
    assert effect["deltas"]["2026-11"]["K"] == kept - counted_half < 0
    with pytest.raises(ReportNotFound):
        give_back(returned)
    again, _, _ = report(returned, 200, verified=False)
    assert again.scores == card.scores


def test_with_its_only_report_an_indicator_is_as_if_nothing_had_been_said(agreed, report, give_back):
    card, _, _ = report(agreed, 200, verified=False)
    returned, effect, _ = give_back(card)
    assert returned.months == agreed.months
    assert returned.scores["2026-11"].components["K"] is None
    assert effect["deltas"]["2026-11"]["K"] == -card.scores["2026-11"].components["K"]


def test_nobody_returns_their_own_report(agreed, report, give_back):
    card, _, _ = report(agreed, 10, verified=False)
    with pytest.raises(SelfVerification):
        give_back(card, by=card.employee_id)
