"""The training service in this process, with the people and units that personnel has announced to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from kinara.contracts import Province
from kinara.contracts.appraisal import Predikat, ScoreUpdated
from kinara.contracts.personnel import EmployeeRegistered, UnitChanged
from kinara.contracts.regions import day_of
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import Scope
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from kinara.kit.work import Work
from training import commands, consumers, main, store
from training.commands import Course, Schedule
from training.domain.enrolment import Enrolment
from training.domain.programme import Partner
from training.domain.session import Session

PROVINCES = {"/16.71": "16", "/96.71": "96", "/17": "17"}


@dataclass
class Town:
    """What personnel and appraisal say; every fact arrives twice."""

    deliver: Deliverer
    units: dict[str, str] = field(default_factory=dict)

    async def unit(self, path: str, *, active: bool = True) -> str:
        """The id of the unit at a path, announced at the first call and whenever it closes."""
        known = path in self.units
        unit_id = self.units.setdefault(path, new_id())
        if not known or not active:
            await self.deliver(
                UnitChanged(
                    province=self._province(path), unit_path=path, unit_id=unit_id, name=f"Unit {path}", active=active
                )
            )
        return unit_id

    async def employee(
        self, path: str = "/16.71/plaju", *, supervisor: str | None = None, name: str = "Rani Contoh"
    ) -> str:
        """The id of a new employee of the unit at a path."""
        fact = self.registration(new_id(), path, await self.unit(path), supervisor, name)
        await self.deliver(fact)
        return fact.employee_id

    def registration(
        self, employee_id: str, path: str, unit_id: str, supervisor: str | None = None, name: str = "Rani Contoh"
    ) -> EmployeeRegistered:
        """The fact that somebody was employed."""
        return EmployeeRegistered(
            province=self._province(path), unit_path=path, employee_id=employee_id, nip="199001012015042001",
            name=name, kind="PNS", sex="F", birth_year=1990, golongan="III/b", jabatan="Pengelola layanan",
            jabatan_kind="pelaksana", unit_id=unit_id, supervisor_id=supervisor, effective_on=date(2026, 1, 1),
        )  # fmt: skip

    async def scored(self, employee_id: str, *, path: str = "/16.71/plaju", **facts: Any) -> None:
        """A score moved; low in complaint handling unless said otherwise."""
        low: dict[str, Any] = {"period": "2026-11", "score": Decimal("41.20"), "a": Decimal("41.20")}
        await self.deliver(
            ScoreUpdated(
                province=self._province(path), unit_path=path, employee_id=employee_id, policy="plaju@1",
                predikat=facts.pop("predikat", Predikat.KURANG), **low | facts,
            )
        )  # fmt: skip

    @staticmethod
    def _province(path: str) -> Province:
        return Province(code=next(code for root, code in PROVINCES.items() if f"{path}/".startswith(f"{root}/")))


@dataclass
class School:
    """The trainer of Palembang at work, through commands."""

    database: Database
    town: Town
    scope: Scope = field(default_factory=lambda: Scope(paths=("/16.71",), label="trainer"))

    @property
    def work(self) -> Work:
        """One piece of work."""
        return Work(self.database)

    async def session(
        self, *, seats: int = 20, days: int = 1, ahead: int = 0, jp: int = 8, level: int = 2,
        price: int | None = None, **course: Any,
    ) -> Session:  # fmt: skip
        """An open session of a programme on service to citizens.

        It starts today or so many days ahead: a test that goes on for minutes asks for tomorrow, since seats change
        hands until the end of the first day, and midnight in Palembang comes at any time of the test.
        """
        unit_id = await self.town.unit("/16.71")
        described: dict[str, Any] = {
            "title": "Menangani pengaduan dengan baik",
            "partner": Partner(name="Universitas Contoh", kind="education"),
            "course_kind": "4",
            "competencies": ["pelayanan.penanganan-pengaduan"],
        }
        described |= {"jp": jp, "level": level, **course}
        programme = await commands.offer_programme(self.work, self.scope, unit_id, Course(**described))
        return await self.another(programme.id, unit_id, seats=seats, days=days, ahead=ahead, price=price)

    async def another(
        self, programme_id: str, unit_id: str, *, seats: int = 20, days: int = 1, ahead: int = 0,
        price: int | None = None,
    ) -> Session:  # fmt: skip
        """An open session of a programme that is there."""
        first = today() + timedelta(days=ahead)
        last = date.fromordinal(first.toordinal() + days - 1)
        meets = [date.fromordinal(first.toordinal() + n) for n in range(days)]
        asked = Decimal(price) if price is not None else None
        schedule = Schedule(starts_on=first, ends_on=last, seats=seats, meets_on=meets, price=asked)
        planned = await commands.plan_session(self.work, self.scope, programme_id, unit_id, schedule)
        return await commands.open_session(self.work, self.scope, planned.id)

    async def enrol(self, session: Session, employee_id: str) -> Enrolment:
        """A place for an employee, as BKPSDM gives it."""
        return (await commands.enrol(self.work, self.scope, session.id, employee_id)).enrolment

    async def taught(self, session: Session, employee_id: str) -> Enrolment:
        """A seat, taken and used."""
        enrolment = await self.enrol(session, employee_id)
        return await commands.note_attendance(self.work, self.scope, enrolment.id, session.starts_on)

    async def certified(self, session: Session, employee_id: str, number: str | None = None) -> commands.Accepted:
        """A session completed with a certificate."""
        enrolment = await self.taught(session, employee_id)
        return await commands.accept_completion(self.work, self.scope, enrolment.id, number or new_id())


def today() -> date:
    """The day in Palembang."""
    return day_of(utc_now(), "16")


@pytest.fixture
async def prepared(database: Database) -> Database:
    """The database with training's indexes."""
    for collection in store.COLLECTIONS:
        await collection.prepare(database)
    return database


@pytest.fixture
async def deliver(prepared: Database, registry: Registry) -> Deliverer:
    folder = Folder(consumers.inbox, prepared, "training.record.nasional", registry.services)
    await folder.prepare()
    return Deliverer(folder, registry)


@pytest.fixture
def town(deliver: Deliverer) -> Town:
    return Town(deliver)


@pytest.fixture
def school(prepared: Database, town: Town) -> School:
    return School(prepared, town)


@pytest.fixture
def make_school() -> Callable[[Database, Any], School]:
    """Another school, of whatever knows its units."""
    return School


@pytest.fixture(scope="session")
def app(door: Callable[[Callable[[], FastAPI]], FastAPI]) -> FastAPI:
    return door(main.create)


@pytest.fixture
async def http(app: FastAPI, prepared: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The public door."""
    app.state.database = prepared
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://training") as client:
        yield client
