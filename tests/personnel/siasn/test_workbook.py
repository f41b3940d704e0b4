"""Workbooks that cannot be read are refused as a whole, whatever is wrong with them, and nothing else comes out."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from personnel.domain.refusals import UnreadableFile
from personnel.siasn.files import count, read
from personnel.siasn.rows import Governments
from siasn_stub.exports import write_xlsx
from siasn_stub.people import people

SHEET = "xl/worksheets/sheet1.xml"
FEW = list(islice(people(100), 6))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A good one."""
    path = tmp_path / "pegawai.xlsx"
    write_xlsx(path, FEW)
    return path


def _packed(path: Path, method: int) -> None:
    """The same workbook in an archive of another packing."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def _edited(path: Path, part: str, before: bytes, after: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before in parts[part]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(before, after, 1) if name == part else content)


def _headers_changed(path: Path, *, local: int, central: int, value: int) -> None:
    """Another 16-bit value in every header of the archive, at these places in the local and the central one."""
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = content.find(mark)
        while at >= 0:
            struct.pack_into("<H", content, at + place, value)
            at = content.find(mark, at + 4)
    path.write_bytes(content)


def _encrypted(path: Path) -> None:
    _headers_changed(path, local=6, central=8, value=1)


def _packed_in_an_unknown_way(path: Path) -> None:
    _headers_changed(path, local=8, central=10, value=99)


def _broken(method: int) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        _packed(path, method)
        content = bytearray(path.read_bytes())
        middle = content.find(SHEET.encode()) + len(SHEET) + 200
        content[middle : middle + 100] = bytes(100)
        path.write_bytes(content)

    return harm


def _without_its_own_list(path: Path) -> None:
    _edited(path, "[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"something")


def _with_a_strange_attribute(path: Path) -> None:
    _edited(path, "[Content_Types].xml", b"ContentType=", b"MontentType=")


def _with_a_row_beyond_every_sheet(path: Path) -> None:
    _edited(path, SHEET, b'<row r="3"', b'<row r="99999999999"')


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(_encrypted, id="encrypted"),
        pytest.param(_packed_in_an_unknown_way, id="packed in an unknown way"),
        pytest.param(_broken(zipfile.ZIP_DEFLATED), id="broken, deflated"),
        pytest.param(_broken(zipfile.ZIP_BZIP2), id="broken, bzip2"),
        pytest.param(_broken(zipfile.ZIP_LZMA), id="broken, lzma"),
        pytest.param(_without_its_own_list, id="no workbook inside"),
        pytest.param(_with_a_strange_attribute, id="strange attribute"),
        pytest.param(_with_a_row_beyond_every_sheet, id="row beyond every sheet"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused_as_a_file(
    workbook: Path, governments: Governments, harm: Callable[[Path], None]
) -> None:
    assert len(list(read(workbook, governments))) == len(FEW)
    harm(workbook)
    with pytest.raises(UnreadableFile) as refused:
        list(read(workbook, governments))
    assert refused.value.field == "file"


@pytest.mark.parametrize("harm", [_encrypted, _packed_in_an_unknown_way])
def test_of_a_locked_workbook_people_are_told_that_it_is_locked(workbook: Path, harm: Callable[[Path], None]) -> None:
    harm(workbook)
    with pytest.raises(UnreadableFile, match="kata sandi"):
        count(workbook)


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        pytest.param(b"<row r=", b"<row r=", len(FEW), id="as written"),
        pytest.param(b"</sheetData>", b'<row r="8"/></sheetData>', len(FEW), id="with an empty row"),
        pytest.param(
            b"</sheetData>", b'<row r="8"><c r="A8" s="1"/></row></sheetData>', len(FEW) + 1, id="with a formatted row"
        ),
    ],
)
def test_rows_are_counted_by_their_ends(workbook: Path, before: bytes, after: bytes, rows: int) -> None:
    _edited(workbook, SHEET, before, after)
    assert count(workbook) == rows


def test_rows_are_counted_where_every_element_has_a_prefix_and_across_the_pieces_that_are_read(workbook: Path) -> None:
    rows = b"".join(b'<x:row r="%d"><x:c/>%s</x:row>' % (n, b" " * (n % 97)) for n in range(1, 40_001))
    with zipfile.ZipFile(workbook) as archive:
        written = archive.read(SHEET)
    _edited(workbook, SHEET, written, b"<x:sheetData>%s</x:sheetData>" % rows)
    assert count(workbook) == 39_999
