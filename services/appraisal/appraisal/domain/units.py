"""The card of a unit: what citizens say about it, month by month, where they name no officer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

from appraisal.domain.components import ZERO
from appraisal.domain.tallies import NO_VOTES, Ids, Votes

Unsur = Annotated[tuple[Decimal, ...], PlainSerializer(list, return_type=list[Decimal])]
"""Σω·u of the nine unsur U1-U9; a list where it is stored."""

NO_UNSUR: Unsur = (ZERO,) * 9


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
    references: Ids = ()
    """What it has published that a policy may cite, ``forum:<id>``, the latest last."""

    def month(self, month: str) -> UnitMonth:
        """What was said in a month."""
        return self.months.get(month, BLANK)
