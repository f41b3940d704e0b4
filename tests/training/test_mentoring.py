"""Mentoring through the public door: from the suggestion to both judgements, and what the score counts of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from training.domain.matching import MOST_MENTEES
from training.queries import mentoring as reading
from training.store import MENTORINGS

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]
COMPETENCY = "pelayanan.penanganan-pengaduan"
MARKS = {"marks": [5, 4, 5, 4, 5]}


def day() -> date:
    return day_of(utc_now(), "16")


@dataclass
class Pair:
    """A senior who has shown what a junior needs, and the calls of both."""

    http: httpx.AsyncClient
    bearer: Bearer
    senior: str
    junior: str

    def as_(self, employee_id: str) -> dict[str, str]:
        return self.bearer("employee", employee_id, ())

    async def propose(self, **change: Any) -> httpx.Response:
        body = {"mentee_id": self.junior, "mentor_id": self.senior, "competency": COMPETENCY} | change
        return await self.http.post("/v1/mentorings", json=body, headers=self.as_(body["mentee_id"]))

    async def agreed(self) -> str:
        """The address of a mentoring that both have agreed to."""
        address = f"/v1/mentorings/{(await self.propose()).json()['id']}"
        answer = await self.http.post(f"{address}/acceptance", headers=self.as_(self.senior))
        assert answer.json()["state"] == "active", answer.text
        return address

    async def meet(self, address: str, jp: str, held_on: date | None = None) -> httpx.Response:
        body = {"held_on": (held_on or day()).isoformat(), "jp": jp, "topic": "Menjawab pengaduan"}
        return await self.http.post(f"{address}/meetings", json=body, headers=self.as_(self.senior))

    async def confirm(self, address: str, by: str | None = None) -> httpx.Response:
        headers = self.as_(by or self.junior)
        return await self.http.post(f"{address}/meetings/{day()}/confirmation", headers=headers)


@pytest.fixture
async def pair(http: httpx.AsyncClient, bearer: Bearer, town: Any, school: Any) -> Pair:
    senior, junior = await town.employee(name="Budi Contoh"), await town.employee(supervisor=new_id())
    await school.certified(await school.session(level=4), senior)
    await town.scored(junior)
    return Pair(http, bearer, senior, junior)


async def test_from_the_suggestion_to_both_judgements(
    http: httpx.AsyncClient, bearer: Bearer, pair: Pair, said: Said
) -> None:
    suggested = await http.get(f"/v1/records/{pair.junior}/mentors", headers=pair.as_(pair.junior))
    (suggestion,) = suggested.json()
    assert (suggestion["employee_id"], suggestion["name"], suggestion["mentees"]) == (pair.senior, "Budi Contoh", 0)
    assert suggestion["why"] == f"Menunjukkan yang dibutuhkan peserta: {COMPETENCY} tingkat 4, peserta tingkat 0. " + (
        "Dibanding peserta: masa kerja sama."
    )

    proposed = (await pair.propose()).json()
    assert (proposed["state"], proposed["accepted"]) == ("proposed", ["mentee"])
    address = f"/v1/mentorings/{proposed['id']}"
    await http.post(f"{address}/acceptance", headers=pair.as_(pair.senior))
    before = len(await said())
    assert (await pair.meet(address, "1.5")).status_code == 201
    assert len(await said()) == before
    assert (await pair.confirm(address)).json()["hours"] == "1.5"

    facts = (await said())[before:]
    assert [fact["type"].split(".")[-2] for fact in facts] == ["MentoringSessionHeld"] * 2
    for employee_id in (pair.senior, pair.junior):
        hours = await http.get(f"/v1/records/{employee_id}/hours/{day().year}", headers=pair.as_(employee_id))
        assert Decimal(hours.json()["mentoring"]) == Decimal("1.5")
    first = await http.put(f"{address}/evaluation", json=MARKS, headers=pair.as_(pair.junior))
    assert (first.json()["state"], first.json()["marks"]) == ("active", {})
    closed = await http.put(f"{address}/evaluation", json=MARKS, headers=pair.as_(pair.senior))
    assert (closed.json()["state"], closed.json()["marks"]) == (
        "closed",
        dict.fromkeys(("mentee", "mentor"), MARKS["marks"]),
    )
    for headers in (pair.as_(pair.senior), pair.as_(pair.junior), bearer("hr"), bearer("oversight")):
        assert [m["id"] for m in (await http.get("/v1/mentorings", headers=headers)).json()["items"]] == [
            proposed["id"]
        ]
        assert (await http.get(address, headers=headers)).json()["state"] == "closed"


async def test_each_side_does_its_own_part(http: httpx.AsyncClient, pair: Pair) -> None:
    address = await pair.agreed()
    await pair.meet(address, "2")

    own = await pair.confirm(address, pair.senior)
    assert (own.status_code, own.json()["type"]) == (409, "urn:kinara:problem:not-your-turn")
    assert (await pair.meet(address, "2")).json()["type"] == "urn:kinara:problem:meeting-recorded"
    stranger = pair.as_(new_id())
    for method, path, body in [
        ("GET", "", None),
        ("POST", "/acceptance", None),
        ("POST", "/refusal", {"reason": "tidak mau"}),
        ("POST", "/meetings", {"held_on": day().isoformat(), "jp": "1", "topic": "arsip"}),
        ("POST", f"/meetings/{day()}/confirmation", None),
        ("PUT", "/evaluation", MARKS),
    ]:
        assert (await http.request(method, address + path, json=body, headers=stranger)).status_code == 404, path


async def test_a_meeting_that_is_confirmed_twice_at_once_counts_once(pair: Pair, said: Said) -> None:
    address = await pair.agreed()
    await pair.meet(address, "2")
    before = len(await said())

    answers = await asyncio.gather(*(pair.confirm(address) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len(await said()) == before + 2


async def test_the_last_place_with_a_mentor_is_given_once(prepared: Database, pair: Pair, town: Any) -> None:
    people = [await town.employee() for _ in range(MOST_MENTEES + 2)]
    for employee_id in people[: MOST_MENTEES - 1]:
        assert (await pair.propose(mentee_id=employee_id)).status_code == 201

    answers = await asyncio.gather(*(pair.propose(mentee_id=one) for one in people[MOST_MENTEES - 1 :]))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert await prepared[MENTORINGS.name].count_documents({}) == MOST_MENTEES
    suggested = await pair.http.get(f"/v1/records/{pair.junior}/mentors", headers=pair.as_(pair.junior))
    assert suggested.json() == []


async def test_a_superior_or_the_office_may_propose_and_the_office_may_end_it(
    http: httpx.AsyncClient, bearer: Bearer, pair: Pair, town: Any
) -> None:
    boss = await town.employee()
    report = await town.employee(supervisor=boss)
    body = {"mentee_id": report, "mentor_id": pair.senior, "competency": COMPETENCY}

    proposed = await http.post("/v1/mentorings", json=body, headers=bearer("supervisor", boss, ()))
    assert (proposed.status_code, proposed.json()["accepted"]) == (201, [])
    again = await http.post("/v1/mentorings", json=body, headers=bearer("hr"))
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:already-mentored")
    address, why = f"/v1/mentorings/{proposed.json()['id']}", {"reason": "pembimbing pensiun"}
    assert (await http.post(f"{address}/closing", json=why, headers=bearer("hr", None, ("/96.71",)))).status_code == 404
    assert (await http.post(f"{address}/closing", json=why, headers=bearer("hr"))).json()["state"] == "closed"
    for headers, status in [(bearer("supervisor", boss, ()), 200), (bearer("supervisor", new_id(), ()), 404)]:
        assert (await http.get(f"/v1/records/{report}/mentorings", headers=headers)).status_code == status
    outside = await http.post("/v1/mentorings", json=body, headers=bearer("hr", None, ("/96.71",)))
    assert outside.status_code == 404


async def test_one_of_the_two_may_decline(http: httpx.AsyncClient, pair: Pair) -> None:
    address = f"/v1/mentorings/{(await pair.propose()).json()['id']}"

    declined = await http.post(f"{address}/refusal", json={"reason": "tidak ada waktu"}, headers=pair.as_(pair.senior))

    assert (declined.json()["state"], declined.json()["reason"]) == ("declined", "tidak ada waktu")
    assert (await pair.propose()).status_code == 201


@pytest.mark.parametrize(
    ("jp", "held", "field"),
    [("8.5", 0, "jp"), ("0", 0, "jp"), ("2", 1, "held_on"), ("2", -1, "held_on"), ("1.234", 0, "body.jp")],
    ids=["too long", "no time", "to come", "before the proposal", "three decimals"],
)
async def test_a_meeting_that_cannot_be_names_the_field(pair: Pair, jp: str, held: int, field: str) -> None:
    answer = await pair.meet(await pair.agreed(), jp, day() + timedelta(days=held))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_an_unknown_mentor_is_refused(pair: Pair) -> None:
    answer = await pair.propose(mentor_id=new_id())

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "mentor_id")


async def test_suggestions_come_from_everybody_however_many_pages_it_takes(
    pair: Pair, school: Any, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "READ_AT_ONCE", 1)
    session = await school.session(level=5)
    experts = [await town.employee() for _ in range(2)]
    for employee_id in experts:
        await school.certified(session, employee_id)
    await town.employee("/96.71/dinkes")

    found = await pair.http.get(f"/v1/records/{pair.junior}/mentors", headers=pair.as_(pair.junior))

    assert [one["employee_id"] for one in found.json()] == [*sorted(experts), pair.senior]
