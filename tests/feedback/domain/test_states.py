"""Every state of feedback survives the database: plain values out, the same state back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from feedback.domain import answering, handling, invitation, quarantine, receipt, subject, survey
from feedback.domain import feedback as rules
from feedback.domain.complaint import Complaint, run_out
from feedback.domain.complaint_tally import blank_complaints, moved
from feedback.domain.moderation import moderate
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket, redeem
from kinara.contracts import Province
from pydantic import TypeAdapter

PLAIN = {str, int, bool, type(None), Decimal, datetime}
KIT_FIELDS = {"rev", "said", "seen", "waits", "page"}


def as_stored(value: Any) -> Any:
    """The value as the database gives it back; fails for what the database cannot keep."""
    if isinstance(value, dict):
        assert all(type(key) is str for key in value)
        return {key: as_stored(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_stored(item) for item in value]
    if type(value) is date:
        return value.isoformat()
    assert type(value) in PLAIN, f"{value!r} of {type(value)} is no value that the database keeps"
    return value


@pytest.fixture
def states(
    unit: Subject, officer: Subject, ticket: Ticket, complaint: Complaint, clocks: Clocks, at: datetime
) -> list[Any]:
    id_ = "0197a000-0000-7000-8000-0000000000f1"
    given, received = rules.give(id_, officer, rating=3, text="Baik", ticket=ticket, secret=b"s", at=at)
    withdrawn, _ = rules.withdraw(given, key=receipt.key_of(id_, b"s"), at=at)
    heard = subject.hear(officer, weight=Decimal("0.2"), cluster="c", at=at, proof="none")
    heard = subject.hear(heard, weight=Decimal("0.2"), cluster="c", at=at + timedelta(hours=1), proof="none")
    held, _ = quarantine.hold(given, quarantine.Burst(id="b", reason="Lonjakan"))
    rejected, _ = quarantine.decide(held, "uphold", reason="Serentak", at=at)
    draw, invited = invitation.draw(
        "0197a000-0000-7000-8000-0000000000d1", unit, [ticket], days=(at.date(), at.date()), share=None, count=1,
        secret=b"s", at=at, by="hr",
    )  # fmt: skip
    answer, _ = answering.answer(id_, unit, dict.fromkeys(answering.UNSUR, 3), at=at)
    tally = survey.blank_tally(unit.id, "2026-11", province=Province(code="96", scheme="bps"), unit_path="/96.71")
    verified, _ = handling.verify(complaint, level="urgent", topic="biaya", by="hr", clocks=clocks, at=at)
    assigned, _ = handling.assign(verified, officer, unit, by="hr", reason="", clocks=clocks, at=at)
    answered, _, _ = handling.answer(
        assigned, by=officer.id, officer_id=officer.id, outcome="solved", words="Beres", passed_to="", at=at
    )
    return [
        moderate("0197a000-0000-7000-8000-0000000000a1", given, "hide", reason="Fitnah", by="hr", at=at)[1],
        complaint,
        run_out(assigned, assigned.due_at)[0],
        answered,
        moved(blank_complaints(complaint), None, complaint),
        subject.blank(officer.id, "16"),
        replace(subject.count(officer, received)[0], supervisor_id="boss"),
        unit,
        ticket,
        redeem(ticket, officer, at),
        given,
        withdrawn,
        heard,
        held,
        rejected,
        draw,
        *invited,
        answer,
        tally,
        survey.add(tally, answer),
    ]


def test_every_state_comes_back_from_the_database_as_it_was(states: list[Any]) -> None:
    for state in states:
        shape: TypeAdapter[Any] = TypeAdapter(type(state))
        assert shape.validate_python(as_stored(shape.dump_python(state))) == state


def test_no_state_uses_a_name_that_the_kit_keeps_for_itself(states: list[Any]) -> None:
    for state in states:
        assert not KIT_FIELDS & TypeAdapter(type(state)).dump_python(state).keys()


def test_every_state_says_where_it_belongs(states: list[Any]) -> None:
    assert all(hasattr(state, "unit_path") and hasattr(state, "province") for state in states)
