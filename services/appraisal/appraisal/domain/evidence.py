"""Evidence of a report: a link or a file, recognised by what it holds and not by what it is called."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Literal
from urllib.parse import urlsplit

from appraisal.domain.refusals import InvalidEvidence, TooMuchEvidence

MOST_BYTES = 5 * 1_048_576
"""Of one file; the door keeps it, so that what is longer is never read."""
MOST_PIECES = 3
"""Files and links of one report."""
PART_BYTES = 1_048_576
"""A file is kept in parts, since a document of the database has a limit of its own."""

Kind = Literal["pdf", "jpeg", "png", "xlsx", "docx"]

MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ENDINGS: dict[Kind, tuple[str, ...]] = {"jpeg": (".jpg", ".jpeg")}
_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
)
_INSIDE: tuple[tuple[str, Kind], ...] = (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx"))
_MACROS = "vbaproject.bin"
_BROKEN_ZIP = (zipfile.BadZipFile, struct.error, ArithmeticError, ValueError, NotImplementedError, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was handed in, once it is known what it is."""

    name: str
    kind: Kind
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence; the bytes of a file are kept apart, in ``parts`` documents."""

    id: str
    report_id: str
    employee_id: str
    unit_path: str
    added_at: datetime
    link: str | None = None
    name: str | None = None
    kind: Kind | None = None
    size: int = 0
    """In bytes."""
    sha256: str | None = None
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """At most ``PART_BYTES`` of a file."""

    id: str
    content: bytes


def read_file(name: str, content: bytes) -> File:
    """The file of these bytes, under a name that ends as its content asks; refuses what is not accepted."""
    kind = _kind_of(content)
    if kind is None:
        raise InvalidEvidence(
            f"Isi berkas tidak dikenali. Kirim PDF, JPEG, PNG, XLSX, atau DOCX tanpa makro, paling besar "
            f"{MOST_BYTES // 1_048_576} MiB.",
            detail="the content is no pdf, jpeg, png, xlsx or docx without macros",
            field="body",
        )
    endings = _ENDINGS.get(kind, (f".{kind}",))
    whole = name if name.lower().endswith(endings) else f"{name}{endings[0]}"
    return File(whole, kind, content, hashlib.sha256(content).hexdigest())


def parts_of(evidence_id: str, content: bytes) -> list[Part]:
    """A file's bytes in documents that the database takes."""
    starts = range(0, len(content), PART_BYTES)
    return [Part(part_id(evidence_id, n), content[at : at + PART_BYTES]) for n, at in enumerate(starts)]


def part_id(evidence_id: str, number: int) -> str:
    """Under which id a part of a file is kept."""
    return f"{evidence_id}/{number}"


def read_link(text: str) -> str:
    """An address that people can open: https, a host, and nobody's password."""
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        good = False
    if not good or not text.isprintable() or any(letter.isspace() or letter in '<>"\\' for letter in text):
        raise InvalidEvidence(
            "Tautan bukti harus alamat https yang lengkap, tanpa nama pengguna dan tanpa spasi.",
            detail="the link is no https address with a host and without credentials",
            field="link",
        )
    return text


def refuse_more_than(pieces: int) -> None:
    """Refuse another piece where there are already so many."""
    if pieces >= MOST_PIECES:
        raise TooMuchEvidence(
            f"Satu laporan memuat paling banyak {MOST_PIECES} bukti. Gabungkan bukti, atau buat laporan baru.",
            detail=f"the report has {pieces} pieces of evidence, at most {MOST_PIECES}",
            field="report_id",
        )


def _kind_of(content: bytes) -> Kind | None:
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    return _office_kind_of(content) if content.startswith(b"PK\x03\x04") else None


def _office_kind_of(content: bytes) -> Kind | None:
    """What an Office file holds by the names inside; nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except _BROKEN_ZIP:
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith(_MACROS) for name in names):
        return None
    return next((kind for name, kind in _INSIDE if name in names), None)
