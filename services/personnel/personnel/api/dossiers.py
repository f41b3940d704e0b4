"""Discipline and education: recorded by BKPSDM. A superior learns whether a measure runs, and no more."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Query
from kinara.contracts import Id
from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from personnel import queries
from personnel.api.doors import Day, HrScope, ReaderScope, Short
from personnel.api.proposing import Words
from personnel.api.views import EmployeeDetail
from personnel.commands import dossiers as commands
from personnel.domain.dossier import Education, Level, Measure
from personnel.domain.employee import Employee

router = APIRouter(prefix="/v1", tags=["discipline"])

OfficeScope = Annotated[Scope, allow(Role.HR, Role.OVERSIGHT)]
RunningOn = Annotated[date | None, Query(description="Only those with a measure that has not ended before this day.")]


class MeasureRequest(Body):
    """A disciplinary measure (hukuman disiplin)."""

    level: Level
    decree_number: Short = Field(description="Nomor SK.")
    effective_on: Day = Field(description="First day on which it runs; from the appointment to today.")
    ends_on: Day = Field(description="Last day on which it runs.")


class LiftRequest(Body):
    """A measure is withdrawn as if it had never been imposed."""

    reason: Words
    effective_on: Day = Field(description="Day of the decision; today at the latest.")


class EducationRequest(Body):
    """The highest diploma that is recognised."""

    education: Education


class MeasureView(BaseModel):
    """A measure, and whether it was lifted."""

    measure_id: Id
    level: Level
    decree_number: str
    effective_on: date
    ends_on: date
    lifted_on: date | None
    lifted_because: str | None

    @classmethod
    def of(cls, one: Measure) -> Self:
        return cls(
            measure_id=one.id, level=one.level, decree_number=one.decree_number, effective_on=one.effective_on,
            ends_on=one.ends_on, lifted_on=one.lifted and one.lifted.on,
            lifted_because=one.lifted and one.lifted.reason,
        )  # fmt: skip


class DisciplineView(BaseModel):
    """Whether a measure runs; which ones there were, for those whose business it is."""

    employee_id: Id
    name: str
    running: bool
    measures: list[MeasureView] | None = Field(description="Null for superiors.")

    @classmethod
    def of(cls, employee: Employee, scope: Scope, today: date) -> Self:
        told = scope.own == employee.id or scope.covers(employee.unit_path)
        return cls(
            employee_id=employee.id,
            name=employee.name,
            running=employee.dossier.is_disciplined(today, today),
            measures=[MeasureView.of(one) for one in employee.dossier.measures] if told else None,
        )


def _seen(employee: Employee, scope: Scope, work: WorkDep) -> DisciplineView:
    return DisciplineView.of(employee, scope, day_of(work.now(), kemendagri_code(employee.province)))


@router.put("/employees/{employee_id}/education")
async def record_education(employee_id: Id, body: EducationRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """Record education, which sets how far a kenaikan pangkat reguler goes."""
    return EmployeeDetail.of(await commands.record_education(work, scope, employee_id, body.education), scope)


@router.post("/employees/{employee_id}/discipline", status_code=201)
async def impose(employee_id: Id, body: MeasureRequest, scope: HrScope, work: WorkDep) -> DisciplineView:
    """Record a measure; while it runs there is no promotion and no award."""
    disciplined = await commands.impose_discipline(
        work, scope, employee_id, level=body.level, decree_number=body.decree_number, on=body.effective_on,
        until=body.ends_on,
    )  # fmt: skip
    return _seen(disciplined, scope, work)


@router.get("/employees/{employee_id}/discipline")
async def read_discipline(employee_id: Id, scope: ReaderScope, work: WorkDep) -> DisciplineView:
    """Whether a measure runs; the measures themselves for the employee, BKPSDM and oversight."""
    return _seen((await queries.employee(work, scope, employee_id)).state, scope, work)


@router.post("/employees/{employee_id}/discipline/{measure_id}/lifting", status_code=201)
async def lift(employee_id: Id, measure_id: Id, body: LiftRequest, scope: HrScope, work: WorkDep) -> DisciplineView:
    """Withdraw a measure as if it had never been imposed."""
    cleared = await commands.lift_discipline(
        work, scope, employee_id, measure_id, reason=body.reason, on=body.effective_on
    )
    return _seen(cleared, scope, work)


@router.get("/discipline")
async def list_discipline(
    scope: OfficeScope, work: WorkDep, running_on: RunningOn = None, after: After = None, limit: Limit = 100
) -> Page[DisciplineView]:
    """Employees of the office's units with measures that were left standing, by name."""
    found = await queries.disciplined(work, scope, running_on, after, limit)
    last = queries.place_in_list(found[-1].state) if len(found) == limit else None
    return Page(items=[_seen(record.state, scope, work) for record in found], next=last)
