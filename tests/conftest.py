"""The embedded broker and database, started once for the run; a database of its own for each test that asks."""

from __future__ import annotations

import math
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from embedded.demo.callers import Callers
from embedded.demo.feed import ENDED
from embedded.servers import Servers
from embedded.stack import REPOSITORY, STUB, Stack
from fastapi import FastAPI
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.issuer import token
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.testing import eventually
from kinara.kit.topics import Registry

SEED = int(os.environ.setdefault("KINARA_SEED", str(random.SystemRandom().randrange(10**6))))
"""Of this run; the processes that share its tests inherit it."""


def pytest_report_header() -> str:
    """Every run can be repeated."""
    return f"seed: {SEED} (repeat with KINARA_SEED={SEED})"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The campaign asks for so many kills at each crash point (KINARA_KILLS), of all moments of a test together."""
    kills = int(os.environ.get("KINARA_KILLS", "1"))
    if kills > 1 and metafunc.definition.get_closest_marker("killed") is not None:
        moments = [mark.args[1] for mark in metafunc.definition.iter_markers("parametrize") if mark.args[0] == "after"]
        metafunc.fixturenames.append("again")
        metafunc.parametrize("again", range(math.ceil(kills / len(moments[0] if moments else "1"))))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A report names the crash point of a test that kills.

    Those that need the whole stack come last: from the first of them to the end it takes half a processor.
    """
    for item in items:
        if (killed := item.get_closest_marker("killed")) is not None:
            [point] = killed.args or [item.callspec.params["point"]]  # type: ignore[attr-defined]  # a Function
            item.user_properties.append(("killed", point))
    items.sort(key=lambda item: "stack" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def seed() -> int:
    return SEED


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.read(REPOSITORY / "deploy" / "topics.yaml")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Broker and database without services."""
    with Stack.fresh(Path(tmp_path_factory.mktemp("stack")), Servers.asked()) as stack:
        stack.start(services=())
        yield stack


@pytest.fixture
async def database(servers: Stack) -> AsyncIterator[Database]:
    """An empty database that no other test sees."""
    database = Database(servers.mongo_url, f"t{new_id().replace('-', '')[8:]}")
    yield database
    database.close()


@pytest.fixture
def said(database: Database) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    """The rows of the outbox, oldest first."""

    async def rows() -> list[dict[str, Any]]:
        return [row for bucket in await database.find(OUTBOX, {}, sort=[("_id", 1)]) for row in bucket["rows"]]

    return rows


@pytest.fixture(scope="session")
def door(servers: Stack) -> Callable[[Callable[[], FastAPI]], FastAPI]:
    """A service's application without its background work; each test gives it a database."""

    def of(create: Callable[[], FastAPI]) -> FastAPI:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in servers.env.items():
                environment.setenv(name, value)
            app = create()
        app.state.parts = SimpleNamespace(service=SimpleNamespace(settings=servers.settings()))
        return app

    return of


@pytest.fixture(scope="session")
def bearer(servers: Stack) -> Callable[..., dict[str, str]]:
    """The header of somebody with a role, perhaps an employee, perhaps for units."""

    def of(role: Role | str, employee: str | None = None, units: Sequence[str] = ("/16.71",)) -> dict[str, str]:
        signed = token(servers.settings(), roles=[Role(role)], employee=employee, units=units)
        return {"Authorization": f"Bearer {signed}"}

    return of


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole stack as users run it: four services and the stub SIASN, each its own process."""
    with Stack.fresh(Path(tmp_path_factory.mktemp("services")), Servers.asked()) as stack:
        stack.start_stub({"SIASN_STUB_PEOPLE": "120"})
        stack.start()
        yield stack


@pytest.fixture(scope="session")
async def callers(stack: Stack) -> AsyncIterator[Callers]:
    async with Callers(stack) as callers:
        yield callers


Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def post(callers: Callers) -> Ask:
    """POST as somebody, and fail with the service's own words if it refuses."""

    async def ask(service: str, path: str, body: Any, role: Role | None = None, employee: str | None = None) -> Any:
        headers = callers.bearer(role, employee) if role else {}
        answer = await callers.call(service, "POST", path, json=body, headers=headers)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    return ask


@pytest.fixture(scope="session")
def imported(stack: Stack, callers: Callers, post: Ask) -> Ask:
    """Import everybody of a government from the stub SIASN; what the run came to."""

    async def run(code: str) -> Any:
        async with httpx.AsyncClient(base_url=stack.address(STUB)) as stub:
            found = next(g for g in (await stub.get("/stub/instansi")).json() if g["kodeCepat"] == code)
            nips = (await stub.get(f"/stub/instansi/{found['id']}/nips")).json()
        run = await post("personnel", "/v1/imports/siasn", {"instansi": found["id"], "nips": nips}, Role.INTEGRATOR)

        async def ended() -> Any:
            read = await callers.read("personnel", f"/v1/imports/{run['id']}", Role.INTEGRATOR)
            return read if read["state"] in ENDED else None

        done = await eventually(ended, within=60)
        assert (done["state"], done["processed"]) == ("done", len(nips))
        return done

    return run


@pytest.fixture(scope="session")
def heard(callers: Callers) -> Ask:
    """The scorecards beneath a path, once the others know of everybody and every unit there what personnel knows."""

    async def wait(path: str) -> Any:
        employees = await callers.pages("personnel", "/v1/employees", unit_path=path)
        led = {employee["id"]: employee["supervisor_id"] for employee in employees}
        government = f"/{path.split('/')[1]}"
        tree = await callers.pages("personnel", "/v1/units", path=government)
        units = {unit["id"] for unit in tree if unit["active"]}

        async def known() -> Any:
            cards = await callers.pages("appraisal", "/v1/scorecards", unit_path=path)
            records = await callers.pages("training", "/v1/records", unit_path=path)
            pages = [await callers.pages("feedback", f"/v1/units/{unit}/officers") for unit in units]
            met = {record["employee_id"] for record in records} & {officer["id"] for page in pages for officer in page}
            found = [card for card in cards if card["employee_id"] in led.keys() & met]
            agreed = {card["employee_id"]: card["supervisor_id"] for card in found} == led
            return found if agreed and await _have_units(callers, government, units) else None

        return await eventually(known, within=60)

    return wait


async def _have_units(callers: Callers, government: str, units: set[str]) -> bool:
    """Whether feedback and training know the units, of which they hear beside the people."""
    listed = {unit["id"] for unit in await callers.pages("feedback", "/v1/units", path=government)}
    bearer = callers.bearer(Role.OVERSIGHT)
    answers = [await callers.call("training", "GET", f"/v1/units/{unit}/needs", headers=bearer) for unit in units]
    return units <= listed and all(answer.is_success for answer in answers)


@pytest.fixture(scope="session")
def when(callers: Callers) -> Ask:
    """Wait until what a service says fulfils a condition, and give it back."""

    async def wait(service: str, path: str, condition: Callable[[Any], Any], role: Role = Role.OVERSIGHT) -> Any:
        async def look() -> Any:
            answer = await callers.call(service, "GET", path, headers=callers.bearer(role))
            return answer.json() if answer.status_code == httpx.codes.OK and condition(answer.json()) else None

        return await eventually(look, within=30)

    return wait
