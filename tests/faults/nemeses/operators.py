"""Operators at work while people go on: a cell split out and merged back, a projection put right by a process that
dies over it."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime, timedelta

from embedded.stack import SERVICES
from kinara.kit.testing import eventually

from faults.nemeses.processes import DRAINED_S, replaced
from faults.siege import Siege
from faults.tool import kinara

CELL, PROVINCE = "papua", "96"
"""One of the town's two governments gets topics of its own."""
MERGED_S = 90


async def cell(siege: Siege) -> float:
    """Split a province out of the cell of all and merge it back: three rolling restarts, as the tool says, and then
    what was said in the cell is said again, since its topics are read no more."""
    ground = siege.ground
    await kinara(ground, "cell", "split", CELL, "--provinces", PROVINCE, "--replicas", "1")
    ground.remember_cells()
    await _roll(siege, f"nasional,{CELL}")
    siege.figures.setdefault("cell_split_s", []).append(round(await siege.lives("cell split", time.monotonic()), 2))
    await kinara(ground, "cell", "merge", CELL)
    await _roll(siege, f"nasional,{CELL}")

    async def removed() -> bool:
        return await kinara(ground, "cell", "merge", CELL, may_refuse=True) == 0

    await eventually(removed, MERGED_S, every=1)
    since = await _roll(siege, "nasional")
    began = datetime.now(UTC) - timedelta(hours=2)
    for service in SERVICES:
        await kinara(ground, "events", "replay", "--service", service, "--from", f"{began:%Y-%m-%dT%H:%M:%S}")
    return since


async def _roll(siege: Siege, cells: str) -> float:
    """Restart all services one after the other, to serve these cells."""
    siege.ground.tell("KINARA_CELLS", cells)
    since = time.monotonic()
    for service in SERVICES:
        since = await replaced(siege, service, DRAINED_S)
    return since


async def mid_swap(siege: Siege) -> float:
    """Two entries of a projection are damaged; the rebuild that puts them right dies between them and is run again."""
    for person in siege.town.witnesses[:2]:
        damage = {"$set": {"name": "Rusak"}, "$inc": {"rev": 1}}
        await siege.ground.database("feedback")["subjects"].update_one({"_id": person.id}, damage)
    asked = ("rebuild", "feedback.directory", "--verify", "--swap")
    died = await kinara(siege.ground, *asked, env={"KINARA_CRASH_AT": "rebuild.mid_swap"}, may_refuse=True)
    assert died == -signal.SIGKILL, f"rebuild was to die and ended with {died}"
    since = time.monotonic()

    async def mended() -> bool:
        return await kinara(siege.ground, *asked, may_refuse=True) == 0

    await eventually(mended, MERGED_S, every=1)
    return since
