"""A draft policy tried out on what was recorded, before anybody is judged by it. It changes nothing.

The same functions weigh it as weigh the live score: a draft that says what the active policy says moves nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kinara.contracts.appraisal import Period, Predikat

from appraisal.domain.awarding import elect, standing
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.components import ZERO, shown
from appraisal.domain.discipline import Measures
from appraisal.domain.disparity import compared, groups_of
from appraisal.domain.measures import Months, found_in
from appraisal.domain.nomination import Appraised, Rank, is_due, longest
from appraisal.domain.periods import first_day, last_day, months_of, preceding
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.scorecard import Person, Scorecard, evaluate_months
from appraisal.domain.triggers import SPANS, Award, Coaching

MOST_NAMED = 1_000
"""People of a list that are named; all are counted."""
NONE = "none"
"""Where there is no predikat yet."""
Winners = Mapping[str, Sequence[Collection[str]]]
"""By code of an award, who has won it in the spans before, latest first."""
Elected = tuple[Award, set[str], dict[str, str]]
"""An award, whom it goes to, and whom discipline bars from it."""
_NOBODY: Winners = {}


@dataclass(frozen=True, slots=True)
class History:
    """What is recorded of one employee: every month, also those of periods that are closed."""

    employee_id: str
    card: Scorecard
    months: Months

    @classmethod
    def of(cls, card: Scorecard, closed: Iterable[ClosedPeriod] = ()) -> History:
        """From the card, which forgets most of a month that is closed, and the closed periods, which keep it."""
        kept = {month: tallies for period in closed for month, tallies in period.months.items()}
        return cls(card.employee_id, card, {**card.months, **kept})


@dataclass(frozen=True, slots=True)
class Side:
    """What a policy makes of one employee's period."""

    score: Decimal | None
    predikat: Predikat | None
    borderline: bool
    qualifies: Mapping[str, Rank]
    """The awards whose conditions hold, by code."""
    coached: tuple[str, ...]
    """The words of the coaching rules that hold."""


@dataclass(frozen=True, slots=True)
class Line:
    """One employee before and after."""

    employee_id: str
    unit_path: str
    groups: Mapping[str, str]
    """By which people are compared: sex, kind, age and unit."""
    before: Side
    after: Side
    discipline: Measures = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft, what holds today, and the period that they are compared on."""

    draft: Policy
    policies: Policies
    period: Period

    @property
    def active(self) -> Policy:
        """What holds in the period for everybody whom the draft would weigh."""
        return self.policies.for_unit(self.draft.unit_path, first_day(self.period))

    @property
    def first_year(self) -> int:
        """The year from whose beginning on months are needed: hours count all year, rules ask for earlier periods."""
        period = self.period
        for _ in range(longest(_rules(self.draft) + _rules(self.active)) - 1):
            period = preceding(period)
        return int(period[:4])

    def line(self, history: History) -> Line | None:
        """What the draft would change for one employee; None for whom it would not weigh in that period."""
        unit = self.draft.today(history.card.unit_on(last_day(self.period)))
        if not _lies_below(unit, self.draft.unit_path) or _had_left(history.card.person, self.period):
            return None
        if not _lies_below(self.draft.unit_path, self.policies.for_unit(unit, self.draft.effective_from).unit_path):
            return None  # a nearer unit has a policy of its own, which the draft leaves in force
        if not found_in(history.months, self.period):
            return None
        before, after = (_side(history.months, self.period, policy) for policy in (self.active, self.draft))
        card = history.card
        return Line(card.employee_id, unit, groups_of(card.person, unit, self.period), before, after, card.discipline)


def left_out(trial: Trial) -> list[str]:
    """What a simulation of one period cannot say, in sentences for people."""
    active, draft = trial.active, trial.draft
    told = []
    if active.cadence != draft.cadence:
        told.append(
            "Kebijakan yang berlaku menilai dengan periode lain; target yang disepakati untuk periode itu membuat "
            "nilai sebelum dan sesudah tidak sepenuhnya sebanding."
        )
    for policy in (active, draft):
        for award in policy.awards:
            if not _fits(award, trial.period):
                told.append(f"{policy.ref}: penghargaan '{award.title}' tidak disimulasikan, periodenya berbeda.")
        for rule in policy.coaching:
            if any(condition.for_working_days for condition in rule.all_of):
                told.append(f"{policy.ref}: '{rule.words}' tidak disimulasikan, karena dihitung per hari kerja.")
    return told


@dataclass
class Summary:
    """Lines added up; ``told`` gives it as plain data."""

    trial: Trial
    employees: int = 0
    moved: int = 0
    better: int = 0
    borderline: Counter[str] = field(default_factory=Counter)
    transition: Counter[tuple[str, str]] = field(default_factory=Counter)
    change: Decimal = ZERO
    compared: int = 0
    places: dict[str, str] = field(default_factory=dict)
    discipline: dict[str, Measures] = field(default_factory=dict)
    qualified: dict[str, dict[str, dict[str, Rank]]] = field(default_factory=lambda: defaultdict(dict))
    """By side and award, who qualifies."""
    coached: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[str, dict[str, Counter[str]]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, line: Line) -> None:
        """One employee more."""
        before, after = line.before, line.after
        self.employees += 1
        self.places[line.employee_id] = line.unit_path
        self.transition[_code(before.predikat), _code(after.predikat)] += 1
        self.moved += before.predikat != after.predikat
        self.better += after.predikat is not None and before.predikat is not None and after.predikat < before.predikat
        if before.score is not None and after.score is not None:
            self.change += after.score - before.score
            self.compared += 1
        for name, side in (("before", before), ("after", after)):
            self.borderline[name] += side.borderline
            for code, rank in side.qualifies.items():
                self.qualified[name].setdefault(code, {})[line.employee_id] = rank
                self.discipline[line.employee_id] = line.discipline
            for words in side.coached:
                self.coached[name].setdefault(words, []).append(line.employee_id)
        for dimension, group in line.groups.items():
            counts = self.groups[dimension].setdefault(group, Counter())
            counts["employees"] += 1
            for name, side in (("before", before), ("after", after)):
                counts[f"judged_{name}"] += side.predikat is not None
                counts[name] += side.predikat is not None and side.predikat <= Predikat.BAIK

    def told(self, training_cost: Decimal | None = None, won: Winners = _NOBODY) -> dict[str, Any]:
        """The result as people and programs read it; ``training_cost`` is rupiah for one entitlement to training.

        ``won`` are the winners of the spans before, by code of the award.
        """
        chosen_by = {side: self._chosen(side, policy, won) for side, policy in self._sides().items()}
        return {
            "period": self.trial.period,
            "employees": self.employees,
            "moved": self.moved,
            "better": self.better,
            "worse": self.moved - self.better - self._to_or_from_nothing(),
            "mean_change": shown(self.change / self.compared) if self.compared else None,
            "transition": self._transition(),
            "borderline": {"before": self.borderline["before"], "after": self.borderline["after"]},
            "awards": {side: [_awarded(*one) for one in found] for side, found in chosen_by.items()},
            "coaching": {
                name: [{"words": words, **_named(ids)} for words, ids in sorted(self.coached[name].items())]
                for name in ("before", "after")
            },
            "groups": {dimension: compared(groups) for dimension, groups in sorted(self.groups.items())},
            "training_cost_change": None
            if training_cost is None
            else training_cost * (_trainings(chosen_by["after"]) - _trainings(chosen_by["before"])),
            "left_out": left_out(self.trial),
        }

    def _sides(self) -> dict[str, Policy]:
        return {"before": self.trial.active, "after": self.trial.draft}

    def _chosen(self, side: str, policy: Policy, won: Winners) -> list[Elected]:
        """Whom each award of a side's policy goes to, by the gates that hold when a period is closed."""
        chosen: list[Elected] = []
        for award in (award for award in policy.awards if _fits(award, self.trial.period)):
            ranks, before = self.qualified[side].get(award.code, {}), won.get(award.code, ())
            chosen.append((award, *elect(award, ranks, self.places, before, self.discipline, (self.trial.period,))))
        return chosen

    def _to_or_from_nothing(self) -> int:
        return sum(n for (old, new), n in self.transition.items() if old != new and NONE in (old, new))

    def _transition(self) -> dict[str, dict[str, int]]:
        codes = [*(str(int(predikat)) for predikat in Predikat), NONE]
        return {old: {new: self.transition[old, new] for new in codes} for old in codes}


def run(trial: Trial, histories: Iterable[History]) -> Summary:
    """Try a draft out on all of these."""
    summary = Summary(trial)
    for history in histories:
        if (line := trial.line(history)) is not None:
            summary.add(line)
    return summary


def _side(months: Months, period: Period, policy: Policy) -> Side:
    found = _appraised(months, period, policy)
    earlier: list[Appraised] = []
    before = period
    for _ in range(longest(_rules(policy)) - 1):
        before = preceding(before)
        if not found_in(months, before):
            break
        earlier.append(_appraised(months, before, policy))
    score = found.score
    awards = {
        award.code: rank
        for award in policy.awards
        if _fits(award, period) and (rank := standing(award, (found,), earlier)) is not None
    }
    coached = tuple(rule.words for rule in policy.coaching if is_due(rule, found, earlier))
    return Side(score.s, score.predikat, score.borderline, awards, coached)


def _appraised(months: Months, period: Period, policy: Policy) -> Appraised:
    return Appraised(found_in(months, period), evaluate_months(months, period, policy), policy)


def _rules(policy: Policy) -> tuple[Award | Coaching, ...]:
    return (*policy.awards, *policy.coaching)


def _fits(award: Award, period: Period) -> bool:
    """Whether an award is given for periods of this length."""
    return SPANS[award.every] == len(months_of(period))


def _awarded(award: Award, ids: Iterable[str], barred: Collection[str]) -> dict[str, Any]:
    return {"code": award.code, "title": award.title, "grants": award.grants, "barred": len(barred), **_named(ids)}


def _trainings(found: Iterable[Elected]) -> int:
    return sum(len(ids) for award, ids, _ in found if award.grants == "training")


def _named(ids: Iterable[str]) -> dict[str, Any]:
    """How many, and the first of them: a document holds only so much."""
    known = sorted(ids)
    return {"count": len(known), "employees": known[:MOST_NAMED]}


def _code(predikat: Predikat | None) -> str:
    return NONE if predikat is None else str(int(predikat))


def _had_left(person: Person | None, period: Period) -> bool:
    return person is not None and person.separated_on is not None and person.separated_on < first_day(period)


def _lies_below(path: str, above: str) -> bool:
    return above in ("", "/") or path == above or path.startswith(above + "/")
