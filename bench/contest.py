"""The race: each contender from records in Kafka to correct documents.

All are measured alike. A contender starts, joins and does a twentieth of the load, so that neither imports nor joining
nor first connections count. Then it is held (SIGSTOP) while the rest is put on the topic, and the clock runs from when
it is let go until all is written.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import yaml
from aiokafka.admin import AIOKafkaAdminClient
from appraisal.store import SHIPPED
from bson import encode
from embedded.child import Child
from embedded.stack import REPOSITORY
from kinara.kit.topics import Registry

from bench import load
from bench.ground import OURS, Contender, Ground
from bench.load import Load

PATIENCE_S = 120
LOOK_S, NEAR = 0.02, 0.8
"""How often to look how far it is, from that share of the way on; before it a fifth as often, since each look takes the
broker and this process three milliseconds that the contender does not get."""
SESSION_S = 5
"""Held for longer, a process is taken for dead by its group and joins it anew."""
WARM = 20
"""One part in so many of the load comes before the clock."""


class Wrong(RuntimeError):
    """A contender's documents are not what the load says, or one of ours did not come to an end."""


class Unfit(RuntimeError):
    """A guest could not run to its end here."""


def base() -> Registry:
    """The registry from which messages are made; each ground renames their topic."""
    return Registry.read(REPOSITORY / "deploy" / "topics.yaml")


async def run(contender: Contender, ground: Ground, given: Load, processes: int = 1) -> float:
    """One contender once, in one process or several of its group: events a second.

    Raises:
        Wrong: its result is wrong, or one of ours does not come to an end.
        Unfit: a guest does not come to an end.
    """
    warm = max(1, len(given.messages) // WARM)
    async with started(contender, ground, processes) as (children, admin):
        await ground.fill(given.messages[:warm])
        await _reached(warm, contender, ground, children, admin)
        await _settled(ground, processes, admin)
        for child in children:
            child.signal(signal.SIGSTOP)
        held = time.monotonic()
        try:
            await ground.fill(given.messages[warm:])
        finally:
            for child in children:
                child.signal(signal.SIGCONT)
        began = time.monotonic()
        if (seconds := began - held) > SESSION_S:
            print(f"held for {seconds:.1f} s, longer than a session: too busy a machine to measure on", file=sys.stderr)
        await _reached(len(given.messages), contender, ground, children, admin)
        rate = (len(given.messages) - warm) / (time.monotonic() - began)
    check(contender, ground, given)
    return rate


@asynccontextmanager
async def started(
    contender: Contender, ground: Ground, processes: int
) -> AsyncIterator[tuple[list[Child], AIOKafkaAdminClient]]:
    """Its processes on topics of their own; both are gone afterwards."""
    await ground.prepare()
    admin = AIOKafkaAdminClient(**ground.url.client_options())
    await admin.start()
    children = [
        Child(contender.name, contender.command(), ground.folder / f"{ground.name}-{number}.log", ground.env)
        for number in range(processes)
    ]
    try:
        for number, child in enumerate(children):
            child.start({"KINARA_INSTANCE": f"bench-{number}"})
        yield children, admin
    finally:
        for child in children:
            child.kill()
        await ground.clear(admin)
        await admin.close()


async def _reached(
    goal: int, contender: Contender, ground: Ground, children: Sequence[Child], admin: AIOKafkaAdminClient
) -> None:
    """Wait until so many records are done with."""
    deadline = time.monotonic() + PATIENCE_S
    while (done := await contender.progress(ground, admin)) < goal:
        if time.monotonic() > deadline or not all(child.running for child in children):
            failure = Unfit if contender.library else Wrong
            raise failure(f"{contender.name} has done {done} of {goal}\n{children[0].tail(30)}")
        await asyncio.sleep(LOOK_S if done > goal * NEAR else 5 * LOOK_S)


async def _settled(ground: Ground, processes: int, admin: AIOKafkaAdminClient) -> None:
    """Wait until the group has given each of several processes its share."""
    deadline = time.monotonic() + PATIENCE_S
    while processes > 1 and await ground.shares(admin) != processes:
        if time.monotonic() > deadline:
            raise Wrong(f"{processes} processes did not settle in {ground.group}")
        await asyncio.sleep(0.2)


def check(contender: Contender, ground: Ground, given: Load) -> None:
    """Raise ``Wrong`` unless every employee's document is what the oracle says."""
    if complaints := load.wrong(given, contender.found(ground)):
        raise Wrong(f"{contender.name} is wrong about {len(complaints)} employees: {complaints[:3]}")


async def samples(ground: Ground, given: Load) -> None:
    """Keep the policies for those who use the rules by hand, and a sample of each document for those who copy it."""
    policies = [yaml.safe_load(path.read_text()) for path in sorted(SHIPPED.glob("*.yaml"))]
    (ground.folder / "policies.json").write_text(json.dumps(policies, default=str))
    await run(OURS, ground, given)
    card = max(ground.documents("scorecards"), key=lambda document: len(document["page"]["rows"]))
    said = ground.documents("outbox")[0]["rows"][0]
    (ground.folder / "samples.bson").write_bytes(
        encode({"card": card, "effect": card["page"]["rows"][0], "said": said})
    )
