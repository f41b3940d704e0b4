"""A predikat from before Kinara through the public door: recorded, corrected, shown, and counted for the promotion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AppraisalConfirmed, Predikat
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.testing import Deliverer

Bearer = Callable[..., dict[str, str]]
TODAY = day_of(utc_now(), "16")
TMT = TODAY.replace(day=1)
YEARS = (TMT.year - 2, TMT.year - 1)


@pytest.fixture
async def rani(office: Any) -> Any:
    return await office.employee(await office.unit("16.71"))


async def keep(
    http: httpx.AsyncClient, rani: Any, headers: dict[str, str], year: int = YEARS[0], **change: Any
) -> httpx.Response:
    body = {
        "predikat": 2, "document_number": f"SKP/{year}", "document_date": f"{year}-12-31", "reason": "Pindahan",
    }  # fmt: skip
    return await http.put(f"/v1/employees/{rani.id}/prior-predikat/{year}", json=body | change, headers=headers)


async def found(http: httpx.AsyncClient, rani: Any, headers: dict[str, str]) -> str:
    path = f"/v1/employees/{rani.id}/promotion-eligibility"
    answer = (await http.get(path, params={"on": TMT.isoformat()}, headers=headers)).json()
    return {one["rule"]: one["result"] for one in answer["findings"]}["predikat"]


async def test_two_years_count_at_once_are_corrected_and_give_way_to_what_is_appraised_here(
    http: httpx.AsyncClient, rani: Any, bearer: Bearer, deliver: Deliverer
) -> None:
    hr = bearer("hr")
    assert await found(http, rani, hr) == "unknown"
    for year in YEARS:
        kept = await keep(http, rani, hr, year)
        assert kept.status_code == 200, kept.text
    assert await found(http, rani, hr) == "met"
    corrected = await keep(http, rani, hr, predikat=4, reason="Salah baca dokumen")
    assert [(one["year"], one["predikat"], one["reason"]) for one in corrected.json()] == [
        (YEARS[0], 2, "Pindahan"), (YEARS[1], 2, "Pindahan"), (YEARS[0], 4, "Salah baca dokumen"),
    ]  # fmt: skip
    assert await found(http, rani, hr) == "not_met"
    profile = (await http.get(f"/v1/employees/{rani.id}/profile", headers=bearer("employee", rani.id, ()))).json()
    assert profile["prior_predikats"] == corrected.json()

    confirmed = AppraisalConfirmed(
        province=Province(code="16"), unit_path="/16.71", employee_id=rani.id, period=str(YEARS[0]),
        proposed=Predikat.BAIK, confirmed=Predikat.BAIK, confirmed_by=new_id(),
        confirmed_at=datetime(2026, 1, 20, 3, tzinfo=UTC),
    )  # fmt: skip
    await deliver(confirmed)
    assert await found(http, rani, hr) == "met", "what is appraised here holds"
    late = await keep(http, rani, hr, predikat=1)
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "year")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"predikat": 6}, "predikat"),
        ({"reason": "x"}, "reason"),
        ({"document_number": ""}, "document_number"),
        ({"document_date": "2001-01-01"}, "document_date"),
        ({"year": TODAY.year, "document_date": TODAY.isoformat()}, "year"),
        ({"year": 1900}, "year"),
    ],
)
async def test_what_no_document_can_state_is_refused_with_its_field(
    http: httpx.AsyncClient, rani: Any, bearer: Bearer, change: dict[str, Any], field: str
) -> None:
    answer = await keep(http, rani, bearer("hr"), **change)
    assert (answer.status_code, answer.json()["errors"][0]["field"].rpartition(".")[2]) == (422, field), answer.text


async def test_only_the_office_of_the_employee_records_it_and_nobody_for_themselves(
    http: httpx.AsyncClient, rani: Any, bearer: Bearer
) -> None:
    assert (await keep(http, rani, bearer("supervisor", new_id(), ()))).status_code == 403
    assert (await keep(http, rani, bearer("hr", None, ("/17",)))).status_code == 404
    own = await keep(http, rani, bearer("hr", rani.id))
    assert (own.status_code, own.json()["type"].rpartition(":")[2]) == (403, "own-matter")
