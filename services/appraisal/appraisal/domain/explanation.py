"""Where a score comes from: every component as what its period opened with plus what each event changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kinara.contracts.appraisal import Period

from appraisal.domain.components import COMPONENTS, ZERO, Component
from appraisal.domain.effects import Effect, Marks
from appraisal.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Line:
    """One event's part in a component."""

    effect: Effect
    """The recorded effect; where it was read from the ledger, with the event's id, type and time beside it."""
    delta: Decimal

    @property
    def ref(self) -> str:
        """Business id of what happened."""
        return self.effect["ref"]

    @property
    def note(self) -> str:
        """What happened, in one Indonesian sentence."""
        return self.effect["note"]


@dataclass(frozen=True, slots=True)
class Account:
    """A component explained: ``opened_with`` and the deltas of all lines add up to ``total`` exactly."""

    opened_with: Decimal
    """What was presumed before anything happened, or carried over from earlier months of the year (learning)."""
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        """The component's value."""
        return self.opened_with + sum((line.delta for line in self.lines), ZERO)


def explain(effects: Iterable[Effect], period: Period) -> dict[Component, Account]:
    """Every component of a period explained from the employee's effects, in the order they were recorded.

    ``effects`` are those of the period's whole year: a training moves the rest of its year, a transfer all open
    periods. Effects that did not touch the period are passed over; without any that did, there is nothing to explain.
    """
    opened: Marks | None = None
    lines: dict[Component, list[Line]] = {name: [] for name in COMPONENTS}
    for effect in effects:
        if period in effect["opened"]:
            opened = effect["opened"][period]
            lines = {name: [] for name in COMPONENTS}
        for name, delta in effect["deltas"].get(period, {}).items():
            lines[name].append(Line(effect, delta))
    if opened is None:
        return {}
    return {name: Account(opened[name], tuple(lines[name])) for name in COMPONENTS}


@dataclass(frozen=True, slots=True)
class Share:
    """A vote's part of the mean rating x̃ (1-4), whatever the order in which votes came."""

    ref: str | None
    """The feedback or survey answer; None for what the policy presumes (the prior)."""
    weight: Decimal
    rating: Decimal
    share: Decimal
    """ω·x / (W + m); all shares add up to x̃."""


def vote_shares(effects: Iterable[Effect], months: Collection[str], policy: Policy) -> Sequence[Share]:
    """What the prior and each vote that counts contribute to the mean rating of the given months together."""
    weights: dict[str, Decimal] = {}
    ratings: dict[str, Decimal] = {}
    for effect in effects:
        if effect["part"] == "M" and effect["month"] in months and not effect.get("late"):
            ref, inputs = effect["ref"], effect["inputs"]
            weights[ref] = weights.get(ref, ZERO) + inputs["weight"]
            ratings[ref] = Decimal(inputs["thirds"]) / 3
    prior = policy.satisfaction
    mass = sum(weights.values(), prior.strength)
    votes = [
        Share(ref, weight, ratings[ref], weight * ratings[ref] / mass) for ref, weight in weights.items() if weight
    ]
    return [Share(None, prior.strength, prior.mean, prior.strength * prior.mean / mass), *votes]
