"""The process that works imports off: one run at a time in the whole installation, from wherever it stands."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

from kinara.kit import log
from kinara.kit.crash import crash_point
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Cause, Work

from personnel.commands.imports import requests
from personnel.commands.imports.known import Known, load
from personnel.commands.imports.rows import Superseded, take_batch
from personnel.commands.imports.sources import batches, one_ahead, opened
from personnel.commands.imports.tree import settle_leaders, take_units
from personnel.commands.reorganisations import follow_all
from personnel.domain.importing import OPEN, ImportRun
from personnel.domain.refusals import Refusal
from personnel.settings import Settings
from personnel.siasn.failures import SiasnFailure
from personnel.siasn.rows import UnitRow
from personnel.store import IMPORTS

_log = log.get("imports")


class Runner:
    """Works off the queue of imports while it holds the lease."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lease = Lease("imports")

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, _waits, self.work_off, every_s=self._settings.import_poll_s)

    async def work_off(self, database: Database) -> None:
        """Everything that can be done now, oldest first."""
        while (run := await _next(database)) is not None:
            work = Work(database, Cause(run.id))
            run = await requests.take_up(work, run.id)
            if run.is_open:
                run = await self._proceed(work, run)
            if not run.is_open:
                await self._clear_away(run)

    async def _proceed(self, work: Work, run: ImportRun) -> ImportRun:
        """Take a run to its end, or to where its source fails."""
        _log.info("import begins", run=run.id, source=run.source, position=run.position)
        try:
            run, units, known = await self._take_rows(work, run)
            run = await settle_leaders(work, run, units, known)
            await follow_all(work.database)
            run = await requests.finish(work, run.id)
        except SiasnFailure as failure:
            run = await requests.pause(work, run.id, failure.message)
            _log.warning("import waits for SIASN", run=run.id, reason=str(failure)[:200], retry_at=run.retry_at)
        except Refusal as refusal:
            run = await requests.give_up(work, run.id, refusal.message)
        except Superseded:
            _log.info("import looked at again", run=run.id)
        _log.info("import pauses", run=run.id, state=run.state, position=run.position, rows=run.tally.rows)
        return run

    async def _take_rows(self, work: Work, run: ImportRun) -> tuple[ImportRun, tuple[UnitRow, ...], Known]:
        """Units, then rows; of a cancelled run no more of either."""
        known = await load(work, run.paths)
        if run.cancelled_by is not None:
            return run, (), known
        async with opened(work, run, self._settings, known) as source:
            arranged = await source.units()
            run = await take_units(work, run, arranged, known)
            if run.total is None:
                run = await requests.expect(work, run, await source.count())
            rows = source.rows(run.position + 1, known.lacks)
            async with aclosing(one_ahead(batches(rows, source.batch))) as coming:
                async for batch in coming:
                    run = await take_batch(work, run, batch, known)
                    crash_point("import.after_batch")
        return run, arranged.units, known

    async def _clear_away(self, run: ImportRun) -> None:
        """What was imported is not kept twice."""
        names = [name for name in (run.file, run.units_file) if name]
        await asyncio.to_thread(_remove, [self._settings.import_dir / name for name in names])


async def _waits(database: Database) -> bool:
    return await _next(database) is not None


async def _next(database: Database) -> ImportRun | None:
    """The oldest run that need not wait."""
    now = utc_now()
    found = await Work(database).find(IMPORTS, SYSTEM, {"state": {"$in": list(OPEN)}}, limit=1000)
    ready = (record.state for record in found if record.state.retry_at is None or record.state.retry_at <= now)
    return next(ready, None)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
