"""Hours of a seat are asked of somebody once they could have been learnt: completed, or let pass until the close."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.explanation import explain
from appraisal.domain.scorecard import evaluate
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeeRegistered, EmployeeSeparated
from kinara.contracts.training import EnrolmentCancelled, EnrolmentConfirmed, TrainingCompleted

D = Decimal
DECEMBER = datetime(2026, 12, 9, tzinfo=UTC)


def test_training_let_pass_counts_as_offered_when_its_period_closes(say, blank, fold_all, close):
    card, told = fold_all(blank, say(FeedbackReceived), say(EnrolmentConfirmed))
    _, closed, effects = close(card, "2026-11")

    assert card.scores["2026-11"].components["L"] is None
    assert closed.score.components["L"] == 0
    assert closed.score.s < card.scores["2026-11"].s
    unused = effects[1]
    assert (unused["ref"], unused["part"], unused["inputs"]["jp_offered"]) == (
        say(EnrolmentConfirmed).enrolment_id,
        "L",
        8,
    )
    assert unused["note"] == (
        "Pelatihan Pelayanan Publik Digital tidak diselesaikan sampai 03-11-2026: 8 JP dihitung sebagai ditawarkan."
    )
    (line,) = explain([*told, *effects], "2026-11")["L"].lines
    assert (line.note, line.delta) == (unused["note"], 0)


def test_training_let_pass_is_asked_in_the_rest_of_the_year(say, blank, fold_all, close, policies):
    card, _ = fold_all(blank, say(FeedbackReceived, given_at=DECEMBER), say(EnrolmentConfirmed))
    shut, _, _ = close(card, "2026-11")

    assert card.scores["2026-12"].components["L"] is None
    assert shut.scores == {"2026-12": evaluate(shut, "2026-12", policies)}
    assert shut.scores["2026-12"].components["L"] == 0
    assert shut.seats == {}


@pytest.mark.parametrize("period", ["2026-10", "2026-11"])
def test_a_session_that_goes_on_is_asked_only_in_the_period_of_its_last_day(say, blank, fold_all, close, period):
    seat = say(EnrolmentConfirmed, starts_on=date(2026, 10, 26), ends_on=date(2026, 11, 6))
    card, _ = fold_all(blank, seat)

    shut, closed, effects = close(card, period)

    assert closed.score.components["L"] == (0 if period == "2026-11" else None)
    assert len(effects) == (3 if period == "2026-11" else 2)
    assert len(shut.seats) == (0 if period == "2026-11" else 1)


def test_a_quarter_asks_for_the_seats_of_all_its_months(say, blank_in_sorong, fold_all, close):
    card, _ = fold_all(blank_in_sorong, say(EnrolmentConfirmed, starts_on=date(2026, 10, 5)))
    _, closed, _ = close(card, "2026-Q4")

    assert closed.score.components["L"] == 0


def test_a_seat_of_a_month_that_was_never_closed_is_asked_at_the_next_close(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EnrolmentConfirmed, starts_on=date(2026, 8, 3)))
    shut, closed, _ = close(card, "2026-11")

    assert closed.score.components["L"] == 0
    assert shut.scores == {}, "no period was opened behind the close"


def test_a_seat_of_a_year_that_is_over_is_let_go(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(EnrolmentConfirmed, starts_on=date(2025, 12, 1)))
    shut, closed, (_, unused, _) = close(card, "2026-01")

    assert closed.score.components["L"] is None
    assert shut.seats == {}
    assert unused["deltas"] == {}
    assert unused["note"].endswith("sampai 01-12-2025: tidak diperhitungkan.")


@pytest.mark.parametrize(("last_day", "learning"), [(date(2026, 11, 2), None), (date(2026, 11, 3), 0)])
def test_who_left_before_the_session_ended_is_not_asked_for_it(say, blank, fold_all, close, last_day, learning):
    left = say(EmployeeSeparated, effective_on=last_day)
    card, _ = fold_all(blank, say(EmployeeRegistered), say(EnrolmentConfirmed), left)
    _, closed, _ = close(card, "2026-11")

    assert closed.score.components["L"] == learning


def test_who_completed_one_seat_is_asked_for_the_other_at_the_close(say, blank, fold_all, close):
    other = {"enrolment_id": "e0000000-0000-4000-8000-000000000002", "jp": 4}
    seats = say(EnrolmentConfirmed), say(EnrolmentConfirmed, session_id="5e000000-0000-4000-8000-000000000002", **other)
    card, _ = fold_all(blank, *seats, say(TrainingCompleted))
    _, closed, _ = close(card, "2026-11")

    assert card.scores["2026-11"].components["L"] == D("90.9091")
    assert closed.months["2026-11"].learning.offered == 12
    assert closed.score.components["L"] == D("60.6061")


@pytest.mark.parametrize("told", [EnrolmentConfirmed, EnrolmentCancelled])
def test_a_day_that_no_policy_reaches_is_no_reason_to_refuse_a_seat(say, blank, fold_all, told):
    card, (effect,) = fold_all(blank, say(told, starts_on=date(206, 11, 3)))

    assert (effect["period"], card.scores, card.months) == ("0206-11", {}, {})
