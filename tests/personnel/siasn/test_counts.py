"""How many rows a file has is known without taking it apart, and is what reading it then gives."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
from personnel.domain.refusals import FileTooLarge, UnreadableFile
from personnel.siasn.files import count, read
from personnel.siasn.records import Limits
from personnel.siasn.rows import Governments
from siasn_stub.exports import write_csv, write_ndjson, write_xlsx
from siasn_stub.people import Person, people

FEW = list(islice(people(100), 8))
LINES = [json.dumps(person.record) for person in FEW]


@pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx"])
def test_each_kind_of_file_is_counted(tmp_path: Path, governments: Governments, kind: str) -> None:
    path = tmp_path / f"x.{kind}"
    {"ndjson": write_ndjson, "csv": write_csv, "xlsx": write_xlsx}[kind](path, FEW)
    assert count(path) == len(list(read(path, governments))) == len(FEW)


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(LINES).encode(),
        b"\xef\xbb\xbf" + "\r\n\r\n".join(LINES).encode() + b"\n\n",
        "\n  \n".join([*LINES, "{bukan json", "[]", "x" * 200_000]).encode(),
        b"",
    ],
    ids=["no last line break", "BOM and blank lines", "broken and endless lines", "nothing"],
)
def test_lines_that_are_no_rows_do_not_count_and_broken_ones_do(
    tmp_path: Path, governments: Governments, content: bytes
) -> None:
    (tmp_path / "x.ndjson").write_bytes(content)
    assert count(tmp_path / "x.ndjson") == len(list(read(tmp_path / "x.ndjson", governments)))


def test_a_csv_row_over_several_lines_counts_once(tmp_path: Path, governments: Governments) -> None:
    long = Person(FEW[0].record | {"jabatanNama": "Analis\nKebijakan"}, None, FEW[0].government_id)
    write_csv(tmp_path / "x.csv", [long, *FEW[1:]])
    assert count(tmp_path / "x.csv") == len(list(read(tmp_path / "x.csv", governments))) == len(FEW)


def test_what_is_not_read_is_not_counted_either(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    with pytest.raises(UnreadableFile):
        count(tmp_path / "x.pdf")
    write_csv(tmp_path / "x.csv", FEW)
    with pytest.raises(FileTooLarge):
        count(tmp_path / "x.csv", limits=Limits(file_bytes=100))
