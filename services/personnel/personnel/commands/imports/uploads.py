"""Uploaded files on their way to a run: kept in the import folder, looked at once, dropped when refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from kinara.kit.ids import new_id

from personnel.commands.imports.sources import governments_of, read_units
from personnel.domain.refusals import FileTooLarge, UnreadableFile
from personnel.settings import Settings
from personnel.siasn.files import read
from personnel.siasn.records import Limits
from personnel.siasn.rows import Governments

_CHUNK = 2**20


class Uploads:
    """The files of one request; those that no run has taken over are removed at the end."""

    def __init__(self, folder: Path, most_mib: int, governments: Governments) -> None:
        self._folder = folder
        self._limits = Limits(file_bytes=most_mib * 2**20)
        self._governments = governments
        self._loose: set[str] = set()

    async def keep(self, file: BinaryIO, file_name: str) -> str:
        """Keep a file of employees; the name under which it is kept. ``FileRefused`` when it is of no use."""
        path = await self._save(file, Path(file_name).suffix.lower())
        if await asyncio.to_thread(lambda: next(read(path, self._governments, limits=self._limits), None)) is None:
            raise UnreadableFile("Berkas tidak memuat satu baris pun.", field="file", detail="no rows")
        return path.name

    async def keep_units(self, file: BinaryIO) -> str:
        """Keep a file of units, NDJSON with ref-unor's fields."""
        path = await self._save(file, ".ndjson")
        arranged = await asyncio.to_thread(read_units, path, self._governments)
        if not arranged.units:
            reason = arranged.rejected[0].reason if arranged.rejected else "berkas kosong"
            raise UnreadableFile(
                f"Berkas unit tidak memuat satu unit pun yang dapat dipakai: {reason}",
                field="units",
                detail="no usable unit; expected NDJSON with Id, InstansiId, DiatasanId, NamaUnor",
            )
        return path.name

    def hand_over(self, *names: str | None) -> None:
        """A run has taken these over."""
        self._loose.difference_update(names)

    async def drop(self) -> None:
        """Remove what no run has taken over."""
        await asyncio.to_thread(self._remove)

    def _remove(self) -> None:
        for name in self._loose:
            (self._folder / name).unlink(missing_ok=True)

    async def _save(self, file: BinaryIO, suffix: str) -> Path:
        path = self._folder / f"{new_id()}{suffix[:10]}"
        self._loose.add(path.name)
        await asyncio.to_thread(self._copy, file, path)
        return path

    def _copy(self, file: BinaryIO, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as kept:
            while chunk := file.read(_CHUNK):
                kept.write(chunk)
                if kept.tell() > self._limits.file_bytes:
                    raise FileTooLarge(
                        f"Berkas melebihi {self._limits.file_bytes // 2**20} MiB. Bagi menjadi beberapa berkas.",
                        field="file",
                        detail="larger than KINARA_IMPORT_MOST_MIB",
                    )


@asynccontextmanager
async def uploads(settings: Settings) -> AsyncIterator[Uploads]:
    """Room for the files of one request."""
    room = Uploads(settings.import_dir, settings.import_most_mib, governments_of(settings))
    try:
        yield room
    finally:
        await asyncio.shield(room.drop())
