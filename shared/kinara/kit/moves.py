"""What is found at a path follows whoever bears that path to another one.

Each path that a bearer leaves is noted (``paths.py``) in the transaction in which it leaves it. A path is never borne
by two, not even one after the other: what is found at it is its bearer's. One process at a time takes it along, in
small transactions through the usual save, so that a command at work on a document meets a conflict and runs again. Cut
off anywhere it goes on, since what has followed is not found at the old path any more.

Whoever has read the old path may still create something there. So it is looked at again once every transaction of that
moment has ended, until there is nothing left and nobody else is awaited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from kinara.kit import log
from kinara.kit.crash import crash_point
from kinara.kit.documents import Collection
from kinara.kit.ids import utc_now
from kinara.kit.leases import Aside, Lease
from kinara.kit.mongo import Database
from kinara.kit.paths import AT_ONCE, LEFT, Left
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

LONGEST_TRANSACTION = timedelta(minutes=3)
"""MongoDB ends those older than a minute (transactionLifetimeLimitSeconds), but looks for them only now and then."""
PAGE = 100
"""Documents in one transaction."""
PATHS_AT_ONCE = MOST_LEFT = 100
POLL_S = 1.0

S = TypeVar("S")
_log = log.get("moves")


def beside(state: S, bearer: Any, _now: datetime) -> S:
    """The state at the bearer's path, and in its province where it names one."""
    where: dict[str, Any] = {"unit_path": bearer.unit_path}
    if isinstance(getattr(state, "province", None), type(bearer.province)):
        where["province"] = bearer.province
    return replace(state, **where)  # type: ignore[type-var]  # states are dataclasses


def kept_as_said(state: S, bearer: Any, _now: datetime) -> S:
    """The state at the bearer's path; its province stays, by whose clock it was counted and can be taken back."""
    return replace(state, unit_path=bearer.unit_path)  # type: ignore[type-var]  # states are dataclasses


def at_path(path: str) -> Mapping[str, Any]:
    """The filter for what is found at a path itself; what is below has bearers of its own."""
    return {"path": path + "/"}


@dataclass(frozen=True, slots=True)
class Followers:
    """Documents that follow; ``only`` some of a collection, and ``moved`` in a way of their own."""

    collection: Collection[Any]
    only: Mapping[str, Any] = field(default_factory=dict)
    moved: Callable[[Any, Any, datetime], Any] = beside
    found: Callable[[str], Mapping[str, Any]] = at_path


class Mover:
    """Takes along what is found at paths that were left, while it holds the lease.

    The ``awaited`` come by a word of their own, and may create something at the old path until they have come.
    """

    def __init__(
        self, bearers: Collection[Any], followers: Sequence[Followers], awaited: Sequence[Followers] = ()
    ) -> None:
        self._bearers = bearers
        self._followers = followers
        self._awaited = awaited
        self._lease = Lease("moves")
        self._aside = Aside("moves")

    @property
    def takes(self) -> frozenset[str]:
        """Names of the collections of which something follows."""
        return frozenset(followers.collection.name for followers in self._followers)

    async def run(self, database: Database) -> None:
        """Look for work until cancelled."""
        await self._lease.work_off(database, self._waits, self.work_off, every_s=POLL_S)

    async def work_off(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        """Everything that is to be looked at by now; what is cut off goes on where it was."""
        work = Work(database, now=now)
        while due := await work.find(LEFT, SYSTEM, _due(now()) | self._aside.others, limit=PATHS_AT_ONCE):
            for kept in due:
                with self._aside.unless_it_works(kept.id):
                    await self._take_along(work, kept.state)

    async def _take_along(self, work: Work, left: Left) -> None:
        moved = 0
        for followers in self._followers:
            while page := await _move_page(work, self._bearers, followers, left):
                moved += page
                crash_point("moves.after_page")
        quiet = not moved and left.due_at != AT_ONCE and not await self._someone_is_awaited(work, left.id)
        await _note_look(work, left, quiet)
        _log.info("followed", bearer=left.bearer_id, documents=moved, settled=quiet)

    async def _someone_is_awaited(self, work: Work, path: str) -> bool:
        for awaited in self._awaited:
            query = {**awaited.only, **awaited.found(path)}
            if await work.find(awaited.collection, SYSTEM, query, limit=1, effects=False):
                return True
        return False

    async def _waits(self, database: Database) -> bool:
        return bool(await Work(database).find(LEFT, SYSTEM, _due(utc_now()) | self._aside.others, limit=1))


async def bearer_of(tx: Transaction, bearers: Collection[S], path: str) -> S | None:
    """Who bore a path and is elsewhere today; None where nobody has left it."""
    for left in await tx.find(LEFT, SYSTEM, {"_id": path}, limit=1):
        for bearer in await tx.find(bearers, SYSTEM, {"_id": left.bearer_id}, limit=1):
            return None if getattr(bearer, "unit_path", path) == path else bearer
    return None


async def paths_left(work: Work, bearers: Collection[Any], path: str) -> tuple[str, ...]:
    """The other paths that whoever bears this one has borne."""
    bearer = await work.find(bearers, SYSTEM, {"unit_path": path, **at_path(path)}, limit=1, effects=False)
    query = {"bearer_id": {"$in": [one.id for one in bearer]}}
    return tuple(one.id for one in await work.find(LEFT, SYSTEM, query, limit=MOST_LEFT) if one.id != path)


@command
async def _move_page(tx: Transaction, bearers: Collection[Any], followers: Followers, left: Left) -> int:
    """Let the next documents follow; how many did. Who is back by now takes nothing away."""
    bearer = await tx.load(bearers, left.bearer_id, SYSTEM)
    if bearer.unit_path == left.id:
        return 0
    query = {**followers.only, **followers.found(left.id)}
    page = await tx.find(followers.collection, SYSTEM, query, limit=PAGE)
    for state in page:
        tx.save(followers.collection, followers.moved(state, bearer, tx.now))
    return len(page)


@command
async def _note_look(tx: Transaction, looked: Left, quiet: bool) -> None:
    """Note when to look again, or that everything has followed; unless somebody else has noted it."""
    if await tx.load(LEFT, looked.id, SYSTEM) == looked:
        tx.save(LEFT, replace(looked, due_at=None if quiet else tx.now + LONGEST_TRANSACTION))


def _due(now: datetime) -> dict[str, Any]:
    return {"due_at": {"$lte": now}}
