"""What is read of panels: by whoever sees the card what was said, by the invited that they are."""

from __future__ import annotations

from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

from appraisal.domain.panel import MOST, Heard, Panel, heard
from appraisal.queries import scorecard
from appraisal.store import ANSWERS, PANELS


async def panels_about(
    work: Work, scope: Scope, employee_id: str, after: str | None, limit: int
) -> list[tuple[Panel, Heard | None]]:
    """An employee's panels, oldest first, each with what it said once no answer can come any more."""
    await scorecard(work, scope, employee_id)
    theirs = Scope(own=employee_id, label=scope.label)
    found = await work.find(PANELS, theirs, {"_id": {"$gt": after or ""}}, limit=limit)
    return [(record.state, await heard_by(work, record.state)) for record in found]


async def invitations(work: Work, scope: Scope, after: str | None, limit: int) -> list[Panel]:
    """The open panels that the one who asks may answer."""
    mine = {"invited.employee_id": scope.own or "", "closes_at": {"$gt": work.now()}, "closed_at": None}
    query = {"_id": {"$gt": after or ""}, **mine}
    return [record.state for record in await work.find(PANELS, SYSTEM, query, limit=limit)]


async def heard_by(work: Work, panel: Panel) -> Heard | None:
    """What a panel said; None while an answer may come, and of too few."""
    if not panel.may_be_read(work.now()):
        return None
    answers = await work.find(ANSWERS, SYSTEM, {"panel_id": panel.id}, limit=MOST)
    return heard([record.state for record in answers])
