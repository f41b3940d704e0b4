"""Employees through the public door: kept by BKPSDM, read by those whose business they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from kinara.kit.identity import Role
from kinara.kit.ids import new_id

Bearer = Callable[..., dict[str, str]]
NIP = "198609262015051001"


def registration(unit_id: str, **change: Any) -> dict[str, Any]:
    return {
        "nip": NIP,
        "name": "Rizki Saputra",
        "golongan": "III/c",
        "jabatan": "Pranata Komputer Ahli Muda",
        "jabatan_kind": "fungsional",
        "jenjang": "MU",
        "unit_id": unit_id,
        "effective_on": "2026-01-05",
    } | change


def profile(**change: Any) -> dict[str, Any]:
    return {k: v for k, v in registration("").items() if k != "unit_id"} | change


def field_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["errors"][0]["field"])


@pytest.fixture
async def plaju(office: Any) -> Any:
    """Two units below Palembang, each with a leader who is registered there."""
    root = await office.unit("16.71")
    plaju = await office.unit("plaju", root)
    camat = await office.employee(plaju, "Camat Plaju")
    return await office.lead(plaju, camat)


async def test_a_registered_employee_is_announced_and_read_with_an_etag(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    answer = await http.post("/v1/employees", json=registration(plaju.id), headers=bearer("hr"))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["kind"], made["sex"], made["birth_date"]) == ("PNS", "M", "1986-09-26")
    assert (made["unit_path"], made["supervisor_id"], made["pangkat"]) == ("/16.71/plaju", plaju.leader_id, "Penata")
    assert await office.said(about=made["id"]) == ["EmployeeRegistered"]
    read = await http.get(f"/v1/employees/{made['id']}", headers=bearer("hr"))
    assert read.headers["etag"] == '"1"'
    assert read.json() == made


async def test_every_change_says_what_happened(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    hr = bearer("hr")
    made = (await http.post("/v1/employees", json=registration(plaju.id), headers=hr)).json()
    address = f"/v1/employees/{made['id']}"
    seberang = await office.unit("seberang", await office.parent(plaju))
    steps: list[tuple[str, str, dict[str, Any], str]] = [
        ("PUT", "", profile(name="Rizki Saputra Wijaya", effective_on="2026-02-01"), "EmployeeChanged"),
        (
            "POST", "/promotions",
            {"golongan": "III/d", "effective_on": "2026-04-01", "decree_number": "823/1", "promotion_kind": "101"},
            "EmployeePromoted",
        ),
        ("POST", "/transfers", {"unit_id": seberang.id, "effective_on": "2026-05-01"}, "EmployeeTransferred"),
        ("PUT", "/supervisor", {"supervisor_id": plaju.leader_id, "effective_on": "2026-06-01"}, "EmployeeChanged"),
        ("POST", "/separation", {"reason": "retired", "effective_on": "2026-07-01"}, "EmployeeSeparated"),
    ]  # fmt: skip
    for method, path, body, fact in steps:
        answer = await http.request(method, address + path, json=body, headers=hr)
        assert answer.status_code in (200, 201), answer.text
        assert (await office.said(about=made["id"]))[-1] == fact
    now = (await http.get(address, headers=hr)).json()
    assert (now["name"], now["golongan"], now["status"]) == ("Rizki Saputra Wijaya", "III/d", "separated")
    assert now["separation"] == {"reason": "retired", "on": "2026-07-01"}
    assert [(rank["golongan"], rank["decree_number"]) for rank in now["ranks"]] == [("III/d", "823/1")]
    again = await http.post(f"{address}/separation", json=steps[-1][2], headers=hr)
    assert (again.status_code, field_of(again)) == (409, "employee_id")


async def test_unit_and_superior_are_read_as_of_a_day(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    other = await office.unit("ilir", await office.parent(plaju))
    rani = await office.employee(plaju)
    moved = {"unit_id": other.id, "effective_on": "2026-05-01"}
    assert (await http.post(f"/v1/employees/{rani.id}/transfers", json=moved, headers=bearer("hr"))).is_success

    async def on(day: str) -> tuple[str | None, str | None]:
        found = (await http.get(f"/v1/employees/{rani.id}", params={"on": day}, headers=bearer("hr"))).json()
        return found["unit_path"], found["supervisor_id"]

    assert await on("2025-12-31") == (None, None)
    assert await on("2026-04-30") == ("/16.71/plaju", plaju.leader_id)
    assert await on("2026-05-01") == ("/16.71/ilir", None)
    listed = await http.get("/v1/employees", params={"on": "2026-04-30", "name": "rani"}, headers=bearer("hr"))
    assert [e["unit_path"] for e in listed.json()["items"]] == ["/16.71/plaju"]


async def test_a_superior_who_was_named_stays_until_the_tree_is_asked_again(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    rani, budi = await office.employee(plaju), await office.employee(plaju, "Budi Contoh")
    address = f"/v1/employees/{rani.id}/supervisor"
    named = {"supervisor_id": budi.id, "effective_on": "2026-03-01"}
    assert (await http.put(address, json=named, headers=bearer("hr"))).json()["supervisor_id"] == budi.id
    await office.lead(plaju, await office.employee(plaju, "Camat Baru"))
    assert (await office.now(rani)).supervisor_id == budi.id
    back = {"supervisor_id": None, "effective_on": "2026-04-01"}
    leader = (await http.get(f"/v1/units/{plaju.id}", headers=bearer("hr"))).json()["leader_id"]
    assert (await http.put(address, json=back, headers=bearer("hr"))).json()["supervisor_id"] == leader


async def test_a_change_of_what_somebody_else_has_changed_meanwhile_is_refused(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    rani = await office.employee(plaju)
    address = f"/v1/employees/{rani.id}"
    seen = (await http.get(address, headers=bearer("hr"))).headers["etag"]
    body = profile(nip=rani.nip, name="Rani Contoh Baru", golongan=rani.golongan, effective_on="2026-02-01")
    first = await http.put(address, json=body, headers=bearer("hr") | {"If-Match": seen})
    assert first.status_code == 200
    stale = await http.put(address, json=body | {"name": "Rani"}, headers=bearer("hr") | {"If-Match": seen})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:kinara:problem:stale")
    assert (await office.now(rani)).name == "Rani Contoh Baru"
    without = await http.put(address, json=body | {"name": "Rani"}, headers=bearer("hr"))
    assert without.status_code == 200


async def test_the_same_registration_sent_twice_registers_once(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    headers = bearer("hr") | {"Idempotency-Key": new_id()}
    answers = [await http.post("/v1/employees", json=registration(plaju.id), headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    other = await http.post("/v1/employees", json=registration(plaju.id), headers=bearer("hr"))
    assert (other.status_code, field_of(other)) == (409, "nip")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nip": "198613262015051001"}, "nip"),
        ({"nip": "123"}, "body.nip"),
        ({"golongan": "V/a"}, "golongan"),
        ({"name": "R2D2"}, "name"),
        ({"name": ""}, "body.name"),
        ({"birth_date": "1950-01-01"}, "birth_date"),
        ({"jenjang": "MU", "jabatan_kind": "pelaksana"}, "jenjang"),
        ({"jabatan_kind": "raja"}, "body.jabatan_kind"),
        ({"effective_on": "5 Januari"}, "body.effective_on"),
        ({"unit_id": "01900000-0000-7000-8000-000000000000"}, "unit_id"),
        ({"nik": "1671000000000000"}, "body.nik"),
        ({"nip": {"$gt": ""}}, "body.nip"),
    ],
    ids=str,
)
async def test_bad_input_is_answered_with_its_field_and_leaves_nothing(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer, change: dict[str, Any], field: str
) -> None:
    said = await office.said()
    answer = await http.post("/v1/employees", json=registration(plaju.id) | change, headers=bearer("hr"))
    assert (answer.status_code, field_of(answer)) == (422, field)
    assert await office.said() == said
    found = await http.get("/v1/employees", params={"name": "rizki"}, headers=bearer("hr"))
    assert found.json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("promotions", {"golongan": "III/a", "effective_on": "2026-04-01"}, "golongan"),
        ("transfers", {"unit_id": "same", "effective_on": "2026-04-01"}, "unit_id"),
        ("transfers", {"unit_id": "elsewhere", "effective_on": "2026-04-01"}, "unit_id"),
        ("separation", {"reason": "retired", "effective_on": "2020-01-01"}, "effective_on"),
        ("supervisor", {"supervisor_id": "self", "effective_on": "2026-04-01"}, "supervisor_id"),
        ("supervisor", {"supervisor_id": "nobody", "effective_on": "2026-04-01"}, "supervisor_id"),
    ],
    ids=["lower rank", "same unit", "unit out of scope", "before the posting", "oneself", "nobody"],
)
async def test_what_the_rules_refuse_changes_nothing(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer, path: str, body: dict[str, Any], field: str
) -> None:
    rani = await office.employee(plaju)
    meant = {"same": plaju.id, "elsewhere": new_id(), "self": rani.id, "nobody": new_id()}
    body = {key: meant.get(value, value) for key, value in body.items()}
    if path == "promotions":
        body |= {"decree_number": "823/1", "promotion_kind": "101"}
    method = "PUT" if path == "supervisor" else "POST"
    answer = await http.request(method, f"/v1/employees/{rani.id}/{path}", json=body, headers=bearer("hr"))
    assert (answer.status_code, field_of(answer)) == (422, field)
    assert await office.now(rani) == rani


@pytest.mark.parametrize(
    ("role", "who", "sees"),
    [
        (Role.HR, "/16.71", "full"),
        (Role.HR, "/16.71/ilir", "nothing"),
        (Role.HR, "/16.7", "nothing"),
        (Role.OVERSIGHT, "/16.71", "masked"),
        (Role.SUPERVISOR, "camat", "masked"),
        (Role.SUPERVISOR, "rani", "full"),
        (Role.EMPLOYEE, "rani", "full"),
        (Role.EMPLOYEE, "camat", "nothing"),
    ],
)
async def test_a_nip_is_shown_in_full_to_bkpsdm_and_to_oneself_only(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer, role: Role, who: str, sees: str
) -> None:
    rani = await office.employee(plaju)
    people = {"camat": plaju.leader_id, "rani": rani.id}
    headers = bearer(role, people.get(who), (who,) if who.startswith("/") else ())
    answer = await http.get(f"/v1/employees/{rani.id}", headers=headers)
    listed = (await http.get("/v1/employees", params={"name": "rani"}, headers=headers)).json()["items"]
    by_nip = (await http.get("/v1/employees", params={"nip": rani.nip}, headers=headers)).json()["items"]
    assert (answer.status_code == 404) == (sees == "nothing") == (listed == [])
    assert bool(by_nip) == (sees == "full"), "the number cannot be guessed by asking for it"
    if sees != "nothing":
        masked = f"{rani.nip[:4]}••••••••••{rani.nip[-4:]}"
        assert {answer.json()["nip"], listed[0]["nip"]} == {rani.nip if sees == "full" else masked}
        assert (answer.json()["birth_date"] is None) == (sees == "masked")


async def test_people_are_found_by_the_beginnings_of_their_names_by_nip_and_by_unit(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    root = await office.parent(plaju)
    ilir = await office.unit("ilir", root)
    siti = await office.employee(plaju, "Siti Nur'aini Hasanah")
    await office.employee(ilir, "José Sitorus")
    await office.employee(ilir, "Budi Hasan")

    async def found(**query: Any) -> list[str]:
        answer = await http.get("/v1/employees", params=query, headers=bearer("hr"))
        return [employee["name"] for employee in answer.json()["items"]]

    assert await found(name="sit") == ["José Sitorus", "Siti Nur'aini Hasanah"]
    assert await found(name="hasan") == ["Budi Hasan", "Siti Nur'aini Hasanah"]
    assert await found(name="HASANAH sit") == ["Siti Nur'aini Hasanah"]
    assert await found(name="jose") == ["José Sitorus"]
    assert await found(name="itorus") == []
    assert [await found(name=name) for name in (".*", "^^", "--", "  ", "张三")] == [[], [], [], [], []]
    assert await found(name="-- jose") == ["José Sitorus"]
    assert await found(nip=siti.nip) == ["Siti Nur'aini Hasanah"]
    assert len(await found(nip=siti.nip[:8])) == 4
    assert await found(unit_path="/16.71/ilir") == ["Budi Hasan", "José Sitorus"]
    assert await found(unit_path="/16.71/ili") == []
    assert await found(name="sit", unit_path="/16.71/ilir") == ["José Sitorus"]


async def test_a_list_is_read_to_its_end_page_by_page_in_order_of_names(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    names = sorted(["Ani", "Budi", "Budi", "Budi", "Citra", "Dewi", "Eka"])
    for name in reversed(names):
        await office.employee(plaju, name)
    seen: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = (await http.get("/v1/employees", params={"limit": 2, **after}, headers=bearer("hr"))).json()
        seen += page["items"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert [e["name"] for e in seen] == sorted([*names, "Camat Plaju"])
    assert len({e["id"] for e in seen}) == len(seen)


async def test_those_who_left_are_listed_when_asked_for(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    rani = await office.employee(plaju)
    gone = {"reason": "resigned", "effective_on": "2026-03-01"}
    assert (await http.post(f"/v1/employees/{rani.id}/separation", json=gone, headers=bearer("hr"))).is_success
    counts = {}
    for status in ("active", "separated", "any"):
        answer = await http.get("/v1/employees", params={"status": status}, headers=bearer("hr"))
        counts[status] = len(answer.json()["items"])
    assert counts == {"active": 1, "separated": 1, "any": 2}


async def test_a_unit_is_without_a_leader_when_its_leader_leaves(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    rani = await office.employee(plaju)
    gone = {"reason": "retired", "effective_on": "2026-06-01"}
    left = await http.post(f"/v1/employees/{plaju.leader_id}/separation", json=gone, headers=bearer("hr"))
    assert left.is_success
    unit = (await http.get(f"/v1/units/{plaju.id}", headers=bearer("hr"))).json()
    assert unit["leader_id"] is None
    assert (await office.said(about=plaju.id))[-1] == "UnitChanged"
    await office.follow()
    assert (await office.now(rani)).supervisor_id is None
    assert (await office.said(about=rani.id))[-1] == "EmployeeChanged"
