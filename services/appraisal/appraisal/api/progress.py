"""HTTP in: evidence of reports, the words about them, how soon they are answered, and what asks for attention."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi import Body as Content
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from appraisal.api.routes import CardScope, Link, Message, OfficeScope, PoliciesDep, TeamScope
from appraisal.api.views import ScorecardView
from appraisal.api.working_days import CalendarDep
from appraisal.commands import cards, evidence, reports
from appraisal.domain.answering import Answering, Side, Words
from appraisal.domain.attention import Attention, Lag, LateCase, Overdue
from appraisal.domain.evidence import MEDIA_TYPES, MOST_BYTES, Evidence, Kind, read_file
from appraisal.domain.scorecard import Breach
from appraisal.queries import progress as queries

router = APIRouter(prefix="/v1", tags=["progress"])

REPORT = "/scorecards/{employee_id}/progress/{report_id}"
UPLOADS = {f"/v1{REPORT}/evidence": MOST_BYTES}
"""Where a body may be as large as a file of evidence, in bytes."""

OwnScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR)]
PRIVATE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


def _bare(name: str) -> str:
    """A file's name, without what would be a path or a control character."""
    if not name.isprintable() or any(letter in '/\\"' for letter in name):
        raise ValueError("expected a file name without a path, quotes or control characters")
    return name


FileName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_bare),
    Query(description="Shown to who reads it; the kind of file is told by its content."),
]
FileContent = Annotated[
    bytes,
    Content(
        media_type="application/octet-stream",
        description="PDF, JPEG, PNG, XLSX or DOCX without macros, at most 5 MiB; any Content-Type but JSON.",
    ),
]


class LinkRequest(Body):
    """An address where evidence can be seen."""

    link: Link = Field(description="https only.")


class WordsRequest(Body):
    """What somebody has to say about a report."""

    words: Message


class EvidenceView(BaseModel):
    """One piece of evidence: a link, or a file that is read at its own address."""

    evidence_id: Id
    added_at: datetime
    link: str | None
    name: str | None
    kind: Kind | None
    size: int | None = Field(description="In bytes.")
    sha256: str | None

    @classmethod
    def of(cls, kept: Evidence) -> Self:
        return cls(
            evidence_id=kept.id,
            added_at=kept.added_at,
            link=kept.link,
            name=kept.name,
            kind=kept.kind,
            size=kept.size if kept.kind else None,
            sha256=kept.sha256,
        )


class WordsView(BaseModel):
    """What was written, by whom and when."""

    words_id: Id
    side: Side
    by: str
    words: str
    at: datetime

    @classmethod
    def of(cls, said: Words) -> Self:
        return cls(words_id=said.id, side=said.side, by=said.by, words=said.text, at=said.at)


class AnsweringView(BaseModel):
    """How soon a superior answers reports."""

    supervisor_id: str
    waiting: int = Field(description="Reports of today's team that are neither verified nor returned.")
    oldest_days: int | None = Field(description="Whole days that the oldest of them has waited.")
    answered: int = Field(description="Reports first answered in the last 90 days, by words, verification or return.")
    median_hours: Decimal | None = Field(description="From report to first answer, of those.")
    lapsed: int = Field(description="Reports unanswered when their period was closed, in the last 90 days.")

    @classmethod
    def of(cls, figures: Answering) -> Self:
        return cls.model_validate(figures, from_attributes=True)


class LagView(BaseModel):
    """An indicator behind the calendar."""

    indicator: str
    name: str
    pace: Decimal = Field(description="c from 0 to 1.2: one is the target met as of today.")
    since: date
    sentence: str

    @classmethod
    def of(cls, lag: Lag) -> Self:
        return cls.model_validate(lag, from_attributes=True)


class OverdueView(BaseModel):
    """A report that has waited more than three working days."""

    report_id: Id
    since: date
    working_days: int
    sentence: str

    @classmethod
    def of(cls, one: Overdue) -> Self:
        return cls(report_id=one.report_id, since=one.since, working_days=one.days, sentence=one.sentence)


class BreachView(BaseModel):
    """A minimum standard of the policy that an open period is below as it stands."""

    period: str
    policy: str
    measure: str
    at_least: Decimal
    value: Decimal
    sentence: str

    @classmethod
    def of(cls, one: Breach) -> Self:
        return cls.model_validate(one, from_attributes=True)


class LateCaseView(BaseModel):
    """A coaching case that nobody has opened in time."""

    case_id: Id
    due_on: date
    working_days: int = Field(description="Since that day.")
    sentence: str

    @classmethod
    def of(cls, one: LateCase) -> Self:
        return cls(case_id=one.case_id, due_on=one.due_on, working_days=one.days, sentence=one.sentence)


class AttentionView(BaseModel):
    """What about one employee asks for attention today; empty lists where nothing does."""

    employee_id: Id
    name: str | None
    off_pace: list[LagView]
    waiting_reports: list[OverdueView]
    below_standard: list[BreachView]
    late_cases: list[LateCaseView]

    @classmethod
    def of(cls, found: Attention) -> Self:
        return cls(
            employee_id=found.employee_id,
            name=found.name,
            off_pace=[LagView.of(lag) for lag in found.lags],
            waiting_reports=[OverdueView.of(one) for one in found.overdue],
            below_standard=[BreachView.of(one) for one in found.breaches],
            late_cases=[LateCaseView.of(one) for one in found.late_cases],
        )


@router.post(f"{REPORT}/evidence", status_code=201)
async def add_evidence(
    employee_id: Id, report_id: Id, name: FileName, content: FileContent, scope: OwnScope, work: WorkDep
) -> EvidenceView:
    """Hand in a file with one's own report, while it waits; a report has at most three files and links."""
    file = await asyncio.to_thread(read_file, name, content)
    return EvidenceView.of(await evidence.add_file(work, scope, employee_id, report_id, file))


@router.post(f"{REPORT}/links", status_code=201)
async def add_link(employee_id: Id, report_id: Id, body: LinkRequest, scope: OwnScope, work: WorkDep) -> EvidenceView:
    """Name an https address with one's own report, while it waits."""
    return EvidenceView.of(await evidence.add_link(work, scope, employee_id, report_id, body.link))


@router.get(f"{REPORT}/evidence")
async def list_evidence(employee_id: Id, report_id: Id, scope: CardScope, work: WorkDep) -> list[EvidenceView]:
    """The evidence of a report, at most three pieces."""
    return [EvidenceView.of(kept) for kept in await queries.evidence_of(work, scope, employee_id, report_id)]


@router.get(f"{REPORT}/evidence/{{evidence_id}}", response_class=Response)
async def read_evidence(employee_id: Id, report_id: Id, evidence_id: Id, scope: CardScope, work: WorkDep) -> Response:
    """The bytes of a file, to be saved and not shown in place."""
    kept, content = await queries.file_of(work, scope, employee_id, report_id, evidence_id)
    media_type = MEDIA_TYPES[kept.kind] if kept.kind else "application/octet-stream"
    name = f"attachment; filename*=UTF-8''{quote(kept.name or '', safe='')}"
    return Response(content, media_type=media_type, headers=PRIVATE | {"Content-Disposition": name})


@router.post(f"{REPORT}/return")
async def return_report(
    employee_id: Id, report_id: Id, body: WordsRequest, scope: TeamScope, work: WorkDep, policies: PoliciesDep
) -> ScorecardView:
    """Give a report back and say why: it counts no longer, not even half, and may be made again."""
    return ScorecardView.of(await cards.return_report(work, scope, policies, employee_id, report_id, body.words))


@router.post(f"{REPORT}/words", status_code=201)
async def write_words(employee_id: Id, report_id: Id, body: WordsRequest, scope: OwnScope, work: WorkDep) -> WordsView:
    """Say something about a report: the employee who made it, or their superior."""
    return WordsView.of(await reports.write_words(work, scope, employee_id, report_id, body.words))


@router.get(f"{REPORT}/thread")
async def read_thread(
    employee_id: Id, report_id: Id, scope: CardScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[WordsView]:
    """What both sides have written about a report, oldest first."""
    said = await queries.thread(work, scope, employee_id, report_id, after, limit)
    return Page(items=[WordsView.of(one) for one in said], next=said[-1].id if len(said) == limit else None)


@router.get("/team/answering")
async def read_own_answering(scope: TeamScope, work: WorkDep) -> AnsweringView:
    """How soon one's own team is answered."""
    return AnsweringView.of(await queries.own_answering(work, scope))


@router.get("/answering")
async def list_answering(
    scope: OfficeScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[AnsweringView]:
    """How soon the superiors of the office's units answer; a page may be short of its limit and have a next."""
    found, place = await queries.answering_by_superior(work, scope, after, limit)
    return Page(items=[AnsweringView.of(one) for one in found], next=place)


@router.get("/team/attention")
async def read_team_attention(
    scope: TeamScope,
    work: WorkDep,
    policies: PoliciesDep,
    calendar: CalendarDep,
    after: After = None,
    limit: Limit = 100,
) -> Page[AttentionView]:
    """Who of the team is off pace, below a standard, or waits too long, for an answer or help; a page may be short."""
    found, place = await queries.team_attention(work, scope, policies, calendar, after, limit)
    return Page(items=[AttentionView.of(one) for one in found], next=place)


@router.get("/scorecards/{employee_id}/attention")
async def read_attention(
    employee_id: Id, scope: CardScope, work: WorkDep, policies: PoliciesDep, calendar: CalendarDep
) -> AttentionView:
    """What about one employee asks for attention today."""
    return AttentionView.of(await queries.own_attention(work, scope, policies, calendar, employee_id))
