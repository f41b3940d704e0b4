"""docker-compose.yml and the Dockerfile speak of things that exist: settings, ports, paths, commands, services.

The file was never started on a Docker engine here; these tests are what keeps it true to the code.
"""

from __future__ import annotations

import importlib
import json
import re
import shlex
from pathlib import Path
from typing import Any

import check_compose
import pytest
import yaml
from fastapi.routing import iter_route_contexts
from house import HOUSE, ROOT, Create
from kinara.cli import app as kinara
from kinara.kit.settings import ServiceSettings
from kinara.kit.topics import Registry
from typer.testing import CliRunner

MADE_UP = {"KINARA_ENV": "development", "KINARA_CELLS": "nasional", "KINARA_OIDC_ISSUER": "https://sso.example.go.id"}


def interpolated(node: Any) -> Any:
    """A part of the compose file with its variables filled in, as compose would do it."""
    if isinstance(node, dict):
        return {key: interpolated(value) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolated(item) for item in node]
    return _VARIABLE.sub(_value, node).replace("$$", "$") if isinstance(node, str) else node


_VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(:\?|:-)([^}]*)\}")


def _value(found: re.Match[str]) -> str:
    name, kind, default = found.groups()
    return MADE_UP.get(name, "x" * 32) if kind == ":?" else default


COMPOSE = interpolated(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))["services"]
REGIONAL = ROOT / "deploy" / "regional"
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", " ")


def instruction(name: str) -> str:
    """The last instruction of a kind in the Dockerfile."""
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, flags=re.MULTILINE)[-1]


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Stand where a container's process would, with nothing in the environment but what the file gives it."""

    def change(container: str) -> dict[str, str]:
        for name in ServiceSettings.model_fields:
            monkeypatch.delenv(f"KINARA_{name.upper()}", raising=False)
        environment = COMPOSE[container]["environment"]
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("KINARA_TOPICS", str(ROOT / "deploy" / "topics.yaml"))
        if "KINARA_REGIONAL" in environment:
            monkeypatch.setenv("KINARA_REGIONAL", str(REGIONAL))
        return environment  # type: ignore[no-any-return]

    return change


def test_every_service_has_a_container_on_its_own_port() -> None:
    ports = [COMPOSE[service]["ports"] for service in HOUSE.services]
    assert all(re.fullmatch(r"127\.0\.0\.1:81\d\d:8000", port) for (port,) in ports)
    assert len({port for (port,) in ports}) == len(HOUSE.services)
    assert {s: COMPOSE[s]["build"]["args"]["SERVICE"] for s in HOUSE.services} == {s: s for s in HOUSE.services}


@pytest.mark.parametrize("service", HOUSE.services)
def test_a_container_s_environment_is_what_the_service_reads(service: str, enter: Any) -> None:
    settings_class = importlib.import_module(f"{service}.settings").Settings
    environment = enter(service)
    known = {f"KINARA_{name.upper()}" for name in settings_class.model_fields}
    assert {name for name in environment if name.startswith("KINARA_")} - known == set()
    settings = settings_class()
    assert f"//{service}:" in settings.mongo.get_secret_value()
    assert f"authSource={service}" in settings.mongo.get_secret_value()
    assert settings.kafka_url.servers == ("kafka:9092",)


@pytest.mark.parametrize("service", HOUSE.services)
def test_the_health_check_asks_where_the_application_answers(service: str, create: Create) -> None:
    command = COMPOSE[service]["healthcheck"]["test"]
    port, path = re.search(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", command[-1]).groups()  # type: ignore[union-attr]
    assert path in {route.path for route in iter_route_contexts(create(service).routes)}
    assert port == instruction("EXPOSE")
    assert command[-1] in instruction("HEALTHCHECK")
    compile(command[-1], "healthcheck", "exec")


@pytest.mark.parametrize("service", HOUSE.services)
def test_the_image_runs_an_application_that_exists(service: str) -> None:
    command = json.loads(instruction("CMD"))
    assert command[:4] == ["python", "-m", "uvicorn", "--factory"]
    assert command[command.index("--port") + 1] == instruction("EXPOSE")
    named = re.search(r"UVICORN_APP=(\S+)", DOCKERFILE)
    module, _, factory = (named[1] if named else "").replace("${SERVICE}", service).partition(":")
    assert callable(getattr(importlib.import_module(module), factory))


@pytest.mark.parametrize("service", HOUSE.services)
def test_what_the_image_copies_exists_and_is_sent_to_docker(service: str) -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for copied in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, flags=re.MULTILINE):
        for source in shlex.split(copied.replace("${SERVICE}", service))[:-1]:
            assert (ROOT / source).exists(), source
            assert any(Path(source).match(k) or Path(source).is_relative_to(k) for k in kept), source


def test_the_image_runs_as_nobody_in_particular_and_installs_by_hash_only() -> None:
    assert instruction("USER") == "kinara"
    installs = re.findall(r"(?:uv )?pip install [^&\n]*", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in install or "--no-deps" in install for install in installs)


@pytest.mark.parametrize("container", ["topics", "kinara"])
def test_operators_containers_run_commands_that_exist(container: str, enter: Any) -> None:
    enter(container)
    command = COMPOSE[container].get("command") or [*COMPOSE[container]["entrypoint"]]
    assert command[0] == "kinara"
    assert CliRunner().invoke(kinara, [*command[1:], "--help"]).exit_code == 0
    ServiceSettings()


@pytest.mark.parametrize("container", [*HOUSE.services, "topics", "kinara"])
def test_our_containers_cannot_write_to_themselves(container: str) -> None:
    assert COMPOSE[container]["read_only"]
    assert COMPOSE[container]["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("service", HOUSE.services)
def test_what_a_service_keeps_in_files_lies_on_a_volume(service: str, enter: Any) -> None:
    enter(service)
    settings = importlib.import_module(f"{service}.settings").Settings()
    mounted = {Path(volume.split(":")[1]) for volume in COMPOSE[service]["volumes"]}
    kept = [value for name, value in settings if isinstance(value, Path) and name not in ("topics", "regional")]
    assert [path for path in kept if mounted.isdisjoint([path, *path.parents])] == []
    image = re.search(r"install --directory [^&]*", DOCKERFILE)
    assert image is not None
    assert all(str(mount) in image[0].split() for mount in mounted)


@pytest.mark.parametrize("service", HOUSE.services)
def test_a_service_waits_for_the_database_and_its_topics(service: str) -> None:
    waits = {name: how["condition"] for name, how in COMPOSE[service]["depends_on"].items()}
    assert waits == {"mongo": "service_healthy", "topics": "service_completed_successfully"}


def test_the_database_gets_a_user_for_each_service() -> None:
    users = (ROOT / "deploy" / "mongo" / "users.js").read_text()
    for service in HOUSE.services:
        assert f'"{service}"' in users
        assert f"MONGO_PASSWORD_{service.upper()}" in COMPOSE["mongo"]["environment"]


def test_mounted_files_exist() -> None:
    mounted = [v.split(":")[0] for c in COMPOSE.values() for v in c.get("volumes", ()) if v.startswith("./")]
    assert len(mounted) == 5
    assert all(REGIONAL.is_dir() if ROOT / file == REGIONAL else (ROOT / file).is_file() for file in mounted)


@pytest.mark.parametrize("service", HOUSE.services)
def test_a_service_that_reads_a_region_s_own_data_gets_the_folder_that_explains_it(service: str) -> None:
    reads = "regional" in importlib.import_module(f"{service}.settings").Settings.model_fields
    told = COMPOSE[service]["environment"].get("KINARA_REGIONAL")
    assert told == ("/regional" if reads else None)
    assert (f"./{REGIONAL.relative_to(ROOT)}:{told}:ro" in COMPOSE[service]["volumes"]) is reads


def test_the_folder_of_a_region_names_files_that_exist() -> None:
    shipped = re.findall(r"\]\((\S+\.yaml)\)", (REGIONAL / "README.md").read_text())
    assert len(shipped) == 3
    assert all((REGIONAL / file).is_file() for file in shipped)


def test_the_example_names_every_variable_that_compose_insists_on(registry: Registry) -> None:
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(check_compose.required(text)) == set(example)
    assert set(example["KINARA_CELLS"].split(",")) <= set(registry.cells)


def test_the_compose_file_is_valid() -> None:
    _, done = check_compose.check()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [("condition: service_healthy", "condition: healthy"), ("services:\n", "servics:\n")],
    ids=["no such condition", "misspelt section"],
)
def test_an_invalid_compose_file_is_found(tmp_path: Path, before: str, after: str) -> None:
    broken = tmp_path / "docker-compose.yml"
    broken.write_text((ROOT / "docker-compose.yml").read_text().replace(before, after))
    _, done = check_compose.check(broken)
    assert done.returncode != 0
