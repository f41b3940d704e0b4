"""A unit that moves takes what was said about it and what it promised along; published figures stay as they were."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from feedback.commands.moves import MOVER
from feedback.domain.edition import Figures
from feedback.store import COMPLAINTS, FEEDBACK, FIGURES, TALLIES
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeTransferred, UnitChanged
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.moves import LONGEST_TRANSACTION
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

Bearer = Callable[..., dict[str, str]]
BEFORE, AFTER = "/16.71/utara/plaju", "/16.71/selatan/plaju"
UNSUR = [f"u{number}" for number in range(1, 10)]


def today(ahead: int = 0) -> str:
    return (day_of(datetime.now(UTC), "16") + timedelta(days=ahead)).isoformat()


async def moves(town: Any, before: str = BEFORE, after: str = AFTER) -> None:
    """Personnel says that a unit has moved."""
    unit_id = town.units[after] = town.units.pop(before)
    await town.deliver(UnitChanged(province=Province(code="16"), unit_path=after, unit_id=unit_id, name="Plaju"))


@command
async def keep(tx: Transaction, figures: Figures) -> None:
    """Figures as an edition has published them."""
    tx.save(FIGURES, figures)


class Offices:
    """The offices above the unit's old and new place."""

    def __init__(self, http: httpx.AsyncClient, bearer: Bearer) -> None:
        self.http = http
        self.old, self.new = (bearer("hr", None, (f"/16.71/{place}",)) for place in ("utara", "selatan"))

    async def both(self, path: str) -> list[int]:
        """How each of them is answered, the old one first."""
        return [(await self.http.get(f"/v1/{path}", headers=who)).status_code for who in (self.old, self.new)]

    async def lists(self, path: str) -> list[int]:
        """How many each of them is shown."""
        answers = [(await self.http.get(f"/v1/{path}", headers=who)).json() for who in (self.old, self.new)]
        return [len(answer["items"]) for answer in answers]

    async def post(self, path: str, body: Any, who: dict[str, str] | None = None, status: int = 201) -> Any:
        """What somebody is answered, a citizen where nobody is named."""
        answer = await self.http.post(f"/v1/{path}", json=body, headers=who)
        assert answer.status_code == status, answer.text
        return answer.json()


async def test_the_office_above_the_new_place_works_with_all_of_it_and_the_old_one_finds_nothing(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    offices, unit_id = Offices(http, bearer), await town.staffed(BEFORE)
    old, new, post = offices.old, offices.new, offices.post
    complaint = await post("complaints", {"unit_id": unit_id, "text": "Antre lama"})
    meeting = {"title": "Rembuk warga", "agenda": ["Jam buka"], "place": "Balai", "held_on": today()}
    forum = await post("forums", {"unit_id": unit_id, **meeting}, old)
    proposal = await post(f"forums/{forum['id']}/proposals", {"words": "Kotak saran"}, old)
    minutes = {"minutes": "Dibuka pukul 9.", "attendance": 20, "answers_due_on": today(14)}
    await post(f"forums/{forum['id']}/minutes", minutes, old)
    promise = {"unit_id": unit_id, "promise": "Loket buka sampai sore", "due_on": today(30)}
    commitment = await post("commitments", promise, old)
    asked = {"unit_id": unit_id, "name": "Survei", "first": today(), "last": today(7), "population": 12}
    campaign, pulse = await post("campaigns", asked, old), await post("climate-pulses", asked, old)
    ticket = await post("tickets", {"unit_id": unit_id, "service": "Penerbitan KTP"}, old)
    voice = await post("feedback", {"ticket": ticket["code"], "rating": 4, "text": "Ramah"})
    await post(f"feedback/{voice['id']}/moderation", {"action": "hide", "reason": "Menyebut nama"}, old)
    (await http.post("/v1/surveys", json={"unit_id": unit_id, **dict.fromkeys(UNSUR, 4)})).raise_for_status()
    pages = [f"complaints/{complaint['id']}", f"campaigns/{campaign['id']}", f"climate-pulses/{pulse['id']}"]
    lists = ["complaints", "feedback", "campaigns", "moderations"]
    assert [await offices.both(page) for page in pages] == [[200, 404]] * 3
    assert [await offices.lists(page) for page in lists] == [[1, 0]] * 4

    await moves(town)
    await MOVER.work_off(prepared)

    assert [await offices.both(page) for page in pages] == [[404, 200]] * 3
    assert [await offices.lists(page) for page in lists] == [[0, 1]] * 4
    await post(f"complaints/{complaint['id']}/verification", {"sla_class": "normal", "topic": "waktu"}, old, 404)
    await post(f"complaints/{complaint['id']}/verification", {"sla_class": "normal", "topic": "waktu"}, new, 200)
    answer = {"decision": "accepted", "answer": "Dipasang minggu ini"}
    await post(f"proposals/{proposal['id']}/answer", answer, old, 404)
    await post(f"proposals/{proposal['id']}/answer", answer, new)
    await post(f"commitments/{commitment['id']}/notes", {"words": "Loket kedua dibuka"}, old, 404)
    await post(f"commitments/{commitment['id']}/notes", {"words": "Loket kedua dibuka"}, new)
    await post(f"campaigns/{campaign['id']}/codes", {"count": 3}, new)
    await post(f"feedback/{voice['id']}/moderation", {"action": "show", "reason": "Tidak menyebut nama"}, new)
    gone = await post("feedback/withdrawal", {"receipt": voice["receipt"], "key": voice["key"]}, status=200)
    assert gone["status"] == "withdrawn", "whoever has spoken takes it back as before"


async def test_published_figures_stay_as_they_were(prepared: Database, town: Any) -> None:
    unit_id = await town.unit(BEFORE)
    published = Figures(
        id=f"{unit_id}/2026-09", about=unit_id, month="2026-09", province=Province(code="16"), unit_path=BEFORE
    )
    await keep(Work(prepared), published)

    await moves(town)
    await MOVER.work_off(prepared)

    kept = await Work(prepared).get(FIGURES, published.id, SYSTEM)
    assert (kept.state, kept.rev) == (published, 1)


async def test_an_officer_who_is_transferred_takes_nothing_of_the_unit_along(prepared: Database, town: Any) -> None:
    unit_id, officer_id = await town.unit(BEFORE), await town.officer(BEFORE)
    other = await town.unit("/16.71/ilir")
    await town.deliver(
        EmployeeTransferred(
            province=Province(code="16"), unit_path="/16.71/ilir", employee_id=officer_id, from_unit_id=unit_id,
            from_unit_path=BEFORE, to_unit_id=other, jabatan="Pengelola", effective_on=day_of(utc_now(), "16"),
        )
    )  # fmt: skip
    assert await Work(prepared).find(LEFT, SYSTEM, {}) == []


async def test_what_citizens_say_while_the_unit_moves_is_all_found_at_its_new_place(
    http: httpx.AsyncClient, prepared: Database, town: Any
) -> None:
    unit_id = await town.unit(BEFORE)

    async def speak() -> None:
        for _ in range(5):
            said = await http.post("/v1/complaints", json={"unit_id": unit_id, "text": "Antre lama"})
            voice = await http.post("/v1/feedback", json={"unit_id": unit_id, "rating": 3})
            answer = await http.post("/v1/surveys", json={"unit_id": unit_id, **dict.fromkeys(UNSUR, 3)})
            assert (said.status_code, voice.status_code, answer.status_code) == (201, 201, 201)

    async def move() -> None:
        for before, after in ((BEFORE, AFTER), (AFTER, f"/16.71/ilir/{new_id()}"), ("", AFTER)):
            await moves(town, before or next(path for path in town.units if "ilir" in path), after)
            await MOVER.work_off(prepared)

    await asyncio.gather(speak(), speak(), move())
    later = utc_now() + LONGEST_TRANSACTION + timedelta(seconds=5)
    await MOVER.work_off(prepared, lambda: later)

    for collection, count in ((COMPLAINTS, 10), (FEEDBACK, 10)):
        found = await Work(prepared).find(collection, SYSTEM, {})
        assert [one.state.unit_path for one in found] == [AFTER] * count
    assert {one.state.unit_path for one in await Work(prepared).find(TALLIES, SYSTEM, {})} == {AFTER}
