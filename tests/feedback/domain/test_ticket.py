"""Service tickets: who may issue them, how they are typed, and what they prove."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from feedback.domain import crockford
from feedback.domain import ticket as tickets
from feedback.domain.refusals import (
    InvalidService,
    OfficerElsewhere,
    SubjectInactive,
    TicketExpired,
    TicketForAnother,
    TicketMistyped,
    TicketUsed,
)
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from feedback.domain.token import is_token


def issue(unit: Subject, officer: Subject | None, at: datetime, service: str = "Penerbitan KTP") -> Ticket:
    return tickets.issue("t", entropy=b"12345678", unit=unit, officer=officer, service=service, at=at)


def test_a_ticket_is_of_the_unit_that_gave_the_service(unit: Subject, officer: Subject, at: datetime) -> None:
    ticket = issue(unit, officer, at)

    assert (ticket.unit_id, ticket.unit_path, ticket.employee_id) == (unit.id, unit.unit_path, officer.id)
    assert not ticket.used


def test_a_ticket_need_not_name_an_officer(unit: Subject, at: datetime) -> None:
    assert issue(unit, None, at).employee_id is None


def test_an_officer_of_a_unit_below_may_serve_at_the_counter(unit: Subject, officer: Subject, at: datetime) -> None:
    from_below = replace(officer, unit_id="u2", unit_path=f"{unit.unit_path}/loket-2")

    assert issue(unit, from_below, at).employee_id == officer.id


@pytest.mark.parametrize("path", ["/16.71/plaju", "/16.71/plaju/pelayanan-lain", "/17/dinkes"])
def test_a_unit_issues_no_ticket_about_officers_elsewhere(
    unit: Subject, officer: Subject, at: datetime, path: str
) -> None:
    with pytest.raises(OfficerElsewhere) as refusal:
        issue(unit, replace(officer, unit_path=path), at)
    assert refusal.value.field == "employee_id"


def test_no_ticket_names_who_has_left_or_comes_from_a_closed_unit(
    unit: Subject, officer: Subject, at: datetime
) -> None:
    with pytest.raises(SubjectInactive) as refusal:
        issue(unit, replace(officer, active=False), at)
    assert refusal.value.field == "employee_id"
    with pytest.raises(SubjectInactive) as refusal:
        issue(replace(unit, active=False), None, at)
    assert refusal.value.field == "unit_id"


@pytest.mark.parametrize("service", ["", "   ", "x" * 121])
def test_the_service_needs_a_name(unit: Subject, at: datetime, service: str) -> None:
    with pytest.raises(InvalidService):
        issue(unit, None, at, service)


def test_the_name_of_the_service_is_kept_on_one_line(unit: Subject, at: datetime) -> None:
    assert issue(unit, None, at, " Penerbitan\n KTP ").service == "Penerbitan KTP"


@pytest.mark.parametrize("size", [0, 5, 7, 9])
def test_a_code_is_made_of_exactly_sixty_four_random_bits(unit: Subject, at: datetime, size: int) -> None:
    with pytest.raises(ValueError, match="random bytes"):
        tickets.issue("t", entropy=b"x" * size, unit=unit, officer=None, service="KTP", at=at)


def test_the_code_is_read_as_people_type_it(ticket: Ticket) -> None:
    assert tickets.read_code(ticket.code.lower().replace("-", " ")) == ticket.code


def test_a_code_is_longer_than_the_old_ones_which_stay_valid_and_shorter_than_an_invitation(ticket: Ticket) -> None:
    assert len(ticket.code.replace("-", "")) == 13 + 1
    assert tickets.read_code("k7q2 m9xd p") == "K7Q2-M9XD-P"
    assert not is_token(ticket.code)
    with pytest.raises(TicketMistyped):
        tickets.read_code(crockford.write("0" * 16))


def test_a_typing_error_is_told_from_an_unknown_ticket(ticket: Ticket) -> None:
    wrong = ticket.code[:-1] + ("A" if ticket.code[-1] != "A" else "B")

    with pytest.raises(TicketMistyped) as refusal:
        tickets.read_code(wrong)
    assert refusal.value.field == "ticket"
    example = refusal.value.message.rpartition("contoh: ")[2].rstrip(".")
    assert tickets.read_code(example) == example


def test_a_ticket_proves_a_service_by_its_officer_and_by_its_unit(
    ticket: Ticket, unit: Subject, officer: Subject, at: datetime
) -> None:
    assert tickets.redeem(ticket, officer, at).used
    assert tickets.redeem(ticket, unit, at).used


def test_a_ticket_proves_nothing_about_others(ticket: Ticket, unit: Subject, officer: Subject, at: datetime) -> None:
    with pytest.raises(TicketForAnother):
        tickets.prove(ticket, replace(officer, id="colleague"), at)
    with pytest.raises(TicketForAnother):
        tickets.prove(ticket, replace(unit, id="next door"), at)


def test_a_ticket_without_officer_does_not_vouch_for_a_voice_about_one(
    ticket: Ticket, officer: Subject, at: datetime
) -> None:
    with pytest.raises(TicketForAnother):
        tickets.prove(replace(ticket, employee_id=None), officer, at)


def test_a_ticket_is_valid_for_ninety_days(ticket: Ticket, officer: Subject, at: datetime) -> None:
    tickets.prove(ticket, officer, at + timedelta(days=90) - timedelta(milliseconds=1))

    with pytest.raises(TicketExpired):
        tickets.prove(ticket, officer, at + timedelta(days=90))


def test_a_ticket_gives_one_voice(ticket: Ticket, unit: Subject, officer: Subject, at: datetime) -> None:
    used = tickets.redeem(ticket, officer, at)

    assert used == replace(ticket, used=True)
    with pytest.raises(TicketUsed):
        tickets.redeem(used, unit, at)


def test_an_invalid_ticket_is_not_used_up(ticket: Ticket, officer: Subject, at: datetime) -> None:
    with pytest.raises(TicketExpired):
        tickets.redeem(ticket, officer, at + timedelta(days=91))
