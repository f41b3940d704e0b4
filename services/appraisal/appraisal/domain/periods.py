"""Periods of appraisal: months, quarters and years as text, in the region's own calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from kinara.contracts import Province
from kinara.contracts.appraisal import Period

from appraisal.domain.refusals import InvalidPeriod, UnknownProvince

Cadence = Literal["monthly", "quarterly"]
"""How often a policy appraises (SIASN ``periodik``: 1 bulanan, 2 triwulan)."""

_FORM = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?")

_WIB, _WITA, _WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")

ZONES: dict[str, ZoneInfo] = {
    **dict.fromkeys(["11", "12", "13", "14", "15", "16", "17", "18", "19", "21"], _WIB),  # Sumatera
    **dict.fromkeys(["31", "32", "33", "34", "35", "36", "61", "62"], _WIB),  # Jawa, Kalimantan Barat and Tengah
    **dict.fromkeys(["51", "52", "53", "63", "64", "65"], _WITA),  # Bali, Nusa Tenggara, rest of Kalimantan
    **dict.fromkeys(["71", "72", "73", "74", "75", "76"], _WITA),  # Sulawesi
    **dict.fromkeys(["81", "82", "91", "92", "93", "94", "95", "96"], _WIT),  # Maluku, Papua
}
"""Time zone of each of the 38 provinces by Kemendagri code. Source: Keppres 41/1987."""

_KEMENDAGRI_OF_BPS = {"91": "92", "92": "96", "94": "91", "95": "93", "96": "94", "97": "95"}
"""The two schemes number the provinces of Papua differently; elsewhere they agree."""


def province_code(province: Province) -> str:
    """The Kemendagri code of a province given in either scheme."""
    code = province.code
    if province.scheme == "bps" and code.startswith("9"):
        code = _KEMENDAGRI_OF_BPS.get(code, "")
    if code not in ZONES:
        raise UnknownProvince(
            f"Kode provinsi {province.code} tidak dikenal. Periksa kode dan skemanya (Kemendagri atau BPS).",
            detail=f"no province has the {province.scheme} code {province.code}",
            field="province",
        )
    return code


def day_of(at: datetime, province: str) -> date:
    """The calendar day of a moment on the clocks of a province (Kemendagri code)."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone falls on no day")
    return at.astimezone(ZONES[province]).date()


def month_of(at: datetime, province: str) -> Period:
    """The month of a moment on the clocks of a province (Kemendagri code)."""
    return month_on(day_of(at, province))


def month_on(day: date) -> Period:
    """The month of a calendar day."""
    return f"{day.year}-{day.month:02d}"


@lru_cache(maxsize=4096)
def months_of(period: Period) -> tuple[Period, ...]:
    """The months that a period consists of, in order; refuses text that is no period."""
    form = _FORM.fullmatch(period)
    if form is None:
        raise InvalidPeriod(
            f"Periode {period!r} tidak dikenal. Tulis bulan (2026-11), triwulan (2026-Q4) atau tahun (2026).",
            detail=f"{period!r} is neither YYYY-MM, YYYY-Qn nor YYYY",
            field="period",
        )
    if form["month"]:
        return (period,)
    first, last = (int(form["quarter"]) * 3 - 2, int(form["quarter"]) * 3) if form["quarter"] else (1, 12)
    return tuple(f"{form['year']}-{month:02d}" for month in range(first, last + 1))


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


def elapsed_share(period: Period, day: date) -> Decimal:
    """Share of a period that has passed at the end of a day: 0 before it, 1 from its last day on."""
    start, end = first_day(period), last_day(period)
    if day < start:
        return Decimal(0)
    if day >= end:
        return Decimal(1)
    return Decimal((day - start).days + 1) / Decimal((end - start).days + 1)
