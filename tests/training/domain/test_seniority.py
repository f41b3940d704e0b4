"""Who is senior to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from training.domain.record import Record
from training.domain.seniority import appointed_in, seniority

BASE: dict[str, Any] = {"in_service_since": 2015, "golongan": "III/b", "kind": "PNS"}


@pytest.mark.parametrize(
    ("nip", "year"),
    [("199001012015042001", 2015), ("199001012024211003", 2024), ("199001010000000001", None), ("", None)],
)
def test_the_year_of_appointment_stands_in_the_number(nip: str, year: int | None) -> None:
    assert appointed_in(nip) == year


@pytest.mark.parametrize(
    ("change", "order"),
    [
        ({"in_service_since": 2014, "golongan": "II/a"}, 1),
        ({"in_service_since": 2016, "golongan": "IV/e"}, -1),
        ({"golongan": "III/c"}, 1),
        ({"golongan": "IV/a"}, 1),
        ({"golongan": "III/a"}, -1),
        ({}, 0),
        ({"golongan": None}, 0),
        ({"golongan": "?"}, 0),
        ({"kind": "PPPK", "golongan": "IX"}, 0),
        ({"in_service_since": None, "golongan": "IV/e"}, 0),
    ],
)
def test_years_of_service_decide_then_rank(
    employee: Callable[[int], Record], change: dict[str, Any], order: int
) -> None:
    other, one = replace(employee(1), **BASE), replace(employee(2), **BASE | change)

    assert seniority(one, other).order == order
    assert seniority(other, one).order == -order


def test_ranks_of_contract_are_in_the_order_of_their_numbers(employee: Callable[[int], Record]) -> None:
    nine, ten = (
        replace(employee(n), kind="PPPK", in_service_since=2024, golongan=rank) for n, rank in ((1, "IX"), (2, "X"))
    )
    assert seniority(ten, nine).order == 1
