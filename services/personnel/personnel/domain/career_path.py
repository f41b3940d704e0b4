"""Where a career may lead next from the present post, and what is still missing for it.

Functional ladder: PermenPANRB 1/2023, PerBKN 3/2023 (cumulative angka kredit for the next level, the rank at which a
level ends); into the ladder from elsewhere, what BKN asks of a perpindahan (predikat, test, education, age; its two
years in the field are not judged). Managerial: PP 11/2017 ps. 54 (pengawas, administrator: years, predikat, education)
and ps. 107 as changed by PP 17/2020 (JPT pratama: years, education, age; its five years in the field are not judged).
The ranks (PP 100/2000 ps. 5 with PP 13/2002, superseded), the courses, and the predikat for JPT pratama are what
openings usually ask (proposal). A step is a possibility, not a right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from personnel.domain.credit import NEEDS
from personnel.domain.employee import Employee
from personnel.domain.finding import Finding
from personnel.domain.jabatan import Jenjang
from personnel.domain.levels import Level, level_of
from personnel.domain.merit import Merit
from personnel.domain.requirements import Requirements, findings


def _next_of(jenjang: Jenjang) -> Requirements:
    """To the next functional level: its angka kredit, and the rank with which this one ends."""
    need = NEEDS[jenjang]
    return Requirements(
        kinds=("PNS",), golongan=need.highest, angka_kredit=need.in_jenjang, good_years=2, courses=("uji kompetensi",),
        source="PermenPANRB 1/2023; PerBKN 3/2023",
    )  # fmt: skip


def _into(golongan: str, age_most: int) -> Requirements:
    """Into a functional post of keahlian from another kind of post (perpindahan dari jabatan lain)."""
    return Requirements(
        kinds=("PNS",), golongan=golongan, good_years=2, courses=("uji kompetensi",), age_most=age_most, education="S1",
        source="PermenPANRB 1/2023; syarat perpindahan menurut BKN",
    )  # fmt: skip


_PENGAWAS = Requirements(
    kinds=("PNS",), golongan="III/b", years_in_post=4, good_years=2, courses=("kepemimpinan pengawas",), education="D3"
)
_ADMINISTRATOR = Requirements(
    kinds=("PNS",), golongan="III/d", years_in_post=3, good_years=2, courses=("kepemimpinan administrator",),
    education="S1",
)  # fmt: skip
_JPT_PRATAMA = Requirements(
    kinds=("PNS",), golongan="IV/a", years_in_post=2, good_years=2, courses=("kepemimpinan nasional",), age_most=56,
    education="S1",
)  # fmt: skip

LADDER: Mapping[Level, Mapping[Level, Requirements]] = {
    "PM": {"TR": _next_of("PM")},
    "TR": {"MH": _next_of("TR")},
    "MH": {"PY": _next_of("MH"), "pengawas": _PENGAWAS},
    "PY": {"PT": _into("III/a", 53), "pengawas": _PENGAWAS},
    "PT": {"MU": _next_of("PT"), "pengawas": _PENGAWAS},
    "MU": {"MA": _next_of("MU"), "administrator": _ADMINISTRATOR},
    "MA": {"UT": _next_of("MA"), "jpt_pratama": _JPT_PRATAMA},
    "UT": {},
    "pelaksana": {"pengawas": _PENGAWAS, "PT": _into("III/a", 53)},
    "pengawas": {"administrator": _ADMINISTRATOR, "MU": _into("III/c", 53)},
    "administrator": {"jpt_pratama": _JPT_PRATAMA, "MA": _into("IV/a", 55)},
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
        return tuple(one for one in self.findings if one.result != "met")


def next_steps(employee: Employee, merit: Merit, on: date) -> tuple[Level | None, tuple[Step, ...]]:
    """The present level and those that follow it; nothing follows a level that is not known."""
    level = level_of(employee.jabatan_kind, employee.jenjang, employee.jabatan)
    following = LADDER[level] if level else {}
    return level, tuple(Step(wanted, findings(employee, merit, asked, on)) for wanted, asked in following.items())
