"""Programmes and their sessions: read by every role, kept by the trainers of their units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Response
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from training import commands, queries
from training.api.funding import Money
from training.commands import Course, Schedule
from training.domain.funding import Part, Source
from training.domain.programme import COURSE_KINDS, Partner, PartnerKind, Programme
from training.domain.session import Session, State

router = APIRouter(prefix="/v1", tags=["training"])


async def _wanted(
    programme_id: Id | None = None, unit_path: UnitPath | None = None, state: State | None = None
) -> queries.SessionFilter:
    return queries.SessionFilter(programme_id, unit_path, state)


FilterDep = Annotated[queries.SessionFilter, Depends(_wanted)]
ReaderScope = Annotated[Scope, allow(*Role)]
TrainerScope = Annotated[Scope, allow(Role.TRAINER)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Day = Annotated[date, Field(strict=False)]


class PartnerBody(Body):
    """The institution that teaches and certifies."""

    name: Name
    kind: PartnerKind


class ProgrammeRequest(Body):
    """A programme to put on offer in a unit and everything below it."""

    unit_id: Id
    title: Name
    partner: PartnerBody | None = None
    partner_id: Id | None = Field(default=None, description="Of the registry, in place of ``partner``.")
    jp: int = Field(description="Hours of 45 minutes.")
    course_kind: Annotated[str, Field(max_length=4, description="SIASN jenisDiklat, e.g. 4 workshop.")]
    competencies: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=20)]
    level: int = Field(default=1, description="What its certificate shows of them, 1 (aware) to 5 (expert).")

    @model_validator(mode="after")
    def _one_partner(self) -> Self:
        if (self.partner is None) == (self.partner_id is None):
            raise PydanticCustomError("one_partner", "expected either partner or partner_id")
        return self

    def course(self) -> Course:
        facts = self.model_dump(exclude={"unit_id", "partner"})
        partner = Partner(name=self.partner.name, kind=self.partner.kind) if self.partner else None
        return Course(partner=partner, **facts)


class PartnerView(BaseModel):
    """The institution that teaches and certifies."""

    name: str
    kind: PartnerKind


class ProgrammeView(BaseModel):
    """A programme of the catalogue."""

    id: Id
    title: str
    partner: PartnerView
    jp: int
    course_kind: str
    course_kind_name: str
    competencies: list[str]
    level: int
    unit_path: str = Field(description="Where it is on offer, with everything below; / is everywhere.")
    partner_id: Id | None = Field(description="In the registry of partners.")
    active: bool

    @classmethod
    def of(cls, programme: Programme) -> Self:
        return cls(
            id=programme.id,
            title=programme.title,
            partner=PartnerView.model_validate(programme.partner, from_attributes=True),
            jp=programme.jp,
            course_kind=programme.course_kind,
            course_kind_name=COURSE_KINDS[programme.course_kind],
            competencies=list(programme.competencies),
            level=programme.level,
            unit_path=programme.unit_path,
            partner_id=programme.partner_id,
            active=programme.active,
        )


class ShareBody(Body):
    """What one source pays of a place: rupiah or percent."""

    source: Source
    amount: Money | None = None
    percent: Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6, strict=False)] | None = None


class SessionRequest(Body):
    """When, where and for how many; it meets on its weekdays unless ``meets_on`` says otherwise."""

    unit_id: Id
    starts_on: Day
    ends_on: Day
    seats: int
    place: Annotated[str, StringConstraints(max_length=200)] | None = None
    meets_on: Annotated[list[Day], Field(max_length=366)] | None = None

    price: Money | None = Field(default=None, description="Of a place; without it what the partner asks, or nothing.")
    shares: Annotated[list[ShareBody], Field(max_length=10)] = Field(
        default=[], description="Who pays the price, all of it; without them the learner's unit."
    )
    plan_id: Annotated[str, StringConstraints(max_length=300)] | None = None

    def schedule(self) -> Schedule:
        parts = [Part(**share.model_dump()) for share in self.shares]
        return Schedule(shares=parts, **self.model_dump(exclude={"unit_id", "shares"}))


class ShareView(BaseModel):
    """What one source pays of a place."""

    source: Source
    amount: Decimal


class SessionView(BaseModel):
    """A session; who takes part is on its roster."""

    id: Id
    programme_id: Id
    unit_path: UnitPath
    state: State
    starts_on: date
    ends_on: date
    meets_on: list[date]
    place: str | None
    seats: int
    seats_left: int
    waiting: int
    price: Decimal = Field(description="Of a place, in rupiah.")
    shares: list[ShareView]
    plan_id: str | None
    cleared: bool = Field(description="Whether a second person has approved it in spite of declared interests.")

    @classmethod
    def of(cls, session: Session) -> Self:
        return cls(
            id=session.id,
            programme_id=session.programme_id,
            unit_path=session.unit_path,
            state=session.state,
            starts_on=session.starts_on,
            ends_on=session.ends_on,
            meets_on=list(session.meets_on),
            place=session.place,
            seats=session.seats,
            seats_left=session.seats - len(session.seated),
            waiting=len(session.waiting),
            price=session.price,
            shares=[ShareView(source=share.source, amount=share.amount) for share in session.shares],
            plan_id=session.plan_id,
            cleared=bool(session.cleared),
        )


@router.get("/programmes")
async def list_programmes(
    _: ReaderScope, work: WorkDep, unit_path: UnitPath | None = None, after: After = None, limit: Limit = 100
) -> Page[ProgrammeView]:
    """The catalogue; with a unit, what that unit may host."""
    found = await queries.list_programmes(work, unit_path, after, limit)
    return Page(items=[ProgrammeView.of(p) for p in found], next=found[-1].id if len(found) == limit else None)


@router.get("/programmes/{programme_id}")
async def read_programme(programme_id: Id, _: ReaderScope, work: WorkDep, response: Response) -> ProgrammeView:
    """One programme, retired or not."""
    kept = await queries.programme(work, programme_id)
    etag(response, kept.rev)
    return ProgrammeView.of(kept.state)


@router.post("/programmes", status_code=201)
async def offer_programme(body: ProgrammeRequest, scope: TrainerScope, work: WorkDep) -> ProgrammeView:
    """Put a programme on offer."""
    return ProgrammeView.of(await commands.offer_programme(work, scope, body.unit_id, body.course()))


@router.post("/programmes/{programme_id}/retirement")
async def retire_programme(programme_id: Id, scope: TrainerScope, work: WorkDep) -> ProgrammeView:
    """Take a programme off the catalogue; its planned sessions go on."""
    return ProgrammeView.of(await commands.retire_programme(work, scope, programme_id))


@router.post("/programmes/{programme_id}/sessions", status_code=201)
async def plan_session(programme_id: Id, body: SessionRequest, scope: TrainerScope, work: WorkDep) -> SessionView:
    """Plan a session, hosted by one of the trainer's units."""
    return SessionView.of(await commands.plan_session(work, scope, programme_id, body.unit_id, body.schedule()))


@router.get("/sessions")
async def list_sessions(
    _: ReaderScope, work: WorkDep, wanted: FilterDep, after: After = None, limit: Limit = 100
) -> Page[SessionView]:
    """Sessions, perhaps of one programme, in one state, hosted at or below one unit."""
    found = await queries.list_sessions(work, wanted, after, limit)
    return Page(items=[SessionView.of(s) for s in found], next=found[-1].id if len(found) == limit else None)


@router.get("/sessions/{session_id}")
async def read_session(session_id: Id, _: ReaderScope, work: WorkDep, response: Response) -> SessionView:
    """One session."""
    kept = await queries.session(work, session_id)
    etag(response, kept.rev)
    return SessionView.of(kept.state)


@router.post("/sessions/{session_id}/opening")
async def open_session(session_id: Id, scope: TrainerScope, work: WorkDep) -> SessionView:
    """Let employees enrol."""
    return SessionView.of(await commands.open_session(work, scope, session_id))


@router.post("/sessions/{session_id}/closing")
async def close_session(session_id: Id, scope: TrainerScope, work: WorkDep) -> SessionView:
    """State that the session took place; attendance stands from then on."""
    return SessionView.of(await commands.close_session(work, scope, session_id))


@router.post("/sessions/{session_id}/cancellation")
async def cancel_session(session_id: Id, scope: TrainerScope, work: WorkDep) -> SessionView:
    """Call the session off, with every seat and every place in the waiting line."""
    return SessionView.of(await commands.cancel_session(work, scope, session_id))
