"""What a training changed: who is measured, with whom they are compared, and when the figure says little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from training.domain.effect import FEW, BeforeAfter, around, conclude, effect, gather
from training.domain.history import month_number
from training.domain.record import Record

D = Decimal
JUNE = month_number(2026, 6)


def person(change: int, *, took_part: bool = False, stratum: Any = ("16.71", "pelaksana", JUNE, 2)) -> BeforeAfter:
    return BeforeAfter(stratum=stratum, change=D(change), took_part=took_part)


def months(**scores: int) -> dict[str, Decimal]:
    return {f"2026-{name[1:]}": D(score) for name, score in scores.items()}


@pytest.fixture
def learner(employee: Callable[[int], Record]) -> Record:
    scores = months(m03=60, m04=62, m05=64, m06=99, m07=70, m08=72, m09=74)
    return replace(employee(1), jabatan_kind="pelaksana", scores=scores)


def test_three_months_before_and_after_are_compared_and_not_the_month_itself(learner: Record) -> None:
    row = around(learner, JUNE, took_part=True)

    assert row == BeforeAfter(stratum=("16.71", "pelaksana", JUNE, 2), change=D(10), took_part=True)


@pytest.mark.parametrize(
    "scores",
    [months(m03=60, m05=60), months(m07=60), months(m02=60, m07=60), months(m05=60, m10=60), {}],
    ids=["nothing after", "nothing before", "before too early", "after too late", "nothing"],
)
def test_without_a_score_on_either_side_nobody_is_measured(learner: Record, scores: dict[str, Decimal]) -> None:
    assert around(replace(learner, scores=scores), JUNE, took_part=True) is None


@pytest.mark.parametrize(
    ("before", "band"), [("41.66", 0), ("41.67", 1), ("58.33", 2), ("74.99", 2), ("75", 3), ("91.67", 4)]
)
def test_the_bands_are_those_of_the_predikat(learner: Record, before: str, band: int) -> None:
    row = around(replace(learner, scores={"2026-05": D(before), "2026-07": D(80)}), JUNE, took_part=True)

    assert row is not None
    assert row.stratum[3] == band


def test_the_difference_is_what_changed_beyond_what_changed_anyway() -> None:
    found = effect([person(10, took_part=True), person(6, took_part=True), person(3), person(5)])

    assert (found.n, found.change, found.comparables) == (2, D("8.00"), 2)
    assert (found.change_of_comparables, found.difference) == (D("4.00"), D("4.00"))


def test_each_is_held_against_their_own_kind() -> None:
    other = ("16.71", "fungsional", JUNE, 3)
    rows = [person(10, took_part=True), person(2), person(2), person(4, took_part=True, stratum=other)]

    found = effect([*rows, person(8, stratum=other)])

    assert (found.n, found.change, found.change_of_comparables) == (2, D("7.00"), D("5.00"))
    assert found.difference == D("2.00")


@pytest.mark.parametrize(
    "stratum",
    [
        ("96.71", "pelaksana", JUNE, 2),
        ("16.71", "fungsional", JUNE, 2),
        ("16.71", "pelaksana", JUNE + 1, 2),
        ("16.71", "pelaksana", JUNE, 3),
    ],
    ids=["government", "kind of post", "month", "band"],
)
def test_who_differs_in_one_respect_is_not_comparable(stratum: Any) -> None:
    found = effect([person(10, took_part=True), person(0, stratum=stratum)])

    assert (found.n, found.alone, found.change, found.difference) == (0, 1, None, None)


def test_few_people_come_with_a_caveat_and_without_the_figures_that_would_be_theirs() -> None:
    def of(n: int, others: int = FEW) -> Any:
        return effect([*(person(5, took_part=True) for _ in range(n)), *(person(0) for _ in range(others))])

    enough = of(FEW)
    assert (enough.caveat, enough.told) == (None, enough)
    assert of(FEW - 1).caveat == "Baru 4 peserta yang terukur (kurang dari 5): jangan dijadikan dasar keputusan."
    assert of(FEW, 1).caveat.startswith("Baru 1 pembanding")
    for few in (of(FEW - 1), of(FEW, FEW - 1)):
        told = few.told
        assert (told.n, told.comparables) == (few.n, few.comparables)
        assert (told.change, told.change_of_comparables, told.difference) == (None, None, None)
    assert effect([]).n == 0


def test_page_by_page_gives_the_same_as_all_at_once() -> None:
    rows = [person(n % 7, took_part=n % 3 == 0) for n in range(100)]

    assert conclude(gather(rows[50:], gather(rows[:50]))) == effect(rows)
    assert effect(reversed(rows)) == effect(rows)
