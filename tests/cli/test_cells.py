"""Cells are changed in the registry's file by a command that keeps its comments and refuses what makes no sense."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from embedded.stack import REPOSITORY, Stack
from kinara.kit import cells, topics
from kinara.kit.cells import NotEditable
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.held import HELD
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.relay import RELAY
from kinara.kit.settings import KafkaUrl
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

FILE = Path("topics.yaml")
REST = """
events: {services: [feedback, training], partitions: 3, replication: 3}
dead_letters: {partitions: 1, replication: 3}
groups: {training.record: [feedback]} # the end
"""
TEXT = f"""# a registry
generation: 7 # raised
cells: # as they are
  rest: {{provinces: all}} # everybody else
  # the west
  barat:
    provinces: [11, "12"]
  timur: {{provinces: [94]}} # far away
{REST}"""


@pytest.fixture
def cell() -> str:
    """A cell that the broker does not know yet."""
    return f"uji-{new_id()[-12:]}"


@dataclass(frozen=True)
class Registered:
    """A registry's file."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text()

    def write(self, text: str) -> None:
        self.path.write_text(text)

    @property
    def read(self) -> Registry:
        return Registry.read(self.path)

    @property
    def mode(self) -> int:
        return self.path.stat().st_mode & 0o777

    @property
    def neighbours(self) -> list[str]:
        """All files of its folder."""
        return [file.name for file in self.path.parent.iterdir()]


@pytest.fixture
def file(tmp_path: Path, environment: pytest.MonkeyPatch, cell: str) -> Registered:
    """The shipped registry with a small cell of the test's own for everybody, to be changed."""
    file = tmp_path / "topics.yaml"
    text = (REPOSITORY / "deploy" / "topics.yaml").read_text()
    file.write_text(text.replace("partitions: 24", "partitions: 2").replace("nasional:", f"{cell}-0:"))
    file.chmod(0o640)
    environment.setenv("KINARA_TOPICS", str(file))
    return Registered(file)


def test_a_new_cell_is_a_line_after_the_others_and_everything_else_stays() -> None:
    assert cells.with_cell(TEXT, FILE, "jawa", ["36", "32"]) == TEXT.replace(": 7", ": 8").replace(
        "# far away\n", '# far away\n  jawa: {provinces: ["32", "36"]}\n'
    )


def test_a_cell_that_is_emptied_keeps_its_comment() -> None:
    changed = cells.with_cell(TEXT, FILE, "timur", [])
    assert "  timur: {provinces: []} # far away\n" in changed
    assert Registry.parse(changed, FILE).cell_of("94") == "rest"


def test_a_cell_of_several_lines_goes_with_all_of_them() -> None:
    changed = cells.without_cell(TEXT, FILE, "barat")
    assert "  # the west\n  timur" in changed
    assert sorted(Registry.parse(changed, FILE).cells) == ["rest", "timur"]


@pytest.mark.parametrize("name", ["barat", "timur", "jawa"])
def test_split_and_merge_leave_the_file_but_for_its_generation(name: str) -> None:
    text = cells.without_cell(TEXT, FILE, name) if name != "jawa" else TEXT
    there = cells.with_cell(text, FILE, name, ["32"])
    back = cells.without_cell(cells.with_cell(there, FILE, name, []), FILE, name)
    generation = Registry.parse(text, FILE).generation
    assert back == text.replace(f"generation: {generation}", f"generation: {generation + 3}")


def test_a_registry_without_a_generation_gets_one() -> None:
    text = TEXT.replace("generation: 7 # raised\n", "")
    assert cells.with_cell(text, FILE, "jawa", ["32"]).startswith("generation: 1\n# a registry\n")


@pytest.mark.parametrize(
    "text",
    [
        f"cells: {{rest: {{provinces: all}}}}\n{REST}",
        f"{REST}\ncells: &cells\n  rest: {{provinces: all}}\n",
        f'cells:\n  "barat": {{provinces: ["11"]}}\n  rest: {{provinces: all}}\n{REST}',
    ],
    ids=["in one line", "with an anchor", "quoted"],
)
def test_a_file_that_cannot_be_changed_line_by_line_is_left_to_people(text: str) -> None:
    assert Registry.parse(text, FILE)
    with pytest.raises(NotEditable):
        cells.with_cell(text, FILE, "barat", ["11"]) if "barat" not in text else cells.without_cell(text, FILE, "barat")


async def test_a_split_makes_topics_and_a_line_and_says_what_to_do(kinara: Any, file: Registered, cell: str) -> None:
    before = file.text
    order = ("cell", "split", cell, "--provinces", "32,36", "--replicas", "1")
    dry = await kinara(*order, "--dry-run")
    assert (dry.code, file.text) == (0, before)
    assert f'+  {cell}: {{provinces: ["32", "36"]}}' in dry.out
    answer = await kinara(*order)
    assert answer.code == 0
    assert f"KINARA_CELLS={cell}-0,{cell}" in answer.out
    assert (await kinara("topics", "diff")).out == "Topik sesuai dengan registri.\n"
    assert (file.read.cell_of("36"), file.read.generation) == (cell, 2)
    assert (file.mode, file.neighbours) == (0o640, ["topics.yaml"])
    assert [line for line in before.splitlines() if line.startswith("#")] == [
        line for line in file.text.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(
    ("order", "code", "said"),
    [
        (("split", "jawa", "--provinces", "32,99"), 2, "99"),
        (("split", "jawa", "--provinces", "32,32"), 2, "32"),
        (("split", "jawa", "--provinces", ""), 2, "Kode provinsi"),
        (("split", "Jawa.Barat", "--provinces", "32"), 2, "Jawa.Barat"),
        (("split", "DEFAULT", "--provinces", "32"), 2, "-0"),
        (("split", "lain", "--provinces", "94"), 2, "94 (timur)"),
        (("split", "timur", "--provinces", "32"), 2, "timur sudah ada"),
        (("merge", "lain"), 2, "lain tidak ada"),
        (("merge", "DEFAULT"), 2, "-0 memuat semua"),
        (("merge", "timur", "--finish"), 1, "tanpa --finish"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    kinara: Any, file: Registered, order: tuple[str, ...], code: int, said: str
) -> None:
    file.write(cells.with_cell(file.text, file.path, "timur", ["94"]))
    before = file.text
    answer = await kinara("cell", *(word.replace("DEFAULT", file.read.default_cell) for word in order))
    assert answer.code == code
    assert said in answer.err
    assert file.text == before


async def test_a_broker_that_refuses_leaves_the_file_alone(kinara: Any, file: Registered, cell: str) -> None:
    before = file.text
    answer = await kinara("cell", "split", cell, "--provinces", "32", "--replicas", "30000")
    if answer.code == 0:
        pytest.skip("this broker takes any number of replicas")
    assert (answer.code, file.text) == (1, before)


@pytest.fixture
async def emptied(kinara: Any, file: Registered, cell: str, database: Database, servers: Stack) -> str:
    """A small cell whose provinces have gone back; every service speaks by the newest registry."""
    await topics.apply(KafkaUrl.parse(servers.kafka_url), file.read, replicas=1)
    assert (await kinara("cell", "split", cell, "--provinces", "32", "--replicas", "1")).code == 0
    assert (await kinara("cell", "merge", cell)).code == 0
    await database[RELAY].insert_one({"_id": RELAY, "generation": file.read.generation, "bucket": ""})
    return cell


async def test_an_emptied_cell_stays_while_anything_is_left_in_it_and_then_goes(
    kinara: Any, emptied: str, file: Registered, database: Database, servers: Stack
) -> None:
    topic = f"asn.{emptied}.feedback.v1"
    letter = {"topic": f"{topic}.appraisal.score.{emptied}.dlq", "key": None, "value": b"", "headers": []}
    left: dict[str, tuple[str, Document]] = {
        "holds 1 behind a gap": (HELD, {"_id": "x", "topic": topic}),
        "keeps 1 dead letters that are not settled": (
            DEAD_LETTERS,
            {"_id": "x", "group": f"appraisal.score.{emptied}", "status": "open"},
        ),
        "has 1 dead letters to send there": (OUTBOX, {"_id": new_id(), "at": utc_now(), "rows": [letter]}),
    }
    for said, (where, document) in left.items():
        await database[where].insert_one(document)
        assert await hindered(kinara, emptied) == {said}
        await database[where].delete_one({"_id": document["_id"]})
    await database[RELAY].update_one({"_id": RELAY}, {"$inc": {"generation": -1}})
    assert await hindered(kinara, emptied) == {"speaks by generation 2 of the registry, and this is 3: restart it"}
    await database[RELAY].update_one({"_id": RELAY}, {"$inc": {"generation": 1}})
    dry = await kinara("cell", "merge", emptied, "--dry-run")
    assert (dry.code, emptied in file.read.cells) == (0, True)
    before = file.text
    answer = await kinara("cell", "merge", emptied, "--finish", "--json")
    assert (answer.code, answer.json["cells"], list(file.read.cells)) == (0, {f"{emptied}-0": []}, [f"{emptied}-0"])
    file.write(before)
    async with AIOKafkaProducer(**KafkaUrl.parse(servers.kafka_url).client_options(), acks="all") as producer:
        await producer.send_and_wait(topic, b"{}", key=b"x")
    assert await hindered(kinara, emptied) == {f"has 1 to read on {topic}"}


async def hindered(kinara: Any, cell: str) -> set[str]:
    """What keeps a cell, without who it is."""
    answer = await kinara("cell", "merge", cell, "--json")
    assert (answer.code, answer.json["removed"]) == (1, False)
    assert all(line in answer.err for line in answer.json["in_the_way"])
    return {line.split(" ", 1)[1] for line in answer.json["in_the_way"]}
