"""What one transaction reads: each question once, whoever asks it again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from kinara.kit.mongo import Database
from kinara.kit.reads import Reads


class Counting(Database):
    """A database of one collection that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    async def find(self, collection: str, query: Mapping[str, Any], **options: Any) -> list[dict[str, Any]]:
        """Two documents, whatever is asked."""
        self.asked.append(query)
        return [{"_id": f"{collection}-{number}"} for number in range(2)]


async def test_a_query_that_is_asked_again_is_not_sent_again() -> None:
    database = Counting()
    reads = Reads(database, None)

    first, again = await asyncio.gather(*(reads.find("things", {"owner": "x"}, limit=5) for _ in range(2)))
    first.clear()

    assert again == await reads.find("things", {"owner": "x"}, limit=5)
    assert len(database.asked) == 1


async def test_another_query_collection_or_option_is_another_question() -> None:
    database = Counting()
    reads = Reads(database, None)

    await reads.find("things", {"owner": "x"}, limit=5)
    await reads.find("things", {"owner": "y"}, limit=5)
    await reads.find("things", {"owner": "x"}, limit=6)
    await reads.find("others", {"owner": "x"}, limit=5)

    assert len(database.asked) == 4
