"""``kinara topics``: are the broker's topics those of the registry, and make them so."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import typer
from aiokafka.admin import AIOKafkaAdminClient

from kinara.cli import screen
from kinara.cli.door import USAGE, Refused, settings
from kinara.cli.screen import AsJson
from kinara.kit import topics
from kinara.kit.settings import KafkaUrl, ServiceSettings
from kinara.kit.topics import Registry

app = typer.Typer(help="Topics of the registry (KINARA_TOPICS) and of the broker.", no_args_is_help=True)

PROPAGATION_S = 5.0
"""How long a new topic may take until the broker's metadata shows it."""

Replicas = Annotated[int | None, typer.Option(min=1, help="Replication factor, on a broker smaller than production.")]


@app.command()
def diff(json: AsJson = False) -> None:
    """List what the broker lacks or has otherwise; exit code 1 if there is anything."""
    given = settings()
    lines = asyncio.run(_differences(given.kafka_url, _registry(given), patience=0))
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
    registry = _registry(given)
    asked, left = asyncio.run(_apply(given.kafka_url, registry, replicas))
    missing = {line.removesuffix(": missing") for line in left}
    created = [name for name in asked if name not in missing]
    if json:
        screen.as_json({"created": created, "differences": left})
    else:
        screen.say(f"{len(created)} topik dibuat." if created else "Tidak ada topik baru.")
    if left:
        hint = "Faktor replikasi mungkin melebihi jumlah broker (--replicas)." if missing & set(asked) else ""
        raise Refused(f"{len(left)} topik belum sesuai dengan registri. {hint}".strip(), "; ".join(left[:10]))


async def _apply(url: KafkaUrl, registry: Registry, replicas: int | None) -> tuple[list[str], list[str]]:
    asked = await topics.apply(url, registry, replicas=replicas)
    return asked, await _differences(url, registry, patience=PROPAGATION_S)


async def _differences(url: KafkaUrl, registry: Registry, patience: float) -> list[str]:
    """What differs, once the broker shows every topic or patience has run out."""
    admin = AIOKafkaAdminClient(**url.client_options())
    try:
        await admin.start()
        deadline = time.monotonic() + patience
        while True:
            lines = await topics.differences(admin, registry)
            if not any(line.endswith(": missing") for line in lines) or time.monotonic() >= deadline:
                return lines
            await asyncio.sleep(0.2)
    finally:
        await admin.close()


def _registry(given: ServiceSettings) -> Registry:
    try:
        return Registry.read(given.topics)
    except FileNotFoundError as error:
        said = f"Registri topik {given.topics} tidak ditemukan. Jalankan di akar repositori atau isi KINARA_TOPICS."
        raise Refused(said, str(error), USAGE) from None
    except ValueError as error:
        raise Refused(f"Registri topik {given.topics} tidak dapat dipakai.", str(error), USAGE) from None
