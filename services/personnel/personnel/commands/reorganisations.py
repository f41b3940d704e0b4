"""After the unit tree has changed: the employees follow, in bounded transactions that may be run again."""

from __future__ import annotations

from kinara.kit import log
from kinara.kit.ids import utc_now
from kinara.kit.leases import Lease
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from personnel.commands.places import MOST_UNITS, exactly, today
from personnel.domain.following import Reorganisation, after_pass, follow_tree
from personnel.domain.tree import Tree, lineage
from personnel.store import EMPLOYEES, REORGANISATIONS, UNITS

BATCH = 500
"""Employees in one transaction."""
POLL_S = 0.5

_log = log.get("reorganisations")
_lease = Lease("reorganisations")


async def run(database: Database) -> None:
    """Have employees follow as soon as the tree has changed, until cancelled."""
    await _lease.work_off(database, _waits, follow_all, every_s=POLL_S)


async def follow_all(database: Database) -> int:
    """Do everything that is due; how many employees were changed."""
    work, changed = Work(database), 0
    while (reorganisation := await _due(work)) is not None:
        for path in reorganisation.paths:
            changed += await _follow(work, path)
        await finish_pass(work, reorganisation)
        _log.info("employees follow the tree", units=len(reorganisation.paths), employees=changed)
    return changed


async def _waits(database: Database) -> bool:
    return await _due(Work(database)) is not None


async def _due(work: Work) -> Reorganisation | None:
    due = {"done": False, "due_at": {"$lte": utc_now()}}
    found = await work.find(REORGANISATIONS, SYSTEM, due, limit=1)
    return found[0].state if found else None


async def _follow(work: Work, unit_path: str) -> int:
    """Everybody found at a unit follows the unit that they belong to, wherever it is now."""
    changed, after = 0, ""
    while True:
        followed, last = await follow_page(work, unit_path, after)
        changed += followed
        if last is None:
            return changed
        after = last


@command
async def follow_page(tx: Transaction, unit_path: str, after: str) -> tuple[int, str | None]:
    """Bring the next employees of a unit in line with the tree; how many changed, and where to go on."""
    page = await tx.find(EMPLOYEES, SYSTEM, {**exactly(unit_path), "_id": {"$gt": after}}, limit=BATCH)
    units = await tx.by_ids(UNITS, {employee.unit_id for employee in page}, SYSTEM)
    above = sorted({path for unit in units.values() for path in lineage(unit.unit_path)})
    tree = Tree(await tx.find(UNITS, SYSTEM, {"unit_path": {"$in": above}}, limit=MOST_UNITS))
    changed = 0
    for employee in page:
        unit = units[employee.unit_id]
        superior = tree.superior(employee.id, unit)
        follower, event = follow_tree(employee, unit, superior, today(tx, unit.province))
        if follower != employee:
            tx.save(EMPLOYEES, follower)
            changed += 1
        if event is not None:
            tx.publish(event)
    return changed, page[-1].id if len(page) == BATCH else None


@command
async def finish_pass(tx: Transaction, reorganisation: Reorganisation) -> None:
    """Note that everybody has followed, this time; unless another process has noted it."""
    if await tx.load(REORGANISATIONS, reorganisation.id, SYSTEM) == reorganisation:
        tx.save(REORGANISATIONS, after_pass(reorganisation, tx.now))
