"""The registry of partners: what is agreed, what they offer, and who has an interest in them."""

from __future__ import annotations

from decimal import Decimal

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from training.commands.days import today_of
from training.commands.learners import learner_of
from training.commands.waiting import move_up
from training.domain import partner as partners
from training.domain.partner import Agreement, Institution, Interest
from training.domain.programme import Partner
from training.domain.session import Session, gives_seats
from training.store import PARTNERS, PROGRAMMES, SESSIONS, UNITS

MOST_LOOKED_AT = 500
"""Of a partner's programmes, and of the sessions of each, the latest."""


@command
async def register_partner(tx: Transaction, scope: Scope, unit_id: str, partner: Partner) -> Institution:
    """Enter an institution into a unit's registry."""
    institution = partners.register(new_id(), await tx.load(UNITS, unit_id, scope), partner)
    tx.save(PARTNERS, institution)
    return institution


@command
async def record_agreement(tx: Transaction, scope: Scope, partner_id: str, agreement: Agreement) -> Institution:
    """Record what was signed."""
    return _kept(tx, partners.agree(await tx.load(PARTNERS, partner_id, scope), agreement))


@command
async def offer_course(
    tx: Transaction, scope: Scope, partner_id: str, programme_id: str, price: Decimal, seats: int
) -> Institution:
    """Record what a partner asks for a place, and how many it teaches at once."""
    institution = await tx.load(PARTNERS, partner_id, scope)
    programme = await tx.load(PROGRAMMES, programme_id, SYSTEM)
    return _kept(tx, partners.offer_course(institution, programme, price, seats, today_of(tx, institution)))


@command
async def declare_interest(
    tx: Transaction, scope: Scope, partner_id: str, employee_id: str, reason: str
) -> Institution:
    """Declare that an employee has an interest in the partner."""
    institution = await tx.load(PARTNERS, partner_id, scope)
    await learner_of(tx, scope, employee_id)
    interest = Interest(
        id=new_id(), employee_id=employee_id, reason=reason, declared_by=scope.who,
        declared_on=today_of(tx, institution),
    )  # fmt: skip
    return _kept(tx, partners.declare(institution, interest))


@command
async def end_interest(tx: Transaction, scope: Scope, partner_id: str, interest_id: str) -> Institution:
    """State that a declared interest is there no more; seats that it kept free go to the neediest who wait."""
    institution = await tx.load(PARTNERS, partner_id, scope)
    if all(interest.id != interest_id for interest in institution.interests):
        raise NotFound("interests", interest_id)
    institution = _kept(tx, partners.end_interest(institution, interest_id, scope.who, today_of(tx, institution)))
    await move_up(tx, await _with_a_line(tx, partner_id), [])
    return institution


async def _with_a_line(tx: Transaction, partner_id: str) -> list[str]:
    """The partner's sessions for which somebody waits."""
    taught = await tx.find(PROGRAMMES, SYSTEM, {"partner_id": partner_id}, sort=("_id", -1), limit=MOST_LOOKED_AT)
    found: list[Session] = []
    for programme in taught:
        query = {"programme_id": programme.id, "state": "open"}
        found += await tx.find(SESSIONS, SYSTEM, query, sort=("_id", -1), limit=MOST_LOOKED_AT)
    return [session.id for session in found if session.waiting and gives_seats(session, today_of(tx, session))]


def _kept(tx: Transaction, institution: Institution) -> Institution:
    tx.save(PARTNERS, institution)
    return institution
