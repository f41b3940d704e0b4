"""Residents' forums: announced with an agenda, held, recorded; each proposal gets an official answer by a day.

What is proposed and supported there closes with the minutes. An answer that is late stays visible as late. (Proposal:
reference §1a, 34; the periods for an answer are ours, no rule names one.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.feedback import ForumRecorded

from feedback.domain.refusals import ForumRecordedAlready, InvalidForum, ProposalAnswered, SubjectInactive
from feedback.domain.subject import Subject

FURTHEST = timedelta(days=366)
"""How far ahead a forum is announced."""
LONGEST_WAIT = timedelta(days=90)
"""From the minutes to the day on which answers are due."""
MOST_PROPOSALS = 200
"""Of one forum."""

Decision = Literal["accepted", "partly", "declined"]
By = Literal["citizen", "forum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """One meeting of a unit with residents."""

    id: str
    unit_id: str
    province: Province
    unit_path: str
    title: str
    agenda: tuple[str, ...]
    place: str
    held_on: date
    announced_at: datetime
    by: str
    codes: int = 0
    """How many attendees were given one."""
    minutes: str = ""
    attendance: int = 0
    answers_due_on: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What residents, or the forum as a whole, ask for."""

    id: str
    forum_id: str
    unit_id: str
    province: Province
    unit_path: str
    words: str
    hidden: bool = False
    """Whether its words are shown to nobody."""
    by: By
    supports: int = 0
    """Attendees who stand behind it; each code counts once."""
    proposed_at: datetime
    due_on: date | None = None
    """Until when it must be answered; known once the minutes are written."""
    state: Literal["proposed", "open", "answered"] = "proposed"
    """Before the minutes; waiting for an answer; answered."""
    decision: Decision | None = None
    answer: str = ""
    answered_on: date | None = None

    def overdue_on(self, day: date) -> bool:
        """Whether its answer is late, or came late."""
        return self.due_on is not None and (self.answered_on or day) > self.due_on


def announce(
    forum_id: str, unit: Subject, *, title: str, agenda: tuple[str, ...], place: str, held_on: date, today: date,
    at: datetime, by: str,
) -> Forum:  # fmt: skip
    """A forum to come, with what will be talked about."""
    if not unit.active:
        raise SubjectInactive(
            "Unit ini sudah ditutup. Adakan forum pada unit yang sekarang memberi layanan itu.",
            field="unit_id",
            detail="the unit is not active",
        )
    if not today <= held_on <= today + FURTHEST:
        raise InvalidForum(
            "Tanggal forum tidak dapat dipakai. Pilih hari ini sampai satu tahun ke depan.",
            field="held_on",
            detail=f"expected {today} to {today + FURTHEST}, got {held_on}",
        )
    return Forum(
        id=forum_id, unit_id=unit.id, province=unit.province, unit_path=unit.unit_path, title=title, agenda=agenda,
        place=place, held_on=held_on, announced_at=at, by=by,
    )  # fmt: skip


def hand_out(forum: Forum, count: int) -> Forum:
    """So many more attendees get a code."""
    return replace(unrecorded(forum), codes=forum.codes + count)


def propose(proposal_id: str, forum: Forum, words: str, by: By, *, known: int, at: datetime) -> Proposal:
    """Something is asked for, before the minutes are written."""
    if known >= MOST_PROPOSALS:
        raise InvalidForum(
            f"Forum ini sudah memuat {MOST_PROPOSALS} usulan. Dukung usulan yang sudah ada.",
            field="words",
            detail=f"at most {MOST_PROPOSALS} proposals of a forum",
        )
    return Proposal(
        id=proposal_id, forum_id=unrecorded(forum).id, unit_id=forum.unit_id, province=forum.province,
        unit_path=forum.unit_path, words=words, by=by, proposed_at=at,
    )  # fmt: skip


def support(proposal: Proposal, forum: Forum) -> Proposal:
    """One more attendee stands behind it; the attendee's code has to be spent at the same time."""
    unrecorded(forum)
    return replace(proposal, supports=proposal.supports + 1)


def record(
    forum: Forum, proposals: list[Proposal], *, minutes: str, attendance: int, due_on: date, today: date, at: datetime
) -> tuple[Forum, list[Proposal], ForumRecorded]:
    """The minutes are written: all proposals wait for an official answer until ``due_on``."""
    unrecorded(forum)
    if today < forum.held_on:
        raise InvalidForum(
            "Forum ini belum berlangsung. Tulis notulen setelah forum selesai.",
            field="minutes",
            detail=f"the forum is held on {forum.held_on}, and today is {today}",
        )
    if not today <= due_on <= today + LONGEST_WAIT:
        raise InvalidForum(
            f"Batas jawaban tidak dapat dipakai. Pilih paling lama {LONGEST_WAIT.days} hari dari hari ini.",
            field="answers_due_on",
            detail=f"expected {today} to {today + LONGEST_WAIT}, got {due_on}",
        )
    recorded = replace(forum, minutes=minutes, attendance=attendance, answers_due_on=due_on, recorded_at=at)
    waiting = [replace(proposal, state="open", due_on=due_on) for proposal in proposals]
    fact = ForumRecorded(
        province=forum.province, unit_path=forum.unit_path, forum_id=forum.id, unit_id=forum.unit_id,
        held_on=forum.held_on, attendance=attendance, proposals=len(waiting), recorded_at=at,
        proposal_ids=tuple(sorted(proposal.id for proposal in waiting)),
    )  # fmt: skip
    return recorded, waiting, fact


def answer(proposal: Proposal, decision: Decision, words: str, today: date) -> Proposal:
    """The official answer, given once."""
    if proposal.state != "open":
        raise ProposalAnswered(
            "Usulan ini sudah dijawab."
            if proposal.state == "answered"
            else "Notulen forum ini belum ditulis. Tulis notulen, lalu jawab usulannya.",
            field="answer",
            detail=f"the proposal is {proposal.state}",
        )
    return replace(proposal, state="answered", decision=decision, answer=words, answered_on=today)


def unrecorded(forum: Forum) -> Forum:
    """The forum, if its minutes are not written."""
    if forum.recorded_at is not None:
        raise ForumRecordedAlready(
            "Notulen forum ini sudah ditulis, sehingga usulan dan dukungan sudah ditutup.",
            field="forum_id",
            detail=f"recorded at {forum.recorded_at.isoformat()}",
        )
    return forum
