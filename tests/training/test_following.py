"""Who was transferred or has left: certificates wait for the office of today, and seats go to who can use them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeSeparated, EmployeeTransferred
from kinara.contracts.regions import day_of
from kinara.kit.ids import utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work
from training import commands
from training.commands.budgets import set_budget
from training.commands.following import work_off
from training.store import BUDGETS, ENROLMENTS, RECORDS

Bearer = Callable[..., dict[str, str]]
PRICE = 1_000_000


async def leaves(town: Any, employee_id: str) -> None:
    await town.deliver(
        EmployeeSeparated(
            province=Province(code="16"), unit_path="/16.71/plaju", employee_id=employee_id, reason="retired",
            effective_on=day_of(utc_now(), "16"),
        )
    )  # fmt: skip


async def status(database: Database, place: Any) -> str:
    return (await Work(database).get(ENROLMENTS, place.id, SYSTEM)).state.status


async def test_who_leaves_gives_seats_and_money_back_and_leaves_every_line(
    prepared: Database, school: Any, town: Any
) -> None:
    one, full = await school.session(price=PRICE, jp=4), await school.session(seats=1, jp=4)
    unit_id, leaver, other = await town.unit("/16.71"), await town.employee(), await town.employee()
    await set_budget(school.work, school.scope, unit_id, one.starts_on.year, Decimal(PRICE))
    await school.enrol(full, await town.employee())
    seat, line, waits = [await school.enrol(*place) for place in ((one, leaver), (full, leaver), (one, other))]
    assert (seat.status, line.status, waits.waits_for) == ("confirmed", "waiting", "money")

    await leaves(town, leaver)
    for _ in range(2):
        await work_off(prepared)

    assert [await status(prepared, place) for place in (seat, line, waits)] == ["cancelled", "cancelled", "confirmed"]
    budget = (await Work(prepared).get(BUDGETS, f"{one.starts_on.year}/16.71", SYSTEM)).state
    assert (budget.reserved, budget.free) == (PRICE, 0)
    assert not (await Work(prepared).get(RECORDS, leaver, SYSTEM)).state.to_follow


async def test_a_seat_in_a_session_that_was_held_stays(prepared: Database, school: Any, town: Any) -> None:
    session, leaver = await school.session(), await town.employee()
    seat = await school.taught(session, leaver)
    await commands.close_session(school.work, school.scope, session.id)

    await leaves(town, leaver)
    await work_off(prepared)

    assert await status(prepared, seat) == "confirmed"


async def test_a_certificate_waits_for_the_office_of_today(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    employee_id, sorong, on = await town.employee(), bearer("hr", None, ("/96.71",)), day_of(utc_now(), "16")
    entry = {
        "number": "LC/1", "issuer": "Lembaga Contoh", "title": "Menangani pengaduan", "jp": 8, "course_kind": "8",
        "competencies": ["pelayanan.penanganan-pengaduan"], "starts_on": str(on), "ends_on": str(on),
    }  # fmt: skip
    address = f"/v1/records/{employee_id}/certificates"
    assert (await http.post(address, json=entry, headers=bearer("employee", employee_id, ()))).status_code == 201
    unit_id = await town.unit("/96.71/dinkes")
    await town.deliver(
        EmployeeTransferred(
            province=Province(code="96"), unit_path="/96.71/dinkes", employee_id=employee_id, effective_on=on,
            from_unit_id=await town.unit("/16.71/plaju"), from_unit_path="/16.71/plaju", to_unit_id=unit_id,
            jabatan="Pengelola layanan",
        )
    )  # fmt: skip

    await work_off(prepared)

    found = [(await http.get("/v1/certificates", headers=hr)).json()["items"] for hr in (bearer("hr"), sorong)]
    assert [len(items) for items in found] == [0, 1]
    verified = await http.post(f"/v1/certificates/{found[1][0]['id']}/verification", json={}, headers=sorong)
    assert verified.status_code == 201
