"""What is published gives nobody away: an attacker who adds and subtracts all figures finds no group under ten."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from feedback.domain.disclosure import FEWEST, publishable
from hypothesis import given, settings
from hypothesis import strategies as st

CELLS = "abcdefg"
Figure = frozenset[str]


def rank(rows: list[list[Fraction]]) -> int:
    """Rank of a matrix, by elimination."""
    rows, found = [row[:] for row in rows], 0
    for column in range(len(CELLS)):
        pivot = next((no for no in range(found, len(rows)) if rows[no][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for no in range(found + 1, len(rows)):
            factor = rows[no][column] / rows[found][column]
            rows[no] = [a - factor * b for a, b in zip(rows[no], rows[found], strict=True)]
        found += 1
    return found


def vector(cells: Figure) -> list[Fraction]:
    return [Fraction(cell in cells) for cell in CELLS]


def given_away(counts: dict[str, int], published: list[Figure]) -> list[Figure]:
    """Every group of voices under ten whose total follows from the published figures, by whatever sums of them."""
    rows = [vector(figure) for figure in published]
    known = rank(rows)
    full = [cell for cell in CELLS if counts[cell]]  # who knows that a cell is empty takes it into any group
    rows_full = [[row[CELLS.index(cell)] if cell in full else Fraction(0) for cell in CELLS] for row in rows]
    known = rank(rows_full)
    groups = [frozenset(group) for size in range(1, len(full) + 1) for group in combinations(full, size)]
    small = [group for group in groups if sum(counts[cell] for cell in group) < FEWEST]
    return [group for group in small if rank([*rows_full, vector(group)]) == known]


def subtracted(published: list[Figure]) -> set[Figure]:
    """Every group that comes of taking figures from figures that hold them, and of joining those that are apart."""
    found = set(published)
    while True:
        more = {a - b for a in found for b in found if b < a} | {a | b for a in found for b in found if not a & b}
        if more <= found:
            return found
        found |= more


COUNTS = st.fixed_dictionaries({cell: st.integers(0, 25) for cell in CELLS})
FIGURES = st.lists(st.frozensets(st.sampled_from(CELLS), min_size=1), max_size=6, unique=True)


@given(counts=COUNTS, figures=FIGURES)
@settings(max_examples=150, deadline=None)
def test_no_sum_of_published_figures_tells_of_fewer_than_ten(counts: dict[str, int], figures: list[Figure]) -> None:
    shown = [figure for figure, open_ in zip(figures, publishable(counts, figures), strict=True) if open_]

    assert given_away(counts, shown) == []


@given(counts=COUNTS, figures=FIGURES)
@settings(max_examples=150, deadline=None)
def test_no_subtraction_of_published_figures_leaves_one_to_nine(counts: dict[str, int], figures: list[Figure]) -> None:
    shown = [figure for figure, open_ in zip(figures, publishable(counts, figures), strict=True) if open_]

    left = {sum(counts[cell] for cell in group) for group in subtracted(shown)}
    assert [count for count in left if 0 < count < FEWEST] == []


def test_the_attacker_would_find_what_is_published_carelessly() -> None:
    counts = dict.fromkeys(CELLS, 0) | {"a": 30, "b": 3}
    whole, part = frozenset("ab"), frozenset("a")

    assert given_away(counts, [whole, part]) == [frozenset("b")]
    assert frozenset("b") in subtracted([whole, part])


@pytest.mark.parametrize(
    ("counts", "figures", "shown"),
    [
        pytest.param({"a": 9}, ["a"], [False], id="nine are too few"),
        pytest.param({"a": 10}, ["a"], [True], id="ten are enough"),
        pytest.param({"a": 0}, ["a"], [False], id="nobody is nothing to show"),
        pytest.param({"a": 30, "b": 9}, ["ab", "a"], [True, False], id="a parent less its child"),
        pytest.param({"a": 30, "b": 10}, ["ab", "a", "b"], [True, True, True], id="parts large enough"),
        pytest.param({"a": 30, "b": 0}, ["ab", "a"], [True, True], id="a parent that is its child"),
        pytest.param({"a": 30, "b": 9}, ["a", "ab"], [True, False], id="the more wanted goes first"),
        pytest.param(
            {"a": 20, "b": 15, "c": 4}, ["abc", "a", "b"], [True, True, False], id="one more child is held back"
        ),
        pytest.param({"a": 12, "b": 4, "c": 12}, ["ab", "bc"], [True, False], id="what two have in common"),
    ],
)
def test_a_figure_that_would_give_others_away_gives_way(
    counts: dict[str, int], figures: list[str], shown: list[bool]
) -> None:
    assert publishable(counts, [set(figure) for figure in figures]) == shown
