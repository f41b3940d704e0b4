"""Whose money pays while a unit, its money and its people are on the move, and who gets it once they have come."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeChanged, EmployeeTransferred, UnitChanged
from kinara.contracts.regions import day_of
from kinara.kit.ids import utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work
from training.commands import following, offering
from training.commands.budgets import set_budget
from training.commands.moves import MOVER
from training.domain.budget import Budget
from training.domain.enrolment import Enrolment
from training.store import BUDGETS, ENROLMENTS

BEFORE, AFTER, UPPER = "/16.71/utara/plaju", "/16.71/selatan/plaju", "/16.71"
PRICE = 1_000_000


async def moves(town: Any, before: str = BEFORE, after: str = AFTER) -> None:
    unit_id = town.units.pop(before)
    town.units[after] = unit_id
    await town.deliver(UnitChanged(province=Province(code="16"), unit_path=after, unit_id=unit_id, name="Plaju"))


async def comes_along(town: Any, employee_id: str, unit_id: str, path: str = AFTER) -> None:
    facts = town.registration(employee_id, path, unit_id).model_dump(exclude={"effective_on"})
    on = day_of(utc_now(), "16")
    await town.deliver(EmployeeChanged(**facts, effective_on=on, changed=("unit_path",)))


async def chores(database: Database) -> None:
    for work_off in (MOVER.work_off, following.work_off, offering.work_off):
        await work_off(database)


async def give(school: Any, town: Any, session: Any, path: str, planned: int) -> Budget:
    return await set_budget(school.work, school.scope, await town.unit(path), session.starts_on.year, Decimal(planned))


async def now(database: Database, id_: str) -> Enrolment:
    return (await Work(database).get(ENROLMENTS, id_, SYSTEM)).state


async def reserved(database: Database) -> dict[str, Decimal]:
    """By the path of the unit whose money it is."""
    found = await Work(database).find(BUDGETS, SYSTEM, {})
    return {one.state.unit_path: one.state.reserved for one in found}


@pytest.mark.parametrize("moved", ["the unit only", "its money too", "the parent of its unit", "its people first"])
async def test_the_units_own_money_pays_whatever_has_come_along_so_far(
    prepared: Database, school: Any, town: Any, moved: str
) -> None:
    session, place = await school.session(price=PRICE), f"{BEFORE}/loket" if "parent" in moved else BEFORE
    learner = await town.employee(place)
    await give(school, town, session, UPPER, 5 * PRICE)
    own = await give(school, town, session, BEFORE, PRICE)

    if moved == "its people first":
        await comes_along(town, learner, town.units[BEFORE])
    else:
        await moves(town)
    if moved not in ("the unit only", "its people first"):
        await MOVER.work_off(prepared)
    seat = await school.enrol(session, learner)

    assert (seat.status, seat.budget_id) == ("confirmed", own.id)
    if moved == "its people first":
        await moves(town)
    await chores(prepared)
    assert await reserved(prepared) == {UPPER: 0, AFTER: PRICE}


@pytest.mark.parametrize("first", ["the unit", "its people"])
async def test_who_waits_gets_the_money_of_the_new_place(
    prepared: Database, school: Any, town: Any, first: str
) -> None:
    session, learner = await school.session(price=PRICE), await town.employee(BEFORE)
    await give(school, town, session, "/16.71/selatan", PRICE)
    waits = await school.enrol(session, learner)
    assert waits.waits_for == "budget"

    if first == "the unit":
        await moves(town)
        await chores(prepared)
        await comes_along(town, learner, town.units[AFTER])
    else:
        await comes_along(town, learner, town.units[BEFORE])
        await chores(prepared)
        await moves(town)
    await chores(prepared)

    seat = await now(prepared, waits.id)
    assert (seat.status, seat.unit_path) == ("confirmed", AFTER)
    assert await reserved(prepared) == {"/16.71/selatan": PRICE}


async def test_who_waits_below_a_unit_whose_money_comes_gets_it(prepared: Database, school: Any, town: Any) -> None:
    """The budget of the government has none left; the one of the unit that comes to stand above has."""
    session, learner = await school.session(price=PRICE), await town.employee(BEFORE)
    await give(school, town, session, UPPER, 0)
    waits = await school.enrol(session, learner)
    assert (waits.status, waits.waits_for) == ("waiting", "money")
    await give(school, town, session, "/16.71/barat", PRICE)

    await moves(town, "/16.71/barat", "/16.71/utara")
    await chores(prepared)

    assert (await now(prepared, waits.id)).status == "confirmed"


async def test_who_is_transferred_while_waiting_gets_the_money_of_the_new_unit(
    prepared: Database, school: Any, town: Any
) -> None:
    session, learner = await school.session(price=PRICE), await town.employee(BEFORE)
    await give(school, town, session, BEFORE, 0)
    new = await give(school, town, session, "/16.71/dinkes", PRICE)
    waits = await school.enrol(session, learner)
    assert waits.waits_for == "money"

    await town.deliver(
        EmployeeTransferred(
            province=Province(code="16"), unit_path="/16.71/dinkes", employee_id=learner,
            effective_on=day_of(utc_now(), "16"), from_unit_id=town.units[BEFORE], from_unit_path=BEFORE,
            to_unit_id=town.units["/16.71/dinkes"], jabatan="Pengelola layanan",
        )
    )  # fmt: skip
    await chores(prepared)

    seat = await now(prepared, waits.id)
    assert (seat.status, seat.budget_id) == ("confirmed", new.id)
    kept = (await Work(prepared).get(BUDGETS, new.id, SYSTEM)).state
    assert (kept.reserved, kept.offer_at, kept.in_steps) == (PRICE, None, False)
