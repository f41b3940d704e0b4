"""Operators verify a database, the oversight team its own copies without any server: both hear what differs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import ProgressReported
from kinara.kit import outbox, sealing, witness
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.outbox import OUTBOX
from kinara.kit.scope import SYSTEM
from kinara.kit.sealing import PAGES, SEALS
from kinara.kit.work import Cause

FIRST, LAST = date(2026, 11, 20), date(2026, 11, 22)
Command = Callable[..., Awaitable[Any]]
VERIFY = ("seals", "verify", "--on", "2026-11-23")


def id_at(at: datetime) -> str:
    """An id as it would have been made then."""
    text = f"{int(at.timestamp() * 1000):012x}"
    return f"{text[:8]}-{text[8:]}{new_id()[13:]}"


def bucket(day: date, hour: int) -> dict[str, Any]:
    """Two facts of one transaction; their ids are made before that of the bucket."""
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    said = ProgressReported(
        province=Province(code="16"), unit_path="/16.71/plaju", employee_id=new_id(), report_id=new_id(),
        indicator="IKI-1", amount=Decimal(1), verified=True, period="2026-11", reported_at=at,
    )  # fmt: skip
    before = at - timedelta(milliseconds=1)
    rows = [outbox.row(said, id_=id_at(before), version=n, at=at, cause=Cause(new_id())) for n in (1, 2)]
    return {"_id": id_at(at), "at": at, "rows": rows}


@pytest.fixture
async def said(database: Database) -> list[dict[str, Any]]:
    """Three sealed days."""
    days = [FIRST + timedelta(days=n) for n in range(3)]
    made = [bucket(day, hour) for day in days for hour in (1, 2)]
    await database[OUTBOX].insert_many(made)
    await sealing.seal_due(database, "appraisal", lambda: datetime(2026, 11, 23, 18, tzinfo=UTC))
    return made


def answer_in(file: Path, told: list[Any]) -> str:
    """A page of seals as it was downloaded."""
    file.write_text(json.dumps({"items": told, "next": None}))
    return str(file)


async def copy(database: Database, file: Path) -> str:
    """What the oversight team downloads."""
    return answer_in(file, [seal.model_dump(mode="json") for seal in await sealing.kept(database)])


async def test_what_is_as_it_was_sealed_is_a_yes(kinara: Command, said: Any, database: Database) -> None:
    answer = await kinara(*VERIFY, "--service", "appraisal")
    assert answer.code == 0
    assert answer.out.endswith(
        "3 hari disegel (2026-11-20 s.d. 2026-11-22), 0 dibandingkan dengan salinan lama: sesuai.\n"
    )
    assert (await kinara(*VERIFY, "--service", "appraisal", "--json")).json == {
        "days": 3, "compared": 0, "late": {}, "proofs": [], "found": [],
    }  # fmt: skip


async def test_nothing_sealed_yet_is_a_yes_that_says_so(kinara: Command, database: Database) -> None:
    answer = await kinara(*VERIFY, "--service", "appraisal")
    assert (answer.code, answer.out) == (0, "0 hari disegel (tidak ada), 0 dibandingkan dengan salinan lama: sesuai.\n")


async def test_what_was_changed_is_a_no_that_names_day_and_bucket(
    kinara: Command, said: Any, database: Database
) -> None:
    await database[OUTBOX].update_one({"_id": said[2]["_id"]}, {"$set": {"rows.1.version": 9}})
    answer = await kinara(*VERIFY, "--service", "appraisal")
    assert (answer.code, "2026-11-21" in answer.out, said[2]["_id"] in answer.out) == (1, True, True)
    machine = (await kinara(*VERIFY, "--service", "appraisal", "--json")).json
    assert machine["found"] == [{"day": "2026-11-21", "bucket": said[2]["_id"], "what": "the bucket was changed"}]


async def test_a_seal_that_is_torn_is_a_no(kinara: Command, said: Any, database: Database) -> None:
    await database[SEALS].update_one({"_id": "2026-11-21"}, {"$set": {"root": "gone"}})
    answer = await kinara(*VERIFY, "--service", "appraisal")
    assert (answer.code, "Segel appraisal di basis data rusak." in answer.err) == (1, True)


async def test_a_history_written_anew_is_noticed_by_whoever_kept_a_copy(
    kinara: Command, said: Any, database: Database, tmp_path: Path
) -> None:
    known = await copy(database, tmp_path / "known.json")
    await database[OUTBOX].update_one({"_id": said[2]["_id"]}, {"$pop": {"rows": 1}})
    await database[SEALS].delete_many({})
    await database[PAGES].delete_many({})
    await sealing.seal_due(database, "appraisal", lambda: datetime(2026, 11, 23, 18, tzinfo=UTC))
    now = await copy(database, tmp_path / "now.json")
    assert (await kinara(*VERIFY, "--service", "appraisal")).code == 0
    assert (await kinara(*VERIFY, "--file", now)).code == 0
    expected = ["2026-11-21", "2026-11-22"]
    for source in (("--service", "appraisal"), ("--file", now)):
        answer = await kinara(*VERIFY, *source, "--known", known, "--json")
        assert (answer.code, [found["day"] for found in answer.json["found"]]) == (1, expected)
    assert (await kinara(*VERIFY, "--file", known, "--known", known)).code == 0


async def test_a_history_that_was_wiped_or_begun_anew_is_noticed_by_whoever_kept_a_copy(
    kinara: Command, said: Any, database: Database, tmp_path: Path
) -> None:
    known = await copy(database, tmp_path / "known.json")
    nothing = answer_in(tmp_path / "nothing.json", [])
    for collection in (OUTBOX, SEALS, PAGES):
        await database[collection].delete_many({})
    for source in (("--service", "appraisal"), ("--file", nothing)):
        answer = await kinara(*VERIFY, *source, "--known", known, "--json")
        assert (answer.code, answer.json["compared"]) == (1, 0)
        assert "of appraisal seals were published, and none is there" in {one["what"] for one in answer.json["found"]}
    assert (await kinara(*VERIFY, "--file", nothing)).code == 1
    later = date(2026, 11, 23)
    await database[OUTBOX].insert_one(bucket(later, 1))
    await sealing.seal_due(database, "appraisal", lambda: datetime(2026, 11, 24, 18, tzinfo=UTC))
    now = await copy(database, tmp_path / "now.json")
    for source, days in ((("--service", "appraisal"), 3), (("--file", now), 1)):
        answer = await kinara(*VERIFY, *source, "--known", known, "--json")
        assert (answer.code, len(answer.json["found"])) == (1, days)


async def test_pages_of_seals_continue_the_copy_that_was_kept_and_a_day_between_is_missed(
    kinara: Command, said: Any, database: Database, tmp_path: Path
) -> None:
    told = [seal.model_dump(mode="json") for seal in await sealing.kept(database)]
    first, second, third = (answer_in(tmp_path / f"{n}.json", [one]) for n, one in enumerate(told))
    answer = await kinara(*VERIFY, "--file", second, "--file", third, "--known", first, "--json")
    assert (answer.code, answer.json["compared"]) == (0, 0)
    for known in ((), ("--known", first)):
        answer = await kinara(*VERIFY, "--file", third, *known, "--json")
        assert (answer.code, answer.json["found"][0]["what"].startswith("a gap before")) == (1, True)


async def test_sealing_that_stands_still_is_a_no(
    kinara: Command, said: Any, database: Database, tmp_path: Path
) -> None:
    now = await copy(database, tmp_path / "now.json")
    for source in (("--service", "appraisal"), ("--file", now)):
        for today, code in (("2026-11-24", 0), ("2026-11-25", 1)):
            assert (await kinara("seals", "verify", *source, "--on", today)).code == code


async def test_a_proof_says_of_what_it_is_and_another_than_was_expected_is_a_no(
    kinara: Command, said: Any, database: Database, tmp_path: Path
) -> None:
    now = await copy(database, tmp_path / "now.json")
    mine, other = (row["id"] for row in said[3]["rows"])
    proof = tmp_path / "proof.json"
    proof.write_text((await witness.prove(database, mine, SYSTEM)).model_dump_json())
    asked = (*VERIFY, "--file", now, "--proof", str(proof), "--event")
    answer = await kinara(*asked, mine)
    assert answer.code == 0
    for told in (mine, said[3]["rows"][0]["type"], "employee", "2026-11-21T02:00:00.000Z"):
        assert told in answer.out
    assert (await kinara(*asked, mine, "--json")).json["proofs"] == [
        {"id": mine, "type": said[3]["rows"][0]["type"], "time": "2026-11-21T02:00:00.000Z", "subject": "employee",
         "day": "2026-11-21"}
    ]  # fmt: skip
    answer = await kinara(*asked, other, "--json")
    assert (answer.code, [one["what"] for one in answer.json["found"]]) == (
        1, [f"the proof is of another event: {mine}", f"there is no proof of the event {other}"],
    )  # fmt: skip


async def test_a_copy_and_a_proof_are_checked_without_any_server(
    kinara: Command, said: Any, database: Database, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    now = await copy(database, tmp_path / "now.json")
    proof = await witness.prove(database, said[3]["rows"][1]["id"], SYSTEM)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(proof.model_dump_json())
    bad.write_text(proof.model_copy(update={"fact": proof.fact | {"version": 9}}).model_dump_json())
    for name in ("KINARA_MONGO", "KINARA_KAFKA", "KINARA_DATABASE", "KINARA_TOPICS"):
        environment.delenv(name, raising=False)
    assert (await kinara(*VERIFY, "--file", now, "--proof", str(good))).code == 0
    answer = await kinara(*VERIFY, "--file", now, "--proof", str(bad), "--json")
    assert (answer.code, answer.json["found"][0]["what"]) == (1, "the fact is not in its bucket")


@pytest.mark.parametrize(
    "change",
    [{"facts": 3}, {"root": "0" * 64}, {"hash": "0" * 64}, {"previous": "0" * 64}, {"day": "2026-11-23"}, {"late": 1}],
    ids=lambda change: next(iter(change)),
)
async def test_a_copy_that_was_changed_does_not_hold(
    kinara: Command, said: Any, database: Database, tmp_path: Path, change: dict[str, Any]
) -> None:
    told = [seal.model_dump(mode="json") for seal in await sealing.kept(database)]
    told[1] |= change
    now = answer_in(tmp_path / "now.json", told)
    assert (await kinara(*VERIFY, "--file", now)).code == 1


async def test_what_is_no_answer_of_ours_or_no_question_is_wrong_usage(kinara: Command, tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text('{"items": [{"day": "kemarin"}]}')
    answer = await kinara(*VERIFY, "--file", str(odd))
    assert (answer.code, "bukan jawaban layanan Kinara" in answer.err) == (2, True)
    both = ("--service", "appraisal", "--file", str(odd))
    for wrong in ((), ("--service", "payroll"), both, ("--file", "gone.json")):
        assert (await kinara(*VERIFY, *wrong)).code == 2
