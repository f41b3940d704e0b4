"""``kinara topics``: are the broker's topics those of the registry, and make them so."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from aiokafka.admin import AIOKafkaAdminClient

from kinara.cli import screen
from kinara.cli.door import USAGE, Refused, settings
from kinara.cli.screen import AsJson
from kinara.kit import topics
from kinara.kit.settings import KafkaUrl, ServiceSettings
from kinara.kit.topics import Registry, TopicsDiffer

app = typer.Typer(help="Topics of the registry (KINARA_TOPICS) and of the broker.", no_args_is_help=True)

Replicas = Annotated[int | None, typer.Option(min=1, help="Replication factor, on a broker smaller than production.")]


@app.command()
def diff(json: AsJson = False) -> None:
    """List what the broker lacks or has otherwise; exit code 1 if there is anything."""
    given = settings()
    lines = asyncio.run(_differences(given.kafka_url, registry_of(given)))
    if json:
        screen.as_json({"differences": lines})
    elif lines:
        screen.table(["perbedaan"], [[line] for line in lines])
    else:
        screen.say("Topik sesuai dengan registri.")
    raise typer.Exit(1 if lines else 0)


@app.command()
def apply(replicas: Replicas = None, json: AsJson = False) -> None:
    """Create what is missing; never changes or removes what is there. Exit code 1 if differences remain."""
    given = settings()
    registry = registry_of(given)
    try:
        created = asyncio.run(topics.apply(given.kafka_url, registry, replicas=replicas))
    except TopicsDiffer as refusal:
        hint = "Faktor replikasi mungkin melebihi jumlah broker (--replicas)."
        raise Refused(f"Broker tidak membuat semua topik. {hint}", str(refusal)[:1000]) from None
    left = asyncio.run(_differences(given.kafka_url, registry))
    if json:
        screen.as_json({"created": created, "differences": left})
    else:
        screen.say(f"{len(created)} topik dibuat." if created else "Tidak ada topik baru.")
    if left:
        raise Refused(f"{len(left)} topik belum sesuai dengan registri.", "; ".join(left[:10]))


async def _differences(url: KafkaUrl, registry: Registry) -> list[str]:
    admin = AIOKafkaAdminClient(**url.client_options())
    try:
        await admin.start()
        return await topics.differences(admin, registry)
    finally:
        await admin.close()


def registry_of(given: ServiceSettings) -> Registry:
    """The registry that the settings name; ``Refused`` says what is wrong with it."""
    try:
        return Registry.read(given.topics)
    except FileNotFoundError as error:
        said = f"Registri topik {given.topics} tidak ditemukan. Jalankan di akar repositori atau isi KINARA_TOPICS."
        raise Refused(said, str(error), USAGE) from None
    except ValueError as error:
        raise Refused(f"Registri topik {given.topics} tidak dapat dipakai.", str(error), USAGE) from None
