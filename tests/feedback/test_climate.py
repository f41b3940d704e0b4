"""Climate pulses through the door: one answer by each code, told for the unit and when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from feedback.commands import climate
from feedback.domain import token
from feedback.domain.answering import UNSUR
from feedback.domain.climate import ITEMS
from feedback.domain.refusals import CampaignNotRunning
from feedback.store import ANSWERS, CLIMATE_TALLIES
from kinara.contracts.personnel import EmployeeSeparated
from kinara.contracts.regions import day_of
from kinara.kit.mongo import Database
from kinara.kit.scope import Scope
from kinara.kit.work import Transaction, Work, command

Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def post(http: httpx.AsyncClient, bearer: Bearer) -> Any:
    async def of(path: str, units: tuple[str, ...] = ("/16.71",), **body: Any) -> httpx.Response:
        return await http.post(f"/v1/climate-pulses{path}", json=body, headers=bearer("hr", None, units))

    return of


async def announced(post: Any, unit: str, population: int = 12) -> dict[str, Any]:
    today = day_of(datetime.now(UTC), "16").isoformat()
    answer = await post("", unit_id=unit, name="Iklim kerja", first=today, last=today, population=population)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def answered(http: httpx.AsyncClient, pulse: str, code: str, mark: int = 3) -> httpx.Response:
    body = {"code": code, **dict.fromkeys(ITEMS, mark)}
    return await http.post(f"/v1/climate-pulses/{pulse}/answers", json=body)


async def test_a_unit_hears_its_people_as_a_whole_once_the_pulse_is_over(
    http: httpx.AsyncClient, town: Any, post: Any, bearer: Bearer, prepared: Database
) -> None:
    pulse = (await announced(post, await town.staffed()))["id"]
    codes = (await post(f"/{pulse}/codes", count=12)).json()["codes"]
    answers = await asyncio.gather(*(answered(http, pulse, code, 4) for code in codes[:6]))
    answers += await asyncio.gather(*(answered(http, pulse, code, 2) for code in codes[6:]))
    running = (await http.get(f"/v1/climate-pulses/{pulse}", headers=bearer("oversight"))).json()
    closed = await post(f"/{pulse}/closing")
    told = (await http.get(f"/v1/climate-pulses/{pulse}", headers=bearer("hr"))).json()

    assert {answer.status_code for answer in answers} == {204}
    assert (running["state"], running["means"]) == ("running", None)
    assert (closed.status_code, told["state"]) == (201, "closed")
    assert (told["means"], told["questions"]["c2"]) == (dict.fromkeys(ITEMS, "3.00"), "Arahan pimpinan jelas")
    assert sum(kept["answers"] for kept in await prepared.find(CLIMATE_TALLIES.name, {})) == 12


async def test_a_code_answers_once_and_is_no_code_of_a_survey(
    http: httpx.AsyncClient, town: Any, post: Any, prepared: Database
) -> None:
    unit = await town.staffed()
    pulse, other = (await announced(post, unit))["id"], (await announced(post, unit))["id"]
    (code,) = (await post(f"/{pulse}/codes", count=1)).json()["codes"]

    elsewhere = await answered(http, other, code)
    survey = await http.post("/v1/surveys", json={**dict.fromkeys(UNSUR, 4), "ticket": code})
    answers = await asyncio.gather(*(answered(http, pulse, code) for _ in range(3)))

    assert elsewhere.json()["type"] == survey.json()["type"] == "urn:kinara:problem:token-for-another"
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409]
    assert await prepared[ANSWERS.name].count_documents({}) == 0


async def test_a_pulse_that_is_closed_hears_nobody(http: httpx.AsyncClient, town: Any, post: Any) -> None:
    pulse = (await announced(post, await town.staffed()))["id"]
    used, unused = (await post(f"/{pulse}/codes", count=2)).json()["codes"]
    assert (await answered(http, pulse, used)).status_code == 204
    await post(f"/{pulse}/closing")
    refused = [await answered(http, pulse, code) for code in (used, unused)]
    assert [(one.status_code, one.json()["type"]) for one in refused] == [
        (409, "urn:kinara:problem:campaign-not-running")
    ] * 2, "nobody learns which codes were used"


async def test_an_answer_that_comes_while_the_pulse_is_closed_is_counted_before_or_refused(
    prepared: Database, town: Any
) -> None:
    office, work = Scope(paths=("/16.71",), label="hr"), Work(prepared)
    today = day_of(datetime.now(UTC), "16")
    unit = await town.staffed()
    pulse = await climate.announce(work, office, unit, "Iklim kerja", (today, today), 12)
    batch = await climate.invite(work, office, pulse.id, 1, b"s")
    (code,) = token.codes_of(batch.id, 1, b"s")

    async def body(tx: Transaction) -> None:
        await climate.answer.__wrapped__(tx, pulse.id, code, dict.fromkeys(ITEMS, 3))  # type: ignore[attr-defined]
        if not closed:
            closed.append(await climate.close(work, office, pulse.id))

    closed: list[Any] = []
    with pytest.raises(CampaignNotRunning):
        await command(body)(work)
    assert await prepared[CLIMATE_TALLIES.name].count_documents({}) == 0


async def test_a_small_unit_is_not_asked_whatever_its_office_says(town: Any, post: Any) -> None:
    today = day_of(datetime.now(UTC), "16").isoformat()
    asked = {"name": "Iklim kerja", "first": today, "last": today}
    for staff, declared in ((12, 9), (9, 10)):
        unit = await town.staffed(f"/16.71/unit{staff}", staff)
        refused = await post("", unit_id=unit, population=declared, **asked)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "population")


async def test_no_more_are_asked_than_serve_there_and_below(town: Any, post: Any, deliver: Any) -> None:
    parent = await town.unit("/16.71/dinas")
    await town.staffed("/16.71/dinas/loket", 11)
    gone = await town.officer("/16.71/dinas")
    await town.officer("/16.71/dinasx")
    left = {"employee_id": gone, "reason": "retired", "effective_on": "2026-12-01", "unit_path": "/16.71/dinas"}
    await deliver(EmployeeSeparated.model_validate(left | {"province": {"code": "16"}}))

    assert (await announced(post, parent, 500))["population"] == 11


async def test_outside_its_units_an_office_asks_nobody(
    http: httpx.AsyncClient, town: Any, post: Any, bearer: Bearer
) -> None:
    unit = await town.staffed()
    pulse = await announced(post, unit)
    elsewhere = ("/96.71", "/16.71/plajuh")
    again = {name: pulse[name] for name in ("unit_id", "name", "first", "last", "population")}
    for path, body in (("", again), (f"/{pulse['id']}/codes", {"count": 1}), (f"/{pulse['id']}/closing", {})):
        assert (await post(path, elsewhere, **body)).status_code == 404, path
    address = f"/v1/climate-pulses/{pulse['id']}"
    assert (await http.get(address, headers=bearer("hr", None, elsewhere))).status_code == 404
