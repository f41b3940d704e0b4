"""Rejected rows as files that can be corrected, imported again, and opened without danger."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from personnel.siasn.export import HEADINGS, guarded, write_csv, write_xlsx
from personnel.siasn.fields import Record
from personnel.siasn.files import read
from personnel.siasn.rows import Governments, Rejected, Row
from personnel.siasn.wording import squeezed
from siasn_stub.exports import write_ndjson
from siasn_stub.people import people

ATTACK = Rejected(
    reason="nama: =HYPERLINK",
    field="nama",
    raw={"nama": "=HYPERLINK(1)", "nipBaru": "198609262015051001", "jabatanNama": "@SUM(A1)", "gelarDepan": "+1"},
)


def _cells(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    return [[cell or "" for cell in row] for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"ditolak.{kind}"
    (write_csv if kind == "csv" else write_xlsx)([(7, ATTACK)], path)
    heading, row = _cells(path)
    assert tuple(heading) == HEADINGS
    shown = dict(zip(heading, row, strict=True))
    assert (shown["baris"], shown["kolom"], shown["nipBaru"]) == ("7", "nama", "198609262015051001")
    assert (shown["nama"], shown["jabatanNama"], shown["gelarDepan"]) == ("'=HYPERLINK(1)", "'@SUM(A1)", "'+1")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


@given(st.text(max_size=30))
def test_the_guard_comes_off_again_on_reading(text: str) -> None:
    plain = squeezed(text)
    assert not guarded(plain).startswith(("=", "+", "-", "@"))
    assert Record({"x": guarded(plain)}).excerpt(["x"]) == {"x": plain}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_corrected_rows_are_imported_from_the_exported_file(
    tmp_path: Path, governments: Governments, kind: str
) -> None:
    spoilt = [person for person in people(4000) if person.flaw == "bad_date"]
    write_ndjson(tmp_path / "pegawai.ndjson", spoilt)
    rejections = [(n, row) for n, row in read(tmp_path / "pegawai.ndjson", governments) if isinstance(row, Rejected)]
    assert len(rejections) == len(spoilt) > 0
    for person, (_, rejected) in zip(spoilt, rejections, strict=True):
        born = person.nip[:8]
        rejected.raw["tglLahir"] = f"{born[6:]}-{born[4:6]}-{born[:4]}"
    path = tmp_path / f"perbaikan.{kind}"
    (write_csv if kind == "csv" else write_xlsx)(rejections, path)
    assert [row.profile.nip for _, row in read(path, governments) if isinstance(row, Row)] == [p.nip for p in spoilt]


def test_an_unreadable_line_is_exported_as_it_was(tmp_path: Path, governments: Governments) -> None:
    (tmp_path / "x.ndjson").write_text("=1+1 rusak\n", encoding="utf-8")
    rejections = [(n, row) for n, row in read(tmp_path / "x.ndjson", governments) if isinstance(row, Rejected)]
    write_csv(rejections, tmp_path / "x.csv")
    assert _cells(tmp_path / "x.csv")[1][-1] == "'=1+1 rusak"
