"""Imports meet records that fit beside nothing: the row or unit is refused with its reason, and the run goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from kinara.kit.mongo import Taken
from kinara.kit.testing import eventually
from personnel.commands.imports import runner as runners
from personnel.domain.importing import ImportRun
from siasn_stub.people import Person, people
from siasn_stub.places import PALEMBANG, SORONG, UNITS
from siasn_stub.records import ref_unor

GOOD = [person for person in people(120, seed=3) if person.flaw is None]
STAFF = [p for p in GOOD if p.record["instansiKerjaId"] == PALEMBANG.id and p.record["jenisJabatanId"] == "4"]
RECORDS = [ref_unor(unit) for unit in UNITS]
ROOT = next(record for record in RECORDS if record["CepatKode"] == "16.71")


def lines(records: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def ndjson(persons: Iterable[Person]) -> str:
    return lines(person.record for person in persons)


def changed(person: Person, **fields: str) -> Person:
    return replace(person, record=person.record | fields)


def renumbered(person: Person) -> str:
    """A NIP that this person might be given with another agency."""
    return f"{person.nip[:-3]}877"


def unor(source_id: str, above: str | None, **more: Any) -> dict[str, Any]:
    plain = {"Id": source_id, "InstansiId": PALEMBANG.id, "DiatasanId": above, "NamaUnor": f"Unit {source_id}"}
    return plain | {"CepatKode": source_id.lower(), "PemimpinPnsId": None} | more


def outcomes(run: ImportRun) -> tuple[int, int, int, int]:
    return run.tally.created, run.tally.updated, run.tally.unchanged, run.tally.rejected


async def imported(
    feed: Any, persons: Iterable[Person], units: Iterable[dict[str, Any]] = (), **settings: Any
) -> ImportRun:
    run = await feed.file(ndjson(persons), units=lines(units) or None)
    return await feed.work_off(run, **settings)  # type: ignore[no-any-return]


async def typed_in(feed: Any, office: Any, person: Person, nip: str) -> None:
    """Somebody at BKPSDM registers by hand, without SIASN's id, who has this NIP."""
    root = (await feed.units())["/16.71"]
    await office.employee(root, "Nama Ketikan", nip=nip, golongan=person.record["golRuangAkhir"])


@pytest.mark.parametrize("during", [False, True], ids=["before the run", "during the run"])
async def test_a_nip_that_was_typed_in_for_another_record_is_refused_and_the_run_goes_on(
    feed: Any, office: Any, monkeypatch: pytest.MonkeyPatch, during: bool
) -> None:
    await imported(feed, GOOD, RECORDS)
    officer, place = STAFF[0], GOOD.index(STAFF[0]) + 1
    load = runners.load

    async def while_somebody_types(*arguments: Any) -> Any:
        known = await load(*arguments)
        await typed_in(feed, office, officer, renumbered(officer))
        return known

    if during:
        monkeypatch.setattr(runners, "load", while_somebody_types)
    else:
        await typed_in(feed, office, officer, renumbered(officer))
    run = await imported(feed, [changed(p, nipBaru=renumbered(p)) if p is officer else p for p in GOOD])
    assert (run.state, outcomes(run)) == ("done", (0, 0, len(GOOD) - 1, 1))
    assert await feed.rejects(run) == [("employee", place, "nipBaru")]
    assert [counted.reason for counted in run.reasons] == [
        "nipBaru: NIP … sudah tercatat pada pegawai lain; salah satu harus diperbaiki"
    ]
    assert {renumbered(officer), officer.nip} <= set(await feed.people()), "both records stay as they were"


async def test_rows_that_no_unique_index_lets_in_are_found_in_their_batch_and_rejected(feed: Any) -> None:
    known = [*GOOD[:65], *STAFF[:2]]
    new = [person for person in GOOD if person not in known]
    await imported(feed, known, RECORDS)
    first, second = (changed(p, id=p.record["id"].swapcase(), nipBaru=renumbered(p)) for p in STAFF[:2])
    rows = [*new[:10], first, *new[10:20], second, *new[20:]]
    run = await imported(feed, rows, import_batch=17)
    assert (run.state, run.position) == ("done", len(rows))
    assert outcomes(run) == (len(new), 0, 0, 2)
    assert await feed.rejects(run) == [("employee", 11, "id"), ("employee", 22, "id")]
    assert outcomes(await imported(feed, rows)) == (0, 0, len(new), 2)


async def test_what_no_row_explains_fails_the_run_and_leaves_the_process_alive(
    feed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: Any) -> Any:
        raise Taken("something")

    monkeypatch.setattr(runners, "take_batch", refused)
    run = await feed.file(ndjson(GOOD[:3]))
    process = asyncio.create_task(feed.runner(import_poll_s=0.01).run(feed.database))
    try:

        async def ended() -> bool:
            return not (await feed.now(run)).is_open

        await eventually(ended)
        assert not process.done()
    finally:
        process.cancel()
        with suppress(asyncio.CancelledError):
            await process
    assert (await feed.now(run)).state == "failed"


async def test_a_second_root_is_rejected_with_all_below_it_each_time(feed: Any) -> None:
    second = [unor("0000SECOND", None), unor("BELOW", "0000SECOND")]
    stray = changed(STAFF[0], unorId="BELOW")
    rows = [stray if person is STAFF[0] else person for person in GOOD]
    run = await imported(feed, rows, [*second, *RECORDS])
    assert (run.state, run.units_changed, run.units_rejected) == ("done", len(UNITS), 2)
    assert outcomes(run) == (len(GOOD) - 1, 0, 0, 1)
    refused = await feed.rejects(run)
    assert [(part, field) for part, _, field in refused] == [
        ("employee", "unorId"),
        ("unit", "DiatasanId"),
        ("unit", "DiatasanId"),
    ]
    assert {path for path in await feed.units() if path.count("/") == 1} == {"/16.71", "/96.71", "/62.71", "/17"}
    again = await imported(feed, rows, [*second, *RECORDS])
    assert (again.state, again.units_changed, again.units_rejected) == ("done", 0, 2)
    assert outcomes(again) == (0, 0, len(GOOD) - 1, 1)


async def test_a_root_other_than_the_one_that_is_known_is_rejected(feed: Any) -> None:
    await imported(feed, [], RECORDS)
    run = await imported(feed, [], [unor("OTHERROOT", None), unor("BELOW", "OTHERROOT")])
    assert (run.state, run.units_changed) == ("done", 0)
    assert await feed.rejects(run) == [("unit", 1, "DiatasanId"), ("unit", 2, "DiatasanId")]


async def test_a_unit_that_is_another_governments_already_is_rejected_and_the_others_are_taken(feed: Any) -> None:
    await imported(feed, [], RECORDS)
    theirs = next(record for record in RECORDS if record["InstansiId"] == SORONG.id and record["DiatasanId"])
    claimed = theirs | {"InstansiId": PALEMBANG.id, "DiatasanId": ROOT["Id"]}
    new = [unor("NEW1", ROOT["Id"]), unor("BELOW", claimed["Id"]), unor("NEW2", ROOT["Id"])]
    queued = await feed.file("", units=lines([ROOT, claimed, *new]))
    run = await feed.work_off(await feed.limit(queued, ("/16.71",)))
    assert (run.state, run.units_changed) == ("done", 2)
    assert sorted(field for _, _, field in await feed.rejects(run)) == ["DiatasanId", "Id"]
    units = await feed.units()
    assert {"/16.71/new1", "/16.71/new2"} <= set(units)
    assert [path for path, unit in units.items() if unit.source_id == theirs["Id"]] == [f"/96.71/{theirs['CepatKode']}"]


async def test_a_new_unit_at_a_path_that_another_one_has_left_gets_a_code_of_its_own(feed: Any) -> None:
    plaju, ilir = unor("PLAJU-OLD", ROOT["Id"], CepatKode="Loket"), unor("ILIR-1", ROOT["Id"], CepatKode="Ilir")
    await imported(feed, [], [*RECORDS, plaju, ilir])
    (path,) = [unit.unit_path for unit in (await feed.units()).values() if unit.source_id == "PLAJU-OLD"]

    moved, new = plaju | {"DiatasanId": "ILIR-1"}, unor("PLAJU-NEW", ROOT["Id"], CepatKode="Loket")
    run = await imported(feed, [], [*RECORDS, ilir, moved, new])

    assert (run.state, run.units_rejected) == ("done", 0)
    paths = {unit.source_id: unit.unit_path for unit in (await feed.units()).values()}
    assert paths["PLAJU-OLD"].startswith(paths["ILIR-1"] + "/")
    assert paths["PLAJU-NEW"] != path, "what the first one has left there would be taken for the second one's"
    assert paths["PLAJU-NEW"].startswith(path)
