"""What a lease lets one process do at a time, in a process of its own and without the lease: a test may kill it."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime
from importlib import import_module
from inspect import signature

from kinara.kit.leases import INTERRUPTIONS
from kinara.kit.mongo import Database
from kinara.kit.regional import calendar_of

ATTEMPTS = 50


async def worked_off(module: str, uri: str, name: str, now: datetime, *, crash_at: str = "") -> int:
    """How a process ended that worked off what was due at a moment; less than 0 if it was killed by a signal."""
    crash = {"KINARA_CRASH_AT": crash_at} if crash_at else {}
    command = (sys.executable, __file__, module, uri, name, now.isoformat())
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | crash)
    return await process.wait()


async def _work_off(module: str, uri: str, name: str, now: datetime) -> None:
    """As the lease's loop would: again from what is stored."""
    database, work_off = Database(uri, name), import_module(module).work_off
    known = {"calendar": calendar_of()} if "calendar" in signature(work_off).parameters else {}
    for _ in range(ATTEMPTS):
        try:
            return await work_off(database, lambda: now, **known)
        except INTERRUPTIONS:
            await asyncio.sleep(0.1)
    raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(_work_off(*sys.argv[1:4], datetime.fromisoformat(sys.argv[4])))
