"""Rejected rows as a file that a person corrects and imports again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from openpyxl import Workbook

from personnel.siasn.mapping import COLUMNS
from personnel.siasn.rows import Rejected

HEADINGS = ("baris", "kolom", "alasan", *COLUMNS, "mentah")
"""Where, which field, why; then the record's own fields; then what could not be taken apart."""

_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")


def write_csv(rejections: Iterable[tuple[int, Rejected]], path: Path) -> None:
    """UTF-8 with BOM, so that spreadsheets read the names rightly."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADINGS)
        sheet.writerows(_cells(rejections))


def write_xlsx(rejections: Iterable[tuple[int, Rejected]], path: Path) -> None:
    """One sheet of text cells, so that a NIP keeps all its digits."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Ditolak")
    sheet.append(HEADINGS)
    for cells in _cells(rejections):
        sheet.append(cells)
    book.save(path)


def guarded(text: str) -> str:
    """The text such that no spreadsheet takes it for a formula; reading a file takes the mark off again."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _cells(rejections: Iterable[tuple[int, Rejected]]) -> Iterator[list[str]]:
    for number, rejected in rejections:
        fields = (rejected.raw.get(name, "") for name in (*COLUMNS, "mentah"))
        yield [str(number), *(guarded(text) for text in (rejected.field or "", rejected.reason, *fields))]
