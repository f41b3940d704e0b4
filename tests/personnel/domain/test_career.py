"""A career: ranks and posts in order, a source's word before our own."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from personnel.domain.career import Career, PostHeld, RankHeld

DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))
RANKS = st.builds(RankHeld, golongan=st.sampled_from(["III/a", "III/b", "III/c"]), since=DAYS)
POSTS = st.builds(PostHeld, jabatan=st.sampled_from(["Lurah", "Camat"]), since=DAYS)
CAREERS = st.builds(
    lambda ranks, posts: Career(tuple(ranks), tuple(posts)),
    st.lists(RANKS, max_size=4, unique_by=lambda rank: rank.golongan),
    st.lists(POSTS, max_size=4, unique=True),
)


def rank(golongan: str, year: int, decree: str = "") -> RankHeld:
    return RankHeld(golongan=golongan, since=date(year, 4, 1), decree_number=decree)


def test_a_rank_takes_its_place_by_date_and_corrects_what_was_said_of_it() -> None:
    career = Career().with_rank(rank("III/b", 2020)).with_rank(rank("III/a", 2016)).with_rank(rank("III/b", 2021, "7"))
    assert career.ranks == (rank("III/a", 2016), rank("III/b", 2021, "7"))


def test_the_source_corrects_us_and_what_it_does_not_know_stays() -> None:
    lurah = PostHeld(jabatan="Lurah", since=date(2020, 1, 1))
    camat = PostHeld(jabatan="Camat", since=date(2022, 1, 1))
    ours = Career((rank("III/a", 2016), rank("III/c", 2026, "baru")), (lurah,))
    source = Career((rank("III/a", 2015, "1"), rank("III/b", 2019)), (camat,))
    corrected = ours.corrected_by(source)
    assert corrected.ranks == (rank("III/a", 2015, "1"), rank("III/b", 2019), rank("III/c", 2026, "baru"))
    assert corrected.posts == (lurah, camat)


@given(CAREERS, CAREERS)
def test_correcting_twice_is_correcting_once(ours: Career, source: Career) -> None:
    once = ours.corrected_by(source)
    assert once.corrected_by(source) == once
    assert set(source.ranks) <= set(once.ranks)
    assert [held.since for held in once.ranks] == sorted(held.since for held in once.ranks)
