"""How the benchmark finds the rate of which its loads are shares."""

import time
from typing import Any, cast

import pytest

from bench.latency import STEP, Path, capacity


class Slow:
    """A path that shows at once what comes slowly enough, and anything above its limit a second late."""

    def __init__(self, limit: float) -> None:
        self.limit, self.tried, self.said_at = limit, list[float](), 0.0

    def made(self, count: int) -> list[int]:
        return list(range(count))

    async def arrive(self, rate: float, _rows: Any) -> None:
        self.tried.append(rate)

    async def shown(self) -> None:
        self.said_at = time.monotonic() + (1.0 if self.tried[-1] > self.limit else 0.0)


async def test_a_path_that_shows_nothing_in_time_has_no_capacity() -> None:
    with pytest.raises(TimeoutError, match=r"ratings a second are not shown within 0\.5 s"):
        await capacity(cast("Path", Slow(0.0)))


@pytest.mark.parametrize("limit", [300.0, 1_000.0, 4_500.0])
async def test_the_capacity_is_the_highest_rate_tried_that_is_shown_as_it_comes(limit: float) -> None:
    path = Slow(limit)
    found = await capacity(cast("Path", path))
    assert limit / STEP < found <= limit
    assert found == max(rate for rate in path.tried if rate <= limit)
