"""Every scoped collection follows a unit that moves, or says why it does not."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from house import HOUSE


@pytest.mark.parametrize("service", HOUSE.services)
def test_every_scoped_collection_follows_a_unit_or_says_why_not(service: str) -> None:
    store: Any = importlib.import_module(f"{service}.store")
    moves: Any = importlib.import_module(f"{service}.commands.moves")
    scoped = {collection.name for collection in store.COLLECTIONS if collection.scoped}
    assert scoped - moves.MOVER.takes == moves.APART.keys(), f"see services/{service}/{service}/commands/moves.py"
