"""A report's answer: what is measured of it, from when to when, and whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from appraisal.domain.answering import Submission, answering
from appraisal.domain.refusals import ReportAnswered

MADE = datetime(2026, 11, 16, 2, tzinfo=UTC)
NOW = MADE + timedelta(days=10)
WAITING = Submission(
    id="r", employee_id="me", unit_path="/16.71/plaju", supervisor_id="boss", indicator="s", amount=Decimal(1),
    on=MADE.date(), reported_by="me", reported_at=MADE, state="waiting",
)  # fmt: skip


def answered(hours: int, by: str = "boss") -> Submission:
    return WAITING.answered(by, MADE + timedelta(hours=hours))


def test_only_the_first_answer_by_somebody_else_is_measured() -> None:
    assert WAITING.answered("me", NOW) == WAITING
    first = answered(2)
    assert (first.answered_by, first.answered_at) == ("boss", MADE + timedelta(hours=2))
    assert first.answered("boss", NOW) == first
    verified = replace(WAITING, state="verified")
    assert verified.answered("boss", NOW) == verified, "nobody waited for what was verified at once"


def test_evidence_is_added_while_a_report_waits() -> None:
    assert WAITING.accepting().evidence == 1
    for state in ("verified", "returned", "lapsed"):
        with pytest.raises(ReportAnswered):
            replace(WAITING, state=state).accepting()


def test_a_settled_report_is_the_business_of_who_leads_then(blank) -> None:
    returned = WAITING.settled("returned", blank, "heir", NOW)
    assert (returned.state, returned.answered_by, returned.supervisor_id) == ("returned", "heir", None)
    lapsed = WAITING.settled("lapsed", blank, "hr", NOW)
    assert (lapsed.state, lapsed.answered_at, lapsed.settled_at) == ("lapsed", None, NOW), "a close is no answer"


def test_the_median_is_of_ones_own_answers_in_ninety_days() -> None:
    late = replace(answered(0), answered_at=NOW - timedelta(days=91))
    figures = answering("boss", [WAITING], [answered(1), answered(4), answered(9, "other"), late], NOW)
    assert (figures.answered, figures.median_hours) == (2, Decimal("2.5"))
    assert (figures.waiting, figures.oldest_days, figures.lapsed) == (1, 10, 0)
    assert answering("boss", [], [], NOW).oldest_days is None


def test_what_lapsed_unanswered_is_told_beside_the_median(blank) -> None:
    silent = WAITING.settled("lapsed", blank, "hr", NOW)
    talked = answered(3).settled("lapsed", blank, "hr", NOW)
    figures = answering("boss", [], [silent, talked], NOW)
    assert (figures.lapsed, figures.answered, figures.median_hours) == (1, 1, Decimal("3.0"))
