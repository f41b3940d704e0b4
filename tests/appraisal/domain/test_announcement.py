"""What is announced when scores have moved."""

from __future__ import annotations

from decimal import Decimal

from appraisal.domain.announcement import score_updates
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeePromoted

D = Decimal


def test_a_batch_of_events_announces_each_moved_period_once(say, blank, fold_all):
    first, _ = fold_all(blank, say(FeedbackReceived))
    second, _ = fold_all(first, say(FeedbackReceived, rating=1), say(FeedbackReceived, rating=1))
    (update,) = score_updates(first, second)
    assert (update.employee_id, update.period, update.policy) == (blank.employee_id, "2026-11", "plaju@1")
    assert update.m == second.scores["2026-11"].components["M"]
    assert (update.previous_score, update.score) == (D("81.61"), second.scores["2026-11"].s)
    assert (update.province.code, update.unit_path) == ("16", "/16.71/plaju/pelayanan")
    assert update.k is update.b is update.predikat is None


def test_the_first_score_has_no_previous_one(say, blank, fold_all):
    card, _ = fold_all(blank, say(FeedbackReceived))
    assert score_updates(blank, card)[0].previous_score is None


def test_what_moves_no_score_announces_nothing(say, blank, fold_all):
    card, _ = fold_all(blank, say(FeedbackReceived))
    promoted, _ = fold_all(card, say(EmployeePromoted))
    assert score_updates(card, promoted) == ()
