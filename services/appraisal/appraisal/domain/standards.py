"""The minimum standards of a policy, which everybody whom it weighs is to reach, and who falls below one.

Sources: seed S1 ("memenuhi standar yang telah ditetapkan"), reference §1a row 13; §5.3 on bad luck with a few citizens
(proposal). A breach has no consequence of its own: it is said once, so that somebody can act while the period runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kinara.contracts.appraisal import Period

from appraisal.domain.measures import Months, found_in, judged_on
from appraisal.domain.nomination import Appraised, at_upper_bounds, holds, mark_of
from appraisal.domain.periods import elapsed_share, months_of
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.scorecard import Breach, Score, Scorecard
from appraisal.domain.triggers import Condition, Standard

EARLY = Decimal("0.25")
"""Share of a period before which work is not held against a standard: a slow first week is no breach."""
OF_WORK = ("K", "H", "S")
"""What indicators are a part of."""


def shortfall(standard: Standard, period: Period, found: Appraised) -> Decimal | None:
    """The value that is below the standard; None where it is reached, or where nobody can tell yet.

    What citizens say counts from ten full voices on, and by its upper bound, as for a case (`nomination.holds`); work
    once a quarter of the period is over; the whole score once work and behaviour are known.
    """
    value = mark_of(standard.measure, found.score)
    if value is None or value >= standard.at_least or not _proven(standard, period, at_upper_bounds(found)):
        return None
    return value if holds(Condition(standard.measure, below=standard.at_least), found) else None


def shortfalls(period: Period, months: Months, score: Score, policy: Policy) -> Iterator[Breach]:
    """Every standard of a policy that a period falls short of as it stands."""
    low = [one for one in policy.standards if _is_low(mark_of(one.measure, score), one.at_least)]
    if not low:  # nearly always, and every fact that counts passes here
        return
    found = Appraised(found_in(months, period), score, policy)
    for one in low:
        value = shortfall(one, period, found)
        if value is not None:
            yield Breach(period, policy.ref, one.words, one.measure, one.at_least, value)


def _is_low(value: Decimal | None, at_least: Decimal) -> bool:
    return value is not None and value < at_least


def noted(
    card: Scorecard, known: tuple[Breach, ...], months: Months, score: Score, policy: Policy, period: Period
) -> tuple[Breach, ...]:
    """The breaches known of a card and those of a period that are new: whoever rises and falls again, falls once.

    Forgotten are those of periods before the last that was closed, which is the only one that may be opened again.
    """
    if not policy.standards or policy.shadow:
        return known
    short = list(shortfalls(period, months, score, policy))
    if not short:
        return known
    said = {one.standard for one in known}
    new = [one for one in short if one.standard not in said]
    kept = [one for one in known if months_of(one.period)[-1] >= (card.closed_through or "")]
    return (*kept, *new) if new else known


def below(card: Scorecard, policies: Policies) -> tuple[Breach, ...]:
    """What the open periods of a card fall short of today, period by period."""
    return tuple(
        breach
        for period, score in sorted(card.scores.items())
        for breach in shortfalls(period, card.months, score, policies.named(score.policy))
    )


def _proven(standard: Standard, period: Period, found: Appraised) -> bool:
    if standard.measure == "S" and found.score.predikat is None:
        return False
    if standard.measure in OF_WORK and found.score.components["K"] is not None:
        day = judged_on(found.months)
        return day is not None and elapsed_share(period, day) >= EARLY
    return True
