"""Periods of appraisal: months, quarters and years as text, in the region's own calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from kinara.contracts import Province, periods, regions
from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of

from appraisal.domain.refusals import InvalidPeriod, UnknownProvince

EASTERNMOST = "91"
"""The province where a day begins first."""
Cadence = Literal["monthly", "quarterly"]
"""How often a policy appraises (SIASN ``periodik``: 1 bulanan, 2 triwulan)."""


def province_code(province: Province) -> str:
    """The Kemendagri code of a province given in either scheme."""
    try:
        return regions.kemendagri_code(province)
    except regions.UnknownProvince as unknown:
        raise UnknownProvince(
            f"Kode provinsi {province.code} tidak dikenal. Periksa kode dan skemanya (Kemendagri atau BPS).",
            detail=str(unknown),
            field="province",
        ) from unknown


def written(day: date) -> str:
    """A day as Indonesians write it: 30-11-2026."""
    return f"{day.day:02d}-{day.month:02d}-{day.year:04d}"


def month_of(at: datetime, province: str) -> Period:
    """The month of a moment on the clocks of a province (Kemendagri code)."""
    return month_on(day_of(at, province))


def month_on(day: date) -> Period:
    """The month of a calendar day."""
    return day.isoformat()[:7]


def months_of(period: Period) -> tuple[Period, ...]:
    """The months that a period consists of, in order; refuses text that is no period."""
    try:
        return periods.months_of(period)
    except ValueError as unknown:
        raise InvalidPeriod(
            f"Periode {period!r} tidak dikenal. Tulis bulan (2026-11) atau triwulan (2026-Q4).",
            detail=str(unknown),
            field="period",
        ) from unknown


@lru_cache(maxsize=4096)
def quarter_of(month: Period) -> Period:
    """The quarter that a month belongs to."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def period_of(month: Period, cadence: Cadence) -> Period:
    """The period in which a policy of this cadence appraises a month."""
    return month if cadence == "monthly" else quarter_of(month)


@lru_cache(maxsize=4096)
def first_day(period: Period) -> date:
    """The first day of a period."""
    return date.fromisoformat(f"{months_of(period)[0]}-01")


@lru_cache(maxsize=4096)
def last_day(period: Period) -> date:
    """The last day of a period."""
    start = date.fromisoformat(f"{months_of(period)[-1]}-01")
    return (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def following_month(month: Period) -> Period:
    """The month after a month."""
    return month_on(last_day(month) + timedelta(days=1))


def preceding(period: Period) -> Period:
    """The period of the same length before a period."""
    month = month_on(first_day(period) - timedelta(days=1))
    return {1: month, 3: quarter_of(month)}.get(len(months_of(period)), month[:4])


def period_ends_year(period: Period) -> bool:
    """Whether a period is the last of its year."""
    return months_of(period)[-1].endswith("-12")


def elapsed_share(period: Period, day: date) -> Decimal:
    """Share of a period that has passed at the end of a day: 0 before it, 1 from its last day on."""
    start, end = first_day(period), last_day(period)
    if day < start:
        return Decimal(0)
    if day >= end:
        return Decimal(1)
    return Decimal((day - start).days + 1) / Decimal((end - start).days + 1)
