"""The embedded broker and database, started once for the run; a database of its own for each test that asks."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from embedded.stack import REPOSITORY, Stack, inherited

from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.topics import Registry

SEED = int(os.environ.get("KINARA_SEED", random.SystemRandom().randrange(10**6)))


def pytest_report_header() -> str:
    """Every run can be repeated."""
    return f"seed: {SEED} (repeat with KINARA_SEED={SEED})"


@pytest.fixture(scope="session")
def seed() -> int:
    return SEED


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.read(REPOSITORY / "deploy" / "topics.yaml")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Broker and database without services."""
    with Stack.fresh(Path(tmp_path_factory.mktemp("stack")), **inherited()) as stack:
        stack.start(services=())
        yield stack


@pytest.fixture
async def database(servers: Stack) -> AsyncIterator[Database]:
    """An empty database that no other test sees."""
    database = Database(servers.mongo_url, f"t{new_id().replace('-', '')[8:]}")
    yield database
    database.close()
