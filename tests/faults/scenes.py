"""The scenes: for each kind of bug the shortest story that brings it out. Without a bug every one of them ends well."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from kinara.kit import deadletters
from kinara.kit.deadletters import DEAD_LETTERS
from kinara.kit.ids import new_id
from kinara.kit.lag import lags
from kinara.kit.testing import eventually

from faults.ending import all_sent, judged
from faults.history import Recovery
from faults.load import ROWS, bring, rows_to_import
from faults.poisons import POISONS, Fate, good, legible
from faults.proxy import Proxy
from faults.sayings import changed, promoted, rated, registered
from faults.stage import BOTH, Stage

ORDERS = (2, 1), (4, 2, 1, 3), (6, 3, 1, 5, 2, 4), (1, 6, 5, 4, 3, 2)
"""In which facts about one person may come."""
SAID, COMMITTED = b"\x02insert\x00\x07\x00\x00\x00outbox\x00", b"commitTransaction\x00"
"""How a client's request begins that puts facts into the outbox, and what stands in one that commits."""
AFTER_EFFECT, BEFORE_SEND, AFTER_ROWS = "inbox.after_effect", "outbox.before_send", "import.after_batch"


@dataclass(frozen=True, slots=True)
class Scene:
    """A story to be played on a stage."""

    play: Callable[[Stage], Awaitable[None]]
    alone: bool = False
    """Whether it breaks what other stages stand on."""
    cut_off: bool = False
    """Whether there is a proxy before the database."""
    cast: tuple[str, ...] = BOTH
    """The services that play."""


async def plain(stage: Stage) -> None:
    """Nothing goes wrong: people speak, some of them twice; one is spoken of until a page is full."""
    await stage.start(*BOTH)
    await stage.opened()
    hot = stage.people.ids[0]
    await stage.people.target(hot)
    await stage.people.look(hot)
    await asyncio.gather(stage.people.many(30, stage.people.voice), stage.people.many(20, stage.people.voice, [hot]))
    await stage.people.many(5, stage.people.voice_twice)
    for _ in range(3):
        await stage.people.report(hot)
        await stage.people.look(hot)


async def started_late(stage: Stage) -> None:
    """Appraisal comes when much has been said already."""
    await stage.start("feedback")
    await stage.opened()
    await stage.people.many(40, stage.people.voice)
    await stage.start("appraisal")
    await stage.opened()


async def restarted(stage: Stage) -> None:
    """Appraisal is killed while it has nothing to do, and people go on speaking."""
    await stage.start(*BOTH)
    await stage.opened()
    await stage.people.many(30, stage.people.voice)
    await judged(stage)
    await eventually(lambda: committed(stage), 30)
    await stage.kill("appraisal")
    await stage.people.many(30, stage.people.voice)
    await eventually(lambda: all_sent(stage), 30)  # or offsets beyond the end would be no offsets at all
    await stage.start("appraisal")


async def committed(stage: Stage) -> bool:
    """Whether offsets are where everything has been read, or beyond."""
    return all(lag.events <= 0 for lag in await lags(stage.kafka, stage.registry))


async def killed_in_the_inbox(stage: Stage) -> None:
    """Appraisal dies between the effect of its first batch and the offsets."""
    await stage.start("feedback")
    await stage.opened()
    await stage.people.many(20, stage.people.voice)
    await stage.start("appraisal", crash=AFTER_EFFECT)
    await stage.dies("appraisal")
    await stage.start("appraisal")


async def killed_in_the_relay(stage: Stage) -> None:
    """Feedback dies when it is about to send what somebody has said."""
    await stage.start("feedback", crash=BEFORE_SEND)
    await stage.start("appraisal")
    await stage.opened()
    said = asyncio.create_task(stage.people.many(8, stage.people.voice))
    await stage.dies("feedback")
    await stage.start("feedback")
    await said
    await stage.people.many(8, stage.people.voice)


async def sender_killed(stage: Stage) -> None:
    """Feedback is killed while people speak, and another instance takes its place: what they say goes out soon."""
    await stage.start(*BOTH)
    await stage.opened()
    speaking = asyncio.create_task(stage.people.many(60, stage.people.voice))
    await eventually(lambda: stage.people.accepted > 8, 60, every=0.01)
    await stage.kill("feedback")
    await speaking
    await stage.start("feedback", KINARA_INSTANCE="another")
    since = time.monotonic()
    await asyncio.to_thread(stage.stack.wait_ready, "feedback")
    await stage.people.many(10, stage.people.voice)
    await eventually(lambda: all_sent(stage), 120)
    stage.injected.recoveries.append(Recovery("kill", time.monotonic() - since))


async def imported(stage: Stage) -> None:
    """Personnel dies in the middle of a file of people, some of whose rows are bad, and goes on with it."""
    batch = {"KINARA_IMPORT_BATCH": str(ROWS // 4)}
    await stage.start("personnel", crash=AFTER_ROWS, **batch)
    await asyncio.to_thread(stage.stack.wait_ready, "personnel")
    await bring(stage.people.calls, list(islice(rows_to_import(), ROWS)))
    await stage.dies("personnel")
    await stage.start(*stage.cast, **batch)
    database = stage.database("personnel")
    try:
        await eventually(lambda: database.find("imports", {"state": "done"}), 60)
    finally:
        database.close()


async def reordered(stage: Stage) -> None:
    """Facts come in any order."""
    await stage.start(*BOTH)
    await stage.opened()
    for versions in ORDERS:
        person = new_id()
        await stage.say("personnel", (registered(person, stage.people.boss), 1))
        await stage.say("feedback", *((rated(person), version) for version in versions))
    await stage.people.many(10, stage.people.voice)


async def poisoned(stage: Stage) -> None:
    """Every kind of poison, each followed by a good fact; and appraisal dies while it puts them aside."""
    for person in stage.people.ids[:3]:
        await stage.say("personnel", (promoted(person), 2), (changed(person, stage.people.boss), 3))
    for poison in POISONS.values():
        first, follows = (good(victim, stage.registry, v) for victim in [new_id()] for v in (1, 2))
        spoiled = poison.spoil(first)
        if poison.fate in (Fate.SKIPPED, Fate.COUNTS):
            await stage.say_raw(spoiled, follows)
            continue
        (place,) = await stage.send([spoiled])
        (stage.injected.poison if poison.fate is Fate.DEAD else stage.injected.parked).add(place)
        behind = set(await stage.send([follows]))
        stage.injected.parked |= behind
        stage.injected.legible |= {place, *behind} if legible(spoiled, first) else set()
    await stage.start("appraisal", crash=AFTER_EFFECT)
    await stage.dies("appraisal")
    await stage.start(*BOTH)
    await stage.opened()


async def redriven(stage: Stage) -> None:
    """A dead letter is repaired and sent back; what waited behind it follows."""
    first, follows = (good(victim, stage.registry, v) for victim in [new_id()] for v in (1, 2))
    stage.injected.poison |= set(await stage.send([POISONS["text for a number"].spoil(first)]))
    await stage.say_raw(follows)
    await stage.start(*BOTH)
    database = stage.database("appraisal")
    try:
        (letter,) = await eventually(lambda: database.find(DEAD_LETTERS, {"status": "open"}), 30)
        await deadletters.redrive(database, letter["_id"], by="uji", value=first.value)
        await eventually(lambda: database.find(DEAD_LETTERS, {"status": "redriven"}), 30)
    finally:
        database.close()
    await stage.say_raw(first)


async def two_writers(stage: Stage) -> None:
    """Commands and facts change the same cards, in turns and at the same time."""
    await stage.start(*BOTH)
    await stage.opened()
    few = stage.people.ids[:3]
    await stage.people.many(len(few), stage.people.target, few)
    for _ in range(4):  # in turns: what the consumer remembers of two of the three is out of date each time
        await stage.people.many(12, stage.people.voice, few)
        await eventually(lambda: all_sent(stage), 30)  # until then nobody is behind, and nothing is folded
        await eventually(lambda: committed(stage), 30)
        await stage.people.many(2, stage.people.report, few[:2])
    await asyncio.gather(
        stage.people.many(60, stage.people.voice, few),
        stage.people.many(60, stage.people.report, few),
        stage.people.many(10, stage.people.target, few),
    )
    await stage.people.many(20, stage.people.voice)


async def database_killed(stage: Stage) -> None:
    """The database dies under a batch, and under requests."""
    await stage.start(*BOTH)
    await stage.opened()
    stage.nudge("appraisal", signal.SIGSTOP)
    await stage.people.many(20, stage.people.voice)
    await eventually(lambda: all_sent(stage), 30)
    await stage.kill_server("mongo")
    stage.nudge("appraisal", signal.SIGCONT)
    await eventually(lambda: stage.complains("appraisal", "batch"), 30)
    await stage.start_server("mongo")
    for _ in range(2):
        speaking = asyncio.create_task(stage.people.many(100, stage.people.voice))
        reporting = asyncio.create_task(stage.people.many(30, stage.people.target))
        before = stage.people.accepted
        await eventually(lambda at=before: stage.people.accepted > at + 20, 60, every=0.01)
        await stage.kill_server("mongo")
        await stage.start_server("mongo")
        await asyncio.gather(speaking, reporting)


async def cut_off(stage: Stage) -> None:
    """Between the services and the database answers get lost: those to facts, whose commit then never comes, and those
    to commits. These are of targets, since an answer is kept for reports, and whoever runs them again finds it."""
    proxy = stage.proxy
    assert proxy is not None
    await stage.start(*BOTH)
    await stage.opened()
    await stage.people.many(len(stage.people.ids), stage.people.target)
    said, committed = (SAID, stage.people.report), (COMMITTED, stage.people.target)
    for words, ask in (said, committed, committed) * 3:  # a commit may be a chore's, which can be done twice
        before = stage.people.accepted
        asking = asyncio.create_task(stage.people.many(60, ask))
        await eventually(lambda at=before: stage.people.accepted > at + 8, 60, every=0.01)
        proxy.cut_off_after(words)
        await eventually(lambda: not proxy.trap, 60, every=0.01)
        await silence(proxy)
        proxy.reset()
        lost = stage.people.unknown
        await eventually(lambda at=lost: stage.people.unknown > at, 60)  # the driver has given up, not only tried again
        proxy.heal()
        await asking
    await stage.people.many(10, stage.people.voice)


async def silence(proxy: Proxy) -> None:
    """Wait until nobody sends any more: everybody waits for an answer."""
    moved = [-1]

    def still() -> bool:
        moved.append(proxy.moved["up"])
        return moved[-1] == moved[-2]

    await eventually(still, 60, every=0.2)


async def broker_emptied(stage: Stage) -> None:
    """The broker loses everything while appraisal sleeps."""
    await stage.start(*BOTH)
    await stage.opened()
    stage.nudge("appraisal", signal.SIGSTOP)
    await stage.people.many(20, stage.people.voice)
    await eventually(lambda: all_sent(stage), 30)
    await stage.kill_server("kafka")
    stage.injected.emptied += 1
    await stage.start_server("kafka")
    await stage.furnish()
    await stage.say_again()
    stage.nudge("appraisal", signal.SIGCONT)
    await stage.people.many(10, stage.people.voice)


SCENES: Mapping[str, Scene] = {
    "plain": Scene(plain),
    "started late": Scene(started_late),
    "restarted": Scene(restarted),
    "killed in the inbox": Scene(killed_in_the_inbox),
    "killed in the relay": Scene(killed_in_the_relay),
    "sender killed": Scene(sender_killed),
    "imported": Scene(imported, cast=("personnel", "appraisal")),
    "reordered": Scene(reordered),
    "poisoned": Scene(poisoned),
    "redriven": Scene(redriven),
    "two writers": Scene(two_writers),
    "database cut off": Scene(cut_off, cut_off=True),
    "database killed": Scene(database_killed, alone=True),
    "broker emptied": Scene(broker_emptied, alone=True),
}
