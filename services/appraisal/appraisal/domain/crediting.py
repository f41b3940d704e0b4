"""What the closed periods of a year come to: its result, and the angka kredit that its predikat earns.

Periods that only tried a policy out (shadow) count in neither. Sources: PermenPANRB 6/2022; PermenPANRB 1/2023.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from kinara.contracts import Province
from kinara.contracts.appraisal import AngkaKreditCredited, Period, Predikat

from appraisal.domain.angka_kredit import Credit, credit_of
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.periods import last_day
from appraisal.domain.policy import Policies
from appraisal.domain.verdict import Verdict
from appraisal.domain.yearly import PeriodResult, YearResult, year_result


def real(closed: Iterable[ClosedPeriod], policies: Policies) -> list[ClosedPeriod]:
    """Those that count."""
    return [one for one in closed if not policies.named(one.score.policy).shadow]


def result_of(year: Period, closed: Iterable[ClosedPeriod], policies: Policies) -> YearResult:
    """The result of a year from its closed periods that stand."""
    return year_result(year, [PeriodResult(one.period, one.score.h, one.score.p) for one in real(closed, policies)])


def credit_of_year(result: YearResult, closed: Collection[ClosedPeriod], predikat: Predikat) -> Credit | None:
    """What a year earns, in the level held when its last period was closed."""
    if not closed:
        return None
    last = max(closed, key=lambda one: last_day(one.period))
    return credit_of(result.year, last.person, predikat, result.months)


def credited(
    verdict: Verdict, closed: Collection[ClosedPeriod], policies: Policies, at: datetime
) -> AngkaKreditCredited | None:
    """The fact that follows when the predikat of a year is decided; a later one of the same year replaces it."""
    result = result_of(verdict.period, closed, policies)
    found = credit_of_year(result, closed, verdict.predikat) if verdict.predikat is not None else None
    if found is None:
        return None
    return AngkaKreditCredited(
        province=Province(code=verdict.province), unit_path=verdict.unit_path, employee_id=verdict.employee_id,
        year=int(verdict.period), jenjang=found.jenjang, months=found.months, predikat=found.predikat,
        credit=found.credit, credited_at=at,
    )  # fmt: skip
