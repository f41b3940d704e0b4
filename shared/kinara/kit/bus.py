"""The one way to listen to Kafka: every inbox is subscribed by this recipe and no other.

FastStream's defaults lose data. Hence: batches of raw records, a parser that never touches their headers, a decoder
that does nothing, manual acknowledgement with explicit offsets after the database has committed, a rebalance
listener that lets the batch in hand finish, ``earliest``, static membership, and a handler that never raises.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from kinara.kit import deadletters, log
from kinara.kit.batch import parts
from kinara.kit.crash import crash_point
from kinara.kit.envelope import Incoming
from kinara.kit.figures import Figures
from kinara.kit.fold import Folder
from kinara.kit.ids import utc_now
from kinara.kit.incarnation import Incarnation
from kinara.kit.metrics import Metrics
from kinara.kit.mongo import Conflict, Database, DatabaseError
from kinara.kit.offsets import Offsets
from kinara.kit.polls import Poll, Polls, ends_of, records_of
from kinara.kit.settings import ServiceSettings
from kinara.kit.tracing import Tracing

_log = log.get("bus")
DRAIN_S = 20
GROUP_LOOK_S = 1
"""How often it is looked at whether we are still in the group."""


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
        self._tracing = tracing
        self.figures = Figures(folder.group, folder.inbox, database, metrics, settings.gap_patience_s)
        self._busy = asyncio.Lock()
        self._polls = Polls(settings.batch)
        self._offsets = Offsets(folder.group, database, self._polls)
        self._storing: asyncio.Task[None] | None = None
        self._stopping = False
        self.joined = False
        """Whether the group has given us our share, which may be no partition at all."""
        self._failing_since: datetime | None = None
        self._subscriber = self._subscribed(broker)
        self._subscriber(self.handle)

    def _subscribed(self, broker: KafkaBroker) -> Any:
        """The recipe."""
        kafka = self._settings.kafka_url
        return broker.subscriber(
            *self.topics,
            group_id=self.group,
            group_instance_id=self._member(),
            batch=True,
            max_records=self._settings.batch,
            batch_timeout_ms=min(20, kafka.fetch_max_wait_ms),
            fetch_max_wait_ms=kafka.fetch_max_wait_ms,
            fetch_min_bytes=65_536,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            decoder=untouched,
            parser=unparsed,
            listener=self,
            session_timeout_ms=kafka.session_timeout_ms,
            heartbeat_interval_ms=max(300, kafka.session_timeout_ms // 6),
            isolation_level="read_committed",
        )

    def _member(self) -> str | None:
        """Our name in the group, another one in each life of the broker; None where it cannot settle static members.

        Who is known gets back what it had (KIP-345): nothing for good, if we joined before a new life had its topics.
        """
        if not self._settings.kafka_url.static_membership:
            return None
        return ".".join(filter(None, (self.group, self._settings.instance, self.folder.incarnation)))

    @property
    def kafka(self) -> AIOKafkaConsumer | None:
        """The consumer underneath, while subscribed."""
        return self._subscriber.consumer

    async def run(self) -> None:
        """Subscribe, and subscribe again when the broker has lost its memory, or the library its way."""
        life = await self._incarnation.current()
        while True:
            self.folder.incarnation = life
            self._subscriber._connection_args["group_instance_id"] = self._member()
            chores = asyncio.create_task(self._chores(), name=f"chores {self.group}")
            another = asyncio.create_task(self._incarnation.other_than(life), name=f"life {self.group}")
            try:
                await self._subscribe()
                await self._until(another)
                if another.done():
                    life = another.result()
                    _log.warning("broker has a new incarnation, reading from the beginning", group=self.group)
            finally:
                for task in (chores, another):
                    task.cancel()
                await asyncio.gather(chores, another, return_exceptions=True)
                self.joined = False
                await self._subscriber.stop()
                self._polls.leave()

    async def _until(self, another: asyncio.Task[str]) -> None:
        """Wait for another life of the broker, or until aiokafka's task that keeps us in the group has ended.

        It should never end; if it does, by an error that the library did not expect, nobody else is told.
        """
        while not another.done():
            await asyncio.wait([another], timeout=GROUP_LOOK_S)
            member = getattr(getattr(self.kafka, "_coordinator", None), "_coordination_task", None)
            if member is not None and member.done() and not self._stopping:
                _log.error("left the group by an error, joining again", group=self.group, reason=repr(_end_of(member)))
                return

    def problem(self, patience: timedelta) -> str:
        """What has been wrong for longer than that, if anything."""
        if self.kafka is None or not self.joined:
            return f"{self.group}: not joined yet"
        since = utc_now() - patience
        if self._failing_since is not None and self._failing_since < since:
            return f"{self.group}: batches cannot be stored since {self._failing_since.isoformat()}"
        if (still := self.figures.still_since) is not None and still < since:
            return f"{self.group}: nothing read since {still.isoformat()} though records wait"
        return ""

    async def stop(self) -> None:
        """Let the batch in hand finish, unless it cannot be stored at the moment, and stop reading."""
        self._stopping = True
        await self.stored()
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

    async def stored(self) -> None:
        """Wait until what is in hand has been stored and committed, or given up."""
        await self._polls.finished()

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Let what is in hand finish with its commit, so that nobody repeats it."""
        try:
            async with asyncio.timeout(DRAIN_S):
                await self.stored()
        except TimeoutError:
            _log.warning("partitions revoked in the middle of a batch", group=self.group)
        self._polls.leave()  # whoever gets the partitions, perhaps we, reads on from what is committed

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Read from the beginning what the group has not begun to read in this life of the broker."""
        async with self._busy:
            fresh = await self._offsets.not_begun(assigned, self.folder.incarnation)
            if fresh and self.kafka is not None:
                await self.kafka.seek_to_beginning(*fresh)
        self.joined = True

    async def handle(self, message: KafkaMessage) -> None:
        """Read a poll, have it stored with what else waits, and let the next one be polled meanwhile.

        Never raises, or the records would be lost.
        """
        self._polls.put(Poll(message.raw_message, self.folder, self.kafka))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store(), name=f"store {self.group}")
        await self._polls.room()

    async def _store(self) -> None:
        """Fold what waits until nothing waits; at the end of the process what waits is left to the next one."""
        while polls := self._polls.take():
            stored = False
            try:
                if not self._stopping:
                    stored = await self._stored(records_of(polls), ends_of(polls).keys())
            finally:
                if stored:
                    crash_point("inbox.after_effect")
                    self._offsets.stored(polls)
                else:
                    self._polls.give_up(polls)

    async def _stored(self, batch: list[Incoming], partitions: Collection[TopicPartition]) -> bool:
        """Fold a batch, each part in a transaction of its own; False if a part was given up."""
        async with self._busy:
            self.figures.taken_up(batch)
            left = dict(enumerate(parts(batch)))

            def folded(number: int) -> None:
                if left.pop(number, None) is not None and not left:
                    self._polls.folded()

            work = (self._fold(part, partitions, partial(folded, number)) for number, part in list(left.items()))
            return all(await asyncio.gather(*work))

    async def _fold(
        self, batch: list[Incoming], partitions: Collection[TopicPartition], folded: Callable[[], None]
    ) -> bool:
        """Fold until it is stored; False when the partitions have gone to somebody else meanwhile."""
        pause = 0.05
        while True:
            try:
                with self._tracing.batch(self.group, (i.stamp.traceparent for i in batch if i.stamp)):
                    outcome = await self.folder.take(batch, folded)
            except (DatabaseError, Conflict) as error:
                _log.warning("batch not stored, trying again", group=self.group, reason=str(error)[:300])
            except Exception:  # noqa: BLE001  # a bug must not lose a batch: it stays, and readiness turns red
                _log.exception("batch failed, trying again", group=self.group)
            else:
                self._failing_since = None
                self.figures.folded(outcome)
                return True
            self._failing_since = self._failing_since or utc_now()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)
            if self._stopping or self.kafka is None or self.kafka.assignment().isdisjoint(partitions):
                self._failing_since = None
                return False

    def in_hand(self) -> dict[TopicPartition, int]:
        """The first offset in hand of each partition."""
        return self._polls.begins()

    async def _chores(self) -> None:
        """Once a second: what operators asked for, and the figures that need a look."""
        while True:
            try:
                if (kafka := self.kafka) is not None:
                    await self.figures.look_at_lag(kafka, self.in_hand())
                await self._redrive()
                await self.figures.look_at_waiting()
            except (DatabaseError, Conflict, KafkaError) as error:
                _log.info("chores interrupted", group=self.group, reason=str(error)[:200])
            except Exception:  # noqa: BLE001  # a dead letter that meets a bug must not end the chores
                _log.exception("chores failed", group=self.group)
            await asyncio.sleep(1)

    async def _redrive(self) -> None:
        """Fold dead letters again that an operator has sent back, or pass over those discarded."""
        for kept in await deadletters.requested(self._database, self.group):
            async with self._busy:
                self.figures.folded(await self.folder.redrive(kept))


def _end_of(task: asyncio.Task[Any]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
