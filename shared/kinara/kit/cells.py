"""Cells split out and merged back: the registry's file changed line by line, and what still keeps a cell alive.

Versions keep the order per person across the topics of two cells: what comes too early waits in ``held``. So a cell
may be split out or merged back while everything runs; only a cell that nobody reads any more must be empty, and nobody
may write there again. For that each change raises the registry's ``generation``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from kinara.kit import lag
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.held import HELD
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.relay import RELAY
from kinara.kit.settings import KafkaUrl
from kinara.kit.topics import Registry

_BLOCK = re.compile(r"^cells:[ \t]*(#.*)?\n((?:[ \t]+.*\n|[ \t]*#.*\n|[ \t]*\n)*)", re.M)
_GENERATION = re.compile(r"^generation:[ \t]*\d+", re.M)
UNSENT = 1_000
"""Most buckets of an outbox that are looked through; where more wait, that is answer enough."""


class NotEditable(ValueError):
    """The file is written in a way that cannot be changed line by line; says what to write instead."""


def with_cell(text: str, path: Path, name: str, provinces: Iterable[str]) -> str:
    """The registry's text with a cell's provinces, whether the cell is new or not; comments stay."""
    return _edited(text, path, name, sorted(provinces))


def without_cell(text: str, path: Path, name: str) -> str:
    """The registry's text without a cell."""
    return _edited(text, path, name, None)


def _edited(text: str, path: Path, name: str, provinces: Sequence[str] | None) -> str:
    """Change the lines of one cell, raise the generation, and read the result to be sure that nothing else changed."""
    before = Registry.parse(text, path)
    cells = {cell: known for cell, known in before.cells.items() if cell != name}
    if provinces is not None:
        cells[name] = frozenset(provinces)
    wanted = replace(before, cells=cells, generation=before.generation + 1)
    block = _BLOCK.search(text)
    if block is None:
        raise NotEditable(f"{path}: expected a line 'cells:' with one cell below it on each line")
    lines = _replaced(block[2].splitlines(keepends=True), name, provinces)
    edited = text[: block.start(2)] + "".join(lines) + text[block.end(2) :]
    said = f"generation: {wanted.generation}"
    edited = _GENERATION.sub(said, edited) if _GENERATION.search(edited) else f"{said}\n{edited}"
    try:
        if Registry.parse(edited, path) == wanted:
            return edited
    except ValueError:
        """It cannot even be read."""
    raise NotEditable(f"{path}: cannot be changed line by line; write {name} below 'cells:' and '{said}' yourself")


def _replaced(lines: list[str], name: str, provinces: Sequence[str] | None) -> list[str]:
    """The lines of the cells with one cell's own replaced, added after the last, or removed."""
    filled = [at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    indent = _indent(lines[filled[0]])
    heads = [at for at in filled if _indent(lines[at]) == indent]
    begin = next((at for at in heads if re.match(rf"{re.escape(name)}\s*:", lines[at].lstrip())), None)
    if begin is None:
        begin = end = filled[-1] + 1
        comment = ""
    else:
        end = max(at for at in filled if at < next((h for h in heads if h > begin), len(lines))) + 1
        comment = next(iter(re.findall(r"\s#.*$", lines[begin].rstrip("\n"))), "")
    quoted = ", ".join(f'"{province}"' for province in provinces or ())
    own = [] if provinces is None else [f"{indent}{name}: {{provinces: [{quoted}]}}{comment}\n"]
    return [*lines[:begin], *own, *lines[end:]]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def write(path: Path, text: str) -> None:
    """Replace the file in one step: a reader sees the old or the new one."""
    path = path.resolve()
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).chmod(path.stat().st_mode)
    Path(new.name).replace(path)


async def hindrances(url: KafkaUrl, registry: Registry, cell: str, databases: Mapping[str, Database]) -> list[str]:
    """Why a cell without provinces cannot go yet, one line each; ``databases`` are those of all services.

    First who may still speak there: once a relay has begun with this registry, none with an older one begins again,
    and what an older one sends all the same is sent by the newer one too. What is unread is looked at after that.
    """
    found = [line for service, database in databases.items() for line in await _speaks(database, service, registry)]
    alone = replace(registry, cells={cell: registry.cells[cell]})
    for behind in await lag.lags(url, alone):
        if behind.events:
            found.append(f"{behind.group} has {behind.events} to read on {behind.topic}")
    topics = [registry.topic(cell, service) for service in registry.services]
    for service, database in databases.items():
        waiting = await database[HELD].count_documents({"topic": {"$in": topics}})
        if waiting:
            found.append(f"{service} holds {waiting} behind a gap")
        groups = [f"{group}.{cell}" for group in registry.groups]
        query = {"group": {"$in": groups}, "status": {"$in": ["open", "redrive", "discard"]}}
        if letters := await database[DEAD_LETTERS].count_documents(query):
            found.append(f"{service} keeps {letters} dead letters that are not settled")
    return found


async def _speaks(database: Database, service: str, registry: Registry) -> list[str]:
    """What a service may still send to a cell that has no provinces any more."""
    position = await database.find_one(RELAY, {"_id": RELAY})
    after = (position or {}).get("bucket") or ""
    unsent = await database.find(OUTBOX, {"_id": {"$gt": after}}, sort=[("_id", 1)], limit=UNSENT)
    if position is None and not unsent:
        return []
    known = (position or {}).get("generation") or 0
    if known < registry.generation:
        return [
            f"{service} speaks by generation {known} of the registry, and this is {registry.generation}: restart it"
        ]
    empty = [cell for cell, provinces in registry.cells.items() if not provinces and cell != registry.default_cell]
    bound = sum(row.get("topic", "..").split(".")[1] in empty for bucket in unsent for row in bucket["rows"])
    full = [f"{service} has {UNSENT} buckets or more to send"] if len(unsent) == UNSENT else []
    return [*full, *([f"{service} has {bound} dead letters to send there"] if bound else [])]
