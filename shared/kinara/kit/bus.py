"""The one way to listen to Kafka: every inbox is subscribed by this recipe and no other.

FastStream's defaults lose data. Hence: batches of raw records, a parser that never touches their headers, a decoder
that does nothing, manual acknowledgement with explicit offsets after the database has committed, a rebalance
listener that lets the batch in hand finish, ``earliest``, static membership, and a handler that never raises.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from kinara.kit import deadletters, log
from kinara.kit.batch import Outcome, parts
from kinara.kit.crash import crash_point
from kinara.kit.envelope import Incoming, Raw
from kinara.kit.fold import Folder
from kinara.kit.held import HELD
from kinara.kit.ids import utc_now
from kinara.kit.incarnation import Incarnation
from kinara.kit.metrics import Metrics
from kinara.kit.mongo import Conflict, Database, DatabaseError
from kinara.kit.settings import ServiceSettings
from kinara.kit.tracing import Tracing

_log = log.get("bus")
POSITIONS = "positions"
DRAIN_S = 20


async def untouched(_message: Any) -> None:
    """Decoder: the inbox reads the raw bytes itself."""


async def unparsed(records: Any, original: Any) -> KafkaMessage:
    """Parser: keep the headers away from FastStream, which decodes them and drops the batch at the first bad one."""
    message: KafkaMessage = await original((dataclasses.replace(records[0], headers=()),))
    message.raw_message = records
    return message


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """One inbox subscribed to its topics in one cell."""

    def __init__(
        self, broker: KafkaBroker, folder: Folder, topics: Sequence[str], settings: ServiceSettings, *,
        database: Database, incarnation: Incarnation, metrics: Metrics, tracing: Tracing,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.topics = list(topics)
        self.group = folder.group
        self._broker = broker
        self._settings = settings
        self._database = database
        self._incarnation = incarnation
        self._metrics = metrics
        self._tracing = tracing
        self._busy = asyncio.Lock()
        self._stopping = False
        self._known_positions: set[str] = set()
        self._oldest: datetime | None = None
        """When the oldest fact was said that may not be folded yet; None while nothing waits."""
        self._in_hand: dict[TopicPartition, int] = {}
        self._reported: str | None = None
        self.joined = False
        """Whether the group has given us our share, which may be no partition at all."""
        self._failing_since: datetime | None = None
        self._still_since: datetime | None = None
        self._places: dict[TopicPartition, int] = {}
        self._subscriber = self._subscribed(broker)
        self._subscriber(self.handle)

    def _subscribed(self, broker: KafkaBroker) -> Any:
        """The recipe."""
        kafka = self._settings.kafka_url
        return broker.subscriber(
            *self.topics,
            group_id=self.group,
            group_instance_id=f"{self.group}.{self._settings.instance}" if kafka.static_membership else None,
            batch=True,
            max_records=self._settings.batch,
            batch_timeout_ms=min(20, kafka.fetch_max_wait_ms),
            fetch_max_wait_ms=kafka.fetch_max_wait_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            decoder=untouched,
            parser=unparsed,
            listener=self,
            session_timeout_ms=kafka.session_timeout_ms,
            heartbeat_interval_ms=max(300, kafka.session_timeout_ms // 6),
            isolation_level="read_committed",
        )

    @property
    def kafka(self) -> AIOKafkaConsumer | None:
        """The consumer underneath, while subscribed."""
        return self._subscriber.consumer

    async def run(self) -> None:
        """Subscribe, and subscribe again from the beginning whenever the broker has lost its memory."""
        life = await self._incarnation.current()
        while True:
            self.folder.incarnation = life
            chores = asyncio.create_task(self._chores(), name=f"chores {self.group}")
            try:
                await self._subscribe()
                life = await self._incarnation.other_than(life)
            finally:
                chores.cancel()
                await asyncio.gather(chores, return_exceptions=True)
                self.joined = False
                await self._subscriber.stop()
            _log.warning("broker has a new incarnation, reading from the beginning", group=self.group)

    def problem(self, patience: timedelta) -> str:
        """What has been wrong for longer than that, if anything."""
        if self.kafka is None or not self.joined:
            return f"{self.group}: not joined yet"
        since = utc_now() - patience
        if self._failing_since is not None and self._failing_since < since:
            return f"{self.group}: batches cannot be stored since {self._failing_since.isoformat()}"
        if self._still_since is not None and self._still_since < since:
            return f"{self.group}: nothing read since {self._still_since.isoformat()} though records wait"
        return ""

    async def stop(self) -> None:
        """Let the batch in hand finish, unless it cannot be stored at the moment, and stop reading."""
        self._stopping = True
        await self._subscriber.stop()

    async def _subscribe(self) -> None:
        while True:
            try:
                await self._broker.connect()
                await self._subscriber.start()
            except (KafkaError, OSError) as error:
                _log.warning("subscribe failed, trying again", group=self.group, reason=str(error)[:200])
                await self._subscriber.stop()
                await asyncio.sleep(1)
            else:
                return

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Let the batch in hand finish with its commit, so that nobody repeats it."""
        try:
            async with asyncio.timeout(DRAIN_S), self._busy:
                return
        except TimeoutError:
            _log.warning("partitions revoked in the middle of a batch", group=self.group)

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Read from the beginning what the group has not begun to read in this life of the broker."""
        async with self._busy:
            self._known_positions = await self._begun()
            fresh = [tp for tp in assigned if _name(tp) not in self._known_positions]
            if fresh and self.kafka is not None:
                await self.kafka.seek_to_beginning(*fresh)
        self.joined = True

    async def _begun(self) -> set[str]:
        try:
            kept = await self._database.find_one(POSITIONS, {"_id": self.group})
        except DatabaseError as error:
            _log.warning("positions unknown, reading from the beginning", group=self.group, reason=str(error)[:200])
            return set()
        lives: dict[str, str] = (kept or {}).get("lives", {})
        return {at for at, life in lives.items() if life == self.folder.incarnation}

    async def handle(self, message: KafkaMessage) -> None:
        """Fold a poll's records and commit their offsets; never raises, or the records would be lost."""
        records: tuple[ConsumerRecord, ...] = message.raw_message
        async with self._busy:
            consumer, life = self.kafka, self.folder.incarnation
            raws = [Raw(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers)) for r in records]
            batch = self.folder.read(raws)
            lasts = {(r.topic, r.partition): r.offset for r in records}
            firsts = {(r.topic, r.partition): r.offset for r in reversed(records)}
            ends = {TopicPartition(*at): offset + 1 for at, offset in lasts.items()}
            self._in_hand = {TopicPartition(*at): offset for at, offset in firsts.items()}
            self._oldest = min((i.stamp.time for i in batch if i.stamp), default=self._oldest)
            if all(await asyncio.gather(*(self._fold(part, set(ends)) for part in parts(batch)))):
                crash_point("inbox.after_effect")
                await self._commit(consumer, life, ends)
            self._in_hand = {}

    async def _fold(self, batch: list[Incoming], partitions: set[TopicPartition]) -> bool:
        """Fold until it is stored; False when the partitions have gone to somebody else meanwhile."""
        pause = 0.05
        while True:
            try:
                with self._tracing.batch(self.group, (i.stamp.traceparent for i in batch if i.stamp)):
                    outcome = await self.folder.take(batch)
            except (DatabaseError, Conflict) as error:
                _log.warning("batch not stored, trying again", group=self.group, reason=str(error)[:300])
            except Exception:  # noqa: BLE001  # a bug must not lose a batch: it stays, and readiness turns red
                _log.exception("batch failed, trying again", group=self.group)
            else:
                self._failing_since = None
                self._report(outcome)
                return True
            self._failing_since = self._failing_since or utc_now()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)
            if self._stopping or self.kafka is None or not partitions & self.kafka.assignment():
                self._failing_since = None
                return False

    async def _commit(self, consumer: Any, life: str, ends: dict[TopicPartition, int]) -> None:
        try:
            await consumer.commit({tp: end for tp, end in ends.items() if tp in consumer.assignment()})
            fresh = {_name(tp) for tp in ends} - self._known_positions
            if fresh:
                change = {f"lives.{at}": life for at in fresh}
                await self._database[POSITIONS].update_one({"_id": self.group}, {"$set": change}, upsert=True)
                self._known_positions |= fresh
        except (KafkaError, DatabaseError) as error:
            _log.info(
                "offsets not committed, versions will skip the repeats", group=self.group, reason=str(error)[:200]
            )

    def _report(self, outcome: Outcome) -> None:
        now = datetime.now(UTC)
        m = self._metrics
        m.folded.labels(self.group).inc(len(outcome.folded))
        m.repeats.labels(self.group).inc(outcome.repeats)
        age = m.age.labels(self.group)
        for incoming in outcome.folded:
            if incoming.stamp is not None:
                age.observe((now - incoming.stamp.time).total_seconds())
        for incoming in outcome.dead:
            stamp, raw = incoming.stamp, incoming.raw
            m.dead.labels(self.group, type(incoming.problem).__name__).inc()
            with log.bound(correlation=stamp and stamp.correlation, causation=stamp and stamp.id):
                place = f"{raw.topic}/{raw.partition}/{raw.offset}"
                _log.error("dead letter", group=self.group, at=place, reason=str(incoming.problem)[:300])

    async def _chores(self) -> None:
        """Once a second: what operators asked for, and the figures that need a look."""
        while True:
            try:
                await self._look_at_lag()
                await self._redrive()
                await self._look_at_waiting()
            except (DatabaseError, Conflict, KafkaError) as error:
                _log.info("chores interrupted", group=self.group, reason=str(error)[:200])
            except Exception:  # noqa: BLE001  # a dead letter that meets a bug must not end the chores
                _log.exception("chores failed", group=self.group)
            await asyncio.sleep(1)

    async def _redrive(self) -> None:
        """Fold dead letters again that an operator has sent back, or pass over those discarded."""
        for kept in await deadletters.requested(self._database, self.group):
            async with self._busy:
                self._report(await self.folder.redrive(kept))

    async def _look_at_lag(self) -> None:
        consumer = self.kafka
        if consumer is None:
            return
        places = {tp: self._in_hand.get(tp, await consumer.position(tp)) for tp in consumer.assignment()}
        lag = sum(max(0, (consumer.highwater(tp) or 0) - at) for tp, at in places.items())
        self._still_since = (self._still_since or utc_now()) if lag and places == self._places else None
        self._places = places
        self._metrics.partitions.labels(self.group).set(len(places))
        self._oldest = (self._oldest or utc_now()) if lag else None
        behind = (utc_now() - self._oldest).total_seconds() if self._oldest else 0.0
        self._metrics.lag_events.labels(self.group).set(lag)
        self._metrics.lag_seconds.labels(self.group).set(behind)

    async def _look_at_waiting(self) -> None:
        ours = {"inbox": self.folder.inbox.name}  # of all cells: a person who moves is spoken of in two
        waiting = await self._database[HELD].count_documents(ours)
        oldest = 0.0
        if waiting:
            first = await self._database.find(HELD, ours, sort=[("since", 1)], limit=1)
            oldest = (utc_now() - first[0]["since"]).total_seconds() if first else 0.0
            if oldest > self._settings.gap_patience_s and first[0]["_id"] != self._reported:
                self._reported = first[0]["_id"]
                _log.error("facts wait behind a gap", group=self.group, waiting=waiting, first=self._reported)
        self._metrics.waiting.labels(self.group).set(waiting)
        self._metrics.waiting_age.labels(self.group).set(oldest)


def _name(tp: TopicPartition) -> str:
    """A partition as a field name: Mongo reads dots as levels."""
    return f"{tp.topic}-{tp.partition}".replace(".", ":")
