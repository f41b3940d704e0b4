"""How lenient a rater is: what they gave on average against what everybody in the same government gave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from appraisal.domain.components import ZERO, leniency_correction, mark
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import BehaviourRating, Ids, with_id

FEWEST_RATED = 3
"""Of fewer people nothing is reported: it would tell what one of them was given."""


@dataclass(frozen=True, slots=True)
class Rater:
    """What a rater (or, under a government's path, all of its raters) has given so far."""

    id: str
    ratings: int = 0
    total: int = 0
    """Sum of all marks given."""
    marks: int = 0
    """How many marks that sum is of."""
    squares: int | None = None
    """Sum of the squares of all marks; None before the first, and where some were given before it was kept."""
    people: Ids = ()
    """The first of those rated, as many as a report needs."""

    @property
    def mean(self) -> Decimal:
        """Mean mark given, 1 to 5; zero before the first."""
        return Decimal(self.total) / self.marks if self.marks else ZERO

    @property
    def spread(self) -> Decimal | None:
        """Standard deviation of the marks given; None where it is not known."""
        if self.squares is None or not self.marks:
            return None
        return max(ZERO, Decimal(self.squares) / self.marks - self.mean * self.mean).sqrt()

    def having_given(self, marks: Collection[int], to: str | None = None) -> Rater:
        """The rater after one rating more, of ``to``."""
        squares = self.squares if self.marks else 0
        rated = self.people if to is None or len(self.people) >= FEWEST_RATED else with_id(self.people, to)
        return replace(
            self,
            ratings=self.ratings + 1,
            total=self.total + sum(marks),
            marks=self.marks + len(marks),
            squares=None if squares is None else squares + sum(mark * mark for mark in marks),
            people=rated,
        )

    def without(self, rating: BehaviourRating | None) -> Rater:
        """The rater before a rating that a new one replaces: as in B, only the latest of a period counts."""
        if rating is None:
            return self
        gone = rating.marks
        return replace(
            self,
            ratings=self.ratings - 1,
            total=self.total - sum(gone),
            marks=self.marks - len(gone),
            squares=None if self.squares is None else self.squares - sum(mark * mark for mark in gone),
        )


def correction_of(rater: Rater, everyone: Rater) -> Decimal:
    """What to take off this rater's next marks; nothing before they have rated anybody."""
    if not rater.ratings:
        return ZERO
    return mark(leniency_correction(rater.mean - everyone.mean, rater.ratings))


def government_of(card: Scorecard) -> str:
    """The path of the government that an employee serves, the first segment of the unit's: ``/16.71``."""
    return "/" + card.unit_path.strip("/").partition("/")[0]
