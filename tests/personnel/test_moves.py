"""A unit that moves takes its selections, proposals, plans and records along; its old path is nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AppraisalConfirmed, Predikat
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.moves import LONGEST_TRANSACTION
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work
from personnel.commands.moves import MOVER
from personnel.commands.outgoing.making import make_all
from personnel.domain.refusals import PlaceTaken
from personnel.store import OUTGOING, UNITS

Bearer = Callable[..., dict[str, str]]
AT = datetime(2026, 1, 20, 3, tzinfo=UTC)
BEFORE, AFTER = "/16.71/utara/plaju", "/16.71/selatan/plaju"
TODAY = day_of(utc_now(), "16")
LATER = LONGEST_TRANSACTION + timedelta(seconds=1)


@pytest.fixture
async def tree(office: Any) -> dict[str, Any]:
    """North and south of Palembang, Plaju with its counter in the north, and Rani in it."""
    root = await office.unit("16.71")
    north, south = await office.unit("utara", root), await office.unit("selatan", root)
    plaju = await office.unit("plaju", north)
    counter = await office.unit("loket", plaju)
    camat, rani = await office.employee(plaju, "Camat Plaju"), await office.employee(plaju, "Rani Contoh")
    await office.lead(plaju, camat)
    return {"north": north, "south": south, "plaju": plaju, "counter": counter, "rani": rani}


@pytest.fixture
def offices(bearer: Bearer) -> tuple[dict[str, str], dict[str, str]]:
    """Of the old place and of the new one."""
    old, new = (bearer("hr", None, (f"/16.71/{place}",)) for place in ("utara", "selatan"))
    return old, new


def day(shift: int = 0) -> str:
    return (TODAY + timedelta(days=shift)).isoformat()


def facts(rani: Any, path: str) -> list[Any]:
    """What appraisal says of Rani, who serves at a path as far as it knows."""
    where: dict[str, Any] = {"province": Province(code="16"), "unit_path": path, "employee_id": rani.id}
    return [
        AppraisalConfirmed(
            **where, period=str(year), proposed=Predikat.BAIK, confirmed=Predikat.BAIK, confirmed_by=new_id(),
            confirmed_at=AT,
        )
        for year in (TODAY.year - 2, TODAY.year - 1)
    ]  # fmt: skip


async def made(http: httpx.AsyncClient, path: str, body: Any, who: dict[str, str], method: str = "POST") -> Any:
    answer = await http.request(method, f"/v1/{path}", json=body, headers=who)
    assert answer.is_success, answer.text
    return answer.json()


async def test_the_office_above_the_new_place_works_with_all_of_it_and_the_old_one_finds_nothing(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], offices: Any, deliver: Deliverer, prepared: Database
) -> None:
    (old, new), plaju, rani = offices, tree["plaju"], tree["rani"]
    opening = {
        "form": "internal", "unit_id": plaju.id, "jabatan": "Lurah Plaju Ilir", "seats": {"umum": 1},
        "criteria": [{"code": "makalah", "title": "Makalah", "weight": "1"}],
        "opens_on": day(), "closes_on": day(), "scoring_until": day(5),
    }  # fmt: skip
    await deliver(*facts(rani, BEFORE))
    await make_all(prepared, {})
    selection = await made(http, "selections", opening, old)
    succession = {"unit_id": plaju.id, "jabatan": "Camat Plaju", "boxes": [9]}
    plan = await made(http, "successions", succession, old)
    proposal = {"effective_on": TODAY.replace(day=1).isoformat(), "promotion_kind": "101"}
    proposed = await made(http, f"employees/{rani.id}/promotion-proposals", proposal, old)
    await made(
        http, f"employees/{rani.id}/talent/{TODAY.year - 1}", {"potential": "85", "source": "Asesmen"}, old, "PUT"
    )
    pages = [f"selections/{selection['id']}", f"successions/{plan['id']}/pool?year={TODAY.year - 1}"]
    decline = f"/v1/promotion-proposals/{proposed['proposal_id']}/refusal"

    async def both(page: str) -> list[int]:
        return [(await http.get(f"/v1/{page}", headers=who)).status_code for who in (old, new)]

    async def records() -> list[int]:
        answers = [(await http.get("/v1/outgoing", headers=who)).json()["items"] for who in (old, new)]
        return [len(items) for items in answers]

    assert [await both(page) for page in pages] == [[200, 404]] * 2
    told = (await records())[0]
    assert (told > 0, await records()) == (True, [told, 0])

    await office.move(plaju, tree["south"])
    await office.follow()
    await MOVER.work_off(prepared)

    assert [await both(page) for page in pages] == [[404, 200]] * 2
    assert await records() == [0, told]
    reason = {"reason": "Predikat belum lengkap"}
    assert [(await http.post(decline, json=reason, headers=who)).status_code for who in (old, new)] == [404, 201]
    (box,) = (await http.get(f"/v1/employees/{rani.id}/talent", headers=new)).json()
    assert box["box"] == 8


async def test_units_below_are_told_of_too_and_everybody_who_serves_there(
    office: Any, tree: dict[str, Any], prepared: Database
) -> None:
    below = await office.employee(tree["counter"], "Budi Contoh")
    await office.move(tree["plaju"], tree["south"])
    await office.follow()

    for unit in (tree["plaju"], tree["counter"]):
        assert (await office.said(about=unit.id))[-1] == "UnitChanged"
    for employee in (tree["rani"], below):
        assert (await office.said(about=employee.id))[-1] == "EmployeeChanged"
    left = {one.id: one.state.bearer_id for one in await Work(prepared).find(LEFT, SYSTEM, {})}
    assert left == {BEFORE: tree["plaju"].id, f"{BEFORE}/loket": tree["counter"].id}


async def test_a_path_that_was_left_is_nobody_else_s_but_its_unit_may_come_back(
    http: httpx.AsyncClient, office: Any, tree: dict[str, Any], bearer: Bearer
) -> None:
    await office.move(tree["plaju"], tree["south"])
    body = {"code": "plaju", "name": "Plaju Baru", "parent_id": tree["north"].id}
    refused = await http.post("/v1/units", json=body, headers=bearer("hr"))
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kinara:problem:place-taken")
    assert refused.json()["errors"][0]["field"] == "code"
    other = await office.unit("plaju", await office.unit("ilir", tree["north"]))
    with pytest.raises(PlaceTaken) as refusal:
        await office.move(other, tree["north"])
    assert refusal.value.field == "parent_id"

    back = await office.move(await office.parent(tree["counter"]), tree["north"])
    assert back.unit_path == BEFORE


async def test_of_a_move_and_a_new_unit_in_its_place_at_the_same_moment_the_new_one_is_refused(
    office: Any, tree: dict[str, Any], prepared: Database
) -> None:
    outcomes = await asyncio.gather(
        office.move(tree["plaju"], tree["south"]), office.unit("plaju", tree["north"]), return_exceptions=True
    )
    assert getattr(outcomes[0], "unit_path", None) == AFTER
    assert isinstance(outcomes[1], Exception)
    assert not await Work(prepared).find(UNITS, SYSTEM, {"unit_path": BEFORE})


async def test_what_is_heard_late_under_the_old_path_is_kept_at_the_new_one(
    office: Any, tree: dict[str, Any], deliver: Deliverer, prepared: Database
) -> None:
    await office.move(tree["plaju"], tree["south"])
    await office.follow()
    at = utc_now()
    for _ in range(3):
        await MOVER.work_off(prepared, lambda now=at: now)
        at += LATER
    left = await Work(prepared).find(LEFT, SYSTEM, {})
    assert {one.state.due_at for one in left} == {None}, "nothing is looked at any more"

    await deliver(*facts(tree["rani"], BEFORE))
    await make_all(prepared, {})

    assert {one.state.unit_path for one in await Work(prepared).find(OUTGOING, SYSTEM, {})} == {AFTER}
