"""A fact that became another one is a new version; both stand in one module, and are told apart on the wire."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

import pytest
from kinara.contracts import ROOTS, Event, events_said_by
from kinara.contracts.export import complaints, main, schema_of


class _ToyEvent(Event):
    """Root of events that are published by nobody but the test below."""

    service: ClassVar[str] = "toy"


class Waved(_ToyEvent):
    """Somebody waved."""

    unit_id: str


class WavedV2(_ToyEvent):
    """Somebody waved, and we know with which hand."""

    version: ClassVar[int] = 2

    unit_id: str
    hand: Literal["left", "right"]


def test_two_versions_of_an_event_stand_side_by_side(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROOTS, "toy", _ToyEvent)

    assert [event.type() for event in events_said_by("toy")] == ["id.kinara.toy.Waved.v1", "id.kinara.toy.Waved.v2"]
    assert main(["--folder", str(folder)]) == 0
    assert sorted(path.name for path in (folder / "toy").iterdir()) == ["Waved.v1.json", "Waved.v2.json"]
    assert schema_of(WavedV2)["$id"] == "urn:id:kinara:toy:Waved:v2"
    assert complaints(folder) == []
