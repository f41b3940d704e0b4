"""The registry decides which topics exist; the command says what differs, creates what is missing, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from embedded.stack import REPOSITORY, Stack
from kinara.kit.ids import new_id


@pytest.fixture
def cell() -> str:
    """A cell that the broker does not know yet."""
    return f"uji-{new_id()[-12:]}"


@pytest.fixture
def registry_file(cell: str, tmp_path: Path, environment: pytest.MonkeyPatch) -> Path:
    """The registry with one more cell."""
    file = tmp_path / "topics.yaml"
    file.write_text((REPOSITORY / "deploy" / "topics.yaml").read_text())
    rewrite(file, cells={cell: {"provinces": ["16"]}})
    environment.setenv("KINARA_TOPICS", str(file))
    return file


def rewrite(file: Path, **changes: dict[str, Any]) -> None:
    """Change some sections of a registry file."""
    registry = yaml.safe_load(file.read_text())
    for section, change in changes.items():
        registry[section] |= change
    file.write_text(yaml.safe_dump(registry))


async def test_topics_as_registered_are_a_yes(kinara: Any) -> None:
    answer = await kinara("topics", "diff")
    assert (answer.code, answer.out) == (0, "Topik sesuai dengan registri.\n")
    assert (await kinara("topics", "diff", "--json")).json == {"differences": []}


async def test_a_missing_topic_is_a_no_until_it_is_created(kinara: Any, registry_file: Path, cell: str) -> None:
    before = await kinara("topics", "diff")
    assert before.code == 1
    assert f"asn.{cell}.personnel.v1: missing" in before.out
    applied = await kinara("topics", "apply", "--replicas", "1", "--json")
    assert applied.code == 0
    assert f"asn.{cell}.personnel.v1" in applied.json["created"]
    assert f"asn.{cell}.personnel.v1.feedback.directory.{cell}.dlq" in applied.json["created"]
    assert (await kinara("topics", "diff")).code == 0
    again = await kinara("topics", "apply", "--replicas", "1")
    assert (again.code, again.out) == (0, "Tidak ada topik baru.\n")


async def test_a_topic_of_another_shape_is_named_and_left_alone(kinara: Any, registry_file: Path, cell: str) -> None:
    await kinara("topics", "apply", "--replicas", "1")
    rewrite(registry_file, events={"partitions": 12})
    answer = await kinara("topics", "apply", "--replicas", "1")
    assert answer.code == 1
    assert f"asn.{cell}.training.v1: 24 partitions, expected 12" in (await kinara("topics", "diff")).out
    assert "belum sesuai" in answer.err


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("KINARA_KAFKA", "kafka://127.0.0.1:1", 3, "Periksa KINARA_KAFKA"),
        ("KINARA_KAFKA", "127.0.0.1:9092", 2, "KINARA_KAFKA: Value error, expected kafka://"),
        ("KINARA_TOPICS", "nowhere.yaml", 2, "nowhere.yaml tidak ditemukan"),
        ("KINARA_BATCH", "0", 2, "KINARA_BATCH"),
    ],
    ids=["broker away", "no kafka url", "no registry", "setting out of range"],
)
async def test_what_is_wrong_is_said_with_its_exit_code(
    kinara: Any, environment: pytest.MonkeyPatch, variable: str, value: str, code: int, said: str
) -> None:
    environment.setenv(variable, value)
    answer = await kinara("topics", "diff")
    assert answer.code == code
    assert said in answer.err
    assert "Traceback" not in answer.err


async def test_a_registry_that_contradicts_itself_is_refused(kinara: Any, registry_file: Path, servers: Stack) -> None:
    rewrite(registry_file, groups={"training.record": ["payroll"]})
    answer = await kinara("topics", "diff")
    assert answer.code == 2
    assert "payroll" in answer.err
