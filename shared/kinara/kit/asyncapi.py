"""The AsyncAPI page of a service, generated from the contracts: what it says, and what it hears."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from faststream.asgi import make_asyncapi_asgi
from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI, Specification
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from pydantic.json_schema import models_json_schema

from kinara.contracts import Event, events_said_by
from kinara.kit.topics import Registry

Topics = Mapping[str, Sequence[type[Event]]]
"""Events by the topic that they travel on."""

_TEXT, _MOMENT = {"type": "string"}, {"type": "string", "format": "date-time"}
HEADERS: dict[str, dict[str, Any]] = {
    "content-type": {"const": "application/json"},
    "ce_specversion": {"const": "1.0"},
    "ce_id": _TEXT | {"description": "The fact's own id, the same however often it is sent."},
    "ce_type": _TEXT | {"description": "id.kinara.<service>.<EventName>.v<n>"},
    "ce_source": _TEXT | {"description": "The service that says it."},
    "ce_subject": _TEXT | {"description": "employee/<id> or unit/<id>; the id is the record's key."},
    "ce_time": _MOMENT | {"description": "When the fact was saved."},
    "ce_dataschema": _TEXT | {"description": "$id of the exported JSON Schema."},
    "ce_province": {"type": "string", "pattern": "^[0-9]{2}$", "description": "Decides the cell."},
    "ce_aggregateversion": {
        "type": "string",
        "pattern": "^[1-9][0-9]*$",
        "description": "Counts the facts of one service about one subject, without gaps.",
    },
    "ce_correlationid": _TEXT | {"description": "The same for everything that one request has led to."},
    "ce_causationid": _TEXT | {"description": "ce_id of the fact that this one follows from."},
    "traceparent": _TEXT | {"description": "W3C trace context."},
}
"""What ``outbox.py`` writes beside a fact: CloudEvents 1.0 in binary mode."""
_SOMETIMES = {"ce_causationid", "traceparent"}


class Page(AsyncAPI):
    """FastStream's description of a broker, with channels that know the contracts.

    Its own would call every payload empty: our handlers take raw records.
    """

    def __init__(self, app: FastAPI, broker: KafkaBroker, service: str, says: Topics) -> None:
        super().__init__(
            broker,
            title=f"Kinara: {service}",
            version="1",
            description="CloudEvents 1.0 in binary mode; key = id of the employee or unit; order per key.",
        )
        self._app = app
        self._says = says

    def to_specification(self) -> Specification:
        """The document; what is heard stands in it once the application runs, and with it its consumers."""
        frame, hears = super().to_specification().to_jsonable(), _heard(self._app)
        both = {topic: {*self._says.get(topic, ()), *hears.get(topic, ())} for topic in (*self._says, *hears)}
        servers = [_ref("servers", name) for name in frame["servers"]]
        frame["channels"] = {topic: _channel(topic, events) | {"servers": servers} for topic, events in both.items()}
        frame["operations"] = {
            f"{topic}:{verb}": _operation(action, topic, events)
            for verb, action, topics in (("says", "send", self._says), ("hears", "receive", hears))
            for topic, events in topics.items()
        }
        frame["components"] |= _components({event for events in both.values() for event in events})
        return ApplicationSchema.model_validate(frame)


def install(app: FastAPI, broker: KafkaBroker, service: str, topics: list[str]) -> None:
    """Serve the page at ``/asyncapi`` and the document at ``/asyncapi.json``."""
    page = Page(app, broker, service, {topic: events_said_by(service) for topic in topics})

    @app.get("/asyncapi.json", include_in_schema=False)
    async def document() -> Any:
        return page.to_specification().to_jsonable()

    app.mount("/asyncapi", make_asyncapi_asgi(page))


def _heard(app: FastAPI) -> dict[str, list[type[Event]]]:
    parts: Any = getattr(app.state, "parts", None)
    heard: dict[str, list[type[Event]]] = {}
    for cell in parts.service.settings.cells if parts else ():
        for event in parts.service.inbox.types.values():
            heard.setdefault(Registry.topic(cell, event.service), []).append(event)
    return heard


def _channel(topic: str, events: Iterable[type[Event]]) -> dict[str, Any]:
    messages = {name: _ref("components", "messages", name) for name in sorted(e.wire_name() for e in events)}
    return {"address": topic, "messages": messages, "bindings": {"kafka": {"topic": topic}}}


def _operation(action: str, topic: str, events: Iterable[type[Event]]) -> dict[str, Any]:
    messages = [_ref("channels", topic, "messages", name) for name in sorted(e.wire_name() for e in events)]
    return {"action": action, "channel": _ref("channels", topic), "messages": messages}


def _components(events: Iterable[type[Event]]) -> dict[str, Any]:
    ordered = sorted(events, key=lambda event: event.wire_name())
    payloads, schemas = models_json_schema(
        [(event, "validation") for event in ordered], ref_template="#/components/schemas/{model}"
    )
    headers = {
        "type": "object",
        "properties": HEADERS,
        "required": [name for name in HEADERS if name not in _SOMETIMES],
    }
    messages = {event.wire_name(): _message(event, payloads[event, "validation"]) for event in ordered}
    return {"messages": messages, "schemas": {"Headers": headers, **schemas.get("$defs", {})}}


def _message(event: type[Event], payload: dict[str, Any]) -> dict[str, Any]:
    own = {"ce_type": {"const": event.type()}}
    return {
        "name": event.type(),
        "title": event.wire_name(),
        "description": inspect.getdoc(event),
        "contentType": "application/json",
        "headers": {"type": "object", "allOf": [_ref("components", "schemas", "Headers")], "properties": own},
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "payload": payload,
    }


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "/".join(("#", *path))}
