"""CSV records. A cell may hold line breaks, yet a quotation mark left open costs its own line only."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from personnel.domain.refusals import UnreadableFile
from personnel.siasn.records import Limits, RawRow, Unreadable, checked_headings, lines_of

_MOST_LINES_OF_A_RECORD = 20


def csv_records(path: Path, limits: Limits) -> Iterator[RawRow]:
    """One record a row under SIASN's field names; comma, semicolon or tab between cells; the headings are row 1."""
    with path.open("rb") as file:
        lines = _Lines(lines_of(file, limits.record_bytes))
        heading = lines.take()
        if not isinstance(heading, str):
            raise UnreadableFile(
                "Berkas tidak memuat baris judul kolom. Isi baris pertama dengan nama kolom SIASN.",
                field="file",
                detail="no heading line",
            )
        delimiter = max(",;\t", key=heading.count)
        names = checked_headings(_cells(heading, delimiter) or [], limits)
        number = 1
        while (cells := _next_record(lines, delimiter, len(names), limits)) is not None:
            number += 1
            if isinstance(cells, Unreadable):
                yield number, cells
            elif any(cells):
                yield number, dict(zip(names, cells, strict=True))


def csv_rows(path: Path, limits: Limits) -> int:
    """How many rows there are under the headings."""
    return sum(1 for _ in csv_records(path, limits))


class _Lines:
    """Lines of which some can be given back."""

    def __init__(self, source: Iterator[str | Unreadable]) -> None:
        self._source = source
        self._given_back: deque[str | Unreadable] = deque()

    def take(self) -> str | Unreadable | None:
        return self._given_back.popleft() if self._given_back else next(self._source, None)

    def give_back(self, lines: list[str | Unreadable]) -> None:
        self._given_back.extendleft(reversed(lines))


def _next_record(lines: _Lines, delimiter: str, width: int, limits: Limits) -> list[str] | Unreadable | None:
    """The cells of the next record, none for a blank line; lines are joined as long as a quotation mark is open."""
    first = lines.take()
    if not isinstance(first, str):
        return first
    if not first.strip():
        return []
    text, joined = first, list[str | Unreadable]()
    while (cells := _cells(text, delimiter)) is None and len(joined) < _MOST_LINES_OF_A_RECORD:
        line = lines.take()
        if line is not None:
            joined.append(line)
        if not isinstance(line, str) or len(text) > limits.record_bytes:
            break
        text += line
    if cells is not None and len(cells) == width:
        return cells
    lines.give_back(joined)
    found = "tanda kutip tidak ditutup" if cells is None else f"{len(cells)} kolom"
    return Unreadable.line(f"Baris rusak: diharapkan {width} kolom, ditemukan {found}.", first, "broken CSV record")


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record; ``None`` when a quotation mark is still open, no cells when it is beyond repair."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return None if "end of data" in str(error) else []
