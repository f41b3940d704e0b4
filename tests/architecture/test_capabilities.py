"""Every capability that the regions asked for stands in the table, and all that its row names exists."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import pytest
import yaml
from embedded.stack import REPOSITORY
from kinara.cli import app
from kinara.contracts import ROOTS, events_said_by

TABLE = (REPOSITORY / "docs" / "capabilities.md").read_text("utf-8")
ROUTE = re.compile(r"`(GET|POST|PUT|DELETE|PATCH) (/v1/[^`]*)`")
COMMAND = re.compile(r"`(make [a-z-]+|kinara [a-z]+)")
TEST = re.compile(r"`(tests/[^`:]+\.py)(?:::(\w+))?`")
EVENT = re.compile(r"`([A-Z][A-Za-z]+)`")
EVENTS = {event.__name__ for service in ROOTS for event in events_said_by(service)}


@dataclass(frozen=True)
class Row:
    """One capability: its number, whether it is there, and what its cells name."""

    number: int
    state: str
    calls: str
    events: str
    tests: str


def rows() -> list[Row]:
    cells = [line.strip().strip("|").split("|") for line in TABLE.splitlines() if re.match(r"\| *[0-9]", line)]
    return [Row(int(c[0]), c[2].strip(), c[3], c[4], c[5]) for c in cells]


def shape(path: str) -> str:
    """A path whatever its parameters are called."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def routes() -> set[tuple[str, str]]:
    """All routes: the table of roles lists each, and a test of its own keeps it so."""
    table = yaml.safe_load((REPOSITORY / "tests" / "authorisation" / "table.yaml").read_text())
    found = (line.split(" ", 1) for service in table.values() for line in service)
    return {(method, shape(path)) for method, path in found}


def targets() -> set[str]:
    makefile = (REPOSITORY / "Makefile").read_text()
    return {f"make {name}" for name in re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)}


def commands() -> set[str]:
    """What operators type: the command line's own groups and commands."""
    groups = {f"kinara {group.name}" for group in app.registered_groups}
    single = {f"kinara {c.name or c.callback.__name__}" for c in app.registered_commands if c.callback}
    return groups | single


def functions(file: str) -> set[str]:
    """The functions of a file; none where there is no file."""
    if not (REPOSITORY / file).exists():
        return set()
    tree = ast.parse((REPOSITORY / file).read_text("utf-8"))
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_all_fifty_stand_there_once_and_in_order() -> None:
    assert [row.number for row in rows()] == list(range(1, 51))


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row.number))
def test_what_a_row_names_exists(row: Row) -> None:
    assert row.state in ("yes", "screen"), "yes; or it waits for a screen"
    missing = {f"{m} {p}" for m, p in ROUTE.findall(row.calls) if (m, shape(p)) not in routes()}
    missing |= {name for name in COMMAND.findall(row.calls) if name not in targets() | commands()}
    missing |= {name for name in EVENT.findall(row.events) if name not in EVENTS}
    for file, function in TEST.findall(row.tests):
        found = functions(file)
        if function not in ("", *found) or not any(name.startswith("test_") for name in found):
            missing.add(f"{file}::{function}")
    assert not missing


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row.number))
def test_a_row_says_what_to_call_and_what_proves_it(row: Row) -> None:
    assert ROUTE.search(row.calls) or COMMAND.search(row.calls)
    assert TEST.search(row.tests)
