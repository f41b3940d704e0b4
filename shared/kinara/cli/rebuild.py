"""``kinara rebuild``: fold a projection once more from the log, compare it with the live one, swap what differs."""

from __future__ import annotations

import asyncio
import importlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer
from rich.progress import Progress

from kinara.cli import screen
from kinara.cli.door import USAGE, Refused, opened, settings
from kinara.cli.screen import AsJson
from kinara.cli.topics import registry_of
from kinara.contracts import ROOTS
from kinara.kit import rebuild as kit
from kinara.kit.inbox import Inbox
from kinara.kit.mongo import Database
from kinara.kit.rebuild import Finding, Verdict
from kinara.kit.shadow import Shadow, TooFarBehind

SHOWN = 100
"""Most documents that people are shown; machines get all."""
CALLED = {
    Verdict.EQUAL: "sama",
    Verdict.DIFFERING: "berbeda",
    Verdict.MISSING: "hilang",
    Verdict.EXTRA: "berlebih",
    Verdict.LOST: "tidak dapat disusun",
}

Projection = Annotated[str, typer.Argument(help="An inbox of topics.yaml, e.g. appraisal.score.")]
Verify = Annotated[bool, typer.Option("--verify", help="Compare; without it nothing is done.")]
Swap = Annotated[bool, typer.Option("--swap", help="Put right what differs or is missing, document by document.")]


def rebuild(projection: Projection, verify: Verify = False, swap: Swap = False, json: AsJson = False) -> None:
    """Is what a service has folded what the log says? Exit code 1 unless everything is equal (in the end)."""
    if not verify:
        raise Refused("Tambahkan --verify.", "a rebuild begins with a comparison", USAGE)
    counts, found, mended = asyncio.run(_rebuild(projection, inbox_of(projection), swap))
    left = [one for one in found if one not in mended]
    if json:
        _as_json(projection, counts, found, mended)
    else:
        rows = [(one.collection.name, one.id, CALLED[one.verdict], "; ".join(one.why)) for one in found[:SHOWN]]
        if rows:
            screen.table(["koleksi", "id", "hasil", "rincian"], rows)
        said = ", ".join(f"{counts[verdict]} {name}" for verdict, name in CALLED.items() if counts[verdict])
        screen.say(f"{projection}: {said or 'kosong'}." + (f" {len(mended)} diperbaiki." if swap else ""))
    raise typer.Exit(1 if left else 0)


def inbox_of(projection: str) -> Inbox:
    """The inbox of that name.

    Its service is imported by name when it is asked for: shared code knows no service, and an image holds one service.
    """
    service = projection.partition(".")[0]
    if service not in ROOTS:
        raise Refused(
            f"Proyeksi {projection} tidak dikenal.", f"expected <service>.<purpose> of {', '.join(ROOTS)}", USAGE
        )
    try:
        inbox: Inbox = importlib.import_module(f"{service}.consumers").inbox
    except ModuleNotFoundError as error:
        if error.name != service:
            raise
        said = f"Layanan {service} tidak terpasang di sini. Jalankan perintah ini di dalam image-nya."
        raise Refused(said, str(error), USAGE) from None
    if inbox.name != projection:
        raise Refused(f"Proyeksi {projection} tidak dikenal.", f"{service} has {inbox.name}", USAGE)
    return inbox


@asynccontextmanager
async def _shadow(projection: str, inbox: Inbox) -> AsyncIterator[Shadow]:
    given = settings()
    registry = registry_of(given)
    async with opened(projection.partition(".")[0]) as live:
        scratch = Database(given.mongo.get_secret_value(), live.name, prefix=f"rebuild.{projection}.")
        try:
            async with Shadow(inbox, live, scratch, given.kafka_url, registry) as shadow:
                yield shadow
        finally:
            scratch.close()


async def _rebuild(projection: str, inbox: Inbox, swap: bool) -> tuple[Counter[Verdict], list[Finding], list[Finding]]:
    """How many documents stand how, those that are not equal, and those of them that were put right."""
    counts: Counter[Verdict] = Counter()
    found: list[Finding] = []
    with Progress(console=screen.progress_console(), transient=True) as progress:
        try:
            async with _shadow(projection, inbox) as shadow:
                bar = progress.add_task("log", total=await shadow.length())
                await shadow.advance(lambda count: progress.advance(bar, count))
                bar = progress.add_task("dokumen", total=await _count(shadow))
                async for page in kit.compare(shadow):
                    counts.update(one.verdict for one in page)
                    found += [one for one in page if one.verdict is not Verdict.EQUAL]
                    progress.advance(bar, len(page))
                return counts, found, await _swap(shadow, found, progress) if swap else []
        except TooFarBehind as refusal:
            said = "Kelompok konsumen masih jauh tertinggal. Ulangi setelah `kinara lag` mendekati nol."
            raise Refused(said, str(refusal)) from None


async def _count(shadow: Shadow) -> int:
    return sum([await shadow.live[c.name].estimated_document_count() for c in shadow.inbox.stores])


async def _swap(shadow: Shadow, found: list[Finding], progress: Progress) -> list[Finding]:
    wrong = [one for one in found if one.mendable]
    bar = progress.add_task("perbaikan", total=len(wrong))
    mended = []
    for one in wrong:
        if await kit.swap(shadow, one):
            mended.append(one)
        progress.advance(bar)
    return mended


def _as_json(projection: str, counts: Counter[Verdict], found: list[Finding], mended: list[Finding]) -> None:
    told: dict[str, Any] = {"projection": projection} | {verdict.value: counts[verdict] for verdict in Verdict}
    fixed = {(one.collection.name, one.id) for one in mended}
    told["found"] = [
        {
            "collection": one.collection.name,
            "id": one.id,
            "verdict": one.verdict.value,
            "why": list(one.why),
            "swapped": (one.collection.name, one.id) in fixed,
        }
        for one in found
    ]
    screen.as_json(told)
