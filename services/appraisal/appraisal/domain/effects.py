"""What an event did to a scorecard: its entry in the ledger, from which every score is explained.

An effect is plain data (text, numbers, `Decimal`, lists, dicts). Per open period it tells how a component changed; the
first effect in a period also tells what the period opened with. What a period opened with and all its changes add up
to its components exactly, because both are differences of marks as stored.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

from kinara.contracts.appraisal import Period

from appraisal.domain.components import COMPONENTS, ZERO, Component
from appraisal.domain.measures import measure
from appraisal.domain.periods import months_of, quarter_of
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.scorecard import (
    Score,
    Scorecard,
    compose,
    evaluate,
    evaluate_months,
    open_periods,
    own_period,
    period_about,
    policy_for,
    worth,
)
from appraisal.domain.standards import noted
from appraisal.domain.tallies import Month

Part = Component | Literal["context"]
Marks = dict[Component, Decimal]
"""Component to mark, or to a change of it."""


class Standing(TypedDict):
    """A score as it stood at one moment."""

    score: Decimal | None
    predikat: int | None


class Effect(TypedDict):
    """One event's entry in the ledger."""

    period: Period
    """The period in which the month of the event is appraised."""
    month: str
    part: Part
    deltas: dict[Period, Marks]
    """Change of the components of every open period that the event moved; usually of ``period`` only."""
    opened: dict[Period, Marks]
    """What the components were worth when a period opened, in the effect that opened it."""
    before: Standing | None
    """Standing of ``period``; None for an entry about a closed one."""
    after: Standing | None
    ref: str
    """Business id: of the feedback, the completion, the report, …"""
    inputs: dict[str, Any]
    note: str
    """One plain sentence in Indonesian."""
    by: NotRequired[str]
    """Who did it, where somebody here did: an employee's id, else the caller's account; never a name."""
    late: NotRequired[bool]
    """The month was closed: what it tells is recorded, and changed no closed score."""
    fact: NotRequired[dict[str, str]]
    """What came late, whole: its type and its data as JSON. It counts once its period is opened again."""
    counts: NotRequired[str]
    """Id of the late entry whose fact this one has counted, since its period was opened again."""
    type: NotRequired[str]
    """Type of that fact; what others do by a command says so by itself."""


class Entry(NamedTuple):
    """What a fold has to say about its event."""

    ref: str
    inputs: dict[str, Any]
    note: str


Folded = tuple[Scorecard, Effect]


@lru_cache(maxsize=4096)
def comma(number: Decimal) -> str:
    """A number as Indonesians write it: the same for numbers that are equal, whatever their digits."""
    return f"{(number or ZERO).normalize():f}".replace(".", ",")  # -0 is equal to 0 and is written as it


def post(card: Scorecard, month: str, tallies: Month, component: Component, entry: Entry, policies: Policies) -> Folded:
    """Put a month's new tallies on the card, and measure the component again in every open period that they move."""
    period = own_period(card, month, policies)
    if card.is_closed(month):
        return card, _recorded_late(period, month, component, entry)
    months = {**card.months, month: tallies}
    scores = dict(card.scores)
    deltas: dict[Period, Marks] = {}
    opened: dict[Period, Marks] = {}
    breaches = card.breaches
    for moved in _moved(card, month, period, component):
        policy = policy_for(card, moved, policies)
        if moved not in scores:
            scores[moved] = evaluate(card, moved, policies)
            opened[moved] = worths(scores[moved], policy)
        before = scores[moved]
        if before.policy == policy.ref:
            value = measure(component, months, moved, policy)
            scores[moved] = compose({**before.components, component: value}, policy)
            deltas[moved] = {component: worth(scores[moved], component, policy) - worth(before, component, policy)}
        else:  # a policy was activated since; this is the first event that its period hears of it
            scores[moved] = evaluate_months(months, moved, policy)
            deltas[moved] = _changes(before, scores[moved], policies)
        breaches = noted(card, breaches, months, scores[moved], policy, moved)
    effect = _effect(period, month, component, entry, deltas, opened)
    effect["before"], effect["after"] = standing(card.scores.get(period)), standing(scores[period])
    return card.scored(months, scores, breaches), effect


def settle(card: Scorecard, changed: Scorecard, month: str, entry: Entry, policies: Policies) -> Folded:
    """Score every open period again after a change of circumstances: another unit, another policy, a closed month."""
    period = period_about(changed, month, policies)
    scores: dict[Period, Score] = {}
    deltas: dict[Period, Marks] = {}
    opened: dict[Period, Marks] = {}
    breaches = changed.breaches
    for moved in open_periods(changed, policies):
        policy = policy_for(changed, moved, policies)
        scores[moved] = evaluate(changed, moved, policies)
        breaches = noted(changed, breaches, changed.months, scores[moved], policy, moved)
        if moved not in card.scores:
            opened[moved] = worths(scores[moved], policy)
        elif changes := _changes(card.scores[moved], scores[moved], policies):
            deltas[moved] = changes
    effect = _effect(period, month, "context", entry, deltas, opened)
    effect["before"], effect["after"] = standing(card.scores.get(period)), standing(scores.get(period))
    return replace(changed, scores=scores, breaches=breaches), effect


def note(card: Scorecard, month: str, part: Part, entry: Entry, policies: Policies) -> Effect:
    """The entry of a fact that moves no score and opens no period (yet)."""
    period = period_about(card, month, policies)
    effect = _effect(period, month, part, entry, {}, {})
    effect["before"] = effect["after"] = standing(card.scores.get(period))
    return effect


def _changes(before: Score, after: Score, policies: Policies) -> Marks:
    """What changed between two scores of a period, each worth what its own policy says."""
    then, now = worths(before, policies.named(before.policy)), worths(after, policies.named(after.policy))
    return {name: now[name] - then[name] for name in COMPONENTS if now[name] != then[name]}


def worths(score: Score, policy: Policy) -> Marks:
    """What every component is worth."""
    return {name: worth(score, name, policy) for name in COMPONENTS}


def _moved(card: Scorecard, month: str, period: Period, component: Component) -> list[Period]:
    """The month's own period, and other open ones that contain it; hours of learning move the rest of the year."""
    if len(card.scores) == 1 and period in card.scores:
        return [period]
    if component == "L":
        others = [p for p in card.scores if p[:4] == month[:4] and months_of(p)[-1] >= month]
    else:
        others = [p for p in card.scores if p in (month, quarter_of(month))]
    return [period, *(other for other in others if other != period)] if others else [period]


def _effect(
    period: Period, month: str, part: Part, entry: Entry, deltas: dict[Period, Marks], opened: dict[Period, Marks]
) -> Effect:
    return {
        "period": period,
        "month": month,
        "part": part,
        "deltas": deltas,
        "opened": opened,
        "before": None,
        "after": None,
        "ref": entry.ref,
        "inputs": entry.inputs,
        "note": entry.note,
    }


def _recorded_late(period: Period, month: str, part: Part, entry: Entry) -> Effect:
    note = f"{entry.note} Bulan {month} sudah ditutup: hal ini dicatat dan tidak mengubah nilai."
    return {**_effect(period, month, part, entry._replace(note=note), {}, {}), "late": True}


def standing(score: Score | None) -> Standing | None:
    """A score as effects tell of it."""
    if score is None:
        return None
    return {"score": score.s, "predikat": None if score.predikat is None else int(score.predikat)}
