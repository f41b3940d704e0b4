"""Operators find a dead letter, see why, and bring it back or let it pass: through the service's own inbox."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from embedded.stack import Stack
from feedback.consumers import inbox
from feedback.store import SUBJECTS
from kinara.contracts import Province
from kinara.contracts.personnel import UnitChanged
from kinara.kit.broker import make_broker
from kinara.kit.bus import Consumer
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.envelope import Raw
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id
from kinara.kit.incarnation import Incarnation
from kinara.kit.metrics import Metrics
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import raw
from kinara.kit.topics import Registry
from kinara.kit.tracing import Tracing
from kinara.kit.work import Work

NIP = "198609262015051001"
FEEDBACK = ("--service", "feedback")


def named(unit: str, name: str) -> UnitChanged:
    return UnitChanged(province=Province(code="16"), unit_path="/16.71/plaju", unit_id=unit, name=name)


@pytest.fixture
async def folder(database: Database, registry: Registry) -> Folder:
    folder = Folder(inbox, database, "feedback.directory.nasional", registry.services, "life-1")
    await SUBJECTS.prepare(database)
    await folder.prepare()
    return folder


@pytest.fixture
async def consumer(folder: Folder, servers: Stack, database: Database, registry: Registry) -> AsyncIterator[Consumer]:
    """The service's consumer doing the chore of operators' requests; it reads nothing from Kafka here."""
    settings = servers.settings()
    consumer = Consumer(
        make_broker(settings.kafka_url, "test"), folder, ["asn.nasional.personnel.v1"], settings, database=database,
        incarnation=Incarnation(settings.kafka_url, registry), metrics=Metrics(), tracing=Tracing("test"),
    )  # fmt: skip
    chores = asyncio.create_task(consumer._chores())
    yield consumer
    chores.cancel()
    with suppress(asyncio.CancelledError):
        await chores


@pytest.fixture
async def unit(folder: Folder, registry: Registry) -> str:
    """A unit whose first fact cannot be read and whose second waits behind it."""
    unit = new_id()
    broken = dataclasses.replace(raw(named(unit, "Plaju"), 1, registry), value=json.dumps({"nip": NIP}).encode())
    await folder.take(folder.read([broken, raw(named(unit, "Kecamatan Plaju"), 2, registry, offset=1)]))
    return unit


async def the_letter(database: Database) -> dict[str, Any]:
    (letter,) = await database.find(DEAD_LETTERS, {})
    return letter


async def unit_name(database: Database, unit: str) -> str:
    return (await Work(database).get(SUBJECTS, unit, SYSTEM)).state.name


def repaired(file: Path, unit: str) -> Path:
    file.write_text(named(unit, "Plaju").model_dump_json())
    return file


async def test_an_empty_list_is_an_answer_too(kinara: Any) -> None:
    answer = await kinara("dlq", "ls", *FEEDBACK)
    assert (answer.code, answer.out) == (0, "Tidak ada.\n")


async def test_open_letters_are_listed_with_their_reason(kinara: Any, unit: str, database: Database) -> None:
    letter = await the_letter(database)
    answer = await kinara("dlq", "ls", *FEEDBACK)
    assert answer.code == 0
    assert letter["_id"] in answer.out
    assert "Unreadable" in answer.out
    (listed,) = (await kinara("dlq", "ls", *FEEDBACK, "--json")).json
    assert (listed["id"], listed["status"], listed["version"]) == (letter["_id"], "open", 1)
    assert listed["reason"].startswith("Unreadable: province: Field required")


async def test_a_letter_is_shown_with_personal_numbers_masked(kinara: Any, unit: str, database: Database) -> None:
    letter = (await the_letter(database))["_id"]
    answer = await kinara("dlq", "show", letter, *FEEDBACK)
    assert answer.code == 0
    assert NIP not in answer.out
    assert "1986**********1001" in answer.out
    assert "header ce_type" in answer.out
    assert NIP not in (await kinara("dlq", "show", letter, *FEEDBACK, "--json")).out


async def test_its_value_comes_out_byte_for_byte_for_repairing(kinara: Any, unit: str, database: Database) -> None:
    answer = await kinara("dlq", "show", (await the_letter(database))["_id"], *FEEDBACK, "--value")
    assert json.loads(answer.out) == {"nip": NIP}


async def test_a_repaired_letter_is_folded_and_so_is_what_waited_behind_it(
    kinara: Any, unit: str, database: Database, consumer: Consumer, tmp_path: Path
) -> None:
    letter = (await the_letter(database))["_id"]
    fixed = str(repaired(tmp_path / "fixed.json", unit))
    answer = await kinara("dlq", "redrive", letter, *FEEDBACK, "--value", fixed, "--by", "sari", "--json")
    assert (answer.code, answer.json[0]["status"]) == (0, "redriven")
    assert await unit_name(database, unit) == "Kecamatan Plaju"
    assert (await the_letter(database))["by"] == "sari"


async def test_a_letter_that_fails_again_is_a_no(
    kinara: Any, unit: str, database: Database, consumer: Consumer
) -> None:
    letter = (await the_letter(database))["_id"]
    answer = await kinara("dlq", "redrive", letter, *FEEDBACK)
    assert answer.code == 1
    assert "Masih gagal" in answer.err
    assert (await the_letter(database))["redrives"] == 1


async def test_a_discarded_letter_lets_what_waited_go_on_and_keeps_the_reason(
    kinara: Any, unit: str, database: Database, consumer: Consumer
) -> None:
    letter = (await the_letter(database))["_id"]
    answer = await kinara("dlq", "discard", letter, *FEEDBACK, "--reason", "uji coba", "--json")
    assert (answer.code, answer.json[0]["status"]) == (0, "discarded")
    assert await unit_name(database, unit) == "Kecamatan Plaju"
    record = await Work(database).get(SUBJECTS, unit, SYSTEM)
    assert record.rows[0]["discarded"] == "uji coba"


async def test_without_a_consumer_the_request_is_kept_and_said_to_be(
    kinara: Any, unit: str, database: Database
) -> None:
    letter = (await the_letter(database))["_id"]
    answer = await kinara("dlq", "redrive", letter, *FEEDBACK, "--wait", "0")
    assert (answer.code, (await the_letter(database))["status"]) == (0, "redrive")
    assert "Permintaan tercatat" in answer.out
    again = await kinara("dlq", "redrive", letter, *FEEDBACK, "--wait", "0")
    assert again.code == 1
    assert "its status is redrive" in again.err


async def test_a_request_that_nobody_takes_in_time_is_a_no_and_is_kept(
    kinara: Any, unit: str, database: Database
) -> None:
    letter = (await the_letter(database))["_id"]
    answer = await kinara("dlq", "discard", letter, *FEEDBACK, "--reason", "uji coba", "--wait", "0.1", "--json")
    assert (answer.code, answer.json[0]["status"]) == (1, "discard")
    assert "belum dikerjakan dalam 0.1 detik" in answer.err
    assert letter in answer.err
    assert (await the_letter(database))["status"] == "discard"


async def test_an_answer_for_machines_is_json_alone_while_a_request_waits(
    kinara: Any, unit: str, database: Database
) -> None:
    letter = (await the_letter(database))["_id"]
    answer = await kinara("dlq", "redrive", letter, *FEEDBACK, "--wait", "0", "--json")
    assert (answer.code, json.loads(answer.out)[0]["status"]) == (0, "redrive")


async def test_one_unknown_id_leaves_all_letters_as_they_are(kinara: Any, unit: str, database: Database) -> None:
    letter = (await the_letter(database))["_id"]
    answer = await kinara("dlq", "discard", letter, "nobody", *FEEDBACK, "--reason", "uji coba")
    assert (answer.code, (await the_letter(database))["status"]) == (1, "open")
    assert "nobody tidak ditemukan" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ls", "--service", "payroll"), "expected one of"),
        (("show", "x", *FEEDBACK), "tidak ditemukan"),
        (("redrive", "x", "y", *FEEDBACK, "--value", "{broken}"), "hanya untuk satu"),
        (("redrive", "x", *FEEDBACK, "--value", "{broken}"), "bukan JSON"),
        (("discard", "x", *FEEDBACK, "--reason", " "), "Sebutkan alasannya"),
    ],
    ids=["unknown service", "unknown letter", "one value for two", "value that is not JSON", "no reason"],
)
async def test_wrong_usage_is_said_before_anything_is_done(
    kinara: Any, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    answer = await kinara("dlq", *(a.format(broken=broken) for a in arguments))
    assert answer.code == (1 if "show" in arguments else 2)
    assert said in answer.err


async def test_a_letter_without_readable_headers_can_be_shown(kinara: Any, folder: Folder, database: Database) -> None:
    headers = (("ce_id", b"\xff"), ("empty", None))
    await folder.take(folder.read([Raw("asn.nasional.personnel.v1", 3, 7, None, None, headers)]))
    answer = await kinara("dlq", "show", (await the_letter(database))["_id"], *FEEDBACK)
    assert answer.code == 0
    assert "asn.nasional.personnel.v1/3/7" in answer.out


async def test_a_database_that_is_away_is_said_in_one_line(kinara: Any, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("KINARA_MONGO", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")
    answer = await kinara("dlq", "ls", *FEEDBACK)
    assert answer.code == 3
    assert "KINARA_MONGO" in answer.err
    assert "Traceback" not in answer.err
