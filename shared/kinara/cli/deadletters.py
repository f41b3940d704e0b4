"""``kinara dlq``: look at a service's dead letters, send them through its inbox again, or let them pass.

Redriving does not write to Kafka: the service's own consumer folds the record again under the same id and version.
"""

from __future__ import annotations

import asyncio
import getpass
import json as jsonlib
import time
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kinara.cli import screen
from kinara.cli.door import USAGE, Refused, known, opened
from kinara.cli.screen import AsJson
from kinara.contracts import ROOTS
from kinara.kit import deadletters
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.log import mask
from kinara.kit.mongo import Database
from kinara.kit.stored import Document

app = typer.Typer(help="Dead letters: records that could not be folded.", no_args_is_help=True)

ASKED = ("redrive", "discard")
"""Statuses in which a dead letter waits for its consumer."""


class Status(StrEnum):
    """What became of a dead letter."""

    OPEN = "open"
    REDRIVE = "redrive"
    REDRIVEN = "redriven"
    DISCARD = "discard"
    DISCARDED = "discarded"
    ALL = "all"


Service = Annotated[str, typer.Option(callback=known, help=f"Whose dead letters: {', '.join(ROOTS)}.")]
Letter = Annotated[str, typer.Argument(help="Id of the dead letter, as listed.")]
Letters = Annotated[list[str], typer.Argument(help="Ids of the dead letters, as listed.")]
By = Annotated[str, typer.Option(default_factory=getpass.getuser, help="Who asks; kept with the dead letter.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for the consumer; 0 only leaves the request.")]


@app.command("ls")
def list_letters(
    service: Service,
    status: Annotated[Status, typer.Option(help="Only those in this status.")] = Status.OPEN,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most that are listed, oldest first.")] = 100,
    json: AsJson = False,
) -> None:
    """List dead letters."""
    query = {} if status is Status.ALL else {"status": status.value}
    found = asyncio.run(_find(service, query, limit))
    if json:
        screen.as_json([_summary(letter) for letter in found])
    elif found:
        rows = [_summary(letter).values() for letter in found]
        screen.table(["id", "status", "jenis", "versi", "alasan", "sejak", "diulang"], [tuple(row) for row in rows])
    else:
        screen.say("Tidak ada.")


@app.command()
def show(
    letter: Letter,
    service: Service,
    value: Annotated[bool, typer.Option("--value", help="Only the record's value, as it came, for repairing.")] = False,
    json: AsJson = False,
) -> None:
    """Show one dead letter with its headers and value; personal numbers are masked but for --value."""
    found = asyncio.run(_find(service, {"_id": letter}, 1))
    if not found:
        raise _unknown(letter, service)
    if value:
        typer.echo(bytes(found[0]["value"] or b""), nl=False)
        return
    told = _whole(found[0])
    if json:
        screen.as_json(told)
    else:
        screen.table(["", ""], told.items())


@app.command()
def redrive(
    letters: Letters,
    service: Service,
    by: By,
    value: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Repaired JSON that replaces the record's value.")
    ] = None,
    wait: Wait = 10,
    json: AsJson = False,
) -> None:
    """Fold dead letters again, in order, under their own ids and versions; what waits behind them follows."""
    repaired = _repaired(value, letters)

    async def ask(database: Database, id_: str) -> bool:
        return await deadletters.redrive(database, id_, by=by, value=repaired)

    _answer(asyncio.run(_request(service, letters, ask, wait)), wait, json)


@app.command()
def discard(
    letters: Letters,
    service: Service,
    reason: Annotated[str, typer.Option(help="Why; kept in the explanation of the person or unit it was about.")],
    by: By,
    wait: Wait = 10,
    json: AsJson = False,
) -> None:
    """Let dead letters pass without effect, so that what waits behind them goes on."""
    if not reason.strip():
        raise Refused("Sebutkan alasannya.", "--reason: expected a sentence", USAGE)

    async def ask(database: Database, id_: str) -> bool:
        return await deadletters.discard(database, id_, by=by, reason=reason)

    _answer(asyncio.run(_request(service, letters, ask, wait)), wait, json)


async def _find(service: str, query: Document, limit: int) -> list[Document]:
    async with opened(service) as database:
        return await database.find(DEAD_LETTERS, query, sort=[("at", 1), ("_id", 1)], limit=limit)


async def _request(
    service: str, letters: Sequence[str], ask: Callable[[Database, str], Awaitable[bool]], wait: float
) -> list[Document]:
    """Ask for all letters or, if one is not open, for none; then wait until the service's consumer has taken them."""
    async with opened(service) as database:
        found = await database.find_by_ids(DEAD_LETTERS, letters)
        for id_ in letters:
            _expect_open(id_, found.get(id_), service)
        for id_ in letters:
            await ask(database, id_)
        deadline = time.monotonic() + wait
        while True:
            found = await database.find_by_ids(DEAD_LETTERS, letters)
            states = [found[id_] for id_ in letters]
            if time.monotonic() >= deadline or not any(state["status"] in ASKED for state in states):
                return states
            await asyncio.sleep(0.2)


def _expect_open(id_: str, letter: Document | None, service: str) -> None:
    if letter is None:
        raise _unknown(id_, service)
    if letter["status"] != "open":
        said = f"Surat mati {id_} tidak terbuka lagi."
        raise Refused(said, f"its status is {letter['status']}; only an open one can be asked for")


def _answer(states: list[Document], wait: float, json: bool) -> None:
    if json:
        screen.as_json([_summary(state) for state in states])
    else:
        screen.table(["id", "status", "alasan"], [(s["_id"], s["status"], _reason(s)) for s in states])
    again = [state["_id"] for state in states if state["status"] == "open"]
    if again:
        raise Refused("Masih gagal. Perbaiki isinya (--value) atau lepaskan (discard).", ", ".join(again))
    waiting = [state["_id"] for state in states if state["status"] in ASKED]
    if waiting and wait:
        said = f"Permintaan tercatat, tetapi belum dikerjakan dalam {wait:g} detik. Periksa apakah layanan berjalan."
        raise Refused(said, ", ".join(waiting))
    if waiting and not json:
        screen.say("Permintaan tercatat; konsumen layanan akan mengerjakannya begitu berjalan.")


def _summary(letter: Document) -> dict[str, Any]:
    return {
        "id": letter["_id"],
        "status": letter["status"],
        "type": letter["type"],
        "version": letter["version"],
        "reason": _reason(letter),
        "at": letter["at"].isoformat(timespec="seconds"),
        "redrives": letter["redrives"],
    }


def _whole(letter: Document) -> dict[str, Any]:
    headers = {f"header {name}": _text(value) for name, value in letter["headers"]}
    told = _summary(letter) | {
        "subject": letter["subject"],
        "record": f"{letter['topic']}/{letter['partition']}/{letter['offset']}",
        "asked_by": letter.get("by"),
        "discarded_because": letter.get("discarded_because"),
    }
    return told | headers | {"value": _text(letter["value"])}


def _text(value: bytes | None) -> str | None:
    return None if value is None else mask(bytes(value).decode(errors="replace"))


def _reason(letter: Document) -> str:
    return f"{letter['reason']['class']}: {letter['reason']['message']}"


def _repaired(file: Path | None, letters: Sequence[str]) -> bytes | None:
    if file is None:
        return None
    if len(letters) != 1:
        raise Refused("Isi perbaikan hanya untuk satu surat mati.", "--value goes with exactly one id", USAGE)
    text = file.read_bytes()
    try:
        jsonlib.loads(text)
    except ValueError as error:
        raise Refused(f"Isi {file} bukan JSON yang benar.", str(error), USAGE) from None
    return text


def _unknown(letter: str, service: str) -> Refused:
    return Refused(f"Surat mati {letter} tidak ditemukan.", f"{service} keeps no dead letter with this id")
