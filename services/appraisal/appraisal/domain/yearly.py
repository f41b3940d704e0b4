"""The annual result of an employee, from the closed periods of a year.

PermenPANRB 6/2022 asks for an annual evaluation and leaves open how periods become a year. Decided simply: H and P of
the year are the means of its periods, each weighing as many months as it has; the matrix gives the predikat. A period
without H (or P) says nothing about that axis and is left out of its mean. What is not there is shown, not guessed. A
proposal, as in a period: where the appraiser decided otherwise on a period, H and P do not know of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kinara.contracts.appraisal import Period, Predikat

from appraisal.domain.components import ZERO, shown
from appraisal.domain.periods import last_day, months_of
from appraisal.domain.rating import hasil_kerja, perilaku_kerja, propose
from appraisal.domain.refusals import InvalidPeriod


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """What one closed period gave on both axes, 0-100; None where an axis was not known."""

    period: Period
    h: Decimal | None
    p: Decimal | None


@dataclass(frozen=True, slots=True)
class YearResult:
    """What a year gives as a whole."""

    year: Period
    h: Decimal | None
    """Mean of the periods' H by months, two decimals; None where no period has one."""
    p: Decimal | None
    predikat: Predikat | None
    """Proposed by the matrix; None until both axes are known."""
    months: int
    """How many months the results cover."""
    missing: tuple[Period, ...]
    """Periods that were asked for and have no result."""
    without_h: tuple[Period, ...]
    """Periods with a result that does not know H."""
    without_p: tuple[Period, ...]

    @property
    def complete(self) -> bool:
        """Whether every period asked for is there, and knows both axes."""
        return not (self.missing or self.without_h or self.without_p)


def year_result(year: Period, results: Iterable[PeriodResult], asked: Iterable[Period] | None = None) -> YearResult:
    """The result of a year, ``2026``, from its periods.

    ``asked`` names the periods that should be there: those that a policy appraises and in which the employee served;
    every month of the year where nothing is said. No month counts twice, nor any of another year.
    """
    told = sorted(results, key=lambda result: last_day(result.period))
    weights = _weights(year, [result.period for result in told])
    covered = frozenset(month for result in told for month in months_of(result.period))
    expected = months_of(year) if asked is None else asked
    h, p = _mean([(r.h, weights[r.period]) for r in told]), _mean([(r.p, weights[r.period]) for r in told])
    return YearResult(
        year,
        h,
        p,
        None if h is None or p is None else propose(hasil_kerja(h), perilaku_kerja(p)),
        len(covered),
        tuple(period for period in expected if not covered.issuperset(months_of(period))),
        tuple(result.period for result in told if result.h is None),
        tuple(result.period for result in told if result.p is None),
    )


def _mean(marks: Sequence[tuple[Decimal | None, int]]) -> Decimal | None:
    """The mean of those marks that are known, by months."""
    total, months = ZERO, 0
    for mark, weight in marks:
        if mark is not None:
            total += mark * weight
            months += weight
    return shown(total / months) if months else None


def _weights(year: Period, periods: Sequence[Period]) -> dict[Period, int]:
    """How many months each period counts; refuses one of another year.

    Who moves from a monthly to a quarterly unit has months of their own in the quarter: the quarter counts the rest.
    """
    weights: dict[Period, int] = {}
    covered: set[str] = set()
    for period in sorted(periods, key=lambda one: len(months_of(one))):
        months = months_of(period)
        if period[:4] != year:
            raise InvalidPeriod(
                f"Periode {period} tidak termasuk tahun {year}. Periksa daftar periode.",
                detail=f"{period} is outside {year}",
                field="period",
            )
        weights[period] = len(covered.symmetric_difference(months) - covered)
        covered.update(months)
    return weights
