"""What goes wrong on purpose: records delivered twice, records that nobody can read, and a process that dies."""

from __future__ import annotations

from aiokafka import AIOKafkaProducer
from kinara.kit import outbox
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.topics import Registry

from embedded.stack import Stack

TOPIC = "asn.nasional.feedback.v1"


async def deliver_again(stack: Stack, registry: Registry, most: int) -> int:
    """Put facts that feedback has said already into its topic a second time; how many."""
    database = Database(stack.mongo_url, "feedback")
    try:
        buckets = await database.find(outbox.OUTBOX, {}, sort=[("_id", -1)], limit=most)
        messages = [m for bucket in reversed(buckets) for m in outbox.messages(bucket, "feedback", registry)]
    finally:
        database.close()
    return await _send(stack, messages[-most:])


async def poison(stack: Stack) -> int:
    """Put records into feedback's topic that break the published language, each in another way; how many."""
    unreadable = "ce_id", b"\xff\xfe"
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", b"id.kinara.feedback.FeedbackReceived.v1"),
        ("ce_source", b"/feedback"),
        ("ce_time", b"2026-11-22T00:00:00Z"),
        ("ce_province", b"16"),
        ("ce_correlationid", b"mischief"),
        ("ce_aggregateversion", b"1"),
    ]
    somebody = new_id()
    about = ("ce_subject", f"employee/{somebody}".encode())
    key = somebody.encode()
    records = [
        outbox.Message(TOPIC, key, b"{not json", [*headers, about, ("ce_id", new_id().encode())]),
        outbox.Message(TOPIC, key, b"{}", [*headers, about, unreadable]),
        outbox.Message(TOPIC, None, b"\x00\x01\x02", []),
        outbox.Message(TOPIC, key, None, [*headers, about, ("ce_id", new_id().encode())]),
    ]
    return await _send(stack, records)


async def _send(stack: Stack, messages: list[outbox.Message]) -> int:
    producer = AIOKafkaProducer(**stack.settings().kafka_url.client_options())
    await producer.start()
    try:
        for m in messages:
            await producer.send_and_wait(m.topic, m.value, key=m.key, headers=m.headers)
    finally:
        await producer.stop()
    return len(messages)
