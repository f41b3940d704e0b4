"""A unit that moves takes its money, plans, standards, courses and places along: through the door, and past a kill."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeChanged, UnitChanged
from kinara.contracts.regions import day_of
from kinara.kit.ids import utc_now
from kinara.kit.mongo import Database
from kinara.kit.moves import LONGEST_TRANSACTION
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work
from training import commands
from training.commands import Schedule, standards
from training.commands.budgets import set_budget
from training.commands.moves import MOVER
from training.store import BUDGETS, ENROLMENTS, RECORDS, SESSIONS

Bearer = Callable[..., dict[str, str]]
BEFORE, AFTER = "/16.71/utara/plaju", "/16.71/selatan/plaju"
PRICE = 1_000_000
LATER = LONGEST_TRANSACTION + timedelta(seconds=1)

MOVES = """
import asyncio, sys
from kinara.kit import moves
from kinara.kit.leases import INTERRUPTIONS
from kinara.kit.mongo import Database
from training.commands.moves import MOVER

async def main():
    moves.PAGE, database = 2, Database(sys.argv[1], sys.argv[2])
    for _ in range(50):
        try:
            return await MOVER.work_off(database)
        except INTERRUPTIONS:
            await asyncio.sleep(0.1)
    raise SystemExit(1)

asyncio.run(main())
"""
"""What the lease lets one process do at a time, in a process of its own and without the lease."""


async def moves(town: Any, before: str, after: str) -> None:
    """Personnel says that a unit has moved; what is below it and its people come by words of their own."""
    unit_id = town.units.pop(before)
    town.units[after] = unit_id
    await town.deliver(UnitChanged(province=Province(code="16"), unit_path=after, unit_id=unit_id, name="Plaju"))


async def comes_along(town: Any, employee_id: str, path: str) -> None:
    """Personnel's word about somebody of that unit, which comes a moment later."""
    facts = town.registration(employee_id, path, town.units[path]).model_dump(exclude={"effective_on"})
    on = day_of(utc_now(), "16")
    await town.deliver(EmployeeChanged(**facts, effective_on=on, changed=("unit_path",)))


async def made(http: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str], method: str = "POST") -> Any:
    answer = await http.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


async def test_the_office_above_the_new_place_works_with_all_of_it_and_the_old_one_finds_nothing(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    unit_id, learner, year = await town.unit(BEFORE), await town.employee(BEFORE), day_of(utc_now(), "16").year
    old, new = bearer("hr", None, ("/16.71/utara",)), bearer("hr", None, ("/16.71/selatan",))
    teacher, on = bearer("trainer", None, ("/16.71/utara",)), str(day_of(utc_now(), "16"))
    course = {
        "unit_id": unit_id, "title": "Menangani pengaduan", "jp": 8, "course_kind": "4",
        "partner": {"name": "Universitas Contoh", "kind": "education"},
        "competencies": ["pelayanan.penanganan-pengaduan"],
    }  # fmt: skip
    await made(http, f"/v1/units/{unit_id}/budgets/{year}", {"planned": 3 * PRICE}, old, "PUT")
    programme = await made(http, "/v1/programmes", course, teacher)
    lines = [{"programme_id": programme["id"], "topic": "pelayanan", "seats": 3, "cost": PRICE}]
    await made(http, f"/v1/units/{unit_id}/plans/{year}", {"lines": lines}, old, "PUT")
    await made(http, f"/v1/units/{unit_id}/standards/pelaksana", {"required": []}, old, "PUT")
    partner = await made(
        http, "/v1/partners", {"unit_id": unit_id, "name": "Universitas Contoh", "kind": "education"}, teacher
    )
    session = await made(
        http, f"/v1/programmes/{programme['id']}/sessions",
        {"unit_id": unit_id, "starts_on": on, "ends_on": on, "seats": 2, "price": PRICE}, teacher,
    )  # fmt: skip
    await made(http, f"/v1/sessions/{session['id']}/opening", {}, teacher)
    await made(http, f"/v1/sessions/{session['id']}/enrolments", {"employee_id": learner}, old)
    unit = f"/v1/units/{unit_id}"
    paths = [f"{unit}/budgets/{year}", f"{unit}/plans/{year}", f"/v1/partners/{partner['id']}"]
    for path in paths:
        assert [(await http.get(path, headers=who)).status_code for who in (old, new)] == [200, 404]

    await moves(town, BEFORE, AFTER)
    await MOVER.work_off(prepared)
    await comes_along(town, learner, AFTER)

    for path in paths:
        assert [(await http.get(path, headers=who)).status_code for who in (old, new)] == [404, 200]
    standing = [(await http.get("/v1/standards", headers=who)).json()["items"] for who in (old, new)]
    assert [len(found) for found in standing] == [0, 1]
    budget = await made(http, paths[0], {"planned": 5 * PRICE}, new, "PUT")
    assert (budget["unit_path"], Decimal(budget["reserved"]), Decimal(budget["free"])) == (AFTER, PRICE, 4 * PRICE)
    payer = (await http.get(f"/v1/records/{learner}/budget/{year}", headers=new)).json()
    assert payer["budget"]["unit_id"] == unit_id, "who comes along is paid for by the same money"
    await made(http, f"/v1/units/{unit_id}/plans/{year}/agreement", {}, new)
    assert len(await Work(prepared).find(BUDGETS, SYSTEM, {})) == 1
    away = await http.post(f"/v1/sessions/{session['id']}/cancellation", headers=teacher)
    assert away.status_code == 404
    await made(http, f"/v1/sessions/{session['id']}/cancellation", {}, bearer("trainer", None, ("/16.71/selatan",)))
    assert (await Work(prepared).get(BUDGETS, f"{year}{BEFORE}", SYSTEM)).state.reserved == 0


async def test_what_a_standard_asks_follows_whoever_comes_first(prepared: Database, school: Any, town: Any) -> None:
    unit_id, one, other = await town.unit(BEFORE), await town.employee(BEFORE), await town.employee(BEFORE)
    asked = [standards.Required("pelayanan.penanganan-pengaduan", 3)]
    await standards.set_standard(school.work, school.scope, unit_id, "pelaksana", asked)
    later = utc_now() + standards.SETTLE
    await standards.work_off(prepared, lambda: later)

    await moves(town, BEFORE, AFTER)
    await comes_along(town, one, AFTER)
    await MOVER.work_off(prepared)
    await comes_along(town, other, AFTER)
    later = utc_now() + standards.SETTLE
    await standards.work_off(prepared, lambda: later)

    for employee_id in (one, other):
        needs = (await Work(prepared).get(RECORDS, employee_id, SYSTEM)).state.open_needs
        assert [need.competency for need in needs] == ["pelayanan.penanganan-pengaduan"]


async def test_a_parent_takes_along_what_is_below_it_and_nothing_beside_it(
    prepared: Database, school: Any, town: Any
) -> None:
    year = day_of(utc_now(), "16").year
    below, beside = f"{BEFORE}/loket", "/16.71/utara/plaju-ilir"
    for path in (BEFORE, below, beside):
        await set_budget(school.work, school.scope, await town.unit(path), year, Decimal(PRICE))

    await moves(town, below, f"{AFTER}/loket")  # their words come in any order
    await moves(town, BEFORE, AFTER)
    await MOVER.work_off(prepared)

    found = await Work(prepared).find(BUDGETS, Scope(paths=("/16.71/selatan",)), {})
    assert sorted(one.state.unit_path for one in found) == [AFTER, f"{AFTER}/loket"]
    (left,) = await Work(prepared).find(BUDGETS, Scope(paths=("/16.71/utara",)), {})
    assert left.state.unit_path == beside


async def test_what_is_created_for_who_has_not_come_along_yet_follows_later(
    prepared: Database, school: Any, town: Any
) -> None:
    learner, session = await town.employee(BEFORE), await school.session()
    await moves(town, BEFORE, AFTER)
    await MOVER.work_off(prepared)
    place = await school.enrol(session, learner)
    assert place.unit_path == BEFORE, "the record says so still"

    at = utc_now()
    for _ in range(2):
        at += LATER
        await MOVER.work_off(prepared, lambda now=at: now)
    kept = await Work(prepared).get(ENROLMENTS, place.id, SYSTEM)
    assert kept.state.unit_path == AFTER
    left = await Work(prepared).get(LEFT, BEFORE, SYSTEM)
    assert left.state.due_at is not None, "looked at again as long as somebody is awaited"

    await comes_along(town, learner, AFTER)
    at += LATER
    await MOVER.work_off(prepared, lambda: at)
    assert (await Work(prepared).get(LEFT, BEFORE, SYSTEM)).state.due_at is None


@pytest.mark.killed("moves.after_page")
@pytest.mark.parametrize("after", [1, 3])
async def test_a_mover_that_is_killed_is_followed_by_two_that_move_the_rest_once(
    prepared: Database, servers: Any, school: Any, town: Any, after: int
) -> None:
    """With kill -9, in processes of their own."""
    unit_id, first = await town.unit(BEFORE), day_of(utc_now(), "16")
    programme = (await school.session()).programme_id
    planned = [await plan(school, programme, unit_id, first) for _ in range(7)]
    await moves(town, BEFORE, AFTER)

    async def mover(crash_at: str = "") -> int:
        crash = {"KINARA_CRASH_AT": crash_at} if crash_at else {}
        command = (sys.executable, "-c", MOVES, servers.mongo_url, prepared.name)
        process = await asyncio.create_subprocess_exec(*command, env=os.environ | crash)
        return await process.wait()

    assert await mover(f"moves.after_page:{after}") == -signal.SIGKILL
    assert len(await Work(prepared).find(SESSIONS, SYSTEM, {"unit_path": AFTER})) == 2 * after

    assert await asyncio.gather(mover(), mover()) == [0, 0]

    found = await Work(prepared).find(SESSIONS, SYSTEM, {"unit_path": AFTER})
    assert [(one.id, one.rev) for one in found] == [(id_, 2) for id_ in sorted(planned)]


async def plan(school: Any, programme_id: str, unit_id: str, on: date) -> str:
    schedule = Schedule(starts_on=on, ends_on=on, seats=2)
    session = await commands.plan_session(school.work, school.scope, programme_id, unit_id, schedule)
    return str(session.id)
