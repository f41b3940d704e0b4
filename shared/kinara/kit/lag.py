"""How far consumer groups are behind, asked of the broker: it knows also of groups whose processes are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from kinara.kit import wire
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry

LOOK_MS = 2_000
"""How long the oldest waiting records are looked for; what a broker does not give in that time has no age here."""
ELECTION_S = 10
"""How long a young or shaken cluster may take to say who coordinates a group."""
_ELECTING = (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far one group is behind on one topic."""

    group: str
    topic: str
    events: int
    """Records between its committed offsets and the ends; where it has committed nothing, all that are kept."""
    since: datetime | None
    """When the oldest of them was written; None where nothing waits."""


async def lags(url: KafkaUrl, registry: Registry) -> list[Lag]:
    """The lag of every registered group on every topic that it hears, in every cell."""
    admin = AIOKafkaAdminClient(**url.client_options())
    consumer = wire.reader(url)
    try:
        await admin.start()
        await consumer.start()
        return [
            lag
            for cell in registry.cells
            for group, services in registry.groups.items()
            for lag in await _of_group(
                admin,
                consumer,
                f"{group}.{cell}",
                [(registry.topic(cell, s), registry.events.partitions) for s in services],
            )
        ]
    finally:
        await consumer.stop()
        await admin.close()


async def _of_group(
    admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, group: str, topics: Sequence[tuple[str, int]]
) -> list[Lag]:
    places = {topic: [TopicPartition(topic, number) for number in range(count)] for topic, count in topics}
    everywhere = [place for there in places.values() for place in there]
    offsets = await committed(admin, group, everywhere)
    begins, ends = await consumer.beginning_offsets(everywhere), await consumer.end_offsets(everywhere)
    at = {place: max(offsets.get(place, 0), begins[place]) for place in everywhere}
    behind = [place for place in everywhere if at[place] < ends[place]]
    written = await _written(consumer, {place: at[place] for place in behind})
    ends |= {place: max(ends[place], consumer.highwater(place)) for place in written}  # Tansu names too early an end
    return [
        Lag(
            group,
            topic,
            sum(max(0, ends[p] - at[p]) for p in there),
            min((written[p] for p in there if p in written), default=None),
        )
        for topic, there in places.items()
    ]


async def committed(
    admin: AIOKafkaAdminClient, group: str, places: Sequence[TopicPartition]
) -> dict[TopicPartition, int]:
    """The offsets that a group has committed."""
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(_ELECTING), stop=stop_after_delay(ELECTION_S), wait=wait_fixed(0.2), reraise=True
    ):
        with attempt:
            found = await admin.list_consumer_group_offsets(group, partitions=places)
    return {place: known.offset for place, known in found.items()}


async def _written(consumer: AIOKafkaConsumer, places: dict[TopicPartition, int]) -> dict[TopicPartition, datetime]:
    """When the record at each place was written."""
    found: dict[TopicPartition, datetime] = {}
    if not places:
        return found
    consumer.assign(list(places))
    for place, offset in places.items():
        consumer.seek(place, offset)
    while missing := places.keys() - found.keys():
        records = await consumer.getmany(*missing, timeout_ms=LOOK_MS, max_records=500)
        if not records:
            break
        for place, some in records.items():
            found.setdefault(place, datetime.fromtimestamp(some[0].timestamp / 1000, UTC))
            consumer.pause(place)
    return found


def total(some: Iterable[Lag]) -> int:
    """All records that wait anywhere."""
    return sum(lag.events for lag in some)
