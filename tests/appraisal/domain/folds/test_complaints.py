"""Complaints: only what was solved in time and stayed solved counts for the officer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved

OTHER = "c0000000-0000-4000-8000-000000000002"
SOLVED = (ComplaintResolved, {})
LATE = (ComplaintResolved, {"within_sla": False})
UNSOLVED = (ComplaintResolved, {"outcome": "closed_without_solution"})
NOT_OURS = (ComplaintResolved, {"outcome": "not_ours"})
REOPENED = (ComplaintReopened, {})
DISOWNED = (ComplaintReopened, {"was_outcome": "not_ours"})
TAKEN_OVER_LATE = (ComplaintResolved, {"within_sla": False, "late_before_assignment": True})
OVERDUE = (ComplaintOverdue, {})


@pytest.mark.parametrize(
    ("life", "handled", "solved"),
    [
        pytest.param([SOLVED], 1, 1, id="solved in time"),
        pytest.param([LATE], 1, 0, id="solved late"),
        pytest.param([UNSOLVED], 1, 0, id="closed without a solution"),
        pytest.param([NOT_OURS], 0, 0, id="not ours"),
        pytest.param([OVERDUE], 1, 0, id="overdue"),
        pytest.param([OVERDUE, LATE], 1, 0, id="overdue, then solved: once"),
        pytest.param([SOLVED, REOPENED], 1, 0, id="reopened"),
        pytest.param([SOLVED, REOPENED, SOLVED], 1, 0, id="reopened and solved again: it was not solved"),
        pytest.param([SOLVED, REOPENED, REOPENED], 1, 0, id="reopened twice"),
        pytest.param([UNSOLVED, REOPENED], 1, 0, id="reopened after no solution: no double penalty"),
        pytest.param([(ComplaintReopened, {"was_within_sla": False})], 0, 0, id="reopened after a late answer"),
        pytest.param([SOLVED, (ComplaintResolved, {"complaint_id": OTHER})], 2, 2, id="two complaints"),
        pytest.param([NOT_OURS, DISOWNED], 0, 0, id="not ours, and the citizen contests that"),
        pytest.param([NOT_OURS, DISOWNED, SOLVED], 1, 1, id="taken on after all, and solved in time"),
        pytest.param([NOT_OURS, DISOWNED, OVERDUE], 1, 0, id="taken on after all, and overdue"),
        pytest.param([TAKEN_OVER_LATE], 0, 0, id="late before this officer got it"),
        pytest.param([TAKEN_OVER_LATE, (ComplaintReopened, {"was_within_sla": False})], 0, 0, id="and reopened"),
    ],
)
def test_a_complaint_counts_once_and_as_solved_only_if_it_stays_solved(say, blank, fold_all, life, handled, solved):
    card, effects = fold_all(blank, *[say(kind, **facts) for kind, facts in life])
    complaints = card.months["2026-11"].complaints
    assert (complaints.handled, complaints.solved) == (handled, solved)
    assert sum(effect["inputs"]["handled"] for effect in effects) == handled
    assert sum(effect["inputs"]["solved"] for effect in effects) == solved


def test_nineteen_of_twenty_solved_in_time_are_ninety(say, blank, fold_all):
    ids = [f"c0000000-0000-4000-8000-{n:012d}" for n in range(20)]
    solved = [say(ComplaintResolved, complaint_id=uid, within_sla=uid != ids[0]) for uid in ids]
    card, _ = fold_all(blank, *solved)
    assert card.scores["2026-11"].components["A"] == 90


def test_a_reopening_is_booked_in_its_own_month_and_the_earlier_month_stands(say, blank, fold_all):
    solved = say(ComplaintResolved, resolved_at=datetime(2026, 10, 29, tzinfo=UTC))
    card, (_, reopened) = fold_all(blank, solved, say(ComplaintReopened))
    assert card.scores["2026-10"].components["A"] == Decimal("81.8182")
    assert card.scores["2026-11"].components["A"] == 70
    assert list(reopened["deltas"]) == ["2026-11"]


def test_a_complaint_that_failed_in_one_month_does_not_count_again_in_the_next(say, blank, fold_all):
    card, (_, effect) = fold_all(
        blank, say(ComplaintOverdue), say(ComplaintResolved, resolved_at=datetime(2026, 12, 3, tzinfo=UTC))
    )
    assert card.months["2026-12"].complaints.handled == 0
    assert effect["note"] == "Pengaduan yang sudah tercatat gagal kini ditanggapi; catatan itu tetap."
