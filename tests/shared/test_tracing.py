"""Traces: from the request to the fact's header, and from there to the batch that hears it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from kinara.kit import outbox, tracing
from kinara.kit.app import build
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.testing import eventually
from kinara.kit.tracing import CLOSE_S, LINKS, Tracing
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from running import REGISTRY
from toy_door import service, settings

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = f"00-{TRACE}-{SPAN}-01"
NIP = "198609262015051001"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Where the spans of an application end up that has an endpoint for them, at once."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(tracing, "OTLPSpanExporter", lambda **_options: exporter)
    return exporter


@pytest.fixture
def traced(exporter: InMemorySpanExporter) -> Iterator[Tracing]:
    traces = Tracing("toy", "http://127.0.0.1:4318/v1/traces")
    yield traces
    traces.close()


def spans(traced: Tracing, exporter: InMemorySpanExporter) -> tuple[ReadableSpan, ...]:
    traced.close()
    return exporter.get_finished_spans()


async def trace_of_a_fact(app: FastAPI, database: Database, headers: dict[str, str]) -> str | None:
    """The ``traceparent`` header of the fact that a request with these headers leads to."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://kinara") as client:
        answer = await client.post("/v1/reports", json={"employee_id": new_id()}, headers=headers)
    assert answer.status_code == 201
    (bucket,) = await database.find(OUTBOX, {})
    (message,) = outbox.messages(bucket, "appraisal", REGISTRY)
    header = dict(message.headers).get("traceparent")
    return header.decode() if header is not None else None


async def test_a_request_traced_by_its_caller_leads_to_a_fact_of_the_same_trace(
    database: Database, exporter: InMemorySpanExporter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    given = settings(tmp_path_factory.mktemp("traced"), otlp_endpoint="http://127.0.0.1:4318/v1/traces")
    app = build(service(given))
    app.state.database = database
    header = await trace_of_a_fact(app, database, {"traceparent": PARENT})
    assert header is not None
    version, trace, span, _ = header.split("-")
    assert (version, trace) == ("00", TRACE)
    assert span != SPAN


async def test_without_an_endpoint_the_callers_trace_is_passed_on(app: FastAPI, database: Database) -> None:
    assert await trace_of_a_fact(app, database, {"traceparent": PARENT}) == PARENT


@pytest.mark.parametrize("junk", ["", "x" * 300, "00-xyz-1-01", PARENT.upper(), PARENT + "-more"], ids=lambda j: j[:9])
async def test_a_trace_that_is_none_never_reaches_a_fact(app: FastAPI, database: Database, junk: str) -> None:
    assert await trace_of_a_fact(app, database, {"traceparent": junk}) is None


@pytest.mark.parametrize(
    ("method", "address", "named"),
    [
        ("POST", f"/v1/notes/{NIP}", "POST /v1/notes/{employee}"),
        ("GET", "/v1/failures/bug", "GET /v1/failures/{name}"),
        ("GET", f"/v1/nowhere/{NIP}?nip={NIP}", "GET none"),
        (NIP, f"/v1/notes/{NIP}", "OTHER /v1/notes/{employee}"),
    ],
    ids=["a route", "a failure", "no route", "no method"],
)
async def test_a_span_bears_the_name_of_the_route_and_nothing_of_the_address(
    exporter: InMemorySpanExporter, tmp_path: Path, method: str, address: str, named: str
) -> None:
    app = build(service(settings(tmp_path, otlp_endpoint="http://127.0.0.1:4318/v1/traces")))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kinara") as client:
        await client.request(method, address)
    (span,) = await eventually(exporter.get_finished_spans)
    assert span.name == named
    assert NIP not in span.to_json()


def test_a_batch_is_linked_to_the_traces_of_its_facts(traced: Tracing, exporter: InMemorySpanExporter) -> None:
    other = f"00-{TRACE[::-1]}-{SPAN}-01"
    with traced.batch("toy.tally.uji", [PARENT, None, other, PARENT, "junk"]):
        pass
    (span,) = spans(traced, exporter)
    assert span.name == "fold toy.tally.uji"
    assert span.parent is None
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [TRACE, TRACE[::-1]]


def test_a_large_batch_has_a_bounded_number_of_links(traced: Tracing, exporter: InMemorySpanExporter) -> None:
    with traced.batch("toy.tally.uji", (f"00-{n:032x}-{SPAN}-01" for n in range(1, 2 * LINKS))):
        pass
    (span,) = spans(traced, exporter)
    assert len(span.links) == LINKS


def test_what_an_exception_says_stays_out_of_the_spans(traced: Tracing, exporter: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="1986"), traced.request("GET", None), traced.batch("group", []):
        raise ValueError(f"no post for {NIP}")
    for span in spans(traced, exporter):
        assert NIP not in span.to_json()


def test_a_collector_that_does_not_answer_keeps_nobody_from_ending() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        traces = Tracing("toy", f"http://127.0.0.1:{deaf.getsockname()[1]}/v1/traces")
        with traces.request("GET", None):
            pass
        begun = time.monotonic()
        traces.close()
        assert time.monotonic() - begun < 2 * CLOSE_S


class _Stubborn(InMemorySpanExporter):
    """An exporter that goes on trying until it is shut down."""

    def __init__(self) -> None:
        super().__init__()
        self.told_to_end = threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.told_to_end.wait(30)
        return super().export(spans)

    def shutdown(self) -> None:
        self.told_to_end.set()
        super().shutdown()


def test_an_exporter_that_goes_on_trying_is_told_to_end() -> None:
    stubborn = _Stubborn()
    traces = Tracing("toy", exporter=stubborn)
    with traces.request("GET", None):
        pass
    traces.close()
    assert stubborn.told_to_end.is_set()


def test_without_an_endpoint_nothing_is_traced() -> None:
    silent = Tracing("toy")
    with silent.request("GET", None) as traceparent, silent.batch("group", [PARENT]):
        assert traceparent is None
    silent.close()
