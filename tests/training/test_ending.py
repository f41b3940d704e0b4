"""A session with more places than a step settles is ended whole, also when it is cut off."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command
from training import commands
from training.commands import ending
from training.commands.budgets import set_budget
from training.domain import refusals
from training.domain.budget import Budget
from training.domain.enrolment import Enrolment
from training.domain.record import Record
from training.domain.session import Session
from training.store import BUDGETS, ENROLMENTS, RECORDS, SESSIONS
from working_off import worked_off

Bearer = Callable[..., dict[str, str]]
PRICE = 1_000_000
SEATS, IN_LINE = 5, 4
LONG_STEP = ending.STEP


class CutOff(Exception):
    """The process that ended the session is gone."""


@dataclass
class Ended:
    """A session with more in it than a step settles: its places, and what is known of them."""

    database: Database
    session: Session
    people: list[str] = field(default_factory=list)

    async def now(self) -> Session:
        return (await Work(self.database).get(SESSIONS, self.session.id, SYSTEM)).state

    async def statuses(self) -> Counter[str]:
        query = {"session_id": self.session.id}
        return Counter(kept.state.status for kept in await Work(self.database).find(ENROLMENTS, SYSTEM, query))

    async def budget(self) -> Budget:
        id_ = f"{self.session.starts_on.year}/16.71"
        return (await Work(self.database).get(BUDGETS, id_, SYSTEM)).state

    async def offered(self) -> int:
        kept = await Work(self.database).find(RECORDS, SYSTEM, {"_id": {"$in": self.people}})
        return sum(one.state.was_offered(self.session.id) for one in kept)


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "STEP", 2)


@pytest.fixture
async def crowded(prepared: Database, school: Any, town: Any) -> Ended:
    """Seats that are paid, one of them given back and taken by who waited, and a line."""
    session = await school.session(seats=SEATS, price=PRICE)
    budget = Decimal(PRICE) * SEATS
    await set_budget(school.work, school.scope, await town.unit("/16.71"), session.starts_on.year, budget)
    ended = Ended(prepared, session)
    for _ in range(SEATS + IN_LINE + 1):
        ended.people.append(await town.employee())
    places = [await school.enrol(session, id_) for id_ in ended.people]
    await commands.cancel_enrolment(school.work, school.scope, places[0].id)
    assert await ended.statuses() == {"confirmed": SEATS, "waiting": IN_LINE, "cancelled": 1}
    return ended


def cut_off_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """The next one who settles is gone after so many steps."""
    step, left = ending._step, steps

    async def few(work: Work, session_id: str) -> Session:
        nonlocal left
        if left == 0:
            monkeypatch.setattr(ending, "_step", step)
            raise CutOff
        left -= 1
        return await step(work, session_id)

    monkeypatch.setattr(ending, "_step", few)


async def later(database: Database) -> None:
    """What whoever holds the lease does once nobody has been at work for a while."""
    await ending.work_off(database, lambda: utc_now() + ending.PATIENCE + timedelta(seconds=1))


async def test_a_session_is_called_off_in_steps_and_answered_once(
    http: httpx.AsyncClient, bearer: Bearer, crowded: Ended, said: Any
) -> None:
    address = f"/v1/sessions/{crowded.session.id}/cancellation"
    headers = bearer("trainer") | {"Idempotency-Key": new_id()}

    answers = [await http.post(address, headers=headers) for _ in range(2)]

    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(200, "cancelled")] * 2
    assert await crowded.statuses() == {"cancelled": SEATS + IN_LINE + 1}
    assert (await crowded.now()).to_settle is None
    money = await crowded.budget()
    assert (money.reserved, money.free) == (0, money.planned)
    assert await crowded.offered() == 0
    assert (
        len([row for row in await said() if "session_called_off" in str(row["data"])]) == SEATS + 1
    )  # and who had given the seat back


@pytest.mark.parametrize("steps", range(7))
async def test_what_was_cut_off_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, school: Any, crowded: Ended, said: Any, steps: int
) -> None:
    cut_off_after(monkeypatch, steps)
    if steps < 6:
        with pytest.raises(CutOff):
            await commands.cancel_session(school.work, school.scope, crowded.session.id)
        assert (await crowded.now()).state == "cancelled"
        assert (await crowded.statuses())["cancelled"] == 1 + min(2 * steps, SEATS + IN_LINE)
        await ending.work_off(crowded.database)  # somebody may still be at work on it
        assert (await crowded.now()).to_settle is not None
    else:
        await commands.cancel_session(school.work, school.scope, crowded.session.id)

    await later(crowded.database)
    await later(crowded.database)

    assert await crowded.statuses() == {"cancelled": SEATS + IN_LINE + 1}
    assert ((await crowded.now()).to_settle, await crowded.offered()) == (None, 0)
    assert (await crowded.budget()).reserved == 0
    assert len([row for row in await said() if "session_called_off" in str(row["data"])]) == SEATS + 1


async def test_nobody_gets_in_or_out_while_a_session_is_being_called_off(
    monkeypatch: pytest.MonkeyPatch, school: Any, town: Any, crowded: Ended
) -> None:
    cut_off_after(monkeypatch, 1)
    with pytest.raises(CutOff):
        await commands.cancel_session(school.work, school.scope, crowded.session.id)
    seated = (await Work(crowded.database).find(ENROLMENTS, SYSTEM, {"status": "confirmed"}, limit=1))[0].state

    for attempt in (
        school.enrol(crowded.session, await town.employee()),
        commands.cancel_enrolment(school.work, school.scope, seated.id),
        commands.cancel_session(school.work, school.scope, crowded.session.id),
        commands.close_session(school.work, school.scope, crowded.session.id),
    ):
        with pytest.raises(refusals.SessionNotOpen):
            await attempt
    with pytest.raises(refusals.SessionCancelled):
        await commands.accept_completion(school.work, school.scope, seated.id, "S/1")
    assert (await school.enrol(await school.session(), seated.employee_id)).status == "confirmed"  # the day is free

    await later(crowded.database)
    assert await crowded.offered() == 0


async def test_a_session_that_was_held_is_settled_in_steps_too(
    monkeypatch: pytest.MonkeyPatch, school: Any, crowded: Ended
) -> None:
    cut_off_after(monkeypatch, 2)
    with pytest.raises(CutOff):
        await commands.close_session(school.work, school.scope, crowded.session.id)
    held = await crowded.now()
    assert (held.state, held.waiting) == ("held", ())

    await later(crowded.database)

    assert await crowded.statuses() == {"confirmed": SEATS, "cancelled": IN_LINE + 1}
    money = await crowded.budget()
    assert (money.reserved, money.spent) == (0, Decimal(PRICE) * SEATS)  # the seats were kept, and nobody came
    assert (await crowded.now()).to_settle is None


async def test_two_who_settle_at_once_settle_each_place_once(
    monkeypatch: pytest.MonkeyPatch, school: Any, crowded: Ended, said: Any
) -> None:
    cut_off_after(monkeypatch, 0)
    with pytest.raises(CutOff):
        await commands.cancel_session(school.work, school.scope, crowded.session.id)

    await asyncio.gather(later(crowded.database), later(crowded.database))

    assert await crowded.statuses() == {"cancelled": SEATS + IN_LINE + 1}
    assert (await crowded.budget()).reserved == 0
    assert len([row for row in await said() if "session_called_off" in str(row["data"])]) == SEATS + 1


async def test_a_session_that_cannot_be_settled_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, school: Any, crowded: Ended, town: Any
) -> None:
    other = Ended(crowded.database, await school.session(seats=1), [await town.employee()])
    await school.enrol(other.session, other.people[0])
    for session in (crowded.session, other.session):
        cut_off_after(monkeypatch, 0)
        with pytest.raises(CutOff):
            await commands.cancel_session(school.work, school.scope, session.id)
    step = ending._step

    async def torn(work: Work, session_id: str) -> Session:
        if session_id == crowded.session.id:
            raise LookupError("torn")
        return await step(work, session_id)

    monkeypatch.setattr(ending, "_step", torn)
    await later(crowded.database)
    assert ((await crowded.now()).to_settle is None, (await other.now()).to_settle) == (False, None)

    monkeypatch.setattr(ending, "_step", step)
    await later(crowded.database)
    assert (await crowded.now()).to_settle is None


@command
async def crowd(tx: Transaction, session: Session, people: Sequence[str]) -> None:
    """A session with a line as long as in life, as enrolling one by one would leave it."""
    where: dict[str, Any] = {"province": session.province, "unit_path": "/16.71/plaju"}
    for id_ in people:
        tx.save(
            RECORDS, Record(employee_id=id_, name="Rani Contoh", kind="PNS", unit_id=new_id(), active=True, **where)
        )
        place = {"session_id": session.id, "programme_id": session.programme_id, "employee_id": id_}
        tx.save(ENROLMENTS, Enrolment(id=new_id(), status="waiting", waits_for="seat", **place, **where))
    session = await tx.load(SESSIONS, session.id, SYSTEM)
    tx.save(SESSIONS, replace(session, waiting=tuple(people)))


@pytest.mark.killed("settling.after_step")
async def test_whoever_is_killed_between_two_steps_is_followed_by_others_who_settle_the_rest_once(
    monkeypatch: pytest.MonkeyPatch, prepared: Database, servers: Any, school: Any, said: Any
) -> None:
    """With kill -9, in processes of their own, which take steps as long as in life."""
    session = await school.session(seats=1)
    await crowd(school.work, session, [new_id() for _ in range(2 * LONG_STEP + 1)])
    cut_off_after(monkeypatch, 0)
    with pytest.raises(CutOff):
        await commands.cancel_session(school.work, school.scope, session.id)
    query, soon = {"session_id": session.id, "status": "waiting"}, utc_now() + 2 * ending.PATIENCE

    async def settle(now: datetime, crash_at: str = "") -> int:
        where = (servers.mongo_url, prepared.name)
        return await worked_off("training.commands.ending", *where, now, crash_at=crash_at)

    assert await settle(soon, "settling.after_step:1") == -signal.SIGKILL
    assert await Work(prepared).count(ENROLMENTS, SYSTEM, query) == LONG_STEP + 1
    after = soon + 2 * ending.PATIENCE
    assert await asyncio.gather(settle(after), settle(after)) == [0, 0]

    assert await Work(prepared).count(ENROLMENTS, SYSTEM, query) == 0
    kept = await Work(prepared).find(RECORDS, SYSTEM, {}, limit=3 * LONG_STEP)
    assert {(one.rev, len(one.rows)) for one in kept} == {(2, 1)}  # of each place once
    assert await said() == []  # nobody had a seat


async def test_a_certificate_and_the_calling_off_at_once_leave_one_of_them(school: Any, town: Any) -> None:
    for number in range(6):
        session = await school.session(jp=1)
        place: Enrolment = await school.taught(session, await town.employee())

        counted, off = await asyncio.gather(
            commands.accept_completion(school.work, school.scope, place.id, f"S/{number}"),
            commands.cancel_session(school.work, school.scope, session.id),
            return_exceptions=True,
        )

        assert isinstance(counted, BaseException) != isinstance(off, BaseException), (counted, off)


async def test_money_that_is_freed_reaches_who_waits_elsewhere_in_the_same_step(
    school: Any, town: Any, crowded: Ended
) -> None:
    other = await school.session(seats=9, price=PRICE)
    waits = [await school.enrol(other, await town.employee()) for _ in range(3)]
    assert {place.waits_for for place in waits} == {"money"}

    await commands.cancel_session(school.work, school.scope, crowded.session.id)

    kept = await Work(crowded.database).find(ENROLMENTS, SYSTEM, {"session_id": other.id})
    assert [one.state.status for one in kept] == ["confirmed"] * 3
    assert (await crowded.budget()).reserved == 3 * PRICE
