"""Sums that can be added to and taken from in any order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from appraisal.domain.tallies import (
    NO_VOTES,
    Complaints,
    Learning,
    Month,
    Progress,
    votes_together,
    with_id,
    without_id,
)

D = Decimal


def test_a_vote_taken_away_leaves_no_trace():
    once = NO_VOTES.plus(D("0.2"), 10)
    assert once.plus(D("0.5"), 12).minus(D("0.5"), 12) == once
    assert once.minus(D("0.2"), 10) == NO_VOTES


def test_votes_are_weighted_sums_of_thirds():
    votes = NO_VOTES.plus(D("0.5"), 12).plus(D(1), 7)
    assert (votes.weight, votes.thirds, votes.count) == (D("1.5"), D(13), 2)
    assert (votes.weight_squares, votes.thirds_squares) == (D("1.25"), D("121"))


def test_the_votes_of_months_are_added():
    one, two = NO_VOTES.plus(D("0.5"), 12), NO_VOTES.plus(D(1), 7)
    assert votes_together([one, two]) == one.plus(D(1), 7)
    assert votes_together([one]) is one
    assert votes_together([]) == NO_VOTES


def test_ids_are_kept_sorted_and_once():
    assert with_id(with_id(("b",), "a"), "b") == ("a", "b")
    assert without_id(("a", "b"), "a") == ("b",)
    assert without_id(("b",), "a") == ("b",)


def test_progress_keeps_verified_and_unverified_apart_and_the_latest_day():
    progress = (
        Progress().plus(D(5), verified=True, on=date(2026, 11, 9)).plus(D(3), verified=False, on=date(2026, 11, 2))
    )
    assert (progress.verified, progress.unverified, progress.reported_on) == (D(5), D(3), date(2026, 11, 9))
    verified = progress.verifying(D(3))
    assert (verified.verified, verified.verified_count) == (D(8), 2)
    assert (verified.unverified, verified.unverified_count) == (D(0), 0)


def test_a_closed_month_leaves_hours_and_failed_complaints():
    month = Month(
        votes=NO_VOTES.plus(D(1), 12),
        complaints=Complaints(handled=3, solved=2, failed=("c1",)),
        learning=Learning(offered=D(8)),
        paced_on=date(2026, 11, 30),
    )
    assert month.remains() == Month(learning=Learning(offered=D(8)), complaints=Complaints(failed=("c1",)))
