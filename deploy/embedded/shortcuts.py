"""What the embedded database does once a statement instead of once a document: the same answers for less work.

Both shortcuts replace private functions of the locked version of SecantusDB. Their tests say when the library no longer
needs them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from secantus.storage import Storage

_WRITES = (
    "_insert_chunk",
    "_update_chunk",
    "_update_matching_single_txn",
    "_delete_chunk",
    "_delete_matching_single_txn",
)
_Options = dict[str, dict[str, Any]]
_NAMESPACE = b"\x02ns\x00"


def shorten(storage: Storage) -> None:
    """Take both shortcuts."""
    read_options_once_a_statement(storage)
    decode_only_what_is_watched(storage)


def read_options_once_a_statement(storage: Storage) -> None:
    """Keep the options of a collection's indexes while one statement writes.

    The library reads and decodes the definitions of all indexes again for every document that it inserts. A statement
    holds the collection's lock, so they stay what they are.
    """
    read: Callable[[str, str], _Options] = storage._index_options_map
    kept = threading.local()

    def options(db: str, coll: str) -> _Options:
        known: dict[tuple[str, str], _Options] | None = getattr(kept, "known", None)
        if known is None:
            return read(db, coll)
        if (db, coll) not in known:
            known[db, coll] = read(db, coll)
        return known[db, coll]

    def statement(write: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(write)
        def run(*arguments: Any, **named: Any) -> Any:
            if getattr(kept, "known", None) is not None:
                return write(*arguments, **named)
            kept.known = {}
            try:
                return write(*arguments, **named)
            finally:
                kept.known = None

        return run

    storage._index_options_map = options
    for name in _WRITES:
        setattr(storage, name, statement(getattr(storage, name)))


def decode_only_what_is_watched(storage: Storage) -> None:
    """Let a change stream pass over what is written elsewhere, by the name of its collection.

    The library decodes every write to any collection for every stream that is open: four relays, four times.
    """
    merge = storage._merge_oplog_on_session

    def merged(session: Any, start_seq: int, limit: int, ns_filter: Callable[[str], bool] | None = None) -> Any:
        return merge(_Session(session, ns_filter) if ns_filter else session, start_seq, limit, ns_filter)

    storage._merge_oplog_on_session = merged


class _Session:
    """A session whose cursors show as empty, which is to say skipped, what is not watched."""

    def __init__(self, session: Any, watched: Callable[[str], bool]) -> None:
        self._session = session
        self._watched = watched

    def open_cursor(self, table: str, config: Any) -> _Cursor:
        return _Cursor(self._session.open_cursor(table, config), self._watched)


class _Cursor:
    def __init__(self, cursor: Any, watched: Callable[[str], bool]) -> None:
        self._cursor = cursor
        self._watched = watched
        self.set_key, self.search_near, self.next = cursor.set_key, cursor.search_near, cursor.next
        self.get_key, self.close = cursor.get_key, cursor.close

    def get_value(self) -> bytes:
        entry = bytes(self._cursor.get_value())
        place = entry.find(_NAMESPACE)  # the second field of an entry, before anything that a client wrote
        if place < 0:
            return entry
        begin = place + len(_NAMESPACE) + 4
        size = int.from_bytes(entry[begin - 4 : begin], "little")
        return entry if self._watched(entry[begin : begin + size - 1].decode()) else b""
