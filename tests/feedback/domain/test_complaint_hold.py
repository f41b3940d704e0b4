"""Held complaints: what holds them, what they remember, and what is said of them once oversight has decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from feedback.domain import complaint_hold, handling
from feedback.domain.complaint import Complaint, Fact, run_out
from feedback.domain.feedback import Status
from feedback.domain.pace import FEWEST
from feedback.domain.quarantine import Burst
from feedback.domain.refusals import NotQuarantined, ReasonMissing
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject

BURST = Burst(id="burst", reason="Lonjakan")


def crowd(unit: Subject, count: int, at: datetime) -> Subject:
    for _ in range(count):
        unit = complaint_hold.heard(unit, at, held=False)
    return unit


def lived(complaint: Complaint, clocks: Clocks) -> tuple[Complaint, list[Fact]]:
    """A complaint of which the clock runs out, and that is then answered; all that is to be said of it."""
    late, overdue = run_out(complaint, complaint.due_at)
    verified, _ = handling.verify(late, level="normal", topic="biaya", by="hr", clocks=clocks, at=complaint.due_at)
    answered, _, resolved = handling.answer(
        verified, by="hr", officer_id=None, outcome="solved", words="Beres", passed_to="", at=verified.due_at
    )
    return answered, [fact for fact in (overdue, resolved) if fact is not None]


def test_further_complaints_of_an_hour_are_a_burst_and_ratings_are_none(unit: Subject, at: datetime) -> None:
    assert complaint_hold.burst_of(crowd(unit, FEWEST - 1, at), at) is None
    assert complaint_hold.burst_of(crowd(unit, FEWEST, at), at + timedelta(hours=1)) is None

    burst = complaint_hold.burst_of(crowd(unit, FEWEST, at), at)

    assert burst == Burst(
        id=f"{unit.id}/2026-11-14T03/pengaduan", reason="Lonjakan: lebih dari 20 pengaduan dalam satu jam."
    )


def test_of_a_held_complaint_nothing_is_said_until_it_is_released_and_then_all_in_order(
    complaint: Complaint, clocks: Clocks, at: datetime
) -> None:
    answered, facts = lived(complaint_hold.hold(complaint, BURST), clocks)
    held, said = complaint_hold.told(answered, facts[:1])
    held, more = complaint_hold.told(held, facts[1:])

    released, told = complaint_hold.decide(held, "release", reason="Banjir", at=at)

    assert (len(facts), list(said), list(more)) == (2, [], [])
    assert list(told) == facts, "each with its own time"
    assert (released.status, released.because, released.untold) == ("received", "Banjir", ())
    assert complaint_hold.told(released, facts) == (released, facts), "from now on it is as any other"


def test_of_one_that_is_abuse_nothing_is_ever_said(complaint: Complaint, clocks: Clocks, at: datetime) -> None:
    answered, facts = lived(complaint_hold.hold(complaint, BURST), clocks)
    held, _ = complaint_hold.told(answered, facts)

    rejected, told = complaint_hold.decide(held, "uphold", reason="Serentak", at=at)

    assert (rejected.status, list(told), rejected.untold, rejected.state) == ("rejected", [], (), "solved")
    assert complaint_hold.told(rejected, facts) == (rejected, ())


@pytest.mark.parametrize("status", ["received", "rejected"])
def test_only_what_is_held_is_decided_about_and_with_a_reason(
    complaint: Complaint, at: datetime, status: Status
) -> None:
    held: Any = complaint_hold.hold(complaint, BURST)
    with pytest.raises(NotQuarantined) as refusal:
        complaint_hold.decide(replace(held, status=status), "release", reason="Wajar", at=at)
    assert refusal.value.field == "complaint_ids"
    with pytest.raises(ReasonMissing):
        complaint_hold.decide(held, "release", reason="", at=at)
