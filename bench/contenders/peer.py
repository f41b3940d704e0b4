"""What the peers share: where they read and write, and how they say how far they are.

Nothing of ours is imported here: peers run in a virtual environment of their own.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypedDict

SERVERS = os.environ["BENCH_SERVERS"]
TOPIC = os.environ["BENCH_TOPIC"]
GROUP = os.environ["BENCH_GROUP"]
BATCH = int(os.environ["BENCH_BATCH"])
MONGO = os.environ["KINARA_MONGO"]
DATABASE = os.environ["KINARA_DATABASE"]
WITHIN_S = 0.02
"""How long a batch that is not full waits for more, as in ours."""


class Sums(TypedDict):
    """What there is to know of an employee's ratings."""

    count: int
    weight: float
    sum: float


def added(sums: Sums | None, rating: int, trust: str) -> Sums:
    """The sums with one more rating."""
    weight = float(trust)
    if sums is None:
        return {"count": 1, "weight": weight, "sum": weight * rating}
    return {
        "count": sums["count"] + 1,
        "weight": sums["weight"] + weight,
        "sum": sums["sum"] + weight * rating,
    }


class Progress:
    """Says after each write how many ratings are in the database; the runner reads the last line.

    Peers commit their offsets by an interval or not at all: this is the same moment for all, and costs a line a batch.
    """

    def __init__(self) -> None:
        self._written = 0
        self._file = Path(os.environ["BENCH_PROGRESS"]).open("a", encoding="ascii", buffering=1)  # noqa: SIM115

    def written(self, ratings: int) -> None:
        """So many more."""
        self._written += ratings
        self._file.write(f"{self._written}\n")
