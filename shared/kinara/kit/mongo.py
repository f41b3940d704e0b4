"""The database, and the only import of its driver: replacing motor by PyMongo's own client changes this file alone."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import InsertOne, ReplaceOne, monitoring
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from kinara.kit.changes import ChangeStream, lost
from kinara.kit.stored import CODEC, Document
from kinara.kit.threads import in_thread
from kinara.kit.turns import Turns, Writes

T = TypeVar("T")
Session = Any
"""A driver session; only this file looks inside."""

DatabaseDown = (AutoReconnect, NetworkTimeout, ExecutionTimeout)
DatabaseError = PyMongoError
Listener = monitoring.CommandListener

_WRITE_CONFLICT, _NO_SUCH_TRANSACTION, _DUPLICATE_KEY = 112, 251, 11000
_DEAD = (_WRITE_CONFLICT, _NO_SUCH_TRANSACTION)
COMMIT_PATIENCE_S = 8.0
"""How long a commit is asked for again: longer than an embedded restart, shorter than a caller's patience."""

IDS_A_QUERY = 100
"""The embedded database compares each id of ``$in`` with the others: 100 ids cost 0.2 ms each, 2,000 cost 2 ms each."""


class Conflict(Exception):
    """Somebody else changed a document since it was read: run again from fresh state."""


class Taken(Exception):
    """A unique index refused a value even after a second look."""

    def __init__(self, index: str) -> None:
        super().__init__(f"unique index {index}")
        self.index = index


class OutcomeUnknown(Exception):
    """The database went away during the commit; the same request under the same Idempotency-Key finds out."""


_MAJORITY = WriteConcern(w="majority", j=True)


class Database:
    """One service's database; every client option that matters is said here.

    With a ``prefix`` it is a corner of that database: every collection's name begins with it.
    """

    def __init__(self, uri: str, name: str, *, prefix: str = "", listeners: Iterable[Listener] = ()) -> None:
        self._client: Any = AsyncIOMotorClient(
            uri,
            appname=f"kinara-{name}",
            w="majority",
            journal=True,
            readConcernLevel="majority",
            serverSelectionTimeoutMS=5_000,
            connectTimeoutMS=5_000,
            socketTimeoutMS=30_000,
            maxPoolSize=50,
            event_listeners=list(listeners),
        )
        self.name = name
        self._prefix = prefix
        self._collections: dict[str, Any] = {}  # the driver would make a new one at every use
        self._writes: dict[int, Writes] = {}
        self._turns = Turns()
        self._db: Any = self._client.get_database(name, codec_options=CODEC)

    def __getitem__(self, collection: str) -> Any:
        found = self._collections.get(collection)
        if found is None:
            found = self._collections[collection] = self._db[self._prefix + collection]
        return found

    async def ping(self) -> None:
        """Raise unless the database answers."""
        await self._client.admin.command("ping")

    def close(self) -> None:
        """Drop all connections."""
        self._client.close()

    async def find(self, collection: str, query: Mapping[str, Any], **options: Any) -> list[Document]:
        """All matching documents, with Decimals; ``options`` are sort, limit, session, comment, projection."""
        return await self[collection].find(query, **options).to_list(None)  # type: ignore[no-any-return]

    async def pages(
        self, collection: str, query: Mapping[str, Any], size: int, **options: Any
    ) -> AsyncGenerator[list[Document], None]:
        """All matching documents by one cursor, so many at a time; ``options`` as for ``find``."""
        cursor = self[collection].find(query, batch_size=size, **options)
        try:
            while page := await cursor.to_list(size):
                yield page
        finally:
            await cursor.close()

    async def find_one(self, collection: str, query: Mapping[str, Any], **options: Any) -> Document | None:
        """The matching document or None."""
        return await self[collection].find_one(query, **options)  # type: ignore[no-any-return]

    async def find_by_ids(self, collection: str, ids: Iterable[str], session: Session = None) -> dict[str, Document]:
        """The documents of many ids, keyed by id, in as few queries as the server likes."""
        wanted, found = sorted(ids), {}
        for start in range(0, len(wanted), IDS_A_QUERY):
            part = {"_id": {"$in": wanted[start : start + IDS_A_QUERY]}}
            found.update({d["_id"]: d for d in await self.find(collection, part, session=session)})
        return found

    def write(self, collection: str, inserts: list[Document], replaces: list[Document], session: Session) -> None:
        """Have new documents inserted, and known ones replaced whose ``rev`` is still one less, with the commit.

        Nothing that the transaction reads shows them. If a document has another ``rev`` by then the transaction meets a
        conflict; if others stand in line for one of the documents, it meets one here.

        Raises:
            Conflict: somebody else has the turn.
        """
        writes = self._writes[id(session)]
        if self._turns.jumps_the_line(writes, collection, (d["_id"] for d in (*inserts, *replaces))):
            raise Conflict(collection)
        operations: list[Any] = [InsertOne(d) for d in inserts]
        operations += [ReplaceOne({"_id": d["_id"], "rev": d["rev"] - 1}, d) for d in replaces]
        if operations:
            writes.due.append((collection, operations, len(replaces)))

    async def transact(self, body: Callable[[Session], Awaitable[T]], *, rerun_unknown: bool, attempts: int = 60) -> T:
        """Run ``body`` in one snapshot transaction, again and again until it meets no conflict.

        ``body`` must be re-runnable: no effect but through its session. A duplicate key is looked at once more,
        since two first writers of one id meet that way, and is ``Taken`` after that. ``rerun_unknown`` says
        whether the body may run again when the database went away during a commit. Who has met a conflict waits in
        turn for the documents that it writes, and those of this process who come later wait behind it: on a hot
        document nobody starves.
        """
        duplicates = 0
        writes = Writes()
        for attempt in range(1, attempts + 1):
            try:
                async with self._turns.held(writes):
                    return await self._once(body, writes)
            except _CommitUnknown as unknown:
                if not rerun_unknown:
                    raise OutcomeUnknown from unknown
                raise AutoReconnect("commit outcome unknown") from unknown
            except (DuplicateKeyError, BulkWriteError) as error:
                index = _duplicate(error)
                duplicates += 1
                if index is None and not _transient(error):
                    raise
                if index is not None and duplicates > 2:
                    raise Taken(index) from error
            except (Conflict, PyMongoError) as error:
                if isinstance(error, PyMongoError) and not _transient(error):
                    raise
                if attempt == attempts:
                    raise
            if attempt > 1:
                await asyncio.sleep(random.uniform(0, min(0.002 * 2**attempt, 0.1)))  # noqa: S311  # jitter
        raise Conflict(f"no end of conflicts after {attempts} attempts")

    async def _once(self, body: Callable[[Session], Awaitable[T]], writes: Writes) -> T:
        # motor would begin a session in a thread, and wait a turn of the loop for what asks nobody anything
        async with self._client.wrap(self._client.delegate.start_session()) as session:
            session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=_MAJORITY)
            self._writes[id(session)] = writes
            try:
                result = await body(session)
                until = time.monotonic() + COMMIT_PATIENCE_S
                unanswered = await in_thread(self._finish, session.delegate, writes)
            except BaseException:
                await _abort(session)
                raise
            finally:
                del self._writes[id(session)]
            await _commit_again(session, unanswered, until)
            return result

    def _finish(self, session: Any, writes: Writes) -> PyMongoError | None:
        """Send what is due and commit, all in one thread: each time that it waited for the loop between two of them
        would be a fold, or a request, long. The commit's error, if it had one.

        In order, since a transaction is dead after a duplicate key: what came after it would look like a conflict
        without end.
        """
        for collection, operations, replaces in writes.due:
            done = self[collection].delegate.bulk_write(operations, session=session)
            if done.matched_count != replaces:
                raise Conflict(collection)
        return _committed(session)

    @asynccontextmanager
    async def watch(self, collection: str, token: Document | None) -> AsyncIterator[ChangeStream]:
        """Follow the inserts of a collection in commit order, from a token or from now on."""
        driver = self[collection].watch(
            [{"$match": {"operationType": "insert"}}], resume_after=token, max_await_time_ms=500, batch_size=1000
        )
        try:
            await driver.__aenter__()
        except OperationFailure as error:
            raise lost(error) from error
        stream = ChangeStream(driver)
        try:
            yield stream
        finally:
            await stream.close()
            await driver.close()


class _CommitUnknown(Exception):
    """Nobody knows whether the commit took effect."""


async def _abort(session: Session) -> None:
    try:
        await session.abort_transaction()
    except PyMongoError:
        return  # the server forgets an unfinished transaction by itself; the first error is the one to report


def _committed(session: Any) -> PyMongoError | None:
    """Commit, by the driver's own session: the error, if there was one."""
    try:
        session.commit_transaction()
    except PyMongoError as error:
        return error
    return None


async def _commit_again(session: Session, error: PyMongoError | None, until: float) -> None:
    """Ask again while the answer to a commit is unknown, which the server makes harmless; at most until then.

    A server that does not know the transaction may have committed it and been restarted since, so that is no answer.
    """
    while error is not None:
        forgotten = isinstance(error, OperationFailure) and error.code == _NO_SUCH_TRANSACTION
        if not forgotten and not error.has_error_label("UnknownTransactionCommitResult"):
            raise error
        if forgotten or time.monotonic() > until:
            raise _CommitUnknown from error
        await asyncio.sleep(0.2)
        error = await in_thread(_committed, session.delegate)


def _transient(error: PyMongoError) -> bool:
    if isinstance(error, BulkWriteError):
        return any(e.get("code") in _DEAD for e in error.details.get("writeErrors", ()))
    dead = isinstance(error, OperationFailure) and error.code in _DEAD
    return dead or (error.has_error_label("TransientTransactionError") and not isinstance(error, DatabaseDown))


def _duplicate(error: PyMongoError) -> str | None:
    """The name of the violated unique index, if that is what the error is about."""
    details: Mapping[str, Any] = getattr(error, "details", None) or {}
    for entry in (details, *details.get("writeErrors", ())):
        if entry.get("code") == _DUPLICATE_KEY:
            return ".".join(entry.get("keyPattern", {"_id": 1}))
    return None
