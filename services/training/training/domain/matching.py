"""Who could be whose mentor: no junior, who has shown at a higher level what the other lacks, with time for one more.

Deterministic: the same records give the same order, and each suggestion says why (reference §1a, 25; proposal).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training.domain.competency import covers
from training.domain.record import Record, level_of
from training.domain.refusals import MentorFull, UnfitPair
from training.domain.seniority import seniority
from training.domain.unit import same_government

MOST_MENTEES = 3
"""Mentees that one mentor can have at a time, those who are only proposed too."""

MOST_SUGGESTIONS = 20


@dataclass(frozen=True, slots=True)
class Strength:
    """A competency that the mentor has shown beyond the mentee."""

    competency: str
    mentor_level: int
    mentee_level: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who could be a mentor, and why."""

    mentor: Record
    strengths: tuple[Strength, ...]
    """What they could pass on, the greatest difference first."""
    mentees: int
    """How many they have already."""
    senior: bool
    """Longer in service than the mentee, or of a higher rank; else alike, or not known."""
    why: str
    """Indonesian, for the mentee and whoever proposes."""


def strengths_for(mentee: Record, mentor: Record) -> tuple[Strength, ...]:
    """What the mentor could pass on of what the mentee needs.

    A need for a competency is served by whoever has shown the level that is asked for; one for a topic by whoever has
    shown more than the mentee in any competency of it.
    """
    found: dict[str, Strength] = {}
    for code in sorted({code for done in mentor.completions for code in done.competencies}):
        has, lacks = level_of(mentor, code), level_of(mentee, code)
        wanted = any(
            has >= need.level if need.competency == code else need.competency is None and covers([code], need.topic)
            for need in mentee.open_needs
        )
        if wanted and has > lacks:
            found[code] = Strength(code, has, lacks)
    return tuple(sorted(found.values(), key=lambda s: (s.mentee_level - s.mentor_level, s.competency)))


def suggest(mentee: Record, candidates: Iterable[Record], mentees: Mapping[str, int]) -> list[Suggestion]:
    """Mentors for somebody, the best first.

    Seniors before the others; then by most of what is needed, greatest difference, fewest mentees, and id.

    ``mentees`` counts those that each has already.
    """
    found = []
    for mentor in candidates:
        strengths = strengths_for(mentee, mentor)
        load = mentees.get(mentor.employee_id, 0)
        if strengths and load < MOST_MENTEES and _why_not(mentee, mentor) is None:
            stands = seniority(mentor, mentee)
            found.append(Suggestion(mentor, strengths, load, stands.order > 0, _why(strengths, stands.why)))
    return best(found)


def best(found: Iterable[Suggestion]) -> list[Suggestion]:
    """The best of suggestions, as many as are shown."""
    return sorted(found, key=_rank)[:MOST_SUGGESTIONS]


def refuse_unfit(mentee: Record, mentor: Record, competency: str, mentees: int) -> None:
    """Refuse two who cannot be mentor and mentee in a competency."""
    why_not = _why_not(mentee, mentor)
    if why_not is not None:
        message, detail = why_not
        raise UnfitPair(message, field="mentor_id", detail=detail)
    if level_of(mentor, competency) <= level_of(mentee, competency):
        raise UnfitPair(
            f"Pembimbing belum menunjukkan {competency} pada tingkat yang lebih tinggi. Pilih pembimbing lain.",
            field="competency",
            detail="expected a mentor whose certificates show a higher level than the mentee's",
        )
    if mentees >= MOST_MENTEES:
        raise MentorFull(
            f"Pembimbing ini sudah membimbing {mentees} orang. Pilih pembimbing lain.",
            field="mentor_id",
            detail=f"a mentor has at most {MOST_MENTEES} mentees",
        )


def _why_not(mentee: Record, mentor: Record) -> tuple[str, str] | None:
    if mentor.employee_id == mentee.employee_id:
        return "Pembimbing dan peserta harus dua orang. Pilih orang lain.", "mentor and mentee are the same employee"
    if not (mentor.active and mentee.active):
        return "Keduanya harus masih bertugas. Pilih pegawai yang bertugas.", "one of the two is not in service"
    if not same_government(mentor.unit_path, mentee.unit_path):
        return "Pembimbing bertugas di pemerintah daerah lain. Pilih pegawai di daerah Anda.", "different governments"
    if mentor.employee_id == mentee.supervisor_id or mentee.employee_id == mentor.supervisor_id:
        return "Atasan membina bawahannya, bukan membimbing. Pilih orang lain.", "one is the other's superior"
    stands = seniority(mentor, mentee)
    if stands.order < 0:
        return f"Pembimbing lebih yunior: {stands.why}. Pilih pegawai yang lebih senior.", "the mentor is the junior"
    return None


def _rank(one: Suggestion) -> tuple[bool, int, int, int, str]:
    difference = sum(strength.mentor_level - strength.mentee_level for strength in one.strengths)
    return not one.senior, -len(one.strengths), -difference, one.mentees, one.mentor.employee_id


def _why(strengths: tuple[Strength, ...], stands: str) -> str:
    told = "; ".join(
        f"{s.competency} tingkat {s.mentor_level}, peserta tingkat {s.mentee_level}" for s in strengths[:3]
    )
    return f"Menunjukkan yang dibutuhkan peserta: {told}. Dibanding peserta: {stands}."
