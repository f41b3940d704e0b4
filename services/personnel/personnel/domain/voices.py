"""What citizens said about an employee in a year: how many voices, how good, and how many complaints were solved.

A voice weighs by its trust, as in the appraisal (reference §5.2, proposal); one without weight is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from kinara.contracts import Province
from kinara.contracts.feedback import (
    ComplaintReopened,
    ComplaintResolved,
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
)
from kinara.contracts.regions import day_of, kemendagri_code

Voice: TypeAlias = FeedbackReceived | FeedbackWithdrawn | FeedbackQuarantined | FeedbackReleased
Decided: TypeAlias = ComplaintResolved | ComplaintReopened

FEWEST = 5
"""Voices of which others than the employee and their office learn the number and the mean (proposal)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """The sums of one year."""

    count: int = 0
    weight: Decimal = Decimal(0)
    """Σω"""
    weighted: Decimal = Decimal(0)
    """Σω·x"""
    solved: int = 0
    """Complaints that were opened in the year, and solved."""
    held: tuple[str, ...] = ()
    """Voices in quarantine: out of the sums, and may come back or be withdrawn while they are out."""

    @property
    def rating(self) -> Decimal | None:
        """The mean, 1 to 4; None without any voice."""
        return (self.weighted / self.weight).quantize(Decimal("0.01"), ROUND_HALF_UP) if self.count else None


ByYear: TypeAlias = Mapping[str, Voices]
NONE = Voices()


def with_voice(years: ByYear, event: Voice) -> ByYear:
    """After a voice was received, withdrawn, held in quarantine or released; it belongs to the year it was given in.

    It is received before anything else happens to it.
    """
    if not event.trust:
        return years
    year = _year(event.given_at, event.province)
    known = years.get(year, NONE)
    return {**years, year: _moved(known, event)}


def with_complaint(years: ByYear, event: Decided) -> ByYear:
    """After a complaint was answered, or opened again; it belongs to the year it was opened in, which both name."""
    match event:
        case ComplaintResolved(outcome="solved"):
            step = 1
        case ComplaintReopened(was_outcome="solved") | ComplaintReopened(was_outcome=None, was_within_sla=True):
            step = -1
        case _:
            return years
    year = _year(event.opened_at, event.province)
    known = years.get(year, NONE)
    return {**years, year: replace(known, solved=max(0, known.solved + step))}


def _moved(known: Voices, event: Voice) -> Voices:
    held = event.feedback_id in known.held
    without = tuple(one for one in known.held if one != event.feedback_id)
    match event:
        case FeedbackReceived():
            return _plus(known, event, 1)
        case FeedbackWithdrawn() if held:
            return replace(known, held=without)
        case FeedbackWithdrawn():
            return _plus(known, event, -1)
        case FeedbackQuarantined() if not held:
            return replace(_plus(known, event, -1), held=(*known.held, event.feedback_id))
        case FeedbackReleased() if held:
            return replace(_plus(known, event, 1), held=without)
        case _:
            return known


def _plus(known: Voices, event: Voice, votes: int) -> Voices:
    weight = votes * event.trust
    return replace(
        known, count=known.count + votes, weight=known.weight + weight, weighted=known.weighted + weight * event.rating
    )


def _year(at: datetime, province: Province) -> str:
    return str(day_of(at, kemendagri_code(province)).year)
