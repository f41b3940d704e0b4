"""Rows without rules: a raw loop as the durable limit, but every row is a copy of one sample.

It shows how far all others are from the wire. Its documents are of the right size and number, and say nothing true but
how many ratings there are and what satisfaction follows.
"""

from __future__ import annotations

import itertools
import json
import os
from datetime import UTC, datetime
from typing import Any

from bson import decode
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import InsertOne, ReplaceOne

from bench.contenders import raw
from bench.contenders.raw import BUCKET

PAGE = 8
Known = dict[str, dict[str, Any]]


def fold(known: Known, record: Any) -> tuple[str, dict[str, Any]] | None:
    """Add one rating to an employee's sums; None if it is known already."""
    data = json.loads(record.value)
    headers = dict(record.headers)
    id_, version = data["employee_id"], int(headers["ce_aggregateversion"])
    state = known.get(id_)
    if state is None:
        state = known[id_] = {"rev": 0, "said": 0, "seen": 0, "weight": 0.0, "sum": 0.0, "page": 0, "rows": []}
    if version <= state["seen"]:
        return None
    state["seen"] = version
    weight = float(data["trust"])
    state["weight"] += weight
    state["sum"] += weight * data["rating"]
    return id_, {"id": headers["ce_id"].decode(), "rating": data["rating"], "weight": weight}


def mark(state: dict[str, Any]) -> float:
    """The satisfaction mark."""
    ikm: float = 25 * (state["sum"] + 15 * 3.2) / (state["weight"] + 15)
    points = ((25, 0), (65, 58.33), (76.61, 75), (88.31, 91.67), (100, 100))
    for (low, low_mark), (high, high_mark) in itertools.pairwise(points):
        if ikm <= high:
            return low_mark + (high_mark - low_mark) * (ikm - low) / (high - low)
    return 100.0


class Samples:
    """Writes as many rows as appraisal writes, from samples of its own documents."""

    def __init__(self, db: Any, client: Any) -> None:
        with open(os.environ["BENCH_SAMPLES"], "rb") as file:  # noqa: PTH123
            samples = decode(file.read())
        self._card, self._effect, self._said = samples["card"], samples["effect"], samples["said"]
        self._db, self._client = db, client
        self._bucket = 0

    async def store(self, known: Known, changed: dict[str, list[dict[str, Any]]]) -> None:
        """One transaction for a batch."""
        cards, pages, said = [], [], []
        for id_, effects in changed.items():
            state = known[id_]
            first = state["rev"] == 0
            state["rev"] += 1
            state["said"] += 1
            state["rows"] += [{**self._effect, **effect} for effect in effects]
            while len(state["rows"]) >= PAGE:
                page = {"_id": f"scorecards/{id_}/{state['page']:06d}", "subject": id_, "rows": state["rows"][:PAGE]}
                pages.append(InsertOne(page))
                state["rows"] = state["rows"][PAGE:]
                state["page"] += 1
            card = {
                **self._card,
                "_id": id_,
                "rev": state["rev"],
                "said": state["said"],
                "seen": {"feedback": state["seen"]},
                "page": {"no": state["page"], "rows": state["rows"]},
                "bench": {"count": state["seen"], "mark": mark(state)},
            }
            cards.append(InsertOne(card) if first else ReplaceOne({"_id": id_, "rev": state["rev"] - 1}, card))
            said.append({**self._said, "subject": f"employee/{id_}", "version": state["said"]})
        self._bucket += 1
        buckets = [
            {"_id": f"{self._bucket:09d}.{start:06d}", "at": datetime.now(UTC), "rows": said[start : start + BUCKET]}
            for start in range(0, len(said), BUCKET)
        ]
        await raw.store(self._db, self._client, cards, pages, buckets)


async def main() -> None:
    """Consume until ended."""
    client: Any = AsyncIOMotorClient(os.environ["KINARA_MONGO"])
    db = client[os.environ["KINARA_DATABASE"]]
    writer = Samples(db, client)
    await raw.prepare(db)
    known: Known = {}

    async def take(records: list[Any]) -> None:
        changed: dict[str, list[dict[str, Any]]] = {}
        for record in records:
            if (folded := fold(known, record)) is not None:
                changed.setdefault(folded[0], []).append(folded[1])
        if changed:
            await writer.store(known, changed)

    await raw.consume(take)


if __name__ == "__main__":
    raw.run(main())
