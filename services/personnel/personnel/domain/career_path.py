"""Where a career may lead next from the present post, and what is still missing for it.

Functional ladder: PermenPANRB 1/2023, PerBKN 3/2023 (cumulative angka kredit for the next level, the rank at which a
level ends). Managerial: PP 11/2017 jo. 17/2020 ps. 54 and 107 (years, predikat, leadership courses; from memory of the
text, to be checked against it). A step is a possibility, not a right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from personnel.domain.employee import Employee
from personnel.domain.levels import Level, level_of
from personnel.domain.merit import Merit
from personnel.domain.requirements import Finding, Requirements, findings, missing


def _functional(credit: int | None, golongan: str, education: str | None = None) -> Requirements:
    return Requirements(
        kinds=("PNS",), golongan=golongan, good_years=2, education=education, courses=("uji kompetensi",),
        angka_kredit=None if credit is None else Decimal(credit),
    )  # fmt: skip


_PENGAWAS = Requirements(
    kinds=("PNS",), golongan="III/b", years_in_post=4, good_years=2, courses=("kepemimpinan pengawas",), education="D-3"
)
_ADMINISTRATOR = Requirements(
    kinds=("PNS",), golongan="III/d", years_in_post=3, good_years=2, courses=("kepemimpinan administrator",),
    education="S-1 atau D-4",
)  # fmt: skip
_JPT_PRATAMA = Requirements(
    kinds=("PNS",), golongan="IV/a", years_in_post=2, good_years=2, courses=("kepemimpinan nasional",), age_most=56,
    education="S-1 atau D-4",
)  # fmt: skip

LADDER: Mapping[Level, Mapping[Level, Requirements]] = {
    "PM": {"TR": _functional(15, "II/a")},
    "TR": {"MH": _functional(60, "II/d")},
    "MH": {"PY": _functional(100, "III/b"), "pengawas": _PENGAWAS},
    "PY": {"PT": _functional(None, "III/a", "S-1 atau D-4"), "pengawas": _PENGAWAS},
    "PT": {"MU": _functional(100, "III/b"), "pengawas": _PENGAWAS},
    "MU": {"MA": _functional(200, "III/d"), "administrator": _ADMINISTRATOR},
    "MA": {"UT": _functional(450, "IV/c"), "jpt_pratama": _JPT_PRATAMA},
    "UT": {},
    "pelaksana": {"pengawas": _PENGAWAS, "PT": _functional(None, "III/a", "S-1 atau D-4")},
    "pengawas": {"administrator": _ADMINISTRATOR, "MU": _functional(None, "III/c", "S-1 atau D-4")},
    "administrator": {"jpt_pratama": _JPT_PRATAMA, "MA": _functional(None, "IV/a", "S-1 atau D-4")},
    "jpt_pratama": {},
}
"""By present level, the next ones with what they ask."""


@dataclass(frozen=True, slots=True)
class Step:
    """A level within reach, everything that it asks, and what is missing for it."""

    level: Level
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[Finding, ...]:
        """What is not had, or not known."""
        return missing(self.findings)


def next_steps(
    employee: Employee, merit: Merit, on: date, credit: Decimal | None = None
) -> tuple[Level | None, tuple[Step, ...]]:
    """The present level and those that follow it; nothing follows a level that is not known."""
    level = level_of(employee.jabatan_kind, employee.jenjang, employee.jabatan)
    following = LADDER[level] if level else {}
    return level, tuple(
        Step(wanted, findings(employee, merit, asked, on, credit)) for wanted, asked in following.items()
    )
