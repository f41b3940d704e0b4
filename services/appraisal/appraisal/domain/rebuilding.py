"""A card put right from the log: what of it follows from what others have said, whatever people here have done to it.

Discipline does, and votes do, month by month. Hours of learning and complaints do until a period is closed: a close
counts the seats that were let pass and forgets what no longer counts, and later facts build on that. Targets, progress,
ratings and closed periods are people's doing. Scores follow from the months, under the policy that weighed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kinara.contracts.appraisal import Period

from appraisal.domain.components import COMPONENTS
from appraisal.domain.effects import Effect, Marks, standing, worths
from appraisal.domain.explanation import explain
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Score, Scorecard, evaluate, open_periods, period_about, policy_for
from appraisal.domain.tallies import NO_VOTES

_NOTE = "Kartu disusun kembali dari catatan peristiwa."


def rebuilt(
    card: Scorecard, folded: Scorecard, effects: Iterable[Effect], policies: Policies
) -> tuple[Scorecard, Effect | None]:
    """The card with what the log says taken from the folded one, and what explains the difference.

    Without a month there is no score to explain.
    """
    changed = _with_facts(card, folded)
    changed = replace(changed, scores=_scored(changed, policies))
    if not changed.months:
        return changed, None
    return changed, _explained(card, changed, list(effects), policies)


def _with_facts(card: Scorecard, folded: Scorecard) -> Scorecard:
    if folded.postings:
        card = replace(
            card,
            province=folded.province,
            unit_path=folded.unit_path,
            person=folded.person,
            postings=folded.postings,
            levels=folded.levels,
        )
    never_closed = card.closed_through is None
    months = dict(card.months)
    for month in {*card.months, *folded.months}:
        said = folded.month(month)
        if never_closed:
            months[month] = replace(
                card.month(month), votes=said.votes, complaints=said.complaints, learning=said.learning,
                thanks=said.thanks,
            )  # fmt: skip
        elif not card.is_closed(month) and (month in months or said.votes != NO_VOTES):
            months[month] = replace(card.month(month), votes=said.votes, thanks=said.thanks)
    seats = folded.seats if never_closed else card.seats
    return replace(card, months=months, seats=seats, discipline=folded.discipline)


def _scored(card: Scorecard, policies: Policies) -> Mapping[Period, Score]:
    """The scores of the open periods; one that waits for its first event under a new policy stays as it is."""
    scores: dict[Period, Score] = {}
    for period in open_periods(card, policies):
        known = card.scores.get(period)
        waits = known is not None and known.policy != policy_for(card, period, policies).ref
        scores[period] = known if known is not None and waits else evaluate(card, period, policies)
    return scores


def _explained(before: Scorecard, card: Scorecard, effects: list[Effect], policies: Policies) -> Effect:
    """The effect after which every component is again the sum of what is recorded."""
    deltas: dict[Period, Marks] = {}
    opened: dict[Period, Marks] = {}
    for period, score in card.scores.items():
        worth = worths(score, policies.named(score.policy))
        accounts = explain((effect for effect in effects if "deltas" in effect), period)
        if not accounts:
            opened[period] = worth
        elif moved := {n: d for n in COMPONENTS if (d := worth[n] - accounts[n].total)}:
            deltas[period] = moved
    month = max(card.months)
    period = period_about(card, month, policies)
    return {
        "period": period,
        "month": month,
        "part": "context",
        "deltas": deltas,
        "opened": opened,
        "before": standing(before.scores.get(period)),
        "after": standing(card.scores.get(period)),
        "ref": card.employee_id,
        "inputs": {},
        "note": _NOTE,
    }
