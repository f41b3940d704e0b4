"""Who a policy's rules point at: whom they nominate for an award, and whom they would have helped.

A rule nominates; a person confirms. Sources: the policies of reference §5.3; PermenPANRB 6/2022 on what follows from
a predikat.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kinara.contracts.appraisal import Predikat

from appraisal.domain.components import (
    HANDLED_PRIOR,
    HUNDRED,
    ONE,
    ZERO,
    Component,
    complaints,
    mark,
    satisfaction,
)
from appraisal.domain.measures import ONE_SIDED, effective_sample, innovations_reached, rating_bounds
from appraisal.domain.policy import Policy
from appraisal.domain.scorecard import Score, compose
from appraisal.domain.tallies import Month, Votes, votes_together
from appraisal.domain.triggers import Award, Coaching, Condition, Mark, Measure

FEWEST_VOTES = Decimal(10)
"""Full votes' worth without which luck would win an award."""
SMALL_UNIT = 10
"""A unit with fewer people shares its awards with its sibling units."""
_LEAST_RATING, _BEST_RATING = Decimal(1), Decimal(4)

Rank = tuple[Decimal, Decimal, Decimal]
"""Score, then the lower bound of satisfaction, then indicators: the higher, the earlier."""


@dataclass(frozen=True, slots=True)
class Appraised:
    """One employee's period as one policy weighs it."""

    months: Sequence[Month]
    score: Score
    policy: Policy

    @property
    def votes(self) -> Votes:
        """What citizens said in the period."""
        return votes_together([month.votes for month in self.months]) if self.months else Votes()

    @property
    def handled(self) -> int:
        """Complaints handled in the period."""
        return sum(month.complaints.handled for month in self.months)


def value_of(measure: Measure, found: Appraised) -> Decimal | None:
    """A measure as conditions name it; None where it does not apply, and ``pace``, which days tell and no period."""
    other = _OTHERS.get(measure)
    return mark_of(measure, found.score) if other is None else other(found)  # type: ignore[arg-type]  # all others


def mark_of(measure: Mark, score: Score) -> Decimal | None:
    """A mark as standards and conditions name it; None where it does not apply."""
    match measure:
        case "S":
            return score.s
        case "H":
            return score.h
        case "P":
            return score.p
        case component:
            return score.components[component]


def holds(condition: Condition, found: Appraised, earlier: Sequence[Appraised] = ()) -> bool:
    """Whether a condition holds in a period and in as many before it as it asks for; ``earlier`` is latest first.

    What citizens say opens a case only when luck cannot explain it: what is held against somebody must also hold with
    M and A at their upper bounds, whether they are asked for by themselves or as a part of H, S and the predikat.
    """
    asked = [found, *earlier][: condition.for_periods]
    if condition.for_working_days is not None or len(asked) < condition.for_periods:
        return False
    return all(_holds_in(condition, one) for one in asked)


def qualifies(award: Award, found: Appraised, earlier: Sequence[Appraised] = ()) -> bool:
    """Whether an award's own conditions and those of all awards hold: predikat Baik or better, and enough votes where
    citizens have a say.

    Where no citizen has spoken yet M does not apply, and neither does its gate: counters take the system up unevenly,
    and nobody loses an award over what nobody was asked (reference §1a row 47). A single vote makes M apply, and then
    luck is ruled out.
    """
    score = found.score
    if score.s is None or score.predikat is None or score.predikat > Predikat.BAIK:
        return False
    heard = found.policy.weights["M"] > 0 and score.components["M"] is not None
    if heard and effective_sample(found.votes) < FEWEST_VOTES:
        return False
    return all(holds(condition, found, earlier) for condition in award.all_of)


def is_due(coaching: Coaching, found: Appraised, earlier: Sequence[Appraised] = ()) -> bool:
    """Whether somebody is to be helped by this rule."""
    return all(holds(condition, found, earlier) for condition in coaching.all_of)


def rank_of(found: Appraised) -> Rank:
    """The order among those who qualify."""
    lower = value_of("M_lower", found)
    return found.score.s or ZERO, lower or ZERO, found.score.components["K"] or ZERO


def chosen(award: Award, qualified: Mapping[str, Rank], places: Mapping[str, str]) -> set[str]:
    """Of those who qualify (by employee id) the best share of each unit, at least one; all where there is no share.

    ``places`` is the unit path of everybody appraised, for a unit's size. Small units are pooled with their siblings.
    Of people of one rank the lower id comes first, so that the result can be had again. Reference §5.3 would have the
    earlier completion there, which a card does not know: it keeps the day of the latest report, and who went on working
    after the target was met would lose by it.
    """
    if award.top_share is None:
        return set(qualified)
    pool_of = _pools(places)
    sizes = Counter(pool_of[unit] for unit in places.values())
    pools: dict[str, list[str]] = defaultdict(list)
    for id_ in qualified:
        pools[pool_of[places[id_]]].append(id_)
    best: set[str] = set()
    for pool, ids in pools.items():
        seats = max(1, int(award.top_share * sizes[pool]))
        best |= set(sorted(ids, key=lambda id_: (*(-part for part in qualified[id_]), id_))[:seats])
    return best


def _pools(places: Mapping[str, str]) -> dict[str, str]:
    """Unit path to the pool in which its people compete."""
    sizes = Counter(places.values())
    return {unit: unit if size >= SMALL_UNIT else f"{unit.rpartition('/')[0]}/*" for unit, size in sizes.items()}


def at_upper_bounds(found: Appraised) -> Appraised:
    """The same period, composed anew with what citizens say at its upper bound.

    Fewer than ten full voices prove nothing, however much they agree: without them it is judged as if nobody had
    spoken. Source: reference §5.3 ("bad luck with two angry citizens must not open a case").
    """
    voiced = effective_sample(found.votes) >= FEWEST_VOTES
    upper: Mapping[Component, Decimal | None] = {
        "M": _satisfaction_bound(found, 1) if voiced else None,
        "A": _complaints_upper(found),
    }
    return replace(found, score=compose({**found.score.components, **upper}, found.policy))


def _holds_in(condition: Condition, found: Appraised) -> bool:
    if not _met(condition, value_of(condition.measure, found)):
        return False
    against = condition.below is not None if condition.measure != "predikat" else condition.at_least is not None
    if not against:
        return True
    measure: Measure = "M" if condition.measure == "M_lower" else condition.measure
    return _met(condition, value_of(measure, at_upper_bounds(found)))


def _met(condition: Condition, value: Decimal | None) -> bool:
    if value is None:
        return False
    if condition.at_least is not None:
        return value >= condition.at_least
    assert condition.below is not None  # noqa: S101  # one of the two is set
    return value < condition.below


def _satisfaction_bound(found: Appraised, side: int) -> Decimal | None:
    """The mark M at the lower (0) or upper (1) bound of the mean rating; None without a vote."""
    if not found.votes.weight:
        return None
    bound = rating_bounds(found.votes, found.policy)[side]
    return mark(satisfaction(min(_BEST_RATING, max(_LEAST_RATING, bound))))


def _complaints_upper(found: Appraised) -> Decimal | None:
    """The mark A plus 1.28 standard deviations of its Beta distribution; None without a complaint."""
    handled, solved = found.handled, sum(month.complaints.solved for month in found.months)
    if not handled and not solved:
        return None
    share = complaints(solved, handled) / HUNDRED
    left = max(ZERO, share * (ONE - share))
    spread = (left / (handled + HANDLED_PRIOR + 1)).sqrt()
    return mark(HUNDRED * min(ONE, share + ONE_SIDED * spread))


_OTHERS: Mapping[Measure, Callable[[Appraised], Decimal | None]] = {
    "M_lower": lambda found: _satisfaction_bound(found, 0),
    "A_upper": _complaints_upper,
    "complaints_handled": lambda found: Decimal(found.handled),
    "innovations": lambda found: Decimal(len(innovations_reached(found.months))),
    "pace": lambda _: None,
    "predikat": lambda found: None if found.score.predikat is None else Decimal(found.score.predikat),
}


def longest(rules: Iterable[Award | Coaching]) -> int:
    """How many periods running the rules ask for at most."""
    return max((condition.for_periods for rule in rules for condition in rule.all_of), default=1)
