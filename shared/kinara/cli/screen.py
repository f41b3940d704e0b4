"""What commands say: tables and sentences for people, JSON for machines; complaints on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]

WIDTH = 160
"""Tables are at least this wide: a narrow terminal wraps the lines, and ids in them stay in one piece."""

_out = Console(highlight=False)
_err = Console(highlight=False, stderr=True)


def say(text: str) -> None:
    """A sentence; soft-wrapped, so that ids and paths in it can be copied."""
    _out.print(Text(text), soft_wrap=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows for people: the first column in one piece, long values of the others folded, nothing cut."""
    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for place, column in enumerate(columns):
        drawn.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console(highlight=False, width=max(_out.width, WIDTH)).print(drawn)


def progress_console() -> Console:
    """Where progress is shown: beside the answer, so that this can be piped."""
    return _err


def as_json(data: Any) -> None:
    """The answer for machines, on one line for each call."""
    typer.echo(json.dumps(data, ensure_ascii=False, default=str))


def complain(said: str, detail: str) -> None:
    """What is wrong and what to do next; below it the detail for developers."""
    _err.print(Text(said, style="bold red"), soft_wrap=True)
    if detail:
        _err.print(Text(detail, style="dim"), soft_wrap=True)
