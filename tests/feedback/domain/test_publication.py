"""When a month is published, and which months the public sees."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from feedback.domain import publication
from feedback.domain.publication import begin, due_at, due_on, one_further, span_of, through
from kinara.contracts import Province

PALEMBANG, SORONG = Province(code="16"), Province(code="96")


@pytest.mark.parametrize(
    ("month", "day"), [("2026-11", date(2026, 12, 5)), ("2026-12", date(2027, 1, 5)), ("2027-02", date(2027, 3, 5))]
)
def test_a_month_is_published_on_the_fifth_of_the_next(month: str, day: date) -> None:
    assert due_on(month) == day


def test_its_day_begins_on_the_clocks_of_the_province() -> None:
    assert due_at("2026-11", PALEMBANG) == datetime(2026, 12, 4, 17, tzinfo=UTC)
    assert due_at("2026-11", SORONG) == datetime(2026, 12, 4, 15, tzinfo=UTC)
    begins, ends = span_of("2026-11", PALEMBANG)
    assert (begins, ends) == (datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2026, 11, 30, 17, tzinfo=UTC))


def test_one_month_follows_the_other_from_the_first_in_which_something_was_said() -> None:
    begun = begin("/16.71", PALEMBANG, "2026-12")
    following = one_further(begun)

    assert (begun.month, begun.due_at) == ("2026-12", datetime(2027, 1, 4, 17, tzinfo=UTC))
    assert (following.month, following.due_at) == ("2027-01", datetime(2027, 2, 4, 17, tzinfo=UTC))
    assert begin("/16.71", PALEMBANG, "1999-01").month == publication.EARLIEST


def test_what_lies_before_the_next_month_is_published_and_nothing_of_a_government_that_nobody_looked_at() -> None:
    months = ["2019-12", "2026-10", "2026-11", "2026-12"]

    assert through(months, begin("/16.71", PALEMBANG, "2026-12")) == ["2026-10", "2026-11"]
    assert through(months, None) == []
