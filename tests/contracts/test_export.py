"""The exported schemas: committed without drift, and guarded against every change that is not a new optional field."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import jsoncompat
import pytest
from kinara.contracts import ROOTS, Event, events_said_by
from kinara.contracts.event import Province
from kinara.contracts.export import SCHEMAS, Schema, breaks, complaints, file_of, main, schema_of, text_of
from kinara.contracts.feedback import FeedbackReceived, FeedbackWithdrawn, Rating
from kinara.contracts.training import TrainingCompleted
from pydantic import BaseModel, Field, create_model

EVENTS = [event for service in ROOTS for event in events_said_by(service)]

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)


def committed(event: type[Event]) -> Schema:
    """The schema as it stands in the repository."""
    schema: Schema = json.loads((SCHEMAS / file_of(event)).read_text("utf-8"))
    return schema


def changed(event: type[Event], *, drop: str | None = None, **fields: Any) -> Schema:
    """The schema of the event's model after a change; no subclass, which would count as published."""
    kept = {name: (field.annotation, field) for name, field in event.model_fields.items() if name != drop}
    model: type[BaseModel] = create_model(event.__name__, __doc__=event.__doc__, **{**kept, **fields})
    return model.model_json_schema()


class LaterProvince(BaseModel):
    """A province with one field less."""

    code: str = Field(pattern=r"^[0-9]{2}$")


class SpelledProvince(Province):
    """A province whose digits are written as JSON Schema's dialect of patterns reads them."""

    code: str = Field(pattern=r"^\d{2}$")


class RicherProvince(Province):
    """A province with one optional field more."""

    name: str | None = None


BREAKING: list[Any] = [
    pytest.param(FeedbackReceived, {"drop": "rating"}, "event.rating was removed", id="removed field"),
    pytest.param(FeedbackReceived, {"drop": "has_text"}, "event.has_text was removed", id="removed optional field"),
    pytest.param(TrainingCompleted, {"drop": "title"}, "event.title was removed", id="removed field named title"),
    pytest.param(FeedbackReceived, {"device": (str, ...)}, "event.device is new and required", id="new required field"),
    pytest.param(FeedbackReceived, {"has_text": (bool, ...)}, "event.has_text was optional", id="required from now on"),
    pytest.param(FeedbackReceived, {"rating": (Rating, 4)}, "event.rating was required", id="left out from now on"),
    pytest.param(
        FeedbackReceived, {"rating": (Annotated[int, Field(ge=1, le=3)], ...)}, "maximum was 4", id="narrowed range"
    ),
    pytest.param(
        FeedbackReceived, {"rating": (Annotated[int, Field(ge=1, le=5)], ...)}, "maximum was 4", id="widened range"
    ),
    pytest.param(FeedbackReceived, {"rating": (str, ...)}, "type was", id="another type"),
    pytest.param(FeedbackReceived, {"employee_id": (str, ...)}, "event.employee_id", id="narrowed type"),
    pytest.param(FeedbackWithdrawn, {"reason": (Literal["citizen"], ...)}, "event.reason", id="value taken from enum"),
    pytest.param(
        FeedbackWithdrawn,
        {"reason": (Literal["citizen", "abuse", "court"], ...)},
        "event.reason.enum was",
        id="value added to enum",
    ),
    pytest.param(
        FeedbackReceived, {"province": (LaterProvince, ...)}, "province.scheme was removed", id="nested field"
    ),
]

UNSEEN: list[Any] = [
    pytest.param(FeedbackReceived, {"given_at": (date, ...)}, "event.given_at.format was", id="another format"),
    pytest.param(
        FeedbackReceived, {"unit_id": (str, Field(pattern=r"^\d+$"))}, "unit_id.pattern", id="another pattern"
    ),
    pytest.param(FeedbackReceived, {"has_text": (bool, True)}, "event.has_text.default was", id="another default"),
]
"""Changes of meaning that logic over JSON Schema does not see."""

HARMLESS: list[Any] = [
    pytest.param(FeedbackReceived, {}, id="nothing"),
    pytest.param(FeedbackReceived, {"channel": (str | None, None)}, id="new optional field"),
    pytest.param(FeedbackReceived, {"province": (RicherProvince, ...)}, id="new optional field in a nested object"),
    pytest.param(FeedbackReceived, {"has_text": (bool, Field(default=False, title="T", description="D"))}, id="words"),
    pytest.param(FeedbackWithdrawn, {"reason": (Literal["abuse", "citizen"], ...)}, id="order of an enum"),
]


@pytest.mark.parametrize(("event", "change", "why"), [*BREAKING, *UNSEEN])
def test_a_breaking_change_is_caught(event: type[Event], change: dict[str, Any], why: str) -> None:
    found = breaks(committed(event), changed(event, **change))

    assert any(why in reason for reason in found), found


@pytest.mark.parametrize(("event", "change"), HARMLESS)
def test_a_harmless_change_passes(event: type[Event], change: dict[str, Any]) -> None:
    assert breaks(committed(event), changed(event, **change)) == []


@pytest.mark.parametrize(("event", "change", "why"), BREAKING)
def test_an_independent_checker_calls_the_same_changes_breaking(
    event: type[Event], change: dict[str, Any], why: str
) -> None:
    assert not compatible_by_jsoncompat(committed(event), changed(event, **change))


@pytest.mark.parametrize(("event", "change"), HARMLESS)
def test_an_independent_checker_calls_the_same_changes_harmless(event: type[Event], change: dict[str, Any]) -> None:
    assert compatible_by_jsoncompat(committed(event), changed(event, **change))


def compatible_by_jsoncompat(old: Schema, new: Schema) -> bool:
    """Old events suit new readers, new events suit old readers. Old events say no more than their schema."""
    before, after = ({k: v for k, v in schema.items() if k != "$id"} for schema in (old, new))
    spoken = before | {"$defs": {n: closed(d) for n, d in before["$defs"].items()}}
    return jsoncompat.check_compat(
        json.dumps(closed(spoken)), json.dumps(after), "deserializer"
    ) and jsoncompat.check_compat(json.dumps(before), json.dumps(after), "serializer")


def closed(schema: Schema) -> Schema:
    """A schema that allows no property but its own."""
    return schema | {"additionalProperties": False} if "properties" in schema else schema


@every_event
def test_the_committed_schema_has_no_drift(event: type[Event]) -> None:
    assert (SCHEMAS / file_of(event)).read_text("utf-8") == text_of(event)


@every_event
def test_the_schema_is_named_by_the_events_type(event: type[Event]) -> None:
    assert schema_of(event)["$id"] == f"urn:id:kinara:{event.service}:{event.wire_name().replace('.', ':')}"


@every_event
def test_every_class_and_every_field_says_what_it_means(event: type[Event]) -> None:
    silent = [
        name for name, field in event.model_fields.items() if not field.description and not self_explanatory(name)
    ]

    assert event.__doc__
    assert silent == []


def self_explanatory(name: str) -> bool:
    """Ids, moments and days say by their suffix what they are, by their stem of what; a title is a title."""
    return name.endswith(("_id", "_at", "_on")) or name == "title"


def test_the_check_passes_on_the_repository(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_the_check_finds_a_file_that_was_edited_by_hand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / file_of(FeedbackReceived)
    file.write_text(file.read_text("utf-8").replace("accepted", "welcome"), "utf-8")

    assert main(["--check", "--folder", str(folder)]) == 1
    assert "FeedbackReceived.v1.json: differs from its class" in capsys.readouterr().err


def test_the_check_finds_a_missing_schema(folder: Path) -> None:
    (folder / file_of(FeedbackReceived)).unlink()

    assert complaints(folder) == ["feedback/FeedbackReceived.v1.json: missing; run python -m kinara.contracts.export"]


def test_an_event_that_was_published_once_cannot_disappear(folder: Path) -> None:
    shutil.copy(folder / file_of(FeedbackReceived), folder / "feedback/FeedbackPraised.v1.json")

    assert complaints(folder, drift=False) == ["feedback/FeedbackPraised.v1.json: no class says this event any more"]
    assert main(["--folder", str(folder)]) == 1


def test_digits_may_be_spelled_in_another_way() -> None:
    """Not among the harmless ones above: the independent checker reads patterns as texts."""
    assert breaks(committed(FeedbackReceived), changed(FeedbackReceived, province=(SpelledProvince, ...))) == []


def test_writing_refuses_to_replace_a_schema_by_an_incompatible_one(folder: Path) -> None:
    file = folder / file_of(FeedbackReceived)
    schema = json.loads(file.read_text("utf-8"))
    schema["properties"]["tone"] = {"type": "string"}
    file.write_text(json.dumps(schema), "utf-8")

    assert main(["--folder", str(folder)]) == 1
    assert "tone" in file.read_text("utf-8")


def test_writing_brings_words_and_missing_files_up_to_date(folder: Path) -> None:
    file = folder / file_of(FeedbackReceived)
    file.write_text(file.read_text("utf-8").replace("accepted", "welcome"), "utf-8")
    shutil.rmtree(folder / "training")

    assert main(["--folder", str(folder)]) == 0
    assert complaints(folder) == []


def test_a_schema_is_the_same_text_every_time() -> None:
    assert [text_of(event) for event in EVENTS] == [text_of(event) for event in EVENTS]
