"""Money for more people than a transaction should hold goes to the neediest in steps, also past a kill."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command
from training.commands import budgets, offering
from training.commands.waiting import PATIENCE
from training.domain import waiting
from training.domain.budget import Budget
from training.domain.enrolment import Enrolment
from training.domain.need import Need
from training.domain.record import Record
from training.domain.session import Session
from training.store import BUDGETS, ENROLMENTS, RECORDS, SESSIONS
from working_off import worked_off

PRICE = 1_000_000
PEOPLE, SESSIONS_OPEN, PAID, STEP = 1_500, 3, 1_000, waiting.MOST_AT_ONCE


class CutOff(Exception):
    """The process that set the budget is gone."""


@command
async def wait_in_line(tx: Transaction, session: Session, people: Sequence[tuple[str, bool]]) -> None:
    """A line as enrolling one by one would leave it; some of them in need."""
    where: dict[str, Any] = {"province": session.province, "unit_path": "/16.71/plaju"}
    low = Need(id="n", component="a", topic="pelayanan", period="2026-10", reason="Rendah", score=Decimal(40))
    for id_, needy in people:
        who = {"name": "Rani Contoh", "kind": "PNS", "unit_id": new_id(), "active": True}
        tx.save(RECORDS, Record(employee_id=id_, needs=(low,) if needy else (), **who, **where))  # type: ignore[arg-type]
        place = {"session_id": session.id, "programme_id": session.programme_id, "employee_id": id_}
        tx.save(ENROLMENTS, Enrolment(id=new_id(), status="waiting", waits_for="budget", **place, **where))
    kept = await tx.load(SESSIONS, session.id, SYSTEM)
    tx.save(SESSIONS, replace(kept, waiting=(*kept.waiting, *(id_ for id_, _ in people))))


@dataclass
class Crowd:
    """Who waits for a budget: every second one is in need, and they asked last."""

    database: Database
    school: Any
    unit_id: str
    year: int
    needy: set[str]

    async def set_up(self, planned: int) -> Budget:
        return await budgets.set_budget(
            self.school.work, self.school.scope, self.unit_id, self.year, Decimal(PRICE) * planned
        )

    async def budget(self) -> Budget:
        return (await Work(self.database).get(BUDGETS, f"{self.year}/16.71", SYSTEM)).state

    async def places(self) -> list[Enrolment]:
        return [one.state for one in await Work(self.database).find(ENROLMENTS, SYSTEM, {}, limit=2 * PEOPLE)]


@pytest.fixture
async def crowd(prepared: Database, school: Any, town: Any) -> Crowd:
    needy: set[str] = set()
    for _ in range(SESSIONS_OPEN):
        session = await school.session(ahead=1, seats=PEOPLE // SESSIONS_OPEN, price=PRICE)
        people = [(new_id(), at >= PEOPLE // SESSIONS_OPEN // 2) for at in range(PEOPLE // SESSIONS_OPEN)]
        needy |= {id_ for id_, in_need in people if in_need}
        for at in range(0, len(people), 250):
            await wait_in_line(school.work, session, people[at : at + 250])
    return Crowd(prepared, school, await town.unit("/16.71"), session.starts_on.year, needy)


def count_steps(monkeypatch: pytest.MonkeyPatch, most: int | None = None) -> list[int]:
    """How many got a seat in each transaction; the process is gone after ``most`` more than the first."""
    step, seen = offering._step, list[int]()

    async def counted(work: Work, budget_id: str) -> Budget:
        if len(seen) == most:
            raise CutOff
        before = (await work.get(BUDGETS, budget_id, SYSTEM)).state.reserved
        after = await step(work, budget_id)
        seen.append(int((after.reserved - before) / PRICE))
        return after

    monkeypatch.setattr(offering, "_step", counted)
    return seen


def assert_settled(crowd: Crowd, budget: Budget, places: Sequence[Enrolment]) -> None:
    assert (budget.reserved, budget.free, budget.offer_at, budget.in_steps) == (PAID * PRICE, 0, None, False)
    told = Counter((one.status, one.waits_for) for one in places)
    assert told == {("confirmed", None): PAID, ("waiting", "money"): PEOPLE - PAID}
    seated = {one.employee_id for one in places if one.status == "confirmed"}
    assert crowd.needy <= seated


async def test_fifteen_hundred_who_wait_are_paid_in_steps_the_neediest_first(
    monkeypatch: pytest.MonkeyPatch, crowd: Crowd, said: Any
) -> None:
    steps = count_steps(monkeypatch)

    budget = await crowd.set_up(PAID)

    assert_settled(crowd, budget, await crowd.places())
    assert max(steps) <= STEP
    assert len(steps) >= PAID // STEP
    assert [row["type"].split(".")[-2] for row in await said()].count("EnrolmentConfirmed") == PAID


@pytest.mark.killed("offering.after_step")
async def test_who_comes_between_two_steps_waits_and_what_is_cut_off_goes_on(
    monkeypatch: pytest.MonkeyPatch, prepared: Database, servers: Any, crowd: Crowd, town: Any
) -> None:
    """With kill -9, in processes of their own."""
    with monkeypatch.context() as patched:
        count_steps(patched, most=0)
        with pytest.raises(CutOff):
            await crowd.set_up(PAID)
    half = await crowd.budget()
    assert (half.reserved, half.in_steps) == (STEP * PRICE, True)
    newcomer = await crowd.school.enrol(await crowd.school.session(ahead=1, price=PRICE), await town.employee())
    assert newcomer.waits_for == "money"
    soon = utc_now() + PATIENCE + timedelta(seconds=5)

    where = ("training.commands.offering", servers.mongo_url, prepared.name, soon)
    assert await worked_off(*where, crash_at="offering.after_step:1") == -signal.SIGKILL
    assert (await crowd.budget()).reserved == 2 * STEP * PRICE
    later = (*where[:3], soon + 2 * PATIENCE)
    assert await asyncio.gather(worked_off(*later), worked_off(*later)) == [0, 0]

    places = [one for one in await crowd.places() if one.id != newcomer.id]
    assert_settled(crowd, await crowd.budget(), places)
