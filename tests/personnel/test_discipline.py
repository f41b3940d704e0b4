"""Discipline through the public door: recorded and lifted by BKPSDM, told, and read by those whose business it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from kinara.contracts.regions import day_of
from kinara.kit.ids import utc_now

Bearer = Callable[..., dict[str, str]]
TODAY = day_of(utc_now(), "16")
RUNS = {
    "level": "sedang", "decree_number": "800/7/2026", "effective_on": (TODAY - timedelta(days=30)).isoformat(),
    "ends_on": (TODAY + timedelta(days=60)).isoformat(),
}  # fmt: skip


@pytest.fixture
async def cast(office: Any) -> dict[str, Any]:
    """Rani in Plaju under its camat."""
    root = await office.unit("16.71")
    plaju = await office.unit("plaju", root)
    camat = await office.employee(plaju, "Camat Plaju")
    plaju = await office.lead(plaju, camat)
    return {"plaju": plaju, "camat": camat, "rani": await office.employee(plaju), "root": root}


def address(cast: dict[str, Any], rest: str = "") -> str:
    return f"/v1/employees/{cast['rani'].id}/discipline{rest}"


async def test_a_measure_is_imposed_told_and_lifted_as_if_it_had_never_been(
    http: httpx.AsyncClient, office: Any, cast: dict[str, Any], bearer: Bearer, said: Any
) -> None:
    hr = bearer("hr")
    imposed = await http.post(address(cast), json=RUNS, headers=hr)
    assert (imposed.status_code, imposed.json()["running"]) == (201, True), imposed.text
    (measure,) = imposed.json()["measures"]
    again = await http.post(address(cast), json=RUNS, headers=hr)
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:measure-known")
    lifting = {"reason": "Banding administratif diterima", "effective_on": TODAY.isoformat()}

    lifted = await http.post(address(cast, f"/{measure['measure_id']}/lifting"), json=lifting, headers=hr)

    assert (lifted.status_code, lifted.json()["running"]) == (201, False), lifted.text
    assert lifted.json()["measures"][0]["lifted_because"] == lifting["reason"]
    facts = await office.said(about=cast["rani"].id)
    assert facts[-2:] == ["DisciplineImposed", "DisciplineLifted"]
    twice = await http.post(address(cast, f"/{measure['measure_id']}/lifting"), json=lifting, headers=hr)
    assert (twice.status_code, await office.said(about=cast["rani"].id)) == (409, facts)


async def test_a_superior_learns_whether_one_runs_and_no_more(
    http: httpx.AsyncClient, cast: dict[str, Any], bearer: Bearer
) -> None:
    await http.post(address(cast), json=RUNS, headers=bearer("hr"))
    seen = {
        who: (await http.get(address(cast), headers=headers)).json()
        for who, headers in {
            "superior": bearer("supervisor", cast["camat"].id, ()), "self": bearer("employee", cast["rani"].id, ()),
            "oversight": bearer("oversight"), "hr": bearer("hr"),
        }.items()
    }  # fmt: skip
    assert (seen["superior"]["running"], seen["superior"]["measures"]) == (True, None)
    assert [len(seen[who]["measures"]) for who in ("self", "oversight", "hr")] == [1, 1, 1]
    stranger = bearer("employee", cast["camat"].id, ())
    assert (await http.get(address(cast), headers=stranger)).status_code == 404
    elsewhere = bearer("hr", None, ("/17",))
    assert (await http.get(address(cast), headers=elsewhere)).status_code == 404


async def test_the_office_lists_its_people_with_measures_by_page(
    http: httpx.AsyncClient, office: Any, cast: dict[str, Any], bearer: Bearer
) -> None:
    hr, budi = bearer("hr"), await office.employee(cast["plaju"], "Budi Contoh")
    over = RUNS | {"effective_on": "2026-03-01", "ends_on": "2026-08-31"}
    await http.post(f"/v1/employees/{budi.id}/discipline", json=over, headers=hr)
    await http.post(address(cast), json=RUNS, headers=hr)
    first = (await http.get("/v1/discipline", params={"limit": 1}, headers=bearer("oversight"))).json()
    rest = (await http.get("/v1/discipline", params={"after": first["next"]}, headers=hr)).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["Budi Contoh", "Rani Contoh"]
    running = await http.get("/v1/discipline", params={"running_on": TODAY.isoformat()}, headers=hr)
    assert [one["employee_id"] for one in running.json()["items"]] == [cast["rani"].id]
    assert (await http.get("/v1/discipline", headers=bearer("hr", None, ("/17",)))).json()["items"] == []
    moved = await office.unit("ilir", cast["root"])
    transfer = {"unit_id": moved.id, "effective_on": "2026-09-01"}
    await http.post(f"/v1/employees/{cast['rani'].id}/transfers", json=transfer, headers=hr)
    followed = await http.get("/v1/discipline", headers=bearer("hr", None, ("/16.71/ilir",)))
    assert [one["name"] for one in followed.json()["items"]] == ["Rani Contoh"], "the record follows the person"
    asked = await http.get("/v1/discipline", params={"after": "anything"}, headers=hr)
    assert asked.status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"effective_on": (TODAY + timedelta(days=2)).isoformat()}, "effective_on"),
        ({"effective_on": "2001-01-01"}, "effective_on"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"level": "berat sekali"}, "body.level"),
        ({"decree_number": ""}, "body.decree_number"),
    ],
)
async def test_bad_input_is_answered_with_its_field(
    http: httpx.AsyncClient, office: Any, cast: dict[str, Any], bearer: Bearer, change: dict[str, str], field: str
) -> None:
    said = await office.said()
    answer = await http.post(address(cast), json=RUNS | change, headers=bearer("hr"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text
    assert await office.said() == said


async def test_one_decree_recorded_twice_at_the_same_moment_is_one_measure(
    http: httpx.AsyncClient, office: Any, cast: dict[str, Any], bearer: Bearer
) -> None:
    answers = await asyncio.gather(*(http.post(address(cast), json=RUNS, headers=bearer("hr")) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert (await office.said(about=cast["rani"].id)).count("DisciplineImposed") == 1
