"""The timekeeper: each clock that runs out is told once, by however many at a time, wherever they were cut off."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from feedback.commands import clocks
from feedback.commands.complaints import lodge_complaint, verify_complaint
from feedback.domain.complaint import Complaint
from feedback.store import COMPLAINTS, clocks_of
from kinara.kit.leases import Lease
from kinara.kit.mongo import Conflict, Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import eventually
from kinara.kit.work import Work
from working_off import worked_off

Said = Callable[[], Awaitable[list[dict[str, Any]]]]

CLOCKS = clocks_of()
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 26, 17, tzinfo=UTC)
"""The end of the third working day in Palembang; in Sorong it ends two hours earlier."""


def at(moment: datetime) -> Any:
    return lambda: moment


@pytest.fixture
async def lodged(prepared: Database, town: Any) -> list[str]:
    """Seven complaints about Plaju and one about Sorong."""
    work = Work(prepared, now=at(MONDAY))
    units = [await town.unit()] * 7 + [await town.unit("/96.71/dinkes")]
    given = [await lodge_complaint(work, unit, "Antre", None, None, CLOCKS, b"s") for unit in units]
    return [one.id for one in given]


async def late(database: Database) -> list[Complaint]:
    found = await Work(database).find(COMPLAINTS, SYSTEM, {"late": True})
    return [one.state for one in found]


async def assert_each_told_once(said: Said, count: int) -> None:
    rows = await said()
    assert len(rows) == count
    versions = Counter((row["subject"], row["version"]) for row in rows)
    assert all(times == 1 for times in versions.values())
    for subject in {row["subject"] for row in rows}:
        mine = sorted(row["version"] for row in rows if row["subject"] == subject)
        assert mine == list(range(1, len(mine) + 1)), "no gaps"


async def test_a_clock_is_told_at_its_moment_in_its_province_and_not_again(
    prepared: Database, lodged: list[str], said: Said
) -> None:
    await clocks.work_off(prepared, at(DUE - timedelta(hours=2, milliseconds=1)))
    assert await late(prepared) == []
    await clocks.work_off(prepared, at(DUE - timedelta(hours=2)))
    assert [one.id for one in await late(prepared)] == [lodged[7]], "midnight comes to Sorong first"

    for _ in range(2):
        await clocks.work_off(prepared, at(DUE))

    assert len(await late(prepared)) == 8
    await assert_each_told_once(said, 8)


async def test_both_clocks_of_a_complaint_are_told(prepared: Database, lodged: list[str], said: Said) -> None:
    await clocks.work_off(prepared, at(DUE))
    await verify_complaint(Work(prepared, now=at(DUE)), SYSTEM, lodged[0], "urgent", "waktu", CLOCKS)
    await clocks.work_off(prepared, at(DUE + timedelta(days=30)))
    await assert_each_told_once(said, 9)


async def test_parallel_timekeepers_tell_everything_once(
    prepared: Database, lodged: list[str], said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "PAGE", 3)

    async def keeper() -> None:
        for _ in range(20):
            try:
                await clocks.work_off(prepared, at(DUE))
            except Conflict:  # as the lease's loop would: again from what is stored
                continue
            return

    await asyncio.gather(*(keeper() for _ in range(3)))

    assert len(await late(prepared)) == len(lodged)
    await assert_each_told_once(said, len(lodged))


@pytest.mark.killed("clocks.after_complaint")
@pytest.mark.parametrize("after", [1, 5])
async def test_a_timekeeper_that_is_killed_is_followed_by_two_that_tell_the_rest_once(
    prepared: Database, servers: Any, lodged: list[str], said: Said, after: int
) -> None:
    """With kill -9, in processes of their own."""

    async def keeper(crash_at: str = "") -> int:
        return await worked_off("feedback.commands.clocks", servers.mongo_url, prepared.name, DUE, crash_at=crash_at)

    assert await keeper(f"clocks.after_complaint:{after}") == -signal.SIGKILL
    assert len(await late(prepared)) == after

    assert await asyncio.gather(keeper(), keeper()) == [0, 0]

    assert len(await late(prepared)) == len(lodged)
    await assert_each_told_once(said, len(lodged))


async def test_the_loop_waits_for_its_lease_and_then_tells(
    prepared: Database, town: Any, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "POLL_S", 0.05)
    long_ago = Work(prepared, now=at(datetime(2026, 1, 5, tzinfo=UTC)))
    await lodge_complaint(long_ago, await town.unit(), "Antre", None, None, CLOCKS, b"s")
    async with Lease("complaint clocks").held(prepared) as ours:
        assert ours
        loop = asyncio.create_task(clocks.Timekeeper().run(prepared))
        await asyncio.wait({loop}, timeout=0.3)
        assert await late(prepared) == [], "somebody else has the lease"
    await eventually(lambda: late(prepared), within=20)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    await assert_each_told_once(said, 1)
