"""What training and mentoring do to a scorecard."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kinara.contracts.training import (
    EnrolmentCancelled,
    EnrolmentConfirmed,
    MentoringSessionHeld,
    TrainingCompleted,
)

from appraisal.domain.effects import Entry, Folded, comma, note, post
from appraisal.domain.periods import following_month, month_on
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.seats import counted_in, offer_of, seated, unseated
from appraisal.domain.tallies import Learning, Seat

_ROLES = {"mentor": "pembimbing", "mentee": "peserta"}
_LOST = {
    "participant": "Kursi pelatihan {} dilepas peserta",
    "session_called_off": "Sesi pelatihan {} dibatalkan",
}


def credit_training(card: Scorecard, event: TrainingCompleted, policies: Policies) -> Folded:
    """Hours with a certificate count for the year of completion; from now on those of the seat count as offered."""
    offer = offer_of(card, card.seats.get(event.enrolment_id))
    inputs = {
        "jp": event.jp,
        "jp_offered": int(offer.offered),
        "title": event.title,
        "completed_on": event.completed_on.isoformat(),
    }
    entry = Entry(event.completion_id, inputs, f"Pelatihan {event.title} selesai: {event.jp} JP.")
    hours = replace(offer, earned=Decimal(event.jp))
    return _credit(unseated(card, event.enrolment_id), month_on(event.completed_on), hours, entry, policies)


def note_seat(card: Scorecard, event: EnrolmentConfirmed, policies: Policies) -> Folded:
    """A seat is remembered, and moves nothing: who has just taken it cannot have learnt yet."""
    seat = Seat(event.session_id, event.title, event.jp, event.ends_on or event.starts_on)
    words = f"Kursi pelatihan {event.title} dipastikan: {event.jp} JP, dihitung setelah pelatihannya selesai."
    entry = _entry(event, 0, words)
    return seated(card, event.enrolment_id, seat), note(card, month_on(seat.ends_on), "L", entry, policies)


def release_seat(card: Scorecard, event: EnrolmentCancelled, policies: Policies) -> Folded:
    """A seat lost leaves nothing behind; hours that a close has counted for it already are taken back."""
    left, happened = unseated(card, event.enrolment_id), _LOST[event.reason].format(event.title)
    counted = counted_in(card, event.session_id)
    if counted is None:
        entry = _entry(event, 0, f"{happened}: tidak ada JP yang diperhitungkan.")
        return left, note(card, month_on(event.ends_on or event.starts_on), "L", entry, policies)
    entry = _entry(event, -event.jp, f"{happened}: {event.jp} JP tidak lagi dihitung sebagai ditawarkan.")
    return _credit(left, counted, Learning(Decimal(-event.jp), called_off=(event.session_id,)), entry, policies)


def credit_mentoring(card: Scorecard, event: MentoringSessionHeld, policies: Policies) -> Folded:
    """Mentoring counts for both people, up to six JP a year."""
    part = f"Sesi mentoring sebagai {_ROLES[event.role]}: {comma(event.jp)} JP"
    words = f"{part} (paling banyak 6 JP setahun diperhitungkan)."
    inputs = {"jp": event.jp, "role": event.role, "held_on": event.held_on.isoformat()}
    entry = Entry(event.mentoring_id, inputs, words)
    return _credit(card, month_on(event.held_on), Learning(mentoring=event.jp), entry, policies)


def _entry(event: EnrolmentConfirmed | EnrolmentCancelled, jp: int, words: str) -> Entry:
    inputs = {"jp_offered": jp, "title": event.title, "starts_on": event.starts_on.isoformat()}
    return Entry(event.enrolment_id, inputs, words)


def _credit(card: Scorecard, month: str, hours: Learning, entry: Entry, policies: Policies) -> Folded:
    month = _bookable(card, month)
    tallies = card.month(month)
    return post(card, month, replace(tallies, learning=tallies.learning.plus(hours)), "L", entry, policies)


def _bookable(card: Scorecard, month: str) -> str:
    """The month itself, or the first open one of its year: certificates come late, and hours count all year."""
    if card.closed_through is None or not card.is_closed(month):
        return month
    first_open = following_month(card.closed_through)
    return first_open if first_open[:4] == month[:4] else month
