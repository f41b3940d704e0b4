"""What is said aloud when scores have moved: `ScoreUpdated` for each open period, and each breach of a standard."""

from __future__ import annotations

from decimal import Decimal

from kinara.contracts import Province
from kinara.contracts.appraisal import Period, Predikat, ScoreUpdated, StandardBreached

from appraisal.domain.scorecard import Score, Scorecard


def said_of(before: Scorecard, after: Scorecard) -> tuple[ScoreUpdated | StandardBreached, ...]:
    """Everything that is said of the difference between two states of a card."""
    return (*score_updates(before, after), *standards_breached(before, after))


def standards_breached(before: Scorecard, after: Scorecard) -> tuple[StandardBreached, ...]:
    """The standards that an open period has fallen below for the first time."""
    if after.breaches is before.breaches:
        return ()
    known = {one.standard for one in before.breaches}
    return tuple(
        StandardBreached(
            province=Province(code=after.province), unit_path=after.unit_path, employee_id=after.employee_id,
            period=one.period, policy=one.policy, standard=one.words, measure=one.measure, at_least=one.at_least,
            value=one.value,
        )
        for one in after.breaches
        if one.standard not in known
    )  # fmt: skip


def score_updates(before: Scorecard, after: Scorecard) -> tuple[ScoreUpdated, ...]:
    """The periods whose score or predikat differs between two states of a card, perhaps a whole batch of events apart.

    A target just agreed, or hours on offer, give no score yet: nothing is said of them.
    """
    return tuple(
        _score_updated(after, period, before.scores.get(period), score)
        for period, score in after.scores.items()
        if _standing(score) != _standing(before.scores.get(period))
    )


def _standing(score: Score | None) -> tuple[Decimal | None, Predikat | None]:
    return (score.s, score.predikat) if score else (None, None)


def _score_updated(card: Scorecard, period: Period, previous: Score | None, score: Score) -> ScoreUpdated:
    components = score.components
    return ScoreUpdated(
        province=Province(code=card.province),
        unit_path=card.unit_path,
        employee_id=card.employee_id,
        period=period,
        policy=score.policy,
        k=components["K"],
        m=components["M"],
        a=components["A"],
        l=components["L"],
        b=components["B"],
        score=score.s,
        previous_score=previous.s if previous else None,
        predikat=score.predikat,
        previous_predikat=previous.predikat if previous else None,
        borderline=score.borderline,
    )
