"""A PAK from before Kinara through the public door: recorded, corrected, and counted for the promotion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now

Bearer = Callable[..., dict[str, str]]
TODAY = day_of(utc_now(), "16")
PAK: dict[str, Any] = {
    "jenjang": "MU", "golongan": "III/c", "in_jenjang": "180", "in_rank": "100",
    "counted_until": f"{TODAY.year - 1}-12-31", "pak_number": "800/7/PAK", "pak_date": TODAY.isoformat(),
    "reason": "Pindahan dari instansi lain",
}  # fmt: skip


@pytest.fixture
async def nurse(office: Any) -> Any:
    unit = await office.unit("16.71")
    return await office.employee(
        unit, golongan="III/c", golongan_since=date(TODAY.year - 4, 1, 1), jabatan="Perawat Ahli Muda",
        jabatan_kind="fungsional", jenjang="MU", jabatan_since=date(TODAY.year - 6, 1, 1),
    )  # fmt: skip


async def credit_found(http: httpx.AsyncClient, nurse: Any, headers: dict[str, str], **query: str) -> dict[str, Any]:
    path = f"/v1/employees/{nurse.id}/promotion-eligibility"
    answer = (await http.get(path, params=query, headers=headers)).json()
    return {one["rule"]: one for one in answer["findings"]}


async def keep(http: httpx.AsyncClient, nurse: Any, headers: dict[str, str], **change: Any) -> httpx.Response:
    return await http.put(f"/v1/employees/{nurse.id}/prior-credit", json=PAK | change, headers=headers)


async def test_a_pak_counts_at_once_and_a_correction_takes_its_place(
    http: httpx.AsyncClient, nurse: Any, bearer: Bearer
) -> None:
    hr = bearer("hr")
    assert (await credit_found(http, nurse, hr))["angka_kredit"]["result"] == "unknown"
    kept = await keep(http, nurse, hr)
    assert kept.status_code == 200, kept.text
    found = (await credit_found(http, nurse, hr, on=f"{TODAY.year}-12-01"))["angka_kredit"]
    assert (found["result"], "100" in found["why"]) == ("met", True)

    corrected = await keep(http, nurse, hr, in_rank="90.5", reason="Salah baca dokumen")
    assert [one["reason"] for one in corrected.json()] == [PAK["reason"], "Salah baca dokumen"]
    found = (await credit_found(http, nurse, hr, on=f"{TODAY.year}-12-01"))["angka_kredit"]
    assert (found["result"], "9,5" in found["missing"]) == ("not_met", True)

    again = await keep(http, nurse, hr, in_rank="90.5", reason="Salah baca dokumen")
    assert len(again.json()) == 2
    profile = (await http.get(f"/v1/employees/{nurse.id}/profile", headers=bearer("employee", nurse.id, ()))).json()
    assert [(one["in_jenjang"], one["in_rank"], one["pak_number"]) for one in profile["prior_credits"]] == [
        ("180", "100", "800/7/PAK"),
        ("180", "90.5", "800/7/PAK"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"in_rank": "-1"}, "in_rank"), ({"reason": "x"}, "reason"), ({"golongan": "IV/a"}, "golongan")],
)
async def test_what_a_pak_cannot_state_is_refused_with_its_field(
    http: httpx.AsyncClient, nurse: Any, bearer: Bearer, change: dict[str, Any], field: str
) -> None:
    answer = await keep(http, nurse, bearer("hr"), **change)
    assert answer.status_code == 422
    assert field in answer.text


async def test_only_the_office_of_the_employee_records_it_and_nobody_for_themselves(
    http: httpx.AsyncClient, nurse: Any, bearer: Bearer
) -> None:
    assert (await keep(http, nurse, bearer("supervisor", new_id(), ()))).status_code == 403
    assert (await keep(http, nurse, bearer("hr", None, ("/17",)))).status_code == 404
    own = await keep(http, nurse, bearer("hr", nurse.id))
    assert (own.status_code, own.json()["type"].rpartition(":")[2]) == (403, "own-matter")


async def test_eligibility_is_asked_for_a_functional_level(http: httpx.AsyncClient, nurse: Any, bearer: Bearer) -> None:
    hr, on = bearer("hr"), f"{TODAY.year}-12-01"
    await keep(http, nurse, hr)
    assert "jenjang" not in await credit_found(http, nurse, hr, on=on), "not asked for, as ever"
    found = await credit_found(http, nurse, hr, on=on, jenjang="MA")
    assert found["jenjang"]["result"] == "met"
    assert found["angka_kredit"]["result"] == "not_met", "180 of 200 in the level"
    await keep(http, nurse, hr, in_jenjang="200")
    assert (await credit_found(http, nurse, hr, on=on, jenjang="MA"))["angka_kredit"]["result"] == "met"
    assert (await credit_found(http, nurse, hr, on=on, jenjang="UT"))["jenjang"]["result"] == "not_met"
    path = f"/v1/employees/{nurse.id}/promotion-eligibility"
    assert (await http.get(path, params={"jenjang": "XX"}, headers=hr)).status_code == 422
    assert (await http.get(path, params={"jenjang": "MA"}, headers=hr)).json()["jenjang"] == "MA"
