"""A province is split out of its cell and merged back while everything runs: nothing lost, nothing twice, in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from embedded.child import Child
from kinara.cli import app
from kinara.kit import topics
from kinara.kit.mongo import Database
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import eventually
from kinara.kit.topics import Registry
from running import TOPICS, Load, Servers, Toy, nothing_lost_or_doubled
from typer.testing import CliRunner

NEW = "asn.sumsel.appraisal.v1"


class Town:
    """Two processes of the toy on a registry of their own, and an operator beside them."""

    def __init__(self, servers: Servers, file: Path, environment: pytest.MonkeyPatch) -> None:
        self.servers = servers
        self.file = file
        self.toys = [Toy(servers.stack, name) for name in ("c", "d")]
        self._env = {"KINARA_DATABASE": "cells", "KINARA_TOPICS": str(file)}
        self._environment = environment
        for name, value in (servers.stack.env | self._env).items():
            environment.setenv(name, value)

    async def restart(self, toy: Toy, cells: str) -> None:
        """What a rolling restart does to one process."""
        await asyncio.to_thread(toy.child.stop)
        toy.child.start(self._env | {"KINARA_CELLS": cells})
        await toy.ready()

    async def kinara(self, *arguments: str) -> tuple[int, Any, str]:
        """Exit code, answer and complaint of a command."""
        result = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--json"])
        lines = result.stdout.splitlines()
        return result.exit_code, json.loads(lines[-1]) if lines else None, result.stderr

    @property
    def children(self) -> list[Child]:
        """The processes."""
        return [toy.child for toy in self.toys]


@pytest.fixture
async def town(mortal: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    await mortal.start()
    file = tmp_path / "topics.yaml"
    file.write_text(TOPICS.read_text().replace("uji: {provinces: all}", "pusat: {provinces: all} # everybody"))
    await topics.apply(KafkaUrl.parse(mortal.stack.kafka_url), Registry.read(file), replicas=1)
    town = Town(mortal, file, monkeypatch)
    try:
        for toy in town.toys:
            await town.restart(toy, "pusat")
        yield town
    finally:
        for child in town.children:
            await asyncio.to_thread(child.kill)


@pytest.fixture
async def their_database(town: Town) -> AsyncIterator[Database]:
    database = Database(town.servers.stack.mongo_url, "cells")
    yield database
    database.close()


async def test_a_cell_is_split_out_and_merged_back_under_load(town: Town, their_database: Database) -> None:
    one, other = town.toys

    async with Load(one, other, employees=12) as load:
        await load.more(30)
        code, answer, _ = await town.kinara("cell", "split", "sumsel", "--provinces", "16", "--replicas", "1")
        assert (code, answer["cells"]) == (0, {"pusat": [], "sumsel": ["16"]})
        assert NEW in answer["topics"]
        await load.more(30)
        assert await town.servers.topic(NEW) == []
        for toy in town.toys:
            await town.restart(toy, "pusat,sumsel")
            await load.more(30)
        await eventually(lambda: town.servers.topic(NEW))

        code, answer, _ = await town.kinara("cell", "merge", "sumsel")
        assert (code, answer["cells"]) == (0, {"pusat": [], "sumsel": []})
        await load.more(20)
        code, answer, complaint = await town.kinara("cell", "merge", "sumsel")
        assert (code, answer["removed"]) == (1, False)
        assert "speaks by generation 1 of the registry, and this is 2: restart it" in complaint
        for toy in town.toys:
            await town.restart(toy, "pusat,sumsel")
            await load.more(20)

        async def merged() -> bool:
            code, _, complaint = await town.kinara("cell", "merge", "sumsel", "--finish")
            assert code == 0 or "to read on" in complaint, complaint
            return code == 0

        await eventually(merged, within=60)
        assert list(Registry.read(town.file).cells) == ["pusat"]
        assert "# everybody" in town.file.read_text()
        there = len(await town.servers.topic(NEW))
        for toy in town.toys:
            await town.restart(toy, "pusat")
            await load.more(20)
    assert len(await town.servers.topic(NEW)) == there
    await nothing_lost_or_doubled(their_database, load.accepted)
