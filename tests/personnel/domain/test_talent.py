"""The nine boxes, and what is stated for a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts.appraisal import Predikat
from personnel.domain import merit
from personnel.domain.merit import Appraisal, Merit
from personnel.domain.refusals import PerformanceUnknown, TooManyAssessments
from personnel.domain.talent import MOST_ASSESSMENTS, TalentYear, assess, box_of

ON = date(2026, 2, 1)


def heard(predikat: Predikat | None) -> Merit:
    return replace(merit.blank("e1", "16"), appraisals={"2025": Appraisal(confirmed=predikat)})


def assessed(known: TalentYear | None = None, predikat: Predikat | None = Predikat.BAIK, **more: Any) -> TalentYear:
    stated: dict[str, Any] = {"potential": Decimal(80), "source": "Penilaian kompetensi", "cuts": "usual"} | more
    return assess(known, heard(predikat), unit_path="/16.71/plaju", year=2025, by="hr", on=ON, **stated)


@pytest.mark.parametrize(
    ("performance", "potential", "box"),
    [
        ("100", "80", 9), ("100", "60", 7), ("100", "59.99", 4),
        ("91.67", "80", 9), ("91.66", "80", 8), ("80", "79.99", 5), ("75", "59", 2),
        ("74.99", "80", 6), ("60", "60", 3), ("20", "0", 1),
    ],
)  # fmt: skip
def test_performance_by_potential_makes_the_box(performance: str, potential: str, box: int) -> None:
    assert box_of(Decimal(performance), Decimal(potential), "usual") == box


def test_with_the_cuts_of_the_kepka_a_plain_baik_is_above_expectations() -> None:
    assert (box_of(Decimal(80), Decimal(80), "usual"), box_of(Decimal(80), Decimal(80), "kepka-41-2025")) == (8, 9)


def test_a_year_is_kept_with_everything_that_was_stated_for_it() -> None:
    first = assessed(potential=Decimal(50))
    again = assessed(first)
    assert (first.box, again.box) == (2, 8)
    assert [(one.potential, one.score) for one in again.assessments] == [
        (Decimal(50), Decimal(65)), (Decimal(80), Decimal(80)),
    ]  # fmt: skip


def test_performance_is_the_confirmed_predikat_and_nothing_else() -> None:
    for nothing in (heard(None), merit.blank("e1", "16")):
        with pytest.raises(PerformanceUnknown):
            assess(None, nothing, unit_path="/16.71", year=2025, potential=Decimal(80), source="x", cuts="usual", by="h", on=ON)  # fmt: skip # noqa: E501


def test_a_year_is_assessed_again_a_few_times_only() -> None:
    known = assessed()
    for _ in range(MOST_ASSESSMENTS - 1):
        known = assessed(known)
    with pytest.raises(TooManyAssessments):
        assessed(known)
