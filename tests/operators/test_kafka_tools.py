"""What operators do to a running stack with Kafka's own tools and kcat; nothing of it counts anything twice."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from typing import Any

import pytest
from embedded import apache
from embedded.demo.callers import Callers
from embedded.servers import Servers
from embedded.stack import REPOSITORY, Stack
from kinara.kit.documents import LEDGER
from kinara.kit.mongo import Database
from kinara.kit.testing import eventually
from kinara.kit.topics import Registry

GROUP = "appraisal.score.nasional"
TOPIC = "asn.nasional.feedback.v1"
KCAT = REPOSITORY / "build" / "kcat" / "usr"
"""Where ``.ci/run`` unpacks kcat without installing it."""

pytestmark = pytest.mark.skipif(Servers.asked().broker != "apache", reason="make test-kafka")


async def printed(*command: str, **env: str) -> str:
    """What a command prints; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complained = await process.communicate()
    assert process.returncode == 0, (said + complained).decode()
    return said.decode()


async def kafka(stack: Stack, tool: str, *arguments: str) -> str:
    """What one of Kafka's own tools prints."""
    address = f"127.0.0.1:{stack.ports['kafka']}"
    return await printed(*apache.program(tool, "--bootstrap-server", address, *arguments))


async def lag(stack: Stack) -> int | None:
    """How far the group is behind, by the tool's table; None while it has no offset to show."""
    described = await kafka(stack, "kafka-consumer-groups", "--describe", "--group", GROUP)
    behind = [row[5] for row in map(str.split, described.splitlines()) if len(row) > 5 and row[0] == GROUP]
    return sum(int(cell) for cell in behind if cell.isdecimal()) if any(map(str.isdecimal, behind)) else None


@pytest.fixture(scope="module")
async def officers(imported: Any, heard: Any) -> list[str]:
    """People of Sorong, imported from the stub SIASN and known to every service."""
    await imported("96.71")
    found = [card["employee_id"] for card in await heard("/96.71")]
    assert len(found) > 5
    return found


@pytest.fixture(scope="module")
async def rated(officers: list[str], post: Any, when: Any) -> dict[str, int]:
    """How many ratings three of them have got and show."""
    counts = {officer: number for number, officer in enumerate(officers[:3], 2)}
    for officer, count in counts.items():
        given = [await post("feedback", "/v1/feedback", {"rating": 3, "employee_id": officer}) for _ in range(count)]
        ids = {g["id"] for g in given}
        await when(
            "appraisal", f"/v1/scorecards/{officer}/effects", lambda rows, ids=ids: ids <= {r.get("ref") for r in rows}
        )
    return counts


async def test_kafka_topics_shows_every_registered_topic_with_its_partitions(stack: Stack, registry: Registry) -> None:
    described = await kafka(stack, "kafka-topics", "--describe")
    found = dict(re.findall(r"Topic: (\S+)\s+TopicId: \S+\s+PartitionCount: (\d+)", described))
    assert {topic.name: str(topic.partitions) for topic in registry.all()}.items() <= found.items()


async def test_kafka_consumer_groups_lists_each_registered_group_and_shows_that_nobody_is_behind(
    stack: Stack, registry: Registry, rated: dict[str, int]
) -> None:
    listed = (await kafka(stack, "kafka-consumer-groups", "--list")).split()
    assert {f"{group}.{registry.default_cell}" for group in registry.groups} <= set(listed)
    assert await eventually(lambda: _is_level(stack), within=60)


async def _is_level(stack: Stack) -> bool:
    return await lag(stack) == 0


async def _effects(stack: Stack) -> dict[str, list[str]]:
    """The ids of all facts with an effect, by person, in their order: full pages, then the open one."""
    database = Database(stack.mongo_url, "appraisal")
    heard: dict[str, list[str]] = {}
    for page in await database.find(LEDGER, {}, sort=[("_id", 1)]):
        heard.setdefault(page["subject"], []).extend(row["id"] for row in page["rows"])
    for card in await database.find("scorecards", {}):
        heard.setdefault(card["_id"], []).extend(row["id"] for row in card["page"]["rows"])
    database.close()
    return heard


async def test_offsets_reset_to_earliest_repeat_everything_and_count_nothing_twice(
    stack: Stack, callers: Callers, rated: dict[str, int]
) -> None:
    await eventually(lambda: _is_level(stack), within=60)
    before = await _effects(stack)
    scores = await callers.pages("appraisal", "/v1/scorecards", unit_path="/96.71")
    await asyncio.to_thread(stack.children["appraisal"].stop)

    async def reset() -> bool:
        try:
            order = ("--reset-offsets", "--to-earliest", "--all-topics", "--execute", "--group", GROUP)
            done = await kafka(stack, "kafka-consumer-groups", *order)
        except AssertionError:  # a static member keeps its place until its session is over
            return False
        return "Error" not in done

    await eventually(reset, within=60)
    assert (await lag(stack) or 0) >= sum(rated.values())
    await asyncio.to_thread(stack.start_service, "appraisal")
    await asyncio.to_thread(stack.wait_ready, "appraisal")
    await eventually(lambda: _is_level(stack), within=60)

    figures = (await callers.call("appraisal", "GET", "/metrics")).text
    repeats = sum(float(found) for found in re.findall(r"^kinara_inbox_repeats_total\{.*\} (\S+)$", figures, re.M))
    assert repeats >= sum(rated.values())
    after = await _effects(stack)
    assert after == before
    assert all(len(ids) == len(set(ids)) for ids in after.values())
    assert await callers.pages("appraisal", "/v1/scorecards", unit_path="/96.71") == scores


async def test_kcat_reads_a_fact_with_its_cloudevents_headers(stack: Stack, rated: dict[str, int]) -> None:
    program = shutil.which("kcat") or (str(KCAT / "bin" / "kcat") if KCAT.exists() else None)
    if program is None:
        pytest.skip("kcat is not on this machine")
    library = ":".join(str(folder) for folder in KCAT.glob("lib/*-linux-gnu"))
    order = ("-b", f"127.0.0.1:{stack.ports['kafka']}", "-t", TOPIC, "-C", "-e", "-q", "-J")
    lines = (await printed(program, *order, LD_LIBRARY_PATH=library)).splitlines()
    records = [json.loads(line) for line in lines]
    about = [r["key"] for r in records if r["key"] in rated]
    assert {officer: about.count(officer) for officer in rated} == rated
    headers = dict(zip(records[0]["headers"][::2], records[0]["headers"][1::2], strict=True))
    assert headers["ce_type"].startswith("id.kinara.feedback.")
    assert headers["content-type"] == "application/json"
