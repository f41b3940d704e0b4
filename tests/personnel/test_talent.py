"""Talent boxes, successors, next steps, disability on record and equal chances, through the public door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import AppraisalConfirmed, AwardGranted, Predikat
from kinara.contracts.training import TrainingCompleted
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from personnel import consumers
from personnel.domain.employee import Employee
from personnel.queries import talent as queries

Bearer = Callable[..., dict[str, str]]
AT = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
WHERE: dict[str, Any] = {"province": Province(code="16"), "unit_path": "/16.71/plaju"}
STATED = {"potential": "85", "source": "Penilaian kompetensi 2025"}


@pytest.fixture
async def deliver(prepared: Database, registry: Registry) -> Deliverer:
    folder = Folder(consumers.inbox, prepared, "personnel.profile.nasional", registry.services)
    await folder.prepare()
    return Deliverer(folder, registry)


def confirmed(employee_id: str, year: int, predikat: Predikat) -> AppraisalConfirmed:
    return AppraisalConfirmed(
        **WHERE, employee_id=employee_id, period=str(year), proposed=predikat, confirmed=predikat,
        confirmed_by=new_id(), confirmed_at=AT,
    )  # fmt: skip


def granted(employee_id: str, on: date = date(2026, 5, 1)) -> AwardGranted:
    return AwardGranted(
        **WHERE, employee_id=employee_id, award_id=new_id(), award="Pelayan terbaik", period="2026-04", granted_on=on
    )


def completed(employee_id: str, on: date) -> TrainingCompleted:
    return TrainingCompleted(
        **WHERE, employee_id=employee_id, completion_id=new_id(), enrolment_id=new_id(), programme_id=new_id(),
        title="Pelayanan publik", partner="BPSDM", jp=8, course_kind="4", certificate_number="C", completed_on=on,
    )  # fmt: skip


@pytest.fixture
async def plaju(office: Any) -> Any:
    office.root = await office.unit("16.71")
    return await office.unit("plaju", office.root)


async def test_a_box_is_made_of_the_confirmed_predikat_and_a_stated_potential(
    http: httpx.AsyncClient, office: Any, plaju: Any, deliver: Deliverer, bearer: Bearer
) -> None:
    rani, hr = await office.employee(plaju), bearer("hr")
    address = f"/v1/employees/{rani.id}/talent"
    assert (await http.put(f"{address}/2025", json=STATED, headers=hr)).status_code == 409
    await deliver(confirmed(rani.id, 2025, Predikat.BAIK))
    made = await http.put(f"{address}/2025", json=STATED, headers=hr)
    assert (made.status_code, made.json()["box"]) == (200, 8)
    again = await http.put(f"{address}/2025", json=STATED | {"cuts": "kepka-41-2025"}, headers=hr)
    assert (again.json()["box"], len(again.json()["assessments"])) == (9, 2)
    [shown] = (await http.get(address, headers=bearer("employee", rani.id))).json()
    assert (shown["box"], shown["outdated"], shown["assessments"][0]["source"]) == (9, False, STATED["source"])
    await deliver(confirmed(rani.id, 2025, Predikat.SANGAT_BAIK))
    [shown] = (await http.get(address, headers=hr)).json()
    assert shown["outdated"], "another predikat holds since"


async def test_successors_are_those_of_the_boxes_best_first_and_with_why(
    http: httpx.AsyncClient, office: Any, plaju: Any, deliver: Deliverer, bearer: Bearer
) -> None:
    hr = bearer("hr")
    names = {
        "best": ("III/c", Predikat.SANGAT_BAIK, "85"), "lower rank": ("III/b", Predikat.SANGAT_BAIK, "95"),
        "box 7": ("III/c", Predikat.SANGAT_BAIK, "70"), "box 5": ("III/c", Predikat.BAIK, "70"),
        "gone": ("III/c", Predikat.SANGAT_BAIK, "99"),
    }  # fmt: skip
    people: dict[str, Employee] = {}
    for name, (golongan, predikat, potential) in names.items():
        people[name] = await office.employee(plaju, golongan=golongan)
        await deliver(confirmed(people[name].id, 2025, predikat))
        body = STATED | {"potential": potential}
        answer = await http.put(f"/v1/employees/{people[name].id}/talent/2025", json=body, headers=hr)
        assert answer.is_success, answer.text
    gone = {"reason": "resigned", "effective_on": "2026-11-01"}
    await http.post(f"/v1/employees/{people['gone'].id}/separation", json=gone, headers=hr)
    plan = {"unit_id": plaju.id, "jabatan": "Camat Plaju", "requirements": {"golongan": "III/c"}}
    made = await http.post("/v1/successions", json=plan, headers=hr)
    assert made.status_code == 201, made.text
    pool = (await http.get(f"/v1/successions/{made.json()['id']}/pool?year=2025", headers=hr)).json()
    expected = [people[name].id for name in ("best", "box 7", "lower rank")]
    assert [(one["rank"], one["employee_id"]) for one in pool["successors"]] == list(enumerate(expected, start=1))
    first, *_, last = pool["successors"]
    assert first["why"].startswith("Kotak 9 tahun 2025, nilai talenta 92.5")
    assert {one["rule"]: one["result"] for one in last["findings"]} == {"golongan": "not_met", "discipline": "met"}
    assert [one["id"] for one in (await http.get("/v1/successions", headers=hr)).json()["items"]] == [made.json()["id"]]
    other = bearer("hr", None, ("/16.71/ilir",))
    assert (await http.get(f"/v1/successions/{made.json()['id']}/pool?year=2025", headers=other)).status_code == 404
    elsewhere = (await http.get(f"/v1/successions/{made.json()['id']}/pool?year=2024", headers=hr)).json()
    assert elsewhere["successors"] == []


async def test_an_office_finds_successors_among_its_own_people(
    http: httpx.AsyncClient, office: Any, plaju: Any, deliver: Deliverer, bearer: Bearer
) -> None:
    ilir = await office.unit("ilir", office.root)
    here, there = await office.employee(plaju), await office.employee(ilir)
    for one in (here, there):
        await deliver(confirmed(one.id, 2025, Predikat.SANGAT_BAIK))
        await http.put(f"/v1/employees/{one.id}/talent/2025", json=STATED, headers=bearer("hr"))
    plan = {"unit_id": plaju.id, "jabatan": "Camat Plaju"}
    made = (await http.post("/v1/successions", json=plan, headers=bearer("hr"))).json()
    for units, expected in (("/16.71", {here.id, there.id}), ("/16.71/plaju", {here.id})):
        answer = await http.get(f"/v1/successions/{made['id']}/pool?year=2025", headers=bearer("hr", None, (units,)))
        assert {one["employee_id"] for one in answer.json()["successors"]} == expected, units


@pytest.mark.parametrize("boxes", [[0], [10], [9, 9], []])
async def test_boxes_are_one_to_nine(http: httpx.AsyncClient, plaju: Any, bearer: Bearer, boxes: list[int]) -> None:
    plan = {"unit_id": plaju.id, "jabatan": "Camat Plaju", "boxes": boxes}
    assert (await http.post("/v1/successions", json=plan, headers=bearer("hr"))).status_code == 422


async def test_the_next_steps_say_what_is_missing(
    http: httpx.AsyncClient, office: Any, plaju: Any, deliver: Deliverer, bearer: Bearer
) -> None:
    rani = await office.employee(
        plaju, jabatan="Pranata Komputer Ahli Muda", jabatan_kind="fungsional", jenjang="MU", golongan="III/d"
    )
    await deliver(confirmed(rani.id, 2024, Predikat.BAIK), confirmed(rani.id, 2025, Predikat.BAIK))
    path = (await http.get(f"/v1/employees/{rani.id}/career-path", headers=bearer("employee", rani.id))).json()
    assert (path["level"], [step["level"] for step in path["steps"]]) == ("MU", ["MA", "administrator"])
    assert path["steps"][0]["called"] == "Ahli Madya"
    assert (path["steps"][0]["missing"], path["steps"][0]["ready"]) == (["angka_kredit", "course"], False)


async def test_a_disability_on_record_is_shown_to_its_owner_and_bkpsdm_and_travels_nowhere(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    rani, hr = await office.employee(plaju), bearer("hr")
    address, body = (
        f"/v1/employees/{rani.id}/disability",
        {"disability": True, "source": "Kartu penyandang disabilitas"},
    )
    before = (await http.get(address, headers=hr)).json()
    assert before == {"disability": None, "source": None}
    said = await office.said()
    assert (await http.put(address, json=body, headers=hr)).status_code == 200
    assert await office.said() == said, "no fact is told of it"
    assert (await http.get(address, headers=bearer("employee", rani.id))).json() == body
    assert (await http.get(address, headers=bearer("oversight"))).status_code == 403
    for told in ("", f"/{rani.id}", f"/{rani.id}/profile"):
        assert "disab" not in (await http.get(f"/v1/employees{told}", headers=hr)).text
    assert (await http.put(address, json=body | {"disability": False}, headers=hr)).json()["disability"] is False


async def test_awards_are_heard_once_each_and_make_part_of_the_report(
    http: httpx.AsyncClient, office: Any, plaju: Any, deliver: Deliverer, bearer: Bearer
) -> None:
    women = [await office.employee(plaju, nip=f"19900101201504{2100 + at}") for at in range(6)]
    men = [await office.employee(plaju, nip=f"19900101201504{1100 + at}") for at in range(10)]
    await deliver(*(granted(one.id) for one in (*women[:3], *men)))
    await deliver(*(completed(one.id, date(2026, 3, 31)) for one in women))
    await deliver(*(completed(one.id, date(2026, 4, 1)) for one in men))
    for one in men[:2]:
        body = {"golongan": "III/c", "effective_on": "2026-04-01", "decree_number": "1", "promotion_kind": "101"}
        promoted = await http.post(f"/v1/employees/{one.id}/promotions", json=body, headers=bearer("hr"))
        assert promoted.status_code == 201, promoted.text
    report = (await http.get("/v1/opportunity?period=2026", headers=bearer("hr"))).json()["outcomes"]

    def by_sex(outcome: str, of: Any = report) -> dict[str, tuple[int, int, bool]]:
        groups = of[outcome]["sex"]["groups"]
        return {one["group"]: (one["people"], one["got"], one["alarm"]) for one in groups}

    assert by_sex("award") == {"F": (6, 3, True), "M": (10, 10, False)}
    profile = (await http.get(f"/v1/employees/{women[0].id}/profile", headers=bearer("hr"))).json()
    assert [(one["award"], one["granted_on"]) for one in profile["awards"]] == [("Pelayan terbaik", "2026-05-01")]
    assert by_sex("training") == {"F": (6, 6, False), "M": (10, 10, False)}
    assert by_sex("promotion") == {"F": (6, 0, True), "M": (10, 2, False)}
    quarter = (await http.get("/v1/opportunity?period=2026-Q2", headers=bearer("oversight"))).json()["outcomes"]
    assert by_sex("training", quarter) == {"F": (6, 0, True), "M": (10, 10, False)}
    [unit] = report["award"]["unit"]["groups"]
    assert (unit["group"], unit["people"]) == ("/16.71/plaju", 16)


async def test_small_groups_are_neither_shown_nor_left_over(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    people = [await office.employee(plaju, nip=f"19900101201504{2100 + at}") for at in range(9)]
    hr = bearer("hr")
    for at, one in enumerate(people):
        body = {"disability": at < 4, "source": "x"}
        await http.put(f"/v1/employees/{one.id}/disability", json=body, headers=hr)
    found = (await http.get("/v1/opportunity?period=2026", headers=hr)).json()["outcomes"]["training"]["disability"]
    assert (found["groups"], found["hidden"]) == ([], 2), "five without would tell of four with"
    fifth = await office.employee(plaju, nip="199001012015042200")
    await http.put(f"/v1/employees/{fifth.id}/disability", json={"disability": True, "source": "x"}, headers=hr)
    found = (await http.get("/v1/opportunity?period=2026", headers=hr)).json()["outcomes"]["training"]["disability"]
    assert [(one["group"], one["people"]) for one in found["groups"]] == [("tidak", 5), ("ya", 5)]


async def test_the_report_is_of_one_s_own_units_and_of_those_in_service(
    http: httpx.AsyncClient, office: Any, plaju: Any, bearer: Bearer
) -> None:
    ilir = await office.unit("ilir", office.root)
    for at in range(5):
        await office.employee(plaju, nip=f"19900101201504{2100 + at}")
        await office.employee(ilir, nip=f"19900101201504{2200 + at}")
    gone = await office.employee(plaju, nip="199001012015042300")
    body = {"reason": "resigned", "effective_on": "2026-11-01"}
    await http.post(f"/v1/employees/{gone.id}/separation", json=body, headers=bearer("hr"))
    sees = {"/16.71": 10, "/16.71/plaju": 5, "/17": 0}
    for path, people in sees.items():
        answer = await http.get("/v1/opportunity?period=2026", headers=bearer("hr", None, (path,)))
        groups = answer.json()["outcomes"]["training"]["sex"]["groups"]
        assert sum(one["people"] for one in groups) == people, path
    assert (await http.get("/v1/opportunity?period=2026-05", headers=bearer("hr"))).status_code == 422


async def test_the_report_reads_page_by_page_and_counts_everybody_once(
    office: Any, plaju: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(7):
        await office.employee(plaju, nip=f"19900101201504{2100 + at}")
    monkeypatch.setattr(queries, "IDS_A_QUERY", 3)
    report = await queries.opportunity(office.work, office.scope, "2026")
    [group] = report.compared()["training"]["sex"].groups
    assert (group.people, group.rate) == (7, Decimal(0))
