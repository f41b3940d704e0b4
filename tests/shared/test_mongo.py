"""Transactions on the real database: once, whole, again after a conflict, and honest when nobody can know."""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from embedded.stack import Stack
from kinara.kit import mongo, threads
from kinara.kit.mongo import Conflict, Database, DatabaseError, OutcomeUnknown, Session, Taken
from pymongo.errors import OperationFailure

Action = Callable[[int], str]
"""What to do with the nth commit: ``pass`` it on, ``lose`` it, ``mute`` its answer, or let the server ``vanish``."""


async def count_up(database: Database, session: Session, by: int = 1) -> None:
    """Read, then write what was read and something more."""
    kept = await database.find_one("counts", {"_id": "c"}, session=session)
    value = (kept["n"] if kept else 0) + by
    await database["counts"].replace_one({"_id": "c"}, {"n": value}, upsert=True, session=session)


async def count(database: Database) -> int:
    kept = await database.find_one("counts", {"_id": "c"})
    return int(kept["n"]) if kept else 0


async def test_parallel_changes_of_one_document_all_take_effect(database: Database) -> None:
    await asyncio.gather(*(database.transact(lambda s: count_up(database, s), rerun_unknown=False) for _ in range(20)))
    assert await count(database) == 20


async def test_a_failure_in_the_middle_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    async def fail(session: Session) -> None:
        await count_up(database, session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transact(fail, rerun_unknown=False)
    await database.transact(lambda s: count_up(database, s, by=5), rerun_unknown=False)
    assert await count(database) == 5


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    written = asyncio.Event()

    async def stay(session: Session) -> None:
        await count_up(database, session)
        written.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(database.transact(stay, rerun_unknown=False))
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.transact(lambda s: count_up(database, s, by=5), rerun_unknown=False)
    assert await count(database) == 5


async def test_a_conflict_without_end_is_said_to_be_one(database: Database) -> None:
    async def never(_session: Session) -> None:
        raise Conflict("always")

    with pytest.raises(Conflict):
        await database.transact(never, rerun_unknown=False, attempts=3)


async def write(database: Database, inserts: list[Any], replaces: list[Any]) -> None:
    async def body(session: Session) -> None:
        database.write("things", inserts, replaces, session)

    await database.transact(body, rerun_unknown=False, attempts=2)


async def test_a_stale_document_is_not_overwritten(database: Database) -> None:
    await write(database, [{"_id": "a", "rev": 1, "x": 1}], [])
    await write(database, [], [{"_id": "a", "rev": 2, "x": 2}])
    with pytest.raises(Conflict):
        await write(database, [], [{"_id": "a", "rev": 2, "x": 3}])
    assert await database.find_one("things", {}) == {"_id": "a", "rev": 2, "x": 2}


async def test_a_value_taken_by_another_document_is_refused_with_the_index_named(database: Database) -> None:
    await database["people"].create_index([("nip", 1)], unique=True)

    async def add(session: Session, id_: str) -> None:
        database.write("people", [{"_id": id_, "rev": 1, "nip": "1"}], [], session)

    await database.transact(lambda s: add(s, "a"), rerun_unknown=False)
    with pytest.raises(Taken) as refusal:
        await database.transact(lambda s: add(s, "b"), rerun_unknown=False)
    assert refusal.value.index == "nip"


async def test_a_value_that_is_taken_is_refused_as_such_also_where_other_documents_are_replaced(
    database: Database,
) -> None:
    """The refusal ends the transaction; what is sent after it would hear of that, and hide why."""
    await database["people"].create_index([("nip", 1)], unique=True)
    await database["people"].insert_many([{"_id": name, "rev": 1, "nip": name} for name in "ab"])
    attempts = 0

    async def change(session: Session) -> None:
        nonlocal attempts
        attempts += 1
        new, known = {"_id": "c", "rev": 1, "nip": "a"}, {"_id": "b", "rev": 2, "nip": "d"}
        database.write("people", [new], [known], session)

    with pytest.raises(Taken) as refusal:
        await database.transact(change, rerun_unknown=False)
    assert (refusal.value.index, attempts) == ("nip", 3)
    assert [found["nip"] for found in await database.find("people", {}, sort=[("_id", 1)])] == ["a", "b"]


async def test_many_ids_are_found_whatever_their_number(database: Database) -> None:
    await write(database, [{"_id": f"{n:03}", "rev": 1} for n in range(250)], [])
    found = await database.find_by_ids("things", [f"{n:03}" for n in range(0, 300, 2)])
    assert sorted(found) == [f"{n:03}" for n in range(0, 250, 2)]


@pytest.mark.parametrize("value", [Decimal(1) / 3, Decimal("0"), Decimal("-12.50"), Decimal("1E+3")], ids=str)
async def test_a_decimal_comes_back_as_it_was(database: Database, value: Decimal) -> None:
    await write(database, [{"_id": "a", "rev": 1, "x": value}], [])
    found = await database.find_one("things", {})
    assert found is not None
    assert str(found["x"]) == str(value)


@asynccontextmanager
async def between(servers: Stack, action: Action) -> AsyncIterator[Database]:
    """The database behind a line that loses commits or their answers."""
    wire = Wire(servers.ports["mongo"], action)
    server = await asyncio.start_server(wire.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    wire.server = server
    database = Database(f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false", "unknown")
    try:
        yield database
    finally:
        await asyncio.to_thread(database.close)
        server.close()
        await wire.cut()


class Wire:
    """Copies bytes in both directions and looks at each command on its way to the server."""

    def __init__(self, port: int, action: Action) -> None:
        self.port = port
        self.action = action
        self.commits = 0
        self.server: asyncio.Server
        self._tasks: set[asyncio.Task[None]] = set()

    async def cut(self) -> None:
        """Break all connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the client."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        await asyncio.gather(task, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, thither = await asyncio.open_connection("127.0.0.1", self.port)
        answers = asyncio.create_task(self._copy(there, writer))
        try:
            while True:
                head = await reader.readexactly(16)
                body = await reader.readexactly(struct.unpack("<i", head[:4])[0] - 16)
                if b"commitTransaction" in body:
                    self.commits += 1
                    action = self.action(self.commits)
                    if action != "pass":
                        return await self._lose(action, head + body, answers, thither)
                thither.write(head + body)
        finally:
            answers.cancel()
            writer.close()
            thither.close()

    async def _lose(
        self, action: str, commit: bytes, answers: asyncio.Task[None], thither: asyncio.StreamWriter
    ) -> None:
        if action == "vanish":
            self.server.close()
        if action == "mute":
            answers.cancel()
            thither.write(commit)
            await thither.drain()

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)


@pytest.mark.parametrize("loss", ["lose", "mute"])
async def test_a_commit_or_its_answer_lost_once_is_asked_for_again_and_done_once(
    servers: Stack, database: Database, loss: str
) -> None:
    async with between(servers, lambda n: loss if n == 1 else "pass") as shaky:
        await shaky["counts"].delete_many({})
        await shaky.transact(lambda s: count_up(shaky, s), rerun_unknown=False)
        assert await count(shaky) == 1


async def test_a_server_that_vanishes_during_a_commit_leaves_the_outcome_unknown(
    servers: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo, "COMMIT_PATIENCE_S", 0.0)
    async with between(servers, lambda _: "vanish") as shaky:
        with pytest.raises(OutcomeUnknown):
            await shaky.transact(lambda s: count_up(shaky, s), rerun_unknown=False)


@pytest.mark.parametrize(("rerun", "said"), [(False, OutcomeUnknown), (True, DatabaseError)], ids=["command", "fold"])
async def test_a_server_that_forgot_the_transaction_may_have_committed_it_before_it_was_started_again(
    database: Database, rerun: bool, said: type[Exception]
) -> None:
    async def body(session: Session) -> None:
        await count_up(database, session)
        commit = session.delegate.commit_transaction

        def committed_then_forgotten() -> None:
            commit()
            raise OperationFailure("no such transaction", 251, {"errorLabels": ["TransientTransactionError"]})

        session.delegate.commit_transaction = committed_then_forgotten

    with pytest.raises(said):
        await database.transact(body, rerun_unknown=rerun)
    assert await count(database) == 1


async def test_who_is_cancelled_during_the_commit_waits_until_the_driver_is_done_with_the_session(
    database: Database,
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    async def body(session: Session) -> None:
        await count_up(database, session)
        commit = session.delegate.commit_transaction

        def slow() -> None:
            begun.set()
            go_on.wait(10)
            commit()

        session.delegate.commit_transaction = slow

    task = asyncio.create_task(database.transact(body, rerun_unknown=False))
    await asyncio.to_thread(begun.wait, 10)
    for _ in range(3):
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=0.1)
        assert not done
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database) == 1


async def test_who_is_cancelled_before_a_thread_is_free_sends_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(1) as only:
        monkeypatch.setattr(threads, "WRITERS", only)
        free = threading.Event()
        only.submit(free.wait, 10)
        decided = asyncio.Event()

        async def body(session: Session) -> None:
            database.write("people", [{"_id": "late", "rev": 1}], [], session)
            decided.set()

        task = asyncio.create_task(database.transact(body, rerun_unknown=False))
        await decided.wait()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        free.set()
    assert await database.find_one("people", {}) is None


async def test_what_is_written_is_sent_with_the_commit_and_not_at_all_after_a_refusal(database: Database) -> None:
    async def body(session: Session) -> list[Any]:
        database.write("people", [{"_id": "new", "rev": 1}], [], session)
        return await database.find("people", {"_id": "new"}, session=session)

    assert await database.transact(body, rerun_unknown=False) == []
    assert await database.find_one("people", {"_id": "new"})

    async def refused(session: Session) -> None:
        database.write("people", [{"_id": "other", "rev": 1}], [], session)
        raise LookupError("refused")

    with pytest.raises(LookupError):
        await database.transact(refused, rerun_unknown=False)
    assert await database.find_one("people", {"_id": "other"}) is None
