"""Rejected rows as files, written as they are read: neither list nor file is ever in memory."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal

from kinara.kit.scope import Scope
from kinara.kit.work import Work

from personnel import queries
from personnel.domain.importing import Reject
from personnel.siasn.export import write_csv, write_xlsx
from personnel.siasn.rows import Rejected

Kind = Literal["csv", "xlsx"]
KINDS: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


async def exported(work: Work, scope: Scope, run_id: str, kind: Kind) -> Path:
    """A temporary file with all rejects of a run; whoever asked removes it."""
    await queries.import_run(work, scope, run_id)
    with tempfile.NamedTemporaryFile(prefix="kinara-", suffix=f".{kind}", delete=False) as file:
        path = Path(file.name)
    pages = queries.every_reject(work, scope, run_id)
    rows = _rows(pages, asyncio.get_running_loop())
    await asyncio.to_thread(_WRITERS[kind], rows, path)
    return path


def _rows(pages: AsyncIterator[list[Reject]], loop: asyncio.AbstractEventLoop) -> Iterator[tuple[int, Rejected]]:
    """The rejects one by one, for a writer in a thread; pages are read in the loop."""

    async def next_page() -> list[Reject]:
        return await anext(pages, [])

    while page := asyncio.run_coroutine_threadsafe(next_page(), loop).result():
        for reject in page:
            yield (
                reject.number,
                Rejected(reason=reject.reason, field=reject.field, raw=reject.raw, detail=reject.detail),
            )
