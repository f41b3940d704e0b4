"""Trying drafts out: one at a time in the whole installation, on recorded history, which it only reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from kinara.kit import log
from kinara.kit.ids import utc_now
from kinara.kit.leases import INTERRUPTIONS, Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, Work, command

from appraisal.domain.periods import months_of
from appraisal.domain.policy import parse_policy
from appraisal.domain.refusals import Refusal
from appraisal.domain.simulation import History, Summary, Trial
from appraisal.store import CLOSED, SCORECARDS, SIMULATIONS, SimulationRun, shelf

PAGE = 500
MOST_STARTS = 3
POLL_S = 1.0
"""How often it is looked for work."""
_log = log.get("simulations")


class Simulator:
    """Works off what was asked for while it holds the lease; a run that was cut off begins again."""

    def __init__(self) -> None:
        self._lease = Lease("simulations")

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        while True:
            try:
                if await _next(database) is not None:
                    async with self._lease.held(database) as ours:
                        if ours:
                            await work_off(database)
            except INTERRUPTIONS as error:
                _log.warning("simulation interrupted", error=type(error).__name__, reason=str(error)[:200])
            await asyncio.sleep(POLL_S)


async def work_off(database: Database) -> None:
    """Everything that was asked for, oldest first."""
    while (run := await _next(database)) is not None:
        work = Work(database)
        _log.info("simulation begins", run=run.id, draft=run.draft_id, period=run.period)
        try:
            run = await _given_up(work, run) if run.starts >= MOST_STARTS else await _tried(work, run)
        except Refusal as refusal:
            run = await _keep(work, replace(run, state="failed", why=refusal.message, ended_at=utc_now()))
        _log.info("simulation ends", run=run.id, state=run.state, looked_at=run.looked_at)


async def _tried(work: Work, run: SimulationRun) -> SimulationRun:
    """The draft on everybody below its unit, a page at a time beside whatever else this process does."""
    trial = Trial(parse_policy(run.policy), await shelf(work.database), run.period)
    below = Scope(everything=True, label="simulation").narrowed(run.unit_path) if run.unit_path != "/" else SYSTEM
    summary = Summary(trial)
    total = await work.count(SCORECARDS, below, {})
    run = await _keep(
        work, replace(run, state="running", total=total, looked_at=0, starts=run.starts + 1, started_at=utc_now())
    )
    async for page in _histories(work, below, run.period):
        await asyncio.to_thread(_add, summary, trial, page)
        run = await _keep(work, replace(run, looked_at=run.looked_at + len(page)))
    result = summary.told(run.training_cost)
    return await _keep(work, replace(run, state="done", result=result, ended_at=utc_now()))


async def _given_up(work: Work, run: SimulationRun) -> SimulationRun:
    why = f"Simulasi {run.starts} kali terhenti sebelum selesai. Mintalah pengelola sistem memeriksa catatan layanan."
    return await _keep(work, replace(run, state="failed", why=why, ended_at=utc_now()))


def _add(summary: Summary, trial: Trial, page: list[History]) -> None:
    for history in page:
        if (line := trial.line(history)) is not None:
            summary.add(line)


async def _histories(work: Work, below: Scope, period: str) -> AsyncIterator[list[History]]:
    """Everybody's history, page by page: hours count all year, and some rules ask for the periods before."""
    after = ""
    year = int(months_of(period)[-1][:4])
    years = {str(year), str(year - 1)}
    while True:
        cards = await work.find(SCORECARDS, below, {"_id": {"$gt": after}}, limit=PAGE)
        if not cards:
            return
        first, after = cards[0].id, cards[-1].id
        ids = {"$gte": f"{first}/", "$lt": f"{after}/:"}
        closed: dict[str, list[Any]] = {}
        for record in await work.find(CLOSED, SYSTEM, {"_id": ids}, limit=PAGE * 100):
            if record.state.period[:4] in years:
                closed.setdefault(record.state.employee_id, []).append(record.state)
        yield [History.of(card.state, closed.get(card.id, ())) for card in cards]


@command
async def _keep(tx: Transaction, run: SimulationRun) -> SimulationRun:
    await tx.load(SIMULATIONS, run.id, SYSTEM)
    tx.save(SIMULATIONS, run)
    return run


async def _next(database: Database) -> SimulationRun | None:
    """The oldest that has not ended."""
    found = await Work(database).find(SIMULATIONS, SYSTEM, {"state": {"$in": ["queued", "running"]}}, limit=1)
    return found[0].state if found else None
