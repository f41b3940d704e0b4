"""The live stream of a supervisor's team, from a real process: score changes as they are committed, none missed."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from appraisal.domain.coaching import CoachingCase, due_case
from appraisal.store import CASES, SCORECARDS, SHIPPED, StoredPolicy, keep_policy
from embedded.stack import Stack
from kinara.contracts.appraisal import ScoreUpdated
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.regional import calendar_of
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer, eventually
from kinara.kit.work import Transaction, Work, command
from yaml import safe_load

TODAY = day_of(utc_now(), "16")
SOON = 5
"""Seconds until a change must have come, on a machine that runs the whole suite besides."""


@dataclass
class Screen:
    """What a supervisor's browser shows: it reads the stream, and comes back with the last id when the stream ends."""

    http: httpx.AsyncClient
    headers: dict[str, str]
    last: str | None = None
    heard: list[ScoreUpdated] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    """What else was said of whom."""
    opened: int = 0
    ended: int = 0

    async def read(self) -> None:
        """Read until cancelled."""
        while True:
            place = {"Last-Event-ID": self.last} if self.last else {}
            with suppress(httpx.TransportError):
                async with self.http.stream("GET", "/v1/team/stream", headers=self.headers | place) as answer:
                    kind = answer.headers["content-type"].partition(";")[0]
                    assert (answer.status_code, kind) == (200, "text/event-stream")
                    self.opened += 1
                    await self._take(answer)
                self.ended += 1
            await asyncio.sleep(0.1)  # as a browser waits before it comes back

    async def _take(self, answer: httpx.Response) -> None:
        said: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                said[name] = value
            elif "data" in said:
                if said["event"] == "ScoreUpdated":
                    self.heard.append(ScoreUpdated.model_validate_json(said["data"]))
                else:
                    self.told.append((said["event"], json.loads(said["data"])["employee_id"]))
                self.last, said = said["id"], {}

    def of(self, *employees: str) -> list[Any]:
        """The scores heard, but for those of others."""
        return [move.score for move in self.heard if move.employee_id in employees]


@pytest.fixture(scope="module")
def running(servers: Stack) -> Iterator[str]:
    """The appraisal service as a process of its own; the name of its database."""
    name = f"t{new_id().replace('-', '')[8:]}"
    servers.start_service("appraisal", {"KINARA_DATABASE": name})
    servers.wait_ready("appraisal")
    yield name
    servers.wanted.discard("appraisal")
    servers.children.pop("appraisal").stop()


@pytest.fixture
async def database(servers: Stack, running: str) -> AsyncIterator[Database]:
    """The service's database, seen by a second process of it: this one."""
    database = Database(servers.mongo_url, running)
    yield database
    database.close()


@pytest.fixture
async def http(servers: Stack, running: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=servers.address("appraisal"), timeout=30) as client:
        yield client


@pytest.fixture
async def superior(town: Any) -> str:
    return await town.officer(name="Sari Atasan")


@pytest.fixture
async def screen(
    http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], town: Any, deliver: Deliverer, superior: str
) -> AsyncIterator[Callable[..., Any]]:
    """Open a supervisor's stream, from a place on; given back when it is known to carry what happens."""
    probe = await town.officer(superior=superior)
    reading: list[asyncio.Task[None]] = []

    async def opened(after: str | None = None) -> Screen:
        screen = Screen(http, bearer("supervisor", superior, ()), after)
        reading.append(asyncio.create_task(screen.read()))

        async def carries() -> bool:
            await deliver(town.voice(probe, 1))
            return bool(screen.of(probe))

        await eventually(carries, within=20, every=0.2)
        return screen

    yield opened
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)


async def test_a_supervisor_hears_of_a_report_whose_score_changes(
    screen: Any, http: httpx.AsyncClient, bearer: Any, town: Any, deliver: Deliverer, superior: str, heard: Any
) -> None:
    """Whether a citizen or the supervisor moved it, in whatever process."""
    report = await town.officer(superior=superior)
    team = await screen()

    await deliver(town.voice(report, 4))
    await eventually(lambda: len(team.of(report)) == 1, within=SOON)
    marks = dict.fromkeys(
        ("berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif"), 3
    )
    rated = await http.post(
        f"/v1/scorecards/{report}/behaviour", json=marks, headers=bearer("supervisor", superior, ())
    )
    assert rated.is_success, rated.text
    await eventually(lambda: len(team.of(report)) == 2, within=SOON)

    said = [fact for fact in await heard() if fact.employee_id == report]
    assert [fact for fact in team.heard if fact.employee_id == report] == said


async def test_a_supervisor_hears_nothing_of_others(screen: Any, town: Any, deliver: Deliverer, superior: str) -> None:
    report = await town.officer(superior=superior)
    others = [superior, await town.officer(superior=report), await town.officer(), await town.officer("/96.71/dinkes")]
    team = await screen()

    for other in others:
        await deliver(town.voice(other, 1))
    await deliver(town.voice(report, 1))

    await eventually(lambda: team.of(report), within=SOON)
    assert team.of(*others) == []


@command
async def _make_due(tx: Transaction, case: CoachingCase) -> None:
    tx.save(CASES, case)


async def test_a_supervisor_hears_of_a_breached_standard_and_of_coaching(
    screen: Any, http: httpx.AsyncClient, bearer: Any, town: Any, deliver: Deliverer, superior: str, prepared: Database
) -> None:
    asked = {"words": "Kepuasan warga paling sedikit C", "measure": "M", "at_least": 60}
    shipped = safe_load((SHIPPED / "plaju.yaml").read_text())
    policy = shipped | {"code": "loket", "unit_path": "/16.71/plaju/loket", "standards": [asked]}
    await keep_policy(Work(prepared), StoredPolicy("loket@1", policy))
    low, helped = [await town.officer(f"/16.71/plaju/{where}", superior=superior) for where in ("loket", "umum")]
    foreign = await town.officer()
    team = await screen()

    async def breached() -> bool:
        await deliver(town.voice(low, 1))
        return ("StandardBreached", low) in team.told

    await eventually(breached, within=20, every=0.1)
    boss, hr = bearer("supervisor", superior, ()), bearer("hr")
    for officer in (foreign, helped):
        card = (await Work(prepared).get(SCORECARDS, officer, SYSTEM)).state
        case = due_case(new_id(), card, "2026-11", "Nilai di bawah 60", TODAY, calendar_of())
        await _make_due(Work(prepared), case)
        plan = {"form": "konseling", "plan": "Pendampingan di loket", "days": 30}
        who = hr if officer == foreign else boss
        for path, body, by in (("opening", plan, who), ("end", {"outcome": "left"}, hr)):
            answer = await http.post(
                f"/v1/coaching/{case.id}/{path}", json=body, headers=by | {"Idempotency-Key": new_id()}
            )
            assert answer.status_code == 201, answer.text

    await eventually(lambda: ("CoachingClosed", helped) in team.told, within=SOON)
    assert team.told == [("StandardBreached", low), ("CoachingOpened", helped), ("CoachingClosed", helped)]


async def test_who_comes_back_with_the_last_id_has_missed_nothing(
    screen: Any, town: Any, deliver: Deliverer, superior: str, card: Any
) -> None:
    report, other = await town.officer(superior=superior), await town.officer()
    first = await screen()
    await deliver(town.voice(report, 4))
    await eventually(lambda: first.of(report), within=SOON)
    place = first.last

    missed = []
    for rating in (1, 2, 4):
        await deliver(town.voice(report, rating), town.voice(other, rating))
        missed.append((await card(report)).scores["2026-11"].s)
    again = await screen(after=place)
    await deliver(town.voice(report, 1))
    missed.append((await card(report)).scores["2026-11"].s)

    await eventually(lambda: len(again.of(report)) >= len(missed), within=SOON)
    assert again.of(report) == missed
    assert again.of(other) == []


async def test_a_process_that_stops_ends_its_streams_and_the_next_one_goes_on_with_them(
    screen: Any, servers: Stack, town: Any, deliver: Deliverer, superior: str, card: Any, running: str
) -> None:
    """It lets its listeners go at once, and another process of the service goes on consuming meanwhile."""
    report = await town.officer(superior=superior)
    team = await screen()
    scores = []
    child = servers.children["appraisal"]

    async def change() -> None:
        await deliver(town.voice(report, 1 if len(scores) % 2 else 4))
        scores.append((await card(report)).scores["2026-11"].s)

    await change()
    await eventually(lambda: team.of(report) == scores, within=SOON)
    ended = team.ended
    child.signal(signal.SIGTERM)
    await eventually(lambda: team.ended > ended, within=SOON)
    assert await asyncio.to_thread(child.wait, 20)
    await change()
    servers.start_service("appraisal", {"KINARA_DATABASE": running})

    async def back() -> bool:
        await change()
        return team.opened > 1 and len(team.of(report)) > 1

    await eventually(back, within=60, every=0.1)
    await change()
    await eventually(lambda: len(team.of(report)) >= len(scores), within=SOON)
    assert team.of(report) == scores
