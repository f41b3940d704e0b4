"""What asks for attention: pace against the calendar, and reports that wait too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain.answering import Submission
from appraisal.domain.attention import OFF_PACE, attention, limit_of
from appraisal.domain.components import achievement, attainment_rising, mark
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Person, Scorecard
from appraisal.domain.tallies import Target
from appraisal.domain.triggers import Coaching, Condition
from hypothesis import given
from hypothesis import strategies as st

D = Decimal
DAYS = Target("Waktu terbit", "hari", "min", D(3), D(1))
FIRST = date(2026, 11, 1)


def test_nothing_is_due_without_a_target_and_in_the_first_days(
    blank: Scorecard, agreed: Scorecard, policies: Policies
) -> None:
    assert not attention(blank, [], date(2026, 11, 30), policies).due
    assert not attention(agreed, [], date(2026, 11, 2), policies).due, "nobody is late on the second day"
    assert attention(agreed, [], date(2026, 11, 3), policies).due


@given(done=st.integers(0, 600), day=st.integers(1, 30))
def test_since_is_the_first_day_on_which_what_counts_today_was_too_little(
    agreed: Scorecard, report: Any, policies: Policies, done: int, day: int
) -> None:
    at = datetime(2026, 11, day, 2, tzinfo=UTC)
    card, *_ = report(agreed, done, at=at)
    expected = (attainment_rising(D(done), D(500), D(n + 1) / 30) for n in range(day))
    paces = {FIRST + timedelta(days=n): mark(achievement(c)) for n, c in enumerate(expected)}
    behind = [on for on, pace in paces.items() if pace < OFF_PACE]
    lags = attention(card, [], at.date(), policies).lags
    assert [(lag.pace, lag.since) for lag in lags] == [(paces[at.date()], on) for on in behind[:1]]


def test_a_level_is_late_once_it_is_measured_and_since_its_latest_measurement(
    blank: Scorecard, agree: Any, report: Any, policies: Policies
) -> None:
    card, *_ = agree(blank, target=DAYS)
    end = date(2026, 11, 30)
    assert not attention(card, [], end, policies).due, "perhaps no case came up"
    slow, *_ = report(card, 6, at=datetime(2026, 11, 12, 2, tzinfo=UTC))
    (lag,) = attention(slow, [], end, policies).lags
    assert lag.since == date(2026, 11, 12)
    assert lag.sentence == (
        "Waktu terbit: laju 9% dari yang seharusnya tercapai hari ini, di bawah batas 60% sejak 12-11-2026."
    )
    good, *_ = report(card, 3, at=datetime(2026, 11, 12, 2, tzinfo=UTC))
    assert not attention(good, [], end, policies).due


def test_the_limit_is_the_policys_own(policies: Policies) -> None:
    plaju = policies.named("plaju@1")
    assert limit_of(plaju) == OFF_PACE
    strict = Coaching("Laju", (Condition("pace", below=D("0.8"), for_working_days=5),))
    assert limit_of(replace(plaju, coaching=(strict,))) == D("0.8")
    assert limit_of(replace(plaju, coaching=())) == OFF_PACE


def test_who_has_left_is_not_spurred_on(agreed: Scorecard, policies: Policies) -> None:
    last = date(2026, 11, 20)
    person = Person("1", "Rani", "PNS", "F", 1990, "III/b", "x", "pelaksana", None, "u", None, last)
    assert attention(replace(agreed, person=person), [], last - timedelta(days=1), policies).due
    assert not attention(replace(agreed, person=person), [], last, policies).due


@pytest.mark.parametrize(("today", "days"), [(19, None), (20, None), (22, None), (23, 4)])
def test_a_report_may_wait_three_working_days(
    agreed: Scorecard, policies: Policies, today: int, days: int | None
) -> None:
    at = datetime(2026, 11, 16, 18, tzinfo=UTC)  # the 17th, a Tuesday, in Palembang
    waiting = Submission(
        id="r", employee_id=agreed.employee_id, unit_path=agreed.unit_path, supervisor_id="boss", indicator="s",
        amount=D("7.50"), on=at.date(), reported_by=agreed.employee_id, reported_at=at, state="waiting",
    )  # fmt: skip
    found = attention(agreed, [waiting], date(2026, 11, today), policies).overdue
    if days is None:
        assert found == ()
    else:
        assert found[0].sentence == (
            "Laporan Layanan sebesar 7,5 layanan menunggu verifikasi atasan sejak 17-11-2026 (4 hari kerja)."
        )
