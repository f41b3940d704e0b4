"""The ``kinara`` command, run in a thread against the embedded servers and a database of the test's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from embedded.stack import REPOSITORY, Stack
from kinara.cli import app
from kinara.kit.mongo import Database
from typer.testing import CliRunner


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The machine's answer, which is the last line on stdout."""
        return json.loads(self.out.splitlines()[-1])


Command = Callable[..., Awaitable[Answer]]


@pytest.fixture
def environment(servers: Stack, database: Database, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What an operator has in the environment."""
    for name, value in servers.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KINARA_DATABASE", database.name)
    monkeypatch.setenv("KINARA_TOPICS", str(REPOSITORY / "deploy" / "topics.yaml"))
    monkeypatch.setenv("COLUMNS", "80")
    return monkeypatch


@pytest.fixture
def kinara(environment: pytest.MonkeyPatch) -> Command:
    """Run a command line; commands have a loop of their own, hence the thread."""

    async def run(*arguments: str) -> Answer:
        result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run
