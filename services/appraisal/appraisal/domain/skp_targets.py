"""How a plan (SKP) becomes targets on the card, each period's when it begins, and what the card says of it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from kinara.contracts import Province
from kinara.contracts.appraisal import Period, SkpAgreed
from kinara.contracts.regions import day_of

from appraisal.domain.components import mark
from appraisal.domain.effects import Effect
from appraisal.domain.measures import Months, achievements, found_in
from appraisal.domain.periods import first_day, last_day, months_of, written
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import InvalidPeriod, NoPolicyInForce, PeriodOver
from appraisal.domain.scorecard import Scorecard, own_period, refuse_unappraised
from appraisal.domain.skp import (
    Indicator,
    Outcome,
    Skp,
    cascaded,
    changes,
    indicators_of,
    proposed,
    refuse_not_waiting,
    superior_of,
)
from appraisal.domain.tallies import Progress, Target
from appraisal.domain.targets import agree_indicator, drop_indicator, put_target

_DIALOGUE = "Dialog kinerja"
Agreement = tuple[Skp, Scorecard, tuple[Effect, ...], SkpAgreed]


def propose(
    before: Skp | None,
    card: Scorecard,
    outcomes: tuple[Outcome, ...],
    *,
    year: int,
    by: str,
    at: datetime,
    above: Skp | None,
    policies: Policies,
) -> Skp:
    """What is to be achieved in a year, for the superior to agree; the same proposal twice is one.

    It is tried on the card, so that who proposes hears now what the agreement would be refused for; but for the
    reason of a late target, which is the agreement's.
    """
    if before is not None and before.state == "proposed" and before.outcomes == outcomes:
        return before
    plan = proposed(before, card, outcomes, year=year, by=by, at=at)
    notes = cascaded(outcomes, above, year)
    on = day_of(at, card.province)
    held = with_periods(plan, card, on=on, policies=policies)
    put_on_card(card, plan.agreed, held, on=on, reason=_DIALOGUE, policies=policies, ahead=True)
    return replace(plan, notes=notes, changes=changes(plan.agreed, held) if plan.agreed else ())


def agree(
    plan: Skp, card: Scorecard, *, by: str, at: datetime, reason: str | None, above: Skp | None, policies: Policies
) -> Agreement:
    """The superior agrees: from now on the card judges by the plan in the period that runs, and in each to come.

    The targets of those to come are put on the card when they begin (`begin`). What was agreed for periods that are
    over stays as it was.
    """
    refuse_not_waiting(plan)
    notes = cascaded(plan.outcomes, above, plan.year)
    on = day_of(at, card.province)
    held = with_periods(plan, card, on=on, policies=policies)
    changed, effects = put_on_card(card, plan.agreed, held, on=on, reason=reason, policies=policies)
    agreed = replace(
        plan, unit_path=card.unit_path, supervisor_id=superior_of(card), state="agreed", notes=notes,
        changes=changes(plan.agreed, held) if plan.agreed else (), agreed=held, agreed_version=plan.version,
        agreed_by=by, agreed_at=at, reason=reason,
    )  # fmt: skip
    event = SkpAgreed(
        province=Province(code=card.province), unit_path=card.unit_path, employee_id=card.employee_id, year=plan.year,
        indicators=len(list(indicators_of(held))), agreed_by=by, agreed_at=at,
    )  # fmt: skip
    return agreed, changed, effects, event


def with_periods(plan: Skp, card: Scorecard, *, on: date, policies: Policies) -> tuple[Outcome, ...]:
    """The proposed outcomes with the periods that each indicator would hold for, were they agreed on a day.

    Those that were asked for, or all that are left of the year; and those that are over, as agreed before them.
    """
    left = _left_of(card, plan.year, on, policies)
    over = {one.code: [p for p in one.periods if last_day(p) < on] for one in indicators_of(plan.agreed)}

    def held(indicator: Indicator) -> Indicator:
        past = over.get(indicator.code, [])
        coming = [period for period in indicator.periods or left if period not in past]
        for period in coming:
            _refuse_unplannable(indicator, period, plan.year, card, on, policies)
        return replace(indicator, periods=tuple(sorted({*past, *coming}, key=last_day)))

    return tuple(replace(o, indicators=tuple(held(one) for one in o.indicators)) for o in plan.outcomes)


def put_on_card(
    card: Scorecard,
    before: tuple[Outcome, ...],
    after: tuple[Outcome, ...],
    *,
    on: date,
    reason: str | None,
    policies: Policies,
    ahead: bool = False,
) -> tuple[Scorecard, tuple[Effect, ...]]:
    """The card with the targets of one plan instead of another's, in periods not over; what is the same is left.

    Of periods to come it takes only what stands there already, or all of them ``ahead``. A target that was never part
    of a plan, but agreed by itself, stays.
    """
    effects: list[Effect] = []
    old, new = (
        {(one.code, period): one for one in indicators_of(plan) for period in one.periods if last_day(period) >= on}
        for plan in (before, after)
    )
    for code, period in (known for known in old if known not in new):
        card, dropped = drop_indicator(card, code=code, period=period, dropped_on=on, policies=policies, reason=reason)
        effects.extend(dropped)
    for (code, period), one in new.items():
        known = _target_of(card, code, period)
        if known != one.agreed and (ahead or known is not None or first_day(period) <= on):
            card, effect, _ = agree_indicator(
                card, code=code, target=one.agreed, period=period, agreed_on=on, policies=policies, reason=reason
            )
            effects.append(effect)
    return card, tuple(effects)


def begin(card: Scorecard, plan: Skp, *, on: date, policies: Policies) -> tuple[Scorecard, tuple[Effect, ...]]:
    """The card with the targets that the plan holds for the periods begun by a day; what stands there stays.

    A card carries no targets of periods to come: it is read and written with each fact about the employee.
    Source: PermenPANRB 6/2022 (what was agreed before a period is what it is judged by).
    """
    effects: list[Effect] = []
    for one in indicators_of(plan.agreed):
        for period in one.periods:
            for month, target in _missing(card, one, period, policies).items():
                if _begins(card, month, on, policies):
                    card, effect = put_target(card, month, one.code, target, plan.reason, policies)
                    effects.append(effect)
    return card, tuple(effects)


def _missing(card: Scorecard, one: Indicator, period: Period, policies: Policies) -> Mapping[str, Target]:
    """By month, what a plan holds for a period and the card does not, as the card is appraised by now.

    Where the months of a planned quarter are appraised one by one, since the employee has moved or the policy has
    changed, each has its part: of an amount a third, of a level all of it. Together they are what was agreed.
    """
    months, whole = months_of(period), one.agreed
    standing = {m: targets[one.code] for m in months if one.code in (targets := card.month(m).targets)}
    try:
        apart = len(months) > 1 and own_period(card, months[-1], policies) != period
    except NoPolicyInForce:
        return {}
    if not apart:
        return {} if standing else {months[0]: whole}
    parts = dict.fromkeys(months, whole)
    if whole.polarity == "max":
        part = mark(whole.target / len(months))
        rest = whole.target - part * (len(months) - 1)
        parts = {m: replace(whole, target=rest if m == months[-1] else part) for m in months}
    return {m: part for m, part in parts.items() if standing.get(m, whole) == whole and standing.get(m) != part}


def _begins(card: Scorecard, month: str, on: date, policies: Policies) -> bool:
    """Whether a month is to have its targets: the period that it is appraised in has begun by a day.

    Who has moved to a quarterly unit is judged by all months of the quarter from its beginning on. What is closed had
    its targets then; who has left before it gets none.
    """
    left_on = card.person.separated_on if card.person else None
    if card.is_closed(month) or (left_on is not None and left_on < first_day(month)):
        return False
    try:
        return first_day(own_period(card, month, policies)) <= on
    except NoPolicyInForce:
        return False


@dataclass(frozen=True, slots=True)
class Achieved:
    """An indicator in one period, as the card has it."""

    period: Period
    target: Decimal
    done: Decimal | None
    """What was reported, verified or not: amounts together, levels in the mean; None before the first report."""
    verified: Decimal | None
    """The part of it, or the mean of those levels, that somebody else has verified."""
    pace: Decimal | None
    """c: what is done against what is due by now, 0-1.2; None where nothing was reported or judged yet."""
    closed: bool


def achieved(months: Months, period: Period, *, closed: bool) -> Mapping[str, Achieved]:
    """Every indicator of a period by its code, measured from the months as the score is."""
    found, paces = found_in(months, period), achievements(months, period)
    told: dict[str, Achieved] = {}
    for code in {code for month in found for code in month.targets}:
        targets = [month.targets[code] for month in found if code in month.targets]
        reports = [month.progress[code] for month in found if code in month.progress]
        pace = mark(paces[code][1]) if code in paces else None
        told[code] = Achieved(period, *_sums(targets, reports), pace, closed)
    return told


def to_come(plan: Skp, card: Scorecard, period: Period) -> Mapping[str, Achieved]:
    """Every indicator of a plan in a period whose targets are not on the card yet: agreed, and nothing done."""
    if card.is_closed(months_of(period)[0]):
        return {}
    agreed = (one for one in indicators_of(plan.agreed) if period in one.periods)
    return {one.code: Achieved(period, one.target, None, None, None, closed=False) for one in agreed}


def _sums(targets: list[Target], reports: list[Progress]) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """Target, done and verified of the months together: added up where more is better, in the mean where less is."""
    target = sum((one.target for one in targets), Decimal(0))
    verified = sum((one.verified for one in reports), Decimal(0))
    done = verified + sum((one.unverified for one in reports), Decimal(0))
    if targets[-1].polarity == "max":
        return target, done if reports else None, verified if reports else None
    seen = sum(one.verified_count for one in reports)
    measured = seen + sum(one.unverified_count for one in reports)
    return target / len(targets), mark(done / measured) if measured else None, mark(verified / seen) if seen else None


def _left_of(card: Scorecard, year: int, on: date, policies: Policies) -> tuple[Period, ...]:
    """The periods of a year that are not over, as the unit's policy appraises them."""
    if year > on.year + 1:
        raise InvalidPeriod(
            f"SKP disusun paling jauh untuk tahun {on.year + 1}.", detail=f"{year} is far ahead of {on}", field="year"
        )
    months = [month for month in months_of(f"{year}") if last_day(month) >= on]
    if not months:
        raise PeriodOver(
            f"Tahun {year} sudah berakhir. Susun SKP untuk tahun ini.", detail=f"{year} is over on {on}", field="year"
        )
    return tuple(dict.fromkeys(own_period(card, month, policies) for month in months))


def _refuse_unplannable(
    indicator: Indicator, period: Period, year: int, card: Scorecard, on: date, policies: Policies
) -> None:
    months = months_of(period)
    if months[0][:4] != f"{year}":
        raise InvalidPeriod(
            f"Periode {period} indikator {indicator.code} bukan bagian dari tahun {year}.",
            detail=f"{indicator.code}: {period} is not in {year}",
            field="periods",
        )
    if last_day(period) < on:
        raise PeriodOver(
            f"Periode {period} berakhir pada {written(last_day(period))}. Pilih periode berikutnya untuk indikator "
            f"{indicator.code}.",
            detail=f"{indicator.code}: {period} ended on {last_day(period)}, and today is {on}",
            field="periods",
        )
    refuse_unappraised(card, months[-1], period, policies)


def _target_of(card: Scorecard, code: str, period: Period) -> Target | None:
    """The target of an indicator as it stands on the card."""
    months = (card.month(month).targets for month in months_of(period))
    return next((targets[code] for targets in months if code in targets), None)
