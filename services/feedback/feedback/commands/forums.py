"""Residents' forums: announced, attended with one-time codes, recorded, and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, command

from feedback.commands import codes
from feedback.commands.campaigns import unit_of
from feedback.commands.codes import Batch
from feedback.domain import forum as rules
from feedback.domain.campaign import today_of
from feedback.domain.forum import MOST_PROPOSALS, By, Decision, Forum, Proposal
from feedback.store import FORUMS, PROPOSALS, SUBJECTS


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is announced of a forum."""

    unit_id: str
    title: str
    agenda: tuple[str, ...]
    place: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is recorded of a forum."""

    words: str
    attendance: int
    answers_due_on: date


@command
async def announce(tx: Transaction, scope: Scope, meeting: Meeting) -> Forum:
    """A unit invites residents."""
    unit = await unit_of(tx, scope, meeting.unit_id)
    made = rules.announce(
        new_id(), unit, title=meeting.title, agenda=meeting.agenda, place=meeting.place, held_on=meeting.held_on,
        today=today_of(unit.province, tx.now), at=tx.now, by=scope.label,
    )  # fmt: skip
    tx.save(FORUMS, made)
    return made


@command
async def hand_out(tx: Transaction, scope: Scope, forum_id: str, count: int, secret: bytes) -> Batch:
    """Codes for so many attendees."""
    forum = await tx.load(FORUMS, forum_id, scope)
    tx.save(FORUMS, rules.hand_out(forum, count))
    return codes.hand_out(tx, forum_id, count, secret)


@command
async def propose(tx: Transaction, scope: Scope, forum_id: str, words: str) -> Proposal:
    """The forum as a whole asks for something."""
    return await _propose(tx, await tx.load(FORUMS, forum_id, scope), words, "forum")


@command
async def propose_as_citizen(tx: Transaction, forum_id: str, words: str, code: str) -> Proposal:
    """An attendee asks for something; each code does so once."""
    made = await _propose(tx, await tx.load(FORUMS, forum_id, SYSTEM), words, "citizen")
    await codes.spend(tx, await codes.read(tx, code), "proposal", opens=forum_id)
    return made


@command
async def support(tx: Transaction, proposal_id: str, code: str) -> Proposal:
    """An attendee stands behind a proposal; each code does so once for each."""
    proposal = await tx.load(PROPOSALS, proposal_id, SYSTEM)
    supported = rules.support(proposal, await tx.load(FORUMS, proposal.forum_id, SYSTEM))
    await codes.spend(tx, await codes.read(tx, code), proposal_id, opens=proposal.forum_id)
    tx.save(PROPOSALS, supported)
    return supported


@command
async def record(tx: Transaction, scope: Scope, forum_id: str, minutes: Minutes) -> Forum:
    """The minutes are written; what was proposed waits for an answer from now on."""
    forum = await tx.load(FORUMS, forum_id, scope)
    recorded, waiting, fact = rules.record(
        forum, await _proposals(tx, forum_id), minutes=minutes.words, attendance=minutes.attendance,
        due_on=minutes.answers_due_on, today=today_of(forum.province, tx.now), at=tx.now,
    )  # fmt: skip
    tx.save(FORUMS, recorded)
    for proposal in waiting:
        tx.save(PROPOSALS, proposal)
    tx.save(SUBJECTS, await tx.load(SUBJECTS, forum.unit_id, SYSTEM))
    tx.publish(fact)
    return recorded


@command
async def answer(tx: Transaction, scope: Scope, proposal_id: str, decision: Decision, words: str) -> Proposal:
    """The official answer to a proposal."""
    proposal = await tx.load(PROPOSALS, proposal_id, scope)
    answered = rules.answer(proposal, decision, words, today_of(proposal.province, tx.now))
    tx.save(PROPOSALS, answered)
    return answered


async def _propose(tx: Transaction, forum: Forum, words: str, by: By) -> Proposal:
    known = len(await _proposals(tx, forum.id))
    made = rules.propose(new_id(), forum, words, by, known=known, at=tx.now)
    tx.save(PROPOSALS, made)
    tx.save(FORUMS, forum)  # so that one which comes while the minutes are written is in them, or refused
    return made


async def _proposals(tx: Transaction, forum_id: str) -> list[Proposal]:
    return await tx.find(PROPOSALS, SYSTEM, {"forum_id": forum_id}, limit=MOST_PROPOSALS)
