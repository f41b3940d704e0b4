"""Files of the same data: every kind and encoding, broken lines, repeated rows, damage, resumption, flat memory."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import Workbook
from personnel.domain.refusals import ColumnsMissing, FileTooLarge, UnreadableFile
from personnel.siasn.files import read, stream
from personnel.siasn.mapping import COLUMNS
from personnel.siasn.records import Limits
from personnel.siasn.rows import Governments, Numbered, Rejected, Row
from siasn_stub.exports import write_csv, write_ndjson, write_xlsx
from siasn_stub.people import Person, people
from siasn_stub.records import DATA_UTAMA_FIELDS

PEOPLE = [person for person in islice(people(2000), 400) if person.flaw != "not_found"]
KEPT_OUT = {"bad_nip", "bad_date", "missing_unit"}
FEW = [person for person in PEOPLE if person.flaw is None][:6]


def _write(path: Path, persons: list[Person]) -> Path:
    writers: dict[str, Callable[[Path, list[Person]], None]] = {
        ".ndjson": write_ndjson,
        ".csv": write_csv,
        ".xlsx": write_xlsx,
    }
    writers[path.suffix](path, persons)
    return path


def _hashes(rows: list[Numbered]) -> list[str | None]:
    return [row.content_hash if isinstance(row, Row) else None for _, row in rows]


def _rejected(rows: list[Numbered]) -> dict[int, str]:
    return {number: row.reason for number, row in rows if isinstance(row, Rejected)}


@pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx"])
def test_each_kind_of_file_gives_the_same_rows(tmp_path: Path, governments: Governments, kind: str) -> None:
    rows = list(read(_write(tmp_path / f"pegawai.{kind}", PEOPLE), governments))
    first = 1 if kind == "ndjson" else 2
    assert [number for number, _ in rows] == list(range(first, len(PEOPLE) + first))
    for person, (_, row) in zip(PEOPLE, rows, strict=True):
        assert isinstance(row, Rejected) == (person.flaw in KEPT_OUT)
    plain = list(read(_write(tmp_path / "again.ndjson", PEOPLE), governments))
    assert _hashes(rows) == _hashes(plain)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_is_read_in_every_common_encoding_and_shape(
    tmp_path: Path, governments: Governments, encoding: str, delimiter: str
) -> None:
    accented = Person(FEW[0].record | {"nama": "JOSÉ KALAMI"}, None, FEW[0].government_id)
    write_csv(tmp_path / "x.csv", [accented, *FEW[1:]], encoding=encoding, delimiter=delimiter)
    rows = list(read(tmp_path / "x.csv", governments))
    assert _rejected(rows) == {}
    assert isinstance(rows[0][1], Row)
    assert rows[0][1].profile.name == "José Kalami"


def test_ndjson_with_a_bom_and_blank_lines_is_read(tmp_path: Path, governments: Governments) -> None:
    lines = [json.dumps(person.record) for person in FEW]
    (tmp_path / "x.jsonl").write_bytes(b"\xef\xbb\xbf" + "\r\n\r\n".join(lines).encode())
    assert [number for number, _ in read(tmp_path / "x.jsonl", governments)] == [1, 3, 5, 7, 9, 11]


def test_columns_may_stand_in_any_order_with_others_between(tmp_path: Path, governments: Governments) -> None:
    write_csv(tmp_path / "x.csv", FEW, columns=[*reversed(DATA_UTAMA_FIELDS)])
    assert _hashes(list(read(tmp_path / "x.csv", governments))) == _hashes(
        list(read(_write(tmp_path / "x.ndjson", FEW), governments))
    )


def test_swapped_contents_of_columns_are_rejected_row_by_row(tmp_path: Path, governments: Governments) -> None:
    swapped = [Person(p.record | {"nama": p.nip, "nipBaru": p.record["nama"]}, None, p.government_id) for p in FEW]
    rows = list(read(_write(tmp_path / "x.csv", swapped), governments))
    assert len(_rejected(rows)) == len(FEW)
    assert all(row.field == "nipBaru" for _, row in rows if isinstance(row, Rejected))


@pytest.mark.parametrize(
    "broken",
    [
        '{"nipBaru": "1986',
        "[1, 2]",
        "null",
        "[" * 5000,
        '{"a": ' * 5000,
        '{"n": ' + "9" * 5000 + "}",
        "<html>",
        '{"nama": "' + "x" * 70_000 + '"}',
    ],
    ids=["cut off", "a list", "null", "deep list", "deep object", "endless number", "HTML", "endless line"],
)
def test_a_broken_line_of_ndjson_costs_that_line_only(tmp_path: Path, governments: Governments, broken: str) -> None:
    lines = [json.dumps(FEW[0].record), broken, json.dumps(FEW[1].record)]
    (tmp_path / "x.ndjson").write_text("\n".join(lines), encoding="utf-8")
    rows = list(read(tmp_path / "x.ndjson", governments))
    assert [number for number, _ in rows] == [1, 2, 3]
    assert list(_rejected(rows)) == [2]


def _csv_lines(persons: list[Person]) -> tuple[str, list[str]]:
    columns = list(COLUMNS)
    heading = ",".join(columns)
    cells = [[str(person.record[name] or "") for name in columns] for person in persons]
    return heading, [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in cells]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda line: line[: len(line) // 2], id="truncated"),
        pytest.param(lambda line: line + ",lebih", id="a cell too many"),
        pytest.param(lambda line: '"' + line, id="a quotation mark never closed"),
        pytest.param(lambda line: line.replace(",", ',"x"y,', 1), id="text after a quotation mark"),
        pytest.param(lambda line: line + "x" * 70_000, id="endless line"),
    ],
)
@pytest.mark.parametrize("place", [0, 2, 5], ids=["first", "middle", "last"])
def test_a_broken_line_of_csv_costs_that_line_only(
    tmp_path: Path, governments: Governments, spoil: Callable[[str], str], place: int
) -> None:
    heading, lines = _csv_lines(FEW)
    lines[place] = spoil(lines[place])
    (tmp_path / "x.csv").write_text("\n".join([heading, *lines]), encoding="utf-8")
    rows = list(read(tmp_path / "x.csv", governments))
    assert [number for number, _ in rows] == [2, 3, 4, 5, 6, 7]
    assert list(_rejected(rows)) == [place + 2]


@pytest.mark.parametrize("place", [0, 20, 33], ids=["many lines follow", "some follow", "one follows"])
def test_an_open_quotation_mark_swallows_none_of_the_lines_after_it(
    tmp_path: Path, governments: Governments, place: int
) -> None:
    plain = [Person(p.record | {"gelarBelakang": ""}, None, p.government_id) for p in PEOPLE if p.flaw is None][:35]
    heading, lines = _csv_lines(plain)
    assert '"' not in "".join(lines)
    lines[place] = f'"{lines[place]}'
    (tmp_path / "x.csv").write_text("\n".join([heading, *lines]), encoding="utf-8")
    rows = list(read(tmp_path / "x.csv", governments))
    assert [number for number, _ in rows] == list(range(2, 37))
    reason = f"Baris rusak: diharapkan {len(COLUMNS)} kolom, ditemukan tanda kutip tidak ditutup."
    assert _rejected(rows) == {place + 2: reason}


def test_a_cell_may_hold_line_breaks(tmp_path: Path, governments: Governments) -> None:
    record = FEW[0].record | {"jabatanNama": "Analis\nKebijakan, Ahli Muda"}
    persons = [Person(record, None, FEW[0].government_id), *FEW[1:]]
    rows = list(read(_write(tmp_path / "x.csv", persons), governments))
    assert [number for number, _ in rows] == [2, 3, 4, 5, 6, 7]
    assert isinstance(rows[0][1], Row)
    assert rows[0][1].profile.jabatan == "Analis Kebijakan, Ahli Muda"


def test_a_nik_in_an_unreadable_line_is_hidden(tmp_path: Path, governments: Governments) -> None:
    (tmp_path / "x.ndjson").write_text('{"nik": "1671010101010001", "nama": "RIZ', encoding="utf-8")
    (_, row), *_ = read(tmp_path / "x.ndjson", governments)
    assert isinstance(row, Rejected)
    assert "1671010101010001" not in row.raw["mentah"]
    assert "RIZ" in row.raw["mentah"]


@pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx"])
def test_a_repeated_row_is_rejected_and_says_which_it_repeats(
    tmp_path: Path, governments: Governments, kind: str
) -> None:
    other = Person(FEW[0].record | {"nama": "ORANG LAIN"}, None, FEW[0].government_id)
    rows = list(read(_write(tmp_path / f"x.{kind}", [*FEW, FEW[2], other]), governments))
    first = 1 if kind == "ndjson" else 2
    assert _rejected(rows) == {
        first + 6: f"nipBaru: NIP ini sudah ada pada baris {first + 2}; hapus salah satu",
        first + 7: f"nipBaru: NIP ini sudah ada pada baris {first}; hapus salah satu",
    }


@pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx"])
def test_reading_goes_on_from_any_row_with_the_same_result(tmp_path: Path, governments: Governments, kind: str) -> None:
    persons = [*PEOPLE[:40], PEOPLE[3], *PEOPLE[40:60], PEOPLE[50]]
    path = _write(tmp_path / f"x.{kind}", persons)
    whole = list(read(path, governments))
    for start in (1, 2, 30, 41, 63, 64):
        assert list(read(path, governments, start=start)) == [row for row in whole if row[0] >= start]


@pytest.mark.parametrize("chunk", [1, 7, 1000])
async def test_an_event_loop_gets_the_same_rows(tmp_path: Path, governments: Governments, chunk: int) -> None:
    path = _write(tmp_path / "x.ndjson", PEOPLE[:50])
    rows = [numbered async for numbered in stream(path, governments, start=5, chunk=chunk)]
    assert rows == list(read(path, governments, start=5))


def test_a_nip_that_a_spreadsheet_made_a_number_is_rejected_not_guessed(
    tmp_path: Path, governments: Governments
) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS))
    record = FEW[0].record | {"nipBaru": int(FEW[0].nip), "golRuangAkhirId": 33}
    sheet.append([record[name] for name in COLUMNS])
    book.save(tmp_path / "x.xlsx")
    (_, row), *_ = read(tmp_path / "x.xlsx", governments)
    assert isinstance(row, Rejected)
    assert row.reason.startswith("nipBaru: berupa bilangan")


def test_empty_rows_of_a_sheet_are_no_rows(tmp_path: Path, governments: Governments) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS))
    sheet.append([])
    sheet.append([FEW[0].record[name] or None for name in COLUMNS])
    book.save(tmp_path / "x.xlsx")
    assert [number for number, _ in read(tmp_path / "x.xlsx", governments)] == [3]


def test_a_truncated_workbook_is_refused_as_a_whole(tmp_path: Path, governments: Governments) -> None:
    path = _write(tmp_path / "x.xlsx", FEW)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UnreadableFile, match="rusak atau terpotong"):
        list(read(path, governments))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"bukan xlsx"], ids=["empty", "only a beginning", "text"])
def test_what_only_claims_to_be_a_workbook_is_refused(tmp_path: Path, governments: Governments, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(UnreadableFile):
        list(read(tmp_path / "x.xlsx", governments))


def test_another_zip_archive_is_refused(tmp_path: Path, governments: Governments) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(UnreadableFile):
        list(read(tmp_path / "x.xlsx", governments))


def test_an_archive_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path, governments: Governments) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    with pytest.raises(FileTooLarge):
        list(read(tmp_path / "x.xlsx", governments, limits=Limits(unpacked_bytes=1_000_000)))


def test_a_file_too_large_is_refused_unread(tmp_path: Path, governments: Governments) -> None:
    path = _write(tmp_path / "x.csv", FEW)
    with pytest.raises(FileTooLarge):
        list(read(path, governments, limits=Limits(file_bytes=100)))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_missing_columns_are_named(tmp_path: Path, governments: Governments, kind: str) -> None:
    columns = [name for name in COLUMNS if name not in ("unorId", "tglLahir")]
    {"csv": write_csv, "xlsx": write_xlsx}[kind](tmp_path / f"x.{kind}", FEW, columns)
    with pytest.raises(ColumnsMissing, match="tglLahir, unorId"):
        list(read(tmp_path / f"x.{kind}", governments))


def test_a_column_given_twice_is_refused(tmp_path: Path, governments: Governments) -> None:
    write_csv(tmp_path / "x.csv", FEW, [*COLUMNS, "nama"])
    with pytest.raises(UnreadableFile, match="nama muncul lebih dari sekali"):
        list(read(tmp_path / "x.csv", governments))


def test_too_many_columns_are_refused(tmp_path: Path, governments: Governments) -> None:
    heading, lines = _csv_lines(FEW)
    extra = "," + ",".join(f"k{n}" for n in range(400))
    (tmp_path / "x.csv").write_text("\n".join([heading + extra, *lines]), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="lebih dari 300 kolom"):
        list(read(tmp_path / "x.csv", governments))


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.csv", b""), ("x.csv", "nipBaru".encode("utf-16")), ("x.pdf", b"%PDF"), ("x", b"")],
    ids=["empty", "UTF-16", "another kind", "no kind"],
)
def test_a_file_of_no_use_is_refused_as_a_whole(
    tmp_path: Path, governments: Governments, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile):
        list(read(tmp_path / name, governments))


@pytest.mark.parametrize("kind", ["ndjson", "csv"])
def test_memory_stays_flat_however_long_the_file(tmp_path: Path, governments: Governments, kind: str) -> None:
    path = tmp_path / f"x.{kind}"
    _write(path, list(people(3000)))
    tracemalloc.start()
    try:
        total = sum(1 for _ in read(path, governments))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 3000
    assert peak < 1.5 * 2**20 < path.stat().st_size
