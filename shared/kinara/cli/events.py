"""``kinara events``: read what services say on the wire, and say again what a service has said."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from aiokafka import ConsumerRecord, TopicPartition
from rich.progress import Progress

from kinara.cli import screen
from kinara.cli.door import known, opened, settings
from kinara.cli.screen import AsJson
from kinara.cli.topics import registry_of
from kinara.contracts import ROOTS
from kinara.kit import replay as kit
from kinara.kit import wire
from kinara.kit.stored import Document

app = typer.Typer(help="Events on the wire, and in the outbox that keeps them.", no_args_is_help=True)

SHOWN = ("ce_time", "ce_type", "ce_subject", "ce_aggregateversion", "ce_id", "ce_causationid")
"""Headers only: the facts themselves speak of people."""

Service = Annotated[str, typer.Option(callback=known, help=f"Whose events: {', '.join(ROOTS)}.")]
Last = Annotated[int, typer.Option(min=0, max=10_000, help="How many of the latest are shown first.")]
Follow = Annotated[bool, typer.Option("--follow", help="Go on with what comes, until Ctrl-C.")]
Since = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="UTC; oldest said.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only count what would be said again.")]


@app.command()
def tail(service: Service, last: Last = 20, follow: Follow = False, json: AsJson = False) -> None:
    """Show the headers of the latest events of a service, oldest first."""
    asyncio.run(_tail(service, last, follow, json))


@app.command()
def replay(service: Service, since: Since, dry_run: DryRun = False, json: AsJson = False) -> None:
    """Say again what a service has said since a day; consumers skip what they know."""
    said = asyncio.run(_replay(service, since.replace(tzinfo=UTC), dry_run))
    if json:
        screen.as_json({"dry_run": dry_run, "events": dict(said)})
    elif said:
        screen.table(["jenis", "fakta"], sorted(said.items()))
        screen.say("Tidak ada yang dikirim (--dry-run)." if dry_run else f"{said.total()} fakta dikirim lagi.")
    else:
        screen.say("Tidak ada.")


async def _replay(service: str, since: datetime, dry_run: bool) -> Counter[str]:
    given = settings()
    registry = registry_of(given)
    said: Counter[str] = Counter()
    async with opened(service) as database:
        with Progress(console=screen.progress_console(), transient=True) as progress:
            bar = progress.add_task("outbox", total=await kit.count(database, since))
            pages: AsyncIterator[list[Document]] = kit.buckets(database, since)
            if not dry_run:
                pages = kit.send(given.kafka_url, registry, service, pages)
            async for page in pages:
                said.update(row["type"] for bucket in page for row in bucket["rows"])
                progress.advance(bar, len(page))
    return said


async def _tail(service: str, last: int, follow: bool, json: bool) -> None:
    given = settings()
    registry = registry_of(given)
    places = [
        TopicPartition(registry.topic(cell, service), number)
        for cell in registry.cells
        for number in range(registry.events.partitions)
    ]
    async with wire.reader(given.kafka_url) as reader, aclosing(wire.read(reader, places, last, follow)) as some:
        async for records in some:
            _show(records, json)


def _show(records: list[ConsumerRecord], json: bool) -> None:
    for record in records:
        headers: dict[str, Any] = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
        line = {name: headers.get(name) for name in SHOWN} | {"partition": record.partition, "offset": record.offset}
        if json:
            screen.as_json(line)
        else:
            screen.say("  ".join(str(value) for value in line.values() if value is not None))
