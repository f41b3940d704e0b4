"""Closing: judged to the last day, handed out, forgotten, and shut."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.closing import reopen_period
from appraisal.domain.explanation import explain
from appraisal.domain.refusals import EarlierPeriodOpen, InvalidPeriod, PeriodClosed, PeriodNotOver
from appraisal.domain.tallies import Month, Target
from appraisal.domain.targets import agree_indicator
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved, FeedbackReceived
from kinara.contracts.personnel import EmployeeTransferred
from kinara.contracts.training import EnrolmentConfirmed, TrainingCompleted

D = Decimal
SERVICES = Target("Layanan", "layanan", "max", D(500), D(1))


def test_a_closed_period_is_handed_out_and_forgotten(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(FeedbackReceived), say(EnrolmentConfirmed), say(TrainingCompleted))
    shut, closed, _ = close(card, "2026-11")
    assert closed.score == card.scores["2026-11"]
    assert closed.months["2026-11"].votes == card.months["2026-11"].votes
    assert (closed.employee_id, closed.unit_path, closed.period) == (card.employee_id, card.unit_path, "2026-11")
    assert closed.id == f"{card.employee_id}/2026-11"
    assert (shut.closed_through, shut.scores) == ("2026-11", {})
    assert shut.months["2026-11"].votes.count == 0
    assert shut.months["2026-11"].learning.offered == 8, "hours count all year"


def test_work_never_reported_is_judged_at_the_end(blank, close, policies):
    card, _, _ = agree_indicator(
        blank, code="s", target=SERVICES, period="2026-11", agreed_on=date(2026, 11, 2), policies=policies
    )
    assert card.scores["2026-11"].components["K"] is None
    _, closed, effects = close(card, "2026-11")
    assert closed.score.components["K"] == D("7.5758")
    assert effects[0]["deltas"]["2026-11"] == {"K": D("7.5758")}


def test_a_level_never_measured_is_judged_at_the_end_like_work_never_begun(agree, agreed, report, close):
    card, _, _ = agree(agreed, code="d", target=Target("Lama terbit", "hari", "min", D(3), D(1)))
    card, _, _ = report(card, 500)
    assert card.scores["2026-11"].components["K"] == D("83.3333"), "no case may have come up yet"
    _, closed, effects = close(card, "2026-11")
    assert closed.score.components["K"] == D("45.4545")
    assert effects[0]["deltas"]["2026-11"] == {"K": D("-37.8788")}


def test_a_quarter_is_closed_as_a_whole(say, blank_in_sorong, fold_all, close):
    at = [datetime(2026, month, 9, tzinfo=UTC) for month in (10, 12)]
    card, _ = fold_all(blank_in_sorong, *[say(FeedbackReceived, given_at=when) for when in at])
    shut, closed, _ = close(card, "2026-Q4")
    assert set(closed.months) == {"2026-10", "2026-12"}
    assert shut.closed_through == "2026-12"
    assert shut.months == {}, "a new year begins with nothing"


def test_a_failed_complaint_stays_failed_after_the_close(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(ComplaintOverdue))
    shut, _, _ = close(card, "2026-11")
    after, _ = fold_all(shut, say(ComplaintResolved, resolved_at=datetime(2026, 12, 3, tzinfo=UTC)))
    assert after.months["2026-12"].complaints.handled == 0


def test_a_quarter_that_began_elsewhere_loses_the_month_that_is_appraised_there(say, blank, fold_all, close):
    voted = [say(FeedbackReceived, rating=1, given_at=datetime(2026, month, 9, tzinfo=UTC)) for month in (10, 11)]
    card, effects = fold_all(blank, *voted, say(EmployeeTransferred, unit_path="/96.71/dinkes"))
    shut, _, closing = close(card, "2026-10")
    assert set(shut.scores) == {"2026-Q4"}
    assert shut.scores["2026-Q4"].components["M"] > card.scores["2026-Q4"].components["M"]
    account = explain([*effects, *closing], "2026-Q4")["M"]
    assert account.total == shut.scores["2026-Q4"].components["M"]


@pytest.mark.parametrize(
    ("period", "refusal"),
    [
        pytest.param("2026-09", PeriodClosed, id="closed before"),
        pytest.param("2026-11", EarlierPeriodOpen, id="before an earlier one"),
        pytest.param("2026-Q4", InvalidPeriod, id="not a period of this unit"),
        pytest.param("2026", InvalidPeriod, id="a year"),
    ],
)
def test_only_the_earliest_open_period_can_be_closed(say, blank, fold_all, close, period, refusal):
    at = [datetime(2026, month, 9, tzinfo=UTC) for month in (10, 11)]
    card, _ = fold_all(replace(blank, closed_through="2026-09"), *[say(FeedbackReceived, given_at=when) for when in at])
    with pytest.raises(refusal) as refused:
        close(card, period)
    assert refused.value.field == "period"


@pytest.mark.parametrize(
    ("period", "today"),
    [
        pytest.param("2026-11", date(2026, 11, 1), id="just begun"),
        pytest.param("2026-11", date(2026, 11, 30), id="on its last day"),
        pytest.param("2062-11", date(2026, 12, 1), id="far ahead"),
    ],
)
def test_a_period_that_is_not_over_cannot_be_closed(blank, close, period, today):
    with pytest.raises(PeriodNotOver) as refused:
        close(blank, period, today)
    assert refused.value.field == "period"
    assert refused.value.message.endswith(f"setelah 30-11-{period[:4]}.")


def test_a_quarter_is_not_over_with_its_first_month(blank_in_sorong, close):
    with pytest.raises(PeriodNotOver):
        close(blank_in_sorong, "2026-Q4", date(2026, 11, 1))


def test_a_period_can_be_closed_on_the_day_after_its_last(blank, close):
    assert close(blank, "2026-11", date(2026, 12, 1))[0].closed_through == "2026-11"


def test_a_card_without_anything_can_be_closed(blank, close):
    shut, closed, _ = close(blank, "2026-11")
    assert closed.score.s is None
    assert shut.closed_through == "2026-11"


def test_a_complaint_overdue_in_december_and_answered_in_january_is_held_against_nobody_twice(
    say, blank, fold_all, close, policies
):
    when = {"due_at": datetime(2026, 12, 20, tzinfo=UTC)}
    card, _ = fold_all(blank, say(TrainingCompleted), say(ComplaintOverdue, **when))
    for period in ("2026-11", "2026-12"):
        card, closed, _ = close(card, period)
    assert closed.months["2026-12"].complaints.handled == 1
    assert card.months == {"2026-12": Month(complaints=closed.months["2026-12"].remains().complaints)}

    answered = say(ComplaintResolved, within_sla=False, resolved_at=datetime(2027, 1, 12, tzinfo=UTC))
    reopened = say(ComplaintReopened, was_within_sla=True, reopened_at=datetime(2027, 1, 20, tzinfo=UTC))
    after, _ = fold_all(card, answered, reopened)
    complaints = after.months["2027-01"].complaints
    assert (complaints.handled, complaints.solved) == (0, 0)


def test_failed_complaints_are_forgotten_after_a_year(say, blank, fold_all, close):
    late = datetime(2026, 11, 9, tzinfo=UTC)
    card, _ = fold_all(blank, say(ComplaintOverdue, due_at=late))
    shut, _, _ = close(card, "2026-11")
    for month, kept in (("2027-10", True), ("2027-11", False)):
        at = datetime(int(month[:4]), int(month[5:]), 9, tzinfo=UTC)
        later, _ = fold_all(shut, say(FeedbackReceived, given_at=at))
        assert ("2026-11" in close(later, month)[0].months) is kept


def test_a_december_opened_again_has_the_hours_of_its_year_back_beside_the_failed_complaints(
    say, blank, fold_all, close, policies
):
    december = datetime(2026, 12, 9, tzinfo=UTC)
    card, _ = fold_all(
        blank, say(EnrolmentConfirmed), say(TrainingCompleted), say(ComplaintOverdue),
        say(FeedbackReceived, given_at=december),
    )  # fmt: skip
    shut, november, _ = close(card, "2026-11")
    before = close(shut, "2026-12")
    opened, _, _ = reopen_period(
        before[0], before[1], [november], reason="Salah hitung", at=december, policies=policies
    )
    assert opened.months["2026-11"].learning.earned == 8
    assert opened.months["2026-11"].complaints.failed
    assert opened.scores["2026-12"] == before[1].score
