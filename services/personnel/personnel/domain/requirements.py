"""What a post asks of whoever is to hold it, and for each of it whether somebody has it: yes, no or not known, and why.

A finding proposes; people decide. PP 11/2017 jo. 17/2020 ps. 54 and 107 (managerial posts), PermenPANRB 1/2023
(functional levels).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kinara.contracts.appraisal import Predikat
from kinara.contracts.personnel import EmployeeKind

from personnel.domain.employee import Employee
from personnel.domain.golongan import golongan_of
from personnel.domain.levels import CALLED, Level, level_of
from personnel.domain.merit import Merit

PREDIKAT = {1: "Sangat Baik", 2: "Baik", 3: "Butuh Perbaikan", 4: "Kurang", 5: "Sangat Kurang"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What is asked; whatever is not stated is not asked."""

    kinds: tuple[EmployeeKind, ...] = ()
    golongan: str | None = None
    """Lowest PNS rank."""
    years_in_rank: int | None = None
    levels: tuple[Level, ...] = ()
    """The present post is of one of these."""
    years_in_post: int | None = None
    good_years: int = 0
    """So many of the last full years with a predikat of Baik or better."""
    angka_kredit: Decimal | None = None
    """Cumulative, in the present level."""
    courses: tuple[str, ...] = ()
    """Words, each of which a completed course has in its title."""
    age_most: int | None = None
    education: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is asked: had, not had, or (None) not known; and why."""

    code: str
    met: bool | None
    why: str


def findings(
    employee: Employee, merit: Merit, asked: Requirements, on: date, credit: Decimal | None = None
) -> tuple[Finding, ...]:
    """Everything that is asked, in a fixed order, as far as it is known on a day."""
    return (
        *_of_rank(employee, asked, on),
        *_of_post(employee, asked, on, credit),
        *_of_person(employee, merit, asked, on),
    )


def missing(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is not had, or not known."""
    return tuple(one for one in found if one.met is not True)


def full_years(since: date, on: date) -> int:
    """Whole years that have passed."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def _of_rank(employee: Employee, asked: Requirements, on: date) -> Iterator[Finding]:
    if asked.kinds:
        yield Finding(
            "jenis_pegawai", employee.kind in asked.kinds, f"{employee.kind}; diminta {', '.join(asked.kinds)}."
        )
    if asked.golongan is not None:
        if employee.kind == "PNS":
            least = golongan_of("PNS", asked.golongan)
            met = not least.is_higher_than(golongan_of("PNS", employee.golongan))
            yield Finding("golongan", met, f"Golongan {employee.golongan}; diminta paling rendah {least.code}.")
        else:
            yield Finding("golongan", None, "Golongan PPPK tidak sebanding dengan golongan PNS.")
    if asked.years_in_rank is not None:
        yield _lasting("masa_golongan", "golongan", employee.golongan_since, asked.years_in_rank, on)


def _of_post(employee: Employee, asked: Requirements, on: date, credit: Decimal | None) -> Iterator[Finding]:
    if asked.levels:
        level = level_of(employee.jabatan_kind, employee.jenjang, employee.jabatan)
        wanted = ", ".join(CALLED[one] for one in asked.levels)
        told = CALLED[level] if level else "tidak diketahui dari nama jabatannya"
        yield Finding("jenjang", None if level is None else level in asked.levels, f"Jenjang {told}; diminta {wanted}.")
    if asked.years_in_post is not None:
        yield _lasting("masa_jabatan", "jabatan", employee.jabatan_since, asked.years_in_post, on)
    if asked.angka_kredit is not None:
        met = None if credit is None else credit >= asked.angka_kredit
        had = "belum tercatat" if credit is None else f"{credit}"
        yield Finding("angka_kredit", met, f"Angka kredit {had}; diminta {asked.angka_kredit}.")


def _of_person(employee: Employee, merit: Merit, asked: Requirements, on: date) -> Iterator[Finding]:
    if asked.good_years:
        yield _good_years(merit, asked.good_years, on)
    for words in asked.courses:
        done = [course for course in merit.courses if words.casefold() in course.title.casefold()]
        why = f"{done[-1].title}, {done[-1].completed_on:%d-%m-%Y}." if done else f"Pelatihan '{words}' belum tercatat."
        yield Finding("pelatihan", bool(done), why)
    if asked.age_most is not None:
        age = full_years(employee.birth_date, on)
        yield Finding("usia", age <= asked.age_most, f"Usia {age} tahun; paling tinggi {asked.age_most}.")
    if asked.education is not None:
        yield Finding("pendidikan", None, f"Diminta {asked.education}; ijazah diperiksa pada seleksi administrasi.")


def _lasting(code: str, what: str, since: date | None, years: int, on: date) -> Finding:
    if since is None:
        return Finding(code, None, f"TMT {what} belum tercatat; diminta {years} tahun.")
    had = full_years(since, on)
    return Finding(code, had >= years, f"{had} tahun dalam {what} ini; diminta {years} tahun.")


def _good_years(merit: Merit, years: int, on: date) -> Finding:
    """Predikat of the last full years; one that nobody has confirmed yet is not known."""
    told, results = [], []
    for year in range(on.year - years, on.year):
        known = merit.appraisals.get(str(year))
        predikat = known.confirmed if known else None
        results.append(None if predikat is None else predikat <= Predikat.BAIK)
        told.append(f"{year} {'belum ditetapkan' if predikat is None else PREDIKAT[predikat]}")
    met = False if False in results else None if None in results else True
    return Finding("predikat", met, f"{'; '.join(told)}. Diminta paling rendah Baik.")
