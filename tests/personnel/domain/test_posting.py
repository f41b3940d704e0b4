"""The history of postings and what held on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnel.domain.posting import Posting, Postings, begin, posting_on
from personnel.domain.refusals import DateOutOfOrder


def _posting(since: date, jabatan: str = "Analis") -> Posting:
    return Posting(since=since, unit_id="u", unit_path="/u", jabatan=jabatan)


def test_the_last_word_of_a_day_holds() -> None:
    first, second = _posting(date(2024, 1, 1)), _posting(date(2024, 1, 1), "Perencana")
    assert begin(begin((), first), second) == (second,)
    earlier = _posting(date(2023, 1, 1))
    assert begin((earlier, first), second) == (earlier, second)


def test_a_posting_cannot_begin_before_the_last() -> None:
    with pytest.raises(DateOutOfOrder, match="01-02-2024"):
        begin((_posting(date(2024, 2, 1)),), _posting(date(2024, 1, 31)))


def test_before_the_first_posting_there_is_none() -> None:
    postings = (_posting(date(2024, 1, 1)),)
    assert posting_on(postings, date(2023, 12, 31)) is None
    assert posting_on(postings, date(2024, 1, 1)) == postings[0]


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, max_size=20, unique=True),
    st.dates(date(1999, 1, 1), date(2031, 1, 1)),
)
def test_the_posting_of_a_day_is_the_latest_that_had_begun(days: list[date], asked: date) -> None:
    postings: Postings = ()
    for day in sorted(days):
        postings = begin(postings, _posting(day))
    begun = [day for day in days if day <= asked]
    found = posting_on(postings, asked)
    assert (found.since if found else None) == (max(begun) if begun else None)
    if found:
        assert posting_on(postings, found.since - timedelta(days=1)) != found
