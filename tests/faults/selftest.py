"""The suite proves itself: each seeded bug is switched on alone and must be caught; without bugs every scene ends well.

``python -m faults.selftest [part of a name …]`` plays all bugs, or some, and says what the checker found.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedded.servers import Servers
from embedded.stack import Stack

from faults.bugs import BUGS
from faults.ending import judged
from faults.proxy import Proxy
from faults.scenes import SCENES
from faults.stage import Stage
from faults.verdict import Violation

LANES = 3
"""Scenes played at the same time: most of each is waiting for a group to form."""


@dataclass(frozen=True, slots=True)
class Played:
    """How a scene ended, with a bug or without."""

    scene: str
    bug: str | None
    found: tuple[Violation, ...]
    seconds: float

    @property
    def as_it_should(self) -> bool:
        """With a bug the promise that it breaks is found broken; without one none is."""
        if self.bug is None:
            return not self.found
        return BUGS[self.bug].breaks in {violation.invariant for violation in self.found}

    def __str__(self) -> str:
        end = "ok" if self.as_it_should else "NOT CAUGHT" if self.bug else "FALSE ALARM"
        first = f": {self.found[0]}"[:160] if self.found else ""
        return f"{end:11} {self.seconds:5.1f} s  {self.scene:20} {self.bug or '(no bug)'}{first}"


async def run(home: Path, only: Iterable[str] = (), said: Callable[[str], None] = print) -> list[Played]:
    """Play the scenes of these bugs (of all, if none is named), and each of those scenes without a bug."""
    wanted = {name: bug for name, bug in BUGS.items() if not only or any(part in name for part in only)}
    scenes = {bug.scene for bug in wanted.values()}
    plays: list[tuple[str, str | None]] = [(scene, None) for scene in SCENES if scene in scenes]
    plays += [(bug.scene, name) for name, bug in wanted.items()]
    with Stack.fresh(home / "house", Servers.asked(), durable=True) as house:
        await asyncio.to_thread(house.start_database)
        await asyncio.to_thread(house.start_broker)
        gate = asyncio.Semaphore(LANES)

        async def one(scene: str, bug: str | None) -> Played:
            async with gate:
                played = await play(house, home, scene, bug)
            said(str(played))
            return played

        together = await asyncio.gather(*(one(*p) for p in plays if not SCENES[p[0]].alone))
        alone = [await one(*p) for p in plays if SCENES[p[0]].alone]
    return [*together, *alone]


async def play(house: Stack, home: Path, scene: str, bug: str | None) -> Played:
    """One scene; a story that cannot be told to its end is judged where it stopped."""
    began = time.monotonic()
    async with AsyncExitStack() as exits:
        proxy = None
        if SCENES[scene].cut_off:
            proxy = await exits.enter_async_context(Proxy(house.ports["mongo"]))
        stage = await exits.enter_async_context(Stage(house, home, bug, proxy, SCENES[scene].cast))
        stopped = []
        try:
            await SCENES[scene].play(stage)
        except (AssertionError, RuntimeError) as reason:
            stopped = [Violation("I9", f"the story stops: {reason}")]
            await stage.mend()
        found = [*await judged(stage), *stopped]
    return Played(scene, bug, tuple(found), time.monotonic() - began)


def figures(played: Iterable[Played]) -> dict[str, Any]:
    """What ``build/faults.json`` says of it."""
    ended = list(played)
    bugs = [p for p in ended if p.bug]
    return {
        "seeded_bugs": len(bugs),
        "caught": sum(p.as_it_should for p in bugs),
        "by_bug": {
            p.bug: {"scene": p.scene, "broken": sorted({v.invariant for v in p.found}), "seconds": round(p.seconds, 1)}
            for p in bugs
        },
        "false_alarms": [f"{p.scene}: {p.found[0]}" for p in ended if p.bug is None and p.found],
    }


def main(arguments: list[str]) -> int:
    """Play, and say whether everything ended as it should."""
    began = time.monotonic()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # brokers are away on purpose
    with tempfile.TemporaryDirectory() as home:
        played = asyncio.run(run(Path(home), arguments))
    told = figures(played)
    print(f"{told['caught']} of {told['seeded_bugs']} caught, {time.monotonic() - began:.0f} s")
    return 0 if all(p.as_it_should for p in played) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
