"""The toy service: its folds in this process, and the toy as processes of its own."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from embedded.servers import MONGO_OPTIONS
from fastapi import FastAPI
from kinara.kit.app import build
from kinara.kit.fold import Folder
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from kinara.kit.work import Work
from secantus.server import SecantusDBServer


def _neighbour(name: str) -> Any:
    """A module of this folder, under the name by which the tests import it."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault(name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


toy = _neighbour("toy")
running = _neighbour("running")
toy_door = _neighbour("toy_door")


@pytest.fixture
async def folder(database: Database, registry: Registry) -> Folder:
    folder = Folder(toy.inbox, database, "toy.tally.nasional", registry.services, "life-1")
    await toy.TALLIES.prepare(database)
    await folder.prepare()
    return folder


@pytest.fixture
def deliver(folder: Folder, registry: Registry) -> Deliverer:
    return Deliverer(folder, registry)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> FastAPI:
    """The service as it is put together, but not running: no broker is needed for a door."""
    app = build(toy_door.service(toy_door.settings(tmp_path)))
    app.state.database = database
    return app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kinara") as client:
        yield client


@pytest.fixture
def hr(tmp_path: Path) -> dict[str, str]:
    """The headers of somebody of the agency."""
    return toy_door.bearer(tmp_path, Role.HR)


@pytest.fixture
async def employee(database: Database) -> str:
    id_ = new_id()
    await toy.report(Work(database), id_, Decimal(1))
    return id_


@pytest.fixture(scope="session")
async def mortal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    """A broker and a database that a test may kill; not started yet."""
    servers = running.Servers(Path(tmp_path_factory.mktemp("mortal")))
    yield servers
    await servers.stop()


@pytest.fixture
async def toy_a(mortal: Any) -> Any:
    """A process of the toy, ready, with its servers."""
    await mortal.start()
    process = mortal.toy("a")
    if not process.child.running:
        process.child.start()
    await process.ready()
    return process


@pytest.fixture
async def toys_database(mortal: Any) -> AsyncIterator[Database]:
    """Another door to the database of the toy's processes."""
    database = mortal.database()
    yield database
    database.close()


@pytest.fixture
async def embedded_server(tmp_path: Path) -> AsyncIterator[SecantusDBServer]:
    """The embedded database's server in this process, with its figures and without its own sweeper."""
    server = SecantusDBServer(storage_path=str(tmp_path), ttl_sweep_seconds=0)
    server.storage._conn.reconfigure("statistics=(fast)")
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def embedded_database(embedded_server: SecantusDBServer) -> AsyncIterator[Database]:
    """A door to it."""
    database = Database(f"mongodb://127.0.0.1:{embedded_server.address[1]}/?{MONGO_OPTIONS}", "embedded")
    yield database
    database.close()
