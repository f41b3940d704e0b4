"""What asks for attention today: indicators behind the calendar, reports that wait, standards not met; in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of
from kinara.contracts.working_days import Calendar

from appraisal.domain.answering import Submission
from appraisal.domain.components import mark
from appraisal.domain.effects import comma
from appraisal.domain.measures import achieved, found_in
from appraisal.domain.periods import elapsed_share, first_day, month_on, written
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.scorecard import Breach, Scorecard, own_period, policy_for
from appraisal.domain.standards import below
from appraisal.domain.tallies import Target

OFF_PACE = Decimal("0.6")
"""Below this part of what the calendar asks for, where the policy names no other. Source: reference §5.3."""
PATIENCE = 3
"""Working days that a report may wait without a reminder."""


@dataclass(frozen=True, slots=True)
class Lag:
    """An indicator behind the calendar."""

    indicator: str
    name: str
    pace: Decimal
    """c, 0-1.2: one is a target met as of the day."""
    limit: Decimal
    since: date
    """First day on which what counts today was too little; of a level the day of its latest measurement."""

    @property
    def sentence(self) -> str:
        """For whoever reads."""
        return (
            f"{self.name}: laju {_percent(self.pace)} dari yang seharusnya tercapai hari ini, di bawah batas "
            f"{_percent(self.limit)} sejak {written(self.since)}."
        )


@dataclass(frozen=True, slots=True)
class Overdue:
    """A report that nobody has settled for more than ``PATIENCE`` working days."""

    report_id: str
    name: str
    amount: str
    """With its unit."""
    since: date
    days: int

    @property
    def sentence(self) -> str:
        """For whoever reads."""
        return (
            f"Laporan {self.name} sebesar {self.amount} menunggu verifikasi atasan sejak {written(self.since)} "
            f"({self.days} hari kerja)."
        )


@dataclass(frozen=True, slots=True)
class LateCase:
    """A coaching case that nobody has opened in time."""

    case_id: str
    trigger: str
    due_on: date
    days: int
    """Working days since."""

    @property
    def sentence(self) -> str:
        """For whoever reads; before the next working day it does not say how late."""
        late = f" dan terlambat {self.days} hari kerja" if self.days else ""
        return (
            f"Kasus pembinaan ({self.trigger}) harus sudah dibuka paling lambat {written(self.due_on)}{late}. "
            "Buka kasusnya dengan rencana bimbingan atau konseling."
        )


@dataclass(frozen=True, slots=True)
class Attention:
    """What about one employee asks for attention."""

    employee_id: str
    name: str | None
    lags: tuple[Lag, ...]
    overdue: tuple[Overdue, ...]
    breaches: tuple[Breach, ...] = ()
    """The minimum standards that the open periods are below today."""
    late_cases: tuple[LateCase, ...] = ()

    @property
    def due(self) -> bool:
        """Whether anything does."""
        return bool(self.lags or self.overdue or self.breaches or self.late_cases)


def attention(
    card: Scorecard,
    waiting: Iterable[Submission],
    today: date,
    policies: Policies,
    calendar: Calendar,
    late_cases: tuple[LateCase, ...] = (),
) -> Attention:
    """What a card, its waiting reports and cases ask for on a day; nothing once somebody has left the service."""
    person = card.person
    if person and person.separated_on and person.separated_on <= today:
        return Attention(card.employee_id, person.name, (), ())
    overdue = tuple(_overdue(card, waiting, today, calendar))
    name = person.name if person else None
    lags = tuple(_lags(card, today, policies))
    return Attention(card.employee_id, name, lags, overdue, below(card, policies), late_cases)


def limit_of(policy: Policy) -> Decimal:
    """The pace below which a policy's people are off pace: what it opens a coaching case by, if it names one."""
    named = [c.below for rule in policy.coaching for c in rule.all_of if c.measure == "pace" and c.below is not None]
    return max(named, default=OFF_PACE)


def _lags(card: Scorecard, today: date, policies: Policies) -> Iterator[Lag]:
    """Indicators of the period that runs; a level that was never measured is not late before the close."""
    if not any(month.targets for month in card.months.values()):
        return
    period = own_period(card, month_on(today), policies)
    limit = limit_of(policy_for(card, period, policies))
    for code, pace in _paces(card, period, today).items():
        if pace < limit:
            target = _target(card, code)
            since = _since(card, period, code, limit) if target and target.polarity == "max" else None
            yield Lag(code, _name(target, code), pace, limit, since or _measured_on(card, period, code) or today)


def _paces(card: Scorecard, period: Period, day: date) -> Mapping[str, Decimal]:
    """Rounded as marks are: exactly on the limit is not below it, whatever a thirtieth of a month comes to."""
    elapsed = elapsed_share(period, day)
    return {code: mark(pace) for code, (_, pace) in achieved(card.months, period, elapsed, unmeasured=False).items()}


def _since(card: Scorecard, period: Period, code: str, limit: Decimal) -> date:
    """The first day on which what counts today was too little; less than that can hardly have counted before."""
    day = first_day(period)
    while _paces(card, period, day)[code] >= limit:
        day += timedelta(days=1)
    return day


def _measured_on(card: Scorecard, period: Period, code: str) -> date | None:
    months = found_in(card.months, period)
    days = [m.progress[code].reported_on for m in months if code in m.progress]
    return max((day for day in days if day), default=None)


def _overdue(card: Scorecard, waiting: Iterable[Submission], today: date, calendar: Calendar) -> Iterator[Overdue]:
    for submission in waiting:
        since = day_of(submission.reported_at, card.province)
        days = calendar.between(since, today)
        if days > PATIENCE:
            target = _target(card, submission.indicator)
            amount = f"{comma(submission.amount)} {target.unit if target else ''}".strip()
            yield Overdue(submission.id, _name(target, submission.indicator), amount, since, days)


def _target(card: Scorecard, code: str) -> Target | None:
    """The indicator as agreed last."""
    found = [card.months[month].targets.get(code) for month in sorted(card.months, reverse=True)]
    return next((target for target in found if target), None)


def _name(target: Target | None, code: str) -> str:
    return target.name if target else code


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"
