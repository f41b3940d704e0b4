"""What a post asks of whoever is to hold it, and for each of it whether somebody has it, and why.

A finding proposes; people decide. PP 11/2017 ps. 54 and 107, the latter as changed by PP 17/2020 (managerial posts),
PermenPANRB 1/2023 (functional levels); rank and courses stand in neither, but in openings and standards of competence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kinara.contracts.appraisal import Predikat
from kinara.contracts.personnel import EmployeeKind

from personnel.domain import credit
from personnel.domain.appointment import appointed_on
from personnel.domain.day import written
from personnel.domain.dossier import Education
from personnel.domain.eligibility import PREDIKAT
from personnel.domain.employee import Employee
from personnel.domain.finding import Finding, Judged, Result, found
from personnel.domain.golongan import golongan_of
from personnel.domain.levels import CALLED, Level, level_of
from personnel.domain.merit import Merit

_POSTS, _LEVELS = "PP 11/2017 jo. PP 17/2020", "PermenPANRB 1/2023; PerBKN 3/2023"
_OPENINGS = "Syarat pembukaan atau standar kompetensi jabatan"
RULES: Mapping[str, tuple[str, str]] = {
    "kind": ("Jenis pegawai", _POSTS),
    "golongan": ("Golongan paling rendah", _OPENINGS),
    "years_in_rank": ("Masa dalam golongan", _OPENINGS),
    "level": ("Jenjang jabatan sekarang", _POSTS),
    "years_in_post": ("Masa dalam jabatan", _POSTS),
    "angka_kredit": ("Angka kredit dalam jenjang", _LEVELS),
    "predikat": ("Predikat paling rendah Baik", "PermenPANRB 6/2022"),
    "course": ("Pelatihan atau uji kompetensi", _OPENINGS),
    "age": ("Usia paling tinggi", _POSTS),
    "education": ("Pendidikan paling rendah", _POSTS),
    "discipline": ("Tidak sedang dihukum disiplin", "PP 94/2021"),
}
"""By code: the title and the source of what may be asked."""
_GRADES: Mapping[Education, int] = {
    "SD": 1, "SMP": 2, "SMP kejuruan": 2, "SMA": 3, "D1": 4, "D2": 5, "D3": 6, "D4": 7, "S1": 7, "profesi": 8, "S2": 9,
    "S3": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What is asked; whatever is not stated is not asked, but that no disciplinary measure runs always is."""

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
    education: Education | None = None
    source: str | None = None
    """Where all of this is asked, but for predikat and discipline, if not as ``RULES`` says."""


def findings(employee: Employee, merit: Merit, asked: Requirements, on: date) -> tuple[Finding, ...]:
    """Everything that is asked, in a fixed order, as far as it is known on a day."""
    parts = _of_rank(employee, asked, on), _of_post(employee, merit, asked, on), _of_person(employee, merit, asked, on)
    return tuple(found(code, RULES[code][0], _source(code, asked), judged) for part in parts for code, judged in part)


def _source(code: str, asked: Requirements) -> str:
    return asked.source if asked.source and code not in ("predikat", "discipline") else RULES[code][1]


def full_years(since: date, on: date) -> int:
    """Whole years that have passed."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def _of_rank(employee: Employee, asked: Requirements, on: date) -> Iterator[tuple[str, Judged]]:
    if asked.kinds:
        yield "kind", _judged(employee.kind in asked.kinds, employee.kind, ", ".join(asked.kinds))
    if asked.golongan is not None:
        least, known = golongan_of("PNS", asked.golongan), None
        if employee.kind == "PNS":
            known = not least.is_higher_than(golongan_of("PNS", employee.golongan))
        yield "golongan", _judged(known, f"Golongan {employee.golongan}", f"paling rendah {least.code} (PNS)")
    if asked.years_in_rank is not None:
        yield "years_in_rank", _lasting("golongan", employee.golongan_since, asked.years_in_rank, on)


def _of_post(employee: Employee, merit: Merit, asked: Requirements, on: date) -> Iterator[tuple[str, Judged]]:
    if asked.levels:
        level = level_of(employee.jabatan_kind, employee.jenjang, employee.jabatan)
        told = CALLED[level] if level else "tidak diketahui dari nama jabatannya"
        wanted = ", ".join(CALLED[one] for one in asked.levels)
        yield "level", _judged(None if level is None else level in asked.levels, f"Jenjang {told}", wanted)
    if asked.years_in_post is not None:
        yield "years_in_post", _in_post(employee, asked.years_in_post, on)
    if asked.angka_kredit is not None:
        yield "angka_kredit", _credited(employee, merit, asked.angka_kredit, on)


def _of_person(employee: Employee, merit: Merit, asked: Requirements, on: date) -> Iterator[tuple[str, Judged]]:
    if asked.good_years:
        yield "predikat", _good_years(merit, asked.good_years, on)
    for words in asked.courses:
        done = [course for course in merit.courses if words.casefold() in course.title.casefold()]
        told = f"{done[-1].title}, {written(done[-1].completed_on)}" if done else "Belum tercatat"
        yield "course", _judged(bool(done), told, f"pelatihan '{words}'")
    if asked.age_most is not None:
        age = full_years(employee.birth_date, on)
        yield "age", _judged(age <= asked.age_most, f"Usia {age} tahun", f"paling tinggi {asked.age_most} tahun")
    if asked.education is not None:
        had = employee.dossier.education
        known = None if had is None else _GRADES[had] >= _GRADES[asked.education]
        yield "education", _judged(known, f"Pendidikan {had or 'belum tercatat'}", f"paling rendah {asked.education}")
    running = employee.dossier.is_disciplined(on, on)
    told = "Hukuman disiplin sedang berjalan" if running else "Tidak ada hukuman disiplin yang berjalan"
    yield "discipline", _judged(not running, told, "tidak ada")


def _judged(known: bool | None, told: str, asked: str) -> Judged:
    result: Result = "unknown" if known is None else "met" if known else "not_met"
    return Judged(result, f"{told}; diminta {asked}.", None if known else asked)


def _in_post(employee: Employee, years: int, on: date) -> Judged:
    """Years in posts of a level count together (ps. 54 and 107); of a post before, the level is not always known.

    So too few are not known to be too few, unless there were no more since the appointment.
    """
    since = _in_level_since(employee)
    judged = _lasting("jabatan", since, years, on)
    if since is None or judged.result == "met" or full_years(appointed_on(employee.nips), on) < years:
        return judged
    told = f"{full_years(since, on)} tahun dalam jabatan ini; masa dalam jabatan setingkat sebelum ini belum dihitung"
    return _judged(None, told, f"{years} tahun")


def _in_level_since(employee: Employee) -> date | None:
    """Since when the present post, and those right before it whose name tells the same managerial level, are held."""
    since, level = employee.jabatan_since, level_of(employee.jabatan_kind, employee.jenjang, employee.jabatan)
    for post in reversed(employee.career.posts):
        if since is None or level is None or post.since > since:
            continue
        if level_of("manajerial", None, post.jabatan) != level:
            break
        since = post.since
    return since


def _lasting(what: str, since: date | None, years: int, on: date) -> Judged:
    if since is None:
        return _judged(None, f"TMT {what} belum tercatat", f"{years} tahun")
    had = full_years(since, on)
    return _judged(had >= years, f"{had} tahun dalam {what} ini", f"{years} tahun")


def _credited(employee: Employee, merit: Merit, asked: Decimal, on: date) -> Judged:
    """Collected in the level; too little is unknown while credit of a year in it has not been told."""
    if employee.jenjang is None:
        return _judged(None, "Jenjang belum tercatat", f"{asked}")
    had, since = credit.had_in_jenjang(employee, merit.credits, employee.jenjang, on), employee.jabatan_since
    known: bool | None = had >= asked
    if not known and (since is None or credit.untold_years(employee, merit.credits, since, on)):
        known = None
    return _judged(known, f"Angka kredit {had}", f"{asked}")


def _good_years(merit: Merit, years: int, on: date) -> Judged:
    """Predikat of the last full years; one that nobody has confirmed yet is not known."""
    told: list[str] = []
    results: list[bool | None] = []
    for year in range(on.year - years, on.year):
        heard = merit.appraisals.get(str(year))
        predikat = heard.confirmed if heard else None
        results.append(None if predikat is None else predikat <= Predikat.BAIK)
        told.append(f"{year} {'belum ditetapkan' if predikat is None else PREDIKAT[predikat]}")
    known = False if False in results else None if None in results else True
    return _judged(known, "Predikat " + ", ".join(told), "paling rendah Baik")
