"""A peer: bytewax, sums by stateful_map and a sink that writes in bulk.

Coalesced by employee: batches are collected over all partitions before the sink. What it cannot promise: started
without a recovery store (which costs writes of its own) a crash begins from the first record, and with one the store
and the documents are two places; nothing is said in consequence; no effect is kept; a repeat or a gap goes unnoticed;
there is no group, so that more processes need a list of addresses and a restart.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import bytewax.operators as op
import orjson
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.run import cli_main
from pymongo import MongoClient, ReplaceOne

from bench.contenders.peer import BATCH, DATABASE, MONGO, SERVERS, TOPIC, WITHIN_S, Progress, Sums, added

Rated = tuple[str, Sums]


class _Bulk(StatelessSinkPartition):  # type: ignore[misc]  # bytewax lives in another environment
    def __init__(self) -> None:
        self._cards = MongoClient[dict[str, Any]](MONGO)[DATABASE].scorecards
        self._progress = Progress()

    def write_batch(self, items: list[tuple[str, list[Rated]]]) -> None:
        """One bulk write for each collected batch."""
        for _, rated in items:
            latest = dict(rated)
            replaces = [ReplaceOne({"_id": id_}, dict(sums), upsert=True) for id_, sums in latest.items()]
            self._cards.bulk_write(replaces, ordered=False)
            self._progress.written(len(rated))


class Scorecards(DynamicSink):  # type: ignore[misc]
    """The employees' documents."""

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _Bulk:
        """One connection a worker."""
        return _Bulk()


def read(message: Any) -> tuple[str, Any]:
    """A rating by its employee."""
    data = orjson.loads(message.value)
    return data["employee_id"], data


def rate(sums: Sums | None, data: Any) -> tuple[Sums, Sums]:
    """Add a rating to the sums."""
    after = added(sums, data["rating"], data["trust"])
    return after, after


def flow() -> Dataflow:
    """From the topic to the documents."""
    dataflow = Dataflow("ratings")
    messages = op.input("topic", dataflow, KafkaSource(SERVERS.split(","), [TOPIC], batch_size=BATCH))
    sums = op.stateful_map("sums", op.map("read", messages, read), rate)
    together = op.key_on("together", sums, lambda _: "all")
    batches = op.collect("batch", together, timeout=timedelta(seconds=WITHIN_S), max_size=BATCH)
    op.output("scorecards", batches, Scorecards())
    return dataflow


if __name__ == "__main__":
    cli_main(flow())
