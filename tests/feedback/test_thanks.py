"""Thanks to an officer: they come with a rating, under the same guards, and go with it; the words stay here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from feedback.store import FEEDBACK
from kinara.contracts.feedback import FeedbackReceived, FeedbackWithdrawn
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database

Said = Callable[[], Awaitable[list[dict[str, Any]]]]
DEVICE = {"X-Device-Key": "a" * 43}


@pytest.fixture
def thank(http: httpx.AsyncClient) -> Callable[..., Awaitable[httpx.Response]]:
    async def of(headers: dict[str, str] | None = None, **named: Any) -> httpx.Response:
        body = {"rating": 4, "text": "Terima kasih, Bu Rani sabar sekali.", "thanks": True} | named
        return await http.post("/v1/feedback", json=body, headers=(headers or {}) | {"Idempotency-Key": new_id()})

    return of


async def test_thanks_are_told_without_words_and_taken_back_with_the_rating(
    http: httpx.AsyncClient, town: Any, thank: Any, said: Said
) -> None:
    given = await thank(employee_id=(officer := await town.officer()))
    assert given.status_code == 201, given.text
    (row,) = await said()
    fact = FeedbackReceived.model_validate_json(row["data"])
    assert (fact.employee_id, fact.thanked, fact.has_text) == (officer, True, True)
    assert "sabar" not in row["data"]

    receipt = {name: given.json()[name] for name in ("receipt", "key")}
    assert (await http.post("/v1/feedback/withdrawal", json=receipt)).is_success
    withdrawn = FeedbackWithdrawn.model_validate_json((await said())[-1]["data"])
    assert (withdrawn.feedback_id, withdrawn.thanked) == (fact.feedback_id, True)


async def test_a_rating_alone_thanks_nobody(town: Any, thank: Any, said: Said) -> None:
    await thank(employee_id=await town.officer(), thanks=False)
    (row,) = await said()
    assert FeedbackReceived.model_validate_json(row["data"]).thanked is False


async def test_a_ticket_thanks_the_officer_it_names_once(town: Any, thank: Any, said: Said) -> None:
    officer = await town.officer()
    ticket = await town.ticket(await town.unit(), officer)
    assert [(await thank(ticket=ticket.code)).status_code for _ in range(2)] == [201, 409]
    (row,) = await said()
    fact = FeedbackReceived.model_validate_json(row["data"])
    assert (fact.employee_id, fact.thanked) == (officer, True)


async def test_of_one_device_the_last_thanks_count(town: Any, thank: Any, said: Said) -> None:
    officer = await town.officer()
    for _ in range(2):
        assert (await thank(DEVICE, employee_id=officer)).status_code == 201
    facts = [(row["type"].split(".")[3], '"thanked":true' in row["data"]) for row in await said()]
    assert sorted(facts) == [("FeedbackReceived", True), ("FeedbackReceived", True), ("FeedbackWithdrawn", True)]


async def test_thanks_to_a_unit_are_refused_and_nothing_is_kept(
    town: Any, thank: Any, prepared: Database, said: Said
) -> None:
    refused = await thank(unit_id=await town.unit())
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (422, "urn:kinara:problem:thanks-to-nobody")
    assert problem["errors"][0]["field"] == "thanks"
    assert await prepared[FEEDBACK.name].count_documents({}) == 0
    assert await said() == []
