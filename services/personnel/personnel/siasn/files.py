"""Reading the same data from files: NDJSON, CSV and XLSX with SIASN's field names, row by row in flat memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from personnel.domain.refusals import FileTooLarge, UnreadableFile
from personnel.siasn.delimited import csv_records, csv_rows
from personnel.siasn.fields import Record, UnfitField
from personnel.siasn.mapping import employee_row, rejected
from personnel.siasn.recognition import Recognition
from personnel.siasn.records import Limits, RawRow, Unreadable, json_object, ndjson_lines, ndjson_rows
from personnel.siasn.rows import Governments, Numbered, Rejected, Row, Same
from personnel.siasn.workbook import xlsx_records, xlsx_rows


@dataclass(frozen=True, slots=True)
class _Kind:
    records: Callable[[Path, Limits], Iterator[RawRow]]
    rows: Callable[[Path, Limits], int]


_NDJSON, _CSV, _XLSX = _Kind(ndjson_lines, ndjson_rows), _Kind(csv_records, csv_rows), _Kind(xlsx_records, xlsx_rows)
_KINDS = {".ndjson": _NDJSON, ".jsonl": _NDJSON, ".csv": _CSV, ".xlsx": _XLSX}
_LIMITS = Limits()


def read(
    path: Path,
    governments: Governments,
    *,
    start: int = 1,
    limits: Limits = _LIMITS,
    recognition: Recognition | None = None,
) -> Iterator[Numbered]:
    """Each row of the file from row number ``start`` on, as a row or a rejection; the name's ending tells the kind.

    Row numbers are those that a person sees: lines of NDJSON, rows of a sheet with its headings as row 1. Rows before
    ``start`` are read again, because whether a later row repeats a NIP depends on them. A ``FileRefused`` says that
    the file as a whole is of no use.
    """
    first_rows: dict[str, int] = {}
    recognition = recognition or Recognition.of(governments)
    for number, raw in _kind(path, limits).records(path, limits):
        row = _row(number, raw, governments, first_rows, recognition)
        if number >= start:
            yield number, row


def count(path: Path, *, limits: Limits = _LIMITS) -> int:
    """How many rows ``read`` gives, found at a small part of its cost; of a workbook at most so many."""
    return _kind(path, limits).rows(path, limits)


async def stream(
    path: Path,
    governments: Governments,
    *,
    start: int = 1,
    limits: Limits = _LIMITS,
    chunk: int = 200,
    recognition: Recognition | None = None,
) -> AsyncIterator[Numbered]:
    """``read`` for an event loop: ``chunk`` rows at a time are read in a thread."""
    rows = read(path, governments, start=start, limits=limits, recognition=recognition)
    while batch := await asyncio.to_thread(lambda: list(islice(rows, chunk))):
        for numbered in batch:
            yield numbered


def _kind(path: Path, limits: Limits) -> _Kind:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise UnreadableFile(
            f"Berkas '{path.suffix}' tidak dapat diimpor. Gunakan .ndjson, .csv atau .xlsx.",
            field="file",
            detail="unknown file suffix",
        )
    if path.stat().st_size > limits.file_bytes:
        raise FileTooLarge(
            f"Berkas melebihi {limits.file_bytes // 2**20} MiB. Bagi menjadi beberapa berkas.",
            field="file",
            detail=f"{path.stat().st_size} bytes",
        )
    return kind


def _row(
    number: int,
    found: str | dict[str, object] | Unreadable,
    governments: Governments,
    first_rows: dict[str, int],
    recognition: Recognition,
) -> Row | Same | Rejected:
    digest = None if isinstance(found, Unreadable) else recognition.digest(found)
    nip = recognition.nip_of(digest) if digest else None
    if nip is not None and first_rows.setdefault(nip, number) == number:
        return Same()
    raw = json_object(found) if isinstance(found, str) else found
    if isinstance(raw, Unreadable):
        return Rejected(reason=raw.reason, field=None, raw={"mentah": raw.beginning}, detail=raw.detail)
    row = employee_row(raw, governments, digest)
    if isinstance(row, Rejected):
        return row
    first = first_rows.setdefault(row.profile.nip, number)
    if first == number:
        return row
    reason = f"nipBaru: NIP ini sudah ada pada baris {first}; hapus salah satu"
    return rejected(Record(raw), UnfitField("nipBaru", reason, f"repeats row {first}"))
