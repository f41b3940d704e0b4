"""What is published of a month: units from the top, parts where they are large, and nothing by subtraction."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from feedback.domain import edition
from feedback.domain.answering import UNSUR
from feedback.domain.edition import Cell, Figures, Heard
from feedback.domain.subject import Subject
from feedback.domain.survey import Tally
from hypothesis import given, settings
from hypothesis import strategies as st
from kinara.contracts import Province

PROVINCE = Province(code="16")
PATHS = ("/16.71", "/16.71/a", "/16.71/b", "/16.71/a/x", "/16.71/a/y")
MONTH = "2026-10"


def unit_at(path: str) -> Subject:
    return Subject(id=path, kind="unit", name=path, unit_id=path, unit_path=path, province=PROVINCE, active=True)


UNITS = [unit_at(path) for path in PATHS]


def tally(unit: str, answers: int, campaign: str | None = None, mark: int = 3) -> Tally:
    sums = (mark * answers,) * len(UNSUR)
    return Tally(
        id=f"{unit}{campaign}", unit_id=unit, period=MONTH, province=PROVINCE, unit_path=unit, proven=answers,
        proven_sums=sums, campaign_id=campaign,
    )  # fmt: skip


def composed(tallies: list[Tally] = [], ratings: dict[Cell, int] | None = None) -> dict[str, Figures]:  # noqa: B006
    return {one.about: one for one in edition.compose(MONTH, UNITS, Heard(tallies, ratings or {}))}


def test_a_unit_is_published_with_everything_below_it() -> None:
    found = composed([tally("/16.71/a/x", 20, mark=4), tally("/16.71/a/y", 10, mark=2), tally("/16.71/b", 15)])

    assert {about: one.answers for about, one in found.items()} == dict(zip(PATHS, (45, 30, 15, 20, 10), strict=True))
    assert found["/16.71/a"].sums == (100,) * len(UNSUR)


def test_a_child_is_withheld_where_its_parent_would_give_its_sibling_away() -> None:
    found = composed([tally("/16.71/a/x", 20), tally("/16.71/a/y", 9)])

    assert (found["/16.71/a"].answers, found["/16.71/a/x"].answers, found["/16.71/a/y"].answers) == (29, None, None)
    assert found["/16.71/a/x"].sums == (0,) * len(UNSUR), "what is withheld is not kept either"
    assert "/16.71/b" not in found, "of whom nothing was said nothing is kept"


def test_a_campaign_is_published_where_the_rest_of_its_unit_is_large_or_empty() -> None:
    alone = composed([tally("/16.71/b", 12, "c")])
    beside_few = composed([tally("/16.71/b", 12, "c"), tally("/16.71/b", 5)])
    beside_many = composed([tally("/16.71/b", 12, "c"), tally("/16.71/b", 10)])

    assert [found["c"].answers for found in (alone, beside_few, beside_many)] == [12, None, 12]
    assert [found["/16.71/b"].answers for found in (alone, beside_few, beside_many)] == [12, 17, 22]


def test_ratings_of_fewer_than_ten_are_withheld_together_with_what_would_tell_them() -> None:
    found = composed(ratings={("/16.71/b", 4): 50, ("/16.71/b", 3): 20, ("/16.71/b", 2): 8, ("/16.71/b", 1): 4})
    tight = composed(ratings={("/16.71/b", 4): 50, ("/16.71/b", 3): 20, ("/16.71/b", 1): 4})

    assert (found["/16.71/b"].voices, found["/16.71/b"].by_rating) == (82, (None, None, 20, 50))
    assert (tight["/16.71/b"].voices, tight["/16.71/b"].by_rating) == (74, (None, None, None, 50))


def test_complaints_are_published_as_voices_are() -> None:
    counts: dict[Cell, int] = {
        ("/16.71/b", "overdue"): 12,
        ("/16.71/b", "not_ours"): 3,
        ("/16.71/b", "solved_late"): 30,
    }
    (root, found) = edition.compose(MONTH, UNITS, Heard([], complaints=counts))

    assert (root.complaints, found.about, found.complaints) == (45, "/16.71/b", 45)
    assert {name: n for name, n in found.by_outcome.items() if n} == {"solved_late": 30}
    total, parts = edition.complaints_of([found, found])
    assert (total, parts["solved_late"], parts["overdue"], edition.complaints_of([])[0]) == (90, 60, None, 0)


def test_complaints_are_published_of_ten_people_not_of_ten_complaints() -> None:
    counts: dict[Cell, int] = {("/16.71/b", "overdue"): 19, ("/16.71/b", "not_ours"): 4}
    few: dict[Cell, int] = {("/16.71/b", "overdue"): 9}
    enough: dict[Cell, int] = {("/16.71/b", "overdue"): 10}

    found = [edition.compose(MONTH, UNITS, Heard([], complaints=counts, complainants=one))[-1] for one in (few, enough)]

    assert [one.complaints for one in found] == [None, 19], "further ones of one sender do not make it ten"
    assert found[1].by_outcome["overdue"] == 19
    assert found[1].by_outcome["not_ours"] is None, "and what only they say is left out"


RATINGS = st.dictionaries(
    st.tuples(st.sampled_from(PATHS[1:]), st.integers(1, 4)), st.integers(1, 30), min_size=1, max_size=9
)


@given(ratings=RATINGS)
@settings(max_examples=100, deadline=None)
def test_no_subtraction_of_what_is_published_of_units_and_ratings_leaves_one_to_nine(ratings: dict[Cell, int]) -> None:
    published: set[frozenset[Cell]] = set()
    for path, one in composed(ratings=ratings).items():
        cells = frozenset(cell for cell in ratings if f"{cell[0]}/".startswith(f"{path}/"))
        if one.voices:
            assert one.voices == sum(ratings[cell] for cell in cells)
            published.add(cells)
        for rating, voices in enumerate(one.by_rating, start=1):
            if voices:
                published.add(frozenset(cell for cell in cells if cell[1] == rating))
    found = set(published)
    for _ in range(3):
        found |= {a - b for a, b in combinations(found, 2) if b < a} | {
            b - a for a, b in combinations(found, 2) if a < b
        }
    counts = [sum(ratings[cell] for cell in group) for group in found]

    assert [count for count in counts if 0 < count < 10] == []


def test_two_units_at_one_place_are_both_in_what_is_published_of_it() -> None:
    units = [*UNITS, replace(unit_at("/16.71/b"), id="closed", unit_id="closed")]
    made = edition.compose(MONTH, units, Heard([tally("closed", 12), tally("/16.71/b", 3)], {}))

    assert {one.about: one.answers for one in made}["/16.71/b"] == 15


class TestSeveralMonths:
    kept = composed([tally("/16.71/b", 12)], {("/16.71/b", 4): 11})["/16.71/b"]

    def test_they_are_added(self) -> None:
        answers, sums = edition.total_of([self.kept, self.kept])
        assert (answers, sums) == (24, (72,) * len(UNSUR))
        assert edition.voices_of([self.kept, self.kept]) == (22, (None, None, None, 22))

    def test_one_that_is_withheld_withholds_the_whole(self) -> None:
        withheld = replace(self.kept, answers=None, voices=None, by_rating=(None,) * 4)
        assert edition.total_of([self.kept, withheld])[0] is None
        assert edition.voices_of([self.kept, withheld]) == (None, (None,) * 4)

    def test_none_have_nothing(self) -> None:
        assert edition.total_of([]) == (0, (0,) * len(UNSUR))
        assert edition.voices_of([]) == (0, (None,) * 4)


@pytest.mark.parametrize(("path", "root"), [("/16.71", "/16.71"), ("/16.71/plaju/loket", "/16.71")])
def test_a_government_is_the_first_step_of_a_path(path: str, root: str) -> None:
    assert edition.root_of(path) == root
