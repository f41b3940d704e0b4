"""The same people as files: NDJSON, CSV and XLSX with SIASN's field names, written row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from .people import Person
from .records import DATA_UTAMA_FIELDS


def write_ndjson(path: Path, persons: Iterable[Person]) -> None:
    """One data-utama object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(person.record, ensure_ascii=False) + "\n" for person in persons)


def write_csv(
    path: Path,
    persons: Iterable[Person],
    columns: Sequence[str] = DATA_UTAMA_FIELDS,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> None:
    """A heading row, then one row a person."""
    with path.open("w", encoding=encoding, newline="") as file:
        sheet = csv.writer(file, delimiter=delimiter)
        sheet.writerow(columns)
        sheet.writerows(_cells(person, columns) for person in persons)


def write_xlsx(path: Path, persons: Iterable[Person], columns: Sequence[str] = DATA_UTAMA_FIELDS) -> None:
    """One sheet with a heading row; all cells are text, as SIASN's values are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data-utama")
    sheet.append(columns)
    for person in persons:
        sheet.append(_cells(person, columns))
    book.save(path)


def _cells(person: Person, columns: Sequence[str]) -> list[str]:
    folded = {key.casefold(): value for key, value in person.record.items()}
    return [folded[name.casefold()] or "" for name in columns]
