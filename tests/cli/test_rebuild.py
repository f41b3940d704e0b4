"""A projection is folded once more from the log: equal where nothing is wrong, named and put right where it is."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from appraisal import consumers, queries, store
from appraisal.commands import cards as commands
from appraisal.commands import closing
from appraisal.domain.tallies import Target
from appraisal.store import SCORECARDS
from kinara.contracts import Event, Province
from kinara.contracts import feedback as fb
from kinara.contracts import personnel as pn
from kinara.contracts import training as tr
from kinara.contracts.appraisal import ScoreUpdated
from kinara.kit import deadletters
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.documents import LEDGER
from kinara.kit.envelope import Raw
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database, Session
from kinara.kit.outbox import OUTBOX
from kinara.kit.regional import calendar_of
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

PLACE: dict[str, Any] = {"province": Province(code="16"), "unit_path": "/16.71/plaju"}
AT = datetime(2026, 11, 30, 2, tzinfo=UTC)
CARDS = "scorecards"
ROUNDS, LOOKS = 8, 2
"""How often three ratings come at least while an operator looks, and how often the operator looks at least."""


def registered(id_: str) -> Event:
    return pn.EmployeeRegistered(
        **PLACE, employee_id=id_, nip="199001012015042001", name="Rani Contoh", kind="PNS", sex="F", birth_year=1990,
        golongan="III/b", jabatan="Pengelola layanan", jabatan_kind="pelaksana", unit_id=new_id(),
        supervisor_id=None, effective_on=date(2026, 1, 1),
    )  # fmt: skip


def rated(id_: str | None, rating: int = 4) -> Event:
    return fb.FeedbackReceived(
        **PLACE, employee_id=id_, feedback_id=new_id(), unit_id=new_id(), rating=rating, trust=Decimal(1), given_at=AT
    )


def mentored(id_: str) -> Event:
    return tr.MentoringSessionHeld(
        **PLACE, employee_id=id_, mentoring_id=new_id(), role="mentee", other_id=new_id(), jp=Decimal(2),
        held_on=date(2026, 11, 6),
    )  # fmt: skip


@pytest.fixture
async def officers(line: Any, database: Database) -> list[str]:
    """Three people of whom everybody has spoken, and who have worked themselves; a unit besides."""
    await store.ship_policies(database)
    ids = sorted(new_id() for _ in "123")
    for id_ in ids:
        await line.say(registered(id_), *(rated(id_, n) for n in (4, 3, 2, 4) * 5), mentored(id_))
    await line.say(rated(None, 2))
    await line.hear()
    policies = await store.shelf(database)
    for id_ in ids:
        await commands.agree_indicator(
            Work(database, now=lambda: AT), SYSTEM, policies, id_, code="berkas", period="2026-11", reason="Dialog",
            target=Target("Berkas", "berkas", "max", Decimal(10), Decimal(1)),
        )  # fmt: skip
        await commands.report_progress(
            Work(database, now=lambda: AT), SYSTEM, policies, id_, indicator="berkas", amount=Decimal(4)
        )
    await line.say(*(rated(id_, 1) for id_ in ids))
    await line.hear()
    return ids


@pytest.fixture
def rebuild(kinara: Any) -> Any:
    """The command, with the machine's answer."""

    async def run(*more: str, projection: str = "appraisal.score") -> Any:
        answer = await kinara("rebuild", projection, "--verify", "--json", *more)
        return answer.code, answer.json

    return run


def told(answer: Any) -> dict[str, tuple[str, tuple[str, ...]]]:
    """By document: the verdict and why."""
    return {found["id"]: (found["verdict"], tuple(found["why"])) for found in answer["found"]}


async def spoil(database: Database, id_: str, change: dict[str, Any]) -> None:
    """Change a card behind the service's back, but in a transaction as all others do."""

    async def body(session: Session) -> Any:
        return await database[CARDS].update_one({"_id": id_}, {"$inc": {"rev": 1}} | change, session=session)

    assert (await database.transact(body, rerun_unknown=False)).matched_count == 1


async def adds_up(database: Database, id_: str) -> None:
    """Every component is the sum of what is recorded."""
    explained = await queries.explanation(Work(database), SYSTEM, await store.shelf(database), id_, "2026-11")
    for name, account in explained.accounts.items():
        mark = explained.score.components[name]
        assert mark is None or account.total == mark, name


async def test_what_folds_and_people_have_done_is_what_the_log_says(
    rebuild: Any, officers: list[str], database: Database
) -> None:
    code, answer = await rebuild()
    assert (code, answer["equal"], answer["found"]) == (0, len(officers) + 1, [])
    assert not [name for name in await database._db.list_collection_names() if name.startswith("rebuild.")]


async def test_people_read_a_sentence_and_a_table_without_values(
    kinara: Any, officers: list[str], database: Database
) -> None:
    assert (await kinara("rebuild", "appraisal.score", "--verify")).out == "appraisal.score: 4 sama.\n"
    await spoil(database, officers[0], {"$set": {"person.name": "Orang Lain"}})
    answer = await kinara("rebuild", "appraisal.score", "--verify")
    assert answer.code == 1
    assert "person.name" in answer.out
    assert "Orang" not in answer.out + answer.err
    assert "Rani" not in answer.out + answer.err


async def test_what_differs_is_named_by_field_and_swapped_while_what_people_did_stays(
    rebuild: Any, officers: list[str], database: Database
) -> None:
    one, other, third = officers
    before = {d["_id"]: d for d in await database.find(CARDS, {})}
    await spoil(database, one, {"$set": {"person.golongan": "IV/e", "months.2026-11.votes.count": 99}})
    await spoil(database, other, {"$set": {"scores.2026-11.components.M": Decimal(99)}})
    await database[CARDS].delete_one({"_id": third})
    await database[LEDGER].delete_many({"subject": third})
    code, answer = await rebuild()
    assert (code, answer["differing"], answer["missing"], answer["equal"]) == (1, 2, 1, 1)
    assert told(answer) == {
        one: ("differing", ("months.2026-11.votes.count", "person.golongan")),
        other: ("differing", ("scores.2026-11.components.M",)),
        third: ("missing", ()),
    }
    code, answer = await rebuild("--swap")
    assert (code, [found["swapped"] for found in answer["found"]]) == (0, [True] * 3)
    assert (await rebuild())[0] == 0
    after = {d["_id"]: d for d in await database.find(CARDS, {})}
    assert [after[id_]["months"] for id_ in (one, other)] == [before[id_]["months"] for id_ in (one, other)]
    assert after[one]["scores"] == before[one]["scores"]
    assert after[third]["months"]["2026-11"]["votes"] == before[third]["months"]["2026-11"]["votes"]
    for id_ in officers:
        await adds_up(database, id_)


async def test_lost_and_doubled_effects_are_counted_and_mended(
    rebuild: Any, officers: list[str], database: Database
) -> None:
    id_ = officers[0]
    page = (await database.find(LEDGER, {"subject": id_}, sort=[("_id", 1)]))[0]
    lost = page["rows"].pop(3)
    page["rows"].append(page["rows"][5])
    await database[LEDGER].replace_one({"_id": page["_id"]}, page)
    code, answer = await rebuild("--swap")
    assert told(answer) == {id_: ("differing", ("effects: 1 missing", "effects: 1 too many"))}
    assert (code, (await rebuild())[0]) == (0, 0)
    effects = await Work(database).effects(await Work(database).get(SCORECARDS, id_, SYSTEM))
    ids = [row["id"] for row in effects]
    assert len(ids) == len(set(ids))
    assert lost["id"] in ids
    await adds_up(database, id_)


async def test_a_document_that_lost_facts_gets_them_and_what_it_says_goes_on_counting(
    rebuild: Any, officers: list[str], database: Database, line: Any
) -> None:
    id_ = officers[0]
    backup = (await database.find(CARDS, {"_id": id_}))[0]
    await line.say(rated(id_, 1), rated(id_, 1))
    await line.hear()
    await database[CARDS].replace_one({"_id": id_}, backup)
    line.folder.forget(line.folder.read(await line.say(rated(id_, 4))))
    await line.hear()
    code, answer = await rebuild("--swap")
    assert told(answer) == {id_: ("differing", ("seen.feedback",))}
    assert (code, (await rebuild())[0]) == (0, 0)
    assert await database["held"].count_documents({}) == 0
    buckets = await database.find(OUTBOX, {}, sort=[("_id", 1)])
    said = [r["version"] for b in buckets for r in b["rows"] if r.get("subject") == f"employee/{id_}"]
    assert said == list(range(1, len(said) + 1))
    last = [r for b in buckets for r in b["rows"] if r.get("type") == ScoreUpdated.type()][-1]
    card = (await Work(database).get(SCORECARDS, id_, SYSTEM)).state
    assert ScoreUpdated.model_validate_json(last["data"]).score == card.scores["2026-11"].s
    await line.say(rated(id_, 2))
    await line.hear()
    assert (await rebuild())[0] == 0
    await adds_up(database, id_)


async def test_dead_letters_are_treated_as_the_live_one_has(
    rebuild: Any, officers: list[str], database: Database, line: Any
) -> None:
    def broken(raw: Raw) -> Raw:
        return dataclasses.replace(raw, value=b"{")

    spoiled = {}
    for id_ in officers:
        (record,) = await line.say(rated(id_, 4), spoil=broken)
        spoiled[id_] = f"{line.folder.group}/{(dict(record.headers)['ce_id'] or b'').decode()}"
        await line.say(rated(id_, 2))
    await line.hear()
    assert await database[DEAD_LETTERS].count_documents({}) == 3
    assert (await rebuild())[0] == 0
    repaired, let_pass, _ = officers
    whole = rated(repaired, 1).model_dump_json().encode()
    await deadletters.redrive(database, spoiled[repaired], by="uji", value=whole)
    await deadletters.discard(database, spoiled[let_pass], by="uji", reason="tidak terbaca")
    assert (await rebuild())[0] == 0
    await line.redrive()
    assert (await rebuild())[0] == 0
    await spoil(database, repaired, {"$set": {"months.2026-11.votes.count": 0}})
    assert (await rebuild("--swap"))[0] == 0
    card = (await Work(database).get(SCORECARDS, repaired, SYSTEM)).state
    assert card.month("2026-11").votes.count == 23


async def test_what_the_log_has_lost_cannot_be_rebuilt_and_stays_as_it_is(
    rebuild: Any, officers: list[str], database: Database, line: Any
) -> None:
    id_, extra = officers[0], new_id()
    (lost,) = await line.say(rated(id_, 3), lose=True)
    await line.folder.take(line.folder.read([lost]))
    await line.say(rated(id_, 1))
    (alien,) = await line.say(rated(extra, 3), lose=True)
    await line.folder.take(line.folder.read([alien]))
    await line.hear()
    before = (await database.find(CARDS, {"_id": id_}))[0]
    code, answer = await rebuild("--swap")
    assert (code, told(answer)) == (
        1,
        {id_: ("cannot be rebuilt", ("feedback 22: not in the log",)), extra: ("extra", ())},
    )
    assert (await database.find(CARDS, {"_id": id_}))[0] == before
    assert not any(found["swapped"] for found in answer["found"])


async def test_closed_periods_keep_what_late_facts_could_not_change(
    rebuild: Any, officers: list[str], database: Database, line: Any
) -> None:
    id_ = officers[0]
    later = Work(database, now=lambda: datetime(2026, 12, 3, 2, tzinfo=UTC))
    await closing.close_period(later, SYSTEM, await store.shelf(database), calendar_of(), id_, "2026-11")
    await line.say(rated(id_, 1), mentored(id_))
    await line.hear()
    assert (await rebuild())[0] == 0
    assert (await Work(database).get(SCORECARDS, id_, SYSTEM)).state.closed_through == "2026-11"


async def test_a_fold_that_was_changed_since_shows_what_it_makes_otherwise(
    rebuild: Any, officers: list[str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise LookupError("no such thing")

    monkeypatch.setitem(consumers.inbox.folds, (tr.MentoringSessionHeld.type(), "employee"), refuse)
    code, answer = await rebuild()
    assert (code, told(answer)) == (
        1,
        dict.fromkeys(officers, ("cannot be rebuilt", ("training 1: LookupError",))),
    )


async def test_a_live_projection_that_moves_on_is_compared_and_swapped_without_a_loss(
    rebuild: Any, officers: list[str], database: Database, line: Any
) -> None:
    looks = rounds = 0

    async def go_on() -> None:
        nonlocal rounds
        while rounds < ROUNDS or looks < LOOKS:
            await line.say(*(rated(id_, 1 + rounds % 4) for id_ in officers))
            await line.hear()
            rounds += 1

    going = asyncio.create_task(go_on())
    while not going.done():
        code, answer = await rebuild()
        assert (code, told(answer)) == (0, {})
        await spoil(database, officers[0], {"$inc": {"rev": 1, "months.2026-11.votes.count": 50}})
        code, answer = await rebuild("--swap")
        assert (code, told(answer)) == (0, {officers[0]: ("differing", ("months.2026-11.votes.count",))})
        looks += 1
    await going
    assert (await rebuild())[0] == 0
    for id_ in officers:
        card = (await Work(database).get(SCORECARDS, id_, SYSTEM)).state
        assert card.month("2026-11").votes.count == 21 + rounds


async def test_what_is_not_committed_yet_is_neither_missing_nor_wrong(
    rebuild: Any, officers: list[str], line: Any
) -> None:
    await line.say(rated(officers[0], 1), registered(new_id()))
    assert (await rebuild())[0] == 0
    await line.hear(commit=False)
    assert (await rebuild())[0] == 0
    await line.hear()
    assert (await rebuild())[0] == 0


async def test_a_kill_between_two_documents_leaves_whole_ones_and_the_next_run_does_the_rest(
    rebuild: Any, officers: list[str], database: Database
) -> None:
    for id_ in officers:
        await spoil(database, id_, {"$set": {"person.golongan": "IV/e"}})
    command = [sys.executable, "-m", "typer", "kinara.cli", "run", "rebuild", "appraisal.score", "--verify", "--swap"]
    killed = await asyncio.create_subprocess_exec(*command, env=os.environ | {"KINARA_CRASH_AT": "rebuild.mid_swap"})
    assert await asyncio.wait_for(killed.wait(), 120) == -signal.SIGKILL
    code, answer = await rebuild()
    assert (code, answer["differing"], answer["equal"]) == (1, 2, 2)
    assert (await rebuild("--swap"))[0] == 0
    assert (await rebuild())[0] == 0


@pytest.mark.parametrize(
    ("line", "projection", "name", "wrong", "besides"),
    [
        ("feedback", "feedback.directory", "subjects", "active", ()),
        ("training", "training.record", "records", "active", ("to_follow",)),  # its places are looked after
        ("personnel", "personnel.profile", "profiles", "appraisals.2026-11.score", ()),
    ],
    indirect=["line"],
)
async def test_every_service_says_what_follows_from_the_log(
    rebuild: Any, line: Any, projection: str, name: str, wrong: str, besides: tuple[str, ...]
) -> None:
    id_ = new_id()
    score = ScoreUpdated(
        **PLACE, employee_id=id_, period="2026-11", policy="plaju@1", k=Decimal(40), score=Decimal(40), predikat=None,
        previous_score=None,
    )  # fmt: skip
    unit = pn.UnitChanged(
        **PLACE, unit_id=new_id(), name="Kecamatan Plaju", parent_id=None, leader_id=None, active=True
    )
    await line.say(registered(id_), score, unit)
    await line.hear()
    assert (await rebuild(projection=projection))[0] == 0
    value = False if wrong == "active" else Decimal(1)
    await line.database[name].update_one({"_id": id_}, {"$set": {wrong: value}, "$inc": {"rev": 1}})
    code, answer = await rebuild("--swap", projection=projection)
    assert (code, told(answer)) == (0, {id_: ("differing", (wrong, *besides))})
    assert (await rebuild(projection=projection))[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("appraisal.score",), "--verify"),
        (("appraisal.scores", "--verify"), "appraisal.scores tidak dikenal"),
        (("payroll.pay", "--verify"), "payroll.pay tidak dikenal"),
    ],
)
async def test_what_no_service_folds_is_wrong_usage(kinara: Any, arguments: tuple[str, ...], said: str) -> None:
    answer = await kinara("rebuild", *arguments)
    assert answer.code == 2
    assert said in answer.err
