"""What personnel hears: scores, decisions, credit, courses, awards and citizens' voices, kept as one profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from kinara.contracts import Event
from kinara.contracts.appraisal import (
    AngkaKreditCredited,
    AppraisalConfirmed,
    AwardGranted,
    ObjectionDecided,
    PeriodReopened,
    ScoreUpdated,
)
from kinara.contracts.feedback import (
    ComplaintReopened,
    ComplaintResolved,
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
)
from kinara.contracts.training import TrainingCompleted
from kinara.kit.inbox import Inbox

from personnel.domain import merit
from personnel.domain.merit import Effect, Merit
from personnel.domain.voices import Decided, Voice
from personnel.store import PROFILES

E = TypeVar("E", bound=Event)

inbox = Inbox("personnel.profile")

Fold = Callable[[Merit, E, Any], tuple[Merit, Effect]]


def also_for_bkn(fold: Fold[E]) -> Fold[E]:
    """A fold of a fact that BKN has to know as well: it is kept until a record was made of it."""

    @wraps(fold)
    def folded(profile: Merit, event: E, known: Any) -> tuple[Merit, Effect]:
        noted, effect = fold(profile, event, known)
        return merit.note_for_bkn(profile, noted, event), effect

    return folded


@inbox.on(ScoreUpdated, PROFILES)
def show_latest_score(profile: Merit, event: ScoreUpdated, _known: Any) -> tuple[Merit, Effect]:
    """The profile shows the latest score of each period."""
    return merit.note_score(profile, event)


@inbox.on(AppraisalConfirmed, PROFILES)
@also_for_bkn
def count_confirmed_predikat(profile: Merit, event: AppraisalConfirmed, _known: Any) -> tuple[Merit, Effect]:
    """A confirmed predikat counts for promotion."""
    return merit.note_confirmation(profile, event)


@inbox.on(ObjectionDecided, PROFILES)
@also_for_bkn
def correct_predikat_after_objection(profile: Merit, event: ObjectionDecided, _known: Any) -> tuple[Merit, Effect]:
    """After an objection the superior's word counts."""
    return merit.note_objection(profile, event)


@inbox.on(PeriodReopened, PROFILES)
@also_for_bkn
def forget_what_was_decided(profile: Merit, event: PeriodReopened, _known: Any) -> tuple[Merit, Effect]:
    """A predikat of a period that was opened again counts no more, until it is decided anew."""
    return merit.note_reopening(profile, event)


@inbox.on(AngkaKreditCredited, PROFILES)
@also_for_bkn
def count_credit(profile: Merit, event: AngkaKreditCredited, _known: Any) -> tuple[Merit, Effect]:
    """Angka kredit of a year counts for promotion; a later word about it replaces the earlier."""
    return merit.note_credit(profile, event)


@inbox.rebuilds(PROFILES)
def take_over_evidence(profile: Merit, folded: Merit, _effects: Any, _known: Any) -> tuple[Merit, Effect]:
    """Of a profile follows from the log what counts for a promotion; its unit is whatever service spoke last."""
    return merit.with_evidence_of(profile, folded), {"did": "rebuilt"}


@inbox.on(TrainingCompleted, PROFILES)
@also_for_bkn
def add_course(profile: Merit, event: TrainingCompleted, _known: Any) -> tuple[Merit, Effect]:
    """The profile lists every course completed."""
    return merit.note_course(profile, event)


@inbox.on(AwardGranted, PROFILES)
@also_for_bkn
def add_award(profile: Merit, event: AwardGranted, _known: Any) -> tuple[Merit, Effect]:
    """The profile lists every award granted."""
    return merit.note_award(profile, event)


def count_voice(profile: Merit, event: Voice, _known: Any) -> tuple[Merit, Effect]:
    """A citizen's rating counts in the year it was given: unless it was taken back, or while it is in quarantine."""
    return merit.note_voice(profile, event)


def count_solved(profile: Merit, event: Decided, _known: Any) -> tuple[Merit, Effect]:
    """A complaint that was solved counts until the citizen says that it was not."""
    return merit.note_complaint(profile, event)


VOICES: tuple[type[Voice], ...] = (FeedbackReceived, FeedbackWithdrawn, FeedbackQuarantined, FeedbackReleased)
for voice in VOICES:
    inbox.on(voice, PROFILES)(count_voice)
COMPLAINTS: tuple[type[Decided], ...] = (ComplaintResolved, ComplaintReopened)
for decided in COMPLAINTS:
    inbox.on(decided, PROFILES)(count_solved)
