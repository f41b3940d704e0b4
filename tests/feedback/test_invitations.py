"""Invitations through the door: drawn by lot from a unit's tickets, each once, and who has answered is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from feedback.domain.invitation import lot_of
from feedback.store import TICKETS
from kinara.contracts.regions import day_of
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def draw(http: httpx.AsyncClient, bearer: Bearer) -> Any:
    async def of(unit: str, units: tuple[str, ...] = ("/16.71",), role: str = "hr", **asked: Any) -> httpx.Response:
        today = day_of(datetime.now(UTC), "16").isoformat()
        body = {"unit_id": unit, "first": today, "last": today, **asked}
        return await http.post("/v1/invitations/draw", json=body, headers=bearer(role, None, units))

    return of


async def test_citizens_are_drawn_from_the_tickets_of_the_day_each_at_most_once(
    prepared: Database, town: Any, draw: Any
) -> None:
    unit, officer = await town.unit(), await town.officer()
    issued = {(await town.ticket(unit, officer)).code for _ in range(10)}
    await town.ticket(await town.unit("/16.71/ilir"))

    first = await draw(unit, share="0.4")
    second = await draw(unit, role="integrator", count=500)
    none = await draw(unit, count=1)

    assert (first.status_code, second.status_code) == (201, 201)
    codes = [[invited["code"] for invited in answer.json()["invited"]] for answer in (first, second)]
    assert (len(codes[0]), first.json()["pool"], second.json()["pool"]) == (4, 10, 6)
    assert set(codes[0] + codes[1]) == issued
    assert (none.status_code, none.json()["type"]) == (409, "urn:kinara:problem:nothing-to-draw")
    tickets = [kept.state for kept in await Work(prepared).find(TICKETS, SYSTEM, {"unit_id": unit})]
    by_lot = sorted(tickets, key=lambda ticket: lot_of(ticket.id, bytes.fromhex(first.json()["seed"])))
    assert [ticket.code for ticket in by_lot][:4] == codes[0], "who has the seed and the tickets draws the same"


async def test_the_response_rate_of_each_officer_is_shown(
    http: httpx.AsyncClient, town: Any, draw: Any, bearer: Bearer
) -> None:
    unit, rani, budi = await town.unit(), await town.officer(), await town.officer()
    for officer in (rani, rani, budi, None):
        await town.ticket(unit, officer)
    invited = (await draw(unit, count=4)).json()["invited"]
    (asked, _) = [one["code"] for one in invited if one["employee_id"] == rani]
    assert (await http.post("/v1/feedback", json={"rating": 2, "ticket": asked})).status_code == 201
    not_invited = await town.ticket(unit, budi)
    assert (await http.post("/v1/feedback", json={"rating": 4, "ticket": not_invited.code})).status_code == 201

    address, year = f"/v1/units/{unit}/invitations", day_of(datetime.now(UTC), "16").year
    shown = (await http.get(address, params={"period": f"{year}"}, headers=bearer("hr"))).json()

    found = {one["employee_id"]: (one["drawn"], one["answered"], one["rate"]) for one in shown["officers"]}
    assert found == {rani: (2, 1, "0.5000"), budi: (1, 0, "0.0000"), None: (1, 0, "0.0000")}
    past = (await http.get(address, params={"period": "2020"}, headers=bearer("hr"))).json()
    assert past["officers"] == []
    wrong = await http.get(address, params={"period": "kapan"}, headers=bearer("hr"))
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "period")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param({}, "share", id="neither share nor count"),
        pytest.param({"share": "0.5", "count": 1}, "share", id="both"),
        pytest.param({"share": "1.5"}, "body.share", id="more than all"),
        pytest.param({"count": 0}, "body.count", id="none"),
        pytest.param({"count": 1, "first": "2026-01-01", "last": "2026-03-01"}, "first", id="too many days"),
        pytest.param({"count": 1, "last": "2999-01-01"}, "first", id="the future"),
        pytest.param({"count": 1, "first": "kemarin"}, "body.first", id="no day"),
    ],
)
async def test_a_draw_that_cannot_be_names_the_field(town: Any, draw: Any, asked: dict[str, Any], field: str) -> None:
    unit = await town.unit()
    await town.ticket(unit)

    answer = await draw(unit, **asked)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_outside_its_units_an_office_draws_nobody(town: Any, draw: Any) -> None:
    unit = await town.unit()
    await town.ticket(unit)
    assert (await draw(unit, units=("/96.71", "/16.71/plajuh"), count=1)).status_code == 404
