"""What a consumer shows of itself: what it has folded, how far it is behind, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition

from kinara.kit import log
from kinara.kit.batch import Outcome
from kinara.kit.envelope import Incoming
from kinara.kit.held import HELD
from kinara.kit.ids import utc_now
from kinara.kit.inbox import Inbox
from kinara.kit.metrics import Metrics
from kinara.kit.mongo import Database

_log = log.get("figures")


class Figures:
    """The figures of one consumer group in this process."""

    def __init__(self, group: str, inbox: Inbox, database: Database, metrics: Metrics, gap_patience_s: float) -> None:
        self.still_since: datetime | None = None
        """Since when nothing has been read though records wait; None while all is well."""
        self._group = group
        self._inbox = inbox
        self._database = database
        self._metrics = metrics
        self._patience = gap_patience_s
        self._oldest: datetime | None = None
        """When the oldest fact was said that may not be folded yet; None while nothing waits."""
        self._places: dict[TopicPartition, int] = {}
        self._reported: str | None = None

    def taken_up(self, batch: Iterable[Incoming]) -> None:
        """A batch is about to be folded: nothing older waits."""
        self._oldest = min((i.stamp.time for i in batch if i.stamp), default=self._oldest)

    def folded(self, outcome: Outcome) -> None:
        """Count what became of a batch, and tell of its dead letters."""
        now = datetime.now(UTC)
        m = self._metrics
        m.folded.labels(self._group).inc(len(outcome.folded))
        m.repeats.labels(self._group).inc(outcome.repeats)
        m.ages.observe(self._group, [(now - i.stamp.time).total_seconds() for i in outcome.folded if i.stamp])
        for incoming in outcome.dead:
            stamp, raw = incoming.stamp, incoming.raw
            m.dead.labels(self._group, type(incoming.problem).__name__).inc()
            with log.bound(correlation=stamp and stamp.correlation, causation=stamp and stamp.id):
                place = f"{raw.topic}/{raw.partition}/{raw.offset}"
                _log.error("dead letter", group=self._group, at=place, reason=str(incoming.problem)[:300])

    async def look_at_lag(self, kafka: Any, in_hand: Mapping[TopicPartition, int]) -> None:
        """How many records wait, from the first in hand on, and for how long."""
        places = {tp: in_hand.get(tp, await kafka.position(tp)) for tp in kafka.assignment()}
        lag = sum(max(0, (kafka.highwater(tp) or 0) - at) for tp, at in places.items())
        self.still_since = (self.still_since or utc_now()) if lag and places == self._places else None
        self._places = places
        self._metrics.partitions.labels(self._group).set(len(places))
        self._oldest = (self._oldest or utc_now()) if lag else None
        behind = (utc_now() - self._oldest).total_seconds() if self._oldest else 0.0
        self._metrics.lag_events.labels(self._group).set(lag)
        self._metrics.lag_seconds.labels(self._group).set(behind)

    async def look_at_waiting(self) -> None:
        """How many facts wait behind a gap, and for how long; a gap that stays is told of once."""
        ours = {"inbox": self._inbox.name}  # of all cells: a person who moves is spoken of in two
        waiting = await self._database[HELD].count_documents(ours)
        oldest = 0.0
        if waiting:
            first = await self._database.find(HELD, ours, sort=[("since", 1)], limit=1)
            oldest = (utc_now() - first[0]["since"]).total_seconds() if first else 0.0
            if oldest > self._patience and first[0]["_id"] != self._reported:
                self._reported = first[0]["_id"]
                _log.error("facts wait behind a gap", group=self._group, waiting=waiting, first=self._reported)
        self._metrics.waiting.labels(self._group).set(waiting)
        self._metrics.waiting_age.labels(self._group).set(oldest)
