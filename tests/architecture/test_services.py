"""Every service has the same shape, and its README says what its code does."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import HOUSE, ROOT, House
from kinara.contracts import ROOTS, Event, events_said_by
from kinara.kit.inbox import Inbox
from kinara.kit.topics import Registry

NAMES = {"main", "settings", "api", "consumers", "commands", "domain", "store", "queries"}
BESIDES = {"personnel": {"siasn"}}
HEADINGS = ("Owns", "Says", "Hears", "Settings")
README_LINES = 60


def names_of(house: House, service: str) -> set[str]:
    """The names of a service's modules and packages; a folder without Python is data."""
    entries = house.package(service).iterdir()
    code = (e for e in entries if e.suffix == ".py" or (e.is_dir() and next(e.rglob("*.py"), None)))
    return {entry.stem for entry in code} - {"__init__"}


def misshapen(house: House, service: str) -> Iterator[str]:
    """What is missing from a service, or too much."""
    found = names_of(house, service)
    wanted = NAMES | (BESIDES.get(service, set()) & found)
    yield from (f"{service}: {name} is missing" for name in sorted(wanted - found))
    yield from (f"{service}: {name} is none of the eight names" for name in sorted(found - wanted))


def sections(readme: Path) -> dict[str, str]:
    """A README's text by heading."""
    parts = re.split(r"^#+ +(.+?) *$", readme.read_text() if readme.exists() else "", flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def events_in(text: str) -> set[str]:
    """The published events that a text names."""
    published = {event.__name__ for service in ROOTS for event in events_said_by(service)}
    return set(re.findall(r"\w+", text)) & published


def unsaid(readme: Path, heard: set[str]) -> Iterator[str]:
    """What a README lacks, or says of what is heard that is not so."""
    told = sections(readme)
    yield from (f"{readme.parent.name}: no heading {heading}" for heading in HEADINGS if heading not in told)
    yield from (
        f"{readme.parent.name}: {name} is heard, but not said to be"
        for name in heard - events_in(told.get("Hears", ""))
    )
    yield from (f"{readme.parent.name}: {name} is not heard" for name in events_in(told.get("Hears", "")) - heard)


def unregistered(inboxes: dict[str, set[str]], registry: Registry) -> Iterator[str]:
    """Where the groups of the registry differ from what inboxes hear: name of the inbox to services heard."""
    for name in sorted(inboxes.keys() | registry.groups.keys()):
        heard, registered = inboxes.get(name), registry.groups.get(name)
        if heard is None or registered is None:
            yield f"{name}: {'nobody is this group' if heard is None else 'not in the registry'}"
        elif heard != set(registered):
            yield f"{name}: hears {sorted(heard)}, registered for {sorted(registered)}"


def inboxes_of(service: str) -> list[Inbox]:
    """The inboxes of a service's consumers."""
    consumers = importlib.import_module(f"{service}.consumers")
    return [found for found in vars(consumers).values() if isinstance(found, Inbox)]


def heard_by(service: str) -> set[type[Event]]:
    """Every event that a service has a fold for."""
    return {event for inbox in inboxes_of(service) for event in inbox.types.values()}


@pytest.mark.parametrize("service", HOUSE.services)
def test_a_service_has_the_eight_names(service: str) -> None:
    assert list(misshapen(HOUSE, service)) == []


@pytest.mark.parametrize("service", HOUSE.services)
def test_a_readme_says_what_is_heard(service: str) -> None:
    heard = {event.__name__ for event in heard_by(service)}
    assert sorted(unsaid(ROOT / "services" / service / "README.md", heard)) == []


@pytest.mark.parametrize("service", HOUSE.services)
def test_a_readme_names_the_service_s_own_events_and_fits_a_screen(service: str) -> None:
    readme = ROOT / "services" / service / "README.md"
    own = {event.__name__ for event in events_said_by(service)}
    assert events_in(sections(readme).get("Says", "")) - own == set()
    assert len(readme.read_text().splitlines()) <= README_LINES


def test_groups_of_the_registry_are_what_inboxes_hear(registry: Registry) -> None:
    inboxes = {inbox.name: {e.service for e in inbox.types.values()} for s in HOUSE.services for inbox in inboxes_of(s)}
    assert list(unregistered(inboxes, registry)) == []


def test_the_registry_and_the_contracts_know_every_service(registry: Registry) -> None:
    assert set(registry.services) == set(ROOTS) == set(HOUSE.services)


@pytest.fixture
def sketch(tmp_path: Path) -> House:
    """A house with one well-shaped service."""
    house = House(tmp_path)
    for name in NAMES - {"domain"}:
        file = house.package("toy") / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    for file in ("__init__.py", "domain/rule.py", "forms/form.yaml", "../pyproject.toml"):
        (house.package("toy") / file).parent.mkdir(exist_ok=True)
        (house.package("toy") / file).touch()
    return house


def test_a_well_shaped_service_is_left_alone(sketch: House) -> None:
    assert (sketch.services, list(misshapen(sketch, "toy"))) == (["toy"], [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda toy: (toy / "queries.py").unlink(), "toy: queries is missing"),
        (lambda toy: (toy / "tasks.py").touch(), "toy: tasks is none of the eight names"),
        (lambda toy: (toy / "forms" / "form.py").touch(), "toy: forms is none of the eight names"),
    ],
    ids=["missing", "one too many", "code among data"],
)
def test_a_misshapen_service_is_found(sketch: House, change: object, said: str) -> None:
    change(sketch.package("toy"))
    assert list(misshapen(sketch, "toy")) == [said]


@pytest.mark.parametrize(
    ("hears", "said"),
    [
        ("`UnitChanged`", []),
        ("nothing", ["toy: UnitChanged is heard, but not said to be"]),
        ("`UnitChanged` and `ScoreUpdated`", ["toy: ScoreUpdated is not heard"]),
    ],
    ids=["true", "silent", "boasting"],
)
def test_a_readme_that_is_not_true_is_found(tmp_path: Path, hears: str, said: list[str]) -> None:
    readme = tmp_path / "toy" / "README.md"
    readme.parent.mkdir()
    readme.write_text(f"# toy\n\n## Owns\n\n## Says\n\n## Hears\n\n{hears}\n\n## Settings\n")
    assert list(unsaid(readme, {"UnitChanged"})) == said


def test_a_readme_without_a_heading_is_found(tmp_path: Path) -> None:
    assert len(list(unsaid(tmp_path / "toy" / "README.md", set()))) == len(HEADINGS)


@pytest.mark.parametrize(
    ("inboxes", "said"),
    [
        ({}, "nobody is this group"),
        ({"toy.tally": {"feedback"}, "feedback.directory": {"personnel"}}, "toy.tally: not in the registry"),
        ({"feedback.directory": {"personnel", "training"}}, "hears ['personnel', 'training']"),
    ],
    ids=["group without inbox", "inbox without group", "other services"],
)
def test_a_registry_that_is_not_true_is_found(registry: Registry, inboxes: dict[str, set[str]], said: str) -> None:
    assert said in "\n".join(unregistered(inboxes, registry))
