"""Our own rate limit, with a clock that only moves when somebody waits."""

from __future__ import annotations

import asyncio

from personnel.siasn.pace import Pace


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def read(self) -> float:
        return self.now

    async def advance(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


async def test_five_a_second_means_a_fifth_of_a_second_between_two() -> None:
    clock = _Clock()
    pace = Pace(5, clock=clock.read, sleep=clock.advance)
    for _ in range(11):
        await pace.take()
    assert abs(clock.now - 2.0) < 1e-9


async def test_a_burst_passes_at_once_after_a_quiet_time() -> None:
    clock = _Clock()
    pace = Pace(5, burst=3, clock=clock.read, sleep=clock.advance)
    for _ in range(3):
        await pace.take()
    assert clock.naps == []
    await pace.take()
    assert clock.naps == [0.2]


async def test_quiet_time_is_not_saved_beyond_the_burst() -> None:
    clock = _Clock()
    pace = Pace(5, burst=2, clock=clock.read, sleep=clock.advance)
    clock.now = 1000.0
    for _ in range(4):
        await pace.take()
    assert abs(clock.now - 1000.4) < 1e-9


async def test_callers_at_the_same_moment_get_different_turns() -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(round(seconds, 9))

    pace = Pace(5, clock=lambda: 0.0, sleep=sleep)
    await asyncio.gather(*(pace.take() for _ in range(4)))
    assert naps == [0.2, 0.4, 0.6]
