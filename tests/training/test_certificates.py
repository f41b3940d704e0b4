"""Certificates earned elsewhere, through the public door: entered, verified, counted once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import Scope
from training.commands import certificates
from training.domain.certificate import Certificate, Course
from training.domain.refusals import OwnCertificate
from training.store import CERTIFICATES

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]


def yesterday() -> date:
    return day_of(utc_now(), "16") - timedelta(days=1)


def entry(**change: Any) -> dict[str, Any]:
    day = yesterday().isoformat()
    facts = {
        "number": "LC/1", "issuer": "Lembaga Contoh", "title": "Menangani pengaduan", "jp": 8, "course_kind": "8",
        "competencies": ["pelayanan.penanganan-pengaduan"], "starts_on": day, "ends_on": day,
    }  # fmt: skip
    return facts | change


def field_of(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["field"])


@pytest.fixture
def enter(http: httpx.AsyncClient, bearer: Bearer) -> Callable[..., Awaitable[httpx.Response]]:
    """Enter a certificate as the employee whose it is."""

    async def entered(employee_id: str, **change: Any) -> httpx.Response:
        return await http.post(
            f"/v1/records/{employee_id}/certificates", json=entry(**change), headers=bearer("employee", employee_id, ())
        )

    return entered


async def test_hours_count_and_are_said_when_the_office_has_verified_them(
    http: httpx.AsyncClient, town: Any, bearer: Bearer, enter: Any, said: Said
) -> None:
    employee_id, hr = await town.employee(), bearer("hr")
    await town.scored(employee_id)
    hours = f"/v1/records/{employee_id}/hours/{yesterday().year}"

    entered = await enter(employee_id)
    assert (entered.status_code, entered.json()["state"]) == (201, "submitted")
    assert (await http.get(hours, headers=hr)).json()["earned"] == 0
    assert await said() == []
    (waiting,) = (await http.get("/v1/certificates", params={"state": "submitted"}, headers=hr)).json()["items"]
    verified = await http.post(f"/v1/certificates/{waiting['id']}/verification", json={"level": 3}, headers=hr)

    assert (verified.status_code, verified.json()["state"], verified.json()["level"]) == (201, "verified", 3)
    assert [row["type"].split(".")[-2] for row in await said()] == ["TrainingCompleted", "CompetencyAttained"]
    told = (await http.get(hours, headers=bearer("employee", employee_id, ()))).json()
    assert (told["earned"], told["missing"]) == (8, 12)
    record = (await http.get(f"/v1/records/{employee_id}", headers=hr)).json()
    assert [need["state"] for need in record["needs"]] == ["closed"]
    again = await http.post(f"/v1/certificates/{waiting['id']}/verification", json={}, headers=hr)
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:certificate-decided")
    assert (await http.get("/v1/certificates", params={"state": "submitted"}, headers=hr)).json()["items"] == []


async def test_one_number_of_one_issuer_is_entered_once_by_whoever(
    prepared: Database, town: Any, enter: Any, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    people = [await town.employee() for _ in range(3)]

    answers = await asyncio.gather(enter(people[0], number="LC/1"), enter(people[1], number="lc/1"))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert await prepared[CERTIFICATES.name].count_documents({}) == 1
    refused = await enter(people[2], issuer="LEMBAGA CONTOH")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kinara:problem:certificate-used")
    (kept,) = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    address, body = f"/v1/certificates/{kept}/rejection", {"reason": "nomor milik orang lain"}
    assert (await http.post(address, json=body, headers=bearer("trainer"))).json()["state"] == "rejected"
    assert (await enter(people[2])).status_code == 201


async def test_a_course_taken_here_is_not_entered_again_nor_the_other_way_round(
    http: httpx.AsyncClient, school: Any, town: Any, bearer: Bearer, enter: Any
) -> None:
    employee_id, other = await town.employee(), await town.employee()
    await school.certified(await school.session(), employee_id, "UC/7")
    assert (await enter(employee_id, number="UC/7")).status_code == 409

    assert (await enter(other, number="UC/8", issuer="Universitas Contoh")).status_code == 201
    place = await school.taught(await school.session(), other)
    body = {"certificate_number": "UC/8"}
    answer = await http.post(f"/v1/enrolments/{place.id}/completion", json=body, headers=bearer("trainer"))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:kinara:problem:certificate-used")


async def test_two_that_fill_one_day_together_are_one_too_many_even_at_once(town: Any, enter: Any) -> None:
    employee_id = await town.employee()

    answers = await asyncio.gather(*(enter(employee_id, number=f"LC/{n}", jp=5) for n in range(2)))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (refused,) = [answer for answer in answers if answer.status_code == 409]
    assert (refused.json()["type"], field_of(refused)) == ("urn:kinara:problem:days-taken", "jp")


async def test_only_the_office_of_their_units_decides_and_never_on_their_own(
    http: httpx.AsyncClient, town: Any, bearer: Bearer, enter: Any
) -> None:
    employee_id = await town.employee()
    id_ = (await enter(employee_id)).json()["id"]
    address = f"/v1/certificates/{id_}/verification"

    assert (await http.post(address, json={}, headers=bearer("hr", None, ("/96.71",)))).status_code == 404
    own = await http.post(address, json={}, headers=bearer("hr", employee_id))
    assert (own.status_code, own.json()["type"]) == (403, "urn:kinara:problem:own-certificate")
    for headers, found in [(bearer("hr"), 1), (bearer("hr", None, ("/96.71",)), 0)]:
        assert len((await http.get("/v1/certificates", headers=headers)).json()["items"]) == found
    stranger = bearer("employee", new_id(), ())
    assert (await http.get(f"/v1/records/{employee_id}/certificates", headers=stranger)).status_code == 404
    answer = await http.post(f"/v1/records/{employee_id}/certificates", json=entry(number="LC/2"), headers=stranger)
    assert answer.status_code == 404


@pytest.mark.parametrize("decide", ["verify", "reject"])
async def test_nobody_decides_on_their_own_by_another_account(school: Any, town: Any, decide: str) -> None:
    """The subject of an account need not be the employee's id: the office's may be a mail address."""
    employee_id, colleague = await town.employee(), await town.employee()
    course = Course(**entry() | {"starts_on": yesterday(), "ends_on": yesterday()})
    office = Scope(paths=("/16.71",), label="kepegawaian@example.go.id")
    entered = await certificates.submit(school.work, replace(office, person=colleague), employee_id, course)
    assert entered.submitted_by == colleague

    async def decided(person: str, label: str) -> Certificate:
        scope = replace(office, person=person, label=label)
        if decide == "verify":
            return await certificates.verify(school.work, scope, entered.id, 1)
        return await certificates.reject(school.work, scope, entered.id, "nomor tidak ditemukan")

    for person in (employee_id, colleague):
        with pytest.raises(OwnCertificate):
            await decided(person, "akun-lain@example.go.id")
    other = await town.employee()
    assert (await decided(other, office.label)).decided_by == other


async def test_a_repeated_entry_under_one_key_is_one_entry(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    employee_id = await town.employee()
    keyed = {**bearer("employee", employee_id, ()), "Idempotency-Key": new_id()}

    answers = [
        await http.post(f"/v1/records/{employee_id}/certificates", json=entry(), headers=keyed) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert await prepared[CERTIFICATES.name].count_documents({}) == 1


async def test_what_is_no_certificate_names_the_field(town: Any, enter: Any) -> None:
    employee_id = await town.employee()
    for change, field in [
        ({"jp": "8"}, "body.jp"),
        ({"course_kind": "99"}, "course_kind"),
        ({"ends_on": "2999-01-01"}, "ends_on"),
        ({"number": ""}, "body.number"),
    ]:
        answer = await enter(employee_id, **change)
        assert (answer.status_code, field_of(answer)) == (422, field)
