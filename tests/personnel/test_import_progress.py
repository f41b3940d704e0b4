"""While an import runs everybody can see which share of it is done."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from kinara.kit.identity import Role
from openpyxl import load_workbook
from openpyxl.styles import Font
from personnel.commands.imports import runner as runners
from siasn_stub.exports import write_csv, write_ndjson, write_xlsx
from siasn_stub.people import people
from siasn_stub.places import UNITS
from siasn_stub.records import ref_unor

Bearer = Callable[..., dict[str, str]]
REF_UNOR = "".join(json.dumps(ref_unor(unit)) + "\n" for unit in UNITS)
PEOPLE = list(people(90, seed=3))
WRITERS: dict[str, Callable[..., None]] = {"ndjson": write_ndjson, "csv": write_csv, "xlsx": write_xlsx}


@pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx"])
async def test_the_number_of_rows_is_shown_from_the_first_batch_on(
    http: httpx.AsyncClient, feed: Any, bearer: Bearer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    WRITERS[kind](tmp_path / f"pegawai.{kind}", PEOPLE)
    headers = bearer(Role.INTEGRATOR, None, ("/16.71", "/96.71", "/62.71", "/17"))
    run = await feed.file((tmp_path / f"pegawai.{kind}").read_bytes(), f"pegawai.{kind}", units=REF_UNOR)
    shown: list[tuple[int, int]] = []
    take_batch = runners.take_batch

    async def watched(*arguments: Any) -> Any:
        seen = (await http.get(f"/v1/imports/{run.id}", headers=headers)).json()
        shown.append((seen["processed"], seen["total"]))
        return await take_batch(*arguments)

    monkeypatch.setattr(runners, "take_batch", watched)
    done = await feed.work_off(run, import_batch=30)
    assert shown == [(0, 90), (30, 90), (60, 90)]
    assert (done.state, done.tally.rows, done.total) == ("done", 90, 90)


async def test_formatted_rows_without_anything_in_them_are_no_rows_in_the_end(feed: Any, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "pegawai.xlsx", PEOPLE[:70])
    book = load_workbook(tmp_path / "pegawai.xlsx")
    for row in range(72, 80):
        book.active.cell(row, 1).font = Font(bold=True)
    saved = BytesIO()
    book.save(saved)
    run = await feed.work_off(await feed.file(saved.getvalue(), "pegawai.xlsx", units=REF_UNOR))
    assert (run.state, run.tally.rows, run.total) == ("done", 70, 70)


async def test_a_cancelled_run_still_shows_how_many_there_were(feed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(json.dumps(person.record) + "\n" for person in PEOPLE)
    run = await feed.file(text, units=REF_UNOR)
    take_batch = runners.take_batch

    async def cancelled(*arguments: Any) -> Any:
        taken = await take_batch(*arguments)
        await feed.cancel(run)
        return taken

    monkeypatch.setattr(runners, "take_batch", cancelled)
    done = await feed.work_off(run, import_batch=30)
    assert (done.state, done.tally.rows, done.total) == ("cancelled", 30, 90)
