"""Survei kepuasan masyarakat (SKM): nine marks from each citizen, and the index (IKM) that a period's sums amount to.

Source: PermenPANRB 14/2017. Each unsur weighs exactly 1/9, so that all fours give 100.00; sums are kept, never
averages, so that quarters and years follow from their months without rounding twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.periods import months_of

from feedback.domain.answering import UNSUR, Answer
from feedback.domain.refusals import InvalidPeriod, InvalidPopulation

Mutu = Literal["A", "B", "C", "D"]
"""Mutu pelayanan."""

_Grade = tuple[Mutu, str]
_CUTS: tuple[tuple[Decimal, _Grade], ...] = (
    (Decimal("88.31"), ("A", "Sangat baik")),
    (Decimal("76.61"), ("B", "Baik")),
    (Decimal("65.00"), ("C", "Kurang baik")),
)
"""Lowest IKM of each mutu but the last; the cuts of KEP/25/2004 (43.75, 62.50, 81.25) are no longer law."""

_LOWEST_GRADE: _Grade = ("D", "Tidak baik")

_FIRST_YEAR = 1000
"""Of which periods can be written."""

PARTS = 16
"""In how many tallies the answers of a unit and month are counted, each named by a hexadecimal digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The sums of a unit in a period. By law every answer counts the same in the IKM, whatever its trust.

    One that weighs nothing, since its address has spoken so often, counts nowhere; the public sees those proven.
    """

    id: str
    unit_id: str
    period: str
    """``2026-11`` a month, ``2026-Q4`` a quarter, ``2026`` a year, in the region's own calendar."""
    province: Province
    unit_path: str
    answers: int = 0
    sums: tuple[int, ...] = (0,) * len(UNSUR)
    proven: int = 0
    """Those of them with a ticket, an invitation or a verified account: nobody adds as many as they like.

    None of what was counted before these were told apart: such months are published without answers.
    """
    proven_sums: tuple[int, ...] = (0,) * len(UNSUR)
    campaign_id: str | None = None
    """The answers to a campaign are counted by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a result differs from the one before it."""

    ikm: Decimal
    nrr: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is published of a period: NRR of each unsur and the IKM, both half-up at two decimals."""

    answers: int
    nrr: Mapping[str, Decimal]
    ikm: Decimal
    mutu: Mutu
    performance: str
    """Kinerja unit pelayanan in words, e.g. ``Baik``."""


def periods_of(day: date) -> tuple[str, str, str]:
    """The month, quarter and year of a day on the region's own calendar."""
    return f"{day:%Y-%m}", f"{day.year:04}-Q{(day.month + 2) // 3}", f"{day.year:04}"


def months_in(period: str) -> tuple[str, ...]:
    """The months of a period; refuses what is none."""
    try:
        return months_of(period)
    except ValueError as error:
        raise InvalidPeriod(
            f"Periode {period} tidak dikenal. Tulis bulan (2026-11), triwulan (2026-Q4), atau tahun (2026).",
            field="period",
            detail="expected YYYY-MM, YYYY-Qn or YYYY",
        ) from error


def period_before(period: str) -> str:
    """The month, quarter or year before a period."""
    months = months_in(period)
    year, month = int(months[0][:4]), int(months[0][5:])
    year, month = divmod(max(year * 12 + month - 1 - len(months), _FIRST_YEAR * 12), 12)
    return {1: f"{year:04}-{month + 1:02}", 3: f"{year:04}-Q{month // 3 + 1}"}.get(len(months), f"{year:04}")


def blank_tally(
    unit_id: str, period: str, *, province: Province, unit_path: str, part: str = "0", campaign: str | None = None
) -> Tally:
    """The tally of a unit and period before the first answer, or of one ``part`` of it.

    Answers that come at the same moment are counted in different parts, so that none waits for another.
    """
    months_in(period)
    own = f"{unit_id}/{period}/{campaign}/{part}" if campaign else f"{unit_id}/{period}/{part}"
    return Tally(id=own, unit_id=unit_id, period=period, province=province, unit_path=unit_path, campaign_id=campaign)


def add(tally: Tally, given: Answer, count: int = 1) -> Tally:
    """The tally with one answer more, or with -1 one less."""
    if not given.trust:
        return tally
    marks = tuple(count * mark for mark in given.marks)
    added = add_sums(tally, count, marks)
    if given.proof == "none":
        return added
    return replace(added, proven=added.proven + count, proven_sums=_columns(added.proven_sums, marks))


def together(whole: Tally, parts: Iterable[Tally]) -> Tally:
    """``whole`` with the sums of all ``parts``: a quarter from its months, a parent unit from its children."""
    for part in parts:
        whole = add_sums(whole, part.answers, part.sums)
    return whole


def add_sums(tally: Tally, answers: int, sums: tuple[int, ...]) -> Tally:
    """The tally with many answers more, of which only the sums are known."""
    return replace(tally, answers=tally.answers + answers, sums=_columns(tally.sums, sums))


def result_of(tally: Tally) -> Result | None:
    """NRR, IKM and mutu of a tally; None while nobody has answered."""
    if not tally.answers:
        return None
    ikm = _half_up(Fraction(25 * sum(tally.sums), len(UNSUR) * tally.answers))
    mutu, performance = mutu_of(ikm)
    nrr = {u: _half_up(Fraction(total, tally.answers)) for u, total in zip(UNSUR, tally.sums, strict=True)}
    return Result(answers=tally.answers, nrr=nrr, ikm=ikm, mutu=mutu, performance=performance)


def change_of(now: Result | None, before: Result | None) -> Change | None:
    """The difference between two published results; None while there is only one."""
    if now is None or before is None:
        return None
    return Change(ikm=now.ikm - before.ikm, nrr={unsur: now.nrr[unsur] - before.nrr[unsur] for unsur in UNSUR})


def mutu_of(ikm: Decimal) -> _Grade:
    """Mutu and kinerja of an IKM from 25 to 100.

    The published intervals leave gaps (76.60 to 76.61): the index is rounded half-up to two decimals first.
    """
    rounded = _half_up(Fraction(ikm))
    return next((grade for cut, grade in _CUTS if rounded >= cut), _LOWEST_GRADE)


def sample_size(population: int) -> int:
    """Answers needed for a population of served citizens (Krejcie and Morgan 1970: χ² 3.841, P 0.5, d 0.05)."""
    if population < 0:
        raise InvalidPopulation(
            "Jumlah penerima layanan tidak boleh kurang dari nol. Periksa jumlahnya.",
            field="population",
            detail=f"expected 0 or more, got {population}",
        )
    spread = Fraction("3.841") * Fraction(1, 4)
    return floor(spread * population / (Fraction("0.0025") * (population - 1) + spread) + Fraction(1, 2))


def _columns(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(one, other, strict=True)))


def _half_up(exact: Fraction) -> Decimal:
    """Two decimals, halves upwards; exact, since no quotient is ever a binary or a 28-digit fraction."""
    return Decimal(floor(exact * 100 + Fraction(1, 2))).scaleb(-2)
