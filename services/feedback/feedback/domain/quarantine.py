"""Quarantine: the voices of a burst are kept and weigh nothing until oversight has looked at them.

Oversight releases a voice, which counts from then on, or upholds the quarantine, which is said as a withdrawal for
abuse: readers forget it, and its citizen is told why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kinara.contracts.feedback import (
    FeedbackQuarantined,
    FeedbackReleased,
    FeedbackWithdrawn,
    SurveyAnswerQuarantined,
    SurveyAnswerReleased,
    SurveyAnswerWithdrawn,
)

from feedback.domain.answering import Answer, answer_of
from feedback.domain.feedback import Feedback, Status, voice_of
from feedback.domain.guard import Proof
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


def burst_of(subject: Subject, proof: Proof, at: datetime, fewest: int = FEWEST) -> Burst | None:
    """The burst that a voice about ``subject`` at this moment is part of, if it is.

    Ratings and survey answers are counted together: who floods may use either, and both move the same score. Voices
    with a ticket, of verified people and of those who show nothing are three kinds, none of which holds up another.
    Answers to an invitation are no part of this: a campaign hands out its codes on one day, so that its answers come
    as a burst because they were asked for; each code answers once, and there are no more codes than people served.
    """
    pace = subject.guard.pace(proof)
    if not is_burst(pace, at, fewest):
        return None
    hour, kind = max(hour_of(at), pace.hour), _KINDS[proof]
    most = max(fewest, usual(pace, at))
    return Burst(
        id=f"{subject.id}/{hour}/{kind}",
        reason=f"Lonjakan: lebih dari {most} penilaian {kind.replace('-', ' ')} dalam satu jam.",
    )


_KINDS: Mapping[Proof, str] = {"ticket": "karcis", "account": "akun-terverifikasi", "none": "tanpa-karcis"}


def hold(feedback: Feedback, burst: Burst) -> tuple[Feedback, FeedbackQuarantined]:
    """A rating that was just received waits for oversight."""
    held = replace(feedback, status="quarantined", burst=burst.id, because=burst.reason)
    return held, FeedbackQuarantined(**voice_of(feedback), reason=burst.reason)


def hold_answer(given: Answer, burst: Burst) -> tuple[Answer, SurveyAnswerQuarantined]:
    """An answer that was just received waits for oversight, and is in no tally until then."""
    held = replace(given, status="quarantined", burst=burst.id, because=burst.reason)
    return held, SurveyAnswerQuarantined(**answer_of(given), reason=burst.reason)


def decide(
    feedback: Feedback, verdict: Verdict, *, reason: str, at: datetime
) -> tuple[Feedback, FeedbackReleased | FeedbackWithdrawn]:
    """Oversight's verdict about a rating that is held, with a reason that its citizen can read."""
    refuse_verdict("feedback", feedback.id, feedback.status, reason)
    if verdict == "release":
        released = replace(feedback, status="received", because=reason, decided_at=at)
        return released, FeedbackReleased(**voice_of(feedback), reason=reason)
    rejected = replace(feedback, status="rejected", because=reason, decided_at=at)
    return rejected, FeedbackWithdrawn(**voice_of(feedback), reason="abuse")


def decide_answer(
    given: Answer, verdict: Verdict, *, reason: str, at: datetime
) -> tuple[Answer, SurveyAnswerReleased | SurveyAnswerWithdrawn]:
    """Oversight's verdict about an answer that is held: released it counts in the month in which it was given."""
    refuse_verdict("answer", given.id, given.status, reason)
    if verdict == "release":
        released = replace(given, status="received", because=reason, decided_at=at)
        return released, SurveyAnswerReleased(**answer_of(given), reason=reason)
    rejected = replace(given, status="rejected", because=reason, decided_at=at)
    return rejected, SurveyAnswerWithdrawn(**answer_of(given), reason="abuse")


def refuse_verdict(kind: str, id_: str, status: Status, reason: str) -> None:
    """Refuse a verdict without a reason, and one about what is not held."""
    if not reason:
        raise ReasonMissing(
            "Alasan keputusan harus diisi. Tulis alasan yang dapat dibaca warga.",
            field="reason",
            detail="expected at least one character",
        )
    if status != "quarantined":
        raise NotQuarantined(
            "Penilaian ini tidak sedang ditahan. Muat ulang daftar penilaian yang ditahan.",
            field=f"{kind}_ids",
            detail=f"{kind} {id_} is {status}",
        )
