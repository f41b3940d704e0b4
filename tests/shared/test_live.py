"""Facts as they are committed, for whoever listens: all of them, across breaks, and an end when the process ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from kinara.kit import live, outbox
from kinara.kit.changes import ChangeStream, PositionLost
from kinara.kit.ids import new_id, utc_now
from kinara.kit.live import Live
from kinara.kit.mongo import Database, Session
from kinara.kit.testing import eventually, put
from kinara.kit.work import Cause
from pymongo.errors import AutoReconnect
from toy import reported


async def say(database: Database) -> str:
    """Commit a fact; its id."""
    row = outbox.row(reported(new_id()), id_=new_id(), version=1, at=utc_now(), cause=Cause(new_id()))
    await put(database, [row])
    return str(row["id"])


async def everything(database: Database) -> list[str]:
    """The ids of all facts that are committed."""
    return [row["id"] for bucket in await database.find(outbox.OUTBOX, {}, sort=[("_id", 1)]) for row in bucket["rows"]]


class Listener:
    """Somebody who listens and notes what they hear."""

    def __init__(self, view: Live, database: Database, after: str | None = None) -> None:
        self.heard: list[str] = []
        self.place = after
        self.task = asyncio.create_task(self._listen(view, database, after))

    async def _listen(self, view: Live, database: Database, after: str | None) -> None:
        async for fact in view.listen(database, after):
            self.heard.append(fact.row["id"])
            self.place = fact.place

    async def hears(self, *ids: str) -> None:
        """Wait until exactly these have come."""
        await eventually(lambda: self.heard == list(ids), within=10)


@asynccontextmanager
async def following(database: Database) -> AsyncIterator[Live]:
    """A view that follows the outbox."""
    view = Live()
    task = asyncio.create_task(view.run(database))
    probe = Listener(view, database)

    async def follows() -> bool:
        nonlocal probe
        if probe.task.done():  # it came before the view followed anything
            probe = Listener(view, database)
        await say(database)
        return bool(probe.heard)

    await eventually(follows, within=10)
    try:
        yield view
    finally:
        view.end()
        task.cancel()
        await asyncio.gather(task, probe.task, return_exceptions=True)


async def test_a_listener_hears_what_is_committed_and_goes_on_from_where_it_was(database: Database) -> None:
    async with following(database) as view:
        first = Listener(view, database, after=None)
        await asyncio.sleep(0)
        said = [await say(database) for _ in range(3)]
        await eventually(lambda: first.heard[-3:] == said, within=10)
        first.task.cancel()
        missed = await say(database)
        second = Listener(view, database, first.place)
        await second.hears(missed)
        await second.hears(missed, await say(database))


async def breaks(monkeypatch: pytest.MonkeyPatch, error: Exception, until: asyncio.Event) -> None:
    """Let the change stream break, and keep on breaking until told."""
    real, broken = ChangeStream.take, asyncio.Event()

    async def take(stream: ChangeStream, most: int, patience: float = 0.5) -> list[dict[str, object]]:
        if not until.is_set():
            broken.set()
            raise error
        return await real(stream, most, patience)

    monkeypatch.setattr(ChangeStream, "take", take)
    await broken.wait()


async def test_what_is_committed_while_the_connection_is_broken_comes_afterwards(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(database) as view:
        listener = Listener(view, database, "0")
        before, whole_again = await everything(database), asyncio.Event()
        await listener.hears(*before)
        await breaks(monkeypatch, AutoReconnect("gone"), whole_again)
        said = [await say(database) for _ in range(3)]
        whole_again.set()
        await listener.hears(*before, *said)


async def test_where_the_place_is_lost_listeners_are_let_go_to_come_back_with_theirs(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(database) as view:
        listener, whole_again = Listener(view, database, "0"), asyncio.Event()
        await listener.hears(*await everything(database))
        await breaks(monkeypatch, PositionLost("too old"), whole_again)
        missed = await say(database)
        whole_again.set()
        await asyncio.wait_for(listener.task, 10)
        back = Listener(view, database, listener.place)
        await back.hears(missed)


async def test_a_listener_that_is_too_slow_is_let_go(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BACKLOG", 2)
    async with following(database) as view:
        facts = view.listen(database, "0")
        first = await anext(facts)
        for _ in range(4):
            await say(database)
        await eventually(lambda: len(view._listeners) == 1, within=10)  # the probe is quick
        rest = [fact async for fact in facts]
        assert first
        assert len(rest) <= 4


async def test_when_the_process_ends_listeners_end_and_none_begin(database: Database) -> None:
    async with following(database) as view:
        listener = Listener(view, database, None)
        await asyncio.sleep(0)
        view.end()
        await asyncio.wait_for(listener.task, 5)
        await asyncio.wait_for(Listener(view, database, None).task, 5)


async def test_a_fact_committed_after_later_ones_is_not_missed_by_who_comes_back(database: Database) -> None:
    written, commit = asyncio.Event(), asyncio.Event()
    row = outbox.row(reported(new_id()), id_=new_id(), version=1, at=utc_now(), cause=Cause(new_id()))

    async def slowly(session: Session) -> None:
        outbox.put(database, [row], utc_now(), session)
        written.set()
        await commit.wait()

    async with following(database) as view:
        listener = Listener(view, database)
        slow = asyncio.create_task(database.transact(slowly, rerun_unknown=False))
        await written.wait()
        quick = await say(database)
        await eventually(lambda: quick in listener.heard, within=10)
        listener.task.cancel()
        commit.set()
        await slow
        await Listener(view, database, listener.place).hears(row["id"])


async def test_the_outbox_is_followed_only_while_somebody_listens(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PATIENCE_S", 0.1)
    view = Live()
    task = asyncio.create_task(view.run(database))
    await say(database)
    assert not view._follows.is_set()
    listener = Listener(view, database)
    await eventually(view._follows.is_set, within=10)
    said = await say(database)
    await listener.hears(said)
    listener.task.cancel()
    await eventually(lambda: not view._follows.is_set(), within=10)
    missed = await say(database)
    await Listener(view, database, listener.place).hears(missed)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_who_listens_before_the_outbox_is_followed_misses_nothing_from_then_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(database)
    view, asked, real = Live(), asyncio.Event(), live._now

    async def now(of: Database) -> str:
        place = await real(of)
        asked.set()
        return place

    monkeypatch.setattr(live, "_now", now)
    listener = Listener(view, database)
    await asked.wait()
    said = [await say(database) for _ in range(2)]
    task = asyncio.create_task(view.run(database))
    await listener.hears(*said)
    view.end()
    task.cancel()
    await asyncio.gather(task, listener.task, return_exceptions=True)
