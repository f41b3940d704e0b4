"""Quarantine: the voices of a burst are kept and weigh nothing until oversight has looked at them.

Oversight releases a voice, which counts from then on, or upholds the quarantine, which is said as a withdrawal for
abuse: readers forget it, and its citizen is told why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kinara.contracts.feedback import FeedbackQuarantined, FeedbackReleased, FeedbackWithdrawn

from feedback.domain.feedback import Feedback, voice_of
from feedback.domain.pace import FEWEST, hour_of, is_burst, usual
from feedback.domain.refusals import NotQuarantined, ReasonMissing
from feedback.domain.subject import Subject

Verdict = Literal["release", "uphold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Why a voice is held."""

    id: str
    """Names the voices of one subject, kind and hour that are held: they are looked at together."""
    reason: str


def burst_of(subject: Subject, feedback: Feedback, fewest: int = FEWEST) -> Burst | None:
    """The burst that a voice about ``subject`` is part of, if it is; voices with and without ticket are two kinds."""
    ticketed, at = feedback.ticket_id is not None, feedback.given_at
    pace = subject.guard.pace(ticketed)
    if not is_burst(pace, at, fewest):
        return None
    hour, kind = max(hour_of(at), pace.hour), "karcis" if ticketed else "tanpa-karcis"
    most = max(fewest, usual(pace, at))
    return Burst(
        id=f"{subject.id}/{hour}/{kind}",
        reason=f"Lonjakan: lebih dari {most} penilaian {kind.replace('-', ' ')} dalam satu jam.",
    )


def hold(feedback: Feedback, burst: Burst) -> tuple[Feedback, FeedbackQuarantined]:
    """A voice that was just received waits for oversight."""
    held = replace(feedback, status="quarantined", burst=burst.id, because=burst.reason)
    return held, FeedbackQuarantined(**voice_of(feedback), reason=burst.reason)


def decide(
    feedback: Feedback, verdict: Verdict, *, reason: str, at: datetime
) -> tuple[Feedback, FeedbackReleased | FeedbackWithdrawn]:
    """Oversight's verdict about a voice that is held, with a reason that its citizen can read."""
    if not reason:
        raise ReasonMissing(
            "Alasan keputusan harus diisi. Tulis alasan yang dapat dibaca warga.",
            field="reason",
            detail="expected at least one character",
        )
    if feedback.status != "quarantined":
        raise NotQuarantined(
            "Penilaian ini tidak sedang ditahan. Muat ulang daftar penilaian yang ditahan.",
            field="feedback_ids",
            detail=f"feedback {feedback.id} is {feedback.status}",
        )
    return (_release if verdict == "release" else _uphold)(feedback, reason, at)


def _release(feedback: Feedback, reason: str, at: datetime) -> tuple[Feedback, FeedbackReleased]:
    """It is sound, and counts from now on in the period in which it was given."""
    released = replace(feedback, status="received", because=reason, decided_at=at)
    return released, FeedbackReleased(**voice_of(feedback), reason=reason)


def _uphold(feedback: Feedback, reason: str, at: datetime) -> tuple[Feedback, FeedbackWithdrawn]:
    """It is part of an abuse, and never counts."""
    rejected = replace(feedback, status="rejected", because=reason, decided_at=at)
    return rejected, FeedbackWithdrawn(**voice_of(feedback), reason="abuse")
