"""The AsyncAPI page of a service, generated from the contracts: what it says, and what it hears."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from fastapi import FastAPI
from faststream.asgi import make_asyncapi_asgi
from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from kinara.contracts import Event, events_said_by


def describe(broker: KafkaBroker, service: str, topics: Mapping[str, tuple[type[Event], ...]]) -> AsyncAPI:
    """The specification of ``broker``'s subscribers and of the topics that the service speaks on."""
    for topic, events in topics.items():
        said = ", ".join(e.__name__ for e in events)
        broker.publisher(topic, schema=reduce(or_, events), title=f"{topic}:says", description=f"Says {said}.")
    return AsyncAPI(
        broker,
        title=f"Kinara: {service}",
        version="1",
        description="CloudEvents 1.0 in binary mode; key = id of the employee or unit; order per key.",
    )


def install(app: FastAPI, broker: KafkaBroker, service: str, topics: list[str]) -> None:
    """Serve the page at ``/asyncapi`` and the document at ``/asyncapi.json``."""
    spec = describe(broker, service, {topic: events_said_by(service) for topic in topics})

    @app.get("/asyncapi.json", include_in_schema=False)
    async def document() -> Any:
        return spec.to_specification().to_jsonable()

    app.mount("/asyncapi", make_asyncapi_asgi(spec))
