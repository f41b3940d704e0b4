"""Real requests at once, by HTTP through two processes of the service: for the money of one budget, and for seats.

1,000 requests for the money of one budget, which pays for 600, and 300 for ten seats that cost nothing; 150 at a time,
every second one through the other process. Who is sent away (503, or a connection that the process did not take) asks
again under the same key until there is an answer. Ten times as many for the budget, which takes some minutes:
``ENROLMENTS=10000 make test T=tests/training/test_request_races.py``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest
from embedded.child import Child, free_port
from embedded.servers import Servers
from embedded.stack import Stack
from kinara.contracts import Province
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from kinara.kit.issuer import token
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import eventually
from kinara.kit.work import Transaction, Work, command
from training import store
from training.commands.budgets import set_budget
from training.domain.record import Record
from training.domain.session import Session
from training.domain.unit import Unit
from training.store import BUDGETS, ENROLMENTS, RECORDS, SESSIONS, UNITS

PRICE = 750_000
ASK = int(os.environ.get("ENROLMENTS", "1000"))
PAID, SESSIONS_OPEN = ASK * 6 // 10, ASK // 100
ASK_FOR_SEATS, SEATS = 300, 10
AT_ONCE = 150
PALEMBANG = "/16.71"


@command
async def lay_down(tx: Transaction, unit_id: str, people: Sequence[str]) -> None:
    """A government and its people, as personnel's facts would make them."""
    province = Province(code="16")
    if not await tx.find(UNITS, SYSTEM, {"_id": unit_id}, limit=1):
        tx.save(UNITS, Unit(id=unit_id, name="Palembang", province=province, unit_path=PALEMBANG, active=True))
    for id_ in people:
        known: dict[str, Any] = {"name": "Rani Contoh", "kind": "PNS", "unit_id": unit_id, "unit_path": PALEMBANG}
        tx.save(RECORDS, Record(employee_id=id_, province=province, active=True, **known))


@dataclass
class Ground:
    """One unit."""

    unit_id: str

    async def unit(self, _path: str) -> str:
        return self.unit_id


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, list[str]]]:
    """Broker, database and two processes of the service; their addresses."""
    with Stack.fresh(Path(tmp_path_factory.mktemp("races")), Servers.asked()) as stack:
        stack.start(services=("training",))
        port = free_port()
        first = stack.children["training"]
        ours = [str(port) if part == str(stack.ports["training"]) else part for part in first.command]
        second = Child("training-2", [sys.executable, *ours[1:]], stack.home / "logs" / "training-2.log", stack.env)
        second.start()
        try:
            yield stack, [stack.address("training"), f"http://127.0.0.1:{port}"]
        finally:
            second.stop()


@pytest.fixture
async def database(doors: tuple[Stack, list[str]]) -> AsyncIterator[Database]:
    database = Database(doors[0].mongo_url, "training")
    yield database
    database.close()


@pytest.fixture
async def crowd(database: Database) -> tuple[Ground, list[str]]:
    ground, people = Ground(new_id()), [new_id() for _ in range(ASK)]
    for collection in store.COLLECTIONS:
        await collection.prepare(database)
    for kept in await Work(database).find(UNITS, SYSTEM, {"unit_path": PALEMBANG}):
        ground = Ground(kept.id)
    for at in range(0, ASK, 250):
        await lay_down(Work(database), ground.unit_id, people[at : at + 250])
    return ground, people


async def ask_at_once(doors: tuple[Stack, list[str]], asked: Sequence[tuple[Session, str]]) -> Counter[str]:
    """All of them, by both doors in turn; what they were told, and how often somebody was sent away."""
    signed = token(doors[0].settings(), roles=[Role.HR], units=[PALEMBANG])
    gate, told = asyncio.Semaphore(AT_ONCE), Counter[str]()

    async def one(http: httpx.AsyncClient, session: Session, employee_id: str) -> None:
        headers = {"Authorization": f"Bearer {signed}", "Idempotency-Key": new_id()}
        address, body = f"/v1/sessions/{session.id}/enrolments", {"employee_id": employee_id}

        async def answered() -> httpx.Response | None:
            try:
                answer = await http.post(address, json=body, headers=headers)
            except httpx.TransportError:
                told["shed"] += 1
                return None
            told["shed"] += answer.status_code == 503
            return answer if answer.status_code != 503 else None

        async with gate:
            answer = await eventually(answered, within=120)
        assert answer.status_code == 201, answer.text
        told[str(answer.json()["waits_for"])] += 1

    async with AsyncExitStack() as opened:
        room = httpx.Limits(max_connections=AT_ONCE)
        clients = [
            await opened.enter_async_context(httpx.AsyncClient(base_url=door, timeout=60, limits=room))
            for door in doors[1]
        ]
        for client in clients:

            async def ready(http: httpx.AsyncClient = client) -> bool:
                try:
                    return (await http.get("/health/ready")).status_code == 200
                except httpx.TransportError:
                    return False

            await eventually(ready, within=90)
        await asyncio.gather(*(one(http, *place) for http, place in zip(cycle(clients), asked, strict=False)))
    return told


async def test_requests_through_two_processes_never_overspend_one_budget(
    doors: tuple[Stack, list[str]], database: Database, crowd: tuple[Ground, list[str]], make_school: Any
) -> None:
    ground, people = crowd
    school = make_school(database, ground)
    sessions = [await school.session(ahead=1, seats=ASK // SESSIONS_OPEN, price=PRICE) for _ in range(SESSIONS_OPEN)]
    year = sessions[0].starts_on.year
    budget = await set_budget(school.work, school.scope, ground.unit_id, year, Decimal(PRICE) * PAID)

    told = await ask_at_once(doors, [(sessions[at % SESSIONS_OPEN], id_) for at, id_ in enumerate(people)])

    assert (told["None"], told["money"]) == (PAID, ASK - PAID)
    after = (await Work(database).get(BUDGETS, budget.id, SYSTEM)).state
    assert (after.reserved, after.spent, after.free) == (PRICE * PAID, 0, 0)
    paid = {"budget_id": budget.id, "status": "confirmed", "spent": False}
    assert await database[ENROLMENTS.name].count_documents(paid) == PAID
    kept = await Work(database).find(SESSIONS, SYSTEM, {"_id": {"$in": [one.id for one in sessions]}})
    assert sum(len(one.state.seated) for one in kept) == PAID
    assert sum(len(one.state.waiting) for one in kept) == ASK - PAID


async def test_three_hundred_requests_for_ten_seats_seat_ten(
    doors: tuple[Stack, list[str]], database: Database, crowd: tuple[Ground, list[str]], make_school: Any
) -> None:
    ground, people = crowd
    session = await make_school(database, ground).session(ahead=1, seats=SEATS)

    told = await ask_at_once(doors, [(session, id_) for id_ in people[:ASK_FOR_SEATS]])

    assert (told["None"], told["seat"]) == (SEATS, ASK_FOR_SEATS - SEATS)
    after = (await Work(database).get(SESSIONS, session.id, SYSTEM)).state
    assert (len(after.seated), len(set(after.seated)), len(after.waiting)) == (SEATS, SEATS, ASK_FOR_SEATS - SEATS)
    seated = await Work(database).find(ENROLMENTS, SYSTEM, {"session_id": session.id, "status": "confirmed"})
    assert {one.state.employee_id for one in seated} == set(after.seated)
    offered = await Work(database).find(RECORDS, SYSTEM, {"_id": {"$in": people[:ASK_FOR_SEATS]}}, limit=ASK_FOR_SEATS)
    assert {one.id for one in offered if one.state.was_offered(session.id)} == set(after.seated)
