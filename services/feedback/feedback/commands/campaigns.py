"""Survey campaigns: announced, their invitations given out, answered, closed."""

from __future__ import annotations

from datetime import date

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from feedback.commands import codes
from feedback.commands.codes import Batch
from feedback.domain import campaign as rules
from feedback.domain.campaign import Campaign, today_of
from feedback.domain.refusals import TokenForAnother
from feedback.domain.subject import Subject
from feedback.domain.token import is_token
from feedback.store import CAMPAIGNS, SUBJECTS


@command
async def announce(
    tx: Transaction, scope: Scope, unit_id: str, name: str, days: tuple[date, date], population: int
) -> Campaign:
    """A unit will ask those whom it served."""
    unit = await unit_of(tx, scope, unit_id)
    made = rules.announce(new_id(), unit, name=name, days=days, population=population, at=tx.now, by=scope.label)
    tx.save(CAMPAIGNS, made)
    tx.save(SUBJECTS, unit)
    tx.publish(rules.citable(made))
    return made


@command
async def invite(tx: Transaction, scope: Scope, campaign_id: str, count: int, secret: bytes) -> Batch:
    """Give out so many invitations."""
    asked = await tx.load(CAMPAIGNS, campaign_id, scope)
    tx.save(CAMPAIGNS, rules.invite(asked, count, today_of(asked.province, tx.now)))
    return codes.hand_out(tx, campaign_id, count, secret)


@command
async def close(tx: Transaction, scope: Scope, campaign_id: str) -> Campaign:
    """End a campaign before its last day."""
    asked = await tx.load(CAMPAIGNS, campaign_id, scope)
    closed = rules.close(asked, today_of(asked.province, tx.now))
    tx.save(CAMPAIGNS, closed)
    return closed


async def admit(tx: Transaction, code: str | None, employee_id: str | None, unit_id: str | None) -> Campaign | None:
    """The campaign whose invitation this code is; None if the code is none, but perhaps a ticket's.

    It is not saved: all its answers would wait for each other. One that comes while it is closed may be counted.
    """
    if not is_token(code):
        return None
    known = await codes.read(tx, code)
    found = await tx.find(CAMPAIGNS, SYSTEM, {"_id": known.opens}, limit=1)
    if not found or employee_id is not None or unit_id not in (None, found[0].unit_id):
        raise TokenForAnother(
            "Kode undangan ini bukan untuk petugas atau unit itu. Kosongkan petugas dan unit, lalu kirim lagi.",
            field="ticket",
            detail="an invitation is to say something about the unit of its campaign",
        )
    return rules.admit(found[0], today_of(found[0].province, tx.now))


async def spend(tx: Transaction, code: str) -> None:
    """An invitation has been answered."""
    known = await codes.read(tx, code)
    await codes.spend(tx, known, "answer", opens=known.opens)


async def unit_of(tx: Transaction, scope: Scope, unit_id: str) -> Subject:
    """A unit inside the scope."""
    found = await tx.find(SUBJECTS, scope, {"_id": unit_id, "kind": "unit"}, limit=1)
    if not found:
        raise NotFound("units", unit_id)
    return found[0]
