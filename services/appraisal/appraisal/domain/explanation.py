"""Where a score comes from: every component as what its period opened with plus what each event changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of

from appraisal.domain.components import COMPONENTS, NAMES, ONE, ZERO, Component
from appraisal.domain.effects import Effect, Marks
from appraisal.domain.policy import Policy
from appraisal.domain.scorecard import Score, weighted

_WEIGHT = Decimal("1e-10")
"""Weights in force have ten decimals: their products with the marks add up to the score that is shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event's part in a component."""

    effect: Effect
    """The recorded effect; where it was read from the ledger, with the event's id, type and time beside it."""
    delta: Decimal

    @property
    def by_citizens(self) -> bool:
        """Whether somebody has said something about the service they were given."""
        return self.effect["part"] == "M"

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
class Day:
    """All that citizens said on one day, as one: neither its parts nor their order can be told from it."""

    day: date
    notes: tuple[str, ...]
    """What was said, in the order of the alphabet."""
    delta: Decimal


def by_day(account: Account, province: str) -> list[Line | Day]:
    """The lines of an account for whoever is rated or leads them: what citizens said only day by day.

    With few visitors a day a time, an id or a place in the order names the citizen; changes one after the other give
    the order away. They are told together, before all else of their day, and add up to the account as the lines do.
    Source: UU 27/2022 on personal data (reference §2.14); the day is that of the region's clock.
    """
    told: dict[date, list[Line]] = {}
    for line in account.lines:
        told.setdefault(day_of(line.effect["at"], province), []).append(line)  # type: ignore[typeddict-item]
    lines: list[Line | Day] = []
    for day, of_day in sorted(told.items()):
        if said := [line for line in of_day if line.by_citizens]:
            notes = tuple(sorted(line.note for line in said))
            lines.append(Day(day, notes, sum((line.delta for line in said), ZERO)))
        lines.extend(line for line in of_day if not line.by_citizens)
    return lines


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


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the components of a score are weighed: a component that begins to count moves a score without any delta."""

    in_force: Mapping[Component, Decimal]
    """The policy's weights, divided among the components that apply; they add up to 1. Empty without a score."""
    raw: Decimal | None
    """Σ weight · component as shown: S before it is moved into the band of its predikat. None without a score."""
    note: str | None
    """What is left out, in one Indonesian sentence; None where nothing is."""


def weighing(score: Score, policy: Policy) -> Weighing:
    """The weights that a score was made with.

    A component that does not apply is dropped, so that nobody is judged on what did not happen to them; one that
    weighs nothing is not missed.
    """
    applied = {name: policy.weights[name] for name in COMPONENTS if score.components[name] is not None}
    missing = ", ".join(NAMES[name] for name in COMPONENTS if name not in applied and policy.weights[name])
    if score.s is None:
        return Weighing({}, None, f"Belum dinilai: {missing}; nilai akhir belum dihitung." if missing else None)
    note = f"Belum dinilai: {missing}; bobotnya dibagi kepada yang lain." if missing else None
    return Weighing(_normalised(applied), weighted(COMPONENTS, score.components, policy), note)


def _normalised(weights: Mapping[Component, Decimal]) -> dict[Component, Decimal]:
    """Weights divided by their sum, as shown; the heaviest takes what rounding leaves, so that they add up to 1."""
    mass = sum(weights.values(), ZERO)
    shares = {name: (weight / mass).quantize(_WEIGHT, ROUND_HALF_UP) for name, weight in weights.items()}
    heaviest = max(shares, key=shares.__getitem__)
    return shares | {heaviest: shares[heaviest] + ONE - sum(shares.values(), ZERO)}
