"""Panels through the public door: who is asked, who answers, and what is shown of it to whom and when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from appraisal.commands import panels as commands
from appraisal.domain.behaviour import Nilai
from embedded.demo.callers import month_in
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]
Everything = Callable[[], Awaitable[dict[str, Any]]]
PERIOD = month_in("/16.71")


def marks(mark: int, **others: int) -> dict[str, int]:
    return dict.fromkeys((value.value for value in Nilai), mark) | others


class Round:
    """An officer, their superior, and four people who may be asked, through the public door."""

    def __init__(self, http: httpx.AsyncClient, bearer: Bearer, superior: str, officer: str, people: list[str]) -> None:
        self.http, self.bearer = http, bearer
        self.superior, self.officer, self.people = superior, officer, people
        self.address = f"/v1/scorecards/{officer}/panels"
        self.boss = bearer("supervisor", superior, ())
        self.me = bearer("employee", officer, ())

    def asked(self, *people: str) -> dict[str, Any]:
        relations = ["peer", "subordinate"] * len(people)
        return {"members": [{"employee_id": p, "relation": r} for p, r in zip(people, relations, strict=False)]}

    async def opened(self) -> str:
        answer = await self.http.post(self.address, json=self.asked(*self.people), headers=self.boss)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["panel_id"])

    async def answer(self, panel: str, who: str, given: dict[str, int], **extra: str) -> httpx.Response:
        headers = {**self.bearer("employee", who, ()), **extra}
        return await self.http.post(f"/v1/panels/{panel}/answers", json=given, headers=headers)

    async def close(self, panel: str) -> httpx.Response:
        return await self.http.post(f"/v1/panels/{panel}/closing", headers=self.boss)

    async def seen(self, who: dict[str, str]) -> list[dict[str, Any]]:
        answer = await self.http.get(self.address, headers=who)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])


@pytest.fixture
async def asking(http: httpx.AsyncClient, bearer: Bearer, town: Any) -> Round:
    superior = await town.officer()
    officer = await town.officer(superior=superior)
    return Round(http, bearer, superior, officer, [await town.officer() for _ in range(4)])


async def test_the_mean_of_a_closed_panel_is_shown_and_moves_no_score(
    asking: Round, bearer: Bearer, everything: Everything
) -> None:
    panel = await asking.opened()
    before = (await everything())["scorecards"]
    for who, mark in zip(asking.people[:3], (5, 4, 2), strict=True):
        assert (await asking.answer(panel, who, marks(mark, loyal=3))).status_code == 201
    (shown,) = await asking.seen(asking.boss)
    assert (shown["state"], shown["answers"], shown["means"]) == ("terbuka", None, None)
    assert shown["invited"] == {"peer": 2, "subordinate": 2}

    closed = await asking.close(panel)
    assert closed.status_code == 200, closed.text
    assert (closed.json()["answers"], closed.json()["state"]) == (3, "ditutup")
    assert closed.json()["means"] == {v.value: "3.00" if v.value == "loyal" else "3.67" for v in Nilai}
    for who in (asking.boss, asking.me, bearer("hr"), bearer("oversight")):
        assert await asking.seen(who) == [closed.json()]
    assert (await everything())["scorecards"] == before


async def test_fewer_than_three_answers_are_never_shown(asking: Round) -> None:
    panel = await asking.opened()
    for who in asking.people[:2]:
        await asking.answer(panel, who, marks(1))
    closed = (await asking.close(panel)).json()
    assert (closed["answers"], closed["means"]) == (None, None)
    assert closed["message"].startswith("Kurang dari 3 jawaban")


async def test_of_one_person_the_last_answer_counts(asking: Round) -> None:
    panel = await asking.opened()
    for who in asking.people[:3]:
        for mark in (1, 5):
            assert (await asking.answer(panel, who, marks(mark))).status_code == 201
    closed = (await asking.close(panel)).json()
    assert (closed["answers"], closed["means"]["loyal"]) == (3, "5.00")


async def test_a_closed_panel_takes_no_answers_and_is_closed_once(asking: Round, everything: Everything) -> None:
    panel = await asking.opened()
    assert (await asking.close(panel)).status_code == 200
    before = await everything()
    for answer in (await asking.answer(panel, asking.people[0], marks(3)), await asking.close(panel)):
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:kinara:problem:panel-closed")
    assert await everything() == before


async def test_an_answer_and_the_close_at_one_moment_leave_nothing_uncounted(asking: Round) -> None:
    panel = await asking.opened()
    told = await asyncio.gather(*(asking.answer(panel, who, marks(4)) for who in asking.people), asking.close(panel))
    taken = sum(answer.status_code == 201 for answer in told[:-1])
    closed = told[-1].json()
    assert closed["answers"] == (taken if taken >= 3 else None)
    assert await asking.seen(asking.me) == [closed]


async def test_after_fourteen_days_a_panel_is_closed_by_itself(asking: Round, prepared: Database) -> None:
    panel = await asking.opened()
    for who in asking.people:
        await asking.answer(panel, who, marks(4))
    due = (await asking.seen(asking.me))[0]["closes_at"]
    kept = await prepared.find_one("panels", {"_id": panel})
    assert kept is not None
    assert kept["closes_at"] - kept["opened_at"] == timedelta(days=14)
    assert due.startswith(f"{kept['closes_at']:%Y-%m-%dT%H:%M}")
    for ago, shown in ((timedelta(seconds=2), None), (timedelta(seconds=61), 4)):  # one may still be on its way
        await prepared["panels"].update_one({"_id": panel}, {"$set": {"closes_at": utc_now() - ago}})
        assert (await asking.answer(panel, asking.people[0], marks(1))).status_code == 409
        assert (await asking.seen(asking.me))[0]["answers"] == shown


async def test_what_is_stored_does_not_tell_who_said_what(
    asking: Round, everything: Everything, prepared: Database
) -> None:
    panel = await asking.opened()
    given = {"Idempotency-Key": new_id()}
    for who in asking.people:
        assert (await asking.answer(panel, who, marks(4), **given)).status_code == 201
    stored = await everything()
    assert len(stored["panel_answers"]) == 4
    assert {key for row in stored["panel_answers"] for key in row} == {"_id", "rev", "said", "panel_id", "marks"}
    told = json.dumps(stored["panel_answers"]) + json.dumps(await prepared.find("idempotency", {}), default=str)
    assert [who for who in asking.people if who in told] == []
    assert await prepared.find("idempotency", {}) == []


async def test_the_invited_see_what_they_are_asked_and_nobody_else_can_answer(
    asking: Round, bearer: Bearer, town: Any, http: httpx.AsyncClient, everything: Everything
) -> None:
    panel, outsider = await asking.opened(), await town.officer()

    async def asked(who: str) -> list[Any]:
        found = await http.get("/v1/panels/invitations", headers=bearer("employee", who, ()))
        return [(one["panel_id"], one["name"], one["period"]) for one in found.json()["items"]]

    assert await asked(asking.people[3]) == [(panel, "Rani Contoh", PERIOD)]
    before = await everything()
    for who in (outsider, asking.officer, asking.superior):
        assert await asked(who) == []
        assert (await asking.answer(panel, who, marks(3))).status_code == 404
    for bad in (marks(6), marks(3) | {"ramah": 3}, {"loyal": 3}):
        assert (await asking.answer(panel, asking.people[0], bad)).status_code == 422
    assert await everything() == before
    await asking.close(panel)
    assert await asked(asking.people[3]) == []


async def test_who_cannot_be_asked_is_refused_and_nothing_is_opened(
    asking: Round, town: Any, bearer: Bearer, http: httpx.AsyncClient, everything: Everything
) -> None:
    a, b, c, _ = asking.people
    elsewhere = await town.officer("/96.71")
    many = [await town.officer() for _ in range(16)]
    before = await everything()
    for people, type_ in (
        ([a, b], "invalid"),
        (many, "invalid"),
        ([a, b, b], "invalid-panel"),
        ([a, b, new_id()], "invalid-panel"),
        ([a, b, elsewhere], "invalid-panel"),
        ([a, b, asking.superior], "invalid-panel"),
        ([a, b, asking.officer], "self-rating"),
    ):
        answer = await http.post(asking.address, json=asking.asked(*people), headers=asking.boss)
        assert answer.json()["type"] == f"urn:kinara:problem:{type_}", answer.text
        assert answer.json()["errors"][0]["field"].removeprefix("body.") == "members"
    asked = asking.asked(a, b, c)
    for who, status in (
        (bearer("supervisor", a, ()), 404),
        (bearer("supervisor", asking.officer, ()), 403),
        (bearer("hr", units=("/96.71",)), 404),
        (bearer("employee", asking.officer, ()), 403),
    ):
        assert (await http.post(asking.address, json=asked, headers=who)).status_code == status
    future = await http.post(asking.address, json=asked | {"period": "2099-01"}, headers=asking.boss)
    assert (future.status_code, future.json()["errors"][0]["field"]) == (409, "period")
    assert await everything() == before


async def test_an_employee_has_one_panel_in_a_period(asking: Round, bearer: Bearer, http: httpx.AsyncClient) -> None:
    """Of two with nearly the same people the difference would tell what one of them has said."""
    office = bearer("hr")
    asked = asking.asked(*asking.people)
    told = await asyncio.gather(*(http.post(asking.address, json=asked, headers=who) for who in (asking.boss, office)))
    assert sorted(answer.status_code for answer in told) == [201, 409]
    again = await http.post(asking.address, json=asked | {"period": PERIOD}, headers=office)
    assert again.json()["type"] == "urn:kinara:problem:panel-exists"


async def test_a_panel_is_closed_by_the_superior_or_the_office_and_nobody_else(
    asking: Round, bearer: Bearer, http: httpx.AsyncClient
) -> None:
    panel = await asking.opened()
    for who, status in (
        (asking.me, 403),
        (bearer("supervisor", asking.officer, ()), 404),
        (bearer("supervisor", asking.people[0], ()), 404),
        (bearer("hr", units=("/96.71",)), 404),
        (bearer("hr"), 200),
    ):
        assert (await http.post(f"/v1/panels/{panel}/closing", headers=who)).status_code == status


async def test_an_answer_is_led_back_to_nobody_without_the_secret(
    asking: Round, office: Any, prepared: Database
) -> None:
    panel, who = await asking.opened(), asking.people[0]
    for secret in (b"one", b"one", b"other"):
        await commands.answer_panel(Work(prepared), office.own(who), panel, marks(3), secret)
    assert len(await prepared.find("panel_answers", {})) == 2
