"""Feedback through its public door: receipts and keys, what is shown to whom, and what never leaves the service."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from feedback.domain.answering import UNSUR
from feedback.store import ANSWERS, FEEDBACK
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from structlog.testing import capture_logs

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]

FOURS = dict.fromkeys(UNSUR, 4)


async def give(http: httpx.AsyncClient, **voice: Any) -> dict[str, Any]:
    answer = await http.post("/v1/feedback", json={"rating": 4, **voice})
    assert answer.status_code == 201, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted


def field_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["errors"][0]["field"])


async def test_a_citizen_follows_and_withdraws_their_feedback(http: httpx.AsyncClient, town: Any) -> None:
    accepted = await give(http, employee_id=await town.officer(), rating=2, text="Menunggu lama")
    proof = {"receipt": accepted["receipt"], "key": accepted["key"]}
    assert accepted["receipt"].startswith("FB-")
    assert accepted["trust"] == "0.2"

    tracked = (await http.post("/v1/feedback/track", json=proof)).json()
    assert (tracked["status"], tracked["rating"], tracked["withdrawn_at"]) == ("received", 2, None)
    assert "text" not in tracked

    withdrawn = await http.post("/v1/feedback/withdrawal", json=proof)
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn")
    assert (await http.post("/v1/feedback/track", json=proof)).json()["status"] == "withdrawn"
    again = await http.post("/v1/feedback/withdrawal", json=proof)
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:already-withdrawn")


async def test_without_the_key_a_receipt_opens_nothing(http: httpx.AsyncClient, town: Any) -> None:
    officer_id = await town.officer()
    mine, other = await give(http, employee_id=officer_id), await give(http, employee_id=officer_id)

    for route in ("track", "withdrawal"):
        stolen = {"receipt": mine["receipt"], "key": other["key"]}
        answer = await http.post(f"/v1/feedback/{route}", json=stolen)
        assert (answer.status_code, field_of(answer)) == (403, "key")
        unknown = {"receipt": "FB-2611-K7Q2-M9XD-K", "key": mine["key"]}
        answer = await http.post(f"/v1/feedback/{route}", json=unknown)
        assert (answer.status_code, field_of(answer)) == (404, "receipt")


async def test_the_same_key_gives_the_same_receipt_and_one_vote(
    http: httpx.AsyncClient, prepared: Database, town: Any
) -> None:
    body, key = {"rating": 4, "employee_id": await town.officer()}, {"Idempotency-Key": new_id()}

    answers = await asyncio.gather(*(http.post("/v1/feedback", json=body, headers=key) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({(a.json()["id"], a.json()["receipt"], a.json()["key"]) for a in answers}) == 1
    assert await prepared[FEEDBACK.name].count_documents({}) == 1
    other = await http.post("/v1/feedback", json={**body, "rating": 1}, headers=key)
    assert (other.status_code, field_of(other)) == (422, "header.Idempotency-Key")


async def test_a_repeated_survey_answer_counts_once(http: httpx.AsyncClient, prepared: Database, town: Any) -> None:
    body, key = {**FOURS, "unit_id": await town.unit()}, {"Idempotency-Key": new_id()}

    first, again = [await http.post("/v1/surveys", json=body, headers=key) for _ in range(2)]

    assert (first.status_code, first.json()) == (201, again.json())
    assert await prepared[ANSWERS.name].count_documents({}) == 1


async def test_a_ticket_from_the_counter_gives_one_full_vote(
    http: httpx.AsyncClient, town: Any, bearer: Bearer
) -> None:
    unit_id, officer_id = await town.unit(), await town.officer()
    body = {"unit_id": unit_id, "employee_id": officer_id, "service": "Penerbitan KTP"}
    issued = await http.post("/v1/tickets", json=body, headers=bearer("hr"))
    assert issued.status_code == 201

    answers = await asyncio.gather(
        *(http.post("/v1/feedback", json={"rating": 4, "ticket": issued.json()["code"]}) for _ in range(20))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    (accepted,) = [answer.json() for answer in answers if answer.status_code == 201]
    assert accepted["trust"] == "1.0"
    assert {field_of(answer) for answer in answers if answer.status_code == 409} == {"ticket"}


async def test_a_thousand_requests_with_one_ticket_give_one_vote(
    http: httpx.AsyncClient, prepared: Database, town: Any, said: Said
) -> None:
    officer_id = await town.officer()
    ticket = await town.ticket(await town.unit(), officer_id)
    told, waiting, deadline = Counter[int](), range(1000), time.monotonic() + 120

    async def ask(rating: int) -> httpx.Response:
        return await http.post("/v1/feedback", json={"rating": rating % 4 + 1, "ticket": ticket.code})

    while waiting and time.monotonic() < deadline:  # who is told to come again does
        answers = await asyncio.gather(*(ask(number) for number in waiting))
        told.update(answer.status_code for answer in answers if answer.status_code != 503)
        waiting = range(sum(answer.status_code == 503 for answer in answers))
        assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 503)

    assert (told, len(waiting)) == ({201: 1, 409: 999}, 0)
    assert await prepared[FEEDBACK.name].count_documents({}) == len(await said()) == 1


async def test_words_receipts_and_keys_stay_out_of_facts_and_logs(
    http: httpx.AsyncClient,
    town: Any,
    said: Said,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("kinara.kit.http._log", structlog.get_logger())
    officer_id = await town.officer()
    with capture_logs() as logged, caplog.at_level("INFO"):
        ticket = await town.ticket(await town.unit(), officer_id)
        accepted = await give(http, ticket=ticket.code, text="PETUGAS MEMINTA UANG")
        proof = {"receipt": accepted["receipt"], "key": accepted["key"]}
        await http.post("/v1/feedback/track", json=proof)
        await http.post("/v1/feedback/track", json={**proof, "key": "A" * 27})
        await http.post("/v1/feedback/withdrawal", json=proof)

    assert [line["status"] for line in logged if line["event"] == "request"] == [201, 200, 422, 200]
    rows = await said()
    assert len(rows) == 2
    for secret in ("MEMINTA UANG", accepted["receipt"], accepted["key"], ticket.code):
        assert secret not in str(rows)
        assert secret not in str(logged)
        assert secret not in caplog.text


async def test_the_key_is_shown_once_and_never_to_an_office(http: httpx.AsyncClient, town: Any, bearer: Bearer) -> None:
    accepted = await give(http, employee_id=await town.officer(), text="Terima kasih")

    listed = (await http.get("/v1/feedback", headers=bearer("oversight"))).json()

    assert [item["text"] for item in listed["items"]] == ["Terima kasih"]
    assert accepted["key"] not in str(listed)
    assert "key_hash" not in str(listed)


PUBLIC = None
DRAW = {"first": "2026-11-01", "last": "2026-11-02", "count": 1}
CAMPAIGN = {"unit_id": new_id(), "name": "SKM", "first": "2026-11-01", "last": "2026-11-02", "population": 10}
PULSE = {"code": "A" * 17, **dict.fromkeys(("c1", "c2", "c3", "c4", "c5"), 4)}
FORUM = {"unit_id": new_id(), "title": "Rembuk", "agenda": ["Loket"], "place": "Balai", "held_on": "2026-11-02"}
MINUTES = {"minutes": "Dibuka", "attendance": 3, "answers_due_on": "2026-11-09"}
PROMISE = {"unit_id": new_id(), "promise": "Loket sore dibuka", "due_on": "2026-12-31"}
HANDLERS = {Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT}
HIDE = {"action": "hide", "reason": "Menyebut nama anak"}
NO_RECEIPT = {"receipt": "AD-2611-K7Q2-M9XD-K", "key": "A" * 27}
ROUTES: dict[str, tuple[set[Role] | None, int, Any]] = {
    "POST /v1/tickets": ({Role.HR, Role.INTEGRATOR}, 404, {"unit_id": new_id(), "service": "Penerbitan KTP"}),
    "POST /v1/feedback": (PUBLIC, 422, {"rating": 4, "unit_id": new_id()}),
    "POST /v1/feedback/track": (PUBLIC, 404, {"receipt": "FB-2611-K7Q2-M9XD-K", "key": "A" * 27}),
    "POST /v1/feedback/withdrawal": (PUBLIC, 404, {"receipt": "FB-2611-K7Q2-M9XD-K", "key": "A" * 27}),
    "GET /v1/feedback": ({Role.HR, Role.OVERSIGHT}, 200, None),
    "POST /v1/surveys": (PUBLIC, 422, {**FOURS, "unit_id": new_id()}),
    "GET /v1/units": (PUBLIC, 200, None),
    "GET /v1/units/{unit_id}/officers": (PUBLIC, 200, None),
    "GET /v1/units/{unit_id}/ikm": ({Role.HR, Role.OVERSIGHT}, 404, None),
    "GET /v1/public/units/{unit_id}/ikm": (PUBLIC, 404, None),
    "GET /v1/quarantine": ({Role.OVERSIGHT}, 200, None),
    "GET /v1/quarantine/answers": ({Role.OVERSIGHT}, 200, None),
    "GET /v1/quarantine/complaints": ({Role.OVERSIGHT}, 200, None),
    "POST /v1/quarantine/release": ({Role.OVERSIGHT}, 404, {"burst": "x", "reason": "Wajar"}),
    "POST /v1/quarantine/uphold": ({Role.OVERSIGHT}, 404, {"burst": "x", "reason": "Tidak wajar"}),
    "POST /v1/invitations/draw": ({Role.HR, Role.INTEGRATOR}, 404, DRAW | {"unit_id": new_id()}),
    "GET /v1/units/{unit_id}/invitations": ({Role.HR, Role.OVERSIGHT}, 404, None),
    "POST /v1/campaigns": ({Role.HR}, 404, CAMPAIGN),
    "GET /v1/campaigns": ({Role.HR, Role.OVERSIGHT}, 200, None),
    "GET /v1/campaigns/{id}": ({Role.HR, Role.OVERSIGHT}, 404, None),
    "POST /v1/campaigns/{id}/codes": ({Role.HR}, 404, {"count": 1}),
    "POST /v1/campaigns/{id}/closing": ({Role.HR}, 404, None),
    "GET /v1/public/campaigns/{id}": (PUBLIC, 404, None),
    "POST /v1/forums": ({Role.HR}, 404, FORUM),
    "POST /v1/forums/{id}/codes": ({Role.HR}, 404, {"count": 1}),
    "POST /v1/forums/{id}/proposals": ({Role.HR}, 404, {"words": "Loket sore"}),
    "POST /v1/forums/{id}/minutes": ({Role.HR}, 404, MINUTES),
    "POST /v1/proposals/{id}/answer": ({Role.HR}, 404, {"decision": "accepted", "answer": "Mulai Mei"}),
    "POST /v1/public/forums/{id}/proposals": (PUBLIC, 404, {"words": "Loket sore", "code": "A" * 17}),
    "POST /v1/public/proposals/{id}/support": (PUBLIC, 404, {"code": "A" * 17}),
    "GET /v1/public/forums/{id}": (PUBLIC, 404, None),
    "GET /v1/public/proposals/{id}": (PUBLIC, 404, None),
    "GET /v1/public/units/{unit_id}/forums": (PUBLIC, 404, None),
    "GET /v1/public/units/{unit_id}/overdue-answers": (PUBLIC, 404, None),
    "POST /v1/commitments": ({Role.HR}, 404, PROMISE),
    "POST /v1/commitments/{id}/notes": ({Role.HR}, 404, {"words": "Berjalan"}),
    "POST /v1/commitments/{id}/end": ({Role.HR}, 404, {"outcome": "kept", "reason": "Selesai"}),
    "GET /v1/public/commitments/{id}": (PUBLIC, 404, None),
    "GET /v1/public/units/{unit_id}/commitments": (PUBLIC, 404, None),
    "GET /v1/public/units/{unit_id}": (PUBLIC, 404, None),
    "GET /v1/public/references/{ref}": (PUBLIC, 404, None),
    "POST /v1/climate-pulses": ({Role.HR}, 404, CAMPAIGN),
    "POST /v1/climate-pulses/{id}/codes": ({Role.HR}, 404, {"count": 1}),
    "POST /v1/climate-pulses/{id}/closing": ({Role.HR}, 404, None),
    "POST /v1/climate-pulses/{id}/answers": (PUBLIC, 404, PULSE),
    "GET /v1/climate-pulses/{id}": ({Role.HR, Role.OVERSIGHT}, 404, None),
    "GET /v1/complaints/classes": (PUBLIC, 200, None),
    "POST /v1/complaints": (PUBLIC, 422, {"unit_id": new_id(), "text": "Antre"}),
    "POST /v1/complaints/track": (PUBLIC, 404, NO_RECEIPT),
    "POST /v1/complaints/confirmation": (PUBLIC, 404, NO_RECEIPT),
    "POST /v1/complaints/contest": (PUBLIC, 404, NO_RECEIPT | {"words": "Belum"}),
    "GET /v1/complaints": (HANDLERS, 200, None),
    "GET /v1/complaints/{complaint_id}": (HANDLERS, 404, None),
    "POST /v1/complaints/{complaint_id}/verification": ({Role.HR}, 404, {"sla_class": "normal", "topic": "waktu"}),
    "POST /v1/complaints/{complaint_id}/assignment": ({Role.HR}, 404, {"employee_id": new_id()}),
    "POST /v1/complaints/{complaint_id}/answer": ({Role.EMPLOYEE, Role.HR}, 404, {"outcome": "solved", "words": "Ya"}),
    "GET /v1/units/{unit_id}/complaints": ({Role.HR, Role.OVERSIGHT}, 404, None),
    "GET /v1/public/units/{unit_id}/complaints": (PUBLIC, 404, None),
    "POST /v1/feedback/{feedback_id}/moderation": ({Role.HR, Role.OVERSIGHT}, 404, HIDE),
    "POST /v1/complaints/{complaint_id}/moderation": ({Role.HR, Role.OVERSIGHT}, 404, HIDE),
    "POST /v1/proposals/{proposal_id}/moderation": ({Role.HR, Role.OVERSIGHT}, 404, HIDE),
    "GET /v1/moderations": ({Role.HR, Role.OVERSIGHT}, 200, None),
}
"""Who may call a route, what they get where there is nothing, and a body that it takes."""


def test_every_route_is_listed_here(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    documented = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    documented, listed = (
        {re.sub(r"{\w+}", "{id}", route) for route in routes if "/v1/" in route and "/seals" not in route}
        for routes in (documented, ROUTES)
    )
    assert documented == listed


@pytest.mark.parametrize("route", ROUTES)
async def test_a_route_is_for_its_roles_and_finds_nothing_where_nothing_is(
    http: httpx.AsyncClient, prepared: Database, bearer: Bearer, route: str
) -> None:
    allowed, found, body = ROUTES[route]
    method, _, path = route.partition(" ")
    asked: dict[str, Any] = {"json": body, "params": {"period": "2026"}}
    address = re.sub(r"{\w+}", new_id(), path.replace("{ref}", f"forum:{new_id()}"))

    anonymous = await http.request(method, address, **asked)
    assert anonymous.status_code == (401 if allowed else found)
    for role in Role:
        answer = await http.request(method, address, **asked, headers=bearer(role, new_id()))
        assert answer.status_code == (found if allowed is PUBLIC or role in allowed else 403), role


async def test_outside_its_units_an_office_finds_nothing(http: httpx.AsyncClient, town: Any, bearer: Bearer) -> None:
    unit_id, officer_id = await town.unit("/16.71/plaju"), await town.officer("/16.71/plaju")
    await give(http, employee_id=officer_id)
    elsewhere = bearer("hr", None, ("/96.71", "/16.71/plajuh"))

    assert (await http.get("/v1/feedback", headers=elsewhere)).json()["items"] == []
    ikm = await http.get(f"/v1/units/{unit_id}/ikm", params={"period": "2026"}, headers=elsewhere)
    ticket = await http.post("/v1/tickets", json={"unit_id": unit_id, "service": "KTP"}, headers=elsewhere)
    assert (ikm.status_code, ticket.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"rating": 0}, "body.rating", id="rating too low"),
        pytest.param({"rating": "4"}, "body.rating", id="rating as text"),
        pytest.param({"rating": True}, "body.rating", id="rating as truth"),
        pytest.param({"employee_id": "198609262015051001"}, "body.employee_id", id="a NIP is no identity"),
        pytest.param({"employee_id": {"$ne": None}}, "body.employee_id", id="a query as id"),
        pytest.param({"employee_id": new_id()}, "employee_id", id="unknown officer"),
        pytest.param({"text": "x" * 2001}, "text", id="text too long"),
        pytest.param({"ticket": "K7Q2-M9XD-0"}, "ticket", id="mistyped ticket"),
        pytest.param({"name": "Budi"}, "body.name", id="unknown field"),
    ],
)
async def test_a_voice_that_cannot_be_taken_names_the_field(
    http: httpx.AsyncClient, prepared: Database, town: Any, change: dict[str, Any], field: str
) -> None:
    body = {"rating": 4, "employee_id": await town.officer()} | change

    answer = await http.post("/v1/feedback", json=body)

    assert (answer.status_code, field_of(answer)) == (422, field)
    assert await prepared[FEEDBACK.name].count_documents({}) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"u3": 5}, "body.u3", id="mark too high"),
        pytest.param({"u9": None}, "body.u9", id="unanswered"),
        pytest.param({"unit_id": new_id()}, "unit_id", id="unknown unit"),
    ],
)
async def test_a_survey_answer_that_cannot_be_taken_names_the_field(
    http: httpx.AsyncClient, prepared: Database, town: Any, change: dict[str, Any], field: str
) -> None:
    answer = await http.post("/v1/surveys", json={**FOURS, "unit_id": await town.unit()} | change)

    assert (answer.status_code, field_of(answer)) == (422, field)
    assert await prepared[ANSWERS.name].count_documents({}) == 0


async def test_lists_end_with_a_page_without_next(http: httpx.AsyncClient, town: Any, bearer: Bearer) -> None:
    unit_id = await town.unit()
    officers = [await town.officer() for _ in range(3)]
    for officer_id in officers:
        await give(http, employee_id=officer_id)

    for address, size in [("/v1/units", 1), (f"/v1/units/{unit_id}/officers", 3), ("/v1/feedback", 3)]:
        seen: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await http.get(address, params={"limit": 2, **after}, headers=bearer("hr"))).json()
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert len(seen) == len(set(seen)) == size
