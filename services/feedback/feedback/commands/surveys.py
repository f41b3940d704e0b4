"""Answers to the satisfaction survey: counted, held with a burst, given anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.group import together
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction

from feedback.commands import campaigns
from feedback.commands.voices import about_whom, stand, ticket_of
from feedback.domain import answering, quarantine, subject, survey
from feedback.domain import ticket as tickets
from feedback.domain.answering import Answer
from feedback.domain.pace import FEWEST
from feedback.domain.sender import NOBODY, Sender
from feedback.domain.standing import WITHIN
from feedback.domain.subject import Subject
from feedback.domain.survey import Tally
from feedback.store import ANSWERS, SUBJECTS, TALLIES, TICKETS


@together
async def answer_survey(
    tx: Transaction,
    employee_id: str | None,
    unit_id: str | None,
    marks: Mapping[str, int],
    code: str | None,
    sender: Sender = NOBODY,
    fewest: int = FEWEST,
) -> Answer:
    """Count one answer to the satisfaction survey in its unit and month, weighed and held as a rating is.

    The code is a ticket's, or an invitation to a campaign: an answer to that is part of no burst.
    """
    campaign = await campaigns.admit(tx, code, employee_id, unit_id)
    ticket = None if campaign else await ticket_of(tx, code)
    about = await about_whom(tx, employee_id, campaign.unit_id if campaign else unit_id, ticket)
    cluster = sender.cluster(about.id, about.province, tx.now)
    given, event = answering.answer(
        new_id(), about, marks, ticket=ticket, at=tx.now, cluster=cluster, verified=sender.verified,
        campaign=campaign.id if campaign else None,
    )  # fmt: skip
    if ticket is not None:
        tx.save(TICKETS, tickets.redeem(ticket, about, tx.now))
    elif campaign is None:
        about = await _replace_former(tx, sender, about, given)
    tx.publish(event)
    if campaign is None:
        given, about = _heard(tx, given, about, cluster, fewest)
    tx.save(ANSWERS, given)
    tx.save(SUBJECTS, await counted(tx, about, [given]))
    if campaign and code:
        await campaigns.spend(tx, code)
    return given


async def counted(tx: Transaction, about: Subject, given: Sequence[Answer], count: int = 1) -> Subject:
    """Add those that are not held to their units' sums, or with -1 take them away; the subject with their weight."""
    tallies: dict[str, Tally] = {}
    for one in given:
        if one.status == "quarantined":
            continue
        blank = _blank(one)
        if blank.id not in tallies:
            found = await tx.find(TALLIES, SYSTEM, {"_id": blank.id}, limit=1)
            tallies[blank.id] = found[0] if found else blank
        tallies[blank.id] = survey.add(tallies[blank.id], one, count)
        about = subject.count_answer(about, count * one.trust, one.answered_at)
    for tally in tallies.values():
        tx.save(TALLIES, tally)
    return about


def _heard(tx: Transaction, given: Answer, about: Subject, cluster: str | None, fewest: int) -> tuple[Answer, Subject]:
    """The answer, held if it is part of a burst, and the subject that has heard it."""
    burst = quarantine.burst_of(about, given.proof, tx.now, fewest)
    heard = subject.hear(
        about, weight=given.trust, cluster=cluster, at=tx.now, proof=given.proof, held=burst is not None
    )
    if burst is None:
        return given, heard
    given, held = quarantine.hold_answer(given, burst)
    tx.publish(held)
    return given, heard


async def _replace_former(tx: Transaction, sender: Sender, about: Subject, given: Answer) -> Subject:
    """The subject without the answer of the same verified person whose place this one takes."""
    for former_id in await stand(tx, sender.standings(about.id, about.province, tx.now, WITHIN, "answer"), given.id):
        former = await tx.load(ANSWERS, former_id, SYSTEM)
        if gone := answering.give_way(former, to=given.id):
            replaced, event = gone
            about = await counted(tx, about, [former], -1)
            tx.save(ANSWERS, replaced)
            tx.publish(event)
    return about


def _blank(given: Answer) -> Tally:
    """The part of the unit's month that an answer is counted in, one of sixteen by the end of its random id."""
    month, *_ = survey.periods_of(day_of(given.answered_at, kemendagri_code(given.province)))
    return survey.blank_tally(
        given.unit_id, month, province=given.province, unit_path=given.unit_path, part=given.id[-1],
        campaign=given.campaign_id,
    )  # fmt: skip
