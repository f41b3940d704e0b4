"""A peer: bytewax, cards by stateful_map and a sink that writes in bulk.

Coalesced by employee: batches are collected over all partitions before the sink. What it cannot promise: started
without a recovery store (which costs writes of its own) a crash begins from the first record, and with one the store
and the documents are two places; nothing is said in consequence; a repeat or a gap goes unnoticed;
there is no group, so that more processes need a list of addresses and a restart.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import bytewax.operators as op
from appraisal.domain.scorecard import Scorecard
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.run import cli_main
from kinara.kit.stored import CODEC
from pymongo import MongoClient

from bench.contenders.peer import BATCH, DATABASE, MONGO, SERVERS, TOPIC, WITHIN_S, Batch, Progress, rated

Rated = tuple[Scorecard, Any]


class _Bulk(StatelessSinkPartition):  # type: ignore[misc]  # bytewax lives in another environment
    def __init__(self) -> None:
        self._db = MongoClient[dict[str, Any]](MONGO).get_database(DATABASE, codec_options=CODEC)
        self._progress = Progress()

    def write_batch(self, items: list[tuple[str, list[tuple[str, Rated]]]]) -> None:
        """Two bulk writes for each collected batch."""
        for _, together in items:
            batch = Batch()
            for _, (card, effect) in together:
                batch.add(card, effect)
            self._db.ledger.insert_many(batch.effects(), ordered=False)
            self._db.scorecards.bulk_write(batch.replaces(), ordered=False)
            self._progress.written(len(together))


class Scorecards(DynamicSink):  # type: ignore[misc]
    """The employees' documents."""

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _Bulk:
        """One connection a worker."""
        return _Bulk()


def keyed(message: Any) -> tuple[str, bytes]:
    """A rating by its employee, who is the record's key."""
    return message.key.decode(), message.value


def rate(card: Scorecard | None, value: bytes) -> tuple[Scorecard, Rated]:
    """Count a rating."""
    after, effect = rated(card, value)
    return after, (after, effect)


def flow() -> Dataflow:
    """From the topic to the documents."""
    dataflow = Dataflow("ratings")
    messages = op.input("topic", dataflow, KafkaSource(SERVERS.split(","), [TOPIC], batch_size=BATCH))
    cards = op.stateful_map("cards", op.map("keyed", messages, keyed), rate)
    together = op.key_on("together", cards, lambda _: "all")
    batches = op.collect("batch", together, timeout=timedelta(seconds=WITHIN_S), max_size=BATCH)
    op.output("scorecards", batches, Scorecards())
    return dataflow


if __name__ == "__main__":
    cli_main(flow())
