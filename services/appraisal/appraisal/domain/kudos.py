"""Thanks from citizens: counted month by month, shown to whom they are for, and of no weight in any score.

Source: seed S1 (who feels appreciated works better), reference §1a row 44 (proposal). The words stay in feedback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.periods import months_of
from appraisal.domain.scorecard import Scorecard


def thanked(card: Scorecard, closed: Iterable[ClosedPeriod], year: int) -> Mapping[str, int]:
    """How many have thanked the employee, by month of a year; closed periods tell of theirs, the card of the others."""
    months = {month: kept for one in closed if one.reopened_at is None for month, kept in one.months.items()}
    months |= {month: kept for month, kept in card.months.items() if not card.is_closed(month)}
    return {month: months[month].thanks for month in months_of(f"{year}") if month in months and months[month].thanks}
