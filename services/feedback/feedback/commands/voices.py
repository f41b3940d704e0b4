"""What citizens and counters ask: issue a ticket, hear a rating, take it back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from decimal import Decimal

from kinara.contracts import SubjectKind
from kinara.kit.group import together
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from feedback.domain import feedback as rules
from feedback.domain import quarantine, receipt, subject
from feedback.domain import ticket as tickets
from feedback.domain.feedback import Feedback, Status
from feedback.domain.pace import FEWEST
from feedback.domain.refusals import SubjectUnknown, TicketUnknown
from feedback.domain.sender import NOBODY, Sender
from feedback.domain.standing import WITHIN, Standing
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from feedback.store import FEEDBACK, STANDINGS, SUBJECTS, TICKETS


@dataclass(frozen=True, slots=True)
class Voice:
    """A citizen's rating as it came in; ``code`` is the ticket's, if there is one."""

    employee_id: str | None
    unit_id: str | None
    rating: int
    text: str
    code: str | None
    thanks: bool = False
    """Whether the citizen also thanks the officer."""


@dataclass(frozen=True, slots=True)
class Given:
    """Feedback that was accepted; without its words, since a repeated request is answered from a copy of this."""

    id: str
    receipt: str
    trust: Decimal
    """The weight that counts, or will count once it is released."""
    status: Status = "received"


@together
async def issue_ticket(tx: Transaction, scope: Scope, unit_id: str, employee_id: str | None, service: str) -> Ticket:
    """Give the citizen who was just served a ticket, worth one voice at full weight."""
    found = await tx.find(SUBJECTS, scope, {"_id": unit_id, "kind": "unit"}, limit=1)
    if not found:
        raise NotFound("units", unit_id)
    unit = found[0]
    officer = await known(tx, "employee", employee_id) if employee_id is not None else None
    entropy = secrets.token_bytes(tickets.ENTROPY)
    ticket = tickets.issue(new_id(), entropy=entropy, unit=unit, officer=officer, service=service, at=tx.now)
    tx.save(TICKETS, ticket)
    return ticket


@together
async def give_feedback(
    tx: Transaction, voice: Voice, secret: bytes, sender: Sender = NOBODY, fewest: int = FEWEST
) -> Given:
    """Accept a citizen's feedback; with a ticket it counts in full, without one a little.

    A verified person counts half. Without either it weighs what its cluster has left. It takes the place of what its
    person or device said before, and waits for oversight if it is part of a burst: more than ``fewest`` in an hour,
    and more than the weeks before explain.
    """
    ticket = await ticket_of(tx, voice.code)
    about = await about_whom(tx, voice.employee_id, voice.unit_id, ticket)
    cluster = sender.cluster(about.id, about.province, tx.now)
    given, event = rules.give(
        new_id(), about, rating=voice.rating, text=voice.text, thanked=voice.thanks, ticket=ticket, secret=secret,
        at=tx.now, cluster=cluster, verified=sender.verified,
    )  # fmt: skip
    if ticket is not None:
        tx.save(TICKETS, tickets.redeem(ticket, about, tx.now))
    else:
        about = await _replace_former(tx, sender, about, given)
    burst = quarantine.burst_of(about, given.proof, tx.now, fewest)
    about = subject.hear(
        about, weight=given.trust, cluster=cluster, at=tx.now, proof=given.proof, held=burst is not None
    )
    tx.publish(event)
    if burst is None:
        counted, effect = subject.count(about, event)
    else:
        given, held = quarantine.hold(given, burst)
        counted, effect = subject.hold(about, held)
        tx.publish(held)
    tx.save(FEEDBACK, given)
    tx.save(SUBJECTS, counted, effect=effect)
    return Given(given.id, given.receipt, given.trust, given.status)


@command
async def withdraw_feedback(tx: Transaction, number: str, key: str) -> Feedback:
    """Take feedback back, with its receipt number and key."""
    found = await tx.find(FEEDBACK, SYSTEM, {"receipt": receipt.read_number(number)}, limit=1)
    if not found:
        raise receipt.unknown(number)
    withdrawn, event = rules.withdraw(found[0], key=key, at=tx.now)
    tx.save(FEEDBACK, withdrawn)
    if event is None:
        return withdrawn
    about = await tx.load(SUBJECTS, event.subject.id, SYSTEM)
    counted, effect = subject.take_back(about, event, counted=found[0].status == "received")
    tx.save(SUBJECTS, counted, effect=effect)
    tx.publish(event)
    return withdrawn


async def _replace_former(tx: Transaction, sender: Sender, about: Subject, given: Feedback) -> Subject:
    """The subject without the rating of the same person or device whose place this one takes."""
    for former_id in await stand(tx, sender.standings(about.id, about.province, tx.now, WITHIN, "rating"), given.id):
        about = await _without(tx, about, former_id, given)
    return about


async def stand(tx: Transaction, places: tuple[str, ...], voice_id: str) -> list[str]:
    """Note that of these places this voice counts from now on; the voices within 30 days that give way to it."""
    former = []
    for id_ in places:
        for known_one in await tx.find(STANDINGS, SYSTEM, {"_id": id_}, limit=1):
            if known_one.replaced_at(tx.now):
                former.append(known_one.feedback_id)
    if places:
        tx.save(STANDINGS, Standing(id=places[0], feedback_id=voice_id, given_at=tx.now))
    return former


async def _without(tx: Transaction, about: Subject, former_id: str, given: Feedback) -> Subject:
    """The subject once an earlier voice has given way to a new one."""
    former = await tx.load(FEEDBACK, former_id, SYSTEM)
    gone = rules.give_way(former, to=given.id, at=tx.now)
    if gone is None:
        return about
    replaced, event = gone
    about, effect = subject.take_back(about, event, counted=former.status == "received")
    tx.save(FEEDBACK, replaced)
    tx.save(SUBJECTS, about, effect=effect)
    tx.publish(event)
    return about


async def ticket_of(tx: Transaction, code: str | None) -> Ticket | None:
    """The ticket whose code this is; None without a code."""
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


async def about_whom(tx: Transaction, employee_id: str | None, unit_id: str | None, ticket: Ticket | None) -> Subject:
    """Whom the voice is about: the officer named (or named by the ticket), else the unit."""
    if employee_id is None and unit_id is None and ticket is not None:
        employee_id, unit_id = ticket.employee_id, ticket.unit_id
    if employee_id is None:
        return await known(tx, "unit", unit_id)
    officer = await known(tx, "employee", employee_id)
    if unit_id is not None and ticket is None:
        subject.refuse_elsewhere(officer, await known(tx, "unit", unit_id))
    return officer


async def known(tx: Transaction, kind: SubjectKind, id_: str | None) -> Subject:
    """An employee or unit that personnel has announced.

    Asked for by id alone: with ``kind`` beside it the embedded database prefers the other index, and scans.
    """
    found = await tx.find(SUBJECTS, SYSTEM, {"_id": id_ or ""}, limit=1)
    if not found or found[0].kind != kind or not found[0].name:
        raise SubjectUnknown(
            "Petugas atau unit ini tidak dikenal. Pilih dari daftar unit, atau kirim dengan kode karcis.",
            field=f"{kind}_id",
            detail=f"expected the id of a {kind} that personnel has announced",
        )
    return found[0]
