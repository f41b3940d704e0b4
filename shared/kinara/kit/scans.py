"""Going through all records of a collection and working on each: one cursor, read a page ahead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

from kinara.kit.documents import Collection, Record
from kinara.kit.mongo import Database
from kinara.kit.scope import Scope

S = TypeVar("S")
T = TypeVar("T")


async def scan(
    database: Database, collection: Collection[S], scope: Scope, query: Mapping[str, Any], *, size: int, by: str = "_id"
) -> AsyncIterator[list[Record[S]]]:
    """All records inside the scope by their ids (or another field), without effects, so many at a time.

    The server looks for them once; page after page by ``find`` it would look for each page anew.

    Raises:
        ValueError: several ways lead into the scope; by as many cursors nobody would come in order, and only once.
    """
    parts = scope.narrow(query, collection.owner, collection.supervisor)
    if len(parts) > 1:
        raise ValueError(f"{scope.label}: {len(parts)} ways into {collection.name}")
    options = {"sort": [(by, 1)], "projection": {"page": 0}, "comment": f"scope:{scope.label}"}
    for part in parts:
        async with aclosing(database.pages(collection.name, part, size, **options)) as pages:
            async for page in pages:
                yield [collection.read(document) for document in page]


async def read_ahead(pages: AsyncIterator[T]) -> AsyncIterator[T]:
    """The same pages, each read while the one before is worked on."""
    coming = asyncio.ensure_future(anext(pages, None))
    try:
        while (page := await coming) is not None:
            coming = asyncio.ensure_future(anext(pages, None))
            yield page
    finally:
        coming.cancel()
