"""Needs from complaints and from standards, and rights from awards: from the fact to the public door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AwardGranted
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved
from kinara.contracts.personnel import EmployeeChanged
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from kinara.kit.work import Work
from training import consumers
from training.commands import standards
from training.domain import record as records
from training.domain.record import Record
from training.domain.refusals import InvalidStandard
from training.settings import Settings
from training.store import RECORDS, UNITS, shelf

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]
OFFICER_OR_UNIT = pytest.mark.parametrize("named", [True, False], ids=["an officer", "a unit"])


def complaint(kind: Any, unit_id: str, employee_id: str | None, **change: Any) -> Any:
    facts: dict[str, Any] = {
        "province": Province(code="16"), "unit_path": "/16.71/plaju", "unit_id": unit_id, "employee_id": employee_id,
        "complaint_id": new_id(), "opened_at": utc_now(), "topic": "penanganan",
    }  # fmt: skip
    own = {
        ComplaintOverdue: {"due_at": utc_now()},
        ComplaintReopened: {"reopened_at": utc_now(), "was_within_sla": True},
        ComplaintResolved: {"resolved_at": utc_now(), "within_sla": False, "outcome": "solved"},
    }[kind]
    return kind(**facts | own | change)


def award(employee_id: str, **change: Any) -> AwardGranted:
    facts: dict[str, Any] = {
        "province": Province(code="16"), "unit_path": "/16.71/plaju", "employee_id": employee_id, "award_id": new_id(),
        "award": "Penanganan pengaduan terbaik", "period": "2026-Q3", "granted_on": date(2026, 11, 1),
        "grants": "training",
    }  # fmt: skip
    return AwardGranted(**facts | change)


async def record(database: Database, employee_id: str) -> Record:
    return (await Work(database).get(RECORDS, employee_id, SYSTEM)).state


async def settled(database: Database) -> None:
    """Hold new standards against the records, as the service does some seconds later."""
    await standards.work_off(database, lambda: utc_now() + timedelta(minutes=1))


@OFFICER_OR_UNIT
async def test_three_complaints_of_one_topic_ask_for_training_until_somebody_learns_it(
    http: httpx.AsyncClient, town: Any, school: Any, deliver: Deliverer, bearer: Bearer, named: bool
) -> None:
    unit_id, employee_id = await town.unit("/16.71/plaju"), await town.employee()
    officer, trainer = employee_id if named else None, bearer("trainer")
    kinds = [ComplaintOverdue, ComplaintResolved, ComplaintReopened]

    async def demand() -> Any:
        return (await http.get("/v1/demand", params={"unit_path": "/16.71"}, headers=trainer)).json()

    await deliver(*(complaint(kind, unit_id, officer) for kind in kinds[:2]))
    assert await demand() == []
    await deliver(complaint(kinds[2], unit_id, officer))

    assert await demand() == [{"topic": "pelayanan", "needs": 1, "employees": int(named), "units": int(not named)}]
    needs = (await http.get(f"/v1/units/{unit_id}/needs", headers=trainer)).json()
    assert [need["reason"][:32] for need in needs] == ([] if named else ["3 pengaduan tentang penanganan p"])
    accepted = await school.certified(await school.session(), employee_id)
    assert bool(accepted.needs_closed) is named
    assert await demand() == []


async def test_how_many_complaints_it_takes_is_a_setting(
    prepared: Database, town: Any, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINARA_NEED_COMPLAINTS", "1")
    settings = Settings()
    inbox = consumers.opening_needs_below(settings.need_below, settings.need_complaints)
    deliver = town.deliver = Deliverer(Folder(inbox, prepared, "training.record.nasional", registry.services), registry)
    unit_id, employee_id = await town.unit("/16.71/plaju"), await town.employee()

    await deliver(complaint(ComplaintOverdue, unit_id, employee_id))

    assert [need.topic for need in (await record(prepared, employee_id)).open_needs] == ["pelayanan"]


async def test_a_complaint_about_a_unit_that_nobody_has_announced_waits_for_its_name(
    prepared: Database, deliver: Deliverer
) -> None:
    unit_id = new_id()

    await deliver(*(complaint(ComplaintOverdue, unit_id, None) for _ in range(3)))

    kept = (await Work(prepared).get(UNITS, unit_id, SYSTEM)).state
    assert (kept.active, kept.unit_path, len(kept.needs)) == (False, "/16.71/plaju", 1)


async def test_a_standard_asks_everybody_in_its_posts_and_every_newcomer(
    http: httpx.AsyncClient, prepared: Database, town: Any, deliver: Deliverer, bearer: Bearer
) -> None:
    unit_id, hr = await town.unit("/16.71"), bearer("hr")
    present, elsewhere = await town.employee(), await town.employee("/96.71/dinkes")
    body = {"required": [{"competency": "teknis.arsip", "level": 2}]}

    answer = await http.put(f"/v1/units/{unit_id}/standards/pelaksana", json=body, headers=hr)
    assert (answer.status_code, answer.json()["applied"]) == (200, False)
    await settled(prepared)

    assert [s["applied"] for s in (await http.get("/v1/standards", headers=hr)).json()["items"]] == [True]
    shelf._kept.clear()
    newcomer = await town.employee()
    for employee_id in (present, newcomer):
        gaps = await http.get(f"/v1/records/{employee_id}/gaps", headers=bearer("employee", employee_id, ()))
        assert gaps.json() == [{"competency": "teknis.arsip", "required": 2, "shown": 0}]
        assert [need.competency for need in (await record(prepared, employee_id)).open_needs] == ["teknis.arsip"]
    assert (await record(prepared, elsewhere)).needs == ()
    facts = town.registration(newcomer, "/16.71/plaju", await town.unit("/16.71/plaju"))
    promoted = facts.model_dump() | {"jabatan_kind": "fungsional", "jenjang": "PT"}
    await deliver(EmployeeChanged(**promoted, changed=("jabatan_kind",)))
    assert (await record(prepared, newcomer)).needs == ()


async def test_a_gap_is_closed_by_the_certificate_that_shows_the_level(
    prepared: Database, town: Any, school: Any
) -> None:
    employee_id, unit_id = await town.employee(), await town.unit("/16.71")
    asked = [standards.Required("teknis.arsip", 2)]
    await standards.set_standard(Work(prepared), school.scope, unit_id, "pelaksana", asked)
    await settled(prepared)

    lower = await school.certified(await school.session(jp=1, level=1, competencies=["teknis.arsip"]), employee_id)
    assert lower.needs_closed == ()
    exact = await school.certified(await school.session(jp=1, level=2, competencies=["teknis.arsip"]), employee_id)
    assert exact.needs_closed == ("standar-teknis.arsip-2",)


async def test_a_standard_is_held_against_everybody_however_many_pages_it_takes(
    prepared: Database, town: Any, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standards, "PAGE", 2)
    people = [await town.employee() for _ in range(5)]
    unit_id = await town.unit("/16.71")
    asked = [standards.Required("teknis.arsip", 2)]
    await standards.set_standard(Work(prepared), school.scope, unit_id, "pelaksana", asked)

    await settled(prepared)
    await settled(prepared)

    assert [len((await record(prepared, employee_id)).open_needs) for employee_id in people] == [1] * 5
    await standards.set_standard(Work(prepared), school.scope, unit_id, "pelaksana", [])
    await settled(prepared)
    assert [len((await record(prepared, employee_id)).needs) for employee_id in people] == [0] * 5


async def test_a_standard_that_is_set_anew_meanwhile_begins_anew(
    prepared: Database, town: Any, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standards, "PAGE", 1)
    people, unit_id = [await town.employee() for _ in range(3)], await town.unit("/16.71")
    pages: list[Any] = []

    async def set_to(level: int) -> None:
        asked = [standards.Required("teknis.arsip", level)]
        await standards.set_standard(Work(prepared), school.scope, unit_id, "pelaksana", asked)

    async def held(work: Work, *given: Any) -> bool:
        pages.append(given)
        if len(pages) == 2:
            await set_to(3)
        return await hold(work, *given)

    hold = standards._hold_against
    monkeypatch.setattr(standards, "_hold_against", held)
    await set_to(2)
    await settled(prepared)
    assert len(pages) == 2
    await settled(prepared)

    for employee_id in people:
        assert [need.level for need in (await record(prepared, employee_id)).open_needs] == [3]


async def test_a_government_has_no_more_standards_than_are_looked_at(
    town: Any, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standards.standards, "MOST_STANDARDS", 2)
    palembang, sorong = await town.unit("/16.71"), await town.unit("/96.71")
    everywhere = Scope(paths=("/16.71", "/96.71"), label="hr")

    async def set_for(unit_id: str, post: Any) -> None:
        await standards.set_standard(school.work, everywhere, unit_id, post, [standards.Required("teknis.arsip", 2)])

    await set_for(sorong, "pelaksana")
    for post in ("pelaksana", "fungsional", "pelaksana"):
        await set_for(palembang, post)
    with pytest.raises(InvalidStandard) as refusal:
        await set_for(palembang, "manajerial")
    assert refusal.value.field == "unit_id"


async def test_a_standard_is_set_inside_the_offices_units_only(
    http: httpx.AsyncClient, town: Any, bearer: Bearer
) -> None:
    unit_id = await town.unit("/16.71/plaju")
    address, body = f"/v1/units/{unit_id}/standards/pelaksana", {"required": [{"competency": "masak", "level": 1}]}

    assert (await http.put(address, json=body, headers=bearer("hr", None, ("/96.71",)))).status_code == 404
    wrong = await http.put(address, json=body, headers=bearer("hr"))
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "competencies")


async def test_an_award_gives_one_right_which_is_said_once_and_shown_to_who_may_see_it(
    http: httpx.AsyncClient, town: Any, deliver: Deliverer, bearer: Bearer, said: Said
) -> None:
    boss = await town.employee()
    employee_id, other = await town.employee(supervisor=boss), await town.employee()
    granted = award(employee_id)

    await deliver(granted, award(other, grants="award"))

    (fact,) = [row for row in await said() if row["type"].endswith("TrainingEntitlementGranted.v1")]
    assert granted.award_id in str(fact)
    readers = {
        1: [bearer("employee", employee_id, ()), bearer("supervisor", boss, ()), bearer("hr")],
        0: [bearer("employee", other, ()), bearer("supervisor", other, ()), bearer("hr", None, ("/96.71",))],
    }
    for count, headers in readers.items():
        for header in headers:
            holders = (await http.get("/v1/entitlements", headers=header)).json()["items"]
            assert len(holders) == count
    (right,) = (await http.get("/v1/entitlements", headers=bearer("hr"))).json()["items"][0]["entitlements"]
    assert (right["id"], right["expires_on"], right["used_on"]) == (granted.award_id, "2027-11-01", None)
    assert "Penanganan pengaduan terbaik" in right["reason"]


async def test_an_award_heard_before_the_registration_is_not_lost(prepared: Database, deliver: Deliverer) -> None:
    employee_id = new_id()

    await deliver(award(employee_id), award(employee_id))

    assert len((await record(prepared, employee_id)).entitlements) == 2


async def test_rebuilding_keeps_what_was_done_here(prepared: Database, town: Any, deliver: Deliverer) -> None:
    employee_id = await town.employee()
    await deliver(award(employee_id))
    await town.scored(employee_id)
    live = await record(prepared, employee_id)
    fact = town.registration(employee_id, "/16.71/plaju", new_id(), name="Rani Baru")
    folded, _ = records.follow_registration(records.blank(employee_id, "16"), fact)

    kept = records.with_facts_of(live, folded)

    assert (kept.name, kept.entitlements, kept.needs) == ("Rani Baru", live.entitlements, live.needs)
