"""A batch of employee rows in one transaction: each is taken or rejected, and the run makes its step."""

from __future__ import annotations

from collections.abc import Sequence

from kinara.kit.mongo import Taken
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from personnel.commands.imports.known import Known, look_up
from personnel.commands.imports.taking import Here, take
from personnel.commands.places import load_tree
from personnel.domain.importing import ImportRun, Outcome, Part, Reject, advance
from personnel.domain.refusals import Refusal
from personnel.domain.tree import Tree
from personnel.siasn.fields import Record, UnfitField
from personnel.siasn.mapping import rejected
from personnel.siasn.rows import Numbered, Rejected, Row, Same
from personnel.store import EMPLOYEES, IMPORTS, REJECTS, Seen

Batch = Sequence[Numbered]


class Superseded(Exception):
    """Another process has gone on with this run, or somebody has changed it: look at it again."""


async def take_batch(work: Work, run: ImportRun, batch: Batch, known: Known) -> ImportRun:
    """Take the rows that follow the run's position; the run as it stands afterwards.

    A row may be about somebody who works elsewhere, or is known since a moment ago: the unique indexes find out, and
    only then is the database asked about single rows. Where that is not enough, the batch is halved until the row is
    found that cannot be stored beside what is there.
    """
    try:
        return await _learnt(work, run, batch, known)
    except Taken:
        for seen in await look_up(work, [row.profile for _, row in batch if isinstance(row, Row)]):
            known.add(seen)
    return await _take_halves(work, run, batch, known)


async def _take_halves(work: Work, run: ImportRun, batch: Batch, known: Known) -> ImportRun:
    try:
        return await _learnt(work, run, batch, known)
    except Taken as taken:
        halves = _halves(batch, taken)
    for half in halves:
        run = await _take_halves(work, run, half, known)
    return run


def _halves(batch: Batch, taken: Taken) -> list[Batch]:
    """Both halves of a batch; of a single row its rejection."""
    middle = len(batch) // 2
    if middle:
        return [batch[:middle], batch[middle:]]
    number, row = batch[0]
    if not isinstance(row, Row):
        raise taken
    field = "nipBaru" if taken.index == "nip" else "id"
    reason = f"{field}: sudah tercatat pada pegawai lain; salah satu harus diperbaiki"
    return [[(number, rejected(Record(row.raw), UnfitField(field, reason, str(taken))))]]


async def _learnt(work: Work, run: ImportRun, batch: Batch, known: Known) -> ImportRun:
    advanced, learned = await _take_batch(work, run, batch, known)
    for seen in learned:
        known.add(seen)
    return advanced


@command
async def _take_batch(tx: Transaction, run: ImportRun, batch: Batch, known: Known) -> tuple[ImportRun, list[Seen]]:
    await refuse_superseded(tx, run)
    rows = [row for _, row in batch if isinstance(row, Row)]
    new = [row for row in rows if known.lacks(row)]
    touched = [row for row in rows if known.lacks(row) or known.is_written_otherwise(row)]
    employees = await tx.by_ids(EMPLOYEES, {seen.id for row in touched if (seen := known.by_row(row))}, SYSTEM)
    here = Here(run.paths, await load_tree(tx, run.paths) if new else Tree(()), known, employees, tx.now)
    outcomes: list[Outcome] = []
    rejects: list[Reject] = []
    for number, row in batch:
        outcome, more = _take_row(tx, here, run, number, row)
        outcomes.append(outcome)
        rejects += more
    for reject in rejects:
        tx.save(REJECTS, reject)
    advanced = advance(run, batch[-1][0], outcomes, rejects)
    tx.save(IMPORTS, advanced)
    return advanced, list(here.learned)


async def refuse_superseded(tx: Transaction, run: ImportRun) -> None:
    """Only whoever knows the run as it stands may go on with it."""
    if await tx.load(IMPORTS, run.id, SYSTEM) != run:
        raise Superseded(run.id)


def _take_row(
    tx: Transaction, here: Here, run: ImportRun, number: int, row: Row | Same | Rejected
) -> tuple[Outcome, list[Reject]]:
    if isinstance(row, Rejected):
        return "rejected", [kept(run, "employee", number, row)]
    if isinstance(row, Same):
        return "unchanged", []
    try:
        outcome, employee, events = take(here, row)
    except UnfitField as unfit:
        return "rejected", [kept(run, "employee", number, rejected(Record(row.raw), unfit))]
    except Refusal as refusal:
        reason = f"{refusal.field}: {refusal.message}"
        refused = UnfitField(refusal.field, reason, refusal.detail)
        return "rejected", [kept(run, "employee", number, rejected(Record(row.raw), refused))]
    if employee is not None:
        here.learn(employee)
        tx.save(EMPLOYEES, employee)
    for event in events:
        tx.publish(event)
    return outcome, [kept(run, "history", number, entry, place) for place, entry in enumerate(row.unusable)]


def kept(run: ImportRun, part: Part, number: int, rejection: Rejected, place: int = 0) -> Reject:
    """A rejection as it is kept; a repeated run of the same batch keeps it under the same id."""
    return Reject(
        id=f"{run.id}/{part}/{number:09d}.{place}",
        run_id=run.id,
        part=part,
        number=number,
        field=rejection.field,
        reason=rejection.reason,
        detail=rejection.detail,
        raw=rejection.raw,
    )
