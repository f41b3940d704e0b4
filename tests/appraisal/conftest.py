"""The appraisal service in this process: what it hears, each fact twice, and the people who act on cards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal import consumers, main, store
from appraisal.commands import cards as commands
from appraisal.commands import closing, rounds
from appraisal.domain.behaviour import Nilai
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Target
from appraisal.store import SCORECARDS
from embedded.demo.callers import month_in
from fastapi import FastAPI
from kinara.contracts import Event, Province
from kinara.contracts import feedback as fb
from kinara.contracts import personnel as pn
from kinara.contracts import training as tr
from kinara.contracts.appraisal import ProgressReported, ScoreUpdated, SkpAgreed, StandardBreached
from kinara.contracts.working_days import Calendar
from kinara.kit.documents import LEDGER, Record
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.regional import calendar_of
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from kinara.kit.work import Work

CALENDAR = calendar_of()
LAST_DAY = datetime(2026, 11, 30, 2, tzinfo=UTC)
"""The end of a month: all of its targets are due."""
SEAT = {"enrolment_id", "programme_id"}
"""What a certificate has in common with the seat."""
SAYS = {event.type(): event for event in (ScoreUpdated, ProgressReported, SkpAgreed, StandardBreached)}


@dataclass
class Town:
    """What personnel, citizens and trainers say, by default in November 2026; every fact arrives twice."""

    deliver: Deliverer
    places: dict[str, str] = field(default_factory=dict)
    """Where each officer was registered."""

    async def officer(
        self, path: str = "/16.71/plaju", *, superior: str | None = None, name: str = "Rani Contoh"
    ) -> str:
        """The id of a new officer of the unit at a path."""
        id_ = new_id()
        await self.deliver(self.registration(id_, path, superior, name))
        return id_

    def registration(self, id_: str, path: str, superior: str | None = None, name: str = "Rani") -> Event:
        """The fact that somebody was employed."""
        self.places[id_] = path
        return self._about(
            pn.EmployeeRegistered, id_, nip="199001012015042001", name=name, kind="PNS", sex="F", birth_year=1990,
            golongan="III/b", jabatan="Pengelola layanan", jabatan_kind="pelaksana", unit_id=new_id(),
            supervisor_id=superior, effective_on=date(2026, 1, 1),
        )  # fmt: skip

    def promotion(self, id_: str) -> Event:
        return self._about(
            pn.EmployeePromoted, id_, from_golongan="III/b", to_golongan="III/c", jabatan="Analis Kebijakan",
            jenjang="MU", promotion_kind="202", decree_number="SK/1/2026", effective_on=date(2026, 11, 1),
        )  # fmt: skip

    def discipline(self, id_: str, since: date = date(2026, 11, 10), until: date = date(2027, 5, 9)) -> Event:
        """The fact that a measure runs."""
        return self._about(
            pn.DisciplineImposed, id_, measure_id=new_id(), level="sedang", decree_number="800/1/2026",
            effective_on=since, ends_on=until,
        )  # fmt: skip

    def lifting(self, measure: Any) -> Event:
        """The fact that a measure was withdrawn."""
        return self._about(
            pn.DisciplineLifted, measure.employee_id, measure_id=measure.measure_id, reason="Banding diterima",
            effective_on=date(2026, 12, 1),
        )  # fmt: skip

    def transfer(self, id_: str, path: str, superior: str | None = None) -> Event:
        """The fact that somebody serves elsewhere from the beginning of November on."""
        before, self.places[id_] = self.places[id_], path
        return self._about(
            pn.EmployeeTransferred, id_, from_unit_id=new_id(), from_unit_path=before, to_unit_id=new_id(),
            jabatan="Pengelola layanan", supervisor_id=superior, effective_on=date(2026, 11, 1),
        )  # fmt: skip

    def voice(self, id_: str | None, rating: int = 4, kind: type[Event] = fb.FeedbackReceived, **facts: Any) -> Event:
        """A citizen's rating with a ticket; of a unit where nobody is named."""
        usual = {"feedback_id": new_id(), "unit_id": new_id(), "rating": rating, "trust": Decimal(1)}
        return self._about(kind, id_, **(usual | {"given_at": LAST_DAY} | facts))

    def survey(self, id_: str | None, answer: int = 4, kind: type[Event] = fb.SurveyAnswered, **facts: Any) -> Event:
        usual = {"answer_id": new_id(), "unit_id": new_id(), "trust": Decimal(1), "answered_at": LAST_DAY}
        return self._about(kind, id_, **(usual | {f"u{n}": answer for n in range(1, 10)} | facts))

    def complaint(self, id_: str, kind: type[Event] = fb.ComplaintResolved, **facts: Any) -> Event:
        """A complaint solved in time, or what else became of it."""
        usual: dict[str, Any] = {"complaint_id": new_id(), "unit_id": new_id(), "opened_at": LAST_DAY}
        if kind is fb.ComplaintResolved:
            usual |= {"resolved_at": LAST_DAY, "within_sla": True, "outcome": "solved"}
        return self._about(kind, id_, **(usual | facts))

    def offer(self, id_: str, jp: int = 20) -> Event:
        """A seat in a session at the beginning of November."""
        return self._about(
            tr.EnrolmentConfirmed, id_, enrolment_id=new_id(), session_id=new_id(), programme_id=new_id(),
            title="Pelayanan Publik Digital", jp=jp, starts_on=date(2026, 11, 3),
        )  # fmt: skip

    def completion(self, seat: Event, jp: int = 8) -> Event:
        """The certificate of who had the seat."""
        return self._about(
            tr.TrainingCompleted, seat.subject.id, completion_id=new_id(), **seat.model_dump(include=SEAT),
            title="Pelayanan Publik Digital", partner="Universitas Contoh", jp=jp, course_kind="4",
            certificate_number="S-1", completed_on=date(2026, 11, 4),
        )  # fmt: skip

    def mentoring(self, id_: str) -> Event:
        return self._about(
            tr.MentoringSessionHeld, id_, mentoring_id=new_id(), role="mentee", other_id=new_id(), jp=Decimal(2),
            held_on=date(2026, 11, 6),
        )  # fmt: skip

    def _about(self, kind: type[Event], id_: str | None, /, **facts: Any) -> Event:
        path = self.places.get(id_ or "", "/16.71/plaju")
        place = {"province": Province(code=path[1:3]), "unit_path": path}
        return kind.model_validate(place | {"employee_id": id_} | facts)


LINK = "https://contoh.go.id/berkas"
"""Evidence, without which no self-report is verified."""


@dataclass
class Office:
    """The people who act on cards, through commands, at the end of November 2026."""

    database: Database
    now: datetime = LAST_DAY

    @property
    def work(self) -> Work:
        """One piece of work."""
        return Work(self.database, now=lambda: self.now)

    @staticmethod
    def own(employee_id: str) -> Scope:
        """What an employee may reach."""
        return Scope(own=employee_id, label=employee_id)

    @staticmethod
    def superior(superior_id: str) -> Scope:
        """What a superior may reach."""
        return Scope(own=superior_id, reports_of=superior_id, label=superior_id)

    async def agree(
        self, employee_id: str, scope: Scope = SYSTEM, *, code: str = "berkas", target: str = "100", period: str
    ) -> Scorecard:
        """A target of documents, agreed for a period after a dialogue."""
        agreed = Target("Berkas selesai", "berkas", "max", Decimal(target), Decimal(1))
        policies = await store.shelf(self.database)
        return await commands.agree_indicator(
            self.work, scope, policies, employee_id, code=code, target=agreed, period=period, reason="Dialog kinerja"
        )

    async def report(
        self,
        employee_id: str,
        amount: str = "1",
        scope: Scope | None = None,
        *,
        code: str = "berkas",
        on: date | None = None,
    ) -> str:
        """The id of a report on documents: one's own where no scope says otherwise."""
        scope = scope or self.own(employee_id)
        policies = await store.shelf(self.database)
        return await commands.report_progress(
            self.work, scope, policies, employee_id, indicator=code, amount=Decimal(amount), on=on, link=LINK
        )

    async def verify(self, employee_id: str, report_id: str, scope: Scope = SYSTEM) -> Scorecard:
        policies = await store.shelf(self.database)
        return await commands.verify_report(self.work, scope, policies, employee_id, report_id)

    async def rate(
        self, employee_id: str, scope: Scope, mark: int = 3, *, period: str | None = None, **marks: int
    ) -> Scorecard:
        """One mark for all seven values, but for those named."""
        given, policies = dict.fromkeys((v.value for v in Nilai), mark) | marks, await store.shelf(self.database)
        return await commands.rate_behaviour(self.work, scope, policies, employee_id, given, period)

    async def close(self, employee_id: str, period: str, scope: Scope = SYSTEM) -> ClosedPeriod:
        return await closing.close_period(
            self.work, scope, await store.shelf(self.database), CALENDAR, employee_id, period
        )


@pytest.fixture
async def prepared(database: Database) -> Database:
    """The database with appraisal's indexes and the shipped policies."""
    for collection in store.COLLECTIONS:
        await collection.prepare(database)
    await store.ship_policies(database)
    return database


@pytest.fixture
async def folder(prepared: Database, registry: Registry) -> Folder:
    folder = Folder(consumers.inbox, prepared, "appraisal.score.nasional", registry.services)
    await folder.prepare()
    return folder


@pytest.fixture
def deliver(folder: Folder, registry: Registry) -> Deliverer:
    return Deliverer(folder, registry)


@pytest.fixture
def town(deliver: Deliverer) -> Town:
    return Town(deliver)


@pytest.fixture
def office(prepared: Database) -> Office:
    return Office(prepared)


@pytest.fixture
def card(prepared: Database) -> Callable[[str], Awaitable[Scorecard]]:
    """An employee's card as it is stored."""

    async def read(employee_id: str) -> Scorecard:
        record: Record[Scorecard] = await Work(prepared).get(SCORECARDS, employee_id, SYSTEM)
        return record.state

    return read


@pytest.fixture
def effects(prepared: Database) -> Callable[[str], Awaitable[list[dict[str, Any]]]]:
    """All effects recorded on an employee's card, oldest first."""

    async def read(employee_id: str) -> list[dict[str, Any]]:
        return await Work(prepared).effects(await Work(prepared).get(SCORECARDS, employee_id, SYSTEM))

    return read


@pytest.fixture
def heard(said: Callable[[], Awaitable[list[dict[str, Any]]]]) -> Callable[[], Awaitable[list[Any]]]:
    """The facts in the outbox, oldest first, as those who listen read them."""

    async def facts() -> list[Any]:
        return [SAYS[row["type"]].model_validate_json(row["data"]) for row in await said()]

    return facts


@pytest.fixture
def everything(prepared: Database) -> Callable[[], Awaitable[dict[str, Any]]]:
    """All that is stored, for "nothing half-written"."""
    names = [collection.name for collection in store.COLLECTIONS] + [OUTBOX, LEDGER]

    async def read() -> dict[str, Any]:
        return {name: await prepared.find(name, {}, sort=[("_id", 1)]) for name in names}

    return read


@pytest.fixture(scope="session")
def app(door: Callable[[Callable[[], FastAPI]], FastAPI]) -> FastAPI:
    return door(main.create)


@pytest.fixture
def offices_close(app: FastAPI) -> Iterator[Callable[..., None]]:
    """Say on which days the service takes offices to be closed, Saturdays and Sundays aside."""
    before = app.state.calendar
    yield lambda *days: setattr(app.state, "calendar", Calendar(frozenset(days)))
    app.state.calendar = before


@pytest.fixture
async def http(app: FastAPI, prepared: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The public door."""
    app.state.database = prepared
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://appraisal") as client:
        yield client


def at(year: int, month: int, day: int) -> datetime:
    """The morning of a day."""
    return datetime(year, month, day, 3, tzinfo=UTC)


class Months:
    """Lets months pass in Plaju: an officer works, citizens speak, the superior rates, the month is closed."""

    def __init__(self, database: Database, town: Town, office: Office, boss: str) -> None:
        self.database, self.town, self.office, self.boss = database, town, office, boss

    async def pass_(self, period: str, people: dict[str, tuple[str, int]]) -> None:
        """By officer: documents done of 100, and the mark for behaviour; twelve citizens give each 4."""
        year, month = int(period[:4]), int(period[5:])
        begin, end = at(year, month, 2), at(year, month, 28)
        superior = self.office.superior(self.boss)
        for id_, (done, mark) in people.items():
            self.office.now = begin
            await self.office.agree(id_, superior, period=period)
            self.office.now = end
            await self.office.report(id_, done, superior)
            await self.office.rate(id_, superior, mark)
            for _ in range(12):
                await self.town.deliver(self.town.voice(id_, 4, given_at=end))
        closes = at(year + month // 12, month % 12 + 1, 8)
        await rounds.work_off(self.database, lambda: closes, calendar=CALENDAR)


@pytest.fixture
async def boss(town: Town) -> str:
    return await town.officer(name="Sari Atasan")


@pytest.fixture
def months(prepared: Database, town: Town, office: Office, boss: str) -> Months:
    return Months(prepared, town, office, boss)


@pytest.fixture
async def superior(town: Any) -> str:
    return await town.officer(name="Sari Atasan")


@pytest.fixture
async def officer(town: Any, http: httpx.AsyncClient, bearer: Callable[..., dict[str, str]], superior: str) -> str:
    """An officer of Plaju with a target of a hundred documents in this month."""
    id_: str = await town.officer(superior=superior)
    address = f"/v1/scorecards/{id_}/indicators/berkas"
    target = {
        "period": month_in("/16.71"), "name": "Berkas selesai", "unit": "berkas", "polarity": "max", "target": "100",
        "weight": "1", "reason": "Dialog kinerja",
    }  # fmt: skip
    agreed = await http.put(address, json=target, headers=bearer("supervisor", superior, ()))
    assert agreed.status_code == 200, agreed.text
    return id_
