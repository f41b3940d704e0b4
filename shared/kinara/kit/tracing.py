"""Traces that cross the broker: ``traceparent`` travels from the request through the outbox row to the fold."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
_QUIET: dict[str, Any] = {"record_exception": False, "set_status_on_exception": False}
"""An exception may name a person; it goes to the log, which masks it."""
CLOSE_S = 2
LINKS = 100
"""Most links of a batch's span; a replay batch has thousands of parents and nobody looks at them all."""


class Tracing:
    """Spans of one service; without an exporter every call is a cheap no-op."""

    def __init__(self, service: str, endpoint: str = "", exporter: SpanExporter | None = None) -> None:
        self._provider: TracerProvider | None = None
        if exporter is None and endpoint:
            exporter = OTLPSpanExporter(endpoint=endpoint)
        self._exporter = exporter
        if exporter is not None:
            resource = Resource.create({"service.name": f"kinara-{service}"})
            self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
            self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = (self._provider or trace.NoOpTracerProvider()).get_tracer("kinara")

    @contextmanager
    def request(self, method: str, traceparent: str | None) -> Iterator[str | None]:
        """A span around a request; yields the ``traceparent`` that its facts shall carry.

        It bears the method's name until ``answered_by`` is told the route: an address may name a person.
        """
        if traceparent is not None and not _TRACEPARENT.match(traceparent):
            traceparent = None  # it will stand in facts, whose readers refuse what they cannot read
        if self._provider is None:
            yield traceparent
            return
        parent = _propagator.extract({"traceparent": traceparent} if traceparent else {})
        with self._tracer.start_as_current_span(method, context=parent, kind=trace.SpanKind.SERVER, **_QUIET):
            carrier: dict[str, str] = {}
            _propagator.inject(carrier)
            yield carrier.get("traceparent")

    @staticmethod
    def answered_by(method: str, route: str) -> None:
        """Name the span under way by the route's template, of which there are few."""
        trace.get_current_span().update_name(f"{method} {route}")

    @contextmanager
    def batch(self, group: str, traceparents: Iterable[str | None]) -> Iterator[None]:
        """One span around a batch, linked to the spans that its facts came from."""
        if self._provider is None:
            yield
            return
        links = []
        for traceparent in dict.fromkeys(t for t in traceparents if t):
            context = trace.get_current_span(_propagator.extract({"traceparent": traceparent})).get_span_context()
            links.append(trace.Link(context))
            if len(links) == LINKS:
                break
        with self._tracer.start_as_current_span(f"fold {group}", kind=trace.SpanKind.CONSUMER, links=links, **_QUIET):
            yield

    def close(self) -> None:
        """Send what is left, as far as the collector takes it at once: nobody waits for it to end."""
        if self._provider is None or self._exporter is None:
            return
        sending = threading.Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(CLOSE_S)
        if sending.is_alive():
            self._exporter.shutdown()  # it would go on trying
