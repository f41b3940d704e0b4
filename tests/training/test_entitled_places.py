"""A right to further training, used for a place: before all who wait, paid by the government, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AwardGranted
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work
from training import commands
from training.domain.record import Record
from training.domain.session import Session
from training.store import RECORDS

Bearer = Callable[..., dict[str, str]]
PRICE = 1_000_000


def today() -> date:
    return day_of(utc_now(), "16")


def used_for(record: Record) -> list[str | None]:
    return [right.used_for for right in record.entitlements]


@pytest.fixture
async def holder(town: Any, deliver: Deliverer) -> str:
    """Somebody with one right to further training."""
    employee_id: str = await town.employee()
    await deliver(
        AwardGranted(
            province=Province(code="16"), unit_path="/16.71/plaju", employee_id=employee_id, award_id=new_id(),
            award="Penanganan pengaduan terbaik", period="2026-Q3", granted_on=today(), grants="training",
        )
    )  # fmt: skip
    return employee_id


@pytest.fixture
def use(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Any]:
    """Enrol oneself with the right."""

    async def enrolled(session: Session, employee_id: str) -> httpx.Response:
        return await http.post(
            f"/v1/sessions/{session.id}/enrolments",
            json={"employee_id": employee_id, "use_entitlement": True},
            headers=bearer("employee", employee_id, ()),
        )

    return enrolled


@pytest.fixture
def record(prepared: Database, holder: str) -> Callable[[], Any]:
    async def read() -> Record:
        return (await Work(prepared).get(RECORDS, holder, SYSTEM)).state

    return read


async def test_the_governments_own_budget_pays_and_every_rupiah_is_booked(
    http: httpx.AsyncClient, bearer: Bearer, school: Any, town: Any, holder: str, use: Any, record: Any
) -> None:
    root, own = [f"/v1/units/{await town.unit(path)}/budgets/{today().year}" for path in ("/16.71", "/16.71/plaju")]
    await http.put(root, json={"planned": str(PRICE)}, headers=bearer("hr"))
    await http.put(own, json={"planned": "0"}, headers=bearer("hr"))
    session = await school.session(price=PRICE)

    other = await school.enrol(session, await town.employee())
    assert (other.status, other.waits_for) == ("waiting", "money"), "the unit has none"
    place = (await use(session, holder)).json()

    assert (place["status"], place["entitled"], place["amount"]) == ("confirmed", True, str(PRICE))
    booked = [(await http.get(budget, headers=bearer("hr"))).json()["reserved"] for budget in (root, own)]
    assert booked == [str(PRICE), "0"]
    assert used_for(await record()) == [place["id"]]
    await commands.note_attendance(school.work, school.scope, place["id"], session.starts_on)
    await commands.accept_completion(school.work, school.scope, place["id"], "UC/1")
    money = (await http.get(root, headers=bearer("hr"))).json()
    assert (money["reserved"], money["spent"], money["free"]) == ("0", str(PRICE), "0")
    assert used_for(await record()) == [place["id"]]


@pytest.mark.parametrize("path", ["/16.71", "/16.71/plaju"], ids=["the government's", "only the unit's"])
async def test_without_money_its_holder_waits_first_in_line(
    http: httpx.AsyncClient, bearer: Bearer, school: Any, town: Any, holder: str, use: Any, path: str
) -> None:
    budget = f"/v1/units/{await town.unit(path)}/budgets/{today().year}"
    await http.put(budget, json={"planned": "0"}, headers=bearer("hr"))
    session = await school.session(price=PRICE)
    needy = await town.employee()
    await town.scored(needy)
    await school.enrol(session, needy)
    place = (await use(session, holder)).json()
    assert (place["status"], place["waits_for"], place["place"]) == ("waiting", "money", 1)

    await http.put(budget, json={"planned": str(PRICE)}, headers=bearer("hr"))

    taken = [
        (await http.get(f"/v1/records/{one}/enrolments", headers=bearer("hr"))).json()["items"][0]["status"]
        for one in (holder, needy)
    ]
    assert taken == ["confirmed", "waiting"]


async def test_its_holder_waits_before_who_needs_it_more(school: Any, town: Any, holder: str, use: Any) -> None:
    session = await school.session(seats=1)
    await school.enrol(session, await town.employee())
    needy = await town.employee()
    await town.scored(needy)
    await school.enrol(session, needy)

    place = (await use(session, holder)).json()

    assert (place["status"], place["place"]) == ("waiting", 1)


async def test_the_seat_that_is_freed_goes_to_the_holder(
    http: httpx.AsyncClient, bearer: Bearer, school: Any, town: Any, holder: str, use: Any
) -> None:
    session = await school.session(seats=1)
    first = await school.enrol(session, await town.employee())
    await school.enrol(session, await town.employee())
    await use(session, holder)

    await commands.cancel_enrolment(school.work, school.scope, first.id)

    booked = await http.get(f"/v1/records/{holder}/enrolments", headers=bearer("employee", holder, ()))
    assert [one["status"] for one in booked.json()["items"]] == ["confirmed"]


async def test_it_is_used_once_even_at_once(school: Any, town: Any, holder: str, use: Any) -> None:
    one, other = await school.session(jp=1), await school.session(jp=1)

    answers = await asyncio.gather(use(one, holder), use(other, holder))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (refused,) = [answer.json() for answer in answers if answer.status_code == 409]
    assert (refused["type"], refused["errors"][0]["field"]) == ("urn:kinara:problem:no-entitlement", "use_entitlement")
    assert (await use(one, await town.employee())).status_code == 409


@pytest.mark.parametrize("seats", [1, 2], ids=["waiting", "seated"])
@pytest.mark.parametrize("lost", ["given back", "called off", "held"])
async def test_a_place_that_comes_to_nothing_leaves_the_right(
    school: Any, town: Any, holder: str, use: Any, record: Any, seats: int, lost: str
) -> None:
    session = await school.session(seats=seats)
    await school.enrol(session, await town.employee())
    place = (await use(session, holder)).json()
    assert used_for(await record()) == [place["id"]]

    if lost == "given back":
        await commands.cancel_enrolment(school.work, school.scope, place["id"])
    elif lost == "called off":
        await commands.cancel_session(school.work, school.scope, session.id)
    else:
        await commands.close_session(school.work, school.scope, session.id)

    kept_a_seat = lost == "held" and seats == 2
    assert used_for(await record()) == [place["id"] if kept_a_seat else None]
