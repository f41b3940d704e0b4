"""What training answers, on the real database: pages, filters, rosters, bookings, and ranked demand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeSeparated
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.work import NotFound, Work
from training import commands, queries, store
from training.domain.need import Demand
from training.queries import SessionFilter

PALEMBANG = Scope(paths=("/16.71",), label="hr")
SORONG = Scope(paths=("/96.71",), label="hr of Sorong")


async def pages(read: Callable[[str | None], Awaitable[list[Any]]], id_: Callable[[Any], str]) -> list[list[Any]]:
    """Every page of a list, following its cursor."""
    found: list[list[Any]] = []
    while page := await read(id_(found[-1][-1]) if found else None):
        found.append(page)
    return found


async def test_the_catalogue_comes_in_pages_without_repeats(prepared: Database) -> None:
    await store.ship_catalogue(prepared)

    found = await pages(lambda after: queries.list_programmes(Work(prepared), None, after, 2), lambda p: str(p.id))

    assert [len(page) for page in found] == [2, 2, 1]
    assert len({programme.id for page in found for programme in page}) == 5


@pytest.mark.parametrize(
    ("unit_path", "own"),
    [("/16.71/plaju", True), ("/16.71", True), ("/96.71", False), ("/16.710", False), ("/16", False)],
)
async def test_a_unit_may_host_what_is_national_or_offered_above_it(
    prepared: Database, school: Any, unit_path: str, own: bool
) -> None:
    await store.ship_catalogue(prepared)
    offered = (await school.session()).programme_id

    found = {programme.id for programme in await queries.list_programmes(Work(prepared), unit_path, None, 100)}

    assert len(found) == 5 + own
    assert (offered in found) is own


async def test_a_retired_programme_is_listed_no_more_but_can_be_read(prepared: Database, school: Any) -> None:
    programme_id = (await school.session()).programme_id
    await commands.retire_programme(school.work, school.scope, programme_id)

    assert not await queries.list_programmes(Work(prepared), None, None, 100)
    assert not (await queries.programme(Work(prepared), programme_id)).state.active


async def test_sessions_are_found_by_programme_unit_and_state(prepared: Database, school: Any) -> None:
    one, other = await school.session(), await school.session()
    await commands.cancel_session(school.work, school.scope, other.id)

    async def ids(**wanted: Any) -> list[str]:
        found = await queries.list_sessions(Work(prepared), SessionFilter(**wanted), None, 100)
        return [session.id for session in found]

    assert await ids() == [one.id, other.id]
    assert await ids(state="open") == [one.id]
    assert await ids(programme_id=other.programme_id) == [other.id]
    assert await ids(unit_path="/16.71") == [one.id, other.id]
    assert await ids(unit_path="/96.71") == []


async def test_the_roster_names_who_takes_part_in_order(prepared: Database, school: Any, town: Any) -> None:
    session = await school.session(seats=2)
    for name in ("Ani", "Budi", "Citra"):
        await school.enrol(session, await town.employee(name=name))

    found = await pages(
        lambda after: queries.roster(Work(prepared), PALEMBANG, session.id, after, 2), lambda p: str(p.enrolment.id)
    )

    assert [[(p.name, p.enrolment.status) for p in page] for page in found] == [
        [("Ani", "confirmed"), ("Budi", "confirmed")],
        [("Citra", "waiting")],
    ]
    with pytest.raises(NotFound):
        await queries.roster(Work(prepared), SORONG, session.id, None, 2)


async def test_bookings_show_the_session_and_the_place_of_today(prepared: Database, school: Any, town: Any) -> None:
    session, employee_id = await school.session(seats=1), await town.employee()
    first, second = [await school.enrol(session, await town.employee()) for _ in "ab"]
    await school.enrol(session, employee_id)

    async def booking() -> queries.Booking:
        (found,) = await queries.bookings(Work(prepared), Scope(own=employee_id), employee_id, None, 10)
        return found

    assert ((await booking()).place, (await booking()).session.id) == (2, session.id)
    await commands.cancel_enrolment(school.work, school.scope, second.id)
    assert (await booking()).place == 1
    await commands.cancel_enrolment(school.work, school.scope, first.id)
    assert ((await booking()).place, (await booking()).enrolment.status) == (None, "confirmed")
    with pytest.raises(NotFound):
        await queries.bookings(Work(prepared), SORONG, employee_id, None, 10)


async def test_records_are_listed_inside_the_scope_only(prepared: Database, town: Any) -> None:
    boss = await town.employee("/16.71")
    report, peer = await town.employee(supervisor=boss), await town.employee("/16.71/plaju/pelayanan")
    elsewhere = await town.employee("/96.71/dinkes")

    async def ids(scope: Scope, unit_path: str | None = None) -> set[str]:
        return {r.employee_id for r in await queries.list_records(Work(prepared), scope, unit_path, None, 100)}

    assert await ids(PALEMBANG) == {boss, report, peer}
    assert await ids(PALEMBANG, "/16.71/plaju") == {report, peer}
    assert await ids(PALEMBANG, "/96.71") == set()
    assert await ids(SORONG) == {elsewhere}
    assert await ids(Scope(own=boss, reports_of=boss)) == {boss, report}
    assert await ids(Scope()) == set()


async def test_demand_ranks_topics_by_open_needs_of_who_serves(prepared: Database, town: Any) -> None:
    first, second = await town.employee(), await town.employee("/16.71/plaju/pelayanan")
    elsewhere = await town.employee("/96.71/dinkes")
    await town.scored(first)
    await town.scored(first, period="2026-12", m=Decimal(30), a=None)
    await town.scored(second)
    await town.scored(second, k=Decimal(20))
    await town.scored(elsewhere, path="/96.71/dinkes")

    demand = await queries.demand(Work(prepared), PALEMBANG, "/16.71")

    assert demand == [Demand("pelayanan", needs=3, employees=2), Demand("teknis", needs=1, employees=1)]
    assert await queries.demand(Work(prepared), PALEMBANG, "/16.71/plaju/pelayanan") == [
        Demand("pelayanan", needs=1, employees=1),
        Demand("teknis", needs=1, employees=1),
    ]


async def test_demand_counts_everybody_however_many_pages_it_takes(
    prepared: Database, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "READ_AT_ONCE", 2)
    for _ in range(5):
        await town.scored(await town.employee())

    assert await queries.demand(Work(prepared), PALEMBANG, "/16.71") == [Demand("pelayanan", 5, 5)]


async def test_who_left_needs_nothing_any_more(prepared: Database, town: Any, deliver: Deliverer) -> None:
    employee_id = await town.employee()
    await town.scored(employee_id)
    await deliver(
        EmployeeSeparated(
            province=Province(code="16"), unit_path="/16.71/plaju", employee_id=employee_id, reason="retired",
            effective_on=date(2026, 12, 1),
        )
    )  # fmt: skip

    assert await queries.demand(Work(prepared), PALEMBANG, "/16.71") == []
    assert await queries.in_need(Work(prepared), PALEMBANG, "pelayanan", None, 10) == []


async def test_demand_falls_when_a_need_is_covered(prepared: Database, school: Any, town: Any) -> None:
    employee_id = await town.employee()
    await town.scored(employee_id)
    assert await queries.demand(Work(prepared), PALEMBANG, "/16.71") == [Demand("pelayanan", 1, 1)]

    await school.certified(await school.session(), employee_id)

    assert await queries.demand(Work(prepared), PALEMBANG, "/16.71") == []


@pytest.mark.parametrize("unit_path", ["/96.71", "/16", "/16.710"])
async def test_demand_outside_the_scope_does_not_exist(prepared: Database, unit_path: str) -> None:
    with pytest.raises(NotFound):
        await queries.demand(Work(prepared), PALEMBANG, unit_path)


async def test_whom_to_invite_comes_in_pages(prepared: Database, school: Any, town: Any) -> None:
    people = [await town.employee() for _ in range(4)]
    for employee_id in people[:3]:
        await town.scored(employee_id)
    await school.certified(await school.session(), people[0])

    found = await pages(
        lambda after: queries.in_need(Work(prepared), PALEMBANG, "pelayanan", after, 1), lambda r: str(r.employee_id)
    )

    assert [record.employee_id for page in found for record in page] == sorted(people[1:3])
    assert await queries.in_need(Work(prepared), SORONG, "pelayanan", None, 10) == []
    assert await queries.in_need(Work(prepared), SYSTEM, "teknis", None, 10) == []
