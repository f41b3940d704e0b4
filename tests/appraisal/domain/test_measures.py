"""Components measured from months."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.components import shown
from appraisal.domain.measures import achievements, effective_sample, measure, rating_bounds
from appraisal.domain.tallies import (
    NO_VOTES,
    BehaviourRating,
    Complaints,
    Learning,
    Month,
    Progress,
    Target,
)

D = Decimal
SERVICES = Target("Layanan", "layanan", "max", D(500), D("0.6"))
DAYS = Target("Lama terbit", "hari", "min", D(3), D("0.4"))
YEAR_END = date(2026, 11, 30)


@pytest.fixture
def plaju(policies):
    return policies.for_unit("/16.71/plaju", date(2026, 11, 1))


def seen(value: Decimal | None) -> Decimal | None:
    return None if value is None else shown(value)


def k_of(plaju, month: Month) -> Decimal | None:
    return seen(measure("K", {"2026-11": month}, "2026-11", plaju))


def done(amount: int, on: date = YEAR_END, *, verified: bool = True) -> Progress:
    return Progress().plus(D(amount), verified=verified, on=on)


@pytest.mark.parametrize(
    ("progress", "paced_on", "expected"),
    [
        pytest.param({}, None, None, id="nothing known: does not apply yet"),
        pytest.param({"s": done(540)}, None, "89.39", id="nurse"),
        pytest.param({"s": done(540, verified=False)}, None, "48.48", id="unverified counts half"),
        pytest.param({"s": done(50, date(2026, 11, 3))}, None, "83.33", id="on pace on day three"),
        pytest.param({"s": done(0, date(2026, 11, 3))}, None, "41.67", id="nothing on day three"),
        pytest.param({"s": done(50, date(2026, 11, 3))}, date(2026, 11, 15), "27.78", id="the calendar moved on"),
        pytest.param({}, YEAR_END, "7.58", id="never reported by the end"),
    ],
)
def test_a_rising_indicator_is_judged_as_of_the_last_report_or_the_calendar(plaju, progress, paced_on, expected):
    month = Month(targets={"s": SERVICES}, progress=progress, paced_on=paced_on)
    assert k_of(plaju, month) == (None if expected is None else D(expected))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param([2], "100.00", id="two days"),
        pytest.param([3], "83.33", id="three days, as agreed"),
        pytest.param([4], "58.08", id="four days"),
        pytest.param([6], "7.58", id="six days"),
        pytest.param([2, 4], "83.33", id="the mean counts, not the sum"),
    ],
)
def test_a_falling_indicator_is_the_mean_of_what_was_measured(plaju, levels, expected):
    progress = Progress()
    for level in levels:
        progress = progress.plus(D(level), verified=True, on=YEAR_END)
    assert k_of(plaju, Month(targets={"d": DAYS}, progress={"d": progress})) == D(expected)


def test_an_unverified_level_weighs_half_against_a_verified_one(plaju):
    progress = Progress().plus(D(2), verified=True, on=YEAR_END).plus(D(5), verified=False, on=YEAR_END)
    assert k_of(plaju, Month(targets={"d": DAYS}, progress={"d": progress})) == D("83.33")


def test_levels_without_any_verified_one_are_presumed_nearer_to_the_target(plaju):
    progress = Progress().plus(D(6), verified=False, on=YEAR_END)
    assert k_of(plaju, Month(targets={"d": DAYS}, progress={"d": progress})) == D("13.89"), "7.58 if verified"


def test_a_level_never_measured_falls_behind_like_work_never_begun(plaju):
    month = Month(targets={"d": DAYS}, paced_on=YEAR_END)
    assert k_of(plaju, month) == D("7.58")


def test_indicators_are_weighed(plaju):
    month = Month(
        targets={"s": SERVICES, "d": DAYS},
        progress={"s": done(540), "d": Progress().plus(D(4), verified=True, on=YEAR_END)},
    )
    assert k_of(plaju, month) == D("76.87")


NINE = {f"s{n}": replace(SERVICES, weight=D("0.1")) for n in range(9)}


def test_reporting_on_the_easy_indicator_only_is_not_rewarded(plaju):
    month = Month(targets=NINE, progress={"s0": done(999_999_999)})
    assert k_of(plaju, month) == D("17.85"), "one of nine at 100, eight at 7.58"


def test_indicators_without_a_report_are_judged_on_the_day_of_the_latest_one(plaju):
    on_day_three = Month(targets=NINE, progress={"s0": done(0, date(2026, 11, 3))})
    assert k_of(plaju, on_day_three) == D("41.67")
    alone = Month(targets={"s": SERVICES, "t": SERVICES}, progress={"s": done(50, date(2026, 11, 3))})
    assert k_of(plaju, alone) == D("62.50"), "83.33 on pace, 41.67 with nothing done"


def test_an_indicator_reported_earlier_is_judged_on_the_day_of_the_latest_report_too(plaju):
    both = {"s": SERVICES, "t": SERVICES}
    month = Month(targets=both, progress={"s": done(250, date(2026, 11, 3)), "t": done(250, date(2026, 11, 15))})
    assert k_of(plaju, month) == D("83.33"), "half of both at half time"
    values = achievements({"2026-11": replace(month, progress={"s": month.progress["s"]})}, "2026-11")
    assert values["s"] == (D("0.6"), D("1.2")), "far ahead on day three"


def test_a_level_never_measured_is_not_perfect_but_waits_for_its_first_measurement_or_the_close(plaju):
    month = Month(targets={"s": SERVICES, "d": DAYS}, progress={"s": done(540)})
    assert k_of(plaju, month) == D("89.39")
    assert k_of(plaju, Month(targets={"d": DAYS}, progress={"s": done(540)})) is None
    closing = achievements({"2026-11": replace(month, paced_on=YEAR_END)}, "2026-11")
    assert shown(closing["d"][1]) == D("0.09"), "like work never begun"


def test_a_quarter_adds_amounts_and_averages_levels(plaju):
    first = Month(targets={"s": SERVICES, "d": DAYS}, progress={"d": Progress().plus(D(2), verified=True, on=YEAR_END)})
    last = Month(progress={"s": done(540, date(2026, 12, 31)), "d": Progress().plus(D(4), verified=True, on=YEAR_END)})
    values = achievements({"2026-10": first, "2026-12": last}, "2026-Q4")
    assert values["s"] == (D("0.6"), D(590) / D(550))
    assert values["d"] == (D("0.4"), D(1))


def test_targets_agreed_month_by_month_add_up_over_the_year(plaju):
    month = Month(
        targets={"s": SERVICES, "d": DAYS}, progress={"s": done(500), "d": done(3)}, paced_on=date(2026, 12, 31)
    )
    values = achievements({"2026-11": month, "2026-12": month}, "2026")
    assert values["s"] == (D("1.2"), D(1))
    assert values["d"] == (D("0.8"), D(1))


@pytest.mark.parametrize(
    ("complaints", "expected"),
    [
        (Complaints(), None),
        (Complaints(handled=20, solved=19), "90.00"),
        (Complaints(handled=1), "72.73"),
        (Complaints(solved=-1), "70.00"),
    ],
    ids=["none", "nineteen of twenty", "one overdue", "one of last month reopened"],
)
def test_complaints_start_at_eight_of_ten(plaju, complaints, expected):
    value = measure("A", {"2026-11": Month(complaints=complaints)}, "2026-11", plaju)
    assert seen(value) == (None if expected is None else D(expected))


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        pytest.param("2026-01", None, id="nothing offered yet"),
        pytest.param("2026-02", "100.00", id="eight of 3.33 due"),
        pytest.param("2026-06", "66.67", id="eight of ten due"),
        pytest.param("2026-Q2", "66.67", id="a quarter counts to its end"),
        pytest.param("2026-12", "66.67", id="sixteen of twenty due"),
        pytest.param("2026", "66.67", id="the year"),
        pytest.param("2027-01", None, id="a new year begins"),
    ],
)
def test_hours_count_from_january_against_what_was_due_by_then(plaju, period, expected):
    months = {
        "2026-02": Month(learning=Learning(offered=D(24), earned=D(8))),
        "2026-07": Month(learning=Learning(earned=D(8))),
    }
    assert seen(measure("L", months, period, plaju)) == (None if expected is None else D(expected))


def test_mentoring_counts_for_six_hours_a_year(plaju):
    mentored = Month(learning=Learning(offered=D(20), mentoring=D(4)))
    more = Month(learning=Learning(mentoring=D(4)))
    assert shown(measure("L", {"2026-11": mentored}, "2026", plaju)) == D("16.67")
    assert shown(measure("L", {"2026-11": mentored, "2026-12": more}, "2026", plaju)) == D("25.00")


def rated(mark: int, hour: int, correction: str = "0") -> BehaviourRating:
    return BehaviourRating((mark,) * 7, D(correction), datetime(2026, 11, 20, hour, tzinfo=UTC))


def test_behaviour_is_the_mean_of_the_raters_after_correction(plaju):
    month = Month(ratings={"a": rated(3, 1), "b": rated(4, 1)})
    assert shown(measure("B", {"2026-11": month}, "2026-11", plaju)) == D("87.50")
    lenient = Month(ratings={"a": rated(4, 1, "0.6")})
    assert shown(measure("B", {"2026-11": lenient}, "2026-11", plaju)) == D("86.67")
    assert measure("B", {}, "2026-11", plaju) is None


@pytest.mark.parametrize(("first", "second"), [(1, 9), (9, 1)], ids=["later in the later month", "and the other way"])
def test_of_one_rater_the_latest_rating_of_a_period_counts(plaju, first, second):
    best_at_nine = {1: 1, 9: 5}
    months = {
        "2026-10": Month(ratings={"a": rated(best_at_nine[first], first)}),
        "2026-11": Month(ratings={"a": rated(best_at_nine[second], second)}),
    }
    assert measure("B", months, "2026-Q4", plaju) == 100


def test_satisfaction_does_not_apply_without_votes_or_with_votes_of_no_trust(plaju):
    assert measure("M", {}, "2026-11", plaju) is None
    assert measure("M", {"2026-11": Month(votes=NO_VOTES.plus(D(0), 12))}, "2026-11", plaju) is None


def test_weighted_votes_are_worth_fewer_full_ones():
    votes = NO_VOTES
    for _ in range(4):
        votes = votes.plus(D("0.5"), 9)
    assert effective_sample(votes) == 4
    assert effective_sample(votes.plus(D(1), 9)) == D("4.5")
    assert effective_sample(NO_VOTES) == 0


def test_bounds_are_wide_for_few_votes_and_narrow_for_many(plaju):
    assert rating_bounds(NO_VOTES, plaju) == (D("3.2"), D("3.2"))
    split = NO_VOTES.plus(D(1), 12).plus(D(1), 6)
    low, high = rating_bounds(split, plaju)
    middle = (6 + 15 * D("3.2")) / 17
    assert abs((low + high) / 2 - middle) < D("1e-20")
    assert abs(high - middle - D("1.28") / D(17).sqrt()) < D("1e-20"), "standard deviation one, over √(2 + 15)"
    assert rating_bounds(NO_VOTES.plus(D(1), 12), plaju)[0] == (4 + 15 * D("3.2")) / 16, "one vote has no spread"
