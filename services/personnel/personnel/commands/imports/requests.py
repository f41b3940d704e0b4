"""What can be asked about imports: start one from files or from SIASN, cancel one; and its steps between the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from personnel.commands.imports.rows import refuse_superseded
from personnel.domain import importing
from personnel.domain.importing import ImportRun
from personnel.domain.refusals import OutsideGovernments
from personnel.siasn.rows import Governments
from personnel.store import IMPORTS, NIPS, NipList


def roots(governments: Governments, scope: Scope, instansi: str | None) -> tuple[str, ...]:
    """The roots that a caller may import into: all that the scope covers, or the one asked for.

    ``instansi`` is SIASN's id, its kode cepat or the Kemendagri code.
    """
    asked = {g.code for named, g in governments.items() if instansi in (None, named, g.code)}
    covered = tuple(path for path in sorted(f"/{code}" for code in asked) if scope.covers(path))
    if not covered:
        raise OutsideGovernments(
            "Kewenangan Anda tidak mencakup instansi ini. Periksa kode instansi, atau mintalah akses.",
            field="instansi",
            detail="expected a configured government whose root lies inside the caller's scope",
        )
    return covered


@command
async def start_file_import(
    tx: Transaction, scope: Scope, paths: tuple[str, ...], file: str, file_name: str, units_file: str | None
) -> ImportRun:
    """Queue the import of a file that has been kept already."""
    run = ImportRun(
        id=new_id(),
        source="file",
        paths=paths,
        asked_by=scope.label,
        asked_at=tx.now,
        file=file,
        file_name=file_name,
        units_file=units_file,
    )
    tx.save(IMPORTS, run)
    return run


@command
async def start_siasn_import(tx: Transaction, scope: Scope, paths: tuple[str, ...], nips: Sequence[str]) -> ImportRun:
    """Queue the import of these people from SIASN."""
    run = ImportRun(id=new_id(), source="siasn", paths=paths, asked_by=scope.label, asked_at=tx.now, total=len(nips))
    tx.save(IMPORTS, run)
    tx.save(NIPS, NipList(run.id, tuple(nips)))
    return run


@command
async def cancel_import(tx: Transaction, scope: Scope, run_id: str) -> ImportRun:
    """Stop a run after the batch under way."""
    run = await tx.load(IMPORTS, run_id, SYSTEM)
    if not run.lies_within(scope.covers):
        raise NotFound(IMPORTS.name, run_id)
    cancelled = importing.cancel(run, scope.label)
    tx.save(IMPORTS, cancelled)
    return cancelled


@command
async def take_up(tx: Transaction, run_id: str) -> ImportRun:
    """A process begins with a run, or goes on with it."""
    run = importing.start(await tx.load(IMPORTS, run_id, SYSTEM), tx.now)
    if not run.is_open:
        return await _close(tx, run)
    tx.save(IMPORTS, run)
    return run


@command
async def expect(tx: Transaction, run: ImportRun, rows: int) -> ImportRun:
    """So many rows are to come."""
    await refuse_superseded(tx, run)
    counted = replace(run, total=rows)
    tx.save(IMPORTS, counted)
    return counted


@command
async def pause(tx: Transaction, run_id: str, why: str) -> ImportRun:
    """Let a run wait for its source."""
    run = importing.wait(await tx.load(IMPORTS, run_id, SYSTEM), why, tx.now)
    tx.save(IMPORTS, run)
    return run


@command
async def finish(tx: Transaction, run_id: str) -> ImportRun:
    """Close a run that has come to its end."""
    return await _close(tx, importing.finish(await tx.load(IMPORTS, run_id, SYSTEM), tx.now))


@command
async def give_up(tx: Transaction, run_id: str, why: str) -> ImportRun:
    """Close a run whose source is of no use."""
    return await _close(tx, importing.fail(await tx.load(IMPORTS, run_id, SYSTEM), why, tx.now))


async def _close(tx: Transaction, run: ImportRun) -> ImportRun:
    """Keep how it ended; who was asked for is not kept any longer."""
    tx.save(IMPORTS, run)
    for asked in await tx.find(NIPS, SYSTEM, {"_id": run.id}, limit=1):
        tx.save(NIPS, replace(asked, nips=()))
    return run
