"""What training hears, on the real database; every fact is delivered twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import CoachingOpened, Predikat
from kinara.contracts.personnel import EmployeeChanged, EmployeeSeparated, EmployeeTransferred
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from kinara.kit.work import Work
from training import consumers
from training.domain.record import Record
from training.domain.unit import Unit
from training.settings import Settings
from training.store import RECORDS, UNITS

PALEMBANG = Province(code="16")


async def record(database: Database, employee_id: str) -> Record:
    return (await Work(database).get(RECORDS, employee_id, SYSTEM)).state


async def unit(database: Database, unit_id: str) -> Unit:
    return (await Work(database).get(UNITS, unit_id, SYSTEM)).state


def coaching(employee_id: str, form: Any = "konseling") -> CoachingOpened:
    return CoachingOpened(
        province=PALEMBANG, unit_path="/16.71/plaju", employee_id=employee_id, case_id=new_id(), form=form,
        trigger="perilaku di bawah ekspektasi", period="2026-11", opened_on=date(2026, 11, 20),
    )  # fmt: skip


async def test_a_registered_employee_can_be_trained(prepared: Database, town: Any) -> None:
    employee_id = await town.employee(supervisor=new_id(), name="Siti Contoh")

    kept = await record(prepared, employee_id)
    assert (kept.name, kept.kind, kept.active, kept.unit_path) == ("Siti Contoh", "PNS", True, "/16.71/plaju")


async def test_a_change_is_taken_over(prepared: Database, town: Any, deliver: Deliverer) -> None:
    employee_id, boss = await town.employee(), new_id()
    facts = town.registration(employee_id, "/16.71/plaju", await town.unit("/16.71/plaju"), boss, "Rani Baru")

    await deliver(EmployeeChanged(**facts.model_dump(), changed=("name", "supervisor_id")))

    kept = await record(prepared, employee_id)
    assert (kept.name, kept.supervisor_id, kept.active) == ("Rani Baru", boss, True)


async def test_a_transfer_moves_the_record_with_its_needs(prepared: Database, town: Any, deliver: Deliverer) -> None:
    employee_id, boss = await town.employee(), new_id()
    await town.scored(employee_id)

    await deliver(
        EmployeeTransferred(
            province=Province(code="96"), unit_path="/96.71/dinkes", employee_id=employee_id, from_unit_id=new_id(),
            from_unit_path="/16.71/plaju", to_unit_id=new_id(), jabatan="Pengelola layanan", supervisor_id=boss,
            effective_on=date(2026, 12, 1),
        )
    )  # fmt: skip

    kept = await record(prepared, employee_id)
    assert (kept.unit_path, kept.province.code, kept.supervisor_id) == ("/96.71/dinkes", "96", boss)
    assert len(kept.open_needs) == 1


async def test_who_left_stays_on_record_but_gets_no_seat(prepared: Database, town: Any, deliver: Deliverer) -> None:
    employee_id = await town.employee()

    await deliver(
        EmployeeSeparated(
            province=PALEMBANG, unit_path="/16.71/plaju", employee_id=employee_id, reason="retired",
            effective_on=date(2026, 12, 1),
        )
    )  # fmt: skip

    kept = await record(prepared, employee_id)
    assert (kept.active, kept.known) == (False, True)


async def test_a_unit_is_what_personnel_says_it_is(prepared: Database, town: Any) -> None:
    unit_id = await town.unit("/16.71/plaju")
    assert (await unit(prepared, unit_id)).active

    await town.unit("/16.71/plaju", active=False)

    closed = await unit(prepared, unit_id)
    assert (closed.active, closed.unit_path, closed.province) == (False, "/16.71/plaju", PALEMBANG)


@pytest.mark.parametrize(
    ("facts", "topics"),
    [
        pytest.param({}, ["pelayanan"], id="low in complaints"),
        pytest.param({"k": Decimal(30)}, ["teknis"], id="lowest in indicators"),
        pytest.param(
            {"predikat": Predikat.BUTUH_PERBAIKAN, "score": Decimal(70)}, ["pelayanan"], id="low predikat, fair score"
        ),
        pytest.param({"predikat": None, "score": Decimal("58.32")}, ["pelayanan"], id="just below the mark"),
        pytest.param({"predikat": None, "score": Decimal("58.33")}, [], id="at the mark"),
        pytest.param({"predikat": Predikat.BAIK, "score": Decimal(80)}, [], id="good"),
    ],
)
async def test_a_low_score_or_predikat_opens_a_need_in_the_weakest_part(
    prepared: Database, town: Any, facts: dict[str, Any], topics: list[str]
) -> None:
    employee_id = await town.employee()

    await town.scored(employee_id, **facts)

    assert [need.topic for need in (await record(prepared, employee_id)).open_needs] == topics


async def test_a_score_that_moves_again_does_not_ask_again(prepared: Database, town: Any) -> None:
    employee_id = await town.employee()

    await town.scored(employee_id)
    await town.scored(employee_id, score=Decimal(40), a=Decimal(40))

    assert len((await record(prepared, employee_id)).needs) == 1


async def test_coaching_opens_a_need(prepared: Database, town: Any, deliver: Deliverer) -> None:
    employee_id = await town.employee()

    await deliver(coaching(employee_id), coaching(employee_id, form="bimbingan"))

    assert {need.topic for need in (await record(prepared, employee_id)).open_needs} == {"perilaku", "teknis"}


async def test_a_need_heard_before_the_registration_is_kept(prepared: Database, town: Any, deliver: Deliverer) -> None:
    employee_id = new_id()
    await town.scored(employee_id)
    assert not (await record(prepared, employee_id)).known

    await deliver(town.registration(employee_id, "/16.71/plaju", await town.unit("/16.71/plaju")))

    kept = await record(prepared, employee_id)
    assert (kept.known, len(kept.open_needs), kept.unit_path) == (True, 1, "/16.71/plaju")


async def test_the_mark_is_a_setting(
    prepared: Database, town: Any, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINARA_NEED_BELOW", "75.5")
    inbox = consumers.opening_needs_below(Settings().need_below)
    town.deliver = Deliverer(Folder(inbox, prepared, "training.record.nasional", registry.services), registry)
    lenient, strict = await town.employee(), await town.employee()

    await town.scored(lenient, predikat=None, score=Decimal("75.5"))
    await town.scored(strict, predikat=None, score=Decimal("75.49"))

    assert not (await record(prepared, lenient)).open_needs
    assert (await record(prepared, strict)).open_needs


async def test_every_effect_stands_on_the_record_under_the_id_of_its_fact(prepared: Database, town: Any) -> None:
    employee_id = await town.employee()
    await town.scored(employee_id)

    kept = await Work(prepared).get(RECORDS, employee_id, SYSTEM)
    assert [(row["type"], row.get("did")) for row in kept.rows] == [
        ("EmployeeRegistered", "registered"),
        ("ScoreUpdated", "need opened"),
    ]
