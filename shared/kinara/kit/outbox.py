"""The outbox: facts saved with the state they are about, kept for ever, and followed by a relay.

One document (bucket) holds all facts of one transaction. The relay reads buckets through a change stream, so in
commit order, and keeps the stream's resume token as its position: nothing is ever marked as sent. A lost token, or a
broker that comes back empty (a new incarnation), means sending from an earlier bucket again; versions make that
harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kinara.contracts import Event
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database, Session
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

if TYPE_CHECKING:
    from kinara.kit.work import Cause

OUTBOX = "outbox"
BUCKET_ROWS, BUCKET_BYTES = 500, 4 * 1_048_576
EVENT_BYTES = 900_000
"""A topic takes 1 MiB with key and headers."""

Headers = list[tuple[str, bytes | None]]


class Message(NamedTuple):
    """What goes to the broker; a tuple, since one is made of every fact, and a frozen class costs twice as much."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


def row(event: Event, *, id_: str, version: int, at: datetime, cause: Cause) -> Document:
    """A fact as it stands in a bucket: readable by people, complete for sending.

    Raises:
        ValueError: the fact is larger than a topic takes, so that nothing could ever be sent after it.
    """
    data = event.model_dump_json()
    if len(data.encode()) > EVENT_BYTES:
        raise ValueError(f"{event.type()} has {len(data.encode())} bytes, at most {EVENT_BYTES} can be sent")
    return {
        "id": id_,
        "type": event.type(),
        "subject": str(event.subject),
        "version": version,
        "time": at,
        "province": event.province.code,
        "correlation": cause.correlation,
        "causation": cause.causation,
        "traceparent": cause.traceparent,
        "data": data,
    }


def dead_letter_row(message: Message) -> Document:
    """A dead letter as it stands in a bucket: the bytes as they came, with the reason in its headers."""
    return {
        "topic": message.topic,
        "key": message.key,
        "value": message.value,
        "headers": [[name, value] for name, value in message.headers],
    }


def put(database: Database, rows: Sequence[Document], at: datetime, session: Session) -> None:
    """Save facts in the transaction that saves the state: one bucket, or several where they are many or large."""
    buckets = [{"_id": new_id(), "at": at, "rows": part} for part in parted(rows)]
    database.write(OUTBOX, buckets, [], session)


def parted(rows: Sequence[Document]) -> Iterator[list[Document]]:
    """The rows in their order, in parts that a document can hold and a relay in memory."""
    part: list[Document] = []
    room = BUCKET_BYTES
    for one in rows:
        size = len(one.get("data") or one.get("value") or "")
        if part and (len(part) == BUCKET_ROWS or size > room):
            yield part
            part, room = [], BUCKET_BYTES
        part.append(one)
        room -= size
    yield part


def messages(bucket: Document, service: str, registry: Registry) -> list[Message]:
    """The messages of a bucket, in the order of its rows.

    Dead letters of a cell that is no more are left out: their topics may be gone, and the letters are kept anyway.
    """
    return [
        _event_message(r, service, registry)
        if "type" in r
        else Message(r["topic"], r["key"], r["value"], [(n, v) for n, v in r["headers"]])
        for r in bucket["rows"]
        if "type" in r or registry.has(r["topic"])
    ]


def _event_message(row: Document, service: str, registry: Registry) -> Message:
    """CloudEvents 1.0, binary mode (Kafka protocol binding)."""
    subject: str = row["subject"]
    headers: Headers = [
        *_same(row["type"], service),
        ("ce_id", row["id"].encode()),
        ("ce_subject", subject.encode()),
        ("ce_time", row["time"].isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()),
        ("ce_province", row["province"].encode()),
        ("ce_aggregateversion", str(row["version"]).encode()),
        ("ce_correlationid", row["correlation"].encode()),
    ]
    if row["causation"] is not None:
        headers.append(("ce_causationid", row["causation"].encode()))
    if row["traceparent"] is not None:
        headers.append(("traceparent", row["traceparent"].encode()))
    topic = registry.topic(registry.cell_of(row["province"]), service)
    return Message(topic, subject.partition("/")[2].encode(), row["data"].encode(), headers)


@lru_cache(maxsize=256)
def _same(type_: str, service: str) -> Headers:
    """The headers that are the same in all facts of a type."""
    return [
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_type", type_.encode()),
        ("ce_source", f"/{service}".encode()),
        ("ce_dataschema", f"urn:{type_.replace('.', ':')}".encode()),
    ]
