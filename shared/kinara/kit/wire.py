"""Reading topics without a group, for operators: nobody's offsets move, nobody's partitions are taken away."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from kinara.kit.settings import KafkaUrl


def reader(url: KafkaUrl) -> AIOKafkaConsumer:
    """A consumer of no group; start and stop it as a context."""
    return AIOKafkaConsumer(
        **url.client_options(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=url.fetch_max_wait_ms,
    )


async def read(
    consumer: AIOKafkaConsumer, places: Sequence[TopicPartition], last: int, follow: bool
) -> AsyncGenerator[list[ConsumerRecord], None]:
    """The ``last`` records of all these partitions in the order of their time, then, if asked for, what comes."""
    begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    consumer.assign(places)
    left = {place for place in places if last and begins[place] < ends[place]}
    for place in places:
        consumer.seek(place, max(begins[place], ends[place] - last) if place in left else ends[place])
    latest: list[ConsumerRecord] = []
    while left:
        for place, some in (await consumer.getmany(*left, timeout_ms=500)).items():
            latest += some
            if some[-1].offset + 1 >= max(ends[place], consumer.highwater(place)):  # Tansu names too early an end
                left.discard(place)
    yield sorted(latest, key=lambda record: record.timestamp)[-last:] if last else []
    while follow:
        for some in (await consumer.getmany(timeout_ms=500)).values():
            yield some
