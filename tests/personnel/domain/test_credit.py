"""What was collected in a rank and in a level, and the years that nobody has told of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from personnel.domain.credit import in_jenjang, in_rank, level_of_rank, years_without
from personnel.domain.jabatan import Jenjang
from personnel.domain.merit import Credit

D = Decimal
KNOWN = {
    "2023": Credit(jenjang="PT", months=12, credit=D("12.5")),
    "2024": Credit(jenjang="MU", months=12, credit=D("25")),
    "2025": Credit(jenjang="MU", months=6, credit=D("12.5")),
}


def test_the_year_in_which_a_rank_began_counts_from_that_month_on() -> None:
    assert in_rank(KNOWN, date(2024, 4, 1), date(2026, 12, 1)) == D("31.25")
    assert in_rank(KNOWN, date(2024, 1, 1), date(2026, 12, 1)) == D("37.5")
    assert in_rank(KNOWN, date(2025, 10, 1), date(2026, 12, 1)) == D("6.25"), "three of the six months appraised"
    assert in_rank(KNOWN, date(2022, 1, 1), date(2025, 12, 1)) == D("37.5"), "a year that is not over does not count"


def part(jenjang: str, first: int, last: int, credit: str) -> Credit:
    return Credit(jenjang=jenjang, months=last + 1 - first, credit=D(credit), first_month=first, last_month=last)


@pytest.mark.parametrize(
    ("since", "collected"),
    [((2026, 1, 1), "18.75"), ((2026, 4, 1), "15.63"), ((2026, 7, 1), "12.5"), ((2026, 10, 1), "6.25")],
)
def test_of_a_year_with_two_levels_count_the_months_of_each_since_the_rank(since: Any, collected: str) -> None:
    halves = {"2026/PT": part("PT", 1, 6, "6.25"), "2026/MU": part("MU", 7, 12, "12.5")}
    assert in_rank(halves, date(*since), date(2027, 4, 1)) == D(collected)
    assert in_jenjang(halves, "MU", date(2027, 4, 1)) == D("12.5")
    assert in_jenjang(halves, "PT", date(2027, 4, 1)) == D("6.25")
    assert years_without(halves, date(2025, 4, 1), date(2027, 4, 1)) == (2025,)


def test_months_that_were_told_are_not_taken_for_the_last_of_their_year() -> None:
    spring = {"2025/MU": part("MU", 1, 6, "12.5")}
    assert in_rank(spring, date(2025, 10, 1), date(2026, 12, 1)) == 0
    assert in_rank(spring, date(2025, 5, 1), date(2026, 12, 1)) == D("4.17"), "two of the six months"


def test_a_level_counts_its_own_credit_only() -> None:
    assert in_jenjang(KNOWN, "MU", date(2026, 12, 1)) == D("37.5")
    assert in_jenjang(KNOWN, "PT", date(2023, 12, 1)) == 0


def test_years_without_credit_are_named() -> None:
    assert years_without(KNOWN, date(2022, 4, 1), date(2027, 1, 1)) == (2022, 2026)


@pytest.mark.parametrize(
    ("held", "golongan", "level"),
    [
        ("MU", "III/b", "PT"), ("PT", "III/c", "MU"), ("MA", "III/d", "MU"), ("UT", "IV/c", "MA"), ("PT", "IV/d", "UT"),
        ("PM", "II/a", "PM"), ("PM", "II/b", "TR"), ("PY", "III/b", "MH"), ("MH", "III/c", "PY"), ("PY", "IV/a", "PY"),
    ],
)  # fmt: skip
def test_a_rank_belongs_to_one_level_of_each_ladder(held: Jenjang, golongan: str, level: str) -> None:
    assert level_of_rank(held, golongan) == level
