"""Trying drafts out: one at a time in the whole installation, on recorded history, which it only reads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

from kinara.kit import log
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import IDS_A_QUERY, Database
from kinara.kit.moves import paths_left
from kinara.kit.scans import read_ahead, scan
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Transaction, Work, command

from appraisal.commands.awards import winners_before
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.periods import last_day
from appraisal.domain.policy import parse_policy
from appraisal.domain.refusals import Refusal
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.simulation import History, Summary, Trial, Winners
from appraisal.domain.skp import skp_id
from appraisal.domain.skp_targets import begin
from appraisal.store import CLOSED, DRAFTS, PLANS, SCORECARDS, SIMULATIONS, UNITS, SimulationRun, shelf

PAGE = IDS_A_QUERY
MOST_PERIODS = 200
"""Closed periods of one employee that are looked at."""
MOST_STARTS = 3
"""Starts after which a run is given up: it ends the process each time."""
KEEP_S = 1.0
"""How often it is said how far a run is; also when another process that has gone on with it is noticed."""
POLL_S = 1.0
"""How often it is looked for work."""
_log = log.get("simulations")


class Superseded(Exception):
    """Another process has gone on with this run."""


class Simulator:
    """Works off what was asked for while it holds the lease; a run that was cut off begins again."""

    def __init__(self) -> None:
        self._lease = Lease("simulations")

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, _waits, work_off, every_s=POLL_S)


async def work_off(database: Database) -> None:
    """Everything that was asked for, oldest first."""
    while (run := await _next(database)) is not None:
        _log.info("simulation begins", run=run.id, draft=run.draft_id, period=run.period)
        try:
            run = await _worked_off(Work(database), run)
        except Superseded:
            _log.info("simulation goes on elsewhere", run=run.id)
            return
        _log.info("simulation ends", run=run.id, state=run.state, looked_at=run.looked_at)


async def _worked_off(work: Work, run: SimulationRun) -> SimulationRun:
    """A run at its end, whichever that is."""
    if run.starts >= MOST_STARTS:
        return await _failed(
            work,
            run,
            f"Simulasi {run.starts} kali terhenti sebelum selesai. Mintalah pengelola sistem memeriksa layanan.",
        )
    begun = replace(run, state="running", looked_at=0, starts=run.starts + 1, started_at=utc_now())
    try:
        return await _tried(work, begun)
    except Refusal as refusal:
        return await _failed(work, begun, refusal.message)


async def _failed(work: Work, run: SimulationRun, why: str) -> SimulationRun:
    return await _keep(work, replace(run, state="failed", why=why, ended_at=utc_now()))


async def _tried(work: Work, run: SimulationRun) -> SimulationRun:
    """The draft on everybody of its government, a page at a time beside whatever else this process does.

    Who serves elsewhere in the government today may have served below the draft's unit in the period.
    """
    left = await paths_left(work, UNITS, run.unit_path)
    trial = Trial(parse_policy(run.policy, left), await shelf(work.database), run.period)
    root = "/".join(run.unit_path.split("/")[:2])
    people = Scope(everything=True, label="simulation").narrowed(root) if root != "/" else SYSTEM
    summary = Summary(trial)
    run = await _keep(work, replace(run, total=await work.count(SCORECARDS, people, {})))
    looked_at, kept_at = 0, time.monotonic()
    async for page in read_ahead(_histories(work, people, trial)):
        await asyncio.to_thread(_add, summary, trial, page)
        looked_at += len(page)
        if time.monotonic() - kept_at > KEEP_S:
            run, kept_at = await _keep(work, replace(run, looked_at=looked_at)), time.monotonic()
    run = replace(run, looked_at=looked_at)
    result = await asyncio.to_thread(summary.told, run.training_cost, await _winners(work, trial))
    return await _keep(work, replace(run, state="done", result=result, ended_at=utc_now()))


async def _winners(work: Work, trial: Trial) -> Winners:
    """Who has won the awards of either side in the periods before, as the nominations of a round look at it."""
    awards = {award.code: award for policy in (trial.active, trial.draft) for award in policy.awards}
    return {code: await winners_before(work, award, (trial.period,)) for code, award in awards.items()}


def _add(summary: Summary, trial: Trial, page: list[History]) -> None:
    for history in page:
        if (line := trial.line(history)) is not None:
            summary.add(line)


async def _histories(work: Work, people: Scope, trial: Trial) -> AsyncIterator[list[History]]:
    """Everybody's history, page by page, with the closed periods of the years that the trial looks at."""
    years = {"$gte": str(trial.first_year), "$lt": str(int(trial.period[:4]) + 1)}
    async for cards in scan(work.database, SCORECARDS, people, {}, size=PAGE):
        closed: dict[str, list[ClosedPeriod]] = {}
        of_page = {"employee_id": {"$in": [card.id for card in cards]}, "period": years}
        for record in await work.find(CLOSED, SYSTEM, of_page, limit=PAGE * MOST_PERIODS):
            if record.state.reopened_at is None:
                closed.setdefault(record.state.employee_id, []).append(record.state)
        begun = await _begun(work, [card.state for card in cards], trial)
        yield [History.of(card, closed.get(card.employee_id, ())) for card in begun]


async def _begun(work: Work, cards: list[Scorecard], trial: Trial) -> list[Scorecard]:
    """The cards with what their plans hold for the whole period, where some of it is still to come."""
    end = last_day(trial.period)
    if end < utc_now().date():
        return cards
    of_page = {"_id": {"$in": [skp_id(card.employee_id, end.year) for card in cards]}}
    plans = {record.state.employee_id: record.state for record in await work.find(PLANS, SYSTEM, of_page, limit=PAGE)}
    return [
        begin(card, plans[card.employee_id], on=end, policies=trial.policies)[0] if card.employee_id in plans else card
        for card in cards
    ]


@command
async def _keep(tx: Transaction, run: SimulationRun) -> SimulationRun:
    """Make a step; only whoever began last may, since a lease can be lost unnoticed."""
    stored = await tx.load(SIMULATIONS, run.id, SYSTEM)
    if stored.starts > run.starts or stored.ended_at is not None:
        raise Superseded(run.id)
    tx.save(SIMULATIONS, run)
    if run.result is not None and (run.result["employees"] or not run.total):
        for draft in await tx.find(DRAFTS, SYSTEM, {"_id": run.draft_id}, limit=1):
            if draft.policy == run.policy and draft.activated_at is None:
                tx.save(DRAFTS, replace(draft, tried_at=run.ended_at))
    return run


async def _waits(database: Database) -> bool:
    return await _next(database) is not None


async def _next(database: Database) -> SimulationRun | None:
    """The oldest that has not ended."""
    found = await Work(database).find(SIMULATIONS, SYSTEM, {"state": {"$in": ["queued", "running"]}}, limit=1)
    return found[0].state if found else None
