"""Commands that come together commit together: one transaction, one write for each collection, one bucket of facts.

Who comes while a group commits is in the next one; who comes alone does not wait. All of a group decide on one
snapshot, as transactions at the same moment do. Where two change one document, the later decides again and sees what
the earlier has saved; if that takes more than this process knows, it goes to the next group. Who is refused is out. A
group that cannot be written falls apart, so that a command that cannot be written harms none but itself.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from kinara.kit.mongo import Conflict, Database, DatabaseDown, DatabaseError, OutcomeUnknown, Session
from kinara.kit.reads import Reads
from kinara.kit.saved import Saved
from kinara.kit.work import Call, Transaction, Work, alone

P = ParamSpec("P")
R = TypeVar("R")

Decided = tuple[Any, Saved]
"""A result, and what is to be written with it."""
MOST = 64
"""How many commit together at most, unless settings say otherwise."""
ATTEMPTS = 3
"""How often a group that meets a conflict is tried again before it falls apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A command that waits for its group."""

    work: Work
    call: Call[Any]
    result: asyncio.Future[Any]
    context: contextvars.Context

    async def decide(self, reads: Reads) -> Decided | None:
        """Run it on the snapshot; None if it was refused, which its caller is told."""
        try:
            return await Transaction(self.work, reads).run(self.call)
        except (DatabaseError, Conflict):
            raise
        except Exception as refusal:  # noqa: BLE001  # whatever it is, it is this one's and nobody else's
            self.refuse(refusal)
            return None

    async def decide_after(self, saved: Saved, reads: Reads) -> Decided | None:
        """Run it on what others have saved; None if it is not for this group, refused or not."""
        try:
            return await Transaction(self.work, reads, saved).run(self.call)
        except (DatabaseError, Conflict):
            raise
        except Exception:  # noqa: BLE001  # a refusal holds once that is committed
            return None

    async def alone(self) -> None:
        """Run it in a transaction of its own."""
        try:
            self.tell(await alone(self.work, self.call))
        except Exception as refusal:  # noqa: BLE001  # for its caller
            self.refuse(refusal)

    def tell(self, result: Any) -> None:
        """Answer, if somebody still waits."""
        if not self.result.done():
            self.result.set_result(result)

    def refuse(self, refusal: Exception) -> None:
        """Raise this where somebody waits."""
        if not self.result.done():
            self.result.set_exception(refusal)


class Group:
    """The commands of one database that wait for the group under way."""

    def __init__(self, database: Database) -> None:
        self.most = MOST
        self._database = database
        self._queue: deque[Member] = deque()
        self._running: asyncio.Task[None] | None = None
        self._apart: set[asyncio.Task[None]] = set()

    async def join(self, work: Work, call: Call[R]) -> R:
        """Run a command with those that come at the same time."""
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._queue.append(Member(work, call, result, contextvars.copy_context()))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await result

    async def _run(self) -> None:
        while self._queue:
            await self._gather()
            most = min(len(self._queue), self.most)
            await self._commit([self._queue.popleft() for _ in range(most)])

    async def _gather(self) -> None:
        """Wait for as long as each turn of the loop brings somebody more: a group costs what it costs, for few or many.

        Who is answered by the group before asks again at once, where clients do; half of them would miss the next one.
        """
        known = 0
        while known < len(self._queue) < self.most:
            known = len(self._queue)
            await asyncio.sleep(0)

    async def _commit(self, members: Sequence[Member]) -> None:
        try:
            told, later = await self._database.transact(
                lambda session: self._together(members, session), rerun_unknown=False, attempts=ATTEMPTS
            )
        except (OutcomeUnknown, *DatabaseDown) as error:
            for member in members:
                member.refuse(error)
        except Exception:  # noqa: BLE001  # one of them cannot be written, or others keep changing their documents
            for member in members:
                if not member.result.done():
                    task = asyncio.create_task(member.alone(), context=member.context)
                    self._apart.add(task)
                    task.add_done_callback(self._apart.discard)
        else:
            for member, result in told:
                member.tell(result)
            self._queue.extendleft(reversed(later))

    async def _together(
        self, members: Sequence[Member], session: Session
    ) -> tuple[list[tuple[Member, Any]], list[Member]]:
        """Let all decide, and write: those that have a result, and those for the next group."""
        reads, saved = Reads(self._database, session), Saved()
        told, later = [], []
        waiting = [member for member in members if not member.result.done()]
        for member, decided in zip(waiting, await _all(waiting, reads), strict=True):
            mine = decided
            if mine is not None and mine[1].touches(saved):
                mine = await asyncio.create_task(member.decide_after(saved, reads), context=member.context)
            if mine is not None:
                told.append((member, mine[0]))
                saved.add(mine[1])
            elif decided is not None:
                later.append(member)
        await saved.write(self._database, session)
        return told, later


async def _all(members: Iterable[Member], reads: Reads) -> list[Decided | None]:
    """Let all decide at once, each in the context of its own request; the database's first complaint ends it."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(member.decide(reads), context=member.context) for member in members]
    except ExceptionGroup as complaints:
        raise complaints.exceptions[0] from None
    return [task.result() for task in tasks]


_groups: WeakKeyDictionary[Database, Group] = WeakKeyDictionary()


def group_of(database: Database) -> Group:
    """The one group of a database."""
    group = _groups.get(database)
    if group is None:
        group = _groups[database] = Group(database)
    return group


def together(
    body: Callable[Concatenate[Transaction, P], Awaitable[R]],
) -> Callable[Concatenate[Work, P], Awaitable[R]]:
    """Make a function over a transaction into a command that may commit with others.

    For short commands of which many come at once; all else is as for ``command``.
    """

    @functools.wraps(body)
    async def run(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
        call = Call(body, args, kwargs)
        group = group_of(work.database)
        return await (alone(work, call) if group.most == 1 else group.join(work, call))

    return run
