"""Seats in training sessions: when the hours of a seat are asked of the person who has it.

A seat alone asks nothing: otherwise taking it would be punished until the certificate comes. Its hours count as offered
together with the hours that its certificate earns, or when the period of the session's last day closes without one.
Only time decides the latter, as it does the pace of an indicator. Source: PP 11/2017 jo. PP 17/2020 (learning is a
right; what was never within reach is asked of nobody).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kinara.contracts.appraisal import Period

from appraisal.domain.effects import Effect, Entry, Folded, note, post
from appraisal.domain.periods import month_on, months_of, written
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Learning, Seat


def seated(card: Scorecard, enrolment_id: str, seat: Seat) -> Scorecard:
    """The card with a seat."""
    return replace(card, seats={**card.seats, enrolment_id: seat})


def unseated(card: Scorecard, enrolment_id: str) -> Scorecard:
    """The card without a seat."""
    return replace(card, seats={id_: seat for id_, seat in card.seats.items() if id_ != enrolment_id})


def counted_in(card: Scorecard, session_id: str) -> str | None:
    """The month in which the hours of a session count as offered; None where they do not."""
    known = {month: tallies.learning for month, tallies in card.months.items()}
    if any(session_id in hours.called_off for hours in known.values()):
        return None
    return next((month for month, hours in known.items() if session_id in hours.sessions), None)


def offer_of(card: Scorecard, seat: Seat | None) -> Learning:
    """The hours that a seat puts on offer: once for each session."""
    if seat is None or counted_in(card, seat.session_id):
        return Learning()
    return Learning(offered=Decimal(seat.jp), sessions=(seat.session_id,))


def count_unused(card: Scorecard, period: Period, policies: Policies) -> tuple[Scorecard, tuple[Effect, ...]]:
    """The card as its period closes: the hours of seats whose session ended without a certificate were offered."""
    end, effects = months_of(period)[-1], []
    for enrolment_id, seat in sorted(card.seats.items()):
        if month_on(seat.ends_on) <= end:
            card, effect = _let_pass(unseated(card, enrolment_id), enrolment_id, seat, end, policies)
            effects.append(effect)
    return card, tuple(effects)


def _let_pass(card: Scorecard, enrolment_id: str, seat: Seat, month: str, policies: Policies) -> Folded:
    """Book a seat let pass in the closing month, if its hours were within reach."""
    hours = offer_of(card, seat) if _within_reach(card, seat, year=month[:4]) else Learning()
    words = f"{seat.jp} JP dihitung sebagai ditawarkan" if hours.offered else "tidak diperhitungkan"
    entry = Entry(
        enrolment_id,
        {"jp_offered": int(hours.offered), "title": seat.title, "ends_on": seat.ends_on.isoformat()},
        f"Pelatihan {seat.title} tidak diselesaikan sampai {written(seat.ends_on)}: {words}.",
    )
    if not hours.offered:
        return card, note(card, month, "L", entry, policies)
    tallies = card.month(month)
    return post(card, month, replace(tallies, learning=tallies.learning.plus(hours)), "L", entry, policies)


def _within_reach(card: Scorecard, seat: Seat, year: str) -> bool:
    """Hours count in their own year, and are asked of nobody whose service ended before the session did."""
    left_on = card.person.separated_on if card.person else None
    return month_on(seat.ends_on)[:4] == year and (left_on is None or seat.ends_on <= left_on)
