"""Ten thousand ask for places that one budget cannot pay: no rupiah is spent twice, and none is lost.

All in one process: two hundred through its application, without a socket, and 9,800 as calls of the command, against
one budget document, in groups larger than usual. Real requests through two processes are in ``test_request_races.py``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
from kinara.contracts import Province
from kinara.kit.group import group_of
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command
from training import commands
from training.commands.budgets import set_budget
from training.domain.budget import Budget
from training.domain.record import Record
from training.domain.session import Session
from training.store import BUDGETS, ENROLMENTS, RECORDS

PRICE = 750_000
PEOPLE, BY_DOOR, PAID = 10_000, 200, 7_000
SESSIONS, SEATS = 20, 450
AT_ONCE, AT_THE_DOOR = 512, 60
"""The door sends away who comes when more than 64 are in hand."""


@command
async def hire(tx: Transaction, people: Sequence[str]) -> None:
    """Employees of Plaju, as their registration would make them."""
    for id_ in people:
        known = {"name": "Rani Contoh", "kind": "PNS", "unit_id": new_id(), "unit_path": "/16.71/plaju"}
        tx.save(RECORDS, Record(employee_id=id_, province=Province(code="16"), active=True, **known))  # type: ignore[arg-type]


async def budget_now(database: Database, budget: Budget) -> Budget:
    return (await Work(database).get(BUDGETS, budget.id, SYSTEM)).state


async def money_of_places(database: Database, budget: Budget) -> dict[str, Decimal]:
    """What the places themselves say is reserved and spent."""
    reserved = await database[ENROLMENTS.name].count_documents(
        {"budget_id": budget.id, "status": "confirmed", "spent": False}
    )
    spent = await database[ENROLMENTS.name].count_documents({"budget_id": budget.id, "spent": True})
    return {"reserved": Decimal(PRICE) * reserved, "spent": Decimal(PRICE) * spent}


async def in_parallel(limit: int, jobs: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """All jobs, so many at a time."""
    gate = asyncio.Semaphore(limit)

    async def one(job: Callable[[], Awaitable[Any]]) -> Any:
        async with gate:
            return await job()

    return await asyncio.gather(*(one(job) for job in jobs))


async def watch(database: Database, budget: Budget, seen: list[Budget]) -> None:
    """Look at the budget all the time."""
    while True:
        seen.append(await budget_now(database, budget))
        await asyncio.sleep(0.05)


async def test_ten_thousand_enrolments_never_overspend_one_budget(
    prepared: Database, school: Any, town: Any, http: httpx.AsyncClient, bearer: Any
) -> None:
    sessions: list[Session] = [await school.session(ahead=1, seats=SEATS, price=PRICE) for _ in range(SESSIONS)]
    year, unit_id = sessions[0].starts_on.year, await town.unit("/16.71")
    budget = await set_budget(school.work, school.scope, unit_id, year, Decimal(PRICE) * PAID)
    people = [new_id() for _ in range(PEOPLE)]
    for at in range(0, PEOPLE, 500):
        await hire(school.work, people[at : at + 500])
    group_of(prepared).most = AT_ONCE
    seen: list[Budget] = []
    watcher = asyncio.create_task(watch(prepared, budget, seen))

    async def by_door(session: Session, employee_id: str) -> str:
        address, body = f"/v1/sessions/{session.id}/enrolments", {"employee_id": employee_id}
        answer = await http.post(address, json=body, headers=bearer("hr"))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["waits_for"])

    async def by_command(session: Session, employee_id: str) -> str:
        place = await commands.enrol(Work(prepared), school.scope, session.id, employee_id)
        return str(place.enrolment.waits_for)

    asked = [(sessions[at % SESSIONS], id_) for at, id_ in enumerate(people)]
    doors = [lambda one=one: by_door(*one) for one in asked[:BY_DOOR]]
    others = [lambda one=one: by_command(*one) for one in asked[BY_DOOR:]]
    answers = await asyncio.gather(in_parallel(AT_THE_DOOR, doors), in_parallel(AT_ONCE, others))
    watcher.cancel()

    told = Counter(answer for part in answers for answer in part)
    assert told["None"] == PAID
    assert told["None"] + told["money"] + told["seat"] == PEOPLE
    after = await budget_now(prepared, budget)
    assert (after.reserved, after.spent, after.free) == (Decimal(PRICE) * PAID, 0, 0)
    assert await money_of_places(prepared, budget) == {"reserved": after.reserved, "spent": after.spent}
    assert len(seen) > 10
    assert all(one.free >= 0 and one.planned == one.reserved + one.spent + one.free for one in seen)

    given_back = await prepared.find(ENROLMENTS.name, {"status": "confirmed"}, limit=2)
    await asyncio.gather(
        *(commands.cancel_enrolment(Work(prepared), school.scope, place["_id"]) for place in given_back)
    )
    assert await budget_now(prepared, budget) == after  # two others moved up
    assert await money_of_places(prepared, budget) == {"reserved": after.reserved, "spent": after.spent}


async def test_who_starts_to_wait_while_money_is_freed_gets_it(prepared: Database, school: Any, town: Any) -> None:
    session = await school.session(ahead=1, price=PRICE)
    year, unit_id, rounds = session.starts_on.year, await town.unit("/16.71"), 15
    await set_budget(school.work, school.scope, unit_id, year, Decimal(0))

    for paid in range(1, rounds + 1):
        learner = await town.employee()
        await asyncio.gather(
            school.enrol(session, learner),
            set_budget(school.work, school.scope, unit_id, year, Decimal(PRICE) * paid),
        )

    assert await prepared[ENROLMENTS.name].count_documents({"status": "confirmed"}) == rounds


async def test_who_starts_to_wait_while_the_first_budget_is_set_up_gets_it(
    prepared: Database, school: Any, town: Any
) -> None:
    programme, unit_id = (await school.session()).programme_id, await town.unit("/16.71")
    rounds, people = 6, 4
    for year in range(2030, 2030 + rounds):
        on = date(year, 2, 1)
        schedule = commands.Schedule(starts_on=on, ends_on=on, seats=people, price=Decimal(PRICE))
        planned = await commands.plan_session(school.work, school.scope, programme, unit_id, schedule)
        session = await commands.open_session(school.work, school.scope, planned.id)
        learners = [await town.employee() for _ in range(people)]

        await asyncio.gather(
            *(school.enrol(session, learner) for learner in learners),
            set_budget(school.work, school.scope, unit_id, year, Decimal(PRICE) * (people - 1)),
        )

        budget = (await Work(prepared).get(BUDGETS, f"{year}/16.71", SYSTEM)).state
        assert (budget.reserved, budget.free) == (Decimal(PRICE) * (people - 1), 0)
        assert await money_of_places(prepared, budget) == {"reserved": budget.reserved, "spent": 0}


async def test_a_seat_and_money_that_are_freed_at_once_meet(prepared: Database, school: Any, town: Any) -> None:
    unit_id, year = await town.unit("/16.71/plaju"), (await school.session()).starts_on.year
    await set_budget(school.work, school.scope, await town.unit("/16.71/dinkes"), year, Decimal(PRICE))
    for at in range(10):
        await set_budget(school.work, school.scope, unit_id, year, Decimal(PRICE) * at)
        session = await school.session(seats=1, price=PRICE)
        seated = await school.enrol(session, await town.employee("/16.71/dinkes"))
        waits = await school.enrol(session, await town.employee())

        await asyncio.gather(
            commands.cancel_enrolment(school.work, school.scope, seated.id),
            set_budget(school.work, school.scope, unit_id, year, Decimal(PRICE) * (at + 1)),
        )

        assert (await Work(prepared).get(ENROLMENTS, waits.id, SYSTEM)).state.status == "confirmed"
