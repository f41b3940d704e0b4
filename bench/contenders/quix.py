"""A peer: Quix Streams, cards in its state store and a sink that writes in bulk at each checkpoint.

Coalesced by employee over all partitions of a checkpoint. The state store takes bytes, so that each rating reads and
writes its card as JSON. What it cannot promise: offsets are committed before the state is kept, so without changelog
topics (left out, since they cost a record each) a crash between them loses ratings, and a lost disk all cards; nothing
is said in consequence; a repeat or a gap goes unnoticed.
"""

from __future__ import annotations

import os
from typing import Any

from kinara.kit.stored import CODEC
from pymongo import MongoClient
from quixstreams import Application, State
from quixstreams.sinks import BaseSink

from bench.contenders.peer import BATCH, DATABASE, GROUP, MONGO, SERVERS, TOPIC, WITHIN_S, Batch, Progress, rated
from bench.contenders.rules import SHAPE


class Scorecards(BaseSink):  # type: ignore[misc]  # quixstreams lives in another environment
    """Keeps the latest cards and all effects until the checkpoint."""

    def setup(self) -> None:
        """Connect."""
        self._db = MongoClient[dict[str, Any]](MONGO).get_database(DATABASE, codec_options=CODEC)
        self._batch = Batch()
        self._progress = Progress()

    def add(self, value: Any, *_: Any, **__: Any) -> None:
        """An employee's card after one more rating, and the effect."""
        self._batch.add(*value)

    def flush(self) -> None:
        """Two bulk writes; offsets are committed after them."""
        batch, self._batch = self._batch, Batch()
        if not batch.ratings:
            return
        self._db.ledger.insert_many(batch.effects(), ordered=False)
        self._db.scorecards.bulk_write(batch.replaces(), ordered=False)
        self._progress.written(batch.ratings)

    def on_paused(self) -> None:
        """Forget what will be read again."""
        self._batch = Batch()


def rate(value: bytes, state: State) -> Any:
    """Count a rating on the card in the state store."""
    kept = state.get_bytes("card")
    card, effect = rated(SHAPE.validate_json(kept) if kept else None, value)
    state.set_bytes("card", SHAPE.dump_json(card))
    return card, effect


def main() -> None:
    """Consume until ended."""
    app = Application(
        SERVERS, consumer_group=GROUP, auto_offset_reset="earliest", commit_every=BATCH, commit_interval=0.1,
        consumer_poll_timeout=WITHIN_S, state_dir=os.environ["BENCH_STATE"], use_changelog_topics=False,
        auto_create_topics=False, loglevel="WARNING",
    )  # fmt: skip
    ratings = app.dataframe(app.topic(TOPIC, key_deserializer="str", value_deserializer="bytes"))
    ratings.apply(rate, stateful=True).sink(Scorecards())
    app.run()


if __name__ == "__main__":
    main()
