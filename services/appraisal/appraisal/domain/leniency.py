"""How lenient a rater is: what they gave on average against what everybody in the same government gave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from appraisal.domain.components import ZERO, leniency_correction, mark
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import BehaviourRating


@dataclass(frozen=True, slots=True)
class Rater:
    """What a rater (or, under a government's path, all of its raters) has given so far."""

    id: str
    ratings: int = 0
    total: int = 0
    """Sum of all marks given."""
    marks: int = 0
    """How many marks that sum is of."""

    @property
    def mean(self) -> Decimal:
        """Mean mark given, 1 to 5; zero before the first."""
        return Decimal(self.total) / self.marks if self.marks else ZERO

    def having_given(self, marks: Collection[int]) -> Rater:
        """The rater after one rating more."""
        return replace(self, ratings=self.ratings + 1, total=self.total + sum(marks), marks=self.marks + len(marks))

    def without(self, rating: BehaviourRating | None) -> Rater:
        """The rater before a rating that a new one replaces: as in B, only the latest of a period counts."""
        if rating is None:
            return self
        gone = rating.marks
        return replace(self, ratings=self.ratings - 1, total=self.total - sum(gone), marks=self.marks - len(gone))


def correction_of(rater: Rater, everyone: Rater) -> Decimal:
    """What to take off this rater's next marks; nothing before they have rated anybody."""
    if not rater.ratings:
        return ZERO
    return mark(leniency_correction(rater.mean - everyone.mean, rater.ratings))


def government_of(card: Scorecard) -> str:
    """The path of the government that an employee serves, the first segment of the unit's: ``/16.71``."""
    return "/" + card.unit_path.strip("/").partition("/")[0]
