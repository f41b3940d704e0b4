"""Effects: what one event did to every period it moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.effects import comma
from appraisal.domain.explanation import explain
from appraisal.domain.folds.learning import credit_training
from appraisal.domain.policy import Policies, Prior
from appraisal.domain.scorecard import evaluate, worth
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeeTransferred
from kinara.contracts.training import EnrolmentConfirmed, TrainingCompleted

D = Decimal


def test_an_effect_tells_period_component_change_standing_reason_and_words(say, blank, fold_all):
    _, (first, second) = fold_all(blank, say(FeedbackReceived, rating=4), say(FeedbackReceived, rating=1))
    assert first == {
        "period": "2026-11",
        "month": "2026-11",
        "part": "M",
        "deltas": {"2026-11": {"M": D("1.7810")}},
        "opened": {"2026-11": {"K": D(0), "M": D("79.8300"), "A": D(80), "L": D(0), "B": D(0)}},
        "before": None,
        "after": {"score": D("81.61"), "predikat": None},
        "ref": "fb000000-0000-4000-8000-000000000001",
        "inputs": {"rating": 4, "trust": D(1), "thirds": 12, "weight": D(1)},
        "note": "Umpan balik warga bernilai 4 dari 4 (bobot 1) diterima.",
    }
    assert second["opened"] == {}
    assert second["before"] == first["after"]
    assert second["deltas"]["2026-11"]["M"] < 0


def test_an_effect_is_booked_in_the_period_that_the_policy_appraises(say, blank, blank_in_sorong, fold_all):
    _, (monthly,) = fold_all(blank, say(FeedbackReceived))
    _, (quarterly,) = fold_all(blank_in_sorong, say(FeedbackReceived))
    assert (monthly["month"], monthly["period"]) == ("2026-11", "2026-11")
    assert (quarterly["month"], quarterly["period"]) == ("2026-11", "2026-Q4")
    assert list(quarterly["deltas"]) == ["2026-Q4"]


def test_hours_move_every_open_period_of_the_rest_of_the_year(say, blank, fold_all):
    months = [datetime(2026, month, 9, tzinfo=UTC) for month in (2, 8, 12)]
    voted = [say(FeedbackReceived, given_at=at) for at in (*months, datetime(2027, 1, 9, tzinfo=UTC))]
    offered = say(EnrolmentConfirmed, jp=20, starts_on=date(2026, 5, 4))
    card, effects = fold_all(blank, *voted, offered, say(TrainingCompleted, jp=8, completed_on=date(2026, 5, 7)))
    assert set(effects[-1]["deltas"]) == {"2026-05", "2026-08", "2026-12"}
    assert effects[-1]["deltas"]["2026-08"]["L"] == card.scores["2026-08"].components["L"] == D("50.0000")
    assert card.scores["2026-02"].components["L"] is None
    assert card.scores["2027-01"].components["L"] is None


def test_a_month_that_two_open_periods_contain_moves_both(say, blank, fold_all):
    october, november = (datetime(2026, month, 9, tzinfo=UTC) for month in (10, 11))
    moved = say(EmployeeTransferred, unit_path="/96.71/dinkes", effective_on=date(2026, 11, 10))
    voted = [say(FeedbackReceived, rating=1, given_at=at) for at in (october, november)]
    card, effects = fold_all(blank, *voted, moved, say(FeedbackReceived, rating=1, given_at=october))
    assert set(card.scores) == {"2026-10", "2026-Q4"}
    assert set(effects[-1]["deltas"]) == {"2026-10", "2026-Q4"}


def test_what_is_known_after_the_close_is_recorded_and_changes_nothing(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(FeedbackReceived))
    closed, _, _ = close(card, "2026-11")
    after, (effect,) = fold_all(closed, say(FeedbackReceived, rating=1))
    assert after == closed
    assert effect["late"] is True
    assert (effect["deltas"], effect["opened"], effect["before"], effect["after"]) == ({}, {}, None, None)
    assert effect["inputs"]["rating"] == 1
    assert effect["note"].endswith("Bulan 2026-11 sudah ditutup: hal ini dicatat dan tidak mengubah nilai.")


@pytest.fixture
def stricter(policies):
    """Plaju's second version, from December on: it presumes less and weighs hours less."""
    plaju = policies.for_unit("/16.71/plaju", date(2026, 11, 1))
    weights = {**plaju.weights, "K": D("0.50"), "L": D("0.05")}
    return replace(
        plaju, version=2, effective_from=date(2026, 12, 1), weights=weights, satisfaction=Prior(D("2.6"), D(15))
    )


def test_the_first_event_after_an_activation_is_weighed_by_the_new_policy(say, blank, fold_all, policies, stricter):
    voted = say(FeedbackReceived, given_at=datetime(2026, 12, 2, tzinfo=UTC))
    card, effects = fold_all(blank, voted, say(EnrolmentConfirmed, starts_on=date(2026, 12, 4)))
    newer = Policies([*policies, stricter])
    completed = say(TrainingCompleted, completed_on=date(2026, 12, 5))
    after, effect = credit_training(card, completed, newer)
    assert after.scores == {"2026-12": evaluate(after, "2026-12", newer)}
    assert set(effect["deltas"]["2026-12"]) == {"M", "L"}
    for name, account in explain([*effects, effect], "2026-12").items():
        assert account.total == worth(after.scores["2026-12"], name, stricter)


@pytest.mark.parametrize(
    ("number", "text"), [("0.5000", "0,5"), ("1.0", "1"), ("100", "100"), ("3.33", "3,33"), ("-0.00", "0"), ("0", "0")]
)
def test_numbers_are_written_with_a_comma(number, text):
    assert comma(D(number)) == text
