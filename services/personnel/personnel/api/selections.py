"""Selections on merit: openings, applications to them, and the administrative check."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Response
from kinara.contracts import Id
from kinara.contracts.personnel import EmployeeKind, Sex
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from personnel.api.doors import Day, HrScope, ReaderScope, Short, Text
from personnel.api.proposing import FindingView
from personnel.commands import selections as commands
from personnel.domain.application import Application
from personnel.domain.dossier import Education
from personnel.domain.golongan import golongan_of
from personnel.domain.levels import Level
from personnel.domain.requirements import Requirements
from personnel.domain.scoring import THRESHOLDS, Category, Criterion, Rules, Skd, Threshold
from personnel.domain.selection import MOST_SEATS, Form, Selection, State
from personnel.queries import selections as queries

router = APIRouter(prefix="/v1/selections", tags=["selections"])

ApplicantScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR)]
EntryScope = Annotated[Scope, allow(Role.HR, Role.INTEGRATOR)]

Years = Annotated[int, Field(ge=0, le=50)]
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=5, decimal_places=4, strict=False)]
Mark = Annotated[Decimal, Field(ge=0, le=100, max_digits=6, decimal_places=3, strict=False)]
Ipk = Annotated[Decimal, Field(ge=0, le=4, max_digits=3, decimal_places=2, strict=False)]
Grade = Annotated[int, Field(ge=0, le=550)]


class RequirementsRequest(Body):
    """What the post asks; whatever is left out is not asked."""

    kinds: Annotated[tuple[EmployeeKind, ...], Field(max_length=2, strict=False)] = ()
    golongan: Short | None = Field(default=None, description="Lowest PNS rank, e.g. III/b.")
    years_in_rank: Years | None = None
    levels: Annotated[tuple[Level, ...], Field(max_length=12, strict=False)] = Field(
        default=(), description="The present post is of one of these."
    )
    years_in_post: Years | None = None
    good_years: Annotated[int, Field(ge=0, le=10)] = Field(
        default=0, description="Of the last full years, with a predikat of Baik or better."
    )
    courses: Annotated[tuple[Text, ...], Field(max_length=20, strict=False)] = Field(
        default=(), description="Words in the title of a course that was completed."
    )
    age_most: Annotated[int, Field(ge=18, le=70)] | None = None
    education: Education | None = None

    def stated(self) -> Requirements:
        known = self.model_dump()
        if self.golongan is not None:
            known["golongan"] = golongan_of("PNS", self.golongan).code
        return Requirements(**known)


class CriterionRequest(Body):
    """What scorers mark."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    title: Text
    weight: Share
    least: Mark = Field(default=Decimal(0), description="Passing grade.")


class ThresholdRequest(Body):
    """Passing grades of SKD."""

    twk: Grade = 0
    tiu: Grade = 0
    tkp: Grade = 0
    total: Grade = 0


class SelectionRequest(Body):
    """An opening: post, seats by category, what is asked, when, how it is decided."""

    form: Form
    unit_id: Id
    jabatan: Text
    seats: Annotated[dict[Category, Annotated[int, Field(ge=1, le=MOST_SEATS)]], Field(min_length=1)]
    requirements: RequirementsRequest = RequirementsRequest()
    criteria: Annotated[list[CriterionRequest], Field(min_length=1, max_length=20)]
    passing: Mark = Field(default=Decimal(0), description="Passing grade of the weighted marks.")
    thresholds: dict[Category, ThresholdRequest] | None = Field(
        default=None, description="Of SKD, for cpns; those of KepmenPANRB 321/2024 without."
    )
    skd_weight: Share = Decimal("0.40")
    opens_on: Day
    closes_on: Day = Field(description="Last day of applications.")
    scoring_until: Day = Field(description="Last day on which marks are taken.")

    def rules(self) -> Rules:
        usual = THRESHOLDS if self.form == "cpns" else {}
        stated = {name: Threshold(**one.model_dump()) for name, one in (self.thresholds or {}).items()}
        return Rules(
            criteria=tuple(Criterion(**one.model_dump()) for one in self.criteria),
            passing=self.passing,
            thresholds={**usual, **stated},
            skd_weight=self.skd_weight,
        )


class ApplyRequest(Body):
    """One's own application."""

    category: Category = "umum"
    ipk: Ipk | None = Field(default=None, description="Breaks ties; checked with the diploma.")


class CandidateRequest(ApplyRequest):
    """Somebody who is no employee, under the participant number; their name stays with Panselnas."""

    participant: Short
    sex: Sex
    birth_date: Day
    origin: Short = Field(description="Regency or province of origin, for the report on equal chances.")


class CheckRequest(Body):
    """What the administrative check has found."""

    passed: bool
    why: Text


class SkdRequest(Body):
    """Marks of SKD as Panselnas reports them."""

    twk: Annotated[int, Field(ge=0, le=150)]
    tiu: Annotated[int, Field(ge=0, le=175)]
    tkp: Annotated[int, Field(ge=0, le=225)]


class SelectionView(BaseModel):
    """An opening."""

    id: Id
    form: Form
    state: State
    unit_id: Id
    unit_path: str
    jabatan: str
    seats: dict[Category, int]
    requirements: Requirements
    rules: Rules
    opens_on: date
    closes_on: date
    scoring_until: date
    applications: int

    @classmethod
    def of(cls, one: Selection) -> Self:
        return cls.model_validate({name: getattr(one, name) for name in cls.model_fields})


class ApplicationView(BaseModel):
    """An application in a list; its category, which may tell of a disability, is in no list."""

    id: Id
    selection_id: Id
    employee_id: Id | None
    participant: str | None
    filed_at: datetime
    checked: bool | None = Field(description="Whether the check was passed; null before it.")
    why: str | None
    withdrawn: bool

    @classmethod
    def of(cls, one: Application) -> Self:
        return cls(**_listed(one))


class ApplicationDetail(ApplicationView):
    """One application."""

    category: Category
    ipk: Decimal | None
    findings: list[FindingView]
    skd: Skd | None
    code: str | None = Field(description="Under which it was scored; told with the result.")
    final: Decimal | None
    rank: int | None
    selected: bool | None
    result: str | None

    @classmethod
    def of(cls, one: Application) -> Self:
        place = one.place
        return cls(
            **_listed(one), category=one.category, ipk=one.ipk, skd=one.skd,
            findings=FindingView.all_of(one.findings),
            code=place and place.code, final=place and place.final, rank=place and place.rank,
            selected=place and place.selected, result=place and place.why,
        )  # fmt: skip


def _listed(one: Application) -> dict[str, object]:
    plain = ("id", "selection_id", "employee_id", "participant", "filed_at", "withdrawn")
    checked = {"checked": one.check and one.check.passed, "why": one.check and one.check.why}
    return {name: getattr(one, name) for name in plain} | checked


@router.post("", status_code=201)
async def open_selection(body: SelectionRequest, scope: HrScope, work: WorkDep) -> SelectionView:
    """Announce an opening."""
    plain = body.model_dump(include={"form", "unit_id", "jabatan", "seats", "opens_on", "closes_on", "scoring_until"})
    asked = body.requirements.stated()
    return SelectionView.of(await commands.open_selection(work, scope, **plain, requirements=asked, rules=body.rules()))


@router.get("")
async def list_selections(
    scope: ReaderScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[SelectionView]:
    """Openings of one's government, or of the office's units."""
    found = await queries.selections(work, scope, after, limit)
    return Page(items=[SelectionView.of(one) for one in found], next=found[-1].id if len(found) == limit else None)


@router.get("/{selection_id}")
async def read_selection(selection_id: Id, scope: ReaderScope, work: WorkDep, response: Response) -> SelectionView:
    """One opening."""
    record = await queries.selection(work, scope, selection_id)
    etag(response, record.rev)
    return SelectionView.of(record.state)


@router.post("/{selection_id}/applications", status_code=201)
async def apply(selection_id: Id, body: ApplyRequest, scope: ApplicantScope, work: WorkDep) -> ApplicationDetail:
    """Apply, as an employee of the government; what the requirements come to is found at once."""
    return ApplicationDetail.of(await commands.apply(work, scope, selection_id, body.category, body.ipk))


@router.post("/{selection_id}/candidates", status_code=201)
async def enter(selection_id: Id, body: CandidateRequest, scope: EntryScope, work: WorkDep) -> ApplicationDetail:
    """Enter a candidate of a selection for CPNS who is no employee."""
    return ApplicationDetail.of(await commands.enter_candidate(work, scope, selection_id, **body.model_dump()))


@router.get("/{selection_id}/applications")
async def list_applications(
    selection_id: Id, scope: ReaderScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[ApplicationView]:
    """Applications to an opening: the office's, or one's own."""
    found = await queries.applications(work, scope, selection_id, after, limit)
    return Page(items=[ApplicationView.of(one) for one in found], next=found[-1].id if len(found) == limit else None)


@router.get("/{selection_id}/applications/{application_id}")
async def read_application(
    selection_id: Id, application_id: Id, scope: ReaderScope, work: WorkDep
) -> ApplicationDetail:
    """One application, with what came of it."""
    return ApplicationDetail.of(await queries.application(work, scope, selection_id, application_id))


@router.post("/{selection_id}/applications/{application_id}/withdrawal", status_code=201)
async def withdraw(selection_id: Id, application_id: Id, scope: ApplicantScope, work: WorkDep) -> ApplicationDetail:
    """Take one's application back, before scoring."""
    return ApplicationDetail.of(await commands.withdraw(work, scope, selection_id, application_id))


@router.put("/{selection_id}/applications/{application_id}/check")
async def check(
    selection_id: Id, application_id: Id, body: CheckRequest, scope: HrScope, work: WorkDep
) -> ApplicationDetail:
    """Say whether an application meets what is asked, and why."""
    return ApplicationDetail.of(await commands.check(work, scope, selection_id, application_id, **body.model_dump()))


@router.put("/{selection_id}/applications/{application_id}/skd")
async def record_skd(
    selection_id: Id, application_id: Id, body: SkdRequest, scope: EntryScope, work: WorkDep
) -> ApplicationDetail:
    """Record the marks of SKD."""
    skd = Skd(body.twk, body.tiu, body.tkp)
    return ApplicationDetail.of(await commands.record_skd(work, scope, selection_id, application_id, skd))
