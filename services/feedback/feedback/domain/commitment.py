"""Public commitments: what a unit promises, until when, and what became of it.

A due date does not move and an end is not undone: a promise that was kept late, or dropped, stays visible as that.
(Proposal: reference §1a, 50.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from kinara.contracts import Province
from kinara.contracts.feedback import ReferencePublished, Topic

from feedback.domain.refusals import CommitmentEnded, InvalidCommitment, SubjectInactive
from feedback.domain.subject import Subject

LONGEST = timedelta(days=5 * 366)
MOST_NOTES = 100
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
REFERENCE = rf"((forum|proposal|campaign|commitment):{_ID}|ikm:{_ID}:[0-9]{{4}}-[0-9]{{2}})"
"""What policies and commitments may cite beside topics; ``ikm:<unit>:<month>`` is the index of a unit as published."""
_REFERENCE = re.compile(REFERENCE)
_TOPIC = re.compile(f"topic:({'|'.join(get_args(Topic))})")

State = Literal["running", "late", "kept", "kept_late", "dropped"]
Outcome = Literal["kept", "dropped"]


@dataclass(frozen=True, slots=True)
class Note:
    """How it gets on."""

    written_on: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One promise of a unit."""

    id: str
    unit_id: str
    """Who is responsible."""
    province: Province
    unit_path: str
    promise: str
    cites: tuple[str, ...]
    """What asked for it: a forum, a proposal, a campaign, or a topic of complaints."""
    made_on: date
    due_on: date
    by: str
    notes: tuple[Note, ...] = ()
    outcome: Outcome | None = None
    ended_on: date | None = None
    reason: str = ""
    """How it was kept, or why it was dropped."""

    def state_on(self, day: date) -> State:
        """What became of it."""
        late = (self.ended_on or day) > self.due_on
        if self.outcome is None:
            return "late" if late else "running"
        if self.outcome == "dropped":
            return "dropped"
        return "kept_late" if late else "kept"


def refers(cite: str) -> tuple[str, str] | None:
    """Kind and id of the record that a citation names; None for a topic of complaints. Refuses what is neither."""
    if _REFERENCE.fullmatch(cite):
        kind, _, id_ = cite.partition(":")
        return kind, id_
    if _TOPIC.fullmatch(cite):
        return None
    raise uncited(cite)


def uncited(cite: str) -> InvalidCommitment:
    """The refusal of a citation behind which there is nothing."""
    return InvalidCommitment(
        f"Rujukan {cite} tidak dikenal. Rujuk forum, usulan, survei, komitmen, IKM atau topik pengaduan yang ada.",
        field="cites",
        detail="expected forum:, proposal:, campaign:, commitment: or ikm: with a known id, or topic: with a topic",
    )


def promise(
    commitment_id: str, unit: Subject, words: str, *, cites: tuple[str, ...], due_on: date, today: date, by: str
) -> Commitment:
    """A unit promises something until a day."""
    if not unit.active:
        raise SubjectInactive(
            "Unit ini sudah ditutup. Pilih unit yang sekarang bertanggung jawab.",
            field="unit_id",
            detail="the unit is not active",
        )
    if not today <= due_on <= today + LONGEST:
        raise InvalidCommitment(
            "Batas waktu tidak dapat dipakai. Pilih hari ini sampai lima tahun ke depan.",
            field="due_on",
            detail=f"expected {today} to {today + LONGEST}, got {due_on}",
        )
    return Commitment(
        id=commitment_id, unit_id=unit.id, province=unit.province, unit_path=unit.unit_path, promise=words,
        cites=cites, made_on=today, due_on=due_on, by=by,
    )  # fmt: skip


def citable(commitment: Commitment, at: datetime) -> ReferencePublished:
    """Policies may cite the commitment."""
    return ReferencePublished(
        province=commitment.province, unit_path=commitment.unit_path, unit_id=commitment.unit_id,
        reference=f"commitment:{commitment.id}", published_at=at,
    )  # fmt: skip


def note(commitment: Commitment, words: str, today: date) -> Commitment:
    """Progress is told."""
    _refuse_ended(commitment)
    if len(commitment.notes) >= MOST_NOTES:
        raise InvalidCommitment(
            f"Komitmen ini sudah memuat {MOST_NOTES} catatan. Tutup komitmen ini.",
            field="words",
            detail=f"at most {MOST_NOTES} notes",
        )
    return replace(commitment, notes=(*commitment.notes, Note(today, words)))


def end(commitment: Commitment, outcome: Outcome, reason: str, today: date) -> Commitment:
    """It was kept, or it is dropped, and why."""
    _refuse_ended(commitment)
    return replace(commitment, outcome=outcome, ended_on=today, reason=reason)


def _refuse_ended(commitment: Commitment) -> None:
    if commitment.outcome is not None:
        raise CommitmentEnded(
            "Komitmen ini sudah selesai atau dihentikan. Buat komitmen baru bila perlu.",
            field="commitment_id",
            detail=f"{commitment.outcome} on {commitment.ended_on}",
        )
