"""HTTP in: what a year comes to: its result, angka kredit, Indeks Profesionalitas, the talent box, the distribution."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from kinara.contracts import Id, UnitPath
from kinara.contracts.appraisal import Period
from kinara.kit.http import Body, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from appraisal.api.routes import CardScope, HrScope, OfficeScope, PeriodText
from appraisal.commands import organisations
from appraisal.domain.distribution import Distribution
from appraisal.domain.organisation import ORGANISASI
from appraisal.domain.profesionalitas import Discipline, Education, Professionalism, Span
from appraisal.domain.rating import PREDIKAT
from appraisal.domain.talent_box import KEPKA_41_2025, USUAL, Cuts, TalentBox
from appraisal.queries import talent as queries
from appraisal.queries.talent import Year, credits_of

router = APIRouter(prefix="/v1", tags=["talent"])

YearText = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}$")]
Mark = Annotated[Decimal, Query(ge=0, le=100, max_digits=5, decimal_places=2)]
OwnOrOfficeScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.HR, Role.OVERSIGHT)]
CutsName = Literal["usual", "kepka-41-2025"]
CUTS: Mapping[CutsName, Cuts] = {"usual": USUAL, "kepka-41-2025": KEPKA_41_2025}
YEAR = "/scorecards/{employee_id}/years/{year}"


class KnownQuery(BaseModel):
    """What the caller knows of somebody; what is left out counts as not known, but for discipline."""

    model_config = ConfigDict(extra="forbid")

    education: Education | None = None
    post_training: bool | None = None
    seminar: bool | None = None
    discipline: Discipline | None = Field(
        default=None,
        description="Where a graver measure is known than personnel has told of, begun in the year or the four before.",
    )


class YearView(BaseModel):
    """A year: a proposal until the appraiser has decided it."""

    year: Period
    hasil_kerja: Decimal | None
    perilaku_kerja: Decimal | None
    proposed: str | None
    predikat: str | None = Field(description="As decided by the appraiser; null while it is a proposal.")
    missing: list[Period] = Field(description="Months without a closed period.")
    decided: dict[Period, str] = Field(description="By period, what people decided.")

    @classmethod
    def of(cls, found: Year) -> Self:
        result, decided = found.result, {period: PREDIKAT[one] for period, one in found.decided.items()}
        return cls(
            year=result.year,
            hasil_kerja=result.h,
            perilaku_kerja=result.p,
            proposed=None if result.predikat is None else PREDIKAT[result.predikat],
            predikat=decided.get(result.year),
            missing=list(result.missing),
            decided=decided,
        )


class CreditView(BaseModel):
    """Angka kredit of one decided period and level; that of the year is the one that counts for a promotion."""

    period: Period
    jenjang: str
    predikat: str
    months: int = Field(description="Months of the period in which the level was held.")
    credit: Decimal


class CreditsView(BaseModel):
    """Angka kredit of a year; empty for PPPK and for people without a functional level."""

    year: Period
    credits: list[CreditView]

    @classmethod
    def of(cls, found: Year) -> Self:
        shown = [
            CreditView(
                period=one.period, jenjang=one.jenjang, predikat=PREDIKAT[one.predikat], months=one.months,
                credit=one.credit,
            )
            for one in credits_of(found)
        ]  # fmt: skip
        return cls(year=found.result.year, credits=shown)


class SpanView(BaseModel):
    """A mark, or its bounds while not everything is known."""

    lowest: Decimal
    highest: Decimal

    @classmethod
    def of(cls, span: Span) -> Self:
        return cls(lowest=span.lowest, highest=span.highest)


class ProfessionalismView(BaseModel):
    """Indeks Profesionalitas from the data at hand; BKN's own figure is the official one."""

    index: SpanView
    category: str | None = Field(description="Null while the range touches several.")
    kualifikasi: SpanView
    kompetensi: SpanView
    kinerja: SpanView
    disiplin: SpanView
    missing: list[str]

    @classmethod
    def of(cls, known: Professionalism) -> Self:
        return cls(
            index=SpanView.of(known.index),
            category=known.category.value if known.category else None,
            kualifikasi=SpanView.of(known.qualification),
            kompetensi=SpanView.of(known.competence),
            kinerja=SpanView.of(known.performance),
            disiplin=SpanView.of(known.discipline),
            missing=list(known.missing),
        )


class TalentBoxView(BaseModel):
    """One of nine boxes: advice, for people to decide on."""

    box: int
    kinerja: str
    potensi: str
    treatment: str
    succession_pool: bool

    @classmethod
    def of(cls, box: TalentBox) -> Self:
        return cls(
            box=box.number,
            kinerja=_words(box.kinerja.name),
            potensi=_words(box.potensi.name),
            treatment=box.treatment,
            succession_pool=box.in_succession_pool,
        )


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


class OrganisationRequest(Body):
    """What an organisation achieved."""

    unit_path: UnitPath
    period: PeriodText
    predikat: Annotated[str, StringConstraints(min_length=4, max_length=40)]


class OrganisationView(BaseModel):
    """The predikat of an organisation."""

    unit_path: str
    period: Period
    predikat: str


class FindingView(BaseModel):
    """One rule of the distribution, and how the unit stands to it."""

    rule: str
    people: int
    percent: Decimal
    off: int = Field(description="Too many people (above zero), too few (below), or 0.")
    off_percent: Decimal


class DistributionView(BaseModel):
    """How the predikat of a unit are spread: advice, nothing is forced."""

    organisation: str
    people: int
    applicable: bool = Field(description="False for fewer than ten people: nothing can be said of them.")
    kept: bool | None
    findings: list[FindingView]

    @classmethod
    def of(cls, found: Distribution) -> Self:
        return cls(
            organisation=ORGANISASI[found.organisation],
            people=found.people,
            applicable=found.applicable,
            kept=found.kept,
            findings=[
                FindingView(
                    rule=one.rule.words, people=one.people, percent=one.percent, off=one.off,
                    off_percent=one.off_percent,
                )
                for one in found.findings
            ],
        )  # fmt: skip


@router.get(YEAR)
async def read_year(employee_id: Id, year: YearText, scope: CardScope, work: WorkDep) -> YearView:
    """What a year comes to, from its closed periods; decided like any period, under its own verdict."""
    return YearView.of(await queries.year(work, scope, employee_id, year))


@router.get(YEAR + "/angka-kredit")
async def read_credit(employee_id: Id, year: YearText, scope: CardScope, work: WorkDep) -> CreditsView:
    """Angka kredit of the year's decided periods, by coefficient and predikat."""
    return CreditsView.of(await queries.year(work, scope, employee_id, year))


@router.get(YEAR + "/profesionalitas")
async def read_professionalism(
    employee_id: Id, year: YearText, scope: OwnOrOfficeScope, work: WorkDep, said: Annotated[KnownQuery, Query()]
) -> ProfessionalismView:
    """Indeks Profesionalitas: hours, predikat and discipline are known here, the rest by the caller; else a range."""
    found = await queries.year(work, scope, employee_id, year)
    return ProfessionalismView.of(queries.professionalism_of(found, **said.model_dump()))


@router.get(YEAR + "/talent-box")
async def read_talent_box(
    employee_id: Id, year: YearText, scope: OfficeScope, work: WorkDep, potential: Mark, cuts: CutsName = "usual"
) -> TalentBoxView:
    """The talent box of the year's predikat and a potential 0-100 that the office knows from an assessment."""
    found = await queries.year(work, scope, employee_id, year)
    return TalentBoxView.of(queries.talent_box_of(found, potential, CUTS[cuts]))


@router.put("/organisation-predikat")
async def rate_organisation(body: OrganisationRequest, scope: HrScope, work: WorkDep) -> OrganisationView:
    """Set what an organisation achieved, before its people are rated."""
    rated = await organisations.rate_organisation(work, scope, body.unit_path, body.period, body.predikat)
    return OrganisationView(unit_path=rated.unit_path, period=rated.period, predikat=rated.predikat)


@router.get("/distribution")
async def read_distribution(
    unit_path: UnitPath, period: PeriodText, scope: OfficeScope, work: WorkDep
) -> DistributionView:
    """Whether a unit's predikat are spread as the predikat of its organisation asks for; 404 while that is not set."""
    return DistributionView.of(await queries.distribution(work, scope, unit_path, period))
