"""Money, plans and partners through the public door: from the agreement with a partner to the rupiah that is spent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeTransferred
from kinara.contracts.regions import day_of
from kinara.contracts.training import EnrolmentConfirmed, EnrolmentWaitlisted
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work
from training import commands
from training.commands.budgets import set_budget
from training.domain import refusals
from training.domain.budget import Budget
from training.store import BUDGETS, ENROLMENTS, PLANS, RECORDS, SESSIONS

Bearer = Callable[..., dict[str, str]]
PRICE = 1_000_000


def day() -> date:
    return day_of(utc_now(), "16")


YEAR = day().year


def course(unit_id: str, **change: Any) -> dict[str, Any]:
    return {
        "unit_id": unit_id, "title": "Menangani pengaduan", "jp": 8, "course_kind": "4",
        "competencies": ["pelayanan.penanganan-pengaduan"],
    } | change  # fmt: skip


def schedule(unit_id: str, **change: Any) -> dict[str, Any]:
    on = day().isoformat()
    return {"unit_id": unit_id, "starts_on": on, "ends_on": on, "seats": 2} | change


def field_of(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["field"])


async def made(http: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str], method: str = "POST") -> Any:
    answer = await http.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


@pytest.fixture
def give_money(school: Any, town: Any) -> Callable[..., Any]:
    """A budget for a unit of Palembang, this year."""

    async def give(planned: int, path: str = "/16.71") -> Budget:
        return await set_budget(school.work, school.scope, await town.unit(path), YEAR, Decimal(planned))

    return give


@pytest.fixture
def transfer(town: Any) -> Callable[..., Any]:
    """An employee moves to another unit of Palembang."""

    async def transferred(employee_id: str, old: str, new: str) -> None:
        await town.deliver(
            EmployeeTransferred(
                province=Province(code="16"), unit_path=new, employee_id=employee_id, effective_on=day(),
                from_unit_id=await town.unit(old), from_unit_path=old, to_unit_id=await town.unit(new),
                jabatan="Pengelola layanan",
            )
        )  # fmt: skip

    return transferred


async def figures(database: Database, path: str = "/16.71") -> tuple[Decimal, ...]:
    """Reserved, spent and free."""
    budget = (await Work(database).get(BUDGETS, f"{YEAR}{path}", SYSTEM)).state
    assert budget.planned == budget.reserved + budget.spent + budget.free
    return budget.reserved, budget.spent, budget.free


async def status(database: Database, place: Any) -> str:
    return (await Work(database).get(ENROLMENTS, place.id, SYSTEM)).state.status


async def test_from_the_agreement_with_a_partner_to_the_rupiah_that_is_spent(
    http: httpx.AsyncClient, town: Any, bearer: Bearer
) -> None:
    unit_id, one, two = await town.unit("/16.71"), await town.employee(), await town.employee()
    trainer, hr = bearer("trainer"), bearer("hr")
    await town.scored(two)

    partner = await made(
        http, "/v1/partners", {"unit_id": unit_id, "name": "Universitas Contoh", "kind": "education"}, trainer
    )
    mou = {"number": "MoU/1", "starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31", "scope": "Pelatihan"}
    await made(http, f"/v1/partners/{partner['id']}/agreements", mou, trainer)
    programme = await made(http, "/v1/programmes", course(unit_id, partner_id=partner["id"]), trainer)
    assert (programme["partner"], programme["partner_id"]) == (
        {"name": "Universitas Contoh", "kind": "education"},
        partner["id"],
    )
    offer = {"price": str(PRICE), "seats": 30}
    offered = await made(http, f"/v1/partners/{partner['id']}/offers/{programme['id']}", offer, trainer, "PUT")
    assert [(o["price"], o["seats"]) for o in offered["offers"]] == [("1000000", 30)]

    lines = [{"programme_id": programme["id"], "topic": "pelayanan", "seats": 30, "cost": "30000000"}]
    plan = await made(http, f"/v1/units/{unit_id}/plans/{YEAR}", {"lines": lines}, trainer, "PUT")
    assert (plan["state"], plan["lines"][0]["needs"], plan["lines"][0]["employees"]) == ("draft", 1, 1)
    plan = await made(http, f"/v1/units/{unit_id}/plans/{YEAR}/agreement", None, hr)
    assert (plan["state"], plan["agreed_on"]) == ("agreed", day().isoformat())
    money = f"/v1/units/{unit_id}/budgets/{YEAR}"
    await made(http, money, {"planned": "600000"}, hr, "PUT")

    shares = [{"source": "unit", "percent": "60"}, {"source": "partner", "percent": "40"}]
    planned = schedule(unit_id, shares=shares, plan_id=plan["id"])
    session = await made(http, f"/v1/programmes/{programme['id']}/sessions", planned, trainer)
    assert session["shares"] == [
        {"source": "unit", "amount": "600000"}, {"source": "partner", "amount": "400000"},
    ]  # fmt: skip
    session = await made(http, f"/v1/sessions/{session['id']}/opening", None, trainer)
    address = f"/v1/sessions/{session['id']}/enrolments"
    first = await made(http, address, {"employee_id": one}, bearer("employee", one, ()))
    second = await made(http, address, {"employee_id": two}, hr)
    assert (first["status"], first["amount"]) == ("confirmed", "600000")
    assert (second["status"], second["waits_for"], second["place"]) == ("waiting", "money", 1)
    (booked,) = (await http.get(f"/v1/records/{two}/enrolments", headers=hr)).json()["items"]
    assert booked["why"] == "1 kebutuhan terbuka yang dilayani program ini; selisih nilai 33,80."

    await made(http, money, {"planned": "1200000"}, hr, "PUT")
    enrolment = f"/v1/enrolments/{second['id']}"
    await made(http, f"{enrolment}/attendance/{day()}", None, trainer, "PUT")
    await made(http, f"{enrolment}/completion", {"certificate_number": "S/1"}, trainer)
    read = (await http.get(money, headers=trainer)).json()
    assert (read["reserved"], read["spent"], read["free"]) == ("600000", "600000", "0")
    await made(http, f"/v1/sessions/{session['id']}/closing", None, trainer)  # the other never came: paid all the same
    use = (await http.get("/v1/budget-use", params={"unit_path": "/16.71", "year": YEAR}, headers=hr)).json()
    assert use == {
        "budgets": 1, "planned": "1200000", "reserved": "0", "spent": "1200000", "free": "0", "over": "0",
    }  # fmt: skip

    places = (await http.get(f"{money}/places", headers=hr)).json()["items"]
    assert [(place["employee_id"], place["amount"], place["spent"]) for place in places] == [
        (one, "600000", True), (two, "600000", True),
    ]  # fmt: skip
    plan = (await http.get(f"/v1/units/{unit_id}/plans/{YEAR}", headers=trainer)).json()
    (line,) = plan["lines"]
    assert (line["sessions"], line["seats_scheduled"], line["seats_taken"], line["cost_scheduled"]) == (
        1, 2, 2, "2000000",
    )  # fmt: skip
    progress = (await http.get(f"/v1/units/{unit_id}/plans/{YEAR}/progress", headers=hr)).json()
    assert (progress["people"], progress["reached"], progress["jp_earned"], progress["jp_missing"]) == (2, 0, 8, 32)
    rating = (await http.get(f"/v1/partners/{partner['id']}/rating", headers=hr)).json()
    assert (rating["sessions"], rating["participants"], rating["completed"], rating["completion_share"]) == (
        1, 2, 1, "0.5000",
    )  # fmt: skip
    assert (rating["effect"]["n"], rating["effect"]["difference"]) == (0, None)  # three months must pass first


class TestReservations:
    async def test_what_costs_nothing_needs_no_budget(self, prepared: Database, school: Any, town: Any) -> None:
        place = await school.enrol(await school.session(), await town.employee())

        assert (place.status, place.amount, place.budget_id) == ("confirmed", 0, None)
        assert await prepared[BUDGETS.name].count_documents({}) == 0

    async def test_next_years_places_wait_until_next_years_money_is_set_and_never_overspend_it(
        self, http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer, give_money: Any
    ) -> None:
        await give_money(5 * PRICE)  # of this year, which pays for nothing of the next
        hr, unit_id = bearer("hr"), await town.unit("/16.71")
        plain, needy = await town.employee(), await town.employee()
        await town.scored(needy)
        on = f"{YEAR + 1}-02-01"
        programme_id = (await school.session()).programme_id
        planned = schedule(unit_id, starts_on=on, ends_on=on, price=str(PRICE), seats=5)
        session = await made(http, f"/v1/programmes/{programme_id}/sessions", planned, bearer("trainer"))
        await made(http, f"/v1/sessions/{session['id']}/opening", None, bearer("trainer"))
        address = f"/v1/sessions/{session['id']}/enrolments"
        places = [await made(http, address, {"employee_id": one}, hr) for one in (plain, needy)]
        assert [(place["status"], place["waits_for"]) for place in places] == [("waiting", "budget")] * 2
        assert "belum ditetapkan" in places[0]["why_waiting"]

        money = f"/v1/units/{unit_id}/budgets/{YEAR + 1}"
        first = await made(http, money, {"planned": str(2 * PRICE - 1)}, hr, "PUT")
        assert (first["reserved"], first["free"]) == (str(PRICE), str(PRICE - 1))
        (booked,) = (await http.get(f"/v1/records/{needy}/enrolments", headers=hr)).json()["items"]
        (waits,) = (await http.get(f"/v1/records/{plain}/enrolments", headers=hr)).json()["items"]
        assert (booked["status"], booked["why_waiting"]) == ("confirmed", None)
        assert (waits["status"], waits["waits_for"]) == ("waiting", "money")
        second = await made(http, money, {"planned": str(2 * PRICE)}, hr, "PUT")
        assert (second["reserved"], second["free"]) == (str(2 * PRICE), "0")

    async def test_a_seat_reserves_and_giving_it_back_releases(
        self, prepared: Database, school: Any, town: Any, give_money: Any
    ) -> None:
        await give_money(PRICE)
        place = await school.enrol(await school.session(price=PRICE), await town.employee())
        assert await figures(prepared) == (PRICE, 0, 0)

        await commands.cancel_enrolment(school.work, school.scope, place.id)
        assert await figures(prepared) == (0, 0, PRICE)

    async def test_the_nearest_budget_upwards_pays_for_its_own_people(
        self, prepared: Database, school: Any, town: Any, give_money: Any
    ) -> None:
        await give_money(5 * PRICE)
        await give_money(PRICE, "/16.71/plaju")
        session = await school.session(price=PRICE)

        for path in ("/16.71/plaju", "/16.71/plaju", "/16.71/dinkes"):
            await school.enrol(session, await town.employee(path))

        assert await figures(prepared, "/16.71/plaju") == (PRICE, 0, 0)  # and the second waits for Plaju's money
        assert await figures(prepared) == (PRICE, 0, 4 * PRICE)
        after = (await Work(prepared).get(SESSIONS, session.id, SYSTEM)).state
        assert (len(after.seated), len(after.waiting)) == (2, 1)

    async def test_a_session_called_off_releases_all_of_its_money_for_those_who_wait_elsewhere(
        self, prepared: Database, school: Any, town: Any, give_money: Any, said: Any
    ) -> None:
        await give_money(2 * PRICE)
        session, other = await school.session(price=PRICE), await school.session(price=PRICE)
        for _ in range(2):
            await school.enrol(session, await town.employee())
        plain, needy = [await town.employee() for _ in range(2)]
        await town.scored(needy)
        waits = [await school.enrol(other, employee_id) for employee_id in (plain, needy)]
        await school.enrol(other, await town.employee())
        assert [place.waits_for for place in waits] == ["money", "money"]

        await commands.cancel_session(school.work, school.scope, session.id)

        assert await figures(prepared) == (2 * PRICE, 0, 0)
        after = (await Work(prepared).get(SESSIONS, other.id, SYSTEM)).state
        assert (after.seated, len(after.waiting)) == ((needy, plain), 1)
        last = [row["type"].rsplit(".")[-2] for row in await said()][-2:]
        assert last == [EnrolmentConfirmed.__name__] * 2

    async def test_more_money_moves_the_neediest_up_and_no_further_than_it_reaches(
        self, prepared: Database, school: Any, town: Any, give_money: Any
    ) -> None:
        await give_money(0)
        session = await school.session(price=PRICE)
        first, needy = await town.employee(), await town.employee()
        await town.scored(needy)
        plain = await school.enrol(session, first)
        urgent = await school.enrol(session, needy)

        await give_money(2 * PRICE - 1)

        assert (await status(prepared, urgent), await status(prepared, plain)) == ("confirmed", "waiting")
        assert await figures(prepared) == (PRICE, 0, PRICE - 1)

    async def test_who_moves_up_in_two_sessions_at_once_is_offered_the_hours_of_both(
        self, prepared: Database, school: Any, town: Any, give_money: Any
    ) -> None:
        await give_money(0)
        learner = await town.employee()
        for _ in range(2):
            await school.enrol(await school.session(price=PRICE, jp=4), learner)

        await give_money(2 * PRICE)

        record = (await Work(prepared).get(RECORDS, learner, SYSTEM)).state
        assert [offer.jp for offer in record.offers] == [4, 4]

    async def test_a_new_nearer_budget_moves_up_who_began_to_wait_for_the_one_above(
        self, prepared: Database, school: Any, town: Any, give_money: Any
    ) -> None:
        await give_money(0)
        waits = await school.enrol(await school.session(price=PRICE), await town.employee())

        given = await give_money(3 * PRICE, "/16.71/plaju")

        assert await status(prepared, waits) == "confirmed"
        assert await figures(prepared, "/16.71/plaju") == (PRICE, 0, 2 * PRICE)
        assert (given.reserved, await figures(prepared)) == (PRICE, (0, 0, 0))

    async def test_who_was_transferred_while_waiting_is_found_by_the_new_units_money(
        self, prepared: Database, school: Any, town: Any, give_money: Any, transfer: Any
    ) -> None:
        await give_money(0)
        await give_money(0, "/16.71/dinkes")
        learner = await town.employee()
        waits = await school.enrol(await school.session(price=PRICE), learner)
        await transfer(learner, "/16.71/plaju", "/16.71/dinkes")

        await give_money(PRICE, "/16.71/dinkes")

        assert await status(prepared, waits) == "confirmed"
        assert await figures(prepared, "/16.71/dinkes") == (PRICE, 0, 0)

    async def test_a_freed_seat_passes_over_whom_nobody_can_pay_for(
        self, prepared: Database, school: Any, town: Any, give_money: Any
    ) -> None:
        await give_money(0, "/16.71/plaju")
        await give_money(PRICE, "/16.71/dinkes")
        session = await school.session(seats=1, price=PRICE)
        seated = await school.enrol(session, await town.employee("/16.71/dinkes"))
        needy = await town.employee()
        await town.scored(needy)
        poor, rich = (
            await school.enrol(session, needy),
            await school.enrol(session, await town.employee("/16.71/dinkes")),
        )

        await commands.cancel_enrolment(school.work, school.scope, seated.id)

        assert (await status(prepared, poor), await status(prepared, rich)) == ("waiting", "confirmed")

    async def test_a_completion_spends_what_was_reserved(
        self, prepared: Database, school: Any, town: Any, give_money: Any
    ) -> None:
        await give_money(PRICE)
        await school.certified(await school.session(price=PRICE), await town.employee())

        assert await figures(prepared) == (0, PRICE, 0)
        with pytest.raises(refusals.InvalidBudget):
            await give_money(PRICE - 1)

    async def test_the_place_in_line_that_is_said_is_by_need(
        self, school: Any, town: Any, said: Any, give_money: Any
    ) -> None:
        await give_money(0)
        session, needy = await school.session(price=PRICE), await town.employee()
        await school.enrol(session, await town.employee())
        await town.scored(needy)

        await school.enrol(session, needy)

        fact = EnrolmentWaitlisted.model_validate_json((await said())[-1]["data"])
        assert (fact.employee_id, fact.place) == (needy, 1)


class TestSecondPerson:
    @pytest.fixture
    async def partner(self, http: httpx.AsyncClient, town: Any, bearer: Bearer) -> dict[str, Any]:
        """A partner with an agreement, its programme, and a session that the trainer planned."""
        unit_id, trainer = await town.unit("/16.71"), bearer("trainer")
        one = await made(http, "/v1/partners", {"unit_id": unit_id, "name": "CV Contoh", "kind": "private"}, trainer)
        on = day().isoformat()
        mou = {"number": "PKS/7", "starts_on": on, "ends_on": on, "scope": "Satu hari"}
        await made(http, f"/v1/partners/{one['id']}/agreements", mou, trainer)
        programme = await made(http, "/v1/programmes", course(unit_id, partner_id=one["id"]), trainer)
        planned = await made(http, f"/v1/programmes/{programme['id']}/sessions", schedule(unit_id), trainer)
        return {"path": f"/v1/partners/{one['id']}", "session": f"/v1/sessions/{planned['id']}", "programme": programme}

    async def test_a_declared_interest_stops_a_session_until_a_second_person_approves(
        self, http: httpx.AsyncClient, town: Any, bearer: Bearer, partner: dict[str, Any]
    ) -> None:
        trainer, conflicted = bearer("trainer"), await town.employee()
        interest = {"employee_id": conflicted, "reason": "Suami adalah direktur mitra"}
        flagged = await made(http, f"{partner['path']}/interests", interest, trainer)
        assert (flagged["conflict_of_interest"], flagged["interests"][0]["declared_by"]) == (True, "dev:trainer")

        refused = await http.post(f"{partner['session']}/opening", headers=trainer)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:kinara:problem:interest-unapproved")
        same = await http.post(f"{partner['session']}/approval", headers=bearer("hr", conflicted))
        assert (same.status_code, same.json()["type"]) == (409, "urn:kinara:problem:not-second-person")
        approved = await made(http, f"{partner['session']}/approval", None, bearer("hr"))
        assert approved["cleared"]
        await made(http, f"{partner['session']}/opening", None, trainer)

    async def test_an_interest_declared_later_stops_enrolments_until_it_is_approved_or_ended(
        self, http: httpx.AsyncClient, town: Any, bearer: Bearer, partner: dict[str, Any]
    ) -> None:
        hr, conflicted, learner = bearer("hr"), await town.employee(), await town.employee()
        await made(http, f"{partner['session']}/opening", None, bearer("trainer"))
        interest = {"employee_id": conflicted, "reason": "Pemegang saham"}
        flagged = await made(http, f"{partner['path']}/interests", interest, hr)

        place = {"employee_id": learner}
        refused = await http.post(f"{partner['session']}/enrolments", json=place, headers=hr)
        assert (refused.status_code, field_of(refused)) == (409, "session_id")
        end = f"{partner['path']}/interests/{flagged['interests'][0]['id']}/end"
        assert (await http.post(end, headers=bearer("hr", conflicted))).status_code == 409
        assert (await http.post(f"{partner['path']}/interests/{new_id()}/end", headers=hr)).status_code == 404
        ended = await made(http, end, None, hr)
        assert not ended["conflict_of_interest"]
        assert (await made(http, f"{partner['session']}/enrolments", place, hr))["status"] == "confirmed"

    async def test_while_nobody_approves_a_freed_seat_stays_free_and_then_goes_to_who_waits(
        self, http: httpx.AsyncClient, town: Any, bearer: Bearer, partner: dict[str, Any]
    ) -> None:
        hr, people = bearer("hr"), [await town.employee() for _ in range(3)]
        await made(http, f"{partner['session']}/opening", None, bearer("trainer"))
        places = [await made(http, f"{partner['session']}/enrolments", {"employee_id": one}, hr) for one in people]
        interest = {"employee_id": people[0], "reason": "Pemegang saham"}
        await made(http, f"{partner['path']}/interests", interest, hr)

        await made(http, f"/v1/enrolments/{places[0]['id']}/cancellation", None, hr)
        assert (await http.get(partner["session"], headers=hr)).json()["seats_left"] == 1
        approved = await made(http, f"{partner['session']}/approval", None, hr)
        assert (approved["seats_left"], approved["waiting"]) == (0, 0)

    async def test_an_interest_that_ends_gives_the_seats_that_it_kept_free(
        self, http: httpx.AsyncClient, town: Any, bearer: Bearer, partner: dict[str, Any]
    ) -> None:
        hr, people = bearer("hr"), [await town.employee() for _ in range(3)]
        await made(http, f"{partner['session']}/opening", None, bearer("trainer"))
        places = [await made(http, f"{partner['session']}/enrolments", {"employee_id": one}, hr) for one in people]
        interest = {"employee_id": people[0], "reason": "Pemegang saham"}
        flagged = await made(http, f"{partner['path']}/interests", interest, hr)
        await made(http, f"/v1/enrolments/{places[0]['id']}/cancellation", None, hr)

        await made(http, f"{partner['path']}/interests/{flagged['interests'][0]['id']}/end", None, hr)

        after = (await http.get(partner["session"], headers=hr)).json()
        assert (after["seats_left"], after["waiting"]) == (0, 0)

    async def test_without_an_agreement_in_force_there_is_no_session(
        self, http: httpx.AsyncClient, town: Any, bearer: Bearer, partner: dict[str, Any]
    ) -> None:
        unit_id, trainer = await town.unit("/16.71"), bearer("trainer")
        tomorrow = date.fromordinal(day().toordinal() + 1).isoformat()
        body = schedule(unit_id, starts_on=tomorrow, ends_on=tomorrow)

        answer = await http.post(f"/v1/programmes/{partner['programme']['id']}/sessions", json=body, headers=trainer)

        assert (answer.status_code, answer.json()["type"]) == (409, "urn:kinara:problem:agreement-missing")

    async def test_outside_ones_units_there_is_no_partner(
        self, http: httpx.AsyncClient, town: Any, bearer: Bearer, partner: dict[str, Any]
    ) -> None:
        sorong, unit_id = bearer("trainer", None, ("/96.71", "/16.71/plaju")), await town.unit("/16.71")
        mou = {"number": "X", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "scope": "Semua"}
        asked = course(unit_id, partner_id=partner["path"].rpartition("/")[2])
        for method, path, body in [
            ("GET", partner["path"], None),
            ("GET", f"{partner['path']}/rating", None),
            ("POST", f"{partner['path']}/agreements", mou),
            ("POST", f"{partner['path']}/interests", {"employee_id": new_id(), "reason": "Saham"}),
            ("PUT", f"{partner['path']}/offers/{partner['programme']['id']}", {"price": "1", "seats": 1}),
            ("POST", "/v1/programmes", asked),
        ]:
            assert (await http.request(method, path, json=body, headers=sorong)).status_code == 404
        assert (await http.get("/v1/partners", headers=sorong)).json()["items"] == []
        assert (
            await http.post(f"{partner['session']}/approval", headers=bearer("hr", None, ("/96.71",)))
        ).status_code == 404


async def test_shares_that_do_not_sum_and_plans_that_do_not_hold_name_the_field(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer
) -> None:
    unit_id, trainer = await town.unit("/16.71"), bearer("trainer")
    address = f"/v1/programmes/{(await school.session()).programme_id}/sessions"
    for change, problem, field in [
        ({"price": "1000", "shares": [{"source": "unit", "amount": "999"}]}, "shares-uneven", "shares"),
        ({"price": "0.5"}, "invalid-budget", "price"),
        ({"plan_id": f"{YEAR}/16.71"}, "plan-not-agreed", "plan_id"),
    ]:
        answer = await http.post(address, json=schedule(unit_id, **change), headers=trainer)
        assert (answer.json()["type"], field_of(answer)) == (f"urn:kinara:problem:{problem}", field)
    neither = await http.post("/v1/programmes", json=course(unit_id), headers=trainer)
    assert neither.status_code == 422


async def test_a_changed_plan_must_be_agreed_again_and_fit_the_budget(
    http: httpx.AsyncClient, prepared: Database, school: Any, town: Any, bearer: Bearer, give_money: Any
) -> None:
    unit_id, hr = await town.unit("/16.71"), bearer("hr")
    programme_id = (await school.session()).programme_id
    await give_money(100)
    address = f"/v1/units/{unit_id}/plans/{YEAR}"

    def costing(cost: str) -> dict[str, Any]:
        return {"lines": [{"programme_id": programme_id, "topic": "pelayanan", "seats": 5, "cost": cost}]}

    await made(http, address, costing("100"), bearer("trainer"), "PUT")
    await made(http, f"{address}/agreement", None, hr)
    assert (await made(http, address, costing("101"), hr, "PUT"))["state"] == "draft"
    refused = await http.post(f"{address}/agreement", headers=hr)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kinara:problem:plan-over-budget")
    assert await prepared[PLANS.name].count_documents({}) == 1
    assert (await http.get(address, headers=bearer("hr", None, ("/96.71",)))).status_code == 404


async def test_people_see_the_budget_that_pays_for_them_and_no_other(
    http: httpx.AsyncClient, town: Any, bearer: Bearer, give_money: Any
) -> None:
    boss = await town.employee()
    report = await town.employee(supervisor=boss)
    address = f"/v1/records/{report}/budget/{YEAR}"
    me = bearer("employee", report, ())
    assert (await http.get(address, headers=me)).json() == {"year": YEAR, "budget": None}
    await give_money(PRICE)

    for header in (me, bearer("supervisor", boss, ()), bearer("hr"), bearer("oversight")):
        read = (await http.get(address, headers=header)).json()["budget"]
        assert (read["unit_path"], read["planned"], read["free"]) == ("/16.71", str(PRICE), str(PRICE))
    for header in (bearer("employee", boss, ()), bearer("supervisor", new_id(), ()), bearer("hr", None, ("/96.71",))):
        assert (await http.get(address, headers=header)).status_code == 404


async def test_budgets_of_other_units_are_not_there(
    http: httpx.AsyncClient, town: Any, bearer: Bearer, give_money: Any
) -> None:
    unit_id, sorong = await town.unit("/16.71"), bearer("hr", None, ("/96.71",))
    await give_money(PRICE)
    await give_money(PRICE, "/16.71/plaju")
    money = f"/v1/units/{unit_id}/budgets/{YEAR}"

    for method, path, body in [
        ("GET", money, None),
        ("GET", f"{money}/places", None),
        ("PUT", money, {"planned": "1"}),
        ("GET", f"/v1/budget-use?unit_path=/16.71&year={YEAR}", None),
    ]:
        assert (await http.request(method, path, json=body, headers=sorong)).status_code == 404
    listed = {"year": YEAR}
    assert (await http.get("/v1/budgets", params=listed, headers=sorong)).json()["items"] == []
    own = (await http.get("/v1/budgets", params=listed | {"limit": 1}, headers=bearer("hr"))).json()
    rest = (await http.get("/v1/budgets", params=listed | {"after": own["next"]}, headers=bearer("hr"))).json()
    assert [b["unit_path"] for b in own["items"] + rest["items"]] == ["/16.71", "/16.71/plaju"]
    use = (await http.get("/v1/budget-use", params=listed | {"unit_path": "/16.71"}, headers=bearer("hr"))).json()
    assert (use["budgets"], use["planned"], use["over"]) == (2, str(2 * PRICE), "0")


async def test_a_learner_elsewhere_has_no_say_in_money(school: Any, town: Any) -> None:
    with pytest.raises(refusals.LearnerUnknown):
        await commands.enrol(school.work, Scope(own=new_id()), (await school.session()).id, await town.employee())


async def test_budgets_and_plans_are_changed_as_they_were_read(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer, give_money: Any
) -> None:
    unit_id, hr = await town.unit("/16.71"), bearer("hr")
    await give_money(PRICE)
    line = {"programme_id": (await school.session()).programme_id, "topic": "pelayanan", "seats": 1, "cost": "1"}
    plan = f"/v1/units/{unit_id}/plans/{YEAR}"
    await made(http, plan, {"lines": [line]}, hr, "PUT")

    for address, body in [(f"/v1/units/{unit_id}/budgets/{YEAR}", {"planned": "5"}), (plan, {"lines": [line]})]:
        tag = (await http.get(address, headers=hr)).headers["etag"]
        for seen, status_code in [('"99"', 412), (tag, 200), (tag, 412)]:
            answer = await http.put(address, json=body, headers={**hr, "If-Match": seen})
            assert answer.status_code == status_code, answer.text
