"""What citizens' ratings and answers to surveys do to the scorecard of the officer they name."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kinara.contracts.feedback import (
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
    SurveyAnswered,
    SurveyAnswerQuarantined,
    SurveyAnswerReleased,
    SurveyAnswerWithdrawn,
)

from appraisal.domain.components import mark
from appraisal.domain.effects import Entry, Folded, comma, post
from appraisal.domain.periods import month_of, province_code
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Votes, with_id, without_id

Voice = FeedbackReceived | FeedbackWithdrawn | FeedbackQuarantined | FeedbackReleased
Answer = SurveyAnswered | SurveyAnswerWithdrawn | SurveyAnswerQuarantined | SurveyAnswerReleased

HAPPENED: dict[type[Voice | Answer], str] = {
    FeedbackReceived: "diterima",
    FeedbackWithdrawn: "ditarik kembali",
    FeedbackQuarantined: "ditahan untuk diperiksa tim pengawas",
    FeedbackReleased: "dinyatakan sah oleh tim pengawas",
    SurveyAnswered: "diterima",
    SurveyAnswerWithdrawn: "ditarik kembali",
    SurveyAnswerQuarantined: "ditahan untuk diperiksa tim pengawas",
    SurveyAnswerReleased: "dinyatakan sah oleh tim pengawas",
}


def count_feedback(card: Scorecard, event: Voice, policies: Policies) -> Folded:
    """A citizen's rating counts by its trust: unless it was taken back, or while it is in quarantine."""
    month = month_of(event.given_at, province_code(event.province))
    tallies = card.month(month)
    votes = with_voice(tallies.votes, event)
    trust = mark(event.trust)
    entry = Entry(
        ref=event.feedback_id,
        inputs={
            "rating": event.rating,
            "trust": trust,
            "thirds": 3 * event.rating,
            "weight": votes.weight - tallies.votes.weight,
        },
        note=f"Umpan balik warga bernilai {event.rating} dari 4 (bobot {comma(trust)}) {HAPPENED[type(event)]}.",
    )
    heard = tallies.voted(votes)
    if event.thanked:  # told, and of no weight
        heard = replace(heard, thanks=tallies.thanks + votes.count - tallies.votes.count)
        entry = Entry(entry.ref, {**entry.inputs, "thanked": True}, f"{entry.note} Isinya juga ucapan terima kasih.")
    return post(card, month, heard, "M", entry, policies)


def count_survey(card: Scorecard, event: Answer, policies: Policies) -> Folded:
    """A survey rates the officer by U3 (time), U6 (competence) and U7 (behaviour); the rest is the unit's.

    As a rating it counts by its trust: unless it was taken back, or while it is in quarantine.
    """
    month = month_of(event.answered_at, province_code(event.province))
    tallies = card.month(month)
    votes = with_answer(tallies.votes, event)
    trust, thirds = mark(event.trust), thirds_for_person(event)
    rated = comma(round(Decimal(thirds) / 3, 2))
    told = "" if isinstance(event, SurveyAnswered) else f", {HAPPENED[type(event)]}"
    entry = Entry(
        ref=event.answer_id,
        inputs={
            "u3": event.u3,
            "u6": event.u6,
            "u7": event.u7,
            "trust": trust,
            "thirds": thirds,
            "weight": votes.weight - tallies.votes.weight,
        },
        note=f"Survei kepuasan memberi nilai {rated} dari 4 (bobot {comma(trust)}){told}.",
    )
    return post(card, month, tallies.voted(votes), "M", entry, policies)


def thirds_for_person(event: Answer) -> int:
    """A survey's rating of a person in thirds of a point: the mean of U3, U6 and U7."""
    return event.u3 + event.u6 + event.u7


def with_voice(votes: Votes, event: Voice) -> Votes:
    """The votes after a rating was received, withdrawn, held or released."""
    return _voted(votes, event, event.feedback_id, 3 * event.rating)


def with_answer(votes: Votes, event: Answer) -> Votes:
    """The votes after a survey was answered, or its answer withdrawn, held or released."""
    return _voted(votes, event, event.answer_id, thirds_for_person(event))


def _voted(votes: Votes, event: Voice | Answer, ref: str, thirds: int) -> Votes:
    """A voice is received before anything else happens to it; while it is held it is out of the sums already."""
    weight, held = mark(event.trust), ref in votes.held
    match event:
        case FeedbackReceived() | SurveyAnswered():
            return votes.plus(weight, thirds)
        case FeedbackWithdrawn() | SurveyAnswerWithdrawn() if held:
            return replace(votes, held=without_id(votes.held, ref))
        case FeedbackWithdrawn() | SurveyAnswerWithdrawn():
            return votes.minus(weight, thirds)
        case FeedbackQuarantined() | SurveyAnswerQuarantined() if not held:
            return replace(votes.minus(weight, thirds), held=with_id(votes.held, ref))
        case FeedbackReleased() | SurveyAnswerReleased() if held:
            return replace(votes.plus(weight, thirds), held=without_id(votes.held, ref))
        case _:
            return votes
