"""Who gets what on each route about one employee or unit: outside one's relation to them they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from personnel.commands import dossiers

Bearer = Callable[..., dict[str, str]]

RELATIONS = ["own unit's HR", "other unit's HR", "superior", "employee", "stranger"]
TABLE = """
GET  /v1/employees/{employee_id}             200 404 200 200 404
GET  /v1/employees/{employee_id}/profile     200 404 200 200 404
PUT  /v1/employees/{employee_id}             200 404 403 403 403
POST /v1/employees/{employee_id}/promotions  201 404 403 403 403
POST /v1/employees/{employee_id}/transfers   201 404 403 403 403
GET  /v1/employees/{employee_id}/promotion-eligibility               200 404 200 200 404
POST /v1/employees/{employee_id}/promotion-proposals                 201 404 403 403 403
PUT  /v1/employees/{employee_id}/education                           200 404 403 403 403
PUT  /v1/employees/{employee_id}/prior-credit                        422 404 403 403 403
PUT  /v1/employees/{employee_id}/prior-predikat/{year}               200 404 403 403 403
GET  /v1/employees/{employee_id}/discipline                          200 404 200 200 404
POST /v1/employees/{employee_id}/discipline                          201 404 403 403 403
POST /v1/employees/{employee_id}/discipline/{measure_id}/lifting     201 404 403 403 403
PUT  /v1/employees/{employee_id}/contract                            422 404 403 403 403
POST /v1/employees/{employee_id}/contract-renewals                   422 404 403 403 403
POST /v1/employees/{employee_id}/separation  201 404 403 403 403
PUT  /v1/employees/{employee_id}/supervisor  200 404 403 403 403
PUT  /v1/employees/{employee_id}/talent/{year} 409 404 403 403 403
GET  /v1/employees/{employee_id}/talent      200 404 403 200 403
GET  /v1/employees/{employee_id}/career-path 200 404 200 200 404
PUT  /v1/employees/{employee_id}/disability  200 404 403 403 403
GET  /v1/employees/{employee_id}/disability  200 404 403 200 403
GET  /v1/units/{unit_id}                     200 404 403 403 403
PUT  /v1/units/{unit_id}                     200 404 403 403 403
POST /v1/units/{unit_id}/closing             201 404 403 403 403
"""
ROWS = [
    (method, path, [int(s) for s in statuses]) for method, path, *statuses in map(str.split, TABLE.split("\n")[1:-1])
]
UNSAID = {"promotion-proposals", "education", "prior-credit", "contract", "contract-renewals", "{year}", "disability"}
"""What is no other service's business, or not for Rani, who is a PNS in no functional post."""
FEBRUARY = date(2026, 2, 2)
HELD = {"effective_on": "2026-03-01"}


@pytest.fixture
async def cast(office: Any, bearer: Bearer) -> dict[str, Any]:
    """Rani in Plaju under its camat, an empty unit below it, Ilir beside it; and how each of them comes in."""
    root = await office.unit("16.71")
    plaju, ilir = await office.unit("plaju", root), await office.unit("ilir", root)
    camat, lurah = await office.employee(plaju, "Camat Plaju"), await office.employee(ilir, "Lurah Ilir")
    plaju = await office.lead(plaju, camat)
    await office.lead(ilir, lurah)
    rani = await office.employee(plaju)
    rani = await dossiers.impose_discipline(
        office.work, office.scope, rani.id, level="ringan", decree_number="800/0", on=FEBRUARY, until=FEBRUARY
    )
    return {
        "rani": rani, "lurah": lurah, "plaju": plaju, "ilir": ilir, "empty": await office.unit("kosong", plaju),
        "own unit's HR": bearer("hr", None, ("/16.71/plaju",)), "other unit's HR": bearer("hr", None, ("/16.71/ilir",)),
        "superior": bearer("supervisor", camat.id), "employee": bearer("employee", rani.id),
        "stranger": bearer("supervisor", lurah.id),
    }  # fmt: skip


def body_of(route: str, cast: dict[str, Any]) -> dict[str, Any] | None:
    """What the route asks for, so that nothing but the caller's relation can be wrong."""
    known = {"name": "Rani Contoh Baru", "nip": cast["rani"].nip, "golongan": "III/b", "jabatan": "Penelaah"}
    bodies: dict[str, dict[str, Any]] = {
        "PUT /v1/employees/{employee_id}": HELD | known | {"jabatan_kind": "pelaksana"},
        "promotions": HELD | {"golongan": "III/c", "decree_number": "823/1", "promotion_kind": "101"},
        "promotion-proposals": HELD | {"promotion_kind": "101"},
        "education": {"education": "S1"},
        "prior-credit": {
            "jenjang": "MU",
            "golongan": "III/b",
            "in_jenjang": "180",
            "in_rank": "60",
            "counted_until": "2025-12-31",
            "pak_number": "PAK/1",
            "pak_date": "2026-01-15",
            "reason": "Pindahan",
        },
        "PUT /v1/employees/{employee_id}/prior-predikat/{year}": {
            "predikat": 2,
            "document_number": "SKP/2025",
            "document_date": "2026-01-15",
            "reason": "Pindahan",
        },
        "discipline": HELD | {"level": "ringan", "decree_number": "800/1", "ends_on": "2026-06-01"},
        "lifting": HELD | {"reason": "Banding diterima"},
        "contract": {"starts_on": "2026-03-01", "ends_on": "2027-02-28", "number": "PK/1"},
        "contract-renewals": {"ends_on": "2028-02-28", "number": "PK/2"},
        "transfers": HELD | {"unit_id": cast["empty"].id},
        "separation": HELD | {"reason": "resigned"},
        "supervisor": HELD | {"supervisor_id": cast["lurah"].id},
        "{year}": {"potential": "80", "source": "Penilaian kompetensi"},
        "disability": {"disability": False, "source": "Pernyataan pegawai"},
        "PUT /v1/units/{unit_id}": {"name": "Subbagian Umum", "leader_id": None},
    }
    return bodies.get(route) or bodies.get(route.rpartition("/")[2])


def test_every_route_about_an_employee_or_a_unit_stands_in_the_table(app: FastAPI) -> None:
    paths = {
        path: methods
        for path, methods in app.openapi()["paths"].items()
        if "{employee_id}" in path or "{unit_id}" in path
    }
    assert {(m.upper(), path) for path, methods in paths.items() for m in methods} == {row[:2] for row in ROWS}


@pytest.mark.parametrize(("method", "path", "statuses"), ROWS, ids=[" ".join(row[:2]) for row in ROWS])
async def test_whoever_has_no_business_with_somebody_neither_sees_nor_changes_them(
    http: httpx.AsyncClient, office: Any, cast: dict[str, Any], method: str, path: str, statuses: list[int]
) -> None:
    measure_id = cast["rani"].dossier.measures[0].id
    address = path.format(employee_id=cast["rani"].id, unit_id=cast["empty"].id, measure_id=measure_id, year=2025)
    body = body_of(f"{method} {path}", cast)
    said = await office.said()
    # those who are refused come first, and leave everything as it is for those who are not
    for relation, status in sorted(zip(RELATIONS, statuses, strict=True), key=lambda expected: -expected[1]):
        answer = await http.request(method, address, json=body, headers=cast[relation])
        assert answer.status_code == status, f"{relation}: {answer.text}"
        if status == httpx.codes.NOT_FOUND:
            assert answer.json()["type"] == "urn:kinara:problem:not-found"
        assert answer.is_success or await office.said() == said, relation
    assert (await office.said() == said) == (method == "GET" or path.rpartition("/")[2] in UNSAID)


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("POST", "/v1/employees", "unit_id"),
        ("POST", "/v1/employees/{rani}/transfers", "unit_id"),
        ("POST", "/v1/units", "parent_id"),
        ("PUT", "/v1/units/{empty}", "parent_id"),
    ],
)
async def test_nothing_is_placed_in_a_unit_of_others(
    http: httpx.AsyncClient, office: Any, cast: dict[str, Any], method: str, path: str, field: str
) -> None:
    profile = {"nip": "198609262015051001", "golongan": "III/b", "jabatan": "Penelaah", "jabatan_kind": "pelaksana"}
    bodies = {
        "POST /v1/employees": HELD | profile | {"name": "Budi Contoh"},
        "POST /v1/employees/{rani}/transfers": HELD,
        "POST /v1/units": {"name": "Umum", "code": "umum", "province": "16"},
        "PUT /v1/units/{empty}": {"name": "Umum", "leader_id": None},
    }
    body = bodies[f"{method} {path}"] | {field: cast["ilir"].id}
    address = path.format(rani=cast["rani"].id, empty=cast["empty"].id)
    said = await office.said()
    answer = await http.request(method, address, json=body, headers=cast["own unit's HR"])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await office.said() == said
