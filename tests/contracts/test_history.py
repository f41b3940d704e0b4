"""What was committed binds the events, whatever becomes of the files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from kinara.contracts import ROOTS, events_said_by
from kinara.contracts.export import complaints, file_of, main, text_of
from kinara.contracts.feedback import FeedbackReceived


@pytest.fixture
def repository(folder: Path) -> Path:
    """Schemas of which the last commit has an event and a field that the classes do not have."""
    shutil.copy(folder / file_of(FeedbackReceived), folder / "feedback/FeedbackPraised.v1.json")
    file = folder / file_of(FeedbackReceived)
    schema = json.loads(file.read_text("utf-8"))
    schema["properties"]["tone"] = {"type": "string"}
    file.write_text(json.dumps(schema), "utf-8")
    author = ("-c", "user.name=Uji", "-c", "user.email=uji@example.go.id")
    alone = {"PATH": os.environ["PATH"], "HOME": str(folder.parent)}  # nobody's settings, and no hook's repository
    for step in (("init",), ("add", "."), (*author, "commit", "--message", "Published")):
        subprocess.run(["git", *step], cwd=folder.parent, env=alone, check=True, capture_output=True)
    return folder


def test_a_deleted_schema_still_binds_the_event(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / file_of(FeedbackReceived)).unlink()
    (repository / "feedback/FeedbackPraised.v1.json").unlink()

    assert main(["--folder", str(repository)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "feedback/FeedbackPraised.v1.json: no class says this event any more",
        "feedback/FeedbackReceived.v1.json: event.tone was removed",
    ]
    assert not (repository / file_of(FeedbackReceived)).exists()


def test_a_schema_that_was_written_anew_still_binds_the_event(repository: Path) -> None:
    for event in (event for service in ROOTS for event in events_said_by(service)):
        (repository / file_of(event)).write_text(text_of(event), "utf-8")

    assert "feedback/FeedbackReceived.v1.json: event.tone was removed" in complaints(repository)
