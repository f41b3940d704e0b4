"""What asks for attention: pace against the calendar, and reports that wait too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain.answering import Submission
from appraisal.domain.attention import OFF_PACE, LateCase, attention, limit_of
from appraisal.domain.components import achievement, attainment_rising, mark
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Person, Scorecard
from appraisal.domain.tallies import Target
from appraisal.domain.triggers import Coaching, Condition
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.working_days import Calendar

D = Decimal
DAYS = Target("Waktu terbit", "hari", "min", D(3), D(1))
FIRST = date(2026, 11, 1)


def waiting(card: Scorecard, at: datetime) -> Submission:
    """A report that nobody has answered."""
    return Submission(
        id="r", employee_id=card.employee_id, unit_path=card.unit_path, supervisor_id="boss", indicator="s",
        amount=D("7.50"), on=at.date(), reported_by=card.employee_id, reported_at=at, state="waiting",
    )  # fmt: skip


def test_nothing_is_due_without_a_target_and_in_the_first_days(
    blank: Scorecard, agreed: Scorecard, policies: Policies, calendar: Calendar
) -> None:
    assert not attention(blank, [], date(2026, 11, 30), policies, calendar).due
    assert not attention(agreed, [], date(2026, 11, 2), policies, calendar).due, "nobody is late on the second day"
    assert attention(agreed, [], date(2026, 11, 3), policies, calendar).due


@given(done=st.integers(0, 600), day=st.integers(1, 30))
def test_since_is_the_first_day_on_which_what_counts_today_was_too_little(
    agreed: Scorecard, report: Any, policies: Policies, calendar: Calendar, done: int, day: int
) -> None:
    at = datetime(2026, 11, day, 2, tzinfo=UTC)
    card, *_ = report(agreed, done, at=at)
    expected = (attainment_rising(D(done), D(500), D(n + 1) / 30) for n in range(day))
    paces = {FIRST + timedelta(days=n): mark(achievement(c)) for n, c in enumerate(expected)}
    behind = [on for on, pace in paces.items() if pace < OFF_PACE]
    lags = attention(card, [], at.date(), policies, calendar).lags
    assert [(lag.pace, lag.since) for lag in lags] == [(paces[at.date()], on) for on in behind[:1]]


def test_a_level_is_late_once_it_is_measured_and_since_its_latest_measurement(
    blank: Scorecard, agree: Any, report: Any, policies: Policies, calendar: Calendar
) -> None:
    card, *_ = agree(blank, target=DAYS)
    end = date(2026, 11, 30)
    assert not attention(card, [], end, policies, calendar).due, "perhaps no case came up"
    slow, *_ = report(card, 6, at=datetime(2026, 11, 12, 2, tzinfo=UTC))
    (lag,) = attention(slow, [], end, policies, calendar).lags
    assert lag.since == date(2026, 11, 12)
    assert lag.sentence == (
        "Waktu terbit: laju 9% dari yang seharusnya tercapai hari ini, di bawah batas 60% sejak 12-11-2026."
    )
    good, *_ = report(card, 3, at=datetime(2026, 11, 12, 2, tzinfo=UTC))
    assert not attention(good, [], end, policies, calendar).due


def test_the_limit_is_the_policys_own(policies: Policies) -> None:
    plaju = policies.named("plaju@1")
    assert limit_of(plaju) == OFF_PACE
    strict = Coaching("Laju", (Condition("pace", below=D("0.8"), for_working_days=5),))
    assert limit_of(replace(plaju, coaching=(strict,))) == D("0.8")
    assert limit_of(replace(plaju, coaching=())) == OFF_PACE


def test_who_has_left_is_not_spurred_on(agreed: Scorecard, policies: Policies, calendar: Calendar) -> None:
    last = date(2026, 11, 20)
    person = Person("1", "Rani", "PNS", "F", 1990, "III/b", "x", "pelaksana", None, "u", None, last)
    assert attention(replace(agreed, person=person), [], last - timedelta(days=1), policies, calendar).due
    assert not attention(replace(agreed, person=person), [], last, policies, calendar).due


@pytest.mark.parametrize(
    ("since", "today", "days"),
    [
        pytest.param("2026-11-17", "2026-11-19", None, id="two days"),
        pytest.param("2026-11-17", "2026-11-20", None, id="three days"),
        pytest.param("2026-11-17", "2026-11-22", None, id="three days and a weekend"),
        pytest.param("2026-11-17", "2026-11-23", 4, id="four days"),
        pytest.param("2026-05-13", "2026-05-20", None, id="a feast and its joint leave before a weekend: three days"),
        pytest.param("2026-05-13", "2026-05-21", 4, id="the same, the day after"),
        pytest.param("2026-03-17", "2026-03-27", None, id="over Lebaran: three days"),
        pytest.param("2026-03-17", "2026-03-30", 4, id="over Lebaran, the next working day"),
        pytest.param("2031-12-23", "2031-12-29", 4, id="a year without data: every Monday to Friday"),
    ],
)
def test_a_report_may_wait_three_working_days(
    agreed: Scorecard, policies: Policies, calendar: Calendar, since: str, today: str, days: int | None
) -> None:
    at = datetime.fromisoformat(f"{since}T00:30+07:00")  # the day before, in UTC
    found = attention(agreed, [waiting(agreed, at)], date.fromisoformat(today), policies, calendar).overdue
    assert [(one.since.isoformat(), one.days) for one in found] == ([] if days is None else [(since, days)])


def test_a_report_that_waits_is_named_with_its_amount_and_days(
    agreed: Scorecard, policies: Policies, calendar: Calendar
) -> None:
    at = datetime(2026, 11, 16, 18, tzinfo=UTC)  # the 17th, a Tuesday, in Palembang
    (found,) = attention(agreed, [waiting(agreed, at)], date(2026, 11, 23), policies, calendar).overdue
    assert found.sentence == (
        "Laporan Layanan sebesar 7,5 layanan menunggu verifikasi atasan sejak 17-11-2026 (4 hari kerja)."
    )


@pytest.mark.parametrize(("days", "late"), [(0, ""), (2, " dan terlambat 2 hari kerja")])
def test_a_late_case_says_how_late_once_a_working_day_has_come(days: int, late: str) -> None:
    assert LateCase("c", "Nilai di bawah 60", date(2026, 3, 17), days).sentence == (
        f"Kasus pembinaan (Nilai di bawah 60) harus sudah dibuka paling lambat 17-03-2026{late}. "
        "Buka kasusnya dengan rencana bimbingan atau konseling."
    )
