"""Training through its public door: a programme's life, who may do what, and how refusals are worded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from kinara.contracts.regions import day_of
from kinara.kit.identity import Role
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from training.domain.session import Session
from training.store import ENROLMENTS, PROGRAMMES, SESSIONS, ship_catalogue

Bearer = Callable[..., dict[str, str]]


def course(unit_id: str, **change: Any) -> dict[str, Any]:
    described = {
        "unit_id": unit_id,
        "title": "Pelayanan tanpa antre",
        "partner": {"name": "Yayasan Contoh", "kind": "ngo"},
        "jp": 8,
        "course_kind": "4",
        "competencies": ["pelayanan.publik-digital"],
    }
    return described | change


def day() -> date:
    return day_of(utc_now(), "16")


def schedule(unit_id: str, **change: Any) -> dict[str, Any]:
    on = day().isoformat()
    return {"unit_id": unit_id, "starts_on": on, "ends_on": on, "seats": 2, "place": "Aula"} | change


def field_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["errors"][0]["field"])


async def test_a_programme_from_the_offer_to_the_certificate(
    http: httpx.AsyncClient, town: Any, bearer: Bearer
) -> None:
    unit_id, employee_id = await town.unit("/16.71"), await town.employee()
    trainer, learner = bearer("trainer"), bearer("employee", employee_id, ())
    await town.scored(employee_id)

    offered = await http.post("/v1/programmes", json=course(unit_id, level=2), headers=trainer)
    assert offered.status_code == 201
    programme = offered.json()
    assert (programme["course_kind_name"], programme["unit_path"], programme["level"]) == ("Workshop", "/16.71", 2)
    planned = await http.post(f"/v1/programmes/{programme['id']}/sessions", json=schedule(unit_id), headers=trainer)
    assert (planned.status_code, planned.json()["state"]) == (201, "planned")
    session = f"/v1/sessions/{planned.json()['id']}"
    assert (await http.post(f"{session}/opening", headers=trainer)).json()["state"] == "open"

    place = await http.post(f"{session}/enrolments", json={"employee_id": employee_id}, headers=learner)
    assert (place.status_code, place.json()["status"], place.json()["place"]) == (201, "confirmed", None)
    enrolment = f"/v1/enrolments/{place.json()['id']}"
    present = await http.put(f"{enrolment}/attendance/{day()}", headers=trainer)
    assert present.json()["attended"] == [day().isoformat()]
    done = await http.post(f"{enrolment}/completion", json={"certificate_number": "Y/1"}, headers=trainer)
    assert done.status_code == 201
    proof = done.json()
    assert (proof["jp"], proof["employee_id"], proof["needs_closed"]) == (8, employee_id, ["2026-11-a"])
    assert (await http.post(f"{session}/closing", headers=trainer)).json()["state"] == "held"

    record = (await http.get(f"/v1/records/{employee_id}", headers=learner)).json()
    assert [done["id"] for done in record["completions"]] == [proof["completion_id"]]
    assert [(need["state"], need["closed_by"]) for need in record["needs"]] == [("closed", proof["completion_id"])]
    hours = (await http.get(f"/v1/records/{employee_id}/hours/{day().year}", headers=learner)).json()
    assert (hours["earned"], hours["offered"], hours["at_least"], hours["missing"]) == (8, 8, 20, 12)
    (booked,) = (await http.get(f"/v1/records/{employee_id}/enrolments", headers=learner)).json()["items"]
    assert (booked["status"], booked["session_state"]) == ("completed", "held")


async def test_the_last_seat_is_given_once_through_the_door(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer
) -> None:
    session = await school.session(seats=1)
    people = [await town.employee() for _ in range(2)]

    answers = await asyncio.gather(
        *(
            http.post(
                f"/v1/sessions/{session.id}/enrolments",
                json={"employee_id": employee_id},
                headers=bearer("employee", employee_id, ()),
            )
            for employee_id in people
        )
    )

    assert sorted(answer.json()["status"] for answer in answers) == ["confirmed", "waiting"]
    view = (await http.get(f"/v1/sessions/{session.id}", headers=bearer("oversight"))).json()
    assert (view["seats_left"], view["waiting"]) == (0, 1)


EVERYONE = set(Role)
CERTIFICATE: dict[str, Any] = {
    "number": "LC/1", "issuer": "Lembaga Contoh", "title": "Arsip", "jp": 8, "course_kind": "4",
    "competencies": ["teknis.arsip"], "starts_on": "2026-11-02", "ends_on": "2026-11-02",
}  # fmt: skip
KEEPERS = {Role.TRAINER, Role.HR}
BOOKS = {Role.TRAINER, Role.HR, Role.OVERSIGHT}
AGREEMENT = {"number": "MoU/1", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "scope": "Pelatihan"}
LINE = {"programme_id": new_id(), "topic": "pelayanan", "seats": 1, "cost": "1"}
ENROLLERS = {Role.EMPLOYEE, Role.SUPERVISOR, Role.HR}
READERS = {Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT}
ROUTES: dict[str, tuple[set[Role], int, Any]] = {
    "GET /v1/programmes": (EVERYONE, 200, None),
    "GET /v1/programmes/{programme_id}": (EVERYONE, 404, None),
    "POST /v1/programmes": ({Role.TRAINER}, 404, course(new_id())),
    "POST /v1/programmes/{programme_id}/retirement": ({Role.TRAINER}, 404, None),
    "POST /v1/programmes/{programme_id}/sessions": ({Role.TRAINER}, 404, schedule(new_id())),
    "GET /v1/sessions": (EVERYONE, 200, None),
    "GET /v1/sessions/{session_id}": (EVERYONE, 404, None),
    "POST /v1/sessions/{session_id}/opening": ({Role.TRAINER}, 404, None),
    "POST /v1/sessions/{session_id}/closing": ({Role.TRAINER}, 404, None),
    "POST /v1/sessions/{session_id}/cancellation": ({Role.TRAINER}, 404, None),
    "POST /v1/sessions/{session_id}/enrolments": (ENROLLERS, 404, {"employee_id": new_id()}),
    "GET /v1/sessions/{session_id}/enrolments": ({Role.TRAINER, Role.HR, Role.OVERSIGHT}, 404, None),
    "POST /v1/enrolments/{enrolment_id}/cancellation": (ENROLLERS, 404, None),
    "PUT /v1/enrolments/{enrolment_id}/attendance/{day}": ({Role.TRAINER}, 404, None),
    "POST /v1/enrolments/{enrolment_id}/completion": ({Role.TRAINER}, 404, {"certificate_number": "S/1"}),
    "GET /v1/records": (READERS, 200, None),
    "GET /v1/records/{employee_id}": (READERS, 404, None),
    "GET /v1/records/{employee_id}/hours/{year}": (READERS, 404, None),
    "GET /v1/records/{employee_id}/enrolments": (READERS, 404, None),
    "GET /v1/needs/{topic}": ({Role.SUPERVISOR, Role.HR}, 200, None),
    "GET /v1/demand": ({Role.HR, Role.TRAINER}, 200, None),
    "PUT /v1/units/{unit_id}/standards/{post}": ({Role.HR}, 404, {"required": []}),
    "GET /v1/units/{unit_id}/needs": ({Role.HR, Role.TRAINER, Role.OVERSIGHT}, 404, None),
    "GET /v1/standards": ({Role.HR, Role.TRAINER, Role.OVERSIGHT}, 200, None),
    "GET /v1/records/{employee_id}/gaps": (READERS, 404, None),
    "GET /v1/entitlements": (READERS, 200, None),
    "POST /v1/records/{employee_id}/certificates": ({Role.EMPLOYEE}, 404, CERTIFICATE),
    "GET /v1/records/{employee_id}/certificates": (READERS, 404, None),
    "GET /v1/records/{employee_id}/mentors": (ENROLLERS, 404, None),
    "GET /v1/records/{employee_id}/mentorings": (READERS, 404, None),
    "GET /v1/mentorings": ({Role.EMPLOYEE, Role.HR, Role.OVERSIGHT}, 200, None),
    "POST /v1/mentorings": (
        ENROLLERS,
        404,
        {"mentee_id": new_id(), "mentor_id": new_id(), "competency": "teknis.arsip"},
    ),
    "GET /v1/mentorings/{mentoring_id}": ({Role.EMPLOYEE, Role.HR, Role.OVERSIGHT}, 404, None),
    "POST /v1/mentorings/{mentoring_id}/acceptance": ({Role.EMPLOYEE}, 404, None),
    "POST /v1/mentorings/{mentoring_id}/refusal": ({Role.EMPLOYEE}, 404, {"reason": "tidak ada waktu"}),
    "POST /v1/mentorings/{mentoring_id}/meetings": (
        {Role.EMPLOYEE},
        404,
        {"held_on": "2026-11-16", "jp": "1", "topic": "arsip"},
    ),
    "POST /v1/mentorings/{mentoring_id}/meetings/{day}/confirmation": ({Role.EMPLOYEE}, 404, None),
    "PUT /v1/mentorings/{mentoring_id}/evaluation": ({Role.EMPLOYEE}, 404, {"marks": [5, 5, 5, 5, 5]}),
    "POST /v1/mentorings/{mentoring_id}/closing": ({Role.HR}, 404, {"reason": "pensiun"}),
    "GET /v1/partners/{partner_id}/effect": (BOOKS, 404, None),
    "GET /v1/programmes/{programme_id}/effect": ({Role.HR, Role.TRAINER, Role.OVERSIGHT}, 404, None),
    "GET /v1/certificates": ({Role.HR, Role.TRAINER, Role.OVERSIGHT}, 200, None),
    "POST /v1/certificates/{certificate_id}/verification": ({Role.HR, Role.TRAINER}, 404, {}),
    "POST /v1/certificates/{certificate_id}/rejection": ({Role.HR, Role.TRAINER}, 404, {"reason": "palsu"}),
    "PUT /v1/units/{unit_id}/budgets/{year}": ({Role.HR}, 404, {"planned": "1"}),
    "GET /v1/units/{unit_id}/budgets/{year}": (BOOKS, 404, None),
    "GET /v1/units/{unit_id}/budgets/{year}/places": (BOOKS, 404, None),
    "GET /v1/budgets": (BOOKS, 200, None),
    "GET /v1/budget-use": (BOOKS, 200, None),
    "GET /v1/records/{employee_id}/budget/{year}": (READERS, 404, None),
    "PUT /v1/units/{unit_id}/plans/{year}": (KEEPERS, 404, {"lines": [LINE]}),
    "POST /v1/units/{unit_id}/plans/{year}/agreement": ({Role.HR}, 404, None),
    "GET /v1/units/{unit_id}/plans/{year}": (BOOKS, 404, None),
    "GET /v1/units/{unit_id}/plans/{year}/progress": (BOOKS, 404, None),
    "POST /v1/partners": (KEEPERS, 404, {"unit_id": new_id(), "name": "Lembaga Contoh", "kind": "ngo"}),
    "GET /v1/partners": (BOOKS, 200, None),
    "GET /v1/partners/{partner_id}": (BOOKS, 404, None),
    "POST /v1/partners/{partner_id}/agreements": (KEEPERS, 404, AGREEMENT),
    "PUT /v1/partners/{partner_id}/offers/{programme_id}": (KEEPERS, 404, {"price": "1", "seats": 1}),
    "POST /v1/partners/{partner_id}/interests": (KEEPERS, 404, {"employee_id": new_id(), "reason": "Pemilik"}),
    "POST /v1/partners/{partner_id}/interests/{interest_id}/end": ({Role.HR}, 404, None),
    "GET /v1/partners/{partner_id}/rating": (BOOKS, 404, None),
    "POST /v1/sessions/{session_id}/approval": ({Role.HR}, 404, None),
    "POST /v1/trainers": (KEEPERS, 404, {"employee_id": new_id()}),
    "GET /v1/trainers": (BOOKS, 200, None),
    "GET /v1/trainers/{trainer_id}/load/{year}": ({*BOOKS, Role.EMPLOYEE}, 404, None),
    "POST /v1/trainers/{trainer_id}/retirement": (KEEPERS, 404, None),
    "PUT /v1/sessions/{session_id}/trainers": ({Role.TRAINER}, 404, {"trainers": []}),
    "GET /v1/sessions/{session_id}/trainers": (set(Role), 404, None),
}
"""Who may call a route, what they get where there is nothing, and a body that it takes."""


def test_every_route_is_listed_here(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    documented = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert {route for route in documented if "/v1/" in route and "/seals" not in route} == ROUTES.keys()


@pytest.mark.parametrize("route", ROUTES)
async def test_a_route_is_for_its_roles_and_finds_nothing_out_of_their_reach(
    http: httpx.AsyncClient, bearer: Bearer, route: str
) -> None:
    allowed, found, body = ROUTES[route]
    method, _, path = route.partition(" ")
    filled = {name: new_id() for name in re.findall(r"{(\w+_id)}", path)}
    address = path.format(**filled, day="2026-11-16", year=2026, topic="pelayanan", post="pelaksana")
    asked: dict[str, Any] = {"json": body, "params": {"unit_path": "/16.71", "year": 2026}}

    assert (await http.request(method, address, **asked)).status_code == 401
    for role in Role:
        answer = await http.request(method, address, **asked, headers=bearer(role, new_id()))
        assert answer.status_code == (found if role in allowed else 403), (role, answer.text)


async def test_outside_ones_reach_a_record_does_not_exist(http: httpx.AsyncClient, town: Any, bearer: Bearer) -> None:
    boss = await town.employee()
    report = await town.employee(supervisor=boss)
    readers = {
        200: [
            bearer("employee", report, ()),
            bearer("supervisor", boss, ()),
            bearer("hr", None, ("/16.71/plaju",)),
            bearer("oversight", None, ("/16.71",)),
        ],
        404: [
            bearer("employee", boss, ("/16.71",)),
            bearer("supervisor", new_id(), ("/16.71",)),
            bearer("hr", None, ("/16.71/ilir", "/96.71")),
            bearer("oversight", None, ()),
        ],
    }
    for status, headers in readers.items():
        for header in headers:
            for address in ("", "/hours/2026", "/enrolments"):
                answer = await http.get(f"/v1/records/{report}{address}", headers=header)
                assert answer.status_code == status


async def test_enrolling_somebody_out_of_reach_names_the_field(
    http: httpx.AsyncClient, prepared: Database, school: Any, town: Any, bearer: Bearer
) -> None:
    session, employee_id = await school.session(), await town.employee()
    address = f"/v1/sessions/{session.id}/enrolments"
    strangers = [bearer("employee", new_id(), ()), bearer("supervisor", new_id(), ()), bearer("hr", None, ("/96.71",))]

    for header in strangers:
        answer = await http.post(address, json={"employee_id": employee_id}, headers=header)
        assert (answer.status_code, field_of(answer)) == (404, "employee_id")
        assert answer.json()["type"] == "urn:kinara:problem:learner-unknown"
    assert await prepared[ENROLMENTS.name].count_documents({}) == 0


async def test_a_trainer_changes_only_what_their_units_host(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer
) -> None:
    session = await school.session()
    place = await school.enrol(session, await town.employee())
    other = bearer("trainer", None, ("/16.71/plaju", "/96.71"))

    for method, address, body in [
        ("POST", f"/v1/programmes/{session.programme_id}/retirement", None),
        ("POST", f"/v1/sessions/{session.id}/closing", None),
        ("POST", f"/v1/sessions/{session.id}/cancellation", None),
        ("GET", f"/v1/sessions/{session.id}/enrolments", None),
        ("PUT", f"/v1/enrolments/{place.id}/attendance/{session.starts_on}", None),
        ("POST", f"/v1/enrolments/{place.id}/completion", {"certificate_number": "S/1"}),
    ]:
        assert (await http.request(method, address, json=body, headers=other)).status_code == 404


@pytest.mark.parametrize("starts_on", ["9999-12-30", "9999-12-31", "2026-11-16"])
async def test_a_session_at_the_end_of_the_calendar_is_refused_like_any_other(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer, starts_on: str
) -> None:
    unit_id, programme_id = await town.unit("/16.71"), (await school.session()).programme_id
    planned = schedule(unit_id, starts_on=starts_on, ends_on="9999-12-31")

    answer = await http.post(f"/v1/programmes/{programme_id}/sessions", json=planned, headers=bearer("trainer"))

    assert (answer.status_code, field_of(answer)) == (422, "ends_on")


async def test_a_second_full_session_on_one_day_is_a_conflict(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer
) -> None:
    employee_id, one, other = await town.employee(), await school.session(), await school.session()
    await school.enrol(one, employee_id)

    answer = await http.post(
        f"/v1/sessions/{other.id}/enrolments",
        json={"employee_id": employee_id},
        headers=bearer("employee", employee_id, ()),
    )

    assert (answer.status_code, field_of(answer)) == (409, "session_id")
    assert answer.json()["type"] == "urn:kinara:problem:days-taken"


async def test_changes_ask_for_the_revision_that_was_read(http: httpx.AsyncClient, school: Any, bearer: Bearer) -> None:
    session, trainer = await school.session(), bearer("trainer")
    for address, change in [
        (f"/v1/sessions/{session.id}", "closing"),
        (f"/v1/programmes/{session.programme_id}", "retirement"),
    ]:
        tag = (await http.get(address, headers=trainer)).headers["etag"]
        stale = await http.post(f"{address}/{change}", headers={**trainer, "If-Match": '"99"'})
        assert (stale.status_code, stale.json()["type"]) == (412, "urn:kinara:problem:stale")
        fresh = await http.post(f"{address}/{change}", headers={**trainer, "If-Match": tag})
        assert fresh.status_code == 200
        assert (await http.get(address, headers=trainer)).headers["etag"] != tag


async def test_a_repeated_request_under_one_key_is_one_request(
    http: httpx.AsyncClient, prepared: Database, school: Any, town: Any, bearer: Bearer
) -> None:
    unit_id, employee_id, session = await town.unit("/16.71"), await town.employee(), await school.session(seats=5)
    trainer, learner = bearer("trainer"), bearer("employee", employee_id, ())
    place = await school.taught(session, await town.employee())
    requests: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        ("/v1/programmes", course(unit_id), trainer),
        (f"/v1/programmes/{session.programme_id}/sessions", schedule(unit_id), trainer),
        (f"/v1/sessions/{session.id}/enrolments", {"employee_id": employee_id}, learner),
        (f"/v1/enrolments/{place.id}/completion", {"certificate_number": "S/1"}, trainer),
    ]
    before = {name: await prepared[name].count_documents({}) for name in (PROGRAMMES.name, SESSIONS.name, OUTBOX)}

    for address, body, header in requests:
        keyed = {**header, "Idempotency-Key": new_id()}
        first, again = [await http.post(address, json=body, headers=keyed) for _ in range(2)]
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
    after = {name: await prepared[name].count_documents({}) for name in before}
    assert after == {PROGRAMMES.name: before[PROGRAMMES.name] + 1, SESSIONS.name: before[SESSIONS.name] + 1,
                     OUTBOX: before[OUTBOX] + 2}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"jp": 0}, "jp", id="no hours"),
        pytest.param({"jp": "8"}, "body.jp", id="hours as text"),
        pytest.param({"title": "   "}, "body.title", id="blank title"),
        pytest.param({"partner": {"name": " ", "kind": "ngo"}}, "body.partner.name", id="blank partner"),
        pytest.param({"partner": {"name": "P", "kind": "church"}}, "body.partner.kind", id="unknown kind of partner"),
        pytest.param({"course_kind": "99"}, "course_kind", id="unknown kind of course"),
        pytest.param({"competencies": ["memasak"]}, "competencies", id="no competency code"),
        pytest.param({"level": 6}, "level", id="level above expert"),
        pytest.param({"colour": "red"}, "body.colour", id="unknown field"),
    ],
)
async def test_a_programme_that_cannot_be_names_the_field_and_is_not_kept(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer, change: dict[str, Any], field: str
) -> None:
    unit_id = await town.unit("/16.71")

    answer = await http.post("/v1/programmes", json=course(unit_id, **change), headers=bearer("trainer"))

    assert (answer.status_code, field_of(answer)) == (422, field)
    assert await prepared[PROGRAMMES.name].count_documents({}) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"seats": 0}, "seats", id="no seats"),
        pytest.param({"ends_on": "2020-01-01"}, "ends_on", id="ends before it starts"),
        pytest.param({"meets_on": ["2020-01-01"]}, "meets_on", id="meets before it starts"),
        pytest.param({"starts_on": "besok"}, "body.starts_on", id="no date"),
    ],
)
async def test_a_session_that_cannot_be_names_the_field_and_is_not_kept(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer, change: dict[str, Any], field: str
) -> None:
    await ship_catalogue(prepared)
    unit_id = await town.unit("/16.71")
    short = await prepared.find_one(PROGRAMMES.name, {"jp": 4})
    assert short is not None

    address = f"/v1/programmes/{short['_id']}/sessions"
    answer = await http.post(address, json=schedule(unit_id, **change), headers=bearer("trainer"))

    assert (answer.status_code, field_of(answer)) == (422, field)
    assert await prepared[SESSIONS.name].count_documents({}) == 0


async def test_what_no_longer_fits_the_state_is_a_conflict(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer
) -> None:
    session: Session = await school.session()
    employee_id, trainer = await town.employee(), bearer("trainer")
    place = await school.taught(session, employee_id)
    done = f"/v1/enrolments/{place.id}/completion"
    await http.post(done, json={"certificate_number": "S/1"}, headers=trainer)

    for address, body, header, problem in [
        (f"/v1/sessions/{session.id}/opening", None, trainer, "session-not-open"),
        (f"/v1/sessions/{session.id}/enrolments", {"employee_id": employee_id}, bearer("hr"), "already-enrolled"),
        (f"/v1/enrolments/{place.id}/cancellation", None, bearer("hr"), "enrolment-closed"),
        (done, {"certificate_number": "S/2"}, trainer, "already-completed"),
    ]:
        answer = await http.post(address, json=body, headers=header)
        assert (answer.status_code, answer.json()["type"]) == (409, f"urn:kinara:problem:{problem}")


async def test_lists_end_with_a_page_without_next(
    http: httpx.AsyncClient, prepared: Database, school: Any, town: Any, bearer: Bearer
) -> None:
    await ship_catalogue(prepared)
    session = await school.session()
    people = [await town.employee() for _ in range(3)]
    for employee_id in people:
        await town.scored(employee_id)
        await school.enrol(session, employee_id)
    hr = bearer("hr")

    for address, size in [
        ("/v1/programmes", 6),
        ("/v1/sessions", 1),
        (f"/v1/sessions/{session.id}/enrolments", 3),
        ("/v1/records", 3),
        ("/v1/needs/pelayanan", 3),
        (f"/v1/records/{people[0]}/enrolments", 1),
    ]:
        seen: list[dict[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            page = (await http.get(address, params={"limit": 2, **after}, headers=hr)).json()
            seen += page["items"]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert len(seen) == len({str(item) for item in seen}) == size, address


async def test_demand_is_ranked_for_the_trainers_units(http: httpx.AsyncClient, town: Any, bearer: Bearer) -> None:
    employee_id = await town.employee()
    await town.scored(employee_id)

    answer = await http.get("/v1/demand", params={"unit_path": "/16.71/plaju"}, headers=bearer("trainer"))

    assert answer.json() == [{"topic": "pelayanan", "needs": 1, "employees": 1, "units": 0}]
    outside = await http.get("/v1/demand", params={"unit_path": "/96.71"}, headers=bearer("trainer"))
    assert outside.status_code == 404
