"""The publisher: each month of a government is published once, by however many at once, wherever they were cut off."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from feedback import commands
from feedback.commands import Voice, publication
from feedback.domain.answering import UNSUR
from feedback.domain.complaint_tally import ComplaintTally
from feedback.domain.edition import Edition
from feedback.store import COMPLAINT_TALLIES, EDITIONS, FIGURES, PUBLICATIONS
from kinara.contracts import Province
from kinara.kit.leases import Aside, Lease
from kinara.kit.mongo import Conflict, Database, Taken
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import eventually
from kinara.kit.work import Transaction, Work, command

DECEMBER = datetime(2026, 12, 15, tzinfo=UTC)

PUBLISHER = f"""
import asyncio, sys
from datetime import datetime
from feedback.commands import publication
from kinara.kit.leases import INTERRUPTIONS
from kinara.kit.mongo import Database

publication.STEP = 2

async def main():
    database, due = Database(sys.argv[1], sys.argv[2]), datetime.fromisoformat("{DECEMBER.isoformat()}")
    for _ in range(50):
        try:
            return await publication.work_off(database, lambda: due)
        except INTERRUPTIONS:
            await asyncio.sleep(0.1)
    raise SystemExit(1)

asyncio.run(main())
"""
"""What the lease lets one process do at a time, in a process of its own and without the lease."""


def at(moment: datetime) -> Any:
    return lambda: moment


@pytest.fixture
async def spoken(prepared: Database, town: Any) -> list[str]:
    """Twelve ratings with a ticket of a unit in Palembang in July, and of one in Sorong in October."""
    units = [await town.unit("/16.71/plaju"), await town.unit("/96.71/dinkes")]
    for unit, month in zip(units, (7, 10), strict=True):
        for _ in range(12):
            ticket = await town.ticket(unit)
            work = Work(prepared, now=at(datetime(2026, month, 15, tzinfo=UTC)))
            await commands.give_feedback(work, Voice(None, unit, 4, "", ticket.code), b"s", fewest=100)
    return units


async def editions(database: Database) -> list[str]:
    return sorted(one["_id"] for one in await database.find(EDITIONS.name, {}))


ALL = [f"/16.71/2026-{month:02}" for month in range(7, 12)] + ["/96.71/2026-10", "/96.71/2026-11"]


async def assert_each_published_once(database: Database, units: list[str]) -> None:
    assert await editions(database) == ALL
    figures = await database.find(FIGURES.name, {})
    told = Counter((one["about"], one["month"], one["voices"]) for one in figures)
    assert told == Counter([(units[0], "2026-07", 12), (units[1], "2026-10", 12)])
    assert {one["_id"]: one["month"] for one in await database.find(PUBLICATIONS.name, {})} == {
        "/16.71": "2026-12", "/96.71": "2026-12",
    }  # fmt: skip


async def test_every_month_since_the_first_voice_is_published_and_none_again(
    prepared: Database, spoken: list[str]
) -> None:
    for _ in range(2):
        await publication.work_off(prepared, at(DECEMBER))

    await assert_each_published_once(prepared, spoken)
    revs = {one["_id"]: one["rev"] for one in await prepared.find(EDITIONS.name, {})}
    assert set(revs.values()) == {1}


async def test_what_is_said_of_a_month_that_is_published_changes_nothing(
    prepared: Database, town: Any, spoken: list[str]
) -> None:
    await publication.work_off(prepared, at(DECEMBER))
    await prepared[PUBLICATIONS.name].delete_many({})  # as of a government published before there was a publisher
    ticket = await town.ticket(spoken[0])
    late = Work(prepared, now=at(datetime(2026, 7, 20, tzinfo=UTC)))
    await commands.give_feedback(late, Voice(None, spoken[0], 1, "", ticket.code), b"s")

    await publication.work_off(prepared, at(DECEMBER))

    await assert_each_published_once(prepared, spoken)


async def test_a_month_that_somebody_has_asked_for_before_stands_as_it_was_published(
    prepared: Database, spoken: list[str]
) -> None:
    @command
    async def keep(tx: Transaction) -> None:
        tx.save(EDITIONS, Edition(id="/16.71/2026-07", published_at=tx.now))

    await keep(Work(prepared))
    await publication.work_off(prepared, at(DECEMBER))

    assert await editions(prepared) == ALL
    assert [one["about"] for one in await prepared.find(FIGURES.name, {})] == [spoken[1]]


async def test_a_government_is_published_also_where_only_surveys_or_complaints_came(
    prepared: Database, town: Any
) -> None:
    unit, other = await town.unit("/16.71/plaju"), await town.unit("/96.71/dinkes")
    work = Work(prepared, now=at(datetime(2026, 9, 15, tzinfo=UTC)))
    await commands.answer_survey(work, None, unit, dict.fromkeys(UNSUR, 4), None)

    @command
    async def keep(tx: Transaction) -> None:
        place = {"unit_id": other, "province": Province(code="96"), "unit_path": "/96.71/dinkes"}
        tx.save(COMPLAINT_TALLIES, ComplaintTally(id=f"{other}/2026-10", period="2026-10", **place))

    await keep(Work(prepared))
    await publication.work_off(prepared, at(DECEMBER))

    assert await editions(prepared) == [f"/16.71/2026-{month}" for month in ("09", "10", "11")] + ALL[-2:]


async def test_governments_whose_roots_begin_alike_are_each_found(prepared: Database, town: Any) -> None:
    paths = ["/16.71/a", "/16.71-x/b", "/16.710/c", "/16/d", "/96.71", "/96.71/e/f"]
    for number, path in enumerate(paths):
        await town.unit("/16.71/at" + str(number), unit_path=path)
    await publication.work_off(prepared, at(DECEMBER))

    found = [one.id for one in await Work(prepared).find(PUBLICATIONS, SYSTEM, {})]
    assert sorted(found) == ["/16", "/16.71", "/16.71-x", "/16.710", "/96.71"]


async def test_parallel_publishers_publish_everything_once(prepared: Database, spoken: list[str]) -> None:
    async def publisher() -> None:
        for _ in range(60):
            try:
                await publication.work_off(prepared, at(DECEMBER))
            except (Conflict, Taken):  # as the lease's loop would: again from what is stored
                continue
            return

    await asyncio.gather(*(publisher() for _ in range(3)))

    await assert_each_published_once(prepared, spoken)


@pytest.mark.killed("publication.after_month")
@pytest.mark.parametrize("after", [1, 4])
async def test_a_publisher_that_is_killed_is_followed_by_two_that_publish_the_rest_once(
    prepared: Database, servers: Any, spoken: list[str], after: int
) -> None:
    """With kill -9, in processes of their own."""

    async def publisher(crash_at: str = "") -> int:
        crash = {"KINARA_CRASH_AT": crash_at} if crash_at else {}
        asked = (sys.executable, "-c", PUBLISHER, servers.mongo_url, prepared.name)
        process = await asyncio.create_subprocess_exec(*asked, env=os.environ | crash)
        return await process.wait()

    assert await publisher(f"publication.after_month:{after}") == -signal.SIGKILL
    assert len(await editions(prepared)) == after

    assert await asyncio.gather(publisher(), publisher()) == [0, 0]

    await assert_each_published_once(prepared, spoken)


async def surveyed(database: Database, town: Any, path: str, answers: int = 12) -> str:
    """A unit about which so many have answered in September."""
    unit: str = await town.unit(path)
    for _ in range(answers):
        work = Work(database, now=at(datetime(2026, 9, 15, tzinfo=UTC)))
        await commands.answer_survey(work, None, unit, dict.fromkeys(UNSUR, 4), (await town.ticket(unit)).code)
    return unit


async def told(database: Database) -> list[str]:
    """The references that policies may cite, in the order of the units."""
    rows = [row for bucket in await database.find("outbox", {}) for row in bucket["rows"]]
    return sorted(json.loads(row["data"])["reference"] for row in rows if row["type"].endswith("ReferencePublished.v1"))


@pytest.mark.killed("publication.after_step")
async def test_a_publisher_that_is_killed_between_two_steps_has_shown_nothing_and_is_followed(
    prepared: Database, servers: Any, town: Any, http: httpx.AsyncClient
) -> None:
    units = [await surveyed(prepared, town, f"/16.71/dinas-{n}", 10 + n) for n in range(3)]
    asked = (sys.executable, "-c", PUBLISHER, servers.mongo_url, prepared.name)
    crash = os.environ | {"KINARA_CRASH_AT": "publication.after_step:1"}
    process = await asyncio.create_subprocess_exec(*asked, env=crash)
    assert await process.wait() == -signal.SIGKILL

    kept = await prepared.find(FIGURES.name, {})
    assert (len(kept), await editions(prepared), len(await told(prepared))) == (2, [], 2)
    for unit in units:
        shown = (await http.get(f"/v1/public/units/{unit}/ikm", params={"period": "2026-09"})).json()
        assert (shown["answers"], shown["through"]) == (0, None)
    await prepared[FIGURES.name].update_one({"_id": kept[0]["_id"]}, {"$set": {"answers": 99}})  # as it was found then
    await publication.work_off(prepared, at(DECEMBER))

    figures = {one["about"]: one["answers"] for one in await prepared.find(FIGURES.name, {})}
    assert figures == dict(zip(units, (10, 11, 12), strict=True))
    assert await editions(prepared) == [f"/16.71/2026-{month}" for month in ("09", "10", "11")]
    assert await told(prepared) == sorted(f"ikm:{unit}:2026-09" for unit in units)


async def test_a_government_that_cannot_be_published_stops_no_other(
    prepared: Database, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = Aside("publication")
    compose = publication.edition.compose

    def torn(month: str, units: Any, heard: Any) -> Any:
        if units[0].unit_path.startswith("/16.71"):
            raise ValueError("torn")
        return compose(month, units, heard)

    monkeypatch.setattr(publication.edition, "compose", torn)
    await publication.work_off(prepared, at(DECEMBER), aside=aside)
    assert await editions(prepared) == ALL[-2:]
    assert not await publication._due(Work(prepared, now=at(DECEMBER)), aside, 1), "left alone for a while"

    monkeypatch.setattr(publication.edition, "compose", compose)
    await publication.work_off(prepared, at(DECEMBER))
    await assert_each_published_once(prepared, spoken)


async def test_the_loop_waits_for_its_lease_and_then_publishes(
    prepared: Database, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "POLL_S", 0.05)
    async with Lease("publication").held(prepared) as ours:
        assert ours
        loop = asyncio.create_task(publication.Publisher().run(prepared))
        await asyncio.wait({loop}, timeout=0.3)
        assert await editions(prepared) == [], "somebody else has the lease"
    await eventually(lambda: editions(prepared), within=20)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    assert set(await editions(prepared)) <= set(ALL), "as far as it is due today"


async def test_a_published_index_is_told_to_policies_and_can_be_read_by_its_reference(
    prepared: Database, town: Any, http: httpx.AsyncClient
) -> None:
    unit, quiet = await town.unit("/16.71/plaju"), await town.unit("/16.71/ilir")
    for about, answers in ((unit, 12), (quiet, 4)):
        for _ in range(answers):
            work = Work(prepared, now=at(datetime(2026, 9, 15, tzinfo=UTC)))
            await commands.answer_survey(work, None, about, dict.fromkeys(UNSUR, 4), (await town.ticket(about)).code)
    for _ in range(2):
        await publication.work_off(prepared, at(DECEMBER))

    assert await told(prepared) == [f"ikm:{unit}:2026-09"]
    found = (await http.get(f"/v1/public/references/ikm:{unit}:2026-09")).json()
    assert (found["unit_id"], found["words"]) == (unit, "2026-09")
    assert (await http.get(found["address"])).json()["answers"] == 12
    for nothing in (f"ikm:{quiet}:2026-09", f"ikm:{unit}:2026-10"):
        assert (await http.get(f"/v1/public/references/{nothing}")).status_code == 404, "withheld, or nothing said"
