"""What the closed periods of a year come to: its result, and the angka kredit that its predikat earns.

Periods that only tried a policy out (shadow) count in neither. Sources: PermenPANRB 6/2022; PermenPANRB 1/2023.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from kinara.contracts import Province
from kinara.contracts.appraisal import AngkaKreditCredited, Period, Predikat

from appraisal.domain.angka_kredit import Credit, Jenjang, credit, jenjang_of
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.periods import last_day, months_of
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.verdict import Verdict
from appraisal.domain.yearly import PeriodResult, YearResult, year_result


def real(closed: Iterable[ClosedPeriod], policies: Policies) -> list[ClosedPeriod]:
    """Those that count."""
    return [one for one in closed if not policies.named(one.score.policy).shadow]


def result_of(year: Period, closed: Iterable[ClosedPeriod], policies: Policies) -> YearResult:
    """The result of a year from its closed periods that stand."""
    return year_result(year, [PeriodResult(one.period, one.score.h, one.score.p) for one in real(closed, policies)])


def credits_of(period: Period, closed: Iterable[ClosedPeriod], card: Scorecard, predikat: Predikat) -> list[Credit]:
    """What the months of a period earn: a credit for each level held in them, the one held first before the others.

    A month counts for the level held on its last day, whenever its period was closed; none for PPPK and without a
    level. (proposal): how a month is divided in which a level begins, no source says.
    """
    held: dict[str, Jenjang] = {}
    for one in closed:
        if (person := one.person) is None:
            continue
        for month in months_of(one.period):
            level = card.level_on(last_day(month))
            if not card.levels:  # none was dated: what it was closed with, where that was known by then
                level = person.jenjang or level
            if (jenjang := jenjang_of(person.kind, level)) is not None:
                held[month] = jenjang
    months: dict[Jenjang, list[int]] = {}
    for month in sorted(held):
        months.setdefault(held[month], []).append(int(month[5:]))
    return [
        Credit(period, jenjang, predikat, len(own), credit(jenjang, predikat, len(own)), own[0], own[-1])
        for jenjang, own in months.items()
    ]


def credited(
    verdict: Verdict, closed: Collection[ClosedPeriod], card: Scorecard, policies: Policies, at: datetime
) -> list[AngkaKreditCredited]:
    """The facts that follow when the predikat of a year is decided; later ones of the same year replace them."""
    if verdict.predikat is None:
        return []
    found = credits_of(verdict.period, real(closed, policies), card, verdict.predikat)
    return [
        AngkaKreditCredited(
            province=Province(code=verdict.province), unit_path=verdict.unit_path, employee_id=verdict.employee_id,
            year=int(verdict.period), jenjang=one.jenjang, months=one.months, predikat=one.predikat,
            credit=one.credit, credited_at=at, first_month=one.first_month, last_month=one.last_month,
            levels=tuple(each.jenjang for each in found),
        )
        for one in found
    ]  # fmt: skip
