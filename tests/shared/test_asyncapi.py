"""The AsyncAPI page of a service: generated from the contracts, for people and for tools."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from kinara.contracts import events_said_by

SAYS = "asn.uji.appraisal.v1"


@pytest.fixture
async def document(http: httpx.AsyncClient) -> dict[str, Any]:
    answer = await http.get("/asyncapi.json")
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


async def test_the_document_names_the_topic_that_the_service_speaks_on(document: dict[str, Any]) -> None:
    assert document["asyncapi"].startswith("3.")
    assert document["info"]["title"] == "Kinara: appraisal"
    assert SAYS in {channel["address"] for channel in document["channels"].values()}
    assert {operation["action"] for operation in document["operations"].values()} == {"send"}


async def test_every_fact_that_the_service_says_has_its_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for event in events_said_by("appraisal"):
        fields = schemas[event.__name__]["properties"]
        assert fields.keys() == event.model_fields.keys()
        assert all("type" in f or "$ref" in f or "anyOf" in f or "enum" in f or "const" in f for f in fields.values())


async def test_there_is_a_page_for_people(http: httpx.AsyncClient) -> None:
    for address in ("/asyncapi/", "/docs"):
        page = await http.get(address)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
