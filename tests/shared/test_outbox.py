"""What is saved in the outbox goes out as CloudEvents that others can read, and so can we."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit import outbox
from kinara.kit.envelope import Incoming, Raw, read
from kinara.kit.ids import new_id
from kinara.kit.outbox import BUCKET_BYTES, BUCKET_ROWS, Message, parted
from kinara.kit.work import Cause
from running import REGISTRY
from toy import rated

AT = datetime(2026, 11, 22, 3, 4, 5, 678000, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
EVENT = rated(new_id())


def message(cause: Cause) -> Message:
    row = outbox.row(EVENT, id_="01a2-id", version=7, at=AT, cause=cause)
    return outbox.messages({"rows": [row]}, "feedback", REGISTRY)[0]


def reread(sent: Message) -> Incoming:
    raw = Raw(sent.topic, 0, 0, sent.key, sent.value, tuple(sent.headers))
    return read(raw, {EVENT.type(): FeedbackReceived}, frozenset({"feedback"}))


def test_others_read_our_facts_as_cloudevents() -> None:
    sent = message(Cause("correlation", "cause", TRACE))
    wire = KafkaMessage({name: value or b"" for name, value in sent.headers}, sent.key, sent.value or b"")
    event = from_binary(wire, JSONFormat())
    assert event.get_id() == "01a2-id"
    assert event.get_type() == "id.kinara.feedback.FeedbackReceived.v1"
    assert event.get_source() == "/feedback"
    assert event.get_subject() == f"employee/{EVENT.employee_id}"
    assert event.get_time() == AT
    assert event.get_dataschema() == "urn:id:kinara:feedback:FeedbackReceived:v1"
    extensions = {n: event.get_extension(n) for n in ("province", "aggregateversion", "correlationid", "causationid")}
    assert extensions == {
        "province": "16", "aggregateversion": "7", "correlationid": "correlation", "causationid": "cause",
    }  # fmt: skip
    data: Any = event.get_data()
    assert data["rating"] == EVENT.rating


def test_we_read_our_facts_as_they_were_said() -> None:
    incoming = reread(message(Cause("correlation", "cause", TRACE)))
    assert incoming.problem is None
    assert incoming.event == EVENT
    stamp = incoming.stamp
    assert stamp is not None
    assert (stamp.id, stamp.version, stamp.time, stamp.service) == ("01a2-id", 7, AT, "feedback")
    assert (stamp.correlation, stamp.causation, stamp.traceparent) == ("correlation", "cause", TRACE)
    assert (stamp.subject, stamp.province, stamp.name) == (EVENT.subject, "16", "FeedbackReceived")


def test_a_fact_without_cause_or_trace_has_no_such_headers() -> None:
    sent = message(Cause("correlation"))
    assert not {"ce_causationid", "traceparent"} & {name for name, _ in sent.headers}
    assert reread(sent).problem is None


def test_the_key_is_the_subject_and_the_topic_that_of_its_cell() -> None:
    sent = message(Cause("correlation"))
    assert (sent.key, sent.topic) == (EVENT.subject.id.encode(), "asn.uji.feedback.v1")


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([1], [1]),
        ([10] * (BUCKET_ROWS + 1), [BUCKET_ROWS, 1]),
        ([BUCKET_BYTES - 1, 1, 1], [2, 1]),
        ([BUCKET_BYTES * 3, 1], [1, 1]),
        ([1, BUCKET_BYTES * 3, 1], [1, 1, 1]),
    ],
    ids=["one", "many", "full", "too large first", "too large between"],
)
def test_rows_are_parted_in_their_order(sizes: list[int], parts: list[int]) -> None:
    rows = [{"n": n, "data": "x" * size} for n, size in enumerate(sizes)]
    found = list(parted(rows))
    assert [len(part) for part in found] == parts
    assert [row["n"] for part in found for row in part] == list(range(len(sizes)))
