"""``kinara cell``: give busy provinces topics of their own, and take these back, while everything runs.

The registry's file is changed here; services read it when they start, so that each step ends with a rolling restart.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from difflib import unified_diff
from typing import Annotated

import typer

from kinara.cli import screen
from kinara.cli.door import USAGE, Refused, opened, settings
from kinara.cli.screen import AsJson
from kinara.cli.topics import registry_of
from kinara.contracts.regions import ZONES
from kinara.kit import cells as kit
from kinara.kit import topics
from kinara.kit.settings import ServiceSettings
from kinara.kit.topics import Registry, TopicsDiffer

app = typer.Typer(help="Cells: provinces with topics of their own (KINARA_TOPICS).", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The cell: a part of topics' names, e.g. jawa-barat.")]
Provinces = Annotated[str, typer.Option(help="Kemendagri codes of the provinces, e.g. 32,36.")]
Replicas = Annotated[int | None, typer.Option(min=1, help="Replication factor, on a broker smaller than production.")]
Finish = Annotated[bool, typer.Option("--finish", help="Only the second step: remove the cell that was emptied.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]

SPLIT: Sequence[str] = (
    "Bagikan registri ini ke semua layanan.",
    "Jalankan ulang semua layanan satu per satu dengan KINARA_CELLS={cells}.",
    "Periksa dengan `kinara lag`; urutan per orang tetap terjaga selama peralihan.",
)
EMPTIED: Sequence[str] = (
    "Bagikan registri ini ke semua layanan.",
    "Jalankan ulang semua layanan satu per satu; KINARA_CELLS tetap memuat {name}.",
    "Lalu `kinara cell merge {name}` sekali lagi untuk menghapus sel ini.",
)
REMOVED: Sequence[str] = (
    "Bagikan registri ini dan jalankan ulang semua layanan satu per satu dengan KINARA_CELLS={cells}.",
    "Setelah itu topik asn.{name}.* boleh dihapus. Yang sudah dikatakan di sana tidak dibaca lagi oleh `kinara rebuild`"
    " sampai dikatakan lagi dengan `kinara events replay`.",
)


@app.command()
def split(
    name: Name, provinces: Provinces, replicas: Replicas = None, dry_run: DryRun = False, json: AsJson = False
) -> None:
    """Give provinces of the default cell a cell of their own: its topics, then its line in the registry."""
    given = settings()
    registry = registry_of(given)
    codes = _codes(provinces)
    _refuse_split(registry, name, codes)
    text = given.topics.read_text()
    new = _edit(lambda: kit.with_cell(text, given.topics, name, codes))
    planned = Registry.parse(new, given.topics)
    created = sorted({t.name for t in planned.all()} - {t.name for t in registry.all()})
    if not dry_run:
        try:
            asyncio.run(topics.apply(given.kafka_url, planned, replicas=replicas))
        except TopicsDiffer as refusal:
            hint = "Faktor replikasi mungkin melebihi jumlah broker (--replicas)."
            raise Refused(f"Broker tidak membuat semua topik. {hint}", str(refusal)[:1000]) from None
        _write(given, new)
    _tell(given, (text, new), SPLIT, name, json, dry_run, topics=created)


@app.command()
def merge(name: Name, finish: Finish = False, dry_run: DryRun = False, json: AsJson = False) -> None:
    """Give a cell's provinces back; once all of its topics are read, run it again to remove the cell."""
    given = settings()
    registry = registry_of(given)
    if name not in registry.cells:
        raise Refused(f"Sel {name} tidak ada.", f"cells are {', '.join(registry.cells)}", USAGE)
    if name == registry.default_cell:
        raise Refused(f"Sel {name} memuat semua provinsi lain dan tidak dapat digabungkan.", "the default cell", USAGE)
    text, steps = given.topics.read_text(), EMPTIED if registry.cells[name] else REMOVED
    if registry.cells[name]:
        if finish:
            raise Refused(f"Sel {name} masih memuat provinsi. Jalankan dahulu tanpa --finish.", "it has provinces")
        new = _edit(lambda: kit.with_cell(text, given.topics, name, ()))
    else:
        in_the_way = asyncio.run(_hindrances(given, registry, name))
        if in_the_way:
            if json:
                screen.as_json({"cell": name, "removed": False, "in_the_way": in_the_way})
            raise Refused(f"Sel {name} belum dapat dihapus.", "\n".join(in_the_way))
        new = _edit(lambda: kit.without_cell(text, given.topics, name))
    if not dry_run:
        _write(given, new)
    _tell(given, (text, new), steps, name, json, dry_run)


def _codes(provinces: str) -> list[str]:
    codes = [code.strip() for code in provinces.split(",")]
    if wrong := [code for code in codes if code not in ZONES] or [c for c in codes if codes.count(c) > 1]:
        raise Refused(f"Kode provinsi tidak dikenal atau berulang: {', '.join(wrong)}.", "Kemendagri codes", USAGE)
    return codes


def _refuse_split(registry: Registry, name: str, codes: Sequence[str]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", name):
        raise Refused(
            f"Nama sel {name} tidak dapat dipakai.", "expected a-z, 0-9 and -, beginning with a letter", USAGE
        )
    if registry.cells.get(name):
        raise Refused(f"Sel {name} sudah ada.", f"it holds {', '.join(sorted(registry.cells[name]))}", USAGE)
    taken = {code: registry.cell_of(code) for code in codes if registry.cell_of(code) != registry.default_cell}
    if taken or name == registry.default_cell:
        said = ", ".join(f"{code} ({cell})" for code, cell in taken.items()) or name
        raise Refused(f"Sudah di sel lain: {said}.", "only provinces of the default cell are split out", USAGE)


def _edit(edit: Callable[[], str]) -> str:
    try:
        return edit()
    except kit.NotEditable as refusal:
        raise Refused("Registri tidak dapat diubah otomatis. Ubahlah dengan tangan.", str(refusal)) from None


def _write(given: ServiceSettings, text: str) -> None:
    try:
        kit.write(given.topics, text)
    except OSError as error:
        raise Refused(f"Registri {given.topics} tidak dapat ditulis.", str(error)) from None


async def _hindrances(given: ServiceSettings, registry: Registry, name: str) -> list[str]:
    async with AsyncExitStack() as stack:
        databases = {service: await stack.enter_async_context(opened(service)) for service in registry.services}
        return await kit.hindrances(given.kafka_url, registry, name, databases)


def _tell(
    given: ServiceSettings, texts: tuple[str, str], steps: Sequence[str], name: str, json: bool, dry_run: bool,
    *, topics: Sequence[str] = (),
) -> None:  # fmt: skip
    """What was changed, and what is to be done next."""
    cells = Registry.parse(texts[1], given.topics).cells
    lines = list(unified_diff(texts[0].splitlines(), texts[1].splitlines(), n=0, lineterm=""))[2:]
    if json:
        known = {cell: sorted(provinces) for cell, provinces in cells.items()}
        screen.as_json({"cell": name, "dry_run": dry_run, "cells": known, "topics": topics, "changed": lines})
        return
    for line in lines:
        screen.say(line)
    if topics:
        screen.say(f"{len(topics)} topik: {topics[0]}, …")
    if dry_run:
        screen.say("Tidak ada yang diubah (--dry-run).")
        return
    for number, step in enumerate(steps, 1):
        screen.say(f"{number}. {step.format(name=name, cells=','.join(cells))}")
