"""What appraisal hears: citizens, training and personnel, each folded into the card of the employee or unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from kinara.contracts import Event
from kinara.kit.inbox import Inbox

from appraisal.domain.announcement import said_of
from appraisal.domain.folds import FOLDS, UNIT_FOLDS
from appraisal.domain.policy import Policies
from appraisal.domain.rebuilding import rebuilt
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.units import UnitCard
from appraisal.store import SCORECARDS, UNITS, shelf

inbox = Inbox("appraisal.score", knows=shelf)

Card = TypeVar("Card", Scorecard, UnitCard)


def placed(
    fold: Callable[[Card, Any, Policies], tuple[Card, Any]],
) -> Callable[[Card, Any, Policies], tuple[Card, Any]]:
    """A fold that first puts a card heard of for the first time where the fact says its subject is."""

    def place_then_fold(card: Card, event: Event, policies: Policies) -> tuple[Card, Any]:
        return fold(card if card.unit_path else replace(card, unit_path=event.unit_path), event, policies)

    return place_then_fold


for event, fold in FOLDS.items():
    inbox.on(event, SCORECARDS)(placed(fold))
for event, unit_fold in UNIT_FOLDS.items():
    inbox.on(event, UNITS)(placed(unit_fold))


@inbox.rebuilds(SCORECARDS)
def take_over_what_others_said(
    card: Scorecard, folded: Scorecard, effects: Sequence[Any], policies: Policies
) -> tuple[Scorecard, dict[str, Any]]:
    """Of a card follows from the log what others said; what people here have done to it stays."""
    changed, effect = rebuilt(card, folded, effects, policies)
    return changed, dict(effect or {})


@inbox.announce(SCORECARDS)
def say_that_scores_moved(before: Scorecard | None, after: Scorecard, _: Policies) -> Sequence[Event]:
    """One fact for each open period whose score or predikat has moved, and for each standard it has fallen below."""
    return said_of(before or Scorecard(after.employee_id, after.province, after.unit_path), after)
