"""Where a run's units and rows come from, an uploaded file or SIASN; the next batch is read while one is written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

from personnel.commands.imports.known import Known
from personnel.domain.importing import ImportRun
from personnel.domain.refusals import NotConfigured, Refusal, UnreadableFile
from personnel.settings import Settings
from personnel.siasn.client import SiasnClient
from personnel.siasn.connection import ClientCredentials, Connection, PasswordGrant, PastedToken
from personnel.siasn.failures import SiasnFailure
from personnel.siasn.feed import pull
from personnel.siasn.files import count, stream
from personnel.siasn.recognition import Recognition
from personnel.siasn.records import Limits, Unreadable, json_object, ndjson_lines
from personnel.siasn.rows import Government, Governments, Numbered, Rejected, Row
from personnel.siasn.units import Arranged, arrange
from personnel.store import NIPS

Batch = Sequence[Numbered]


class Source(Protocol):
    """What a run reads from."""

    batch: int
    """Rows of one transaction."""

    async def units(self) -> Arranged:
        """The units, parents first; none where the source has none."""

    async def count(self) -> int:
        """How many rows there are."""

    def rows(self, start: int, deepen: Callable[[Row], bool]) -> AsyncGenerator[Numbered, None]:
        """The rows from number ``start`` on; ``deepen`` says for which of them more is asked, where there is more."""


def governments_of(settings: Settings) -> Governments:
    """The governments that this installation serves, by SIASN's names for them."""
    return {named: Government.of(code) for named, code in settings.governments.items()}


@asynccontextmanager
async def opened(work: Work, run: ImportRun, settings: Settings, known: Known) -> AsyncIterator[Source]:
    """The source of a run."""
    governments = governments_of(settings)
    if run.source == "file":
        recognition = Recognition.of(governments, run.paths, known.nip_of)
        yield FileSource(settings.import_dir, run, governments, settings.import_batch, recognition)
        return
    nips = (await work.get(NIPS, run.id, SYSTEM)).state.nips
    async with SiasnClient(connection(settings)) as client:
        yield SiasnSource(client, nips, governments, settings)


class FileSource:
    """An uploaded file, and perhaps another one with its units."""

    def __init__(
        self, folder: Path, run: ImportRun, governments: Governments, batch: int, recognition: Recognition
    ) -> None:
        self._file = folder / (run.file or "")
        self._units = folder / run.units_file if run.units_file else None
        self._governments = governments
        self._recognition = recognition
        self.batch = batch

    async def units(self) -> Arranged:
        """The records of the units' file."""
        return await asyncio.to_thread(read_units, self._units, self._governments) if self._units else Arranged((), ())

    async def count(self) -> int:
        """The file's rows, formatted but empty ones of a sheet among them."""
        return await asyncio.to_thread(count, self._there())

    async def rows(self, start: int, deepen: Callable[[Row], bool]) -> AsyncGenerator[Numbered, None]:
        """The file's rows; a file holds no histories."""
        rows = stream(self._there(), self._governments, start=start, recognition=self._recognition)
        async for numbered in rows:
            yield numbered

    def _there(self) -> Path:
        if self._file.is_file():
            return self._file
        raise UnreadableFile(
            "Berkas impor tidak ditemukan lagi di penyimpanan. Unggah kembali.",
            field="file",
            detail="the uploaded file is gone; KINARA_IMPORT_DIR must be shared and lasting",
        )


class SiasnSource:
    """SIASN over HTTP: the unit tree, and one employee after another."""

    def __init__(self, client: SiasnClient, nips: Sequence[str], governments: Governments, settings: Settings) -> None:
        self._client = client
        self._nips = nips
        self._governments = governments
        self._concurrency = settings.siasn_concurrency
        self.batch = settings.siasn_batch

    async def units(self) -> Arranged:
        """Everything in ref-unor."""
        raws = [raw async for raw in self._client.ref_unor()]
        return await asyncio.to_thread(arrange, raws, self._governments)

    async def count(self) -> int:
        """The asked NIPs."""
        return len(self._nips)

    def rows(self, start: int, deepen: Callable[[Row], bool]) -> AsyncGenerator[Numbered, None]:
        """The asked NIPs, with the histories of whoever's record has changed."""
        return pull(
            self._client, self._nips, self._governments, start=start, concurrency=self._concurrency, deepen=deepen
        )


async def batches(rows: AsyncGenerator[Numbered, None], size: int) -> AsyncGenerator[Batch, None]:
    """Rows in batches; where the source fails, first what came before it."""
    batch: list[Numbered] = []
    try:
        async for numbered in rows:
            batch.append(numbered)
            if len(batch) == size:
                yield batch
                batch = []
    except (SiasnFailure, Refusal):
        if batch:
            yield batch
        raise
    finally:
        await rows.aclose()
    if batch:
        yield batch


async def one_ahead(source: AsyncGenerator[Batch, None]) -> AsyncGenerator[Batch, None]:
    """The same batches, each asked for while the one before it is in use."""
    coming = asyncio.ensure_future(anext(source, None))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.ensure_future(anext(source, None))
            yield batch
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await source.aclose()


def read_units(path: Path, governments: Governments) -> Arranged:
    """The units of an NDJSON file with ref-unor's fields."""
    records, bad = [], []
    for _, line in ndjson_lines(path, Limits()):
        record = json_object(line) if isinstance(line, str) else line
        if isinstance(record, Unreadable):
            bad.append(
                Rejected(reason=record.reason, field=None, raw={"mentah": record.beginning}, detail=record.detail)
            )
        else:
            records.append(record)
    arranged = arrange(records, governments)
    return Arranged(arranged.units, (*bad, *arranged.rejected))


def connection(settings: Settings) -> Connection:
    """The connection to SIASN that the settings describe; ``NotConfigured`` without credentials."""
    if not settings.siasn_has_credentials:
        raise NotConfigured(
            "Sambungan ke SIASN belum diatur. Isi kredensialnya pada pengaturan, atau impor dari berkas.",
            field="source",
            detail="KINARA_SIASN_APIM_KEY and the SSO password or token are empty",
        )
    pasted = settings.siasn_sso_token.get_secret_value()
    password = PasswordGrant(
        url=settings.siasn_sso_url,
        client_id=settings.siasn_sso_client_id,
        username=settings.siasn_sso_username.get_secret_value(),
        password=settings.siasn_sso_password.get_secret_value(),
    )
    apim = ClientCredentials(
        url=settings.siasn_apim_url,
        key=settings.siasn_apim_key.get_secret_value(),
        secret=settings.siasn_apim_secret.get_secret_value(),
    )
    return Connection(
        base_url=settings.siasn_base_url,
        apim=apim,
        sso=PastedToken(pasted) if pasted else password,
        requests_per_second=settings.siasn_requests_per_s,
        timeout=settings.siasn_timeout_s,
        attempts=settings.siasn_attempts,
        pause=settings.siasn_pause_s,
        suspended_pause=settings.siasn_suspended_pause_s,
    )
