"""The registry of partners: agreements, offers, declared interests, and what came of their sessions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Response
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from pydantic import BaseModel, Field, StringConstraints

from training.api.catalogue import Day, Name, SessionView
from training.api.effects import EffectView
from training.api.funding import BooksScope, HrScope, KeeperScope, Money
from training.commands import approve_session
from training.commands import partners as commands
from training.domain.partner import Agreement, Institution
from training.domain.programme import Partner, PartnerKind
from training.queries import funding as queries

router = APIRouter(prefix="/v1", tags=["partners"])

Words = Annotated[str, StringConstraints(min_length=3, max_length=2000)]


class PartnerRequest(Body):
    """An institution for a unit's registry."""

    unit_id: Id
    name: Name
    kind: PartnerKind


class AgreementRequest(Body):
    """What was signed."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    starts_on: Day
    ends_on: Day
    scope: Words = Field(description="What it covers, in words.")


class OfferRequest(Body):
    """What a partner asks for a place."""

    price: Money
    seats: int = Field(description="Most at once.")


class InterestRequest(Body):
    """Who of ours has an interest in the partner."""

    employee_id: Id
    reason: Words


class AgreementView(BaseModel):
    """What was signed."""

    number: str
    starts_on: date
    ends_on: date
    scope: str


class OfferView(BaseModel):
    """What a partner asks for a place."""

    programme_id: Id
    price: Decimal
    seats: int


class InterestView(BaseModel):
    """Who of ours has an interest in the partner."""

    id: Id
    employee_id: Id
    reason: str
    declared_by: str
    declared_on: date
    ended_on: date | None


class InstitutionView(BaseModel):
    """A partner."""

    id: Id
    name: str
    kind: PartnerKind
    unit_path: UnitPath
    conflict_of_interest: bool = Field(description="Whether its sessions need a second person's approval.")
    agreements: list[AgreementView]
    offers: list[OfferView]
    interests: list[InterestView]

    @classmethod
    def of(cls, one: Institution) -> Self:
        lists = {
            "agreements": [AgreementView.model_validate(a, from_attributes=True) for a in one.agreements],
            "offers": [OfferView.model_validate(o, from_attributes=True) for o in one.offers],
            "interests": [InterestView.model_validate(i, from_attributes=True) for i in one.interests],
        }
        plain = {name: getattr(one, name) for name in ("id", "name", "kind", "unit_path")}
        return cls(**plain, conflict_of_interest=bool(one.flagged), **lists)


class RatingView(BaseModel):
    """How good a partner has been: by what its programmes changed, and by who got the certificate."""

    sessions: int = Field(description="That were held.")
    participants: int
    completed: int
    completion_share: Decimal | None = Field(description="Of participants, who got the certificate; 0 to 1.")
    effect: EffectView = Field(description="What its programmes changed together, against comparable people.")


@router.post("/partners", status_code=201)
async def register_partner(body: PartnerRequest, scope: KeeperScope, work: WorkDep) -> InstitutionView:
    """Enter an institution into a unit's registry."""
    partner = Partner(name=body.name, kind=body.kind)
    return InstitutionView.of(await commands.register_partner(work, scope, body.unit_id, partner))


@router.get("/partners")
async def list_partners(
    scope: BooksScope, work: WorkDep, unit_path: UnitPath | None = None, after: After = None, limit: Limit = 100
) -> Page[InstitutionView]:
    """The registry, perhaps of one unit and everything below it."""
    found = await queries.list_partners(work, scope, unit_path, after, limit)
    return Page(items=[InstitutionView.of(p) for p in found], next=found[-1].id if len(found) == limit else None)


@router.get("/partners/{partner_id}")
async def read_partner(partner_id: Id, scope: BooksScope, work: WorkDep, response: Response) -> InstitutionView:
    """One partner."""
    kept = await queries.partner(work, scope, partner_id)
    etag(response, kept.rev)
    return InstitutionView.of(kept.state)


@router.post("/partners/{partner_id}/agreements", status_code=201)
async def record_agreement(
    partner_id: Id, body: AgreementRequest, scope: KeeperScope, work: WorkDep
) -> InstitutionView:
    """Record an agreement."""
    agreement = Agreement(**body.model_dump())
    return InstitutionView.of(await commands.record_agreement(work, scope, partner_id, agreement))


@router.put("/partners/{partner_id}/offers/{programme_id}")
async def offer_course(
    partner_id: Id, programme_id: Id, body: OfferRequest, scope: KeeperScope, work: WorkDep
) -> InstitutionView:
    """Record what the partner asks for a place in one of its programmes."""
    told = commands.offer_course(work, scope, partner_id, programme_id, body.price, body.seats)
    return InstitutionView.of(await told)


@router.post("/partners/{partner_id}/interests", status_code=201)
async def declare_interest(partner_id: Id, body: InterestRequest, scope: KeeperScope, work: WorkDep) -> InstitutionView:
    """Declare a conflict of interest; from now on the partner's sessions need a second person's approval."""
    told = commands.declare_interest(work, scope, partner_id, body.employee_id, body.reason)
    return InstitutionView.of(await told)


@router.post("/partners/{partner_id}/interests/{interest_id}/end")
async def end_interest(partner_id: Id, interest_id: Id, scope: HrScope, work: WorkDep) -> InstitutionView:
    """State that an interest is there no more."""
    return InstitutionView.of(await commands.end_interest(work, scope, partner_id, interest_id))


@router.get("/partners/{partner_id}/rating")
async def read_rating(partner_id: Id, scope: BooksScope, work: WorkDep) -> RatingView:
    """What a partner's programmes changed among the employees of the caller's units, and who got the certificate."""
    return RatingView.model_validate(await queries.rating(work, scope, partner_id), from_attributes=True)


@router.post("/sessions/{session_id}/approval")
async def approve(session_id: Id, scope: HrScope, work: WorkDep) -> SessionView:
    """Approve a session as the second person, in spite of the interests declared in its partner."""
    return SessionView.of(await approve_session(work, scope, session_id))
