"""The import contracts of pyproject.toml hold, and each of them breaks when somebody crosses its line."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from house import HOUSE, ROOT

LAYERS = ("main", "api", "consumers", "commands", "queries", "store", "settings", "domain")


def lint(folder: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of a folder's pyproject.toml."""
    command = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    return subprocess.run(
        [command, "--no-logo", "--no-cache"], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    """A house of empty rooms under our contracts."""
    text = (ROOT / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(text[text.index("[tool.importlinter]") :])
    rooms = [f"{service}/{layer}" for service in HOUSE.services for layer in LAYERS]
    for room in (*rooms, "kinara/cli", "kinara/kit", "kinara/contracts"):
        folder = tmp_path / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder.parent / "__init__.py").touch()
    return tmp_path


def test_every_service_stands_under_the_contracts() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(rules["root_packages"]) == {"kinara", *HOUSE.services}


def test_our_imports_keep_the_contracts() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


def test_an_empty_house_keeps_them_too(sketch: Path) -> None:
    answer = lint(sketch, sketch)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("training/commands", "import appraisal.domain", "Services never import one another"),
        ("kinara/kit", "import personnel.domain", "Shared code knows no service"),
        ("kinara/contracts", "import kinara.kit", "contracts do not know the kit"),
        ("feedback/domain", "import motor", "The domain and the contracts are pure"),
        ("feedback/domain", "import feedback.store", "imports point inwards"),
        ("feedback/store", "import feedback.commands", "imports point inwards"),
        ("feedback/consumers", "import feedback.api", "imports point inwards"),
    ],
)
def test_a_crossed_line_is_reported(sketch: Path, room: str, line: str, contract: str) -> None:
    (sketch / room / "__init__.py").write_text(line + "\n")
    answer = lint(sketch, sketch)
    assert answer.returncode == 1
    assert any(contract in told and "BROKEN" in told for told in answer.stdout.splitlines()), answer.stdout
