"""The unit tree through the public door: kept by BKPSDM, followed by everybody who works in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from kinara.contracts.regions import day_of
from kinara.kit.identity import Role
from kinara.kit.ids import new_id, utc_now
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work
from personnel.commands import reorganisations, units
from personnel.domain.following import LONGEST_TRANSACTION
from personnel.store import EMPLOYEES, REORGANISATIONS, UNITS

Bearer = Callable[..., dict[str, str]]


@pytest.fixture
async def tree(office: Any) -> dict[str, Any]:
    """Palembang with Plaju (pelayanan, and ilir below it) and Seberang, and people in each."""
    root = await office.unit("16.71")
    sekda = await office.employee(root, "Sekretaris Daerah")
    await office.lead(root, sekda)
    plaju, seberang = await office.unit("plaju", root), await office.unit("seberang", root)
    camat = await office.employee(plaju, "Camat Plaju")
    await office.lead(plaju, camat)
    pelayanan = await office.unit("pelayanan", plaju)
    ilir = await office.unit("ilir", pelayanan)
    staff = [await office.employee(pelayanan, "Rani Contoh"), await office.employee(ilir, "Budi Contoh")]
    return {
        "root": root, "plaju": plaju, "seberang": seberang, "pelayanan": pelayanan, "ilir": ilir,
        "sekda": sekda, "camat": camat, "rani": staff[0], "budi": staff[1],
    }  # fmt: skip


async def test_the_tree_is_listed_in_order_page_by_page(
    http: httpx.AsyncClient, tree: dict[str, Any], bearer: Bearer
) -> None:
    paths: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await http.get("/v1/units", params={"limit": 2, **after}, headers=bearer("oversight"))).json()
        paths += [unit["unit_path"] for unit in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    below = ["", "/plaju", "/plaju/pelayanan", "/plaju/pelayanan/ilir", "/seberang"]
    assert paths == [f"/16.71{path}" for path in below]
    part = await http.get("/v1/units", params={"path": "/16.71/plaju/pelayanan"}, headers=bearer("hr"))
    assert [unit["depth"] for unit in part.json()["items"]] == [3, 4]


async def test_a_unit_is_created_where_the_scope_reaches(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer
) -> None:
    body = {"code": "umum", "name": "Subbagian Umum", "parent_id": tree["plaju"].id, "province": "16"}
    made = await http.post("/v1/units", json=body, headers=bearer("hr", None, ("/16.71/plaju",)))
    assert (made.status_code, made.json()["unit_path"]) == (201, "/16.71/plaju/umum")
    assert await office.said(about=made.json()["id"]) == ["UnitChanged"]
    outside = await http.post("/v1/units", json=body, headers=bearer("hr", None, ("/16.71/seberang",)))
    assert (outside.status_code, outside.json()["errors"][0]["field"]) == (422, "parent_id")
    foreign = {"code": "17", "name": "Provinsi Bengkulu", "province": "17"}
    assert (await http.post("/v1/units", json=foreign, headers=bearer("hr"))).status_code == 422
    assert (await http.post("/v1/units", json=foreign, headers=bearer("hr", None, ("/17",)))).status_code == 201
    twice = await http.post("/v1/units", json=body, headers=bearer("hr"))
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (409, "unit_path")


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"code": "a/b"}, 422, "body.code"),
        ({"name": " "}, 422, "body.name"),
        ({"province": "Sumsel"}, 422, "body.province"),
        ({"province": "31"}, 422, "province"),
        ({"parent_id": None, "province": None}, 422, "province"),
        ({"leader_id": "01900000-0000-7000-8000-000000000000"}, 422, "leader_id"),
        ({"parent_id": "01900000-0000-7000-8000-000000000000"}, 422, "parent_id"),
    ],
    ids=[
        "slash",
        "blank name",
        "no code",
        "not the parent's province",
        "a root's province",
        "unknown leader",
        "unknown parent",
    ],
)
async def test_bad_input_names_its_field(
    http: httpx.AsyncClient, tree: dict[str, Any], bearer: Bearer, change: dict[str, Any], status: int, field: str
) -> None:
    body = {"code": "umum", "name": "Umum", "parent_id": tree["plaju"].id, "province": "16"} | change
    answer = await http.post("/v1/units", json=body, headers=bearer("hr"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)


async def test_a_renamed_unit_stays_where_it_is(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer
) -> None:
    address = f"/v1/units/{tree['plaju'].id}"
    etag = (await http.get(address, headers=bearer("hr"))).headers["etag"]
    body = {"name": "Kecamatan Plaju", "leader_id": tree["camat"].id}
    answer = await http.put(address, json=body, headers=bearer("hr") | {"If-Match": etag})
    assert (answer.json()["name"], answer.json()["unit_path"]) == ("Kecamatan Plaju", "/16.71/plaju")
    assert await office.follow() == 0
    said = await office.said()
    same = await http.put(address, json=body, headers=bearer("hr"))
    assert same.status_code == 200
    assert await office.said() == said, "what is as asked already is no news"
    stale = await http.put(address, json=body, headers=bearer("hr") | {"If-Match": etag})
    assert stale.status_code == 412


async def test_a_moved_unit_takes_everything_below_it_along(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer
) -> None:
    body = {"name": "Pelayanan", "parent_id": tree["seberang"].id, "leader_id": None}
    answer = await http.put(f"/v1/units/{tree['pelayanan'].id}", json=body, headers=bearer("hr"))
    assert answer.json()["unit_path"] == "/16.71/seberang/pelayanan"
    listed = (await http.get("/v1/units", params={"path": "/16.71/seberang"}, headers=bearer("hr"))).json()["items"]
    assert listed[-1]["unit_path"] == "/16.71/seberang/pelayanan/ilir"
    assert await office.follow() == 2
    for who, path in (("rani", "pelayanan"), ("budi", "pelayanan/ilir")):
        now = await office.now(tree[who])
        assert (now.unit_path, now.supervisor_id) == (f"/16.71/seberang/{path}", tree["sekda"].id)
        assert (await office.said(about=now.id)) == ["EmployeeRegistered", "EmployeeChanged"]
        assert [posting.unit_path.split("/")[2] for posting in now.postings] == ["plaju", "seberang"]
    assert await office.now(tree["camat"]) == tree["camat"]
    inside = bearer("hr", None, ("/16.71/plaju",))
    assert (await http.get(f"/v1/employees/{tree['rani'].id}", headers=inside)).status_code == 404


async def test_a_unit_cannot_stand_below_itself(http: httpx.AsyncClient, tree: dict[str, Any], bearer: Bearer) -> None:
    body = {"name": "Plaju", "parent_id": tree["ilir"].id, "leader_id": tree["camat"].id}
    answer = await http.put(f"/v1/units/{tree['plaju'].id}", json=body, headers=bearer("hr"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "parent_id")


async def test_a_move_that_was_interrupted_is_finished_by_whoever_comes_next(
    office: Any, tree: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        await office.employee(tree["pelayanan"], f"Pegawai {'abcdefg'[number]}")
    await office.move(tree["pelayanan"], tree["seberang"])
    monkeypatch.setattr(reorganisations, "BATCH", 3)
    follow_page, pages = reorganisations.follow_page, iter(range(1, 3))

    async def killed(*arguments: Any) -> Any:
        if next(pages, None) is None:
            raise InterruptedError
        return await follow_page(*arguments)

    monkeypatch.setattr(reorganisations, "follow_page", killed)
    with pytest.raises(InterruptedError):
        await office.follow()
    assert len([e for e in await office.everybody() if e.unit_path.startswith("/16.71/seberang")]) == 6
    monkeypatch.setattr(reorganisations, "follow_page", follow_page)
    assert await office.follow() == 3
    assert {e.unit_path for e in await office.everybody() if e.unit_id == tree["pelayanan"].id} == {
        "/16.71/seberang/pelayanan"
    }
    said = await office.said()
    assert (said.count("EmployeeChanged"), await office.follow()) == (9, 0)


async def test_whoever_was_placed_at_the_moment_of_a_move_follows_a_minute_later(
    office: Any, tree: dict[str, Any]
) -> None:
    await office.move(tree["pelayanan"], tree["seberang"])
    await office.follow()
    *_, waiting = await Work(office.database).find(REORGANISATIONS, SYSTEM, {"done": False})
    await office.misplace(tree["rani"], "/16.71/plaju/pelayanan")
    assert (waiting.state.passes, await office.follow()) == (1, 0)
    await office.bring_forward(waiting.state, LONGEST_TRANSACTION)
    assert await office.follow() == 1
    assert (await office.now(tree["rani"])).unit_path == "/16.71/seberang/pelayanan"
    assert (await Work(office.database).get(REORGANISATIONS, waiting.id, SYSTEM)).state.done


async def test_a_new_leader_leads_whoever_answered_to_the_old_one(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer
) -> None:
    baru = await office.employee(tree["seberang"], "Camat Baru")
    body = {"name": "Plaju", "leader_id": baru.id}
    assert (await http.put(f"/v1/units/{tree['plaju'].id}", json=body, headers=bearer("hr"))).is_success
    assert await office.follow() == 3
    superiors = {who: (await office.now(tree[who])).supervisor_id for who in ("rani", "budi", "camat", "sekda")}
    assert superiors == {"rani": baru.id, "budi": baru.id, "camat": baru.id, "sekda": None}


async def test_a_unit_is_closed_once_when_nobody_is_left_in_it(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer
) -> None:
    address = f"/v1/units/{tree['ilir'].id}"
    held = await http.post(f"{address}/closing", headers=bearer("hr"))
    assert (held.status_code, held.json()["type"]) == (409, "urn:kinara:problem:unit-in-use")
    above = await http.post(f"/v1/units/{tree['pelayanan'].id}/closing", headers=bearer("hr"))
    assert above.status_code == 409
    moved = {"unit_id": tree["seberang"].id, "effective_on": "2026-05-01"}
    assert (await http.post(f"/v1/employees/{tree['budi'].id}/transfers", json=moved, headers=bearer("hr"))).is_success
    closed = await http.post(f"{address}/closing", headers=bearer("hr"))
    assert (closed.status_code, closed.json()["active"]) == (201, False)
    said = await office.said(about=tree["ilir"].id)
    again = await http.post(f"{address}/closing", headers=bearer("hr"))
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:already-closed")
    assert await office.said(about=tree["ilir"].id) == said
    back = await http.post(
        f"/v1/employees/{tree['budi'].id}/transfers",
        json={"unit_id": tree["ilir"].id, "effective_on": "2026-06-01"},
        headers=bearer("hr"),
    )
    assert (back.status_code, back.json()["type"]) == (422, "urn:kinara:problem:unit-closed")


@pytest.mark.parametrize("enters", ["somebody new", "somebody from elsewhere", "a unit from elsewhere", "a new unit"])
async def test_a_unit_is_not_closed_while_something_comes_into_it(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer, enters: str
) -> None:
    hr = bearer("hr")
    for n in range(5):
        empty = await office.unit(f"kosong{n}", tree["plaju"])
        if enters == "somebody new":
            coming = office.employee(empty, "Tuti Contoh")
        elif enters == "a new unit":
            coming = office.unit("baru", empty)
        elif enters == "somebody from elsewhere":
            rani = await office.employee(tree["ilir"], "Rani Contoh")
            body = {"unit_id": empty.id, "effective_on": day_of(utc_now(), "16").isoformat()}
            coming = http.post(f"/v1/employees/{rani.id}/transfers", json=body, headers=hr)
        else:
            other = await office.unit(f"lain{n}", tree["plaju"])
            body = {"name": other.name, "parent_id": empty.id}
            coming = http.put(f"/v1/units/{other.id}", json=body, headers=hr)
        await asyncio.gather(coming, http.post(f"/v1/units/{empty.id}/closing", headers=hr), return_exceptions=True)
        closed = not (await http.get(f"/v1/units/{empty.id}", headers=hr)).json()["active"]
        work = Work(office.database)
        inside = [
            *await work.find(EMPLOYEES, SYSTEM, {"unit_id": empty.id}),
            *await work.find(UNITS, SYSTEM, {"parent_id": empty.id}),
        ]
        assert closed is (not inside), "one of the two was refused"


async def test_a_unit_that_was_moved_is_not_closed_while_its_people_are_on_their_way(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer
) -> None:
    await office.move(tree["ilir"], tree["seberang"])
    assert (await office.now(tree["budi"])).unit_path == "/16.71/plaju/pelayanan/ilir", "not followed yet"
    held = await http.post(f"/v1/units/{tree['ilir'].id}/closing", headers=bearer("hr"))
    assert (held.status_code, held.json()["type"]) == (409, "urn:kinara:problem:unit-in-use")
    assert await office.follow() == 1
    assert (await office.now(tree["budi"])).unit_path == "/16.71/seberang/ilir"


async def test_those_who_left_do_not_keep_their_unit_open(
    http: httpx.AsyncClient, tree: dict[str, Any], bearer: Bearer
) -> None:
    gone = {"reason": "retired", "effective_on": "2026-05-01"}
    left = await http.post(f"/v1/employees/{tree['budi'].id}/separation", json=gone, headers=bearer("hr"))
    assert left.is_success
    closed = await http.post(f"/v1/units/{tree['ilir'].id}/closing", headers=bearer("hr"))
    assert (closed.status_code, closed.json()["active"]) == (201, False)


@pytest.mark.parametrize("role", [Role.HR, Role.OVERSIGHT, Role.INTEGRATOR])
async def test_outside_ones_scope_a_unit_does_not_exist(
    http: httpx.AsyncClient, tree: dict[str, Any], bearer: Bearer, role: Role
) -> None:
    headers = bearer(role, None, ("/16.71/seberang",))
    for unit_id in (tree["plaju"].id, new_id()):
        assert (await http.get(f"/v1/units/{unit_id}", headers=headers)).status_code == 404
    answer = await http.get("/v1/units", params={"path": "/16.71/plaju"}, headers=headers)
    assert answer.json() == {"items": [], "next": None}


async def test_a_unit_below_one_that_is_closed_meanwhile_is_not_created(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, hr = await office.unit("kosong", tree["plaju"]), bearer("hr")
    looked, original = [], units.entered_unit

    async def closed_after_the_look(*args: Any) -> Any:
        parent = await original(*args)
        if not looked:
            looked.append(parent.active)
            assert (await http.post(f"/v1/units/{empty.id}/closing", headers=hr)).status_code == 201
        return parent

    monkeypatch.setattr(units, "entered_unit", closed_after_the_look)
    body = {"code": "baru", "name": "Unit baru", "parent_id": empty.id}
    answer = await http.post("/v1/units", json=body, headers=hr)
    assert looked == [True], "it was open when it was looked at"
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:kinara:problem:unit-closed")
    assert await Work(office.database).find(UNITS, SYSTEM, {"parent_id": empty.id}) == []
