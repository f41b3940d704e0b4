"""What training says of hours on offer: once for each session, and no more when the session is called off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from kinara.contracts import events_said_by
from kinara.contracts.training import EnrolmentCancelled, EnrolmentConfirmed
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work
from training import commands
from training.domain import refusals
from training.domain.record import hours_of
from training.domain.session import Session
from training.store import ENROLMENTS, RECORDS, SESSIONS

Said = Callable[[], Awaitable[list[dict[str, Any]]]]
TYPES = {event.type(): event for event in events_said_by("training")}


@pytest.fixture
def seats(said: Said) -> Callable[[str], Awaitable[list[str]]]:
    """What was said of an employee's seats, in order: given, or lost for which reason."""

    async def _seats(employee_id: str) -> list[str]:
        facts = [TYPES[row["type"]].model_validate_json(row["data"]) for row in await said()]
        own = [fact for fact in facts if fact.subject.id == employee_id]
        given_or_lost = [fact for fact in own if isinstance(fact, EnrolmentConfirmed | EnrolmentCancelled)]
        return [fact.reason if isinstance(fact, EnrolmentCancelled) else "given" for fact in given_or_lost]

    return _seats


@pytest.fixture
def offered(prepared: Database) -> Callable[[str, Session], Awaitable[int]]:
    """The hours on offer to an employee in the session's year."""

    async def _offered(employee_id: str, session: Session) -> int:
        kept = await Work(prepared).get(RECORDS, employee_id, SYSTEM)
        return hours_of(kept.state, session.starts_on.year).offered

    return _offered


async def give_back(school: Any, enrolment_id: str) -> None:
    await commands.cancel_enrolment(school.work, school.scope, enrolment_id)


async def test_a_session_taken_three_times_is_one_offer(school: Any, town: Any, seats: Any, offered: Any) -> None:
    session, employee_id = await school.session(), await town.employee()

    for _ in range(2):
        await give_back(school, (await school.enrol(session, employee_id)).id)
    await school.enrol(session, employee_id)

    assert await seats(employee_id) == ["given", "participant", "given", "participant", "given"]
    assert await offered(employee_id, session) == 8


async def test_a_seat_given_back_was_on_offer_all_the_same(
    prepared: Database, school: Any, town: Any, said: Said, offered: Any
) -> None:
    session, employee_id = await school.session(), await town.employee()
    enrolment = await school.enrol(session, employee_id)

    await give_back(school, enrolment.id)

    assert await offered(employee_id, session) == 8
    fact = EnrolmentCancelled.model_validate_json((await said())[-1]["data"])
    assert (fact.employee_id, fact.enrolment_id, fact.session_id) == (employee_id, enrolment.id, session.id)
    assert (fact.programme_id, fact.jp) == (session.programme_id, 8)
    assert (fact.starts_on, fact.ends_on) == (session.starts_on, session.ends_on)
    kept = await Work(prepared).get(RECORDS, employee_id, SYSTEM)
    assert (kept.rows[-1]["did"], kept.rows[-1]["id"]) == ("seat given back", (await said())[-1]["id"])


async def test_of_a_place_in_line_that_is_given_up_nothing_is_said(school: Any, town: Any, said: Said) -> None:
    session = await school.session(seats=1)
    _, waiting = [await school.enrol(session, await town.employee()) for _ in range(2)]
    spoken = len(await said())

    await give_back(school, waiting.id)

    assert len(await said()) == spoken


async def test_a_session_called_off_was_offered_to_nobody(school: Any, town: Any, seats: Any, offered: Any) -> None:
    session = await school.session(seats=2)
    left, stayed, promoted, waiting = [await town.employee() for _ in range(4)]
    first = await school.enrol(session, left)
    for employee_id in (stayed, promoted, waiting):
        await school.enrol(session, employee_id)
    await give_back(school, first.id)

    await commands.cancel_session(school.work, school.scope, session.id)

    assert await seats(left) == ["given", "participant", "session_called_off"]
    assert await seats(stayed) == await seats(promoted) == ["given", "session_called_off"]
    assert await seats(waiting) == []
    for employee_id in (left, stayed, promoted, waiting):
        assert await offered(employee_id, session) == 0


async def test_who_came_back_hears_once_that_the_session_is_off(
    monkeypatch: pytest.MonkeyPatch, prepared: Database, school: Any, town: Any, seats: Any
) -> None:
    monkeypatch.setattr(commands.ending, "STEP", 2)
    session, employee_id = await school.session(), await town.employee()
    for _ in range(3):
        await give_back(school, (await school.enrol(session, employee_id)).id)
    last = await school.enrol(session, employee_id)

    await commands.cancel_session(school.work, school.scope, session.id)

    assert (await seats(employee_id)).count("session_called_off") == 1
    assert (await Work(prepared).get(ENROLMENTS, last.id, SYSTEM)).state.status == "cancelled"


async def test_facts_about_seats_are_numbered_without_gaps(school: Any, town: Any, said: Said) -> None:
    session, employee_id = await school.session(), await town.employee()
    await give_back(school, (await school.enrol(session, employee_id)).id)

    await commands.cancel_session(school.work, school.scope, session.id)

    assert [row["version"] for row in await said()] == [1, 2, 3]


async def test_three_full_days_on_one_date_are_one_seat(school: Any, town: Any, seats: Any) -> None:
    sessions, employee_id = [await school.session() for _ in range(3)], await town.employee()

    outcomes = await asyncio.gather(
        *(commands.enrol(school.work, school.scope, session.id, employee_id) for session in sessions),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, refusals.DaysTaken) for outcome in outcomes) == 2
    assert await seats(employee_id) == ["given"]


async def test_a_seat_given_back_frees_its_days(school: Any, town: Any) -> None:
    one, other, employee_id = await school.session(), await school.session(), await town.employee()
    enrolment = await school.enrol(one, employee_id)
    with pytest.raises(refusals.DaysTaken):
        await school.enrol(other, employee_id)

    await give_back(school, enrolment.id)

    assert (await school.enrol(other, employee_id)).status == "confirmed"


async def test_who_waits_keeps_the_days_for_the_seat(school: Any, town: Any) -> None:
    full, other, employee_id = await school.session(seats=1), await school.session(), await town.employee()
    await school.enrol(full, await town.employee())
    await school.enrol(full, employee_id)

    with pytest.raises(refusals.DaysTaken):
        await school.enrol(other, employee_id)


async def test_hours_earned_take_their_day_too(school: Any, town: Any) -> None:
    employee_id = await town.employee()
    await school.certified(await school.session(), employee_id)

    with pytest.raises(refusals.DaysTaken):
        await school.enrol(await school.session(jp=1), employee_id)


async def test_waiting_that_came_to_nothing_takes_no_days(school: Any, town: Any) -> None:
    full, employee_id = await school.session(seats=1), await town.employee()
    await school.enrol(full, await town.employee())
    waits = await school.enrol(full, employee_id)

    await commands.close_session(school.work, school.scope, full.id)

    assert (await Work(school.database).get(ENROLMENTS, waits.id, SYSTEM)).state.status == "cancelled"
    assert (await Work(school.database).get(SESSIONS, full.id, SYSTEM)).state.waiting == ()
    assert (await school.enrol(await school.session(), employee_id)).status == "confirmed"


async def test_a_seat_missed_takes_no_days_once_the_session_is_held(school: Any, town: Any) -> None:
    missed, employee_id = await school.session(), await town.employee()
    await school.enrol(missed, employee_id)
    with pytest.raises(refusals.DaysTaken):
        await school.enrol(await school.session(), employee_id)

    await commands.close_session(school.work, school.scope, missed.id)

    assert (await school.enrol(await school.session(), employee_id)).status == "confirmed"
