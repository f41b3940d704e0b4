"""The card of a unit: what citizens say about it, month by month, where they name no officer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from kinara.contracts import Event
from kinara.contracts.appraisal import Period
from pydantic import PlainSerializer

from appraisal.domain.components import ZERO, shown, shrunk_mean
from appraisal.domain.periods import months_of, province_code
from appraisal.domain.tallies import NO_VOTES, Votes, votes_together

Unsur = Annotated[tuple[Decimal, ...], PlainSerializer(list, return_type=list[Decimal])]
"""Σω·u of the nine unsur U1-U9; a list where it is stored."""

NO_UNSUR: Unsur = (ZERO,) * 9
UNIT_STRENGTH = Decimal(30)
"""m_u: how many votes the region's mean is worth against a unit's own."""


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """What citizens said about a unit in one month."""

    votes: Votes = NO_VOTES
    """Direct ratings, and of each survey the mean of U3, U6 and U7: what a person would be rated on."""
    unsur: Unsur = NO_UNSUR
    surveys: Decimal = ZERO
    """Σω of the surveys."""


BLANK = UnitMonth()


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One unit's folded state."""

    unit_id: str
    province: str
    """Kemendagri code."""
    unit_path: str
    name: str | None = None
    parent_id: str | None = None
    leader_id: str | None = None
    active: bool = True
    months: Mapping[str, UnitMonth] = field(default_factory=dict)

    @classmethod
    def opened_by(cls, event: Event) -> UnitCard:
        """The blank card of the unit an event is about, when it is the first we hear of it."""
        return cls(event.subject.id, province_code(event.province), event.unit_path)

    def month(self, month: str) -> UnitMonth:
        """What was said in a month."""
        return self.months.get(month, BLANK)


def mean_rating(card: UnitCard, period: Period, region_mean: Decimal) -> Decimal:
    """μ_unit on 1-4, shrunk towards the region's mean: the prior of the unit's people in the period after."""
    votes = votes_together([card.month(month).votes for month in months_of(period)])
    return shrunk_mean(votes.thirds / 3, votes.weight, region_mean, UNIT_STRENGTH)


def ikm(card: UnitCard, period: Period) -> Decimal | None:
    """Indeks Kepuasan Masyarakat 25-100 from the nine unsur, each weighing exactly 1/9. Source: PermenPANRB 14/2017."""
    months = [card.month(month) for month in months_of(period)]
    surveys = sum((month.surveys for month in months), ZERO)
    total = sum((sum(month.unsur, ZERO) for month in months), ZERO)
    return shown(25 * total / (9 * surveys)) if surveys else None
