"""What came late: kept whole, and counted once and in its order when its period is opened again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain import audits
from appraisal.domain.closing import reopen_period
from appraisal.domain.explanation import explain
from appraisal.domain.late import count_late
from appraisal.domain.scorecard import evaluate, worth
from kinara.contracts.feedback import (
    ComplaintOverdue,
    ComplaintReopened,
    ComplaintResolved,
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
    SurveyAnswered,
)
from kinara.contracts.personnel import EmployeeTransferred
from kinara.contracts.training import MentoringSessionHeld, TrainingCompleted

D = Decimal
NOVEMBER, DECEMBER = "2026-11", "2026-12"
AT = datetime(2026, 12, 9, tzinfo=UTC)
ANOTHER = "fb000000-0000-4000-8000-000000000002"


class Ledger:
    """A card with what is recorded on it, as the database keeps it."""

    def __init__(self, card, policies, fold_all):
        self.card, self.policies, self._fold_all, self.rows = card, policies, fold_all, []

    def record(self, *effects, kind="command"):
        self.rows += [{"id": f"{len(self.rows) + n}", "type": kind, **effect} for n, effect in enumerate(effects)]

    def hear(self, *facts):
        for fact in facts:
            self.card, (effect,) = self._fold_all(self.card, fact)
            self.record(effect, kind=type(fact).__name__)

    def shut(self, close, period=NOVEMBER):
        self.card, closed, effects = close(self.card, period)
        self.record(*effects)
        return closed

    def open_again(self, closed, earlier=()):
        self.card, closed, effect = reopen_period(
            self.card, closed, earlier, reason="Tertinggal", at=AT, policies=self.policies
        )
        self.record(effect)
        self.card, counted = count_late(self.card, closed.period, self.rows, self.policies)
        self.record(*counted)
        return counted

    def assert_explained(self, period=NOVEMBER):
        score = self.card.scores[period]
        policy = self.policies.named(score.policy)
        for name, account in explain(self.rows, period).items():
            assert account.total == worth(score, name, policy)


@pytest.fixture
def ledger(blank, policies, fold_all, say):
    ledger = Ledger(blank, policies, fold_all)
    ledger.hear(say(FeedbackReceived))
    return ledger


FACTS = {
    "a voice": [(FeedbackReceived, {"feedback_id": ANOTHER, "rating": 1})],
    "a voice taken back": [
        (FeedbackReceived, {"feedback_id": ANOTHER, "rating": 1}),
        (FeedbackWithdrawn, {"feedback_id": ANOTHER, "rating": 1}),
    ],
    "one of before, taken back": [(FeedbackWithdrawn, {})],
    "one of before, held and released": [(FeedbackQuarantined, {}), (FeedbackReleased, {})],
    "one of before, held": [(FeedbackQuarantined, {})],
    "a survey": [(SurveyAnswered, {"u3": 1})],
    "a complaint solved": [(ComplaintResolved, {})],
    "overdue, then solved": [(ComplaintOverdue, {}), (ComplaintResolved, {})],
    "solved, then opened again": [(ComplaintResolved, {}), (ComplaintReopened, {})],
}


@pytest.mark.parametrize("facts", FACTS.values(), ids=FACTS.keys())
def test_a_period_closed_too_early_ends_as_it_would_have_in_time(ledger, blank, policies, fold_all, say, close, facts):
    said = [say(kind, **changes) for kind, changes in facts]
    in_time = Ledger(blank, policies, fold_all)
    in_time.hear(say(FeedbackReceived), *said)

    closed = ledger.shut(close)
    ledger.hear(*said)
    assert all(row["late"] for row in ledger.rows[-len(said) :])
    counted = ledger.open_again(closed)

    assert [effect["counts"] for effect in counted] == [row["id"] for row in ledger.rows if row.get("late")]
    assert [effect["type"] for effect in counted] == [kind.__name__ for kind, _ in facts]
    now, then = ledger.card.months[NOVEMBER], in_time.card.months[NOVEMBER]
    assert (now.votes, now.complaints) == (then.votes, then.complaints)
    ledger.assert_explained()
    assert ledger.card.scores[NOVEMBER] == evaluate(ledger.card, NOVEMBER, policies)


def test_what_was_counted_is_not_counted_by_the_next_opening_but_what_came_since_is(ledger, say, close):
    closed = ledger.shut(close)
    ledger.hear(say(FeedbackReceived, feedback_id=ANOTHER, rating=1))
    assert len(ledger.open_again(closed)) == 1
    closed = ledger.shut(close)
    assert ledger.open_again(closed) == ()
    closed = ledger.shut(close)
    ledger.hear(say(ComplaintResolved))
    assert [effect["type"] for effect in ledger.open_again(closed)] == ["ComplaintResolved"]
    assert ledger.card.months[NOVEMBER].votes.count == 2
    ledger.assert_explained()


def test_only_what_is_about_the_period_is_counted(ledger, say, close):
    november = ledger.shut(close)
    ledger.hear(say(FeedbackReceived, given_at=datetime(2026, 12, 2, tzinfo=UTC), feedback_id=ANOTHER))
    december = ledger.shut(close, DECEMBER)
    ledger.hear(say(ComplaintResolved))
    assert ledger.rows[-1]["month"] == NOVEMBER
    assert ledger.open_again(december, [november]) == ()
    assert len(ledger.open_again(november)) == 1


def test_a_quarter_that_contains_the_month_opened_again_has_it_back(blank, policies, fold_all, say, close):
    """Who moves to a quarterly unit in November is appraised for October alone, and for the quarter."""
    ledger = Ledger(blank, policies, fold_all)
    october = {"given_at": datetime(2026, 10, 10, tzinfo=UTC)}
    ledger.hear(
        say(FeedbackReceived, **october),
        say(TrainingCompleted),
        say(EmployeeTransferred, unit_path="/96.71/dinkes", effective_on=date(2026, 11, 1)),
    )
    before = ledger.card.scores
    assert before.keys() == {"2026-10", "2026-Q4"}
    ledger.open_again(ledger.shut(close, "2026-10"))
    assert ledger.card.scores == before
    for period in before:
        ledger.assert_explained(period)


def test_certificates_that_came_after_the_year_was_closed_count_in_it(ledger, say, close):
    ledger.shut(close)
    ledger.hear(say(FeedbackReceived, given_at=datetime(2026, 12, 2, tzinfo=UTC), feedback_id=ANOTHER))
    closed = ledger.shut(close, DECEMBER)
    done = date(2026, 12, 20)
    ledger.hear(say(TrainingCompleted, completed_on=done), say(MentoringSessionHeld, held_on=done))
    assert len(ledger.open_again(closed)) == 2
    hours = ledger.card.months[DECEMBER].learning
    assert (hours.earned, hours.mentoring) == (8, 2)
    ledger.assert_explained(DECEMBER)


def test_an_audit_that_rejects_after_the_close_counts_when_the_period_is_opened(
    agreed, report, verify, close, policies, fold_all
):
    ledger = Ledger(agreed, policies, fold_all)
    ledger.card, effect, _ = report(ledger.card, 300, verified=False)
    id_, audited = effect["ref"], {"by": "auditor", "reason": "Tidak ada", "at": AT, "policies": policies}
    drawn = audits.draw(ledger.card, id_, lot=D(0), verified_by="boss", at=AT, policies=policies)
    ledger.card, _, _ = verify(ledger.card)
    closed = ledger.shut(close)
    _, (ledger.card, effect) = audits.reject(drawn, ledger.card, **audited)
    ledger.record(effect)
    (counted,) = ledger.open_again(closed)
    assert counted["ref"] == id_
    assert ledger.card.months[NOVEMBER].progress == {}


def test_what_was_recorded_before_facts_were_kept_stays_recorded(ledger, say, close):
    closed = ledger.shut(close)
    ledger.hear(say(FeedbackReceived, feedback_id=ANOTHER))
    del ledger.rows[-1]["fact"]
    assert ledger.open_again(closed) == ()


def test_a_certificate_of_an_earlier_month_counts_when_the_last_period_of_its_year_is_opened(ledger, say, close):
    """Hours count all year: whichever of its months they were learnt in, they belong to what is opened."""
    november = ledger.shut(close)
    ledger.hear(say(FeedbackReceived, given_at=datetime(2026, 12, 2, tzinfo=UTC), feedback_id=ANOTHER))
    december = ledger.shut(close, DECEMBER)
    ledger.hear(say(TrainingCompleted, completed_on=date(2026, 11, 20)))
    assert (ledger.rows[-1]["month"], ledger.rows[-1]["late"]) == (NOVEMBER, True)

    assert [effect["type"] for effect in ledger.open_again(december, [november])] == ["TrainingCompleted"]
    assert ledger.card.months[DECEMBER].learning.earned == 8
    ledger.assert_explained(DECEMBER)

    ledger.shut(close, DECEMBER)
    assert ledger.open_again(december, [november]) == (), "once"


def test_hours_of_another_year_or_after_the_period_are_not_counted_in_it(ledger, say, close):
    closed = ledger.shut(close)
    ledger.card = replace(ledger.card, closed_through=DECEMBER)
    for done in (date(2025, 12, 20), date(2026, 12, 20)):
        ledger.hear(say(TrainingCompleted, completed_on=done))
        assert ledger.rows[-1]["late"]
    assert count_late(replace(ledger.card, closed_through=None), NOVEMBER, ledger.rows, ledger.policies)[1] == ()
    assert closed.period == NOVEMBER
