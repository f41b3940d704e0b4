"""Blind scoring of a selection, its one signed result, whether that can be trusted, and how groups fared."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Request
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, WorkDep, secret_of
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from personnel.api.doors import Day, HrScope, ReaderScope, Text
from personnel.api.selections import ApplicantScope, Mark
from personnel.commands import selections as commands
from personnel.domain.application import Application
from personnel.domain.impact import Compared
from personnel.domain.scoring import Criterion
from personnel.domain.selection import MOST_SCORERS, Extension, Selection, Sheet, State
from personnel.queries import selections as queries
from personnel.queries.selections import Verified

router = APIRouter(prefix="/v1/selections", tags=["selections"])

OfficeScope = Annotated[Scope, allow(Role.HR, Role.OVERSIGHT)]
MOST_SHEETS = 100
"""Of one request."""


class ScorersRequest(Body):
    """Who scores: employees of the government, none of them a candidate."""

    scorers: Annotated[list[Id], Field(min_length=1, max_length=MOST_SCORERS)]


class ExtensionRequest(Body):
    """Until when scoring goes on, who scores as well, and why."""

    scoring_until: Day
    scorers: Annotated[list[Id], Field(max_length=MOST_SCORERS)] = Field(
        default=[], description="Besides those who score already."
    )
    why: Text


class MarksRequest(Body):
    """Marks by candidate code and criterion."""

    marks: Annotated[
        dict[Annotated[str, Field(max_length=20)], Annotated[dict[str, Mark], Field(max_length=20)]],
        Field(min_length=1, max_length=MOST_SHEETS),
    ]


class ExtensionView(BaseModel):
    """More time for scoring, or more scorers."""

    until: date
    scorers: int = Field(description="How many were added.")
    why: str
    by: str
    on: date

    @classmethod
    def of(cls, one: Extension) -> Self:
        return cls(until=one.until, scorers=len(one.scorers), why=one.why, by=one.by, on=one.on)


class BegunView(BaseModel):
    """A selection that is being scored, or has been."""

    id: Id
    state: State
    scorers: int
    extensions: list[ExtensionView]
    signed_by: str | None
    signed_at: datetime | None
    digest: str | None

    @classmethod
    def of(cls, one: Selection) -> Self:
        signed = one.signature
        return cls(
            id=one.id, state=one.state, scorers=len(one.scorers), signed_by=signed and signed.signed_by,
            signed_at=signed and signed.signed_at, digest=signed and signed.digest,
            extensions=[ExtensionView.of(each) for each in one.extensions],
        )  # fmt: skip


class SheetView(BaseModel):
    """A candidate as a scorer sees them: a code, and the scorer's own marks."""

    code: str
    marks: dict[str, Decimal]


class SheetsView(BaseModel):
    """Everybody whom a scorer marks."""

    jabatan: str
    state: State
    criteria: list[Criterion]
    candidates: list[SheetView]

    @classmethod
    def of(cls, opening: Selection, codes: list[str], mine: dict[str, Sheet]) -> Self:
        shown = [SheetView(code=code, marks=dict(mine[code].marks) if code in mine else {}) for code in codes]
        criteria = list(opening.rules.criteria)
        return cls(jabatan=opening.jabatan, state=opening.state, criteria=criteria, candidates=shown)


class PlaceView(BaseModel):
    """A place in the result; who stands behind the code is told to the office only."""

    code: str
    rank: int | None = Field(description="Among the seats of its category.")
    marks: dict[str, Decimal]
    skd: int | None
    final: Decimal | None
    selected: bool
    why: str
    application_id: Id | None
    employee_id: Id | None
    participant: str | None

    @classmethod
    def of(cls, one: Application, *, joined: bool) -> Self:
        place = one.place
        if place is None:
            raise LookupError(f"{one.id} has no place")
        return cls(
            code=place.code, rank=place.rank, marks=dict(place.marks), skd=one.skd and one.skd.total,
            final=place.final, selected=place.selected, why=place.why, application_id=one.id if joined else None,
            employee_id=one.employee_id if joined else None, participant=one.participant if joined else None,
        )  # fmt: skip


class ResultView(BegunView):
    """The result: who signed which bytes and when, and a page of places by code."""

    places: list[PlaceView]
    next: str | None = None


class VerificationView(BaseModel):
    """Whether deciding again from the marks gives the bytes that were signed."""

    signed: str
    recomputed: str
    agrees: bool = Field(description="The same digest, an unbroken seal, and the places as they follow.")
    sealed: bool
    places: bool

    @classmethod
    def of(cls, found: Verified) -> Self:
        agrees = found.signed == found.recomputed and found.sealed and found.places
        return cls(
            signed=found.signed, recomputed=found.recomputed, agrees=agrees, sealed=found.sealed, places=found.places
        )


class ShareView(BaseModel):
    """A group of at least five people."""

    group: str
    people: int
    got: int
    rate: Decimal
    alarm: bool = Field(description="Less than four fifths as often as the group that got it most.")


class ComparedView(BaseModel):
    """The groups of one division."""

    groups: list[ShareView]
    hidden: int = Field(description="Groups not shown: fewer than five people, or one that would tell of such.")
    alarm: bool

    @classmethod
    def of(cls, found: Compared) -> Self:
        return cls.model_validate(found, from_attributes=True)


def compared_views(found: dict[str, dict[str, Compared]]) -> dict[str, dict[str, ComparedView]]:
    """By outcome and division."""
    return {outcome: {by: ComparedView.of(one) for by, one in of.items()} for outcome, of in found.items()}


@router.post("/{selection_id}/scoring", status_code=201)
async def begin_scoring(selection_id: Id, body: ScorersRequest, scope: HrScope, work: WorkDep) -> BegunView:
    """After the last day of applications, all of them checked: these people score."""
    return BegunView.of(await commands.begin_scoring(work, scope, selection_id, body.scorers))


@router.post("/{selection_id}/scoring/extension", status_code=201)
async def extend_scoring(selection_id: Id, body: ExtensionRequest, scope: HrScope, work: WorkDep) -> BegunView:
    """Give scoring more time, and further scorers once it has begun, so that there can be a result."""
    extended = await commands.extend_scoring(work, scope, selection_id, body.scoring_until, body.scorers, body.why)
    return BegunView.of(extended)


@router.get("/{selection_id}/scoring")
async def read_sheets(selection_id: Id, scope: ApplicantScope, work: WorkDep, request: Request) -> SheetsView:
    """The codes that one is to mark, as a scorer."""
    return SheetsView.of(*await queries.to_score(work, scope, selection_id, secret_of(request)))


@router.put("/{selection_id}/scoring")
async def score(
    selection_id: Id, body: MarksRequest, scope: ApplicantScope, work: WorkDep, request: Request
) -> list[SheetView]:
    """Mark candidates, as a scorer; the last marks before the close count."""
    given = await commands.score(work, scope, selection_id, body.marks, secret_of(request))
    return [SheetView(code=one.code, marks=dict(one.marks)) for one in given]


@router.post("/{selection_id}/result", status_code=201)
async def decide(selection_id: Id, scope: HrScope, work: WorkDep, request: Request) -> BegunView:
    """Decide and sign, once; each employee who was selected is announced."""
    return BegunView.of(await commands.decide(work, scope, selection_id, secret_of(request)))


@router.get("/{selection_id}/result")
async def read_result(
    selection_id: Id, scope: ReaderScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> ResultView:
    """The result by code; to the office with the people behind the codes."""
    placed = await queries.ranking(work, scope, selection_id, after, limit)
    head = BegunView.of((await queries.selection(work, scope, selection_id)).state)
    places = [PlaceView.of(one, joined=scope.covers(one.unit_path)) for one in placed]
    return ResultView(**head.model_dump(), places=places, next=places[-1].code if len(places) == limit else None)


@router.get("/{selection_id}/result/verification")
async def verify(selection_id: Id, scope: OfficeScope, work: WorkDep, request: Request) -> VerificationView:
    """Decide again from the stored marks, and compare with what was signed."""
    return VerificationView.of(await queries.verify(work, scope, selection_id, secret_of(request)))


@router.get("/{selection_id}/impact")
async def read_impact(selection_id: Id, scope: OfficeScope, work: WorkDep) -> dict[str, dict[str, ComparedView]]:
    """How candidates fared by sex, origin and disability, once decided; small groups are not shown."""
    return compared_views(await queries.impact(work, scope, selection_id))
