"""One profile: rank, appraisals, courses, credit, awards and citizens' voices, from all the services."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Path
from kinara.contracts import Id
from kinara.contracts.appraisal import Predikat
from kinara.kit.http import Body, WorkDep
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from personnel import queries
from personnel.api.doors import Day, HrScope, ReaderScope, Short
from personnel.api.proposing import Words
from personnel.commands import dossiers as commands
from personnel.domain.dossier import PriorCredit, PriorPredikat
from personnel.domain.employee import Employee
from personnel.domain.jabatan import Jenjang
from personnel.domain.merit import Merit
from personnel.domain.voices import FEWEST, Voices

router = APIRouter(prefix="/v1/employees", tags=["employees"])

Year = Annotated[int, Path(ge=1990, le=2200)]

Collected = Annotated[Decimal, Field(ge=0, le=9999, max_digits=7, decimal_places=3, strict=False)]


class PriorCreditRequest(Body):
    """Angka kredit from before Kinara, as its PAK states it."""

    jenjang: Jenjang = Field(description="Level held at the time of the PAK.")
    golongan: Short = Field(description="Rank held at the time of the PAK.")
    in_jenjang: Collected = Field(description="Collected in that level.")
    in_rank: Collected = Field(description="Collected in that rank.")
    counted_until: Day = Field(description="Last day that the PAK counts; what is credited after it is added.")
    pak_number: Short
    pak_date: Day = Field(description="Today at the latest.")
    reason: Words = Field(description="Why it is recorded, or corrected.")


class PriorPredikatRequest(Body):
    """The predikat of a year from before Kinara."""

    predikat: Annotated[Predikat, Field(strict=False)]
    document_number: Short = Field(description="Of the document that states it.")
    document_date: Day = Field(description="In the year or later; today at the latest.")
    reason: Words = Field(description="Why it is recorded, or corrected.")


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


class PriorCreditView(BaseModel):
    """What a PAK states of the time before Kinara, and what was recorded before it was corrected."""

    jenjang: Jenjang
    golongan: str
    in_jenjang: Decimal
    in_rank: Decimal
    counted_until: date
    pak_number: str
    pak_date: date
    reason: str
    by: str
    at: datetime

    @classmethod
    def all_of(cls, known: tuple[PriorCredit, ...]) -> list[PriorCreditView]:
        return [cls.model_validate(one, from_attributes=True) for one in known]


class PriorPredikatView(BaseModel):
    """A year's predikat from before Kinara."""

    year: int
    predikat: Predikat
    document_number: str
    document_date: date
    reason: str
    by: str
    at: datetime

    @classmethod
    def all_of(cls, known: tuple[PriorPredikat, ...]) -> list[PriorPredikatView]:
        return [cls.model_validate(one, from_attributes=True) for one in known]


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
    prior_credits: list[PriorCreditView] = Field(description="From before Kinara; the last one holds.")
    prior_predikats: list[PriorPredikatView] = Field(description="From before Kinara; a year's last one holds.")
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
            prior_credits=PriorCreditView.all_of(employee.dossier.prior_credits),
            prior_predikats=PriorPredikatView.all_of(employee.dossier.prior_predikats),
            awards=[AwardView.model_validate(award, from_attributes=True) for award in merit.awards],
            voices=[VoicesView.of(year, said, told=told) for year, said in sorted(merit.voices.items())],
        )


@router.get("/{employee_id}/profile")
async def read_profile(employee_id: Id, scope: ReaderScope, work: WorkDep) -> ProfileView:
    """Rank, appraisals, courses, credit and awards, which the next promotion will ask for, and citizens' voices."""
    return ProfileView.of(*await queries.profile(work, scope, employee_id), scope)


@router.put("/{employee_id}/prior-credit")
async def keep_prior_credit(
    employee_id: Id, body: PriorCreditRequest, scope: HrScope, work: WorkDep
) -> list[PriorCreditView]:
    """Record the angka kredit from before Kinara by its PAK, or correct it; it counts for promotion at once."""
    known = await commands.keep_prior_credit(work, scope, employee_id, body.model_dump())
    return PriorCreditView.all_of(known.dossier.prior_credits)


@router.put("/{employee_id}/prior-predikat/{year}")
async def keep_prior_predikat(
    employee_id: Id, year: Year, body: PriorPredikatRequest, scope: HrScope, work: WorkDep
) -> list[PriorPredikatView]:
    """Record a year's predikat from before Kinara by its document, or correct it; it counts for promotion alone."""
    known = await commands.keep_prior_predikat(work, scope, employee_id, year, body.model_dump())
    return PriorPredikatView.all_of(known.dossier.prior_predikats)
