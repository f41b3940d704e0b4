"""Complaints that come as a burst: handled as all others, and without effect until oversight has looked at them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from feedback.commands import Choice, decide
from feedback.commands import complaints as commands
from feedback.commands.complaints import Reply
from feedback.domain.complaint import Complaint
from feedback.store import COMPLAINT_TALLIES, COMPLAINTS, SUBJECTS, clocks_of
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]

CLOCKS = clocks_of()
MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
SECRET = b"a secret of the test"
OVERSIGHT = Scope(paths=("/16.71",), label="oversight")


@pytest.fixture
def lodge(prepared: Database) -> Any:
    async def of(unit: str, at: datetime = MONDAY) -> Complaint:
        work = Work(prepared, now=lambda: at)
        given = await commands.lodge_complaint(work, unit, "Antre", None, None, CLOCKS, SECRET, fewest=2)
        return (await Work(prepared).get(COMPLAINTS, given.id, SYSTEM)).state

    return of


async def handled(database: Database, one: Complaint, officer: str) -> None:
    """Verified, assigned and solved in time."""
    work = Work(database, now=lambda: MONDAY)
    await commands.verify_complaint(work, SYSTEM, one.id, "normal", "waktu", CLOCKS)
    await commands.assign_complaint(work, SYSTEM, one.id, officer, "", CLOCKS)
    await commands.answer_complaint(work, Scope(own=officer), one.id, Reply("solved", "Beres"))


async def solved(database: Database) -> int:
    """How many of the unit its figures say are solved in time."""
    (tally,) = await Work(database).find(COMPLAINT_TALLIES, SYSTEM, {})
    return tally.state.counts["solved_in_time"]


def named(rows: list[dict[str, Any]]) -> list[str]:
    return [row["type"].split(".")[3] for row in rows]


async def test_what_comes_beyond_the_usual_is_handled_and_said_when_it_is_released(
    prepared: Database, town: Any, lodge: Any, said: Said
) -> None:
    unit, officer = await town.unit(), await town.officer()
    *_, usual, held = [await lodge(unit) for _ in range(3)]
    assert (usual.status, held.status) == ("received", "quarantined")

    for one in (usual, held):
        await handled(prepared, one, officer)

    assert (await solved(prepared), named(await said())) == (1, ["ComplaintResolved"])
    assert (await Work(prepared).get(COMPLAINTS, held.id, SYSTEM)).state.state == "solved", "handled as any other"

    decided = await decide(Work(prepared), OVERSIGHT, Choice(burst=held.burst), "release", "Banjir di Plaju")

    rows = await said()
    assert (decided.decided, named(rows), await solved(prepared)) == (1, ["ComplaintResolved"] * 2, 2)
    assert [row["version"] for row in rows] == [1, 2]
    assert f'"complaint_id":"{held.id}"' in rows[1]["data"]
    effects = await Work(prepared).effects(await Work(prepared).get(SUBJECTS, officer, SYSTEM))
    assert [row.get("did") for row in effects][-2:] == ["complaint resolved"] * 2
    with pytest.raises(NotFound):
        await decide(Work(prepared), OVERSIGHT, Choice(burst=held.burst), "release", "Lagi")


async def test_what_is_upheld_moves_no_score_whatever_happens_to_it(
    prepared: Database, town: Any, lodge: Any, said: Said
) -> None:
    unit, officer = await town.unit(), await town.officer()
    held = [await lodge(unit) for _ in range(3)][-1]

    await decide(Work(prepared), OVERSIGHT, Choice(complaint_ids=(held.id,)), "uphold", "Serentak")
    await handled(prepared, held, officer)

    kept = (await Work(prepared).get(COMPLAINTS, held.id, SYSTEM)).state
    assert (kept.status, kept.state, kept.untold, await said()) == ("rejected", "solved", (), [])


async def test_its_clocks_run_and_that_they_ran_out_is_said_when_it_is_released(
    prepared: Database, town: Any, lodge: Any, said: Said
) -> None:
    held = [await lodge(await town.unit()) for _ in range(3)][-1]
    late = Work(prepared, now=lambda: held.due_at + timedelta(hours=1))
    await commands.tell_overdue(late, held.id)
    assert (await Work(prepared).get(COMPLAINTS, held.id, SYSTEM)).state.late
    assert await said() == []

    await decide(Work(prepared), OVERSIGHT, Choice(complaint_ids=(held.id,)), "release", "Banjir")

    assert named(await said()) == ["ComplaintOverdue"]


async def test_a_burst_at_one_moment_is_the_same_burst_and_elsewhere_there_is_nothing_to_decide(
    prepared: Database, town: Any, lodge: Any
) -> None:
    unit = await town.unit()

    given = await asyncio.gather(*(lodge(unit) for _ in range(6)))

    assert sorted(one.status for one in given) == ["quarantined"] * 4 + ["received"] * 2
    held = next(one for one in given if one.status == "quarantined")
    with pytest.raises(NotFound):
        await decide(Work(prepared), Scope(paths=("/96.71",)), Choice(burst=held.burst), "release", "Wajar")
    assert (await lodge(unit, MONDAY + timedelta(hours=1))).status == "received"


async def test_oversight_reads_what_is_held_with_its_words_masked(
    http: httpx.AsyncClient, town: Any, bearer: Bearer, look_from: Callable[[int], None]
) -> None:
    look_from(1)
    body = {"unit_id": await town.unit(), "text": "Hubungi 081234567890"}
    held = [(await http.post("/v1/complaints", json=body)).json() for _ in range(4)][1:]

    page = (await http.get("/v1/quarantine/complaints?limit=2", headers=bearer("oversight"))).json()
    rest = await http.get(f"/v1/quarantine/complaints?limit=2&after={page['next']}", headers=bearer("oversight"))
    items = page["items"] + rest.json()["items"]
    assert [item["id"] for item in items] == [one["id"] for one in held]
    assert (items[0]["text"], items[0]["state"]) == ("Hubungi [telepon disembunyikan]", "received")
    assert items[0]["because"].startswith("Lonjakan")
    elsewhere = await http.get("/v1/quarantine/complaints", headers=bearer("oversight", None, ("/96.71",)))
    assert elsewhere.json()["items"] == []

    verdict = {"complaint_ids": [held[0]["id"]], "reason": "Banjir"}
    released = await http.post("/v1/quarantine/release", json=verdict, headers=bearer("oversight"))
    assert released.json() == {"decided": 1, "more": False}
    again = await http.post("/v1/quarantine/uphold", json=verdict, headers=bearer("oversight"))
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "complaint_ids")
