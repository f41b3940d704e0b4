"""An officer of BKPSDM who is an employee too decides nothing about themselves, whatever their token opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from kinara.kit.ids import new_id

Bearer = Callable[..., dict[str, str]]
TODAY = date.today().isoformat()  # noqa: DTZ011  # any day that is over in every zone of the country will do
BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a diploma": ("PUT", "education", {"education": "S1"}),
    "a measure lifted": ("POST", "discipline/{measure}/lifting", {"reason": "Banding", "effective_on": "2026-06-01"}),
    "a contract": ("PUT", "contract", {"starts_on": "2025-03-01", "ends_on": "2027-01-31", "number": "PK/1"}),
    "a potential": ("PUT", "talent/2025", {"potential": "85", "source": "Penilaian kompetensi"}),
}


@pytest.fixture
async def rani(office: Any) -> Any:
    plaju = await office.unit("plaju", await office.unit("16.71"))
    return await office.employee(await office.lead(plaju, await office.employee(plaju, "Camat Plaju")))


@pytest.mark.parametrize(("method", "path", "body"), BODIES.values(), ids=BODIES.keys())
async def test_what_an_office_records_of_people_nobody_records_of_themselves(
    http: httpx.AsyncClient, bearer: Bearer, office: Any, rani: Any, method: str, path: str, body: dict[str, Any]
) -> None:
    address = f"/v1/employees/{rani.id}/{path.format(measure=new_id())}"
    own = bearer("hr", rani.id)
    before = await office.now(rani)
    answer = await http.request(method, address, json=body, headers=own)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "own-matter"), answer.text
    assert await office.now(rani) == before
    another = await http.request(method, address, json=body, headers=bearer("hr", new_id()))
    assert another.status_code != 403


async def test_a_promotion_is_not_approved_by_whom_it_promotes(
    http: httpx.AsyncClient, bearer: Bearer, office: Any, rani: Any
) -> None:
    wished = {"effective_on": f"{TODAY[:8]}01", "promotion_kind": "101"}
    path = f"/v1/employees/{rani.id}/promotion-proposals"
    proposed = await http.post(path, json=wished, headers=bearer("hr"))
    assert proposed.status_code == 201, proposed.text
    decree = {"decree_number": "823/1/2026", "reason": "Berkas lengkap"}
    approval = f"/v1/promotion-proposals/{proposed.json()['proposal_id']}/approval"
    answer = await http.post(approval, json=decree, headers=bearer("hr", rani.id))
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "own-matter"), answer.text
    assert "EmployeePromoted" not in await office.said(about=rani.id)
