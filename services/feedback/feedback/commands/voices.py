"""What citizens and counters ask: issue a ticket, hear a voice, take it back, count a survey answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kinara.contracts import SubjectKind
from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.group import together
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from feedback.commands import campaigns
from feedback.domain import feedback as rules
from feedback.domain import quarantine, receipt, subject, survey
from feedback.domain import ticket as tickets
from feedback.domain.feedback import Feedback, Status
from feedback.domain.pace import FEWEST
from feedback.domain.refusals import SubjectUnknown, TicketUnknown
from feedback.domain.sender import NOBODY, Sender
from feedback.domain.standing import WITHIN, Standing
from feedback.domain.subject import Subject
from feedback.domain.survey import Answer, Tally
from feedback.domain.ticket import Ticket
from feedback.store import ANSWERS, FEEDBACK, STANDINGS, SUBJECTS, TALLIES, TICKETS


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

    It weighs what its cluster has left, takes the place of what its device said before, and waits for oversight if it
    is part of a burst: more than ``fewest`` in an hour, and more than the weeks before explain.
    """
    ticket = await _ticket(tx, voice.code)
    about = await _about(tx, voice.employee_id, voice.unit_id, ticket)
    cluster = sender.cluster(about.id, about.province, tx.now)
    given, event = rules.give(
        new_id(), about, rating=voice.rating, text=voice.text, thanked=voice.thanks, ticket=ticket, secret=secret,
        at=tx.now, cluster=cluster,
    )  # fmt: skip
    if ticket is not None:
        tx.save(TICKETS, tickets.redeem(ticket, about, tx.now))
    else:
        about = await _replace_former(tx, sender, about, given)
    burst = quarantine.burst_of(about, given, fewest)
    about = subject.hear(
        about, weight=given.trust, cluster=cluster, at=tx.now, ticketed=ticket is not None, held=burst is not None
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


@together
async def answer_survey(
    tx: Transaction,
    employee_id: str | None,
    unit_id: str | None,
    marks: Mapping[str, int],
    code: str | None,
    sender: Sender = NOBODY,
) -> Answer:
    """Count one answer to the satisfaction survey in its unit and month; it weighs what its cluster has left.

    The code is a ticket's, or an invitation to a campaign.
    """
    campaign = await campaigns.admit(tx, code, employee_id, unit_id)
    ticket = None if campaign else await _ticket(tx, code)
    about = await _about(tx, employee_id, campaign.unit_id if campaign else unit_id, ticket)
    cluster = sender.cluster(about.id, about.province, tx.now)
    asked = campaign.id if campaign else None
    given, event = survey.answer(new_id(), about, marks, ticket=ticket, at=tx.now, cluster=cluster, campaign=asked)
    ticketed = bool(ticket or campaign)
    about = subject.hear_answer(about, weight=given.trust, cluster=cluster, at=tx.now, ticketed=ticketed)
    if ticket is not None:
        tx.save(TICKETS, tickets.redeem(ticket, about, tx.now))
    tx.save(ANSWERS, given)
    tally = await _tally(tx, given)
    tx.save(TALLIES, survey.add(tally, given))
    tx.save(SUBJECTS, about)
    tx.publish(event)
    if campaign and code:
        await campaigns.spend(tx, code)
    return given


async def _replace_former(tx: Transaction, sender: Sender, about: Subject, given: Feedback) -> Subject:
    """Of one device's voices about a subject within 30 days the last counts: the subject without the one before."""
    own, *last_years = sender.standings(about.id, about.province, tx.now, WITHIN) or ("",)
    if not own:
        return about
    for id_ in (own, *last_years):
        for former in await tx.find(STANDINGS, SYSTEM, {"_id": id_}, limit=1):
            if former.replaced_at(tx.now):
                about = await _without(tx, about, former.feedback_id, given)
    tx.save(STANDINGS, Standing(id=own, feedback_id=given.id, given_at=tx.now))
    return about


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


async def _tally(tx: Transaction, given: Answer) -> Tally:
    """The part of the unit's month that this answer is counted in, one of sixteen by the end of its random id."""
    month, *_ = survey.periods_of(day_of(given.answered_at, kemendagri_code(given.province)))
    blank = survey.blank_tally(
        given.unit_id, month, province=given.province, unit_path=given.unit_path, part=given.id[-1],
        campaign=given.campaign_id,
    )  # fmt: skip
    found = await tx.find(TALLIES, SYSTEM, {"_id": blank.id}, limit=1)
    return found[0] if found else blank
