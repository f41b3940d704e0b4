"""Equal chances: how often groups of employees are trained, awarded and promoted in a period.

Groups by sex, age, PNS or PPPK, unit and disability. PPPK have no kenaikan pangkat, so they are left out there. One
person at a time is counted in; what is told of small groups is ``impact``'s rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from personnel.domain.career import RankHeld
from personnel.domain.employee import Employee
from personnel.domain.impact import Compared, Tally
from personnel.domain.merit import Merit
from personnel.domain.requirements import full_years

OUTCOMES = ("training", "award", "promotion")
DIMENSIONS = ("sex", "age", "kind", "unit", "disability")
AGES, OLDEST = ((30, "<30"), (40, "30-39"), (50, "40-49")), ">=50"
APPOINTMENT = "211"
"""SIASN's jenisKP of the first rank, which is no promotion."""
QUARTERS = {"Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12)}


@dataclass(frozen=True, slots=True)
class Span:
    """A year, or a quarter of one: of shorter times single people could be told."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def span_of(period: str) -> Span:
    """The days of ``2026`` or ``2026-Q4``."""
    year, _, quarter = period.partition("-")
    first, last = QUARTERS[quarter] if quarter else (1, 12)
    return Span(date(int(year), first, 1), date(int(year), last, 30 if last in (6, 9) else 31))


@dataclass
class Report:
    """The counts of everybody seen so far."""

    span: Span
    tallies: dict[tuple[str, str], Tally] = field(
        default_factory=lambda: {(outcome, by): Tally() for outcome in OUTCOMES for by in DIMENSIONS}
    )

    def count(self, employee: Employee, merit: Merit, *, unit: str, disability: bool | None) -> None:
        """Take one employee in."""
        groups = dict(groups_of(employee, self.span.last, unit, disability=disability))
        got = {
            "training": any(course.completed_on in self.span for course in merit.courses),
            "award": any(award.granted_on in self.span for award in merit.awards),
            "promotion": any(rank.since in self.span for rank in promotions(employee)),
        }
        for (outcome, by), tally in self.tallies.items():
            can = outcome != "promotion" or employee.kind == "PNS"
            tally.count(groups[by], got=got[outcome], can=can)

    def compared(self) -> dict[str, dict[str, Compared]]:
        """By outcome and division: the rates that may be told."""
        return {outcome: {by: self.tallies[outcome, by].compared() for by in DIMENSIONS} for outcome in OUTCOMES}


def groups_of(employee: Employee, on: date, unit: str, *, disability: bool | None) -> Iterator[tuple[str, str]]:
    """The group of somebody in each division."""
    age = full_years(employee.birth_date, on)
    yield "sex", employee.sex
    yield "age", next((band for most, band in AGES if age < most), OLDEST)
    yield "kind", employee.kind
    yield "unit", unit
    yield "disability", "tidak tercatat" if disability is None else "ya" if disability else "tidak"


def promotions(employee: Employee) -> Iterator[RankHeld]:
    """Ranks that were given by promotion: not the first one of a history, unless its decree says that it was one."""
    for at, rank in enumerate(employee.career.ranks):
        if rank.promotion_kind != APPOINTMENT and (at or rank.promotion_kind):
            yield rank
