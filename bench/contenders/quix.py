"""A peer: Quix Streams, sums in its state store and a sink that writes in bulk at each checkpoint.

Coalesced by employee over all partitions of a checkpoint. What it cannot promise: offsets are committed before the
state is kept, so without changelog topics (left out, since they cost a record each) a crash between them loses ratings,
and a lost disk all sums; nothing is said in consequence; no effect is kept; a repeat or a gap goes unnoticed.
"""

from __future__ import annotations

import os
from typing import Any

from pymongo import MongoClient, ReplaceOne
from quixstreams import Application, State
from quixstreams.sinks import BaseSink

from bench.contenders.peer import BATCH, DATABASE, GROUP, MONGO, SERVERS, TOPIC, WITHIN_S, Progress, Sums, added


class Scorecards(BaseSink):  # type: ignore[misc]  # quixstreams lives in another environment
    """Keeps the latest sums of each employee until the checkpoint."""

    def setup(self) -> None:
        """Connect."""
        self._cards = MongoClient[dict[str, Any]](MONGO)[DATABASE].scorecards
        self._latest: dict[str, Sums] = {}
        self._ratings = 0
        self._progress = Progress()

    def add(self, value: Any, key: Any, *_: Any, **__: Any) -> None:
        """An employee's sums after one more rating."""
        self._latest[key] = value
        self._ratings += 1

    def flush(self) -> None:
        """One bulk write; offsets are committed after it."""
        if not self._latest:
            return
        replaces = [ReplaceOne({"_id": id_}, dict(sums), upsert=True) for id_, sums in self._latest.items()]
        self._cards.bulk_write(replaces, ordered=False)
        self._progress.written(self._ratings)
        self._latest, self._ratings = {}, 0

    def on_paused(self) -> None:
        """Forget what will be read again."""
        self._latest, self._ratings = {}, 0


def rated(data: Any, state: State) -> Sums:
    """Add a rating to the sums in the state store."""
    sums = added(state.get("sums"), data["rating"], data["trust"])
    state.set("sums", sums)
    return sums


def main() -> None:
    """Consume until ended."""
    app = Application(
        SERVERS, consumer_group=GROUP, auto_offset_reset="earliest", commit_every=BATCH, commit_interval=0.1,
        consumer_poll_timeout=WITHIN_S, state_dir=os.environ["BENCH_STATE"], use_changelog_topics=False,
        auto_create_topics=False, loglevel="WARNING",
    )  # fmt: skip
    ratings = app.dataframe(app.topic(TOPIC, key_deserializer="str", value_deserializer="json"))
    ratings.apply(rated, stateful=True).sink(Scorecards())
    app.run()


if __name__ == "__main__":
    main()
