"""XLSX records, read without loading the sheet."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from personnel.domain.refusals import FileTooLarge, UnreadableFile
from personnel.siasn.records import Limits, RawRow, checked_headings

_DAMAGE = (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, ParseError, EOFError, zlib.error)


def xlsx_records(path: Path, limits: Limits) -> Iterator[RawRow]:
    """The rows of the first sheet under SIASN's field names; the headings are row 1, empty rows are no rows."""
    try:
        _refuse_bomb(path, limits)
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size need not be true
            rows = sheet.iter_rows(values_only=True)
            names = checked_headings(next(rows, ()), limits)
            for number, cells in enumerate(rows, start=2):
                if any(cell is not None for cell in cells):
                    yield number, dict(zip_longest(names, cells[: len(names)]))
    except _DAMAGE as error:
        raise UnreadableFile(
            "Berkas XLSX rusak atau terpotong. Simpan ulang dari aplikasi lembar kerja, lalu unggah kembali.",
            field="file",
            detail=f"{type(error).__name__} while reading the workbook",
        ) from error


def _refuse_bomb(path: Path, limits: Limits) -> None:
    """An archive may claim little and unpack to much more than any memory holds."""
    with ZipFile(path) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > limits.unpacked_bytes:
        raise FileTooLarge(
            f"Isi berkas melebihi {limits.unpacked_bytes // 2**20} MiB. Bagi menjadi beberapa berkas.",
            field="file",
            detail=f"unpacks to {unpacked} bytes",
        )
