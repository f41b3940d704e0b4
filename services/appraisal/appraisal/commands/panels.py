"""Panels: people are invited to rate somebody's behaviour, answer unseen, and the panel is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kinara.contracts.appraisal import Period
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from appraisal.domain import panel as rules
from appraisal.domain.behaviour import month_rated
from appraisal.domain.panel import Invited, Panel
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import PanelExists
from appraisal.domain.scorecard import own_period
from appraisal.store import ANSWERS, PANELS, SCORECARDS


@command
async def open_panel(
    tx: Transaction,
    scope: Scope,
    policies: Policies,
    employee_id: str,
    *,
    invited: Sequence[Invited],
    period: Period | None,
) -> Panel:
    """Ask peers and subordinates about an employee, once in a period: the one that runs unless another is named."""
    card = await tx.load(SCORECARDS, employee_id, scope)
    month = month_rated(card, period, day_of(tx.now, card.province), policies)
    period = own_period(card, month, policies)
    if await tx.find(PANELS, SYSTEM, {"employee_id": employee_id, "period": period}, limit=1):
        raise PanelExists(
            f"Panel untuk periode {period} sudah ada. Satu pegawai dinilai oleh satu panel dalam satu periode.",
            detail=f"{employee_id} has a panel for {period}",
            field="period",
        )
    known = await tx.by_ids(SCORECARDS, [one.employee_id for one in invited], SYSTEM)
    panel = rules.open_panel(
        card, invited, known,
        panel_id=new_id(), period=period, opened_by=scope.who, now=tx.now,
    )  # fmt: skip
    tx.save(PANELS, panel)
    return panel


@command
async def answer_panel(tx: Transaction, scope: Scope, panel_id: str, marks: Mapping[str, int], secret: bytes) -> Panel:
    """Answer as one of the invited; for everybody else there is no such panel.

    The panel is written too: an answer and a close at the same moment meet there, so that none comes after the other
    has counted.
    """
    invitation = {"_id": panel_id, "invited.employee_id": scope.own or ""}
    for panel in await tx.find(PANELS, SYSTEM, invitation, limit=1):
        answer = rules.answer(panel, scope.own or "", marks, secret, tx.now)
        await tx.find(ANSWERS, SYSTEM, {"_id": answer.id}, limit=1)
        tx.save(ANSWERS, answer)
        tx.save(PANELS, panel)
        return panel
    raise NotFound(PANELS.name, panel_id)


@command
async def close_panel(tx: Transaction, scope: Scope, panel_id: str) -> Panel:
    """End a panel before its time: what it says may be read, and does not change any more. Nobody ends their own."""
    panel = await tx.load(PANELS, panel_id, SYSTEM)
    seen = await tx.find(SCORECARDS, scope, {"_id": panel.employee_id}, limit=1)
    if not seen or panel.employee_id == scope.own:
        raise NotFound(PANELS.name, panel_id)
    closed = panel.closed(tx.now)
    tx.save(PANELS, closed)
    return closed
