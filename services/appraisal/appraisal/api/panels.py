"""HTTP in: panels of peers and subordinates, who answer unseen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Request
from kinara.contracts import Id
from kinara.contracts.appraisal import Period
from kinara.kit.http import After, Body, Limit, Page, WorkDep, secret_of
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field

from appraisal.api.routes import CardScope, MarksRequest, PeriodText, PoliciesDep
from appraisal.commands import panels as commands
from appraisal.domain.panel import FEWEST, FEWEST_SHOWN, MOST, Heard, Invited, Panel, Relation
from appraisal.queries import panels as queries

router = APIRouter(prefix="/v1", tags=["panels"])

InvitingScope = Annotated[Scope, allow(Role.SUPERVISOR, Role.HR)]
InvitedScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR)]


class MemberRequest(Body):
    """Somebody to ask."""

    employee_id: Id
    relation: Relation = Field(description="peer: works beside the employee; subordinate: works under them.")


class PanelRequest(Body):
    """Whom to ask about an employee."""

    members: Annotated[
        list[MemberRequest], Field(min_length=FEWEST, max_length=MOST, description="Not the superior, who rates alone.")
    ]
    period: PeriodText | None = Field(default=None, description="A period not yet closed: the one that runs, without.")

    def invited(self) -> list[Invited]:
        return [Invited(one.employee_id, one.relation) for one in self.members]


class PanelView(BaseModel):
    """A panel as the employee, the superior and the office see it: whom it asked is told by number only."""

    panel_id: Id
    employee_id: Id
    period: Period
    state: str = Field(description="terbuka or ditutup.")
    closes_at: datetime
    invited: dict[Relation, int]
    answers: int | None = Field(description="Only of a closed panel, and only from three on.")
    means: dict[str, Decimal] | None = Field(description="By BerAKHLAK value, 1 to 5; only with ``answers``.")
    message: str

    @classmethod
    def of(cls, panel: Panel, heard: Heard | None, *, over: bool) -> Self:
        return cls(
            panel_id=panel.id,
            employee_id=panel.employee_id,
            period=panel.period,
            state="ditutup" if over else "terbuka",
            closes_at=panel.closed_at or panel.closes_at,
            invited=dict(Counter(one.relation for one in panel.invited)),
            answers=heard and heard.answers,
            means=None if heard is None else dict(heard.means),
            message=_told(heard, over=over),
        )


class InvitationView(BaseModel):
    """A panel that waits for one's answer."""

    panel_id: Id
    name: str | None = Field(description="Of the employee who is rated.")
    period: Period
    closes_at: datetime

    @classmethod
    def of(cls, panel: Panel) -> Self:
        return cls(panel_id=panel.id, name=panel.name, period=panel.period, closes_at=panel.closes_at)


class Answered(BaseModel):
    """An answer was taken."""

    panel_id: Id
    message: str = (
        "Jawaban diterima tanpa nama. Anda dapat menjawab lagi sampai panel ditutup; yang terakhir yang dihitung."
    )


def _told(heard: Heard | None, *, over: bool) -> str:
    if not over:
        return "Panel masih terbuka. Hasil ditampilkan setelah ditutup."
    if heard is None:
        return f"Kurang dari {FEWEST_SHOWN} jawaban, jadi hasil tidak ditampilkan agar penjawab tidak dapat ditebak."
    return f"Rata-rata dari {heard.answers} jawaban. Menjadi masukan bagi atasan dan tidak dihitung dalam nilai."


@router.post("/scorecards/{employee_id}/panels", status_code=201)
async def open_panel(
    employee_id: Id, body: PanelRequest, scope: InvitingScope, work: WorkDep, policies: PoliciesDep
) -> PanelView:
    """Invite 3 to 15 peers and subordinates of an employee to rate the BerAKHLAK values, for 14 days."""
    panel = await commands.open_panel(work, scope, policies, employee_id, invited=body.invited(), period=body.period)
    return PanelView.of(panel, None, over=False)


@router.get("/scorecards/{employee_id}/panels")
async def list_panels(
    employee_id: Id, scope: CardScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[PanelView]:
    """An employee's panels; what was said is shown once they are closed, from three answers on."""
    now, found = work.now(), await queries.panels_about(work, scope, employee_id, after, limit)
    items = [PanelView.of(panel, heard, over=panel.may_be_read(now)) for panel, heard in found]
    return Page(items=items, next=items[-1].panel_id if len(items) == limit else None)


@router.get("/panels/invitations")
async def list_invitations(
    scope: InvitedScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[InvitationView]:
    """The open panels that ask the one who reads this."""
    found = [InvitationView.of(panel) for panel in await queries.invitations(work, scope, after, limit)]
    return Page(items=found, next=found[-1].panel_id if len(found) == limit else None)


@router.post("/panels/{panel_id}/answers", status_code=201)
async def answer_panel(
    panel_id: Id, body: MarksRequest, scope: InvitedScope, work: WorkDep, request: Request
) -> Answered:
    """Answer as one of the invited, again if need be: the last answer counts until the panel is closed."""
    unkept = replace(work, idempotency=None)  # a kept answer names its caller, and repeating one changes nothing
    panel = await commands.answer_panel(unkept, scope, panel_id, body.model_dump(), secret_of(request))
    return Answered(panel_id=panel.id)


@router.post("/panels/{panel_id}/closing")
async def close_panel(panel_id: Id, scope: InvitingScope, work: WorkDep) -> PanelView:
    """End a panel before its 14 days are over, and read what it said."""
    closed = await commands.close_panel(work, scope, panel_id)
    return PanelView.of(closed, await queries.heard_by(work, closed), over=True)
