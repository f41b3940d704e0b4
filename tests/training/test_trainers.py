"""Trainers through the public door: registered, appointed to sessions, never in two at a time, and their load."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeSeparated, EmployeeTransferred
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work
from training import commands
from training.commands import partners
from training.commands.following import work_off
from training.domain import refusals
from training.domain.partner import Agreement
from training.domain.programme import Partner
from training.domain.session import Session
from training.store import TEACHINGS, TRAINERS

Bearer = Callable[..., dict[str, str]]


def day() -> date:
    return day_of(utc_now(), "16")


YEAR = day().year


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["type"].rpartition(":")[2], told["errors"][0]["field"]


@pytest.fixture
def register(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Any]:
    """A trainer, registered by the office."""

    async def registered(**body: Any) -> Any:
        answer = await http.post("/v1/trainers", json=body, headers=bearer("hr"))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return registered


@pytest.fixture
def appoint(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Any]:
    """Who teaches a session."""

    async def appointed(session: Session, *trainer_ids: str, **body: Any) -> httpx.Response:
        wanted = {"trainers": [{"trainer_id": id_, **body} for id_ in trainer_ids]}
        return await http.put(f"/v1/sessions/{session.id}/trainers", json=wanted, headers=bearer("trainer"))

    return appointed


@pytest.fixture
def load(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Any]:
    async def loaded(trainer_id: str, year: int = YEAR) -> Any:
        answer = await http.get(f"/v1/trainers/{trainer_id}/load/{year}", headers=bearer("oversight"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    return loaded


async def test_from_the_registration_to_the_load_that_is_shown(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer, register: Any, appoint: Any
) -> None:
    officer, hr = await town.employee(name="Sari Contoh"), bearer("hr")
    own = await register(employee_id=officer)
    assert (own["id"], own["name"], own["unit_path"], own["partner_id"]) == (
        officer, "Sari Contoh", "/16.71/plaju", None,
    )  # fmt: skip
    assert await register(employee_id=officer) == own
    session = await school.session(days=3, jp=12)

    first = await appoint(session, officer, days=[session.meets_on[0].isoformat(), session.meets_on[2].isoformat()])

    assert first.json() == [
        {"trainer_id": officer, "name": "Sari Contoh", "days": [str(session.meets_on[0]), str(session.meets_on[2])]}
    ]
    shown = await http.get(f"/v1/sessions/{session.id}/trainers", headers=bearer("employee", new_id(), ()))
    assert shown.json() == first.json()
    years = Counter(on.year for on in (session.meets_on[0], session.meets_on[2]))
    listed = (await http.get("/v1/trainers", params={"year": YEAR}, headers=hr)).json()["items"]
    assert [(one["id"], Decimal(one["load"]["jp"])) for one in listed] == [(officer, 4 * years[YEAR])]
    limit = {"a_month": 40, "a_year": 400, "source": "(proposal)", "verified": False}
    assert (listed[0]["load"]["over"], listed[0]["load"]["limit"]) == (False, limit)
    mine = await http.get(f"/v1/trainers/{officer}/load/{YEAR}", headers=bearer("employee", officer, ()))
    assert [one["session_id"] for one in mine.json()["sessions"]] == [session.id]
    assert sum(map(Decimal, mine.json()["load"]["months"])) == 4 * years[YEAR]


async def test_a_trainer_is_never_in_two_sessions_on_one_day(
    school: Any, town: Any, register: Any, appoint: Any
) -> None:
    trainer = (await register(employee_id=await town.employee()))["id"]
    one, other = await school.session(days=2), await school.session(days=3)

    assert (await appoint(one, trainer)).is_success
    assert problem(await appoint(other, trainer)) == (409, "trainer-taken", "trainer_id")
    assert (await appoint(other, trainer, days=[str(other.meets_on[2])])).is_success
    assert (await appoint(one, trainer)).is_success  # as it is
    assert (await appoint(one)).json() == []
    assert (await appoint(other, trainer)).is_success  # the days that were given back are free


async def test_of_two_sessions_that_want_the_same_trainer_at_once_one_gets_them(
    prepared: Database, school: Any, town: Any, register: Any, appoint: Any
) -> None:
    unit_id = await town.unit("/16.71")
    partner = await agreed_partner(school, unit_id)
    guest = (await register(partner_id=partner["id"], name="Dewi Contoh"))["id"]
    own = (await register(employee_id=await town.employee()))["id"]
    wanted = [await school.session(partner=None, partner_id=partner["id"]) for _ in range(6)]

    for trainer in (guest, own):
        answers = await asyncio.gather(*(appoint(session, trainer) for session in wanted))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
        given = {"trainer_id": trainer, "ended": False}
        assert len(await Work(prepared).find(TEACHINGS, SYSTEM, given)) == 1
        await asyncio.gather(*(appoint(session) for session in wanted))


async def agreed_partner(school: Any, unit_id: str) -> dict[str, Any]:
    """A partner whose agreement is in force."""
    named = Partner(name="Lembaga Contoh", kind="education")
    one = await partners.register_partner(school.work, school.scope, unit_id, named)
    signed = Agreement(
        number="PKS/1", starts_on=day() - timedelta(days=1), ends_on=day() + timedelta(days=30), scope="Pelatihan"
    )
    await partners.record_agreement(school.work, school.scope, one.id, signed)
    return {"id": one.id}


async def test_who_teaches_does_not_learn_on_that_day_and_the_other_way_round(
    school: Any, town: Any, register: Any, appoint: Any
) -> None:
    trainer, learner = await town.employee(), await town.employee()
    for id_ in (trainer, learner):
        await register(employee_id=id_)
    taught, learnt = await school.session(jp=1), await school.session(jp=1)
    await school.enrol(learnt, learner)

    assert (await appoint(taught, trainer)).is_success
    assert problem(await appoint(taught, trainer, learner)) == (409, "trainer-taken", "trainer_id")
    for session in (learnt, taught):
        with pytest.raises(refusals.DaysTaken):
            await school.enrol(session, trainer)


async def test_enrolling_and_being_appointed_at_once_leaves_somebody_in_one_place(
    school: Any, town: Any, register: Any, appoint: Any
) -> None:
    for _ in range(5):
        person = (await register(employee_id=await town.employee()))["id"]
        taught, learnt = await school.session(jp=1), await school.session(jp=1)

        answer, place = await asyncio.gather(
            appoint(taught, person), school.enrol(learnt, person), return_exceptions=True
        )

        assert answer.is_success == isinstance(place, refusals.DaysTaken)


async def test_a_session_that_is_called_off_gives_its_trainers_their_days_back(
    http: httpx.AsyncClient, bearer: Bearer, school: Any, town: Any, register: Any, appoint: Any, load: Any
) -> None:
    trainer = (await register(employee_id=await town.employee()))["id"]
    one, other = await school.session(), await school.session()
    await appoint(one, trainer)

    await commands.cancel_session(school.work, school.scope, one.id)

    assert (await load(trainer))["load"]["jp"] == "0.00"
    assert (await appoint(other, trainer)).is_success
    assert problem(await appoint(one, trainer)) == (409, "session-not-open", "session_id")
    assert (await http.get(f"/v1/sessions/{one.id}/trainers", headers=bearer("hr"))).json() == []


async def test_who_moves_or_leaves_is_followed(
    http: httpx.AsyncClient, bearer: Bearer, prepared: Database, school: Any, town: Any, register: Any, appoint: Any
) -> None:
    person, unit_id = await town.employee(), await town.unit("/16.71/dinkes")
    await register(employee_id=person)
    facts: dict[str, Any] = {"province": Province(code="16"), "employee_id": person, "effective_on": day()}
    await town.deliver(
        EmployeeTransferred(
            **facts, unit_path="/16.71/dinkes", from_unit_id=await town.unit("/16.71/plaju"),
            from_unit_path="/16.71/plaju", to_unit_id=unit_id, jabatan="Pengajar",
        )
    )  # fmt: skip
    await work_off(prepared)
    shown = {"year": YEAR, "unit_path": "/16.71/dinkes"}
    (listed,) = (await http.get("/v1/trainers", params=shown, headers=bearer("trainer"))).json()["items"]
    assert (listed["id"], listed["active"]) == (person, True)

    await town.deliver(EmployeeSeparated(**facts, unit_path="/16.71/dinkes", reason="retired"))
    for _ in range(2):
        await work_off(prepared)

    assert not (await Work(prepared).get(TRAINERS, person, SYSTEM)).state.active
    assert problem(await appoint(await school.session(), person)) == (409, "trainer-retired", "trainer_id")


async def test_who_is_not_a_trainer_in_ones_units_cannot_be_appointed(
    http: httpx.AsyncClient, bearer: Bearer, school: Any, town: Any, register: Any, appoint: Any
) -> None:
    session, person = await school.session(), await town.employee("/96.71/dinkes")
    assert problem(await appoint(session, new_id())) == (404, "trainer-unknown", "trainer_id")
    sorong = bearer("hr", None, ("/96.71",))
    assert (await http.post("/v1/trainers", json={"employee_id": person}, headers=sorong)).status_code == 201
    assert problem(await appoint(session, person)) == (404, "trainer-unknown", "trainer_id")

    own = (await register(employee_id=await town.employee()))["id"]
    for header, found in [(sorong, 404), (bearer("employee", new_id(), ()), 404), (bearer("hr"), 200)]:
        assert (await http.get(f"/v1/trainers/{own}/load/{YEAR}", headers=header)).status_code == found
    assert (await http.post(f"/v1/trainers/{own}/retirement", headers=sorong)).status_code == 404
    assert not (await http.post(f"/v1/trainers/{own}/retirement", headers=bearer("hr"))).json()["active"]
    body = {"trainers": [{"trainer_id": own}]}
    elsewhere = bearer("trainer", None, ("/96.71",))
    assert (await http.put(f"/v1/sessions/{session.id}/trainers", json=body, headers=elsewhere)).status_code == 404
    assert problem(await appoint(session, own)) == (409, "trainer-retired", "trainer_id")
    assert problem(await appoint(session, own, own)) == (422, "invalid-trainer", "trainers")


@pytest.mark.parametrize(
    "body", [{}, {"name": "Dewi"}, {"partner_id": new_id()}, {"employee_id": new_id(), "name": "Dewi"}]
)
async def test_a_trainer_is_an_employee_or_a_partners(
    http: httpx.AsyncClient, bearer: Bearer, prepared: Database, body: dict[str, Any]
) -> None:
    assert (await http.post("/v1/trainers", json=body, headers=bearer("hr"))).status_code == 422


async def test_the_list_goes_on_page_by_page(http: httpx.AsyncClient, bearer: Bearer, town: Any, register: Any) -> None:
    ids = sorted([(await register(employee_id=await town.employee()))["id"] for _ in range(3)])
    first = (await http.get("/v1/trainers", params={"year": YEAR, "limit": 2}, headers=bearer("hr"))).json()
    rest = await http.get("/v1/trainers", params={"year": YEAR, "after": first["next"]}, headers=bearer("hr"))
    assert [one["id"] for one in first["items"] + rest.json()["items"]] == ids
