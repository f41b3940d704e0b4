"""What training and mentoring do to a scorecard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce

from kinara.contracts.training import (
    EnrolmentCancelled,
    EnrolmentConfirmed,
    MentoringSessionHeld,
    TrainingCompleted,
)

from appraisal.domain.effects import Entry, Folded, comma, post
from appraisal.domain.periods import following_month, month_on
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Learning

_ROLES = {"mentor": "pembimbing", "mentee": "peserta"}


def credit_training(card: Scorecard, event: TrainingCompleted, policies: Policies) -> Folded:
    """Hours with a certificate count for the year of completion."""
    entry = Entry(
        event.completion_id,
        {"jp": event.jp, "title": event.title, "completed_on": event.completed_on.isoformat()},
        f"Pelatihan {event.title} selesai: {event.jp} JP.",
    )
    return _credit(card, event.completed_on, Learning(earned=Decimal(event.jp)), entry, policies)


def note_offer(card: Scorecard, event: EnrolmentConfirmed, policies: Policies) -> Folded:
    """A confirmed seat is hours on offer, once for each session: only what was offered can be asked of anyone."""
    jp, note = event.jp, f"Kursi pelatihan {event.title} dipastikan: {event.jp} JP ditawarkan."
    known = _learning_of_year(card, event.starts_on)
    if event.session_id in {*known.sessions, *known.called_off}:
        jp, note = 0, f"Kursi pelatihan {event.title} dipastikan lagi: jam sesi ini sudah diperhitungkan."
    return _offer(card, event, Learning(offered=Decimal(jp), sessions=(event.session_id,)), note, policies)


def withdraw_offer(card: Scorecard, event: EnrolmentCancelled, policies: Policies) -> Folded:
    """What a session called off had offered was never within reach; a seat given back was, taken up or not."""
    if event.reason == "participant":
        note = f"Kursi pelatihan {event.title} dilepas peserta: {event.jp} JP tetap dihitung sebagai ditawarkan."
        return _offer(card, event, Learning(), note, policies)
    known = _learning_of_year(card, event.starts_on)
    counted = event.session_id in known.sessions and event.session_id not in known.called_off
    hours = Learning(offered=Decimal(-event.jp if counted else 0), called_off=(event.session_id,))
    note = f"Sesi pelatihan {event.title} dibatalkan: {event.jp} JP tidak lagi dihitung sebagai ditawarkan."
    return _offer(card, event, hours, note, policies)


def credit_mentoring(card: Scorecard, event: MentoringSessionHeld, policies: Policies) -> Folded:
    """Mentoring counts for both people, up to six JP a year."""
    part = f"Sesi mentoring sebagai {_ROLES[event.role]}: {comma(event.jp)} JP"
    note = f"{part} (paling banyak 6 JP setahun diperhitungkan)."
    inputs = {"jp": event.jp, "role": event.role, "held_on": event.held_on.isoformat()}
    entry = Entry(event.mentoring_id, inputs, note)
    return _credit(card, event.held_on, Learning(mentoring=event.jp), entry, policies)


def _offer(
    card: Scorecard, event: EnrolmentConfirmed | EnrolmentCancelled, hours: Learning, note: str, policies: Policies
) -> Folded:
    inputs = {"jp_offered": int(hours.offered), "title": event.title, "starts_on": event.starts_on.isoformat()}
    return _credit(card, event.starts_on, hours, Entry(event.enrolment_id, inputs, note), policies)


def _learning_of_year(card: Scorecard, day: date) -> Learning:
    """All that the card knows of a year, in whichever month it is booked."""
    of_year = (tallies.learning for month, tallies in card.months.items() if month[:4] == month_on(day)[:4])
    return reduce(Learning.plus, of_year, Learning())


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
