"""What the public sees of complaints: of ten people who prove something, and of nobody whom oversight holds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from feedback import commands
from feedback.commands import Choice, decide
from feedback.commands import complaints as complaining
from feedback.commands import publication as publisher
from feedback.domain.complaint import Complaint
from feedback.domain.sender import NOBODY, Sender
from feedback.queries import publication
from feedback.queries.complaints import unit_complaints
from feedback.store import COMPLAINTS, clocks_of
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

CLOCKS = clocks_of()
SECRET = b"a secret of the test"
MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
OVERSIGHT = Scope(paths=("/16.71",), label="oversight")


def person(number: int) -> Sender:
    return Sender(person=f"warga-{number}", secret=SECRET)


@pytest.fixture
def lodge(prepared: Database) -> Any:
    async def of(unit: str, who: Sender = NOBODY, at: datetime = MONDAY, **more: Any) -> Complaint:
        work = Work(prepared, now=lambda: at)
        asked = {"fewest": 1_000, **more}
        given = await complaining.lodge_complaint(work, unit, "Antre", None, None, CLOCKS, SECRET, who, **asked)
        return (await Work(prepared).get(COMPLAINTS, given.id, SYSTEM)).state

    return of


@pytest.fixture
def seen(prepared: Database) -> Any:
    async def of(unit: str) -> int | None:
        """How many complaints of September the public sees."""
        later = Work(prepared, now=lambda: datetime(2026, 12, 15, tzinfo=UTC))
        await publisher.work_off(prepared, later.now)
        _, found, _ = await publication.unit_figures(later, unit, "2026-09")
        return found.complaints

    return of


async def test_whoever_complains_every_hour_finds_no_citizen_s_by_taking_their_own_away(
    town: Any, lodge: Any, seen: Any
) -> None:
    unit = await town.unit()
    await lodge(unit, person(1))
    for hour in range(12):
        at = MONDAY + timedelta(hours=hour)
        await lodge(unit, Sender(address="10.0.0.1", secret=SECRET), at)
        await lodge(unit, Sender(address=f"10.0.1.{hour}", device=f"{hour:022}", secret=SECRET), at)
        await lodge(unit, NOBODY, at)

    assert await seen(unit) is None, "one person proves something; 36 complaints might be one attacker's"


async def test_nor_where_the_attacker_is_a_verified_person_who_complains_about_every_unit(
    town: Any, lodge: Any, seen: Any
) -> None:
    city, *units = [await town.unit(path) for path in ("/16.71", *(f"/16.71/u{n}" for n in range(12)))]
    for unit in units:
        await lodge(unit, person(1))

    assert [await seen(unit) for unit in (city, units[0], units[1])] == [None, None, None], "none of them, not nothing"


async def test_complaints_are_told_where_ten_people_prove_something_with_all_that_came(
    prepared: Database, town: Any, lodge: Any, seen: Any
) -> None:
    unit, other, few = [await town.unit(path) for path in ("/16.71/a", "/16.71/b", "/96.71/c")]
    counter = Scope(paths=("/16.71", "/96.71"), label="counter")

    async def with_ticket(at: str) -> Complaint:
        ticket = await commands.issue_ticket(Work(prepared, now=lambda: MONDAY), counter, at, None, "KTP")
        found: Complaint = await lodge(at, Sender(address="10.0.0.1", secret=SECRET), code=ticket.code)
        return found

    for number in range(10):
        await lodge(unit, person(number))
        await with_ticket(other)
        if number < 9:
            await with_ticket(few)
    for _ in range(3):
        await lodge(unit)

    assert [await seen(one) for one in (unit, other, few)] == [13, 10, None]


async def test_a_ticket_proves_one_complaint_through_the_door(
    http: httpx.AsyncClient, prepared: Database, town: Any
) -> None:
    unit = await town.unit()
    body = {"unit_id": unit, "text": "Antre", "ticket": (await town.ticket(unit)).code}

    given = await asyncio.gather(*(http.post("/v1/complaints", json=body) for _ in range(5)))
    first, *again = sorted(given, key=lambda one: one.status_code)
    other = await http.post("/v1/complaints", json=body | {"unit_id": await town.unit("/16.71/ilir")})
    plain = await http.post("/v1/complaints", json=body | {"ticket": None})

    assert [one.status_code for one in (first, *again, other, plain)] == [201, *[409] * 5, 201]
    assert {one.json()["errors"][0]["field"] for one in again} == {"ticket"}
    kept = {one["_id"]: one["proven"] for one in await prepared.find(COMPLAINTS.name, {})}
    assert (kept[first.json()["id"]], kept[plain.json()["id"]]) == (True, False)
    assert body["ticket"] not in str(await prepared.find(COMPLAINTS.name, {}))


@pytest.mark.parametrize(("verdict", "shown"), [("uphold", 12), ("release", 24), (None, 12)])
async def test_what_is_held_is_published_only_if_it_is_released(
    prepared: Database, town: Any, lodge: Any, seen: Any, verdict: Any, shown: int
) -> None:
    unit = await town.unit()
    for number in range(12):
        await lodge(unit, person(number))
    held = [await lodge(unit, person(100 + number), fewest=2) for number in range(12)]
    assert {one.status for one in held} == {"quarantined"}

    if verdict is not None:
        await decide(Work(prepared), OVERSIGHT, Choice(burst=held[0].burst), verdict, "Diperiksa")

    assert await seen(unit) == shown
    own = await unit_complaints(Work(prepared), unit, "2026-09", OVERSIGHT)
    assert own.counts["received"] == shown, "the office reads the same figures"


@pytest.mark.parametrize(("verdict", "shown"), [("uphold", 0), ("release", 12)])
async def test_a_month_of_which_all_is_held_is_empty_until_it_is_released(
    prepared: Database, town: Any, lodge: Any, seen: Any, verdict: Any, shown: int
) -> None:
    unit = await town.unit()
    held = [await lodge(unit, person(number), fewest=0) for number in range(12)]

    await decide(Work(prepared), OVERSIGHT, Choice(burst=held[0].burst), verdict, "Serentak")

    assert await seen(unit) == shown
