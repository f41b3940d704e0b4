"""A training programme: what a partner institution teaches, in how many hours, for which competencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from kinara.contracts import Province

from training.domain import competency
from training.domain.refusals import InvalidProgramme, ProgrammeElsewhere, ProgrammeRetired, UnknownCourseKind
from training.domain.unit import Unit, refuse_closed

PartnerKind = Literal["education", "private", "ngo", "government"]

COURSE_KINDS: Mapping[str, str] = {
    "4": "Workshop",
    "7": "Sosialisasi",
    "8": "Bimbingan teknis",
    "9": "Seminar",
    "10": "Magang",
    "14": "Coaching",
    "15": "Mentoring",
    "16": "E-learning",
    "22": "Belajar mandiri",
    "23": "Komunitas belajar",
}
"""SIASN ``jenisDiklat``: the codes that are known to us of its 25; others are refused until they are known."""

NATIONAL = "/"
"""The unit path of a programme that every government may offer."""

EXPERT = 5
"""The highest level of a competency; the lowest is 1 (aware)."""

MOST_JP = 400
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """The institution that teaches and certifies."""

    name: str
    kind: PartnerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A course on offer in a government, at ``unit_path`` and below it; everywhere if that is ``NATIONAL``."""

    id: str
    title: str
    partner: Partner
    jp: int
    """Jam pelajaran of 45 minutes."""
    course_kind: str
    """SIASN ``jenisDiklat``, a key of ``COURSE_KINDS``."""
    competencies: tuple[str, ...]
    province: Province
    unit_path: str
    level: int = 1
    """What its certificate shows of each competency, 1 (aware) to 5 (expert)."""
    active: bool = True
    partner_id: str | None = None
    """The partner in the registry, where it is known there."""


def offer(
    programme_id: str,
    *,
    title: str,
    partner: Partner,
    jp: int,
    course_kind: str,
    competencies: Iterable[str],
    province: Province,
    unit_path: str,
    level: int = 1,
    partner_id: str | None = None,
) -> Programme:
    """A programme for which sessions can be planned from now on."""
    _refuse_unfit(jp, level, course_kind)
    return Programme(
        id=programme_id,
        title=_name(title, "title", "Judul pelatihan"),
        partner=replace(partner, name=_name(partner.name, "partner.name", "Nama lembaga mitra")),
        jp=jp,
        course_kind=course_kind,
        competencies=competency.checked(competencies),
        province=province,
        unit_path=unit_path,
        level=level,
        partner_id=partner_id,
    )


def _refuse_unfit(jp: int, level: int, course_kind: str) -> None:
    if not 1 <= jp <= MOST_JP:
        raise InvalidProgramme(
            f"Jumlah JP harus 1 sampai {MOST_JP}. Periksa jumlah jam pelajarannya.",
            field="jp",
            detail=f"expected 1 to {MOST_JP}, got {jp}",
        )
    if not 1 <= level <= EXPERT:
        raise InvalidProgramme(
            f"Tingkat kompetensi harus 1 (sadar) sampai {EXPERT} (ahli). Periksa tingkatnya.",
            field="level",
            detail=f"expected 1 to {EXPERT}, got {level}",
        )
    refuse_unknown_kind(course_kind)


def refuse_unknown_kind(course_kind: str) -> None:
    """Refuse a kind of course that SIASN would not take."""
    if course_kind not in COURSE_KINDS:
        known = ", ".join(f"{code} {name}" for code, name in COURSE_KINDS.items())
        raise UnknownCourseKind(
            f"Jenis diklat {course_kind!r} tidak dikenal. Pilih salah satu kode SIASN: {known}.",
            field="course_kind",
            detail="not one of the SIASN jenisDiklat codes in COURSE_KINDS",
        )


def hosted_by(programme: Programme, unit: Unit) -> Programme:
    """The programme as a unit offers it: its sessions are the unit's, in the unit's province."""
    refuse_closed(unit)
    if programme.unit_path != NATIONAL and not f"{unit.unit_path}/".startswith(f"{programme.unit_path}/"):
        raise ProgrammeElsewhere(
            f"Pelatihan {programme.title} milik unit lain. Pilih pelatihan nasional atau milik unit Anda.",
            field="unit_id",
            detail=f"expected {programme.unit_path} or a unit below it, got {unit.unit_path}",
        )
    return replace(programme, province=unit.province, unit_path=unit.unit_path)


def retire(programme: Programme) -> Programme:
    """No new sessions; those that are planned go on."""
    if not programme.active:
        raise ProgrammeRetired(
            f"Pelatihan {programme.title} sudah tidak ditawarkan. Tidak ada lagi yang perlu dilakukan.",
            field="programme_id",
            detail="the programme is retired already",
        )
    return replace(programme, active=False)


def _name(text: str, field: str, label: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidProgramme(
            f"{label} harus diisi, paling panjang {_LONGEST_NAME} huruf. Periksa isinya.",
            field=field,
            detail=f"expected 1 to {_LONGEST_NAME} characters, got {len(name)}",
        )
    return name
