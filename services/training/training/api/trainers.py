"""Trainers: who can teach, how much they do, and who teaches a session."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from training.api.catalogue import Day, Name, ReaderScope, TrainerScope
from training.api.funding import AskedYear, BooksScope, KeeperScope, Year
from training.commands import trainers as commands
from training.commands.trainers import Wanted
from training.domain.trainer import LIMIT, MOST_TRAINERS, Load, Trainer
from training.queries import trainers as queries

router = APIRouter(prefix="/v1", tags=["trainers"])

LoadScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.TRAINER, Role.HR, Role.OVERSIGHT)]


class TrainerRequest(Body):
    """Somebody who can teach: an employee, or by name somebody of a partner's."""

    employee_id: Id | None = None
    partner_id: Id | None = None
    name: Name | None = Field(default=None, description="Of the partner's.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        given = tuple(one is not None for one in (self.employee_id, self.partner_id, self.name))
        if given not in ((True, False, False), (False, True, True)):
            raise PydanticCustomError("one_trainer", "expected either employee_id, or partner_id and name")
        return self


class AppointmentBody(Body):
    """Who teaches, and when."""

    trainer_id: Id
    days: Annotated[list[Day], Field(max_length=366)] | None = Field(
        default=None, description="Of the session's meeting days; without them all."
    )


class AppointmentsRequest(Body):
    """All who teach a session, in place of those before."""

    trainers: Annotated[list[AppointmentBody], Field(max_length=MOST_TRAINERS)]

    def wanted(self) -> list[Wanted]:
        return [Wanted(one.trainer_id, one.days) for one in self.trainers]


class TrainerView(BaseModel):
    """Somebody who can teach."""

    id: Id = Field(description="Of an employee the employee's own.")
    name: str
    unit_path: UnitPath
    partner_id: Id | None = Field(description="For whom they teach; none for an employee.")
    active: bool

    @classmethod
    def of(cls, trainer: Trainer) -> Self:
        return cls.model_validate(trainer, from_attributes=True)


class LimitView(BaseModel):
    """How much somebody is to teach at most, in JP."""

    a_month: int
    a_year: int
    source: str
    verified: bool = Field(description="False where no source has been read; then it is shown, and enforced nowhere.")


class LoadView(BaseModel):
    """What somebody teaches in a year, in JP."""

    year: int
    jp: Decimal
    months: list[Decimal] = Field(description="January to December.")
    over: bool = Field(description="More than the limit of the year, or of any month.")
    limit: LimitView

    @classmethod
    def of(cls, load: Load) -> Self:
        limit = LimitView.model_validate(LIMIT, from_attributes=True)
        return cls(year=load.year, jp=load.jp, months=list(load.months), over=load.over, limit=limit)


class CapacityView(TrainerView):
    """A trainer with what they teach in a year."""

    load: LoadView

    @classmethod
    def loaded(cls, found: queries.Capacity) -> Self:
        return cls(**TrainerView.of(found.trainer).model_dump(), load=LoadView.of(found.load))


class TaughtView(BaseModel):
    """The days that are given to a session."""

    session_id: Id
    days: list[date]


class OwnLoadView(CapacityView):
    """The same, session by session."""

    sessions: list[TaughtView]

    @classmethod
    def detailed(cls, found: queries.Capacity) -> Self:
        sessions = [TaughtView.model_validate(one, from_attributes=True) for one in found.teachings]
        return cls(**CapacityView.loaded(found).model_dump(), sessions=sessions)


class AppointmentView(BaseModel):
    """Who teaches a session, and when."""

    trainer_id: Id
    name: str
    days: list[date]

    @classmethod
    def of(cls, found: queries.Appointed) -> Self:
        return cls(trainer_id=found.trainer.id, name=found.trainer.name, days=list(found.teaching.days))


@router.post("/trainers", status_code=201)
async def register_trainer(body: TrainerRequest, scope: KeeperScope, work: WorkDep) -> TrainerView:
    """Let an employee teach, or somebody of a partner's."""
    if body.employee_id is not None:
        return TrainerView.of(await commands.register_employee(work, scope, body.employee_id))
    return TrainerView.of(await commands.register_partners(work, scope, body.partner_id or "", body.name or ""))


@router.get("/trainers")
async def list_trainers(
    year: AskedYear,
    scope: BooksScope,
    work: WorkDep,
    unit_path: UnitPath | None = None,
    after: After = None,
    limit: Limit = 100,
) -> Page[CapacityView]:
    """The trainers of one's units with what each of them teaches in a year."""
    found = await queries.list_trainers(work, scope, unit_path, year, after, limit)
    items = [CapacityView.loaded(one) for one in found]
    return Page(items=items, next=items[-1].id if len(items) == limit else None)


@router.get("/trainers/{trainer_id}/load/{year}")
async def read_load(trainer_id: Id, year: Year, scope: LoadScope, work: WorkDep) -> OwnLoadView:
    """What a trainer of one's units teaches in a year, or what one teaches oneself."""
    return OwnLoadView.detailed(await queries.capacity(work, scope, trainer_id, year))


@router.post("/trainers/{trainer_id}/retirement")
async def retire_trainer(trainer_id: Id, scope: KeeperScope, work: WorkDep) -> TrainerView:
    """Let a trainer teach nothing new; what they were appointed to stays."""
    return TrainerView.of(await commands.retire_trainer(work, scope, trainer_id))


@router.put("/sessions/{session_id}/trainers")
async def appoint_trainers(
    session_id: Id, body: AppointmentsRequest, scope: TrainerScope, work: WorkDep
) -> list[AppointmentView]:
    """Say who teaches a session; nobody is in two sessions on one day."""
    await commands.appoint_trainers(work, scope, session_id, body.wanted())
    return [AppointmentView.of(one) for one in await queries.trainers_of(work, session_id)]


@router.get("/sessions/{session_id}/trainers")
async def list_appointed(session_id: Id, _: ReaderScope, work: WorkDep) -> list[AppointmentView]:
    """Who teaches a session, and when."""
    return [AppointmentView.of(one) for one in await queries.trainers_of(work, session_id)]
