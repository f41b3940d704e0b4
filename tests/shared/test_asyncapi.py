"""The AsyncAPI page of a service: generated from the contracts, for people and for tools."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import jsonschema_rs
import pytest
import toy
from fastapi import FastAPI
from kinara.contracts import events_said_by
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit import outbox
from kinara.kit.app import build
from kinara.kit.ids import new_id, utc_now
from kinara.kit.work import Cause
from running import REGISTRY
from toy_door import service, settings

SAYS = "asn.uji.appraisal.v1"


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    """The toy in its lifespan, where it has its subscribers; servers are not needed for a page."""
    given = settings(
        tmp_path_factory.mktemp("page"),
        kafka="kafka://127.0.0.1:1",
        mongo="mongodb://127.0.0.1:1/?directConnection=true",
    )
    app = build(service(given))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="module")
async def client(running: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(running), base_url="http://kinara") as client:
        yield client


@pytest.fixture(scope="module")
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/asyncapi.json")
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


def at(document: dict[str, Any], reference: dict[str, str]) -> Any:
    """What a reference of the document refers to."""
    found: Any = document
    for step in reference["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def travels(document: dict[str, Any], action: str) -> dict[str, set[str]]:
    """The types of what is sent or received, by topic, as a reader finds them by following the references."""
    found = {}
    for operation in document["operations"].values():
        if operation["action"] == action:
            messages = [at(document, at(document, message)) for message in operation["messages"]]
            types = {message["headers"]["properties"]["ce_type"]["const"] for message in messages}
            found[at(document, operation["channel"])["address"]] = types
    return found


def test_the_document_names_the_topic_that_the_service_speaks_on(document: dict[str, Any]) -> None:
    assert document["asyncapi"].startswith("3.")
    assert document["info"]["title"] == "Kinara: appraisal"
    assert travels(document, "send") == {SAYS: {event.type() for event in events_said_by("appraisal")}}


def test_the_document_names_what_each_subscriber_hears(document: dict[str, Any], running: FastAPI) -> None:
    heard = travels(document, "receive")
    (subscriber,) = running.state.parts.broker.subscribers
    assert set(heard) == set(subscriber.topic_names)
    assert {type_ for types in heard.values() for type_ in types} == set(toy.inbox.types)
    assert all(type_.split(".")[2] == topic.split(".")[-2] for topic, types in heard.items() for type_ in types)


def test_every_fact_that_is_said_or_heard_has_its_schema(document: dict[str, Any]) -> None:
    payloads = {message["name"]: message["payload"] for message in document["components"]["messages"].values()}
    for event in {*events_said_by("appraisal"), *toy.inbox.types.values()}:
        fields = at(document, payloads.pop(event.type()))["properties"]
        assert fields.keys() == event.model_fields.keys()
        assert all("type" in f or "$ref" in f or "anyOf" in f or "enum" in f or "const" in f for f in fields.values())
    assert payloads == {}


def test_the_headers_described_are_those_that_are_sent(document: dict[str, Any]) -> None:
    cause = Cause("journey-42", causation=new_id(), traceparent=f"00-{'a' * 32}-{'b' * 16}-01")
    row = outbox.row(toy.reported(new_id()), id_=new_id(), version=7, at=utc_now(), cause=cause)
    (sent,) = outbox.messages({"rows": [row]}, "appraisal", REGISTRY)
    headers = {name: value.decode() for name, value in sent.headers if value is not None}

    described = document["components"]["messages"]["ProgressReported.v1"]
    shape = {**described["headers"], "components": document["components"]}
    assert headers.keys() == document["components"]["schemas"]["Headers"]["properties"].keys()
    jsonschema_rs.validate(shape, headers)
    assert not jsonschema_rs.is_valid(shape, headers | {"ce_type": "id.kinara.appraisal.ScoreUpdated.v1"})
    correlation = described["correlationId"]["location"].removeprefix("$message.header#/")
    assert headers[correlation] == "journey-42"


async def test_there_is_a_page_for_people(client: httpx.AsyncClient) -> None:
    for address in ("/asyncapi/", "/docs"):
        page = await client.get(address)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
    assert FeedbackReceived.type() in (await client.get("/asyncapi/")).text
