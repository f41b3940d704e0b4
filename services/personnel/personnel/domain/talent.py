"""The talent box of a person and year: confirmed performance by a potential that BKPSDM states with its source.

PermenPANRB 3/2020 (nine boxes), Kepka BKN 41/2025 (cuts 80/60; not seen in the decree itself). The cuts are data. A
year is kept with everything that was ever stated for it, so that it can be told why somebody stood where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from kinara.contracts.appraisal import Predikat

from personnel.domain.day import Day
from personnel.domain.merit import Merit
from personnel.domain.refusals import PerformanceUnknown, TooManyAssessments

CutsName = Literal["usual", "kepka-41-2025"]
MOST_ASSESSMENTS = 20

_80_60 = (Decimal(80), Decimal(60))
CUTS: Mapping[CutsName, tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]] = {
    "usual": ((Decimal("91.67"), Decimal(75)), _80_60),
    "kepka-41-2025": (_80_60, _80_60),
}
"""From which mark the highest and the middle level of performance and of potential begin: with the usual ones Baik is
*sesuai ekspektasi*, with those in use with the Kepka *di atas ekspektasi*."""
MARKS: Mapping[Predikat, Decimal] = {
    Predikat.SANGAT_BAIK: Decimal(100),
    Predikat.BAIK: Decimal(80),
    Predikat.BUTUH_PERBAIKAN: Decimal(60),
    Predikat.KURANG: Decimal(40),
    Predikat.SANGAT_KURANG: Decimal(20),
}
MATRIX = ((9, 7, 4), (8, 5, 2), (6, 3, 1))
"""Box by level of performance (rows) and of potential (columns), the highest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What was stated for a year, and the box that follows."""

    predikat: Predikat
    potential: Decimal
    source: str
    """Where the potential comes from: an assessment centre's report, a committee's minutes."""
    cuts: CutsName
    box: int
    score: Decimal
    """Half performance, half potential."""
    by: str
    on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentYear:
    """One person's box of one year."""

    id: str
    employee_id: str
    unit_path: str
    year: int
    box: int
    assessments: tuple[Assessment, ...]
    """Oldest first; the last one holds."""

    @property
    def latest(self) -> Assessment:
        """What holds."""
        return self.assessments[-1]


def talent_id(employee_id: str, year: int) -> str:
    """A person has one box a year."""
    return f"{employee_id}:{year}"


def box_of(performance: Decimal, potential: Decimal, cuts: CutsName) -> int:
    """Which of the nine boxes, 9 the best."""
    of_performance, of_potential = CUTS[cuts]
    return MATRIX[_level(performance, of_performance)][_level(potential, of_potential)]


def confirmed(merit: Merit, year: int) -> Predikat | None:
    """The predikat of a year as it holds; None while nobody has decided it."""
    known = merit.appraisals.get(str(year))
    return known.confirmed if known else None


def assess(
    known: TalentYear | None, merit: Merit, *, unit_path: str, year: int, potential: Decimal, source: str,
    cuts: CutsName, by: str, on: Day,
) -> TalentYear:  # fmt: skip
    """State the potential of a year; performance is the confirmed predikat, which nobody states here."""
    predikat = confirmed(merit, year)
    if predikat is None:
        raise PerformanceUnknown(
            f"Predikat tahun {year} belum ditetapkan. Kotak talenta menyusul setelah penilaian tahun itu dikonfirmasi.",
            field="year",
            detail="the box needs the confirmed predikat of the year",
        )
    stated = Assessment(
        predikat=predikat, potential=potential, source=source, cuts=cuts, box=box_of(MARKS[predikat], potential, cuts),
        score=(MARKS[predikat] + potential) / 2, by=by, on=on,
    )  # fmt: skip
    if known is None:
        id_ = talent_id(merit.employee_id, year)
        known = TalentYear(
            id=id_, employee_id=merit.employee_id, unit_path=unit_path, year=year, box=stated.box, assessments=()
        )
    if len(known.assessments) >= MOST_ASSESSMENTS:
        raise TooManyAssessments(
            f"Tahun {year} sudah dinilai {MOST_ASSESSMENTS} kali.", field="year", detail="too many assessments"
        )
    return replace(known, unit_path=unit_path, box=stated.box, assessments=(*known.assessments, stated))


def _level(mark: Decimal, cuts: tuple[Decimal, Decimal]) -> int:
    high, middle = cuts
    return 0 if mark >= high else 1 if mark >= middle else 2
