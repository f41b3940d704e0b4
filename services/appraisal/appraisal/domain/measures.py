"""The components of one period, measured from the months it consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from kinara.contracts.appraisal import Period

from appraisal.domain import components as formula
from appraisal.domain.components import ONE, SMOOTHING, UNVERIFIED, ZERO, Component, mark
from appraisal.domain.periods import elapsed_share, months_of
from appraisal.domain.policy import Policy
from appraisal.domain.tallies import BehaviourRating, Month, Progress, Target, Votes, votes_together

Months = Mapping[str, Month]
BERAKHLAK = 7
"""How many values are rated."""
ONE_SIDED = Decimal("1.28")
"""Normal quantile of 90 %."""


def measure(component: Component, months: Months, period: Period, policy: Policy) -> Decimal | None:
    """One component of a period as stored (four decimals); None where it does not apply."""
    value = _MEASURES[component](months, period, policy)
    return None if value is None else mark(value)


def found_in(months: Months, period: Period) -> Sequence[Month]:
    """The months of a period in which something happened."""
    return [months[month] for month in months_of(period) if month in months]


def mean_rating(votes: Votes, policy: Policy) -> Decimal:
    """x̃: the mean rating on 1-4, shrunk towards what the policy presumes."""
    return formula.shrunk_mean(votes.thirds / 3, votes.weight, policy.satisfaction.mean, policy.satisfaction.strength)


def effective_sample(votes: Votes) -> Decimal:
    """n_eff = (Σω)² / Σω²: how many full votes the weighted ones are worth."""
    return votes.weight * votes.weight / votes.weight_squares if votes.weight_squares else ZERO


def rating_bounds(votes: Votes, policy: Policy) -> tuple[Decimal, Decimal]:
    """Bounds x̃ ± 1.28·sd/√(n_eff + m) of the mean rating: luck must neither win an award nor open a case."""
    if not votes.weight:
        return policy.satisfaction.mean, policy.satisfaction.mean
    mean = votes.thirds / votes.weight
    variance = max(ZERO, votes.thirds_squares / votes.weight - mean * mean) / 9
    width = ONE_SIDED * (variance / (effective_sample(votes) + policy.satisfaction.strength)).sqrt()
    middle = mean_rating(votes, policy)
    return middle - width, middle + width


def _satisfaction(months: Months, period: Period, policy: Policy) -> Decimal | None:
    votes = votes_together([month.votes for month in found_in(months, period)])
    return formula.satisfaction(mean_rating(votes, policy)) if votes.weight > 0 else None


def _complaints(months: Months, period: Period, policy: Policy) -> Decimal | None:
    found = found_in(months, period)
    handled = sum(month.complaints.handled for month in found)
    solved = sum(month.complaints.solved for month in found)
    return formula.complaints(solved, handled) if handled or solved else None


def _learning(months: Months, period: Period, policy: Policy) -> Decimal | None:
    return formula.learning(*hours(months, period))


def hours(months: Months, period: Period) -> tuple[Decimal, Decimal]:
    """JP earned from January to the end of the period, and JP due by then of what was offered until then."""
    end = months_of(period)[-1]
    year = [months[month].learning for month in months_of(end[:4]) if month <= end and month in months]
    offered = sum((hours.offered for hours in year), ZERO)
    mentoring = min(formula.MENTORING_HOURS, sum((hours.mentoring for hours in year), ZERO))
    earned = sum((hours.earned for hours in year), ZERO) + mentoring
    return earned, formula.hours_required(offered, int(end[5:]))


def latest_ratings(months: Months, period: Period) -> dict[str, BehaviourRating]:
    """Of each rater the latest rating of a period: only that one counts."""
    latest: dict[str, BehaviourRating] = {}
    for month in found_in(months, period):
        for rater, rating in month.ratings.items():
            if rater not in latest or latest[rater].rated_at < rating.rated_at:
                latest[rater] = rating
    return latest


def _behaviour(months: Months, period: Period, policy: Policy) -> Decimal | None:
    latest = latest_ratings(months, period)
    if not latest:
        return None
    corrected = sum((sum(r.marks) - BERAKHLAK * r.correction for r in latest.values()), ZERO)
    return formula.behaviour(corrected / (BERAKHLAK * len(latest)))


def _indicators(months: Months, period: Period, policy: Policy) -> Decimal | None:
    return formula.indicators(achievements(months, period).values())


def achievements(months: Months, period: Period) -> dict[str, tuple[Decimal, Decimal]]:
    """Weight and achievement c (0-1.2) of each indicator agreed, as they count in K."""
    return _counting(attainments(months, period))


def attainments(months: Months, period: Period) -> dict[str, tuple[Decimal, Decimal]]:
    """Weight and c as it is of each indicator agreed, all as of one day; none before the first report.

    That day is the latest on which anything in the period stood as reported or was judged by the calendar: whoever
    reports on the easy indicator only is judged on the others too, with nothing done. A level (less is better) that
    was never measured is neither perfect nor late before the calendar asks, at the close: perhaps no case came up.
    Source: PermenPANRB 6/2022 (what was agreed is what is judged); reference §5.2 (K = Σ v·c, Σv = 1) and §5.4 (pace).
    """
    found = found_in(months, period)
    day = judged_on(found)
    if day is None:
        return {}
    unmeasured = any(month.paced_on for month in found)
    return _attained_in(found, elapsed_share(period, day), unmeasured=unmeasured)


def judged_on(found: Sequence[Month]) -> date | None:
    """The latest day on which anything in some months stood as reported, or was judged by the calendar."""
    asked = [month.paced_on for month in found if month.paced_on]
    reported = [p.reported_on for month in found for p in month.progress.values() if p.reported_on]
    return max(asked + reported, default=None)


def achieved(
    months: Months, period: Period, elapsed: Decimal, *, unmeasured: bool
) -> dict[str, tuple[Decimal, Decimal]]:
    """Weight and c of each indicator when so much of the period has passed; levels never measured only if asked for."""
    return _counting(_attained_in(found_in(months, period), elapsed, unmeasured=unmeasured))


def innovations_reached(found: Sequence[Month]) -> set[str]:
    """The agreed innovations all of whose indicators have reached their whole target in these months."""
    shown = {code: target.innovation for month in found for code, target in month.targets.items() if target.innovation}
    done = _attained_in(found, ONE, unmeasured=True)
    missed = {outcome for code, outcome in shown.items() if done[code][1] < ONE}
    return set(shown.values()) - missed


def _counting(attained: Mapping[str, tuple[Decimal, Decimal]]) -> dict[str, tuple[Decimal, Decimal]]:
    return {code: (weight, formula.achievement(c)) for code, (weight, c) in attained.items()}


def _attained_in(found: Sequence[Month], elapsed: Decimal, *, unmeasured: bool) -> dict[str, tuple[Decimal, Decimal]]:
    """Weight and c as it is."""
    known: dict[str, tuple[Decimal, Decimal]] = {}
    for code in sorted({code for month in found for code in month.targets}):
        targets = [month.targets[code] for month in found if code in month.targets]
        progress = [month.progress[code] for month in found if code in month.progress]
        rising = targets[-1].polarity == "max"
        if rising or progress or unmeasured:
            weight = sum((target.weight for target in targets), ZERO)
            known[code] = weight, (_rising if rising else _falling)(targets, progress, elapsed)
    return known


def _rising(targets: Sequence[Target], progress: Sequence[Progress], elapsed: Decimal) -> Decimal:
    """Amounts and targets of the months add up."""
    return formula.attainment_rising(counted(progress), sum((t.target for t in targets), ZERO), elapsed)


def counted(progress: Sequence[Progress]) -> Decimal:
    """What was reported on an indicator, as it counts: half of what nobody has verified."""
    return sum((p.verified + UNVERIFIED * p.unverified for p in progress), ZERO)


def _falling(targets: Sequence[Target], progress: Sequence[Progress], elapsed: Decimal) -> Decimal:
    """Levels and targets of the months are averaged; a level never measured falls behind like work never begun."""
    measured = sum(p.verified_count + p.unverified_count for p in progress)
    if not measured:
        return SMOOTHING / (elapsed + SMOOTHING)
    weight = sum((p.verified_count + UNVERIFIED * p.unverified_count for p in progress), ZERO)
    level = counted(progress) / weight
    target = sum((t.target for t in targets), ZERO) / len(targets)
    return formula.attainment_falling(level, target, weight / measured)


_MEASURES: Mapping[Component, Callable[[Months, Period, Policy], Decimal | None]] = {
    "K": _indicators,
    "M": _satisfaction,
    "A": _complaints,
    "L": _learning,
    "B": _behaviour,
}
