"""Digits are the ten of ASCII: pydantic's own ``\\d`` takes those of every script, which headers and readers refuse."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from embedded.stack import REPOSITORY
from kinara.contracts import ROOTS, Province, events_said_by
from kinara.contracts.export import schema_of
from pydantic import TypeAdapter, ValidationError

ELSEWHERE = ["१६", "١٦", "１６"]
"""Sixteen in Devanagari, in Arabic, and as wide as Chinese characters."""


def patterns(node: Any) -> Iterator[str]:
    """Every pattern of a document."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "pattern" and isinstance(value, str))
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from patterns(part)


@pytest.fixture
def openapi(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The document of a service's HTTP doors."""
    monkeypatch.setenv("KINARA_TOPICS", str(REPOSITORY / "deploy" / "topics.yaml"))
    return lambda service: importlib.import_module(f"{service}.main").create().openapi()


@pytest.mark.parametrize("digits", ELSEWHERE)
def test_a_province_has_ascii_digits(digits: str) -> None:
    assert Province(code="16").code == "16"
    with pytest.raises(ValidationError):
        Province(code=digits)


@pytest.mark.parametrize("service", ROOTS)
def test_no_contract_takes_the_digits_of_another_script(service: str) -> None:
    found = {pattern for event in events_said_by(service) for pattern in patterns(schema_of(event))}
    assert "^[0-9]{2}$" in found
    assert {pattern for pattern in found if r"\d" in pattern} == set()


@pytest.mark.parametrize("service", ROOTS)
def test_no_door_takes_the_digits_of_another_script(service: str, openapi: Any) -> None:
    found = set(patterns(openapi(service)))
    assert found != set()
    assert {pattern for pattern in found if r"\d" in pattern} == set()


@pytest.mark.parametrize("digits", ELSEWHERE)
@pytest.mark.parametrize(("module", "name", "times"), [("imports", "Nip", 9), ("units", "Code", 1)])
def test_personnel_takes_ascii_digits_only(module: str, name: str, times: int, digits: str) -> None:
    adapter = TypeAdapter(getattr(importlib.import_module(f"personnel.api.{module}"), name))
    adapter.validate_python("16" * times)
    with pytest.raises(ValidationError):
        adapter.validate_python(digits * times)
