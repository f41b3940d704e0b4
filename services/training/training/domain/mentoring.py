"""Mentoring: somebody who has shown a competency passes it on to somebody who lacks it.

Both agree, each meeting is recorded by one side and confirmed by the other, and in the end both judge it (reference
§1a, 25; hours count as JP for both, up to six a year, which is appraisal's rule). Numbers here are proposals.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.training import MentoringSessionHeld

from training.domain.record import Record
from training.domain.refusals import (
    AlreadyMentored,
    InvalidEvaluation,
    InvalidMeeting,
    MeetingRecorded,
    MentoringState,
    NotYourTurn,
)

Role = Literal["mentor", "mentee"]
State = Literal["proposed", "active", "declined", "closed"]

JP_A_DAY = Decimal(8)
"""As of courses: more than eight hours of 45 minutes in a day are not learning."""

MOST_MEETINGS = 60
HIGHEST_MARK = 5

STATEMENTS: dict[Role, tuple[str, ...]] = {
    "mentee": (
        "Pembimbing menguasai kompetensi yang dibimbingkan.",
        "Pembimbing menjelaskan dengan contoh dari pekerjaan.",
        "Pembimbing menyediakan waktu sesuai kesepakatan.",
        "Umpan balik pembimbing membantu saya memperbaiki pekerjaan.",
        "Saya kini dapat menerapkan kompetensi itu sendiri.",
    ),
    "mentor": (
        "Peserta menyiapkan diri untuk setiap pertemuan.",
        "Peserta menyampaikan pertanyaan dan kesulitannya.",
        "Peserta hadir sesuai kesepakatan.",
        "Peserta menindaklanjuti umpan balik.",
        "Peserta kini dapat menerapkan kompetensi itu sendiri.",
    ),
}
"""What each side answers about the other at the end, from 1 (tidak setuju) to 5 (sangat setuju)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting of the two; its hours count once both have said that it was held."""

    id: str
    held_on: date
    jp: Decimal
    topic: str
    recorded_by: Role
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentoring:
    """Two people and a competency that passes between them."""

    id: str
    people: tuple[str, str]
    """Mentor and mentee, by employee id."""
    competency: str
    province: Province
    unit_path: str
    """Of the mentee."""
    proposed_on: date
    accepted: tuple[Role, ...] = ()
    """Who has agreed."""
    state: State = "proposed"
    meetings: tuple[Meeting, ...] = ()
    marks: dict[Role, tuple[int, ...]] = field(default_factory=dict)
    """By who gave them: answers to the statements."""
    reason: str | None = None
    """Why it was declined, or closed without both judgements."""
    ended_on: date | None = None

    @property
    def mentor_id(self) -> str:
        """Who passes it on."""
        return self.people[0]

    @property
    def mentee_id(self) -> str:
        """Who learns it."""
        return self.people[1]

    @property
    def running(self) -> bool:
        """Whether it takes a place with the mentor."""
        return self.state in ("proposed", "active")

    @property
    def hours(self) -> Decimal:
        """JP that both have confirmed."""
        return sum((meeting.jp for meeting in self.meetings if meeting.confirmed), Decimal(0))

    def role_of(self, employee_id: str) -> Role:
        """The part of one of the two."""
        return "mentor" if employee_id == self.mentor_id else "mentee"


def propose(
    mentoring_id: str, mentor: Record, mentee: Record, competency: str, *, by: str | None, on: date, known: bool
) -> Mentoring:
    """A mentoring that both have to agree to; who proposes it for themselves has agreed. ``known``: they have one."""
    if known:
        raise AlreadyMentored(
            "Keduanya sudah memiliki bimbingan untuk kompetensi ini. Lanjutkan bimbingan yang ada.",
            field="mentor_id",
            detail="one mentoring of two people in a competency at a time",
        )
    return Mentoring(
        id=mentoring_id,
        people=(mentor.employee_id, mentee.employee_id),
        competency=competency,
        province=mentee.province,
        unit_path=mentee.unit_path,
        proposed_on=on,
        accepted=("mentee",) if by == mentee.employee_id else (),
    )


def accept(mentoring: Mentoring, role: Role) -> Mentoring:
    """One side agrees; with the other's word it begins. Saying so twice changes nothing."""
    _expect(mentoring, "proposed")
    accepted = tuple(sorted({*mentoring.accepted, role}))
    return replace(mentoring, accepted=accepted, state="active" if len(accepted) == len(STATEMENTS) else "proposed")


def decline(mentoring: Mentoring, reason: str, on: date) -> Mentoring:
    """One side does not want it."""
    _expect(mentoring, "proposed")
    return replace(mentoring, state="declined", reason=reason, ended_on=on)


def record_meeting(mentoring: Mentoring, meeting: Meeting, on: date) -> Mentoring:
    """One side says that they met; the other has to confirm it."""
    _expect(mentoring, "active")
    if not mentoring.proposed_on <= meeting.held_on <= on:
        raise InvalidMeeting(
            f"Pertemuan dicatat untuk hari sejak {mentoring.proposed_on:%d-%m-%Y} sampai hari ini. Periksa tanggalnya.",
            field="held_on",
            detail=f"expected {mentoring.proposed_on} to {on}, got {meeting.held_on}",
        )
    if not 0 < meeting.jp <= JP_A_DAY or meeting.jp != round(meeting.jp, 2):
        raise InvalidMeeting(
            f"Lama pertemuan harus lebih dari 0 dan paling banyak {JP_A_DAY} JP. Periksa lamanya.",
            field="jp",
            detail=f"expected up to {JP_A_DAY} with at most two decimals, got {meeting.jp}",
        )
    if any(known.held_on == meeting.held_on for known in mentoring.meetings):
        raise MeetingRecorded(
            f"Pertemuan {meeting.held_on:%d-%m-%Y} sudah dicatat. Konfirmasikan pertemuan itu.",
            field="held_on",
            detail="one meeting a day",
        )
    if len(mentoring.meetings) >= MOST_MEETINGS:
        raise InvalidMeeting(
            f"Satu bimbingan memuat paling banyak {MOST_MEETINGS} pertemuan. Tutup bimbingan ini dan mulai yang baru.",
            field="held_on",
            detail=f"at most {MOST_MEETINGS} meetings",
        )
    meetings = sorted((*mentoring.meetings, meeting), key=lambda known: known.held_on)
    return replace(mentoring, meetings=tuple(meetings))


def confirm_meeting(
    mentoring: Mentoring, held_on: date, role: Role, mentor: Record, mentee: Record, *, spent: dict[Role, Decimal]
) -> tuple[Mentoring, tuple[MentoringSessionHeld, MentoringSessionHeld]]:
    """The other side confirms: the hours count for both. ``spent``: what each has in other mentorings on that day."""
    _expect(mentoring, "active")
    meeting = next((known for known in mentoring.meetings if known.held_on == held_on), None)
    if meeting is None:
        raise InvalidMeeting(
            f"Tidak ada pertemuan pada {held_on:%d-%m-%Y}. Catat dahulu pertemuannya.",
            field="day",
            detail="no meeting of that day is recorded",
        )
    if meeting.confirmed:
        raise MeetingRecorded(
            f"Pertemuan {held_on:%d-%m-%Y} sudah dikonfirmasi. Tidak ada lagi yang perlu dilakukan.",
            field="day",
            detail="a meeting counts once",
        )
    if meeting.recorded_by == role:
        raise NotYourTurn(
            "Pertemuan dikonfirmasi oleh pihak yang lain. Mintalah konfirmasinya.",
            field="day",
            detail=f"recorded by the {role}, to be confirmed by the other side",
        )
    if meeting.jp + max(spent.values(), default=Decimal(0)) > JP_A_DAY:
        raise InvalidMeeting(
            f"Bersama bimbingan lain pada hari itu, lamanya melebihi {JP_A_DAY} JP. Periksa pertemuan lainnya.",
            field="day",
            detail=f"more than {JP_A_DAY} JP of mentoring on one day",
        )
    meetings = tuple(replace(known, confirmed=True) if known is meeting else known for known in mentoring.meetings)
    said = (_held(meeting, "mentor", mentor, mentee), _held(meeting, "mentee", mentee, mentor))
    return replace(mentoring, meetings=meetings), said


def evaluate(mentoring: Mentoring, role: Role, marks: tuple[int, ...], on: date) -> Mentoring:
    """One side judges the other; with both judgements it is closed."""
    _expect(mentoring, "active")
    if not mentoring.hours:
        raise MentoringState(
            "Bimbingan dinilai setelah sedikitnya satu pertemuan dikonfirmasi. Konfirmasikan dahulu pertemuannya.",
            field="mentoring_id",
            detail="no meeting is confirmed",
        )
    if len(marks) != len(STATEMENTS[role]) or not all(1 <= mark <= HIGHEST_MARK for mark in marks):
        raise InvalidEvaluation(
            f"Nilailah {len(STATEMENTS[role])} pernyataan dengan 1 sampai {HIGHEST_MARK}. Lengkapi penilaiannya.",
            field="marks",
            detail=f"expected {len(STATEMENTS[role])} marks from 1 to {HIGHEST_MARK}",
        )
    given = {**mentoring.marks, role: marks}
    if len(given) < len(STATEMENTS):
        return replace(mentoring, marks=given)
    return replace(mentoring, marks=given, state="closed", ended_on=on)


def close(mentoring: Mentoring, reason: str, on: date) -> Mentoring:
    """The office ends what the two do not: somebody left, or it came to nothing."""
    if not mentoring.running:
        raise _wrong_state(mentoring, "proposed or active")
    return replace(mentoring, state="closed", reason=reason, ended_on=on)


def spent_on(day: date, others: tuple[Mentoring, ...]) -> Decimal:
    """JP that somebody's other mentorings have confirmed for a day."""
    return sum((m.jp for one in others for m in one.meetings if m.confirmed and m.held_on == day), Decimal(0))


def _held(meeting: Meeting, role: Role, about: Record, other: Record) -> MentoringSessionHeld:
    return MentoringSessionHeld(
        province=about.province,
        unit_path=about.unit_path,
        employee_id=about.employee_id,
        mentoring_id=meeting.id,
        role=role,
        other_id=other.employee_id,
        jp=meeting.jp,
        held_on=meeting.held_on,
    )


def _expect(mentoring: Mentoring, state: State) -> None:
    if mentoring.state != state:
        raise _wrong_state(mentoring, state)


def _wrong_state(mentoring: Mentoring, expected: str) -> MentoringState:
    return MentoringState(
        "Bimbingan ini tidak pada tahap itu. Periksa status bimbingan.",
        field="mentoring_id",
        detail=f"expected a mentoring that is {expected}, this one is {mentoring.state}",
    )
