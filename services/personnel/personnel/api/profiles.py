"""One profile: rank, appraisals, courses, credit, awards and citizens' voices, from all the services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.contracts.appraisal import Predikat
from kinara.kit.http import WorkDep
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from personnel import queries
from personnel.api.doors import ReaderScope
from personnel.domain.employee import Employee
from personnel.domain.merit import Merit
from personnel.domain.voices import FEWEST, Voices

router = APIRouter(prefix="/v1/employees", tags=["employees"])


class AppraisalView(BaseModel):
    """The result of a period; only what is confirmed counts for a promotion."""

    period: str
    score: Decimal | None
    proposed: Predikat | None
    confirmed: Predikat | None


class CourseView(BaseModel):
    """A course completed."""

    completion_id: Id
    title: str
    partner: str
    jp: int
    certificate_number: str
    completed_on: date


class CreditView(BaseModel):
    """Angka kredit of a year."""

    year: int
    jenjang: str
    months: int
    credit: Decimal


class AwardView(BaseModel):
    """An award that was granted."""

    award_id: Id
    award: str
    granted_on: date


class VoicesView(BaseModel):
    """What citizens said in a year; of few voices only the employee and their office learn."""

    year: int
    voices: int | None = Field(description=f"Ratings that count; null for others where there are fewer than {FEWEST}.")
    rating: Decimal | None = Field(description="Their mean by trust, 1 to 4; null for others like the number.")
    complaints_solved: int = Field(description="Of those opened in the year.")

    @classmethod
    def of(cls, year: str, said: Voices, *, told: bool) -> Self:
        shown = told or said.count == 0 or said.count >= FEWEST
        return cls(
            year=int(year), voices=said.count if shown else None, rating=said.rating if shown else None,
            complaints_solved=said.solved,
        )  # fmt: skip


class ProfileView(BaseModel):
    """What a promotion will ask for: rank, appraisals, courses, angka kredit, awards; and citizens' voices."""

    employee_id: Id
    name: str
    golongan: str
    golongan_since: date | None
    appraisals: list[AppraisalView]
    courses: list[CourseView]
    credits: list[CreditView]
    awards: list[AwardView]
    voices: list[VoicesView] = Field(description="By year, those of the survey not among them.")

    @classmethod
    def of(cls, employee: Employee, merit: Merit, scope: Scope) -> Self:
        told = scope.own == employee.id or scope.covers(employee.unit_path)
        return cls(
            employee_id=employee.id,
            name=employee.name,
            golongan=employee.golongan,
            golongan_since=employee.golongan_since,
            appraisals=[
                AppraisalView(period=period, score=result.score, proposed=result.proposed, confirmed=result.confirmed)
                for period, result in sorted(merit.appraisals.items())
            ],
            courses=[CourseView.model_validate(course, from_attributes=True) for course in merit.courses],
            credits=[
                CreditView(year=int(key[:4]), jenjang=one.jenjang, months=one.months, credit=one.credit)
                for key, one in sorted(
                    merit.credits.items(), key=lambda known: (known[0][:4], known[1].last_month or 12)
                )
            ],
            awards=[AwardView.model_validate(award, from_attributes=True) for award in merit.awards],
            voices=[VoicesView.of(year, said, told=told) for year, said in sorted(merit.voices.items())],
        )


@router.get("/{employee_id}/profile")
async def read_profile(employee_id: Id, scope: ReaderScope, work: WorkDep) -> ProfileView:
    """Rank, appraisals, courses, credit and awards, which the next promotion will ask for, and citizens' voices."""
    return ProfileView.of(*await queries.profile(work, scope, employee_id), scope)
