"""What citizens ask of an office by a complaint, and what the office does about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kinara.contracts.feedback import ComplaintOverdue, Topic
from kinara.kit.group import together
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from feedback.commands.voices import known, ticket_of
from feedback.domain import complaint as rules
from feedback.domain import complaint_hold, handling, receipt, subject
from feedback.domain import ticket as tickets
from feedback.domain.complaint import Complaint, Outcome, State
from feedback.domain.complaint_tally import blank_complaints, moved
from feedback.domain.edition import root_of
from feedback.domain.lodging import MOST, Lodging, one_more
from feedback.domain.pace import FEWEST
from feedback.domain.sender import NOBODY, Sender
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from feedback.store import COMPLAINT_TALLIES, COMPLAINTS, LODGINGS, SUBJECTS, TICKETS


@dataclass(frozen=True, slots=True)
class Lodged:
    """A complaint that was accepted; without its words, since a repeated request is answered from a copy of this."""

    id: str
    receipt: str
    level: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Handled:
    """A complaint that has taken a step; without its words and its key, for the same reason."""

    id: str
    state: State
    employee_id: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What an officer tells the citizen."""

    outcome: Outcome
    words: str
    passed_to: str = ""


@together
async def lodge_complaint(
    tx: Transaction,
    unit_id: str,
    text: str,
    level: str | None,
    topic: Topic | None,
    clocks: Clocks,
    secret: bytes,
    sender: Sender = NOBODY,
    most: int = MOST,
    fewest: int = FEWEST,
    code: str | None = None,
) -> Lodged:
    """Accept a citizen's complaint about a unit, perhaps with a ticket's code; of one address so many in an hour.

    It moves no score while it is held: with a burst, more than ``fewest`` in an hour and than the weeks before explain.
    """
    unit = await known(tx, "unit", unit_id)
    if cluster := sender.cluster(unit.id, unit.province, tx.now):
        known_before = await tx.find(LODGINGS, SYSTEM, {"_id": cluster}, limit=1)
        tx.save(LODGINGS, one_more(known_before[0] if known_before else Lodging(id=cluster), most))
    ticket = await ticket_of(tx, code)
    lodged = rules.lodge(
        new_id(), unit, text=text, level=level, topic=topic, clocks=clocks, secret=secret, at=tx.now,
        proven=await _is_another(tx, sender, unit, ticket),
    )  # fmt: skip
    if ticket is not None:
        tx.save(TICKETS, tickets.redeem(ticket, unit, tx.now))
    burst = complaint_hold.burst_of(unit, tx.now, fewest)
    tx.save(SUBJECTS, complaint_hold.heard(unit, tx.now, held=burst is not None))
    await keep(tx, None, complaint_hold.hold(lodged, burst) if burst else lodged)
    return Lodged(lodged.id, lodged.receipt, lodged.level, lodged.due_at)


@command
async def verify_complaint(
    tx: Transaction, scope: Scope, complaint_id: str, level: str, topic: Topic, clocks: Clocks
) -> Handled:
    """The office has looked at it: class and topic are set, and it is to be answered from now on."""
    found = await tx.load(COMPLAINTS, complaint_id, scope)
    verified, overdue = handling.verify(found, level=level, topic=topic, by=scope.who, clocks=clocks, at=tx.now)
    return await keep(tx, found, verified, overdue)


@command
async def assign_complaint(
    tx: Transaction, scope: Scope, complaint_id: str, employee_id: str, reason: str, clocks: Clocks
) -> Handled:
    """Give it to an officer of its unit, or on to another."""
    found = await tx.load(COMPLAINTS, complaint_id, scope)
    officer, unit = await known(tx, "employee", employee_id), await known(tx, "unit", found.unit_id)
    assigned, overdue = handling.assign(found, officer, unit, by=scope.who, reason=reason, clocks=clocks, at=tx.now)
    return await keep(tx, found, assigned, overdue)


@command
async def answer_complaint(tx: Transaction, scope: Scope, complaint_id: str, reply: Reply) -> Handled:
    """Tell the citizen what became of it."""
    found = await tx.load(COMPLAINTS, complaint_id, scope)
    answered, overdue, resolved = handling.answer(
        found, by=scope.who, officer_id=scope.own, outcome=reply.outcome, words=reply.words,
        passed_to=reply.passed_to, at=tx.now,
    )  # fmt: skip
    return await keep(tx, found, answered, overdue, resolved)


@command
async def confirm_answer(tx: Transaction, number: str, key: str) -> Handled:
    """The citizen accepts the answer, with receipt and key."""
    found = await _by_receipt(tx, number)
    return await keep(tx, found, handling.confirm(found, key=key, at=tx.now))


@command
async def contest_answer(tx: Transaction, number: str, key: str, words: str, clocks: Clocks) -> Handled:
    """The citizen says that it is not solved, with receipt and key."""
    found = await _by_receipt(tx, number)
    serves = await _serves(tx, found)
    reopened, fact = handling.contest(found, key=key, words=words, serves=serves, clocks=clocks, at=tx.now)
    return await keep(tx, found, reopened, fact)


@command
async def tell_overdue(tx: Transaction, complaint_id: str) -> ComplaintOverdue | None:
    """Say that a complaint's clock has run out, if it has and nobody has said so."""
    found = await tx.load(COMPLAINTS, complaint_id, SYSTEM)
    late, overdue = rules.run_out(found, tx.now)
    if overdue is not None:
        await keep(tx, found, late, overdue)
    return overdue


async def keep(tx: Transaction, before: Complaint | None, after: Complaint, *facts: rules.Fact | None) -> Handled:
    """Store a complaint with its unit's tally, and say what happened, unless it is held."""
    after, said = complaint_hold.told(after, [fact for fact in facts if fact is not None])
    tx.save(COMPLAINTS, after)
    blank = blank_complaints(after)
    for tally in await tx.find(COMPLAINT_TALLIES, SYSTEM, {"_id": blank.id}, limit=1) or [blank]:
        tx.save(COMPLAINT_TALLIES, moved(tally, before, after))
    await _say(tx, said)
    return Handled(after.id, after.state, after.employee_id)


async def _say(tx: Transaction, facts: Sequence[rules.Fact]) -> None:
    """Say what has happened to a complaint, on the pages of those whom it is about."""
    for fact in facts:
        about = await tx.load(SUBJECTS, fact.subject.id, SYSTEM)
        tx.save(SUBJECTS, about, effect=rules.effect_of(fact))
        tx.publish(fact)


async def _is_another(tx: Transaction, sender: Sender, unit: Subject, ticket: Ticket | None) -> bool:
    """Whether one more who proves something complains about the unit's government in this month."""
    id_ = sender.complainant(root_of(unit.unit_path), unit.province, tx.now)
    if id_ is None:
        return ticket is not None
    if await tx.find(LODGINGS, SYSTEM, {"_id": id_}, limit=1):
        return False
    tx.save(LODGINGS, Lodging(id=id_, count=1))
    return True


async def _serves(tx: Transaction, complaint: Complaint) -> bool:
    """Whether its officer still serves in its unit, wherever that stands by now."""
    if complaint.employee_id is None:
        return False
    officer = await tx.load(SUBJECTS, complaint.employee_id, SYSTEM)
    return subject.serves(officer, await tx.load(SUBJECTS, complaint.unit_id, SYSTEM))


async def _by_receipt(tx: Transaction, number: str) -> Complaint:
    number = receipt.read_number(number, receipt.COMPLAINT)
    found = await tx.find(COMPLAINTS, SYSTEM, {"receipt": number}, limit=1)
    if not found:
        raise receipt.unknown(number)
    return found[0]
