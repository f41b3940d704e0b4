"""The embedded database's shortcuts: fewer reads of what does not change, and the same answers."""

from __future__ import annotations

from typing import Any

import pytest
from embedded.shortcuts import decode_only_what_is_watched, shorten
from kinara.kit.mongo import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError
from secantus import storage as library
from secantus.server import SecantusDBServer

ROWS = [{"_id": number, "a": number, "b": [number, -number]} for number in range(50)]


@pytest.fixture
def server(embedded_server: SecantusDBServer) -> SecantusDBServer:
    return embedded_server


@pytest.fixture
async def database(embedded_database: Database) -> Database:
    await embedded_database["rows"].create_index([("a", 1)], unique=True)
    await embedded_database["rows"].create_index([("b", 1)])
    return embedded_database


async def test_index_definitions_are_read_a_few_times_for_a_whole_batch(
    server: SecantusDBServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0
    read = server.storage._iter_indexes

    def counted(*names: str) -> Any:
        nonlocal reads
        reads += 1
        return read(*names)

    monkeypatch.setattr(server.storage, "_iter_indexes", counted)
    await database["rows"].insert_many(ROWS[:25])
    assert reads > 25, "the library reads them once a statement by itself: ours is no longer needed"
    shorten(server.storage)
    reads = 0
    await database["rows"].insert_many(ROWS[25:])
    assert reads < 10


async def test_a_unique_index_holds_within_a_batch_and_from_the_statement_after_it_was_made(
    server: SecantusDBServer, database: Database
) -> None:
    shorten(server.storage)
    with pytest.raises(BulkWriteError):
        await database["rows"].insert_many([*ROWS[:3], {"_id": "again", "a": 1, "b": []}])
    await database["rows"].insert_one({"_id": "c", "a": "c", "b": [], "c": 1})
    await database["rows"].create_index([("c", 1)], unique=True, partialFilterExpression={"c": {"$type": "number"}})
    with pytest.raises(DuplicateKeyError):
        await database["rows"].insert_one({"_id": "d", "a": "d", "b": [], "c": 1})
    await database["rows"].update_one({"_id": 0}, {"$set": {"b": [77]}})
    await database["rows"].delete_one({"_id": 1})
    assert [row["_id"] for row in await database.find("rows", {"b": 77})] == [0]
    assert await database["rows"].count_documents({"a": 1}) == 0


async def test_a_stream_shows_all_of_its_collection_in_order_and_decodes_nothing_else(
    server: SecantusDBServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode_only_what_is_watched(server.storage)
    decoded: list[dict[str, Any]] = []
    decode = library.bson.decode

    def noted(blob: bytes, *more: Any) -> Any:
        decoded.append(decode(blob, *more))
        return decoded[-1]

    async with database.watch("watched", None) as stream:
        monkeypatch.setattr(library.bson, "decode", noted)
        await database["watched"].insert_one({"_id": "first", "ns": "embedded.rows"})
        await database["rows"].insert_many(ROWS)
        await database["watched"].insert_many([{"_id": "second"}, {"_id": "third"}])
        seen: list[dict[str, Any]] = []
        while len(seen) < 3:
            seen += await stream.take(10)
    assert [row["_id"] for row in seen] == ["first", "second", "third"]
    assert {document["ns"] for document in decoded if "op" in document} == {"embedded.watched"}
