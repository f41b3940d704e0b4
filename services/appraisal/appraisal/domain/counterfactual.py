"""What a score would be had one thing gone otherwise: the month's tallies changed, and measured by the same formulas.

Only of what the employee, or who leads them, can do something about. Never of what citizens said: nobody is to chase
voices. Source: reference §5.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from kinara.contracts.appraisal import Period

from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.components import ONE, ZERO, Component, shown
from appraisal.domain.effects import comma
from appraisal.domain.measures import Months, achievements, counted, found_in, hours, judged_on, measure
from appraisal.domain.periods import elapsed_share, months_of, written
from appraisal.domain.policy import Policy
from appraisal.domain.rating import PREDIKAT
from appraisal.domain.scorecard import Score, Scorecard, compose
from appraisal.domain.tallies import BLANK, Month, Progress, Target

FINEST = Decimal("0.001")
"""The smallest part that a report may tell."""
Otherwise = tuple[str, Months]
"""What would have gone otherwise, in words, and the months as they would be."""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A score as it is, and as it would be."""

    component: Component
    condition: str
    """What would have gone otherwise, in Indonesian."""
    before: Decimal
    """The component's mark as shown."""
    after: Decimal
    score: Score
    would_be: Score

    @property
    def sentence(self) -> str:
        """For whoever reads."""
        way = "naik" if self.after > self.before else "turun"
        marks = f"{self.component} {way} dari {comma(self.before)} ke {comma(self.after)}"
        return f"Bila {self.condition}, {marks}, {self._outcome}."

    @property
    def _outcome(self) -> str:
        was, now = self.score, self.would_be
        if now.predikat is not None:
            return f"predikat {'tetap' if now.predikat == was.predikat else 'menjadi'} {PREDIKAT[now.predikat]}"
        if now.s is None:
            return "nilai akhir belum dihitung"
        return f"nilai {'tetap' if now.s == was.s else 'menjadi'} {comma(now.s)}"


def counterfactuals(score: Score, months: Months, period: Period, policy: Policy) -> list[Counterfactual]:
    """What would have changed a period's score, of what weighs in it; nothing of tallies that do not give its marks."""
    told = []
    for component, change in _CHANGES:
        value, otherwise = score.components[component], change(months, period)
        if not (otherwise and policy.weights[component]) or value != measure(component, months, period, policy):
            continue
        after = measure(component, otherwise[1], period, policy)
        if value is not None and after is not None and shown(after) != shown(value):
            would_be = compose({**score.components, component: after}, policy)
            told.append(Counterfactual(component, otherwise[0], shown(value), shown(after), score, would_be))
    return told


def tallies_of(card: Scorecard, closed: Iterable[ClosedPeriod], period: Period) -> Months:
    """The months that a period's score was measured from: the card's; once it is closed, those that its close kept.

    ``closed`` are the closed periods of its year, whose hours it counts.
    """
    if period in card.scores:
        return card.months
    kept = {one.period: one.months for one in closed if one.reopened_at is None}
    others = {month: tallies for months in kept.values() for month, tallies in months.items()}
    return {**card.months, **others, **kept.get(period, {})}


def _complaints_in_time(months: Months, period: Period) -> Otherwise | None:
    found = found_in(months, period)
    failed = sum(month.complaints.handled - month.complaints.solved for month in found)
    if failed <= 0:
        return None
    last = _last_of(months, period)
    counts = months[last].complaints
    solved = replace(months[last], complaints=replace(counts, solved=counts.solved + failed))
    return f"{failed} pengaduan yang terlambat atau belum tuntas selesai tepat waktu", {**months, last: solved}


def _hours_earned(months: Months, period: Period) -> Otherwise | None:
    """Whole hours, as trainings have; what was never offered is asked of nobody."""
    earned, required = hours(months, period)
    missing = (required - earned).to_integral_value(ROUND_CEILING)
    if missing <= 0:
        return None
    last = months_of(period)[-1]
    tallies = months.get(last, BLANK)
    learnt = replace(tallies, learning=replace(tallies.learning, earned=tallies.learning.earned + missing))
    return f"{missing} JP pembelajaran yang masih kurang diperoleh", {**months, last: learnt}


def _reports_verified(months: Months, period: Period) -> Otherwise | None:
    agreed = {code for month in found_in(months, period) for code in month.targets}
    changed, count = dict(months), 0
    for month in months_of(period):
        for report in months.get(month, BLANK).pending.values():
            if report.indicator in agreed:
                progress = changed[month].progress
                verified = progress[report.indicator].verifying(report.amount)
                changed[month] = replace(changed[month], progress={**progress, report.indicator: verified})
                count += 1
    return (f"{count} laporan yang belum diverifikasi diverifikasi", changed) if count else None


def _weakest_on_target(months: Months, period: Period) -> Otherwise | None:
    """The indicator furthest behind; of several the one that weighs most."""
    day = judged_on(found_in(months, period))
    behind = [(c, -weight, code) for code, (weight, c) in achievements(months, period).items() if c < ONE]
    if day is None or not behind:
        return None
    code = min(behind)[2]
    targets = [month.targets[code] for month in found_in(months, period) if code in month.targets]
    reach = _enough_done if targets[-1].polarity == "max" else _level_reached
    return reach(months, period, code, targets, day)


def _enough_done(months: Months, period: Period, code: str, targets: Sequence[Target], day: date) -> Otherwise:
    """So much more done and verified as was due on the day by which the period is judged."""
    last, agreed = _last_of(months, period), sum((target.target for target in targets), ZERO)
    done = counted([month.progress[code] for month in found_in(months, period) if code in month.progress])
    missing = (agreed * elapsed_share(period, day) - done).quantize(_step(agreed), ROUND_CEILING)
    progress = months[last].progress.get(code, Progress()).plus(missing, verified=True, on=day)
    condition = f"{targets[-1].name} sesuai target per {written(day)} ({comma(missing)} {targets[-1].unit} lagi)"
    return condition, {**months, last: _with(months[last], code, progress)}


def _level_reached(months: Months, period: Period, code: str, targets: Sequence[Target], day: date) -> Otherwise:
    """Every measurement at the level that was agreed; where there is none, one."""
    last, agreed = _last_of(months, period), sum((target.target for target in targets), ZERO) / len(targets)
    level = agreed.quantize(FINEST, ROUND_HALF_UP)
    changed = dict(months)
    for month in months_of(period):
        if month in months and code in months[month].progress:
            seen = months[month].progress[code]
            reached = replace(seen, verified=level * seen.verified_count, unverified=level * seen.unverified_count)
            changed[month] = _with(months[month], code, reached)
    if not any(code in month.progress for month in found_in(months, period)):
        changed[last] = _with(months[last], code, Progress().plus(level, verified=True, on=day))
    return f"{targets[-1].name} sesuai target ({comma(level)} {targets[-1].unit})", changed


def _step(amount: Decimal) -> Decimal:
    """The steps in which an amount is told: as fine as it is itself, and no finer than reports are."""
    return FINEST if amount.quantize(FINEST) % 1 else ONE


def _with(month: Month, code: str, progress: Progress) -> Month:
    return replace(month, progress={**month.progress, code: progress})


def _last_of(months: Months, period: Period) -> str:
    return max(month for month in months_of(period) if month in months)


_CHANGES: Sequence[tuple[Component, Callable[[Months, Period], Otherwise | None]]] = (
    ("K", _reports_verified),
    ("K", _weakest_on_target),
    ("A", _complaints_in_time),
    ("L", _hours_earned),
)
