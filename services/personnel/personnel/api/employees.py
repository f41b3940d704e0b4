"""Employees: kept by BKPSDM, read by those whose business they are."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from kinara.contracts import Id, UnitPath
from kinara.contracts.personnel import JabatanKind
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from pydantic import Field, StringConstraints

from personnel import queries
from personnel.api.doors import Day, FullNip, HrScope, ReaderScope, Short, Text, Title
from personnel.api.proposing import Words
from personnel.api.views import EmployeeDetail, EmployeeView
from personnel.commands import employees as commands
from personnel.domain.jabatan import Jenjang
from personnel.domain.profile import Decree, Profile, SeparationReason
from personnel.domain.promotion import stated_decree
from personnel.domain.registration import stated
from personnel.queries import Search

router = APIRouter(prefix="/v1/employees", tags=["employees"])

NipDigits = Annotated[str, StringConstraints(min_length=18, max_length=30)]
_HELD = "Between the appointment and today, or as it is known already."
On = Annotated[date | None, Query(description="Unit, post and superior as of this day; today's word without it.")]


class ProfileRequest(Body):
    """Who somebody is and what they hold; kind and sex follow from the NIP."""

    nip: NipDigits
    name: Text
    golongan: Short
    jabatan: Text
    jabatan_kind: JabatanKind
    siasn_id: Short | None = None
    front_title: Title | None = None
    back_title: Title | None = None
    birth_date: Day | None = Field(
        default=None, description="As in the NIP, or as it is known already; so it stays without one."
    )
    golongan_since: Day | None = Field(default=None, description=_HELD)
    jenjang: Jenjang | None = None
    jabatan_since: Day | None = Field(default=None, description=_HELD)
    effective_on: Day = Field(description="First day on which this holds, from the appointment to today.")

    def profile(self) -> Profile:
        return stated(**self.model_dump(exclude={"effective_on", "unit_id"}))


class RegistrationRequest(ProfileRequest):
    """Somebody who serves in a unit from a day on."""

    unit_id: Id


class PromotionRequest(Body):
    """A kenaikan pangkat whose decree exists."""

    golongan: Short
    effective_on: Day = Field(description="TMT, from the appointment to today.")
    decree_number: Text = Field(description="Nomor SK.")
    promotion_kind: Short = Field(
        description="SIASN jenisKP: 101 reguler, 201 struktural, 202 fungsional, 203 ijazah, …"
    )
    jabatan: Text | None = None
    jenjang: Jenjang | None = None
    issued_outside: Words | None = Field(
        default=None, description="Who issued the decree outside Kinara and why; needed where a rule is not met."
    )

    def decree(self) -> Decree:
        return stated_decree(self.decree_number, self.promotion_kind)


class TransferRequest(Body):
    """Another unit, and perhaps another post."""

    unit_id: Id
    effective_on: Day = Field(description="First day in the new unit; today at the latest.")
    jabatan: Text | None = None


class SeparationRequest(Body):
    """The end of service."""

    reason: SeparationReason
    effective_on: Day = Field(description="First day out of service; today at the latest.")


class SupervisorRequest(Body):
    """Who is the direct superior; null lets the superior follow from the unit tree again."""

    supervisor_id: Id | None
    effective_on: Day = Field(description="First day under this superior; today at the latest.")


async def _search(
    name: Annotated[str | None, Query(min_length=2, max_length=100, description="Beginnings of words.")] = None,
    nip: Annotated[
        str | None, Query(pattern=r"^[0-9]{4,18}$", description="First digits, where you may see them.")
    ] = None,
    unit_path: UnitPath | None = None,
    status: Annotated[str, Query(pattern="^(active|separated|any)$")] = "active",
) -> Search:
    return Search(name=name, nip=nip, unit_path=unit_path, status=None if status == "any" else status)


SearchDep = Annotated[Search, Depends(_search)]


@router.post("", status_code=201)
async def register(body: RegistrationRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """Register an employee."""
    registered = await commands.register_employee(work, scope, body.profile(), body.unit_id, body.effective_on)
    return EmployeeDetail.of(registered, scope)


@router.get("")
async def search(
    scope: ReaderScope, full: FullNip, work: WorkDep, wanted: SearchDep, on: On = None, after: After = None,
    limit: Limit = 100,
) -> Page[EmployeeView]:  # fmt: skip
    """Employees by name: those of the office's units, one's reports, oneself."""
    found = await queries.employees(work, full if wanted.nip else scope, wanted, after, limit)
    last = queries.place_in_list(found[-1].state) if len(found) == limit else None
    return Page(items=[EmployeeView.of(record.state, full, on) for record in found], next=last)


@router.get("/{employee_id}")
async def read(
    employee_id: Id, scope: ReaderScope, full: FullNip, work: WorkDep, response: Response, on: On = None
) -> EmployeeDetail:
    """One employee with their history."""
    record = await queries.employee(work, scope, employee_id)
    etag(response, record.rev)
    return EmployeeDetail.of(record.state, full, on)


@router.put("/{employee_id}")
async def change(employee_id: Id, body: ProfileRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """Correct what is known about an employee; no PNS is promoted this way."""
    changed = await commands.change_employee(
        work, scope, employee_id, body.profile(), body.effective_on, body.birth_date
    )
    return EmployeeDetail.of(changed, scope)


@router.post("/{employee_id}/promotions", status_code=201)
async def promote(employee_id: Id, body: PromotionRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """Record a promotion by its decree, with what the rules find; against a rule only one issued outside Kinara."""
    promoted = await commands.promote_employee(
        work, scope, employee_id, body.golongan, body.effective_on, body.decree(),
        jabatan=body.jabatan, jenjang=body.jenjang, issued_outside=body.issued_outside,
    )  # fmt: skip
    return EmployeeDetail.of(promoted, scope)


@router.post("/{employee_id}/transfers", status_code=201)
async def transfer(employee_id: Id, body: TransferRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """Move an employee to another unit."""
    moved = await commands.transfer_employee(work, scope, employee_id, body.unit_id, body.effective_on, body.jabatan)
    return EmployeeDetail.of(moved, scope)


@router.post("/{employee_id}/separation", status_code=201)
async def separate(employee_id: Id, body: SeparationRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """End an employee's service."""
    gone = await commands.separate_employee(work, scope, employee_id, body.reason, body.effective_on)
    return EmployeeDetail.of(gone, scope)


@router.put("/{employee_id}/supervisor")
async def assign(employee_id: Id, body: SupervisorRequest, scope: HrScope, work: WorkDep) -> EmployeeDetail:
    """Name the direct superior as of a day, or let the unit tree decide again."""
    led = await commands.assign_supervisor(work, scope, employee_id, body.supervisor_id, body.effective_on)
    return EmployeeDetail.of(led, scope)
