"""Many writers of one document, on the real database: all get their turn, in few attempts each."""

from __future__ import annotations

import asyncio

from kinara.kit.mongo import Database, Session
from kinara.kit.turns import Turns, Writes

WRITERS, CHANGES = 12, 4


async def test_nobody_starves_on_a_hot_document(database: Database) -> None:
    attempts: list[int] = []
    await database["hot"].insert_one({"_id": "h", "rev": 1, "n": 0})

    async def change() -> None:
        tried = 0

        async def body(session: Session) -> None:
            nonlocal tried
            tried += 1
            kept = await database.find_one("hot", {"_id": "h"}, session=session)
            assert kept is not None
            database.write("hot", [], [kept | {"rev": kept["rev"] + 1, "n": kept["n"] + 1}], session)

        await database.transact(body, rerun_unknown=False)
        attempts.append(tried)

    async def keep_changing() -> None:
        for _ in range(CHANGES):
            await change()

    await asyncio.gather(*(keep_changing() for _ in range(WRITERS)))
    kept = await database.find_one("hot", {"_id": "h"})
    assert kept is not None
    assert kept["n"] == WRITERS * CHANGES
    assert max(attempts) <= 4, sorted(attempts)


async def test_who_comes_later_stands_behind_those_in_line() -> None:
    turns, waiting, late = Turns(), Writes(), Writes()
    assert not turns.jumps_the_line(waiting, "hot", ["a", "b"])
    async with turns.held(waiting):
        assert not turns.jumps_the_line(waiting, "hot", ["b"])
        assert turns.jumps_the_line(late, "hot", ["b"])
        assert not turns.jumps_the_line(Writes(), "hot", ["c"])
        assert not turns.jumps_the_line(Writes(), "cold", ["b"])
        other = asyncio.create_task(_hold(turns, late))
        await asyncio.sleep(0)
        assert not other.done()
    await other
    assert not turns.jumps_the_line(Writes(), "hot", ["b"])


async def _hold(turns: Turns, writes: Writes) -> None:
    async with turns.held(writes):
        return
