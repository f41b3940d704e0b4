"""Real processes, a real broker, a real database: nothing is lost and nothing counts twice, whoever dies when."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import signal
import time
from typing import Any

import pytest
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit import deadletters
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.envelope import Raw
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.relay import RELAY
from kinara.kit.testing import eventually, raw
from running import REGISTRY, Load, Servers, Toy, effects, nothing_lost_or_doubled
from toy import rated

PARTITIONS = 6
FIGURES = {
    "kinara_events_folded_total", "kinara_inbox_repeats_total", "kinara_dead_letters_total", "kinara_held_events",
    "kinara_held_oldest_seconds", "kinara_event_age_seconds", "kinara_consumer_lag_events",
    "kinara_consumer_lag_seconds", "kinara_assigned_partitions", "kinara_outbox_pending",
    "kinara_outbox_oldest_seconds", "kinara_http_request_seconds",
}  # fmt: skip
UNHURRIED = 0.2
"""Seconds between two reports: fewer are in a transaction when a process stops, whose locks a database keeps for a
minute."""


async def test_a_toy_started_first_is_live_and_says_what_it_waits_for_until_its_servers_come(mortal: Servers) -> None:
    await mortal.kill("mongo")
    await mortal.kill("kafka")
    toy = mortal.toy("a")
    toy.child.start()
    await toy.listens()
    assert (await toy.http.get("/health/live")).status_code == 200
    assert {"database", "broker", "consumers"} <= (await toy.problems() or {}).keys()
    assert (await toy.http.get("/metrics")).status_code == 200
    await mortal.start_database()
    await eventually(lambda: _complains_only_of(toy, "broker", "consumers"))
    await mortal.start_broker()
    await toy.ready()


async def _complains_only_of(toy: Toy, *checks: str) -> bool:
    return set(await toy.problems() or ()) == set(checks)


async def test_a_bad_record_waits_for_an_operator_while_all_others_count_once(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    one, other = new_id(), new_id()
    first, second, third = (raw(rated(one, n), n, REGISTRY) for n in (1, 2, 3))
    bad = [
        dataclasses.replace(second, value=b'{"half'),
        dataclasses.replace(raw(rated(other), 1, REGISTRY), headers=(("ce_id", b"\xff\xfe"), ("x-null", None))),
        Raw(first.topic, 0, 0, None, b"?", ()),
    ]
    fine = [raw(rated(other, n), n, REGISTRY) for n in (1, 2, 3, 4)]
    await mortal.send([first, bad[0], *fine, bad[1], third, *fine, bad[2], first, third, bad[0]])
    await eventually(lambda: _totals(toys_database, {one: 1, other: 10}))
    letters = await eventually(lambda: _dead_letters(mortal, len(bad)))
    assert await toys_database[DEAD_LETTERS].count_documents({}) == len(bad)
    reasons = {bytes(r.value): dict(r.headers)["x-exception-message"].decode() for r in letters}
    assert reasons[b'{"half'].startswith("value: Invalid JSON")
    assert sorted(reasons.values())[0] == "ce_type: missing"
    assert await toy_a.metric("kinara_dead_letters_total") >= len(bad)

    letter = f"toy.tally.uji/{_id(second)}"
    await deadletters.redrive(toys_database, letter, by="ops", value=second.value)
    await eventually(lambda: _totals(toys_database, {one: 6, other: 10}))
    heard = (await effects(toys_database, FeedbackReceived.type()))[one]
    assert [row["id"] for row in heard] == [_id(first), _id(second), _id(third)]


def _id(record: Raw) -> str:
    return (dict(record.headers)["ce_id"] or b"").decode()


async def _totals(database: Database, wanted: dict[str, int]) -> bool:
    found = await database.find_by_ids("tallies", wanted)
    return {id_: document["total"] for id_, document in found.items()} == wanted


async def _dead_letters(servers: Servers, count: int) -> list[Any]:
    found = await servers.topic("asn.uji.feedback.v1.toy.tally.uji.dlq")
    return found if len(found) == count else []


async def test_the_figures_of_a_process_are_those_that_dashboards_ask_for(toy_a: Toy) -> None:
    await toy_a.report(new_id())
    await toy_a.http.get("/v1/nothing/of/the/kind")
    text = (await toy_a.http.get("/metrics")).text
    assert {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE kinara")} >= FIGURES
    assert '_count{method="POST",route="/v1/reports",status="202"}' in text
    assert 'route="none",status="404"' in text
    assert "of/the/kind" not in text


async def test_an_error_that_nobody_foresaw_leaves_no_personal_number_in_the_log(toy_a: Toy) -> None:
    answer = await toy_a.http.get("/v1/broken", headers={"X-Correlation-ID": "broken-12345"})
    assert (answer.status_code, answer.headers["x-correlation-id"]) == (500, "broken-12345")
    written = toy_a.child.log.read_text()
    assert "198609262015051001" not in written + answer.text
    failed = [line for line in map(json.loads, written.splitlines()) if line.get("event") == "request failed"]
    assert [line["correlation"] for line in failed] == ["broken-12345"]
    assert "1986**********1001" in failed[0]["exception"]


async def test_a_term_signal_drains_and_what_was_accepted_has_been_sent(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    async with Load(toy_a, pause=0) as load, toy_a.http.stream("GET", "/v1/stream") as listening:
        lines = listening.aiter_lines()
        await load.more(20)
        assert await anext(lines) in load.accepted
        asked, logged = time.monotonic(), toy_a.child.log.stat().st_size
        toy_a.child.signal(signal.SIGTERM)
        async for _line in lines:
            """The stream ends properly instead of being cut."""
        await asyncio.to_thread(toy_a.child.wait, 20)
    assert time.monotonic() - asked < 5
    assert b"Traceback" not in toy_a.child.log.read_bytes()[logged:]
    sent = {dict(r.headers)["ce_id"].decode() for r in await mortal.topic("asn.uji.appraisal.v1")}
    assert set(load.accepted) <= sent


async def test_a_kill_at_any_named_point_loses_and_doubles_nothing(mortal: Servers, toys_database: Database) -> None:
    await mortal.start()
    toy_a = mortal.toy("a")
    await asyncio.to_thread(toy_a.child.stop)
    employee, accepted = new_id(), []
    for point in ("outbox.before_send", "outbox.after_send", "inbox.after_effect"):
        toy_a.child.start({"KINARA_CRASH_AT": point})
        await toy_a.listens()
        accepted.append(await toy_a.report(employee))
        await toy_a.dies()
    toy_a.child.start()
    await toy_a.ready()
    accepted += [await toy_a.report(employee) for _ in range(5)]
    await nothing_lost_or_doubled(toys_database, [fact for fact in accepted if fact is not None])


async def test_a_broker_that_comes_back_empty_loses_and_doubles_nothing(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    async with Load(toy_a) as load:
        await load.more(20)
        await mortal.kill("kafka")
        await load.more(20)
        await mortal.start_broker()
        await load.more(20)
        await toy_a.ready()
        await load.more(20)
    await nothing_lost_or_doubled(toys_database, load.accepted)


async def test_a_database_killed_under_load_loses_and_doubles_nothing(
    mortal: Servers, toy_a: Toy, toys_database: Database
) -> None:
    async with Load(toy_a, pause=0) as load:
        await load.more(30)
        await mortal.kill("mongo")
        await mortal.start_database()
        await load.more(30)
    await nothing_lost_or_doubled(toys_database, load.accepted)


@pytest.fixture
async def toy_b(mortal: Servers, toy_a: Toy) -> Toy:
    """A second process of the toy, which has its share of the partitions."""
    toy_b = mortal.toy("b")
    if not toy_b.child.running:
        toy_b.child.start()
    await toy_b.ready()
    await eventually(lambda: _shares(toy_a, toy_b))
    return toy_b


async def _shares(*toys: Toy) -> bool:
    shares = [await toy.metric("kinara_assigned_partitions") for toy in toys]
    return sum(shares) == PARTITIONS and all(shares)


async def test_two_processes_share_the_work_and_count_each_fact_once(
    toy_a: Toy, toy_b: Toy, toys_database: Database
) -> None:
    async with Load(toy_a, toy_b) as load:
        await load.more(40)
    await nothing_lost_or_doubled(toys_database, load.accepted)


async def test_a_process_that_wakes_after_its_session_has_run_out_doubles_nothing(
    toy_a: Toy, toy_b: Toy, toys_database: Database
) -> None:
    toy_b.child.signal(signal.SIGSTOP)
    async with Load(toy_a, pause=UNHURRIED) as load:
        await eventually(lambda: _shares(toy_a), within=40)
        await load.more(5)
        toy_b.child.signal(signal.SIGCONT)
        await eventually(lambda: _shares(toy_a, toy_b), within=40)
        await load.more(5)
    await nothing_lost_or_doubled(toys_database, load.accepted)


async def test_when_the_relay_is_killed_another_process_takes_over(
    toy_a: Toy, toy_b: Toy, toys_database: Database
) -> None:
    leader = (await toys_database.find_one(RELAY, {"_id": RELAY}) or {})["owner"]
    toy_a.child.kill()
    killed = time.monotonic()
    async with Load(toy_b, pause=UNHURRIED) as load:
        await eventually(lambda: _led_by_another(toys_database, leader))
        assert time.monotonic() - killed < 8
        await eventually(lambda: _shares(toy_b), within=40)
        await load.more(5)
    await nothing_lost_or_doubled(toys_database, load.accepted)


async def _led_by_another(database: Database, leader: str) -> bool:
    position = await database.find_one(RELAY, {"_id": RELAY})
    return position is not None and position["owner"] != leader


async def test_a_process_without_its_servers_still_ends_when_told_to(mortal: Servers) -> None:
    await mortal.start()
    toy = next((t for t in mortal.toys.values() if t.child.running), mortal.toy("a"))
    if not toy.child.running:
        toy.child.start()
    await toy.ready()
    for server in ("kafka", "mongo"):
        await mortal.kill(server)
    await eventually(lambda: _complains_only_of(toy, "broker", "database"))
    asked = time.monotonic()
    toy.child.signal(signal.SIGTERM)
    assert await asyncio.to_thread(toy.child.wait, 20)
    assert time.monotonic() - asked < 15
