"""A birth date is in the NIP: what a person types must agree with it, and what SIASN says is taken as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from siasn_stub.people import people
from siasn_stub.places import UNITS
from siasn_stub.records import ref_unor

Bearer = Callable[..., dict[str, str]]
CORRECTED = date(1970, 1, 1)


@pytest.fixture
async def imported(feed: Any) -> Any:
    """Somebody of Palembang, whose birth date a court has corrected and whose NIP has kept the old one."""
    units = "".join(json.dumps(ref_unor(unit)) + "\n" for unit in UNITS)
    found = (p for p in people(180, seed=3) if p.flaw is None and p.record["instansiKerjaKodeCepat"] == "16.71")
    record = next(p.record for p in found if p.record["jenisJabatanId"] == "4")
    run = await feed.work_off(await feed.file(json.dumps(record | {"tglLahir": f"{CORRECTED:%d-%m-%Y}"}), units=units))
    assert (run.tally.created, run.tally.rejected) == (1, 0)
    (employee,) = (await feed.people()).values()
    return employee


async def test_whom_siasn_knows_under_another_date_keeps_it_through_other_corrections(
    http: httpx.AsyncClient, office: Any, imported: Any, bearer: Bearer
) -> None:
    address = f"/v1/employees/{imported.id}"
    body = {name: getattr(imported, name) for name in ("nip", "golongan", "jabatan", "jabatan_kind", "jenjang")}
    body |= {"name": "Nama Baru", "effective_on": imported.postings[-1].since.isoformat()}

    async def corrected(birth_date: str) -> httpx.Response:
        return await http.put(address, json=body | {"birth_date": birth_date}, headers=bearer("hr"))

    refused = await corrected("1970-01-02")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "birth_date")
    assert "Perbaiki salah satunya" in refused.json()["errors"][0]["message"]
    assert await office.now(imported) == imported
    kept = await corrected(CORRECTED.isoformat())
    assert (kept.status_code, kept.json()["name"], kept.json()["birth_date"]) == (200, "Nama Baru", "1970-01-01")
    nip = imported.nip
    in_the_nip = await corrected(f"{nip[:4]}-{nip[4:6]}-{nip[6:8]}")
    assert (in_the_nip.status_code, in_the_nip.json()["birth_date"] != "1970-01-01") == (200, True)


async def test_whom_siasn_knows_under_another_date_keeps_it_where_nobody_states_one(
    http: httpx.AsyncClient, office: Any, imported: Any, bearer: Bearer
) -> None:
    body = {name: getattr(imported, name) for name in ("nip", "golongan", "jabatan", "jabatan_kind", "jenjang")}
    body |= {"name": "Nama Baru", "effective_on": imported.postings[-1].since.isoformat()}
    corrected = await http.put(f"/v1/employees/{imported.id}", json=body, headers=bearer("hr"))
    assert (corrected.status_code, corrected.json()["birth_date"]) == (200, CORRECTED.isoformat())
    assert ((await office.now(imported)).birth_date, (await office.now(imported)).name) == (CORRECTED, "Nama Baru")
