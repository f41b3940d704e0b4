"""``kinara lag``: how far each consumer group is behind, now or as it changes."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from kinara.cli import screen
from kinara.cli.door import settings
from kinara.cli.screen import AsJson
from kinara.cli.topics import registry_of
from kinara.kit import lag as kit

Watch = Annotated[bool, typer.Option("--watch", help="Ask again and again until Ctrl-C.")]
Every = Annotated[float, typer.Option(min=0.1, help="Seconds between two looks of --watch.")]
Most = Annotated[int | None, typer.Option(min=0, help="Exit code 1 if more events than this wait in all.")]


def show(watch: Watch = False, every: Every = 2, at_most: Most = None, json: AsJson = False) -> None:
    """How many events wait for each group, and since when the oldest of them does."""
    given = settings()
    registry = registry_of(given)
    while True:
        found = asyncio.run(kit.lags(given.kafka_url, registry))
        now = datetime.now(UTC)
        ages = [None if one.since is None else round((now - one.since).total_seconds(), 1) for one in found]
        rows = [(one.group, one.topic, one.events, age) for one, age in zip(found, ages, strict=True)]
        if json:
            screen.as_json([dict(zip(("group", "topic", "events", "seconds"), row, strict=True)) for row in rows])
        else:
            screen.table(["kelompok", "topik", "menunggu", "detik"], rows)
        if not watch:
            raise typer.Exit(1 if at_most is not None and kit.total(found) > at_most else 0)
        time.sleep(every)
