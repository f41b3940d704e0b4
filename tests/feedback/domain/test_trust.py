"""How far a voice is trusted, and to which unit it belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from feedback.domain.refusals import SubjectInactive, TicketExpired
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from feedback.domain.trust import origin


@pytest.mark.parametrize(
    ("with_ticket", "verified", "trust"),
    [(True, False, "1.0"), (True, True, "1.0"), (False, True, "0.5"), (False, False, "0.2")],
    ids=["ticket", "both", "verified account", "anonymous"],
)
def test_a_voice_is_trusted_by_what_it_can_show(
    ticket: Ticket, officer: Subject, at: datetime, with_ticket: bool, verified: bool, trust: str
) -> None:
    source = origin(officer, ticket=ticket if with_ticket else None, at=at, verified=verified)

    assert source.trust == Decimal(trust)
    assert source.ticket_id == (ticket.id if with_ticket else None)


def test_a_voice_without_ticket_belongs_to_the_officers_unit_of_today(officer: Subject, at: datetime) -> None:
    moved = replace(officer, unit_id="new", unit_path="/16.71/seberang-ulu")

    source = origin(moved, ticket=None, at=at)

    assert (source.employee_id, source.unit_id, source.unit_path) == (officer.id, "new", "/16.71/seberang-ulu")


def test_a_voice_with_ticket_belongs_to_the_unit_where_the_service_was_given(
    ticket: Ticket, unit: Subject, officer: Subject, at: datetime
) -> None:
    moved = replace(officer, unit_id="new", unit_path="/16.71/seberang-ulu")

    source = origin(moved, ticket=ticket, at=at)

    assert (source.employee_id, source.unit_id, source.unit_path) == (officer.id, unit.id, unit.unit_path)


def test_a_voice_about_a_unit_names_no_officer(ticket: Ticket, unit: Subject, at: datetime) -> None:
    assert origin(unit, ticket=ticket, at=at).employee_id is None


def test_a_ticket_that_proves_nothing_is_refused_rather_than_ignored(
    ticket: Ticket, officer: Subject, at: datetime
) -> None:
    with pytest.raises(TicketExpired):
        origin(officer, ticket=ticket, at=at + timedelta(days=90))


@pytest.mark.parametrize("kind", ["employee", "unit"])
def test_who_is_gone_cannot_be_rated(unit: Subject, officer: Subject, at: datetime, kind: str) -> None:
    gone = replace(officer if kind == "employee" else unit, active=False)

    with pytest.raises(SubjectInactive) as refusal:
        origin(gone, ticket=None, at=at)

    assert refusal.value.field == f"{kind}_id"
    assert "unit" in refusal.value.message.lower()
