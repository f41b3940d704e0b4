"""What posts ask for, what somebody lacks of it, what a unit needs, and rights to further training."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from training import queries
from training.api.records import NeedView, RecordScope
from training.commands import standards as commands
from training.domain.entitlement import Entitlement
from training.domain.record import Record
from training.domain.standard import MOST_COMPETENCIES, Post, Required, Standard

router = APIRouter(prefix="/v1", tags=["needs"])

OfficeScope = Annotated[Scope, allow(Role.HR, Role.TRAINER, Role.OVERSIGHT)]
HrScope = Annotated[Scope, allow(Role.HR)]
Code = Annotated[str, StringConstraints(max_length=80)]


class RequiredBody(Body):
    """A competency and the level asked for."""

    competency: Code
    level: Annotated[int, Field(description="1 (aware) to 5 (expert).")]


class StandardRequest(Body):
    """What a post asks for."""

    required: Annotated[list[RequiredBody], Field(max_length=MOST_COMPETENCIES)]

    def asked(self) -> list[Required]:
        return [Required(one.competency, one.level) for one in self.required]


class RequiredView(BaseModel):
    """A competency and the level asked for."""

    competency: str
    level: int


class StandardView(BaseModel):
    """What a post asks for in a unit and everything below it."""

    id: str
    post: Post
    unit_path: UnitPath
    required: list[RequiredView]
    applied: bool = Field(description="Whether it was held against everybody it speaks of.")

    @classmethod
    def of(cls, standard: Standard) -> Self:
        required = [RequiredView(competency=one.competency, level=one.level) for one in standard.required]
        applied = standard.applied_after is None
        return cls(id=standard.id, post=standard.post, unit_path=standard.unit_path, required=required, applied=applied)


class GapView(BaseModel):
    """A competency that the post asks for and nothing has shown."""

    competency: str
    required: int
    shown: int = Field(description="The highest level that a certificate shows; 0 for none.")


class EntitlementView(BaseModel):
    """A right to one place in a training."""

    id: Id = Field(description="That of the award.")
    reason: str
    granted_on: date
    expires_on: date = Field(description="The last day on which it can be used.")
    used_on: date | None
    used_for: Id | None = Field(description="The enrolment that it was used for.")

    @classmethod
    def of(cls, entitlement: Entitlement) -> Self:
        return cls.model_validate(entitlement, from_attributes=True)


class HolderView(BaseModel):
    """Somebody with rights to further training."""

    employee_id: Id
    name: str
    unit_path: str
    entitlements: list[EntitlementView]

    @classmethod
    def of(cls, record: Record) -> Self:
        rights = [EntitlementView.of(one) for one in record.entitlements]
        return cls(employee_id=record.employee_id, name=record.name, unit_path=record.unit_path, entitlements=rights)


@router.put("/units/{unit_id}/standards/{post}")
async def set_standard(unit_id: Id, post: Post, body: StandardRequest, scope: HrScope, work: WorkDep) -> StandardView:
    """Say what a post asks for in a unit and below it; whoever lacks it is asked to learn it within seconds."""
    return StandardView.of(await commands.set_standard(work, scope, unit_id, post, body.asked()))


@router.get("/standards")
async def list_standards(
    scope: OfficeScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[StandardView]:
    """The standards of the office's units."""
    found = await queries.standards(work, scope, after, limit)
    return Page(items=[StandardView.of(s) for s in found], next=found[-1].id if len(found) == limit else None)


@router.get("/records/{employee_id}/gaps")
async def read_gaps(employee_id: Id, scope: RecordScope, work: WorkDep) -> list[GapView]:
    """What the post asks for and the employee has not shown, the widest gap first."""
    gaps = await queries.gaps(work, scope, employee_id)
    return [GapView.model_validate(gap, from_attributes=True) for gap in gaps]


@router.get("/units/{unit_id}/needs")
async def list_needs_of_unit(unit_id: Id, scope: OfficeScope, work: WorkDep) -> list[NeedView]:
    """What citizens' complaints that name nobody ask a unit to learn, the latest first."""
    found = await queries.needs_of_unit(work, scope, unit_id)
    return [NeedView.model_validate(need, from_attributes=True) for need in found]


@router.get("/entitlements")
async def list_holders(scope: RecordScope, work: WorkDep, after: After = None, limit: Limit = 100) -> Page[HolderView]:
    """One's own rights to further training, those of one's reports, or of the office's people."""
    items = [HolderView.of(record) for record in await queries.entitled(work, scope, after, limit)]
    return Page(items=items, next=items[-1].employee_id if len(items) == limit else None)
