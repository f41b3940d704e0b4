"""The toy service, ready to fold."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from kinara.kit.fold import Folder
from kinara.kit.mongo import Database
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry

_spec = importlib.util.spec_from_file_location("toy", Path(__file__).with_name("toy.py"))
assert _spec is not None
assert _spec.loader is not None
toy: Any = sys.modules.setdefault("toy", importlib.util.module_from_spec(_spec))
_spec.loader.exec_module(toy)


@pytest.fixture
async def folder(database: Database, registry: Registry) -> Folder:
    folder = Folder(toy.inbox, database, "toy.tally.nasional", registry.services, "life-1")
    await toy.TALLIES.prepare(database)
    await folder.prepare()
    return folder


@pytest.fixture
def deliver(folder: Folder, registry: Registry) -> Deliverer:
    return Deliverer(folder, registry)
