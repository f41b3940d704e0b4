"""Schemas to spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from kinara.contracts.export import SCHEMAS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the committed schemas, to spoil."""
    return Path(shutil.copytree(SCHEMAS, tmp_path / "schemas"))
