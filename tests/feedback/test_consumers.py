"""What feedback hears, on the real database; every fact is delivered twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from feedback import commands
from feedback.domain.subject import Subject
from feedback.store import SUBJECTS
from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeChanged, EmployeeSeparated, EmployeeTransferred
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work

PALEMBANG = Province(code="16")


async def entry(database: Database, id_: str) -> Subject:
    return (await Work(database).get(SUBJECTS, id_, SYSTEM)).state


async def test_a_registered_officer_can_be_spoken_about(prepared: Database, town: Any) -> None:
    officer = await entry(prepared, await town.officer(name="Siti Contoh"))

    assert (officer.kind, officer.name, officer.active, officer.unit_path) == (
        "employee", "Siti Contoh", True, "/16.71/plaju",
    )  # fmt: skip
    assert officer.unit_id == await town.unit()


async def test_a_change_is_taken_over_and_the_tally_stays(prepared: Database, town: Any, deliver: Deliverer) -> None:
    officer_id = await town.officer()
    await commands.give_feedback(Work(prepared), commands.Voice(officer_id, None, 4, "", None), b"s")
    facts = town.registration(officer_id, "/16.71/plaju", await town.unit(), "Rani Baru")

    await deliver(EmployeeChanged(**facts.model_dump(), changed=("name",)))

    officer = await entry(prepared, officer_id)
    assert (officer.name, officer.active, officer.votes) == ("Rani Baru", True, 1)


async def test_who_moved_is_found_in_the_new_unit_with_the_tally(
    prepared: Database, town: Any, deliver: Deliverer
) -> None:
    officer_id, boss = await town.officer(), new_id()
    await commands.give_feedback(Work(prepared), commands.Voice(officer_id, None, 4, "", None), b"s")
    new_unit = await town.unit("/96.71/dinkes")

    await deliver(
        EmployeeTransferred(
            province=Province(code="96"), unit_path="/96.71/dinkes", employee_id=officer_id,
            from_unit_id=await town.unit(), from_unit_path="/16.71/plaju", to_unit_id=new_unit, jabatan="Perawat",
            supervisor_id=boss, effective_on=date(2026, 12, 1),
        )
    )  # fmt: skip

    officer = await entry(prepared, officer_id)
    assert (officer.unit_id, officer.unit_path, officer.province.code) == (new_unit, "/96.71/dinkes", "96")
    assert (officer.supervisor_id, officer.votes) == (boss, 1)


async def test_who_left_stays_listed_as_inactive(prepared: Database, town: Any, deliver: Deliverer) -> None:
    officer_id = await town.officer()

    await deliver(
        EmployeeSeparated(
            province=PALEMBANG, unit_path="/16.71/plaju", employee_id=officer_id, reason="retired",
            effective_on=date(2026, 12, 1),
        )
    )  # fmt: skip

    assert not (await entry(prepared, officer_id)).active


async def test_a_unit_is_what_personnel_says_it_is(prepared: Database, town: Any) -> None:
    leader = new_id()
    unit_id = await town.unit("/16.71/plaju", leader_id=leader)
    unit = await entry(prepared, unit_id)
    assert (unit.kind, unit.unit_id, unit.active, unit.supervisor_id) == ("unit", unit_id, True, leader)

    await town.unit("/16.71/plaju", name="Kecamatan Plaju", active=False)

    unit = await entry(prepared, unit_id)
    assert (unit.name, unit.active) == ("Kecamatan Plaju", False)


async def test_every_effect_stands_with_the_id_of_its_fact(prepared: Database, town: Any) -> None:
    officer_id = await town.officer()
    given = await commands.give_feedback(Work(prepared), commands.Voice(officer_id, None, 4, "", None), b"s")

    first, second = (await Work(prepared).get(SUBJECTS, officer_id, SYSTEM)).rows
    assert (first["type"], first["did"]) == ("EmployeeRegistered", "registered")
    assert (second["did"], second["feedback"]) == ("counted", given.id)
