"""An employee's scores by period, as many as it takes to compare the time before a training with the time after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kinara.contracts.appraisal import ScoreUpdated
from kinara.contracts.periods import months_of

Scores = Mapping[str, Decimal]
"""The latest score of each month (``2026-11``), or quarter (``2026-Q4``) where a policy scores those."""

MONTHS = 24
"""How long they are remembered, counted back from the newest."""


def remember(scores: Scores, event: ScoreUpdated) -> Scores:
    """The scores with a new one, or without one that was taken back; years tell nothing about a training."""
    if len(months_of(event.period)) > 3:  # of a quarter
        return scores
    known = {period: score for period, score in scores.items() if period != event.period}
    if event.score is not None:
        known[event.period] = event.score
    newest = max(map(_last_month, known), default=0)
    return {period: score for period, score in known.items() if _last_month(period) > newest - MONTHS}


def mean_of(scores: Scores, months: Iterable[int]) -> Decimal | None:
    """The mean of the months (by number) that are known, each by its own score or that of its quarter."""
    found = [score for month in months if (score := _score_in(scores, month)) is not None]
    return sum(found, Decimal(0)) / len(found) if found else None


def month_number(year: int, month: int) -> int:
    """Months on one line, so that they can be counted; January of year 0 is 0."""
    return year * 12 + month - 1


def _score_in(scores: Scores, number: int) -> Decimal | None:
    year, month = number // 12, number % 12 + 1
    return scores.get(f"{year}-{month:02d}", scores.get(f"{year}-Q{(month + 2) // 3}"))


def _last_month(period: str) -> int:
    last = months_of(period)[-1]
    return month_number(int(last[:4]), int(last[5:]))
