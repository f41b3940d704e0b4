"""The feedback service in this process, with the units and officers that personnel has announced to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from feedback import commands, consumers, main, store
from feedback.domain.ticket import Ticket
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeRegistered, UnitChanged
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import Scope
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from kinara.kit.work import Work

PROVINCES = {"/16.71": "16", "/96.71": "96"}


@dataclass
class Town:
    """What personnel says; every fact arrives twice."""

    deliver: Deliverer
    database: Database
    units: dict[str, str] = field(default_factory=dict)

    async def unit(self, path: str = "/16.71/plaju", **changed: Any) -> str:
        """The id of the unit at a path, announced at the first call and at every change."""
        known = path in self.units
        unit_id = self.units.setdefault(path, new_id())
        if not known or changed:
            facts = {"province": self._province(path), "unit_path": path, "unit_id": unit_id, "name": f"Unit {path}"}
            await self.deliver(UnitChanged.model_validate(facts | changed))
        return unit_id

    async def officer(self, path: str = "/16.71/plaju", name: str = "Rani Contoh") -> str:
        """The id of a new officer of the unit at a path."""
        fact = self.registration(new_id(), path, await self.unit(path), name)
        await self.deliver(fact)
        return fact.employee_id

    async def staffed(self, path: str = "/16.71/plaju", count: int = 12) -> str:
        """The id of the unit at a path, in which so many more officers serve."""
        for _ in range(count):
            await self.officer(path)
        return await self.unit(path)

    def registration(self, employee_id: str, path: str, unit_id: str, name: str = "Rani Contoh") -> EmployeeRegistered:
        """The fact that somebody was employed."""
        return EmployeeRegistered(
            province=self._province(path), unit_path=path, employee_id=employee_id, nip="199001012015042001",
            name=name, kind="PNS", sex="F", birth_year=1990, golongan="III/b", jabatan="Pengelola layanan",
            jabatan_kind="pelaksana", unit_id=unit_id, supervisor_id=None, effective_on=date(2026, 1, 1),
        )  # fmt: skip

    async def ticket(self, unit_id: str, officer_id: str | None = None) -> Ticket:
        """A ticket from the unit's counter."""
        counter = Scope(paths=("/16.71", "/96.71"), label="counter")
        return await commands.issue_ticket(Work(self.database), counter, unit_id, officer_id, "Penerbitan KTP")

    @staticmethod
    def _province(path: str) -> Province:
        return Province(code=next(code for root, code in PROVINCES.items() if f"{path}/".startswith(f"{root}/")))


@pytest.fixture
async def prepared(database: Database) -> Database:
    """The database with feedback's indexes."""
    for collection in store.COLLECTIONS:
        await collection.prepare(database)
    return database


@pytest.fixture
async def deliver(prepared: Database, registry: Registry) -> Deliverer:
    folder = Folder(consumers.inbox, prepared, "feedback.directory.nasional", registry.services)
    await folder.prepare()
    return Deliverer(folder, registry)


@pytest.fixture
def town(deliver: Deliverer, prepared: Database) -> Town:
    return Town(deliver, prepared)


@pytest.fixture(scope="session")
def app(door: Callable[[Callable[[], FastAPI]], FastAPI]) -> FastAPI:
    return door(main.create)


@pytest.fixture
async def http(app: FastAPI, prepared: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The public door."""
    app.state.database = prepared
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://feedback") as client:
        yield client


@pytest.fixture
def look_from(app: FastAPI) -> Iterator[Callable[[int], None]]:
    """Say from how many voices an hour the service looks at a crowd."""
    before = app.state.burst_from
    yield lambda fewest: setattr(app.state, "burst_from", fewest)
    app.state.burst_from = before
