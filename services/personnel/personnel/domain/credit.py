"""Angka kredit: how much a functional post asks for in a rank and in its level, and what was collected in both.

Source: PermenPANRB 1/2023; reference §2.5 with its caution. The credit itself is the appraisal service's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from personnel.domain.jabatan import Jenjang
from personnel.domain.merit import Credit


@dataclass(frozen=True, slots=True)
class Need:
    """What one functional level asks for."""

    in_rank: Decimal
    """To collect in a rank for the next one."""
    in_jenjang: Decimal | None
    """To collect in the level for the next one; None where there is no higher level."""
    highest: str
    """The highest golongan of the level; a rank above it belongs to the next level."""


def _need(in_rank: int, in_jenjang: int | None, highest: str) -> Need:
    return Need(Decimal(in_rank), None if in_jenjang is None else Decimal(in_jenjang), highest)


NEEDS: Mapping[Jenjang, Need] = {
    "PM": _need(15, 15, "II/a"),
    "TR": _need(20, 60, "II/d"),
    "MH": _need(50, 100, "III/b"),
    "PY": _need(100, None, "III/d"),
    "PT": _need(50, 100, "III/b"),
    "MU": _need(100, 200, "III/d"),
    "MA": _need(150, 450, "IV/c"),
    "UT": _need(200, None, "IV/e"),
}


def in_rank(credits: Mapping[str, Credit], since: date, before: date) -> Decimal:
    """Collected in a rank held from ``since``, in the years before that of ``before``.

    Of the year in which the rank began count the months from then on, since a year has one predikat and so one rate.
    Where fewer months were appraised they are taken for the last of that year. (proposal)
    """
    total = Decimal(0)
    for year, credit in credits.items():
        if since.year < int(year) < before.year:
            total += credit.credit
        elif int(year) == since.year < before.year:
            held = min(credit.months, 13 - since.month)
            total += credit.credit * held / credit.months
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


def in_jenjang(credits: Mapping[str, Credit], jenjang: Jenjang, before: date) -> Decimal:
    """Collected in a level, in the years before that of ``before``."""
    counted = (one.credit for year, one in credits.items() if one.jenjang == jenjang and int(year) < before.year)
    return sum(counted, Decimal(0))


def years_without(credits: Mapping[str, Credit], since: date, before: date) -> tuple[int, ...]:
    """The years between two days of which no credit is known, the last one left out: it is not over."""
    return tuple(year for year in range(since.year, before.year) if str(year) not in credits)
