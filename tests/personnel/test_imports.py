"""Imports from files: every row has one outcome, a kill loses nothing, and what is unchanged is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

import httpx
import pytest
from kinara.contracts.personnel import EmployeeRegistered
from kinara.kit.identity import Role
from kinara.kit.outbox import OUTBOX
from openpyxl import load_workbook
from personnel.commands.imports import rows as rows_of_imports
from personnel.commands.imports import runner as runners
from personnel.domain.importing import FRUITLESS_STARTS, ImportRun
from personnel.domain.tree import Tree
from siasn_stub.exports import write_csv, write_xlsx
from siasn_stub.people import Person, people
from siasn_stub.places import GOVERNMENTS, UNITS
from siasn_stub.records import ref_unor

Bearer = Callable[..., dict[str, str]]
REF_UNOR = "".join(json.dumps(ref_unor(unit)) + "\n" for unit in UNITS)
PEOPLE = list(people(180, seed=3))
GOOD = [person for person in PEOPLE if person.flaw is None]
PELAKSANA = [person for person in GOOD if person.record["jenisJabatanId"] == "4"]


def ndjson(persons: Iterable[Person]) -> str:
    return "".join(json.dumps(person.record) + "\n" for person in persons)


def changed(person: Person, **fields: str) -> Person:
    return replace(person, record=person.record | fields)


async def said(feed: Any) -> list[dict[str, Any]]:
    buckets = await feed.database.find(OUTBOX, {}, sort=[("_id", 1)])
    return [row for bucket in buckets for row in bucket["rows"]]


def outcomes(run: ImportRun) -> tuple[int, int, int, int]:
    return run.tally.created, run.tally.updated, run.tally.unchanged, run.tally.rejected


async def imported(feed: Any, persons: Iterable[Person], units: str | None = REF_UNOR, **settings: Any) -> ImportRun:
    return await feed.work_off(await feed.file(ndjson(persons), units=units), **settings)  # type: ignore[no-any-return]


async def test_people_and_units_come_in_and_are_announced_once(feed: Any) -> None:
    run = await imported(feed, PEOPLE)
    bad = sum(person.flaw in ("bad_nip", "bad_date", "missing_unit", "unknown_unit") for person in PEOPLE)
    assert (run.state, run.why) == ("done", None)
    assert outcomes(run) == (len(PEOPLE) - bad, 0, 0, bad)
    assert (run.position, run.units_changed, run.units_rejected) == (len(PEOPLE), len(UNITS), 0)
    rows = await said(feed)
    assert len({row["subject"] for row in rows}) == len(rows) == run.tally.created + len(UNITS)
    assert {row["version"] for row in rows} == {1}


async def test_everybody_answers_to_the_leader_of_their_unit_and_leaders_to_the_one_above(feed: Any) -> None:
    shuffled = sorted(GOOD, key=lambda person: person.nip)
    await imported(feed, shuffled)
    found, tree = await feed.people(), Tree((await feed.units()).values())
    by_siasn_id = {employee.siasn_id: employee for employee in found.values()}
    leaders = {unit.id: by_siasn_id[unit.leader_id].id for unit in UNITS}
    for employee in found.values():
        unit = tree.get(employee.unit_id)
        assert unit is not None
        above = [leaders[u.source_id] for u in tree.chain(unit) if u.source_id]
        assert employee.supervisor_id == next((leader for leader in above if leader != employee.id), None)
    registered = [json.loads(r["data"]) for r in await said(feed) if r["type"] == EmployeeRegistered.type()]
    assert {fact["employee_id"]: fact["supervisor_id"] for fact in registered} == {
        employee.id: employee.supervisor_id for employee in found.values()
    }


async def test_a_leader_who_never_came_leads_nobody(feed: Any) -> None:
    plaju = next(unit for unit in UNITS if unit.place.code == "plaju")
    run = await imported(feed, [person for person in GOOD if person.record.get("id") != plaju.leader_id])
    unit = (await feed.units())["/16.71/plaju"]
    city = (await feed.units())["/16.71"]
    assert (unit.leader_id, run.units_changed) == (None, len(UNITS) + 1)
    below = [e for e in (await feed.people()).values() if e.unit_id == unit.id]
    assert below
    assert {employee.supervisor_id for employee in below} == {city.leader_id}
    again = await imported(feed, [person for person in GOOD if person.record.get("id") != plaju.leader_id])
    assert (again.units_changed, again.tally.unchanged) == (0, len(GOOD) - 1)
    late = await imported(feed, GOOD)
    assert outcomes(late) == (1, 0, len(GOOD) - 1, 0)
    leader = (await feed.units())["/16.71/plaju"].leader_id
    assert {e.supervisor_id for e in (await feed.people()).values() if e.unit_id == unit.id and e.id != leader} == {
        leader
    }


async def test_the_same_file_again_changes_nothing_and_says_nothing(feed: Any) -> None:
    first = await imported(feed, PEOPLE)
    before, announced = await feed.people(), await said(feed)
    revisions = await _revisions(feed)
    second = await imported(feed, PEOPLE)
    assert outcomes(second) == (0, 0, first.tally.created, first.tally.rejected)
    assert (await feed.people(), await said(feed), await _revisions(feed)) == (before, announced, revisions)


async def test_a_record_that_was_right_before_is_taken_again_after_another_one(feed: Any) -> None:
    await imported(feed, GOOD)
    renamed = [changed(PELAKSANA[0], nama="NAMA BARU"), *(one for one in GOOD if one is not PELAKSANA[0])]
    tallies = [outcomes(await imported(feed, persons)) for persons in (renamed, GOOD, GOOD)]
    others = len(GOOD) - 1
    assert tallies == [(0, 1, others, 0), (0, 1, others, 0), (0, 0, len(GOOD), 0)]


async def test_a_record_written_otherwise_changes_nothing_and_is_recognised_the_next_time(feed: Any) -> None:
    first = await imported(feed, GOOD)
    facts, before = await said(feed), await _revisions(feed)
    spaced = "".join(json.dumps(person.record, indent=None, separators=(" , ", ": ")) + "\n" for person in GOOD)
    second = await feed.work_off(await feed.file(spaced, units=REF_UNOR))
    between = await _revisions(feed)
    third = await feed.work_off(await feed.file(spaced, units=REF_UNOR))
    assert [outcomes(run) for run in (second, third)] == [(0, 0, first.tally.created, 0)] * 2
    assert await said(feed) == facts
    assert sum(between[id_] - before[id_] for id_ in before) == first.tally.created
    assert await _revisions(feed) == between


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        ({"nama": "NAMA BARU"}, ["EmployeeChanged"]),
        ({"golRuangAkhir": "IV/e", "golRuangAkhirId": "45", "tmtGolAkhir": "01-11-2025"}, ["EmployeePromoted"]),
        ({"unorId": "other"}, ["EmployeeTransferred"]),
        ({"kedudukanPnsId": "99"}, ["EmployeeSeparated"]),
        ({"kedudukanPnsId": "99", "unorId": ""}, ["EmployeeSeparated"]),
        ({"alamat": "JL. LAIN"}, []),
    ],
    ids=["name", "rank", "unit", "retired", "retired, of no unit", "what we do not keep"],
)
async def test_a_changed_row_says_what_has_changed(feed: Any, change: dict[str, str], facts: list[str]) -> None:
    officer = next(p for p in PELAKSANA if p.record["statusPegawai"] == "PNS")
    await imported(feed, GOOD)
    already = len(await said(feed))
    home = officer.record["instansiKerjaId"]
    elsewhere = [u.id for u in UNITS if u.government.id == home and u.id != officer.record["unorId"]]
    change = {key: elsewhere[0] if value == "other" else value for key, value in change.items()}
    run = await imported(feed, [changed(p, **change) if p is officer else p for p in GOOD], None)
    new = [row["type"].split(".")[3] for row in (await said(feed))[already:]]
    assert outcomes(run) == (0, len(facts), len(GOOD) - len(facts), 0)
    assert new[: len(facts)] == facts
    assert len({row["subject"] for row in (await said(feed))[already:]}) == len(facts)


async def test_each_bad_row_is_kept_with_its_number_its_field_and_what_it_said(feed: Any) -> None:
    await imported(feed, GOOD[:65])
    staff = GOOD[65:75]
    bad = [
        changed(staff[0], nipBaru="198613262015051001"),
        changed(staff[1], tglLahir="31-02-1990"),
        changed(staff[2], unorId="TIDAKADA"),
        changed(staff[3], instansiKerjaId="ASING", instansiKerjaKodeCepat="99"),
        changed(staff[4], kedudukanPnsId="99"),
        changed(staff[5], id="ORANGLAIN", nipBaru=GOOD[0].nip, jenisKelamin=GOOD[0].record["jenisKelamin"],
                statusPegawai=GOOD[0].record["statusPegawai"], golRuangAkhir=GOOD[0].record["golRuangAkhir"],
                golRuangAkhirId=GOOD[0].record["golRuangAkhirId"]),
        changed(staff[6]),
        changed(staff[6]),
    ]  # fmt: skip
    run = await feed.work_off(await feed.file(ndjson(bad[:3]) + "{bukan json\n" + ndjson(bad[3:])))
    assert outcomes(run) == (1, 0, 0, 8)
    assert await feed.rejects(run) == [
        ("employee", 1, "nipBaru"),
        ("employee", 2, "tglLahir"),
        ("employee", 3, "unorId"),
        ("employee", 4, None),
        ("employee", 5, "instansiKerjaId"),
        ("employee", 6, "kedudukanPnsId"),
        ("employee", 7, "nipBaru"),
        ("employee", 9, "nipBaru"),
    ]
    assert sum(counted.count for counted in run.reasons) == 8
    assert await said(feed) == (await said(feed))[: 65 + len(UNITS) + 1]


async def test_somebody_who_works_for_another_government_is_not_taken_from_it(feed: Any) -> None:
    sorong = next(g for g in GOVERNMENTS if g.code == "96.71")
    officer = next(p for p in GOOD if p.record["instansiKerjaId"] == sorong.id and p.record["jenisJabatanId"] != "1")
    palembang = next(unit for unit in UNITS if unit.government.code == "16.71")
    await imported(feed, GOOD)
    claimed = changed(
        officer, unorId=palembang.id, instansiKerjaId=palembang.government.id, instansiKerjaKodeCepat="16.71"
    )
    run = await feed.file(ndjson([claimed]))
    narrow = await feed.limit(run, ("/16.71",))
    done = await feed.work_off(narrow)
    assert (outcomes(done), await feed.rejects(done)) == ((0, 0, 0, 1), [("employee", 1, "nipBaru")])
    assert (await feed.people())[officer.nip].unit_path.startswith("/96.71")
    outside = await feed.work_off(await feed.limit(await feed.file(ndjson([officer])), ("/16.71",)))
    assert await feed.rejects(outside) == [("employee", 1, "instansiKerjaId")]


async def test_a_superior_named_by_hand_outlives_an_import(feed: Any, office: Any) -> None:
    await imported(feed, GOOD)
    found = await feed.people()
    leaders = {unit.leader_id for unit in (await feed.units()).values()}
    one, other = [e for e in found.values() if e.id not in leaders and e.unit_path.startswith("/16.71")][:2]
    await office.name_superior(one, other)
    officer = next(person for person in GOOD if person.nip == one.nip)
    await imported(feed, [changed(officer, gelarBelakang="M.Si.")], None)
    now = (await feed.people())[one.nip]
    assert (now.back_title, now.supervisor_id) == ("M.Si.", other.id)


@pytest.mark.parametrize("row", [1, 2, 5, 6, 17])
async def test_a_kill_after_any_row_loses_nothing_and_counts_nothing_twice(
    feed: Any, monkeypatch: pytest.MonkeyPatch, row: int
) -> None:
    persons = GOOD[:17]
    run = await feed.file(ndjson(persons), units=REF_UNOR)
    taken = 0
    take = rows_of_imports.take

    def dying(*arguments: Any) -> Any:
        nonlocal taken
        taken += 1
        if taken == row:
            raise InterruptedError
        return take(*arguments)

    monkeypatch.setattr(rows_of_imports, "take", dying)
    with pytest.raises(InterruptedError):
        await feed.work_off(run, import_batch=5)
    killed = await feed.now(run)
    assert (killed.state, killed.position) == ("running", (row - 1) // 5 * 5)
    assert killed.tally.rows == len(await feed.people()) == killed.position
    done = await feed.work_off(run, import_batch=5)
    assert (done.state, outcomes(done)) == ("done", (17, 0, 0, 0))
    rows = [row for row in await said(feed) if row["type"] == EmployeeRegistered.type()]
    assert len({row["subject"] for row in rows}) == len(rows) == 17


@pytest.mark.parametrize("place", ["take_units", "settle_leaders", "follow_all"])
async def test_a_kill_between_the_parts_of_a_run_is_made_up_for(
    feed: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    step = getattr(runners, place)

    async def dying(*arguments: Any) -> Any:
        await step(*arguments)
        raise InterruptedError

    run = await feed.file(ndjson(GOOD), units=REF_UNOR)
    monkeypatch.setattr(runners, place, dying)
    with pytest.raises(InterruptedError):
        await feed.work_off(run)
    monkeypatch.setattr(runners, place, step)
    done = await feed.work_off(run)
    assert (done.state, outcomes(done), done.units_changed) == ("done", (len(GOOD), 0, 0, 0), len(UNITS))
    assert len(await said(feed)) == len(GOOD) + len(UNITS)


async def test_a_run_whose_next_row_ends_the_process_each_time_is_given_up(
    feed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: Any) -> Any:
        raise InterruptedError

    run = await feed.file(ndjson(GOOD[:3]))
    monkeypatch.setattr(rows_of_imports, "take", dying)
    for _ in range(FRUITLESS_STARTS):
        with pytest.raises(InterruptedError):
            await feed.work_off(run)
    failed = await feed.work_off(run)
    assert (failed.state, failed.tally.rows) == ("failed", 0)
    assert "Periksa baris sesudahnya" in failed.why


async def test_who_is_registered_by_hand_during_a_run_is_recognised(
    feed: Any, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await imported(feed, [])
    officer = next(
        p for p in GOOD if p.record["instansiKerjaKodeCepat"] == "16.71" and p.record["jenisJabatanId"] == "4"
    )
    load = runners.load

    async def while_somebody_types(*arguments: Any) -> Any:
        known = await load(*arguments)
        await office.employee((await feed.units())["/16.71"], "Nama Lama", nip=officer.nip, golongan=_golongan(officer))
        return known

    monkeypatch.setattr(runners, "load", while_somebody_types)
    done = await imported(feed, [officer], None)
    assert outcomes(done) == (0, 1, 0, 0)
    assert [e.siasn_id for e in (await feed.people()).values()] == [officer.record["id"]]


def _golongan(person: Person) -> str:
    return str(person.record["golRuangAkhir"])


async def _revisions(feed: Any) -> dict[str, int]:
    return {d["_id"]: d["rev"] for name in ("employees", "units") for d in await feed.database.find(name, {})}


# through the public door


async def test_a_file_is_taken_on_worked_off_and_followed(
    http: httpx.AsyncClient, feed: Any, bearer: Bearer, tmp_path: Any
) -> None:
    headers = bearer(Role.INTEGRATOR, None, ("/16.71", "/96.71", "/62.71", "/17"))
    files = {"file": ("pegawai.ndjson", ndjson(PEOPLE)), "units": ("unit.ndjson", REF_UNOR)}
    answer = await http.post("/v1/imports", files=files, headers=headers)
    assert (answer.status_code, answer.json()["state"], answer.json()["processed"]) == (202, "queued", 0)
    await feed.runner().work_off(feed.database)
    address = f"/v1/imports/{answer.json()['id']}"
    run = (await http.get(address, headers=headers)).json()
    assert (run["state"], run["file_name"], run["processed"]) == ("done", "pegawai.ndjson", len(PEOPLE))
    assert run["processed"] == run["created"] + run["updated"] + run["unchanged"] + run["rejected"]
    assert sum(run["rejected_by_reason"].values()) == run["rejected"] > 0
    assert run["rows_per_second"] > 0
    assert list(tmp_path.glob("*.ndjson")) == [], "what was uploaded is not kept"
    listed = (await http.get("/v1/imports", headers=headers)).json()
    assert [r["id"] for r in listed["items"]] == [run["id"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_rejects_are_read_page_by_page_exported_and_imported_once_corrected(
    http: httpx.AsyncClient, feed: Any, bearer: Bearer, kind: str
) -> None:
    await imported(feed, [])
    staff = [p for p in GOOD if p.record["jenisJabatanId"] != "1"][:4]
    bad = [changed(p, tglLahir="31-02-1990") for p in staff]
    run = await imported(feed, bad, None)
    headers = bearer(Role.INTEGRATOR, None, ("/16.71", "/96.71", "/62.71", "/17"))
    pages, after = [], {}
    while True:
        page = await http.get(f"/v1/imports/{run.id}/rejects", params={"limit": 3, **after}, headers=headers)
        pages += [(reject["number"], reject["field"]) for reject in page.json()["items"]]
        if page.json()["next"] is None:
            break
        after = {"after": page.json()["next"]}
    assert pages == [(number, "tglLahir") for number in (1, 2, 3, 4)]
    exported = await http.get(f"/v1/imports/{run.id}/rejects.{kind}", headers=headers)
    assert exported.status_code == 200
    assert f"ditolak-{run.id}.{kind}" in exported.headers["content-disposition"]
    corrected = _corrected(exported.content, kind, {p.nip: p.record["tglLahir"] for p in staff})
    answer = await http.post("/v1/imports", files={"file": (f"perbaikan.{kind}", corrected)}, headers=headers)
    assert answer.status_code == 202, answer.text
    done = await feed.work_off(await feed.queued(answer.json()["id"]))
    assert outcomes(done) == (4, 0, 0, 0)


def _corrected(content: bytes, kind: str, born: dict[str, str]) -> bytes:
    """The exported file with the right birth dates."""
    if kind == "csv":
        text = content.decode("utf-8-sig")
        for line in text.splitlines()[1:]:
            nip = next(nip for nip in born if nip in line)
            text = text.replace(line, line.replace("31-02-1990", born[nip]))
        return text.encode()
    book = load_workbook(BytesIO(content))
    names = [cell.value for cell in book.active[1]]
    for row in book.active.iter_rows(min_row=2):
        row[names.index("tglLahir")].value = born[row[names.index("nipBaru")].value]
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_spreadsheets_bring_the_same_people(feed: Any, tmp_path: Any, kind: str) -> None:
    path = tmp_path / f"pegawai.{kind}"
    {"csv": write_csv, "xlsx": write_xlsx}[kind](path, GOOD)
    run = await feed.work_off(await feed.file(path.read_bytes(), path.name, units=REF_UNOR))
    assert outcomes(run) == (len(GOOD), 0, 0, 0)


@pytest.mark.parametrize(
    ("files", "status", "field"),
    [
        ({"file": ("pegawai.pdf", b"%PDF")}, 422, "file"),
        ({"file": ("pegawai.csv", b"nama,nip\nA,1\n")}, 422, "file"),
        ({"file": ("pegawai.xlsx", b"PK broken")}, 422, "file"),
        ({"file": ("pegawai.ndjson", b"")}, 422, "file"),
        ({"file": ("pegawai.ndjson", b"x" * 2_000_000)}, 413, "file"),
        ({"file": ("pegawai.ndjson", b"{}\n"), "units": ("unit.ndjson", b"bukan json\n")}, 422, "units"),
        ({}, 422, "body.file"),
    ],
    ids=["kind", "columns", "damaged", "empty", "too large", "units", "nothing"],
)
async def test_a_file_that_is_of_no_use_is_refused_at_the_door_and_leaves_nothing(
    http: httpx.AsyncClient, app: Any, feed: Any, bearer: Bearer, tmp_path: Any, files: Any, status: int, field: str
) -> None:
    app.state.parts.service.settings = feed.settings.model_copy(update={"import_most_mib": 1})
    answer = await http.post("/v1/imports", files=files or None, headers=bearer(Role.INTEGRATOR))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert list(tmp_path.iterdir()) == []
    assert (await http.get("/v1/imports", headers=bearer(Role.INTEGRATOR))).json()["items"] == []


async def test_a_file_that_turns_out_damaged_later_fails_and_keeps_what_was_good(feed: Any, tmp_path: Any) -> None:
    run = await feed.file(ndjson(GOOD[:10]), units=REF_UNOR)
    (tmp_path / run.file).unlink()
    failed = await feed.work_off(run)
    assert (failed.state, failed.tally.rows) == ("failed", 0)
    assert "Unggah kembali" in failed.why
    assert failed.units_changed == len(UNITS)


async def test_a_cancelled_run_stops_after_the_batch_under_way(
    http: httpx.AsyncClient, feed: Any, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer(Role.INTEGRATOR, None, ("/16.71", "/96.71", "/62.71", "/17"))
    run = await feed.file(ndjson(GOOD), units=REF_UNOR)
    take_batch = runners.take_batch

    async def cancelled_meanwhile(*arguments: Any) -> Any:
        taken = await take_batch(*arguments)
        if taken.position == 20:
            answer = await http.post(f"/v1/imports/{run.id}/cancellation", headers=headers)
            assert answer.status_code == 202
        return taken

    monkeypatch.setattr(runners, "take_batch", cancelled_meanwhile)
    done = await feed.work_off(run, import_batch=10)
    assert (done.state, done.tally.rows, len(await feed.people())) == ("cancelled", 20, 20)
    known = {employee.id for employee in (await feed.people()).values()}
    assert {unit.leader_id for unit in (await feed.units()).values()} - {None} <= known
    again = await http.post(f"/v1/imports/{run.id}/cancellation", headers=headers)
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:import-ended")


async def test_a_run_beyond_ones_scope_does_not_exist(http: httpx.AsyncClient, feed: Any, bearer: Bearer) -> None:
    run = await imported(feed, GOOD[:3])
    narrow = bearer(Role.INTEGRATOR, None, ("/16.71",))
    for path in ("", "/rejects", "/rejects.csv"):
        assert (await http.get(f"/v1/imports/{run.id}{path}", headers=narrow)).status_code == 404
    assert (await http.post(f"/v1/imports/{run.id}/cancellation", headers=narrow)).status_code == 404
    assert (await http.get("/v1/imports", headers=narrow)).json()["items"] == []


@pytest.mark.parametrize(
    ("role", "units", "instansi", "status"),
    [
        (Role.INTEGRATOR, ("/16.71",), "16.71", 202),
        (Role.HR, ("/16.71",), None, 202),
        (Role.HR, ("/16.71",), "96.71", 403),
        (Role.HR, ("/16.71/plaju",), None, 403),
        (Role.INTEGRATOR, ("/16.71",), "tidak ada", 403),
        (Role.OVERSIGHT, ("/16.71",), None, 403),
        (Role.SUPERVISOR, ("/16.71",), None, 403),
    ],
)
async def test_only_whose_scope_covers_a_government_may_import_into_it(
    http: httpx.AsyncClient, bearer: Bearer, role: Role, units: tuple[str, ...], instansi: str | None, status: int
) -> None:
    files = {"file": ("pegawai.ndjson", ndjson(GOOD[:1]))}
    data = {"instansi": instansi} if instansi else None
    answer = await http.post("/v1/imports", files=files, data=data, headers=bearer(role, None, units))
    assert answer.status_code == status, answer.text
    if status == 202:
        assert answer.json()["paths"] == ["/16.71"]
