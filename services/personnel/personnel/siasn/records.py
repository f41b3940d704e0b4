"""What file readers share: limits, lines in whatever encoding, headings; and NDJSON, the plainest of the kinds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from personnel.domain.refusals import ColumnsMissing, UnreadableFile
from personnel.siasn.mapping import COLUMNS, REQUIRED_COLUMNS
from personnel.siasn.wording import squeezed

_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may hold before it, or one record of it, is refused."""

    file_bytes: int = 512 * 2**20
    unpacked_bytes: int = 2048 * 2**20
    """Of an XLSX, which is a zip archive."""
    record_bytes: int = 64 * 2**10
    columns: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record that does not even have fields."""

    reason: str
    beginning: str
    """Its first characters, without anything that could be a NIK."""
    detail: str

    @classmethod
    def line(cls, reason: str, text: str, detail: str) -> Unreadable:
        """A line that cannot be taken apart."""
        return cls(reason=reason, beginning=re.sub(r"\b\d{16}\b", "•" * 16, squeezed(text))[:_SHOWN], detail=detail)


RawRow = tuple[int, str | dict[str, object] | Unreadable]
"""A record as it was found, with its number; a line of NDJSON is not taken apart yet."""


def ndjson_rows(path: Path, limits: Limits) -> int:
    """How many rows there are, without taking them apart."""
    return sum(1 for _ in ndjson_lines(path, limits))


def ndjson_lines(path: Path, limits: Limits) -> Iterator[tuple[int, str | Unreadable]]:
    """One JSON object a line; the number is the line's. Blank lines are no rows."""
    with path.open("rb") as file:
        for number, line in enumerate(lines_of(file, limits.record_bytes), start=1):
            if isinstance(line, Unreadable) or line.strip():
                yield number, line


def lines_of(file: BinaryIO, longest: int) -> Iterator[str | Unreadable]:
    """The lines of a text file in UTF-8, with or without BOM, or CP1252; an endless line is skipped, not loaded."""
    first = True
    while line := file.readline(longest + 1):
        if first and line.startswith(_UTF16_BOMS):
            raise UnreadableFile(
                "Berkas tersimpan sebagai UTF-16. Simpan ulang sebagai 'CSV UTF-8'.",
                field="file",
                detail="UTF-16 byte order mark",
            )
        if first:
            line, first = line.removeprefix(_BOM), False
        if len(line) <= longest:
            yield _decoded(line)
            continue
        beginning = _decoded(line[:_SHOWN])
        while line and not line.endswith(b"\n"):
            line = file.readline(longest + 1)
        yield Unreadable.line(f"Baris melebihi {longest // 1024} KiB.", beginning, "line too long")


def checked_headings(cells: Sequence[object], limits: Limits) -> list[str]:
    """The headings as names of fields; refused when a field without which no row is understood has no column."""
    names = [squeezed(str(cell)) if cell is not None else "" for cell in cells]
    folded = Counter(name.casefold() for name in names)
    missing = [name for name in REQUIRED_COLUMNS if name.casefold() not in folded]
    if missing:
        raise ColumnsMissing(
            f"Baris pertama tidak memuat kolom {', '.join(missing)}. Gunakan nama kolom SIASN.",
            field="file",
            detail="required headings are missing",
        )
    twice = [name for name in COLUMNS if folded[name.casefold()] > 1]
    if twice or len(names) > limits.columns:
        raise UnreadableFile(
            f"Kolom {', '.join(twice)} muncul lebih dari sekali. Hapus salah satunya."
            if twice
            else f"Berkas memuat lebih dari {limits.columns} kolom. Hapus kolom yang tidak diperlukan.",
            field="file",
            detail="ambiguous or too many columns",
        )
    return names


def json_object(line: str) -> dict[str, object] | Unreadable:
    """What a line of NDJSON says."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unreadable.line("Baris bukan JSON yang utuh.", line, f"not JSON: {type(error).__name__}")
    if not isinstance(value, dict):
        return Unreadable.line("Baris bukan objek JSON.", line, f"a JSON {type(value).__name__}")
    return value


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
