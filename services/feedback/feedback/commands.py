"""What feedback can be asked to do: issue a ticket, hear a citizen, take feedback back, count a survey answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from feedback.domain import feedback as rules
from feedback.domain import receipt, subject, survey
from feedback.domain import ticket as tickets
from feedback.domain.feedback import Feedback
from feedback.domain.refusals import SubjectUnknown, TicketUnknown
from feedback.domain.subject import Subject
from feedback.domain.survey import Answer, Tally
from feedback.domain.ticket import Ticket
from feedback.store import ANSWERS, FEEDBACK, SUBJECTS, TALLIES, TICKETS


@dataclass(frozen=True, slots=True)
class Voice:
    """A citizen's rating as it came in; ``code`` is the ticket's, if there is one."""

    employee_id: str | None
    unit_id: str | None
    rating: int
    text: str
    code: str | None


@command
async def issue_ticket(tx: Transaction, scope: Scope, unit_id: str, employee_id: str | None, service: str) -> Ticket:
    """Give the citizen who was just served a ticket, worth one voice at full weight."""
    unit = await tx.load(SUBJECTS, unit_id, scope)
    officer: Subject | None = None
    if employee_id is not None:
        officer = await tx.load(SUBJECTS, employee_id, SYSTEM)
    entropy = secrets.token_bytes(tickets.ENTROPY)
    ticket = tickets.issue(new_id(), entropy=entropy, unit=unit, officer=officer, service=service, at=tx.now)
    tx.save(TICKETS, ticket)
    return ticket


@command
async def give_feedback(tx: Transaction, voice: Voice, secret: bytes) -> Feedback:
    """Accept a citizen's feedback; with a ticket it counts in full, without one a little."""
    ticket = await _ticket(tx, voice.code)
    about = await _about(tx, voice.employee_id, voice.unit_id, ticket)
    given, event = rules.give(
        new_id(), about, rating=voice.rating, text=voice.text, ticket=ticket, secret=secret, at=tx.now
    )
    if ticket is not None:
        tx.save(TICKETS, tickets.redeem(ticket, about, tx.now))
    tx.save(FEEDBACK, given)
    counted, effect = subject.count(about, event)
    tx.save(SUBJECTS, counted, effect=effect)
    tx.publish(event)
    return given


@command
async def withdraw_feedback(tx: Transaction, number: str, key: str) -> Feedback:
    """Take feedback back, with its receipt number and key."""
    found = await tx.find(FEEDBACK, SYSTEM, {"receipt": receipt.read_number(number)}, limit=1)
    if not found:
        raise NotFound("feedback", number)
    withdrawn, event = rules.withdraw(found[0], key=key, at=tx.now)
    tx.save(FEEDBACK, withdrawn)
    about = await tx.load(SUBJECTS, event.subject.id, SYSTEM)
    counted, effect = subject.uncount(about, event)
    tx.save(SUBJECTS, counted, effect=effect)
    tx.publish(event)
    return withdrawn


@command
async def answer_survey(
    tx: Transaction, employee_id: str | None, unit_id: str | None, marks: Mapping[str, int], code: str | None
) -> Answer:
    """Count one answer to the satisfaction survey in its unit and month."""
    ticket = await _ticket(tx, code)
    about = await _about(tx, employee_id, unit_id, ticket)
    given, event = survey.answer(new_id(), about, marks, ticket=ticket, at=tx.now)
    if ticket is not None:
        tx.save(TICKETS, tickets.redeem(ticket, about, tx.now))
    tx.save(ANSWERS, given)
    tally = await _tally(tx, given)
    tx.save(TALLIES, survey.add(tally, given))
    tx.save(SUBJECTS, about)
    tx.publish(event)
    return given


async def _ticket(tx: Transaction, code: str | None) -> Ticket | None:
    if not code:
        return None
    found = await tx.find(TICKETS, SYSTEM, {"code": tickets.read_code(code)}, limit=1)
    if not found:
        raise TicketUnknown(
            "Karcis dengan kode ini tidak ditemukan. Periksa kodenya, atau nilai tanpa karcis.",
            field="ticket",
            detail="the code is well formed, but no ticket has it",
        )
    return found[0]


async def _about(tx: Transaction, employee_id: str | None, unit_id: str | None, ticket: Ticket | None) -> Subject:
    """Whom the voice is about: the employee named (or named by the ticket), else the unit."""
    named = employee_id or unit_id
    if named is None and ticket is not None:
        named = ticket.employee_id or ticket.unit_id
    found = await tx.find(SUBJECTS, SYSTEM, {"_id": named}, limit=1) if named else []
    if not found or not found[0].name:
        raise SubjectUnknown(
            "Petugas atau unit ini tidak dikenal. Pilih dari daftar unit, atau kirim dengan kode karcis.",
            field="employee_id" if employee_id else "unit_id",
            detail="expected the id of an employee or unit that personnel has announced",
        )
    return found[0]


async def _tally(tx: Transaction, given: Answer) -> Tally:
    month, *_ = survey.periods_of(day_of(given.answered_at, kemendagri_code(given.province)))
    found = await tx.find(TALLIES, SYSTEM, {"_id": f"{given.unit_id}/{month}"}, limit=1)
    if found:
        return found[0]
    return survey.blank_tally(given.unit_id, month, province=given.province, unit_path=given.unit_path)
