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
PROFILE = {
    "nip": "199001012015042001", "name": "Rani Contoh", "golongan": "III/b", "jabatan": "Penelaah",
    "jabatan_kind": "pelaksana", "effective_on": "2026-02-01",
}  # fmt: skip
RANK = {"golongan": "III/c", "effective_on": "2026-04-01", "decree_number": "823/1", "promotion_kind": "101"}
BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a diploma": ("PUT", "education", {"education": "S1"}),
    "a measure lifted": ("POST", "discipline/{measure}/lifting", {"reason": "Banding", "effective_on": "2026-06-01"}),
    "a contract": ("PUT", "contract", {"starts_on": "2025-03-01", "ends_on": "2027-01-31", "number": "PK/1"}),
    "a profile": ("PUT", "", PROFILE),
    "a promotion": ("POST", "promotions", RANK | {"issued_outside": "SK Gubernur"}),
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
    address = f"/v1/employees/{rani.id}/{path.format(measure=new_id())}".rstrip("/")
    own = bearer("hr", rani.id)
    before = await office.now(rani)
    answer = await http.request(method, address, json=body, headers=own)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "own-matter"), answer.text
    assert await office.now(rani) == before
    another = await http.request(method, address, json=body, headers=bearer("hr", new_id()))
    assert another.status_code != 403


DECREE = {"decree_number": "823/1/2026", "reason": "Berkas lengkap"}
DECISIONS = pytest.mark.parametrize(("how", "body"), [("approval", DECREE), ("refusal", {"reason": "Ditunda dahulu"})])


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


@DECISIONS
async def test_a_promotion_is_not_decided_by_whom_it_promotes(
    http: httpx.AsyncClient, bearer: Bearer, office: Any, rani: Any, how: str, body: dict[str, str]
) -> None:
    wished = {"effective_on": f"{TODAY[:8]}01", "promotion_kind": "101"}
    path = f"/v1/employees/{rani.id}/promotion-proposals"
    proposed = await http.post(path, json=wished, headers=bearer("hr"))
    assert proposed.status_code == 201, proposed.text
    decision = f"/v1/promotion-proposals/{proposed.json()['proposal_id']}/{how}"
    assert problem(await http.post(decision, json=body, headers=bearer("hr", rani.id))) == (403, "own-matter")
    assert "EmployeePromoted" not in await office.said(about=rani.id)
    assert (await http.post(decision, json=body, headers=bearer("hr", new_id()))).status_code != 403


@DECISIONS
async def test_a_contract_is_not_decided_by_whose_it_is(
    http: httpx.AsyncClient, bearer: Bearer, office: Any, how: str, body: dict[str, str]
) -> None:
    today = date.fromisoformat(TODAY)
    nip, since = f"19900913{today.year - 1}212014", date(today.year - 1, 3, 1)
    sari = await office.employee(await office.unit("16.71"), "Sari Contoh", since, nip=nip, golongan="IX")
    runs = {"starts_on": f"{today.year - 1}-03-01", "ends_on": f"{today.year + 1}-02-28", "number": "PK/1"}
    kept = await http.put(f"/v1/employees/{sari.id}/contract", json=runs, headers=bearer("hr"))
    assert kept.status_code == 200, kept.text
    wished = {"ends_on": f"{today.year + 2}-02-28", "number": "PK/2"}
    proposed = await http.post(f"/v1/employees/{sari.id}/contract-renewals", json=wished, headers=bearer("hr"))
    assert proposed.status_code == 201, proposed.text
    decision = f"/v1/contract-renewals/{proposed.json()['proposal_id']}/{how}"
    assert problem(await http.post(decision, json=body, headers=bearer("hr", sari.id))) == (403, "own-matter")
    assert (await office.now(sari)).dossier.contract.number == "PK/1"
    decided = await http.post(decision, json=body, headers=bearer("hr", new_id()))
    assert decided.status_code == 201, decided.text
