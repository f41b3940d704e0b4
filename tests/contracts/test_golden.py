"""Golden samples: what was once published can be read for ever."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from kinara.contracts import ROOTS, Event, events_said_by
from kinara.contracts.export import SCHEMAS, file_of

GOLDEN = Path(__file__).parent / "golden"

CLASSES = {event.wire_name(): event for service in ROOTS for event in events_said_by(service)}
SAMPLES = sorted(GOLDEN.glob("*.json"), key=lambda path: path.name)
LATEST = sorted(CLASSES)

every_sample = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)


def class_of(path: Path) -> type[Event]:
    """The class of a sample; a class may disappear only when nobody ever published its facts."""
    return CLASSES[path.stem]


@pytest.mark.parametrize("name", LATEST)
def test_every_event_class_has_a_golden_sample(name: str) -> None:
    assert (GOLDEN / f"{name}.json").is_file()


@every_sample
def test_every_sample_of_every_version_still_parses(path: Path) -> None:
    event = class_of(path).model_validate_json(path.read_bytes())

    assert event.type() == f"id.kinara.{event.service}.{path.stem}"


@every_sample
def test_parsing_loses_nothing_of_a_sample(path: Path) -> None:
    sample = json.loads(path.read_text("utf-8"))

    said_again = json.loads(class_of(path).model_validate(sample).model_dump_json())

    assert {name: said_again.get(name) for name in sample} == sample


@every_sample
def test_a_sample_is_about_an_employee_or_a_unit(path: Path) -> None:
    event = class_of(path).model_validate_json(path.read_bytes())

    sample = json.loads(path.read_text("utf-8"))
    assert event.subject.id == sample.get("employee_id", sample.get("unit_id"))
    assert event.subject.kind == ("employee" if "employee_id" in sample else "unit")


@every_sample
def test_a_reader_in_another_language_accepts_the_sample_by_its_schema(path: Path) -> None:
    schema = json.loads((SCHEMAS / file_of(class_of(path))).read_text("utf-8"))

    reader = jsonschema_rs.validator_for(schema, validate_formats=True)

    assert reader.is_valid(json.loads(path.read_text("utf-8")))


@every_sample
def test_a_reader_ignores_what_it_does_not_know_yet(path: Path) -> None:
    sample = json.loads(path.read_text("utf-8"))

    event = class_of(path).model_validate({**sample, "field_of_next_year": 1})

    assert event == class_of(path).model_validate(sample)
