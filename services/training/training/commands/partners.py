"""The registry of partners: what is agreed, what they offer, and who has an interest in them."""

from __future__ import annotations

from decimal import Decimal

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from training.commands.days import today_of
from training.commands.learners import learner_of
from training.domain import partner as partners
from training.domain.partner import Agreement, Institution, Interest
from training.domain.programme import Partner, Programme
from training.domain.session import Session
from training.store import PARTNERS, PROGRAMMES, UNITS


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
    """State that a declared interest is there no more."""
    institution = await tx.load(PARTNERS, partner_id, scope)
    if all(interest.id != interest_id for interest in institution.interests):
        raise NotFound("interests", interest_id)
    return _kept(tx, partners.end_interest(institution, interest_id, scope.who, today_of(tx, institution)))


async def partner_of(tx: Transaction, programme: Programme) -> Institution | None:
    """The partner of the registry that teaches a programme, if it is one."""
    if programme.partner_id is None:
        return None
    return await tx.load(PARTNERS, programme.partner_id, SYSTEM)


async def refuse_uncleared(tx: Transaction, session: Session) -> None:
    """Refuse to go on with a session while an interest in its partner is not approved."""
    institution = await partner_of(tx, await tx.load(PROGRAMMES, session.programme_id, SYSTEM))
    if institution is not None:
        partners.refuse_uncleared(institution, session)


def _kept(tx: Transaction, institution: Institution) -> Institution:
    tx.save(PARTNERS, institution)
    return institution
