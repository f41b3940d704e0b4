"""XLSX records, read without loading the sheet."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import zip_longest
from lzma import LZMAError
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException

from personnel.domain.refusals import FileTooLarge, UnreadableFile
from personnel.siasn.records import Limits, RawRow, checked_headings

_PACKING = (BadZipFile, zlib.error, LZMAError, EOFError, OSError)
_CONTENT = (InvalidFileException, KeyError, IndexError, ValueError, TypeError, AttributeError, ParseError)
_LOCKED = (RuntimeError, NotImplementedError)
"""A part of the archive is encrypted, or packed in a way that Python cannot unpack."""
_MOST_ROWS = 1_048_576
"""What a sheet can hold; a row that claims a higher number would be preceded by as many empty ones."""
_ROW_ENDS = re.compile(rb"</(?:\w+:)?row>")
_CHUNK = 2**20


def xlsx_records(path: Path, limits: Limits) -> Iterator[RawRow]:
    """The rows of the first sheet under SIASN's field names; the headings are row 1, empty rows are no rows."""
    with _refusals(path, limits), closing(load_workbook(path, read_only=True, data_only=True)) as book:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size need not be true
        rows = sheet.iter_rows(values_only=True)
        names = checked_headings(next(rows, ()), limits)
        for number, cells in enumerate(rows, start=2):
            if number > _MOST_ROWS:
                raise ValueError(number)
            if any(cell is not None for cell in cells):
                yield number, dict(zip_longest(names, cells[: len(names)]))


def xlsx_rows(path: Path, limits: Limits) -> int:
    """How many rows there are under the headings, by their ends, without taking them apart; formatted but empty ones
    count."""
    ended, rest = 0, b""
    with _refusals(path, limits), _first_sheet(path) as part:
        while chunk := part.read(_CHUNK):
            *rows, rest = _ROW_ENDS.split(rest + chunk)
            ended, rest = ended + len(rows), rest[-64:]
    return max(ended - 1, 0)


@contextmanager
def _first_sheet(path: Path) -> Iterator[IO[bytes]]:
    """The part of the archive that holds the first sheet; its cells' texts, in another part, are not loaded."""
    book = ExcelReader(path, read_only=True)
    with closing(book.archive):
        book.read_manifest()
        book.read_workbook()
        sheets = [part.target for _, part in book.parser.find_sheets() if "chartsheet" not in part.Type]
        with book.archive.open(sheets[0]) as part:
            yield part


@contextmanager
def _refusals(path: Path, limits: Limits) -> Iterator[None]:
    """What goes wrong inside is the file's fault."""
    try:
        _refuse_bomb(path, limits)
        yield
    except _LOCKED as error:
        raise UnreadableFile(
            "Berkas XLSX terkunci kata sandi atau dikemas dengan cara yang tidak dikenal. Simpan ulang tanpa kata "
            "sandi dari aplikasi lembar kerja, lalu unggah kembali.",
            field="file",
            detail=f"{type(error).__name__} while unpacking the workbook",
        ) from error
    except (*_PACKING, *_CONTENT) as error:
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
