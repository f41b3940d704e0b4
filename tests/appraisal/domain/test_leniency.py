"""What raters gave: one rating of one report and period, however often it was changed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from appraisal.domain.leniency import Rater, correction_of, government_of
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import BehaviourRating

D = Decimal
LENIENT, STERN = BehaviourRating((5,) * 7, D(0), datetime(2026, 11, 20, tzinfo=UTC)), (3,) * 7


def test_a_rating_counts_with_all_its_marks():
    rater = Rater("r").having_given((5,) * 7).having_given((4,) * 7)
    assert (rater.ratings, rater.total, rater.marks, rater.mean) == (2, 63, 14, D("4.5"))


def test_a_rating_given_again_takes_the_place_of_the_earlier_one():
    others = Rater("r").having_given(STERN)
    rater = others.having_given(LENIENT.marks)
    for _ in range(13):
        rater = rater.without(LENIENT).having_given(LENIENT.marks)
    assert rater == others.having_given(LENIENT.marks)
    assert rater.without(LENIENT).having_given(STERN).mean == 3


def test_the_spread_is_that_of_the_marks_that_count():
    assert Rater("r").spread is None
    rater = Rater("r").having_given((5,) * 7, "a").having_given((3,) * 7, "b")
    assert (rater.spread, rater.people) == (1, ("a", "b"))
    assert rater.without(LENIENT).spread == 0
    assert Rater("r", 1, 35, 7).having_given(STERN).spread is None, "the squares of earlier marks were not kept"
    for who in ("b", "c", "d"):
        rater = rater.having_given(STERN, who)
    assert rater.people == ("a", "b", "c"), "as many as a report needs"


def test_where_there_was_none_before_nothing_is_taken_back():
    rater = Rater("r").having_given(STERN)
    assert rater.without(None) is rater


@pytest.mark.parametrize(
    ("ratings", "correction"),
    [(0, "0"), (1, "0.1818"), (10, "1.0000")],
    ids=["before the first", "one is trusted little", "ten are trusted half"],
)
def test_what_is_taken_off_is_the_distance_from_all_raters_as_far_as_it_is_known(ratings, correction):
    rater = Rater("r", ratings, 35 * ratings, 7 * ratings)
    everyone = Rater("/16.71", 100, 2100, 700)
    assert correction_of(rater, everyone) == D(correction)


def test_a_government_is_the_first_segment_of_the_units_path():
    assert government_of(Scorecard("e", "16", "/16.71/plaju/pelayanan")) == "/16.71"
