"""The embedded database as we start it: what it removes by itself, and that doing so costs the others nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from embedded.database import remove_expired
from kinara.kit.ids import utc_now
from kinara.kit.mongo import Database
from secantus.server import SecantusDBServer

ROWS = 50


@pytest.fixture
def server(embedded_server: SecantusDBServer) -> SecantusDBServer:
    return embedded_server


@pytest.fixture
async def database(embedded_database: Database) -> Database:
    return embedded_database


def pinned(server: SecantusDBServer) -> int:
    """How many transactions ago the oldest snapshot was taken that somebody still holds."""
    session = server.storage._conn.open_session()
    session.checkpoint()  # so that the figure is not an old one
    cursor = session.open_cursor("statistics:", None, "statistics=(fast)")
    values = {}
    while cursor.next() == 0:
        name, _, value = cursor.get_values()
        values[name] = value
    session.close()
    return int(values["transaction: transaction range of IDs currently pinned"])


async def write(database: Database, rows: int) -> None:
    for _ in range(rows):
        await database["rows"].insert_one({})


async def test_a_round_of_removal_keeps_no_snapshot_that_pages_would_grow_under(
    server: SecantusDBServer, database: Database
) -> None:
    await database["rows"].create_index("at", expireAfterSeconds=60)
    await write(database, ROWS)
    server.storage.prune_ttl_all_collections()
    await write(database, ROWS)
    assert pinned(server) >= ROWS, "the library's own round lets go of its snapshot: ours is no longer needed"
    remove_expired(server)
    await write(database, ROWS)
    assert pinned(server) < ROWS


async def test_a_round_of_removal_takes_what_has_expired(server: SecantusDBServer, database: Database) -> None:
    await database["rows"].create_index("at", expireAfterSeconds=60)
    await database["rows"].insert_many(
        [{"_id": "old", "at": utc_now() - timedelta(hours=1)}, {"_id": "new", "at": utc_now()}]
    )
    remove_expired(server)
    assert [row["_id"] for row in await database.find("rows", {})] == ["new"]
