"""Angka kredit: what a predikat is worth to somebody in a functional post, and how far it is to the next rank.

Credit = coefficient of the level x percentage of the predikat x months / 12, two decimals, half-up. Each credit is
rounded as it is certified, so twelve months certified one by one may differ from the year by a few hundredths.
Sources: PermenPANRB 1/2023; PerBKN 3/2023.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from kinara.contracts.appraisal import Period, Predikat
from kinara.contracts.personnel import EmployeeKind

from appraisal.domain.components import HUNDRED, ZERO, shown
from appraisal.domain.refusals import InvalidPeriod, UnknownJenjang

Jenjang = Literal["PM", "TR", "MH", "PY", "PT", "MU", "MA", "UT"]
"""Functional levels with SIASN's codes: keterampilan PM to PY, keahlian PT to UT."""


@dataclass(frozen=True, slots=True)
class Level:
    """What the rules say of one functional level."""

    name: str
    coefficient: Decimal
    """Credit of a year with predikat Baik."""
    for_pangkat: Decimal
    """Credit to collect in a pangkat for the next one."""
    for_jenjang: Decimal | None
    """Credit to collect in the level for the next one; None where there is no higher level."""
    following: Jenjang | None


def _level(name: str, coefficient: str, pangkat: int, jenjang: int | None, following: Jenjang | None) -> Level:
    above = None if jenjang is None else Decimal(jenjang)
    return Level(name, Decimal(coefficient), Decimal(pangkat), above, following)


LEVELS: Mapping[Jenjang, Level] = {
    "PM": _level("Pemula", "3.75", 15, 15, "TR"),
    "TR": _level("Terampil", "5", 20, 60, "MH"),
    "MH": _level("Mahir", "12.5", 50, 100, "PY"),
    "PY": _level("Penyelia", "25", 100, None, None),
    "PT": _level("Ahli Pertama", "12.5", 50, 100, "MU"),
    "MU": _level("Ahli Muda", "25", 100, 200, "MA"),
    "MA": _level("Ahli Madya", "37.5", 150, 450, "UT"),
    "UT": _level("Ahli Utama", "50", 200, None, None),
}
PERCENTAGES: Mapping[Predikat, Decimal] = {
    Predikat.SANGAT_BAIK: Decimal(150),
    Predikat.BAIK: Decimal(100),
    Predikat.BUTUH_PERBAIKAN: Decimal(75),
    Predikat.KURANG: Decimal(50),
    Predikat.SANGAT_KURANG: Decimal(25),
}


@dataclass(frozen=True, slots=True)
class Credit:
    """Angka kredit of one decided period, in one of the levels held in it."""

    period: Period
    jenjang: Jenjang
    predikat: Predikat
    months: int
    credit: Decimal
    first_month: int
    last_month: int
    """Of the calendar; between them may lie months that were not appraised, or in another level."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Credit still to collect; zero is enough. It opens the way and promises no promotion: other rules hold too."""

    pangkat: Decimal
    jenjang: Decimal | None
    """None where there is no higher level."""


def jenjang_of(kind: EmployeeKind, code: str | None) -> Jenjang | None:
    """The level in which somebody collects credit; None without a functional level, and for PPPK, who have no ranks."""
    if code is None or kind == "PPPK":
        return None
    if code not in LEVELS:
        raise UnknownJenjang(
            f"Jenjang '{code[:20]}' tidak dikenal. Isi dengan {', '.join(LEVELS)}.",
            detail="unknown functional level",
            field="jenjang",
        )
    return cast(Jenjang, code)


def credit(jenjang: Jenjang, predikat: Predikat, months: int = 12) -> Decimal:
    """Credit of a predikat that holds for so many months, 1 to 12, of one year."""
    if not 1 <= months <= 12:
        raise InvalidPeriod(
            f"Angka kredit dihitung untuk 1 sampai 12 bulan, bukan {months}. Hitung setiap tahun tersendiri.",
            detail=f"{months} months are no part of a year",
            field="months",
        )
    return shown(LEVELS[jenjang].coefficient * PERCENTAGES[predikat] * months / (HUNDRED * 12))


def missing(jenjang: Jenjang, *, in_pangkat: Decimal, in_jenjang: Decimal) -> Missing:
    """What is missing to the next pangkat and level, from what was collected in the present ones."""
    level = LEVELS[jenjang]
    return Missing(
        max(ZERO, level.for_pangkat - in_pangkat),
        None if level.for_jenjang is None else max(ZERO, level.for_jenjang - in_jenjang),
    )
