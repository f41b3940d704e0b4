"""What training and mentoring do to a scorecard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from kinara.contracts.training import EnrolmentConfirmed, MentoringSessionHeld, TrainingCompleted

from appraisal.domain.effects import Entry, Folded, comma, post
from appraisal.domain.periods import following_month, month_on
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Learning


def credit_training(card: Scorecard, event: TrainingCompleted, policies: Policies) -> Folded:
    """Hours with a certificate count for the year of completion."""
    entry = Entry(
        event.completion_id,
        {"jp": event.jp, "title": event.title, "completed_on": event.completed_on.isoformat()},
        f"Pelatihan {event.title} selesai: {event.jp} JP.",
    )
    return _credit(card, event.completed_on, Learning(earned=Decimal(event.jp)), entry, policies)


def note_offer(card: Scorecard, event: EnrolmentConfirmed, policies: Policies) -> Folded:
    """A confirmed seat is hours on offer: only what was offered can be asked of anyone."""
    note = f"Kursi pelatihan {event.title} dipastikan: {event.jp} JP ditawarkan."
    inputs = {"jp_offered": event.jp, "title": event.title, "starts_on": event.starts_on.isoformat()}
    entry = Entry(event.enrolment_id, inputs, note)
    return _credit(card, event.starts_on, Learning(offered=Decimal(event.jp)), entry, policies)


def credit_mentoring(card: Scorecard, event: MentoringSessionHeld, policies: Policies) -> Folded:
    """Mentoring counts for both people, up to six JP a year."""
    note = f"Sesi mentoring sebagai {event.role}: {comma(event.jp)} JP (paling banyak 6 JP setahun diperhitungkan)."
    inputs = {"jp": event.jp, "role": event.role, "held_on": event.held_on.isoformat()}
    entry = Entry(event.mentoring_id, inputs, note)
    return _credit(card, event.held_on, Learning(mentoring=event.jp), entry, policies)


def _credit(card: Scorecard, day: date, hours: Learning, entry: Entry, policies: Policies) -> Folded:
    month = _bookable(card, month_on(day))
    tallies = card.month(month)
    return post(card, month, replace(tallies, learning=tallies.learning.plus(hours)), "L", entry, policies)


def _bookable(card: Scorecard, month: str) -> str:
    """The month itself, or the first open one of its year: certificates come late, and hours count all year."""
    if card.closed_through is None or not card.is_closed(month):
        return month
    first_open = following_month(card.closed_through)
    return first_open if first_open[:4] == month[:4] else month
