"""Scores that are remembered: the latest of each month or quarter, for two years."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kinara.contracts import Province
from kinara.contracts.appraisal import ScoreUpdated
from training.domain.history import MONTHS, Scores, mean_of, month_number, remember

ID = "0197a000-0000-7000-8000-0000000000e1"


def scored(period: str, score: Any) -> ScoreUpdated:
    return ScoreUpdated(
        province=Province(code="16"), unit_path="/16.71", employee_id=ID, period=period, policy="plaju@1",
        score=None if score is None else Decimal(score), predikat=None,
    )  # fmt: skip


def after(*events: ScoreUpdated) -> Scores:
    scores: Scores = {}
    for event in events:
        scores = remember(scores, event)
    return scores


def test_the_latest_score_of_a_period_counts_and_one_taken_back_does_not() -> None:
    assert after(scored("2026-11", 70), scored("2026-11", 72)) == {"2026-11": Decimal(72)}
    assert after(scored("2026-11", 70), scored("2026-11", None)) == {}


def test_years_are_not_remembered() -> None:
    assert after(scored("2026", 70)) == {}


def test_two_years_are_remembered_in_whatever_order_they_come() -> None:
    months = [f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)]
    forwards = after(*(scored(month, 70) for month in months))

    assert list(forwards) == months[-MONTHS:]
    assert after(*(scored(month, 70) for month in reversed(months))).keys() == forwards.keys()


def test_a_month_is_worth_its_own_score_or_that_of_its_quarter() -> None:
    scores = after(scored("2026-Q4", 60), scored("2026-11", 90))
    october, november, september = month_number(2026, 10), month_number(2026, 11), month_number(2026, 9)

    assert mean_of(scores, [october, november]) == Decimal(75)
    assert mean_of(scores, [september, november]) == Decimal(90)
    assert mean_of(scores, [september]) is None
