"""Employees' training records: hours, certificates and needs; and what the employees of a unit need together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Path, Response
from kinara.contracts import Id, UnitPath
from kinara.kit.http import After, Limit, Page, WorkDep, etag
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from training import queries
from training.api.enrolments import EnrolmentView
from training.domain.competency import Topic
from training.domain.record import HoursOfYear, Record, hours_of
from training.domain.session import State

router = APIRouter(prefix="/v1", tags=["training"])

RecordScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT)]
NeedScope = Annotated[Scope, allow(Role.SUPERVISOR, Role.HR)]
DemandScope = Annotated[Scope, allow(Role.HR, Role.TRAINER)]
Year = Annotated[int, Path(ge=1945, le=9999)]


class CompletionRow(BaseModel):
    """Hours earned with a certificate."""

    id: Id
    programme_id: Id
    title: str
    jp: int
    course_kind: str
    competencies: list[str]
    level: int
    completed_on: date


class NeedView(BaseModel):
    """Why somebody should be trained in what."""

    id: str
    topic: Topic
    period: str
    reason: str
    state: Literal["open", "closed"]
    closed_by: Id | None
    closed_on: date | None


class RecordView(BaseModel):
    """An employee's training record."""

    employee_id: Id
    name: str
    kind: str | None
    unit_path: str
    active: bool
    completions: list[CompletionRow]
    needs: list[NeedView]

    @classmethod
    def of(cls, record: Record) -> Self:
        return cls.model_validate(record, from_attributes=True)


class HoursView(BaseModel):
    """The JP of a year."""

    year: int
    earned: int
    mentoring: Decimal = Field(description="Of mentoring held, as much as counts.")
    offered: int = Field(description="Hours of confirmed seats; only what was offered can be asked of anyone.")
    at_least: int | None = Field(description="The legal minimum, where there is one.")
    at_most: int | None
    missing: int = Field(description="JP still to be earned to reach the minimum.")
    source: str | None
    source_verified: bool = Field(description="False where the source has not been read; then nothing is enforced.")

    @classmethod
    def of(cls, hours: HoursOfYear) -> Self:
        law = hours.law
        return cls(
            year=hours.year,
            earned=hours.earned,
            mentoring=hours.mentoring,
            offered=hours.offered,
            at_least=law.at_least if law else None,
            at_most=law.at_most if law else None,
            missing=hours.missing,
            source=law.source if law else None,
            source_verified=law is not None and law.verified,
        )


class BookingView(EnrolmentView):
    """A place with its session."""

    starts_on: date
    ends_on: date
    session_state: State
    place: int | None = Field(description="Place in the waiting line today.")
    why: str | None = Field(description="Why there, for who waits.")

    @classmethod
    def of_booking(cls, booking: queries.Booking) -> Self:
        session = booking.session
        return cls(
            **EnrolmentView.of(booking.enrolment).model_dump(),
            starts_on=session.starts_on,
            ends_on=session.ends_on,
            session_state=session.state,
            place=booking.place,
            why=booking.why,
        )


class LearnerInNeed(BaseModel):
    """An employee to invite, with what they need."""

    employee_id: Id
    name: str
    unit_path: UnitPath
    needs: list[NeedView] = Field(description="The open ones, of every topic.")

    @classmethod
    def of(cls, record: Record) -> Self:
        needs = [NeedView.model_validate(need, from_attributes=True) for need in record.open_needs]
        return cls(employee_id=record.employee_id, name=record.name, unit_path=record.unit_path, needs=needs)


class DemandView(BaseModel):
    """How much training a topic calls for in a unit."""

    topic: Topic
    needs: int
    employees: int
    units: int = Field(description="Units of which citizens complained without naming anybody.")


@router.get("/records")
async def list_records(
    scope: RecordScope, work: WorkDep, unit_path: UnitPath | None = None, after: After = None, limit: Limit = 100
) -> Page[RecordView]:
    """The records that the caller may see, perhaps of one unit and everything below it."""
    found = await queries.list_records(work, scope, unit_path, after, limit)
    items = [RecordView.of(record) for record in found]
    return Page(items=items, next=items[-1].employee_id if len(items) == limit else None)


@router.get("/records/{employee_id}")
async def read_record(employee_id: Id, scope: RecordScope, work: WorkDep, response: Response) -> RecordView:
    """One's own record, a report's, or one inside the office's units."""
    kept = await queries.record(work, scope, employee_id)
    etag(response, kept.rev)
    return RecordView.of(kept.state)


@router.get("/records/{employee_id}/hours/{year}")
async def read_hours(employee_id: Id, year: Year, scope: RecordScope, work: WorkDep) -> HoursView:
    """The JP of a year: earned, offered, and what the law asks for."""
    return HoursView.of(hours_of((await queries.record(work, scope, employee_id)).state, year))


@router.get("/records/{employee_id}/enrolments")
async def list_bookings(
    employee_id: Id, scope: RecordScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[BookingView]:
    """The employee's places in sessions, in the order in which they were taken."""
    found = await queries.bookings(work, scope, employee_id, after, limit)
    items = [BookingView.of_booking(booking) for booking in found]
    return Page(items=items, next=items[-1].id if len(items) == limit else None)


@router.get("/needs/{topic}")
async def list_in_need(
    topic: Topic, scope: NeedScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[LearnerInNeed]:
    """Whom to invite to a training on a topic."""
    found = await queries.in_need(work, scope, topic, after, limit)
    items = [LearnerInNeed.of(record) for record in found]
    return Page(items=items, next=items[-1].employee_id if len(items) == limit else None)


@router.get("/demand")
async def read_demand(unit_path: UnitPath, scope: DemandScope, work: WorkDep) -> list[DemandView]:
    """What the employees of a unit and everything below it need, most wanted first."""
    return [
        DemandView.model_validate(row, from_attributes=True) for row in await queries.demand(work, scope, unit_path)
    ]
