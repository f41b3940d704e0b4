"""The personnel service in this process, and the stub SIASN beside it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from embedded.child import free_port
from embedded.stack import REPOSITORY, Stack
from fastapi import FastAPI
from kinara.contracts import Province
from kinara.contracts.regions import day_of
from kinara.kit.fold import Folder
from kinara.kit.ids import utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer, eventually
from kinara.kit.topics import Registry
from kinara.kit.work import Transaction, Work, command
from personnel import consumers, main, store
from personnel.commands import employees, units
from personnel.commands.imports import requests
from personnel.commands.imports.runner import Runner
from personnel.commands.reorganisations import follow_all
from personnel.domain.employee import Employee
from personnel.domain.following import Reorganisation
from personnel.domain.importing import ImportRun
from personnel.domain.registration import stated
from personnel.domain.unit import Unit
from personnel.settings import Settings
from personnel.store import EMPLOYEES, IMPORTS, REJECTS, REORGANISATIONS, UNITS
from pydantic import SecretStr

EMBEDDED = REPOSITORY / "deploy" / "embedded"
sys.path.insert(0, str(EMBEDDED))

from siasn_stub.app import SSO_PATH  # noqa: E402  # only now on the path
from siasn_stub.places import GOVERNMENTS  # noqa: E402
from siasn_stub.remote import Stub  # noqa: E402
from siasn_stub.tokens import CLIENTS, OFFICERS, SSO_CLIENT_ID  # noqa: E402

EVERYWHERE = Scope(paths=tuple(f"/{government.code}" for government in GOVERNMENTS), label="integrator")
Bearer = Callable[..., dict[str, str]]


def today() -> date:
    """The day in Palembang."""
    return day_of(utc_now(), "16")


@dataclass
class Office:
    """BKPSDM of Palembang at work, through commands."""

    database: Database
    scope: Scope = field(default_factory=lambda: Scope(paths=("/16.71",), label="hr"))
    serial: int = 0

    @property
    def work(self) -> Work:
        """One piece of work."""
        return Work(self.database)

    async def unit(
        self, code: str, parent: Unit | None = None, leader: Employee | None = None, province: str = "16"
    ) -> Unit:
        """A new unit."""
        return await units.create_unit(
            self.work,
            self.scope,
            code=code,
            name=f"Unit {code}",
            parent_id=parent.id if parent else None,
            province=None if parent else Province(code=province),
            leader_id=leader.id if leader else None,
        )

    async def lead(self, unit: Unit, leader: Employee | None) -> Unit:
        """Another leader, and everybody follows."""
        led = await units.change_unit(
            self.work, self.scope, unit.id, name=unit.name, parent_id=None, leader_id=leader.id if leader else None
        )
        await follow_all(self.database)
        return led

    async def move(self, unit: Unit, parent: Unit) -> Unit:
        """Another parent; nobody follows yet."""
        return await units.change_unit(
            self.work, self.scope, unit.id, name=unit.name, parent_id=parent.id, leader_id=unit.leader_id
        )

    async def employee(
        self, unit: Unit, name: str = "Rani Contoh", since: date = date(2026, 1, 1), **facts: Any
    ) -> Employee:
        """A new PNS in a unit, since the first of January unless said otherwise."""
        self.serial += 1
        known = {
            "nip": f"19900101201504{2001 + self.serial}",
            "name": name,
            "golongan": "III/b",
            "jabatan": "Penelaah Teknis Kebijakan",
            "jabatan_kind": "pelaksana",
        }
        profile = stated(**known | facts)
        return await employees.register_employee(self.work, self.scope, profile, unit.id, since)

    async def follow(self) -> int:
        """Everybody follows the tree; how many had to."""
        return await follow_all(self.database)

    async def everybody(self) -> list[Employee]:
        """All employees."""
        return [record.state for record in await self.work.find(EMPLOYEES, SYSTEM, {}, limit=1000)]

    async def misplace(self, employee: Employee, path: str) -> None:
        """Leave somebody where their unit no longer is, as a transaction that began before the move would."""

        @command
        async def write(tx: Transaction) -> None:
            tx.save(EMPLOYEES, replace(await tx.load(EMPLOYEES, employee.id, SYSTEM), unit_path=path))

        await write(self.work)

    async def name_superior(self, employee: Employee, superior: Employee) -> Employee:
        """HR says who somebody answers to."""
        return await employees.assign_supervisor(self.work, self.scope, employee.id, superior.id, today())

    async def bring_forward(self, reorganisation: Reorganisation, by: timedelta) -> None:
        """Let time pass for a reorganisation."""

        @command
        async def write(tx: Transaction) -> None:
            known = await tx.load(REORGANISATIONS, reorganisation.id, SYSTEM)
            tx.save(REORGANISATIONS, replace(known, due_at=known.due_at - by))

        await write(self.work)

    async def parent(self, unit: Unit) -> Unit:
        """The unit above."""
        return (await self.work.get(UNITS, unit.parent_id or "", SYSTEM)).state

    async def now(self, employee: Employee) -> Employee:
        """How the employee stands now."""
        return (await self.work.get(EMPLOYEES, employee.id, SYSTEM)).state

    async def said(self, *, about: str | None = None) -> list[str]:
        """Names of the facts in the outbox, oldest first; about one subject, or all."""
        buckets = await self.database.find(OUTBOX, {}, sort=[("_id", 1)])
        rows = [row for bucket in buckets for row in bucket["rows"]]
        return [row["type"].split(".")[3] for row in rows if about is None or row["subject"].endswith(about)]


@dataclass
class Feed:
    """Imports, worked off in this process."""

    database: Database
    settings: Settings

    def runner(self, **settings: Any) -> Runner:
        """A process that works imports off."""
        return Runner(self.settings.model_copy(update=settings))

    async def file(self, text: str | bytes, name: str = "pegawai.ndjson", units: str | None = None) -> ImportRun:
        """The queued import of a file."""
        kept = await self._keep(name, text)
        kept_units = await self._keep("unit.ndjson", units) if units else None
        return await requests.start_file_import(
            Work(self.database), EVERYWHERE, EVERYWHERE.paths, kept, name, kept_units
        )

    async def siasn(self, code: str, nips: Sequence[str]) -> ImportRun:
        """The queued import of these people of one government."""
        return await requests.start_siasn_import(Work(self.database), EVERYWHERE, (f"/{code}",), nips)

    async def work_off(self, run: ImportRun, **settings: Any) -> ImportRun:
        """The run after everything that can be done now has been done."""
        await self.runner(**settings).work_off(self.database)
        return await self.now(run)

    async def now(self, run: ImportRun) -> ImportRun:
        """How the run stands now."""
        return (await Work(self.database).get(IMPORTS, run.id, SYSTEM)).state

    async def queued(self, run_id: str) -> ImportRun:
        """A run that was asked for through the door."""
        return (await Work(self.database).get(IMPORTS, run_id, SYSTEM)).state

    async def limit(self, run: ImportRun, paths: tuple[str, ...]) -> ImportRun:
        """The run, as somebody with a smaller scope would have asked for it."""

        @command
        async def write(tx: Transaction) -> ImportRun:
            limited = replace(await tx.load(IMPORTS, run.id, SYSTEM), paths=paths)
            tx.save(IMPORTS, limited)
            return limited

        return await write(Work(self.database))

    async def hurry(self, run: ImportRun) -> ImportRun:
        """The run, whose pause is over."""

        @command
        async def write(tx: Transaction) -> ImportRun:
            ready = replace(await tx.load(IMPORTS, run.id, SYSTEM), retry_at=None)
            tx.save(IMPORTS, ready)
            return ready

        return await write(Work(self.database))

    async def cancel(self, run: ImportRun) -> ImportRun:
        """The run, which somebody does not want any more."""
        return await requests.cancel_import(Work(self.database), EVERYWHERE, run.id)

    async def in_a_process(self, crash_at: str = "") -> int:
        """Work everything off in a process of its own; how it ended."""
        code = (
            "import asyncio\n"
            "from kinara.kit.mongo import Database\n"
            "from personnel.commands.imports.runner import Runner\n"
            "from personnel.settings import Settings\n"
            "settings = Settings()\n"
            "asyncio.run(Runner(settings).work_off(Database(settings.mongo.get_secret_value(), settings.database)))\n"
        )
        environment = os.environ | _environment(self.settings.model_copy(update={"database": self.database.name}))
        if crash_at:
            environment["KINARA_CRASH_AT"] = crash_at
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=environment)
        return await process.wait()

    async def people(self) -> dict[str, Employee]:
        """Everybody, by NIP."""
        found = await Work(self.database).find(EMPLOYEES, SYSTEM, {}, limit=100_000)
        return {record.state.nip: record.state for record in found}

    async def units(self) -> dict[str, Unit]:
        """Every unit, by path."""
        found = await Work(self.database).find(UNITS, SYSTEM, {}, limit=100_000)
        return {record.state.unit_path: record.state for record in found}

    async def rejects(self, run: ImportRun) -> list[tuple[str, int, str | None]]:
        """Part, number and field of what was rejected."""
        found = await Work(self.database).find(REJECTS, SYSTEM, {"run_id": run.id}, limit=100_000)
        return [(record.state.part, record.state.number, record.state.field) for record in found]

    async def _keep(self, name: str, text: str | bytes) -> str:
        kept = f"{len(list(self.settings.import_dir.iterdir()))}-{name}"
        content = text.encode() if isinstance(text, str) else text
        (self.settings.import_dir / kept).write_bytes(content)
        return kept


def _environment(settings: Settings) -> dict[str, str]:
    """Settings as a process gets them."""
    named = {f"KINARA_{name.upper()}": getattr(settings, name) for name in settings.model_fields_set}
    plain = {name: v.get_secret_value() if isinstance(v, SecretStr) else v for name, v in named.items()}
    return {name: json.dumps(value) if isinstance(value, dict) else str(value) for name, value in plain.items()}


@pytest.fixture
async def prepared(database: Database) -> Database:
    """The database with personnel's indexes."""
    for collection in store.COLLECTIONS:
        await collection.prepare(database)
    return database


@pytest.fixture
async def deliver(prepared: Database, registry: Registry) -> Deliverer:
    """What personnel hears, each fact twice."""
    folder = Folder(consumers.inbox, prepared, "personnel.profile.nasional", registry.services)
    await folder.prepare()
    return Deliverer(folder, registry)


@pytest.fixture
def office(prepared: Database) -> Office:
    return Office(prepared)


@pytest.fixture
def settings(servers: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of the embedded stack, with a folder of their own for imports."""
    for name, value in servers.env.items():
        monkeypatch.setenv(name, value)
    governments = {named: government.code for government in GOVERNMENTS for named in (government.id, government.code)}
    return Settings(governments=governments, import_dir=tmp_path, import_poll_s=0.05)


@pytest.fixture
def feed(prepared: Database, settings: Settings) -> Feed:
    return Feed(prepared, settings)


@pytest.fixture(scope="session")
def siasn_process() -> Iterator[Stub]:
    """A stub SIASN of its own with few people, for all imports of these tests."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "siasn_stub.app:create", "--factory", "--app-dir", str(EMBEDDED)]
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    environment = os.environ | {"SIASN_STUB_HABITS": "none", "SIASN_STUB_PEOPLE": "400"}
    process = subprocess.Popen([*command, *options], env=environment)
    try:
        yield Stub(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
async def siasn(siasn_process: Stub, feed: Feed) -> Stub:
    """The stub on its best behaviour, and the feed connected to it."""
    await eventually(siasn_process.is_ready)
    siasn_process.behave()
    (key, secret), (officer, password) = *CLIENTS.items(), *OFFICERS.items()
    feed.settings = feed.settings.model_copy(
        update={
            "siasn_base_url": f"{siasn_process.url}/apisiasn/1.0",
            "siasn_apim_url": f"{siasn_process.url}/oauth2/token",
            "siasn_apim_key": SecretStr(key),
            "siasn_apim_secret": SecretStr(secret),
            "siasn_sso_url": f"{siasn_process.url}{SSO_PATH}",
            "siasn_sso_client_id": SSO_CLIENT_ID,
            "siasn_sso_username": SecretStr(officer),
            "siasn_sso_password": SecretStr(password),
            "siasn_requests_per_s": 10_000.0,
            "siasn_pause_s": 0.001,
        }
    )
    return siasn_process


@pytest.fixture(scope="session")
def app(door: Callable[[Callable[[], FastAPI]], FastAPI]) -> FastAPI:
    return door(main.create)


@pytest.fixture
async def http(app: FastAPI, feed: Feed) -> AsyncIterator[httpx.AsyncClient]:
    """The public door."""
    app.state.parts = SimpleNamespace(service=SimpleNamespace(settings=feed.settings))
    app.state.database = feed.database
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://personnel") as client:
        yield client
