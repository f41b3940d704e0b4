"""The event path measured: ours beside its limits and its peers, and what users feel of it. ``make bench``.

Servers by KAFKA and MONGO, as for the stack. Everything runs on the same servers in one run; each result is checked
against an oracle, employee by employee, and a wrong one ends the run with exit code 1. Only ratios within one run mean
anything. ``--only`` picks parts, ``--whole`` takes the time that the bars ask for (half an hour and more).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedded.servers import Servers
from embedded.stack import Stack
from rich.console import Console

from bench import contest, http, imports, latency, memory, report
from bench.ground import BATCH, Ground
from bench.rates import Races

PARTS = ("rates", "latency", "http", "imports")
WHOLE = {"rounds": 5, "rows": 100_000, "soak": 600.0, "http_s": 3.0, "ten_times": True}


@dataclass
class Bench:
    """One run and its figures."""

    stack: Stack
    folder: Path
    asked: argparse.Namespace
    console: Console
    figures: dict[str, Any] = field(default_factory=dict)
    not_run: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.figures |= {"ratios": {}, "latency_ms": {}, "events_per_second": {}, "processes": {}, "memory": None}
        self.not_run |= {} if self.asked.soak else {"memory": f"{report.NOT_ASKED}: --soak 600"}
        self._rng = random.Random(self.asked.seed)
        self._races = Races(self.stack, self.folder, self.asked, self.console, self._rng)

    async def run(self) -> None:
        """The parts that were asked for, one after another."""
        parts: dict[str, Callable[[], Awaitable[None]]] = {name: getattr(self, name) for name in PARTS}
        for name in (name for name in PARTS if name in self.asked.only):
            began = time.monotonic()
            self.console.print(f"{name}:")
            await parts[name]()
            self.console.print(f"  {time.monotonic() - began:.0f} s", highlight=False)

    async def rates(self) -> None:
        """Ours in one process and in several, its limits and its peers."""
        await self._races.run()
        self.not_run |= self._races.not_run
        found = self._races.by_employees()
        self.figures["ratios"] |= report.ratios(found)
        self.figures |= {"events_per_second": found, "processes": self._races.by_processes()}

    async def latency(self) -> None:
        """From commit to score, and memory where that is asked for."""
        ground = Ground(self.stack, self.folder, "latency")
        path = latency.Path(ground, min(self.asked.employees), self.asked.seed)
        async with path.open():
            full = await latency.capacity(path)
            self.console.print(f"  capacity {full:,.0f}/s", highlight=False)
            found = await latency.at_loads(path, full, self.asked.latency_s, self._rng)
            if self.asked.soak:
                self.figures["memory"] = await memory.soak(path, full, self.asked.soak)
            path.check()
        self.figures["latency_ms"] = found

    async def http(self) -> None:
        """Feedback over HTTP."""
        options = {"rounds": self.asked.rounds, "seconds": self.asked.http_s, "seed": self.asked.seed}
        found = await asyncio.to_thread(http.measure, self.stack, self.folder, self.console, **options)
        self.figures["ratios"] |= found.pop("ratios")
        self.figures["http"] = found

    async def imports(self) -> None:
        """The same file twice, by personnel alone."""
        first, again = await asyncio.to_thread(imports.twice, self.stack, self.folder, self.asked.rows, self.console)
        self.console.print(f"  {self.asked.rows} rows, first: {first}", soft_wrap=True, highlight=False)
        self.console.print(f"  again: {again}", soft_wrap=True, highlight=False)
        if not imports.right(first, again):
            raise contest.Wrong(f"import of {self.asked.rows} rows: {first}; again: {again}")
        self.figures["ratios"]["reimport"] = first.seconds / again.seconds
        self.figures["imports"] = {"rows": self.asked.rows, "first_s": first.seconds, "again_s": again.seconds}


def options(arguments: list[str]) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--employees", type=int, nargs="+", default=[2_000, 20_000, 200_000])
    parser.add_argument("--ten-times", action="store_true", help="peers for ten times the fewest employees, too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency-s", type=float, default=5, help="seconds at each load")
    parser.add_argument("--http-s", type=float, default=0.5, help="seconds of each number of connections")
    parser.add_argument("--rows", type=int, default=10_000, help="of the import")
    parser.add_argument("--soak", type=float, default=0, help="seconds of load under which a warm consumer is watched")
    parser.add_argument("--durable", action="store_true", help="the database syncs each commit to its disk")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--whole", action="store_true", help=f"{WHOLE}")
    asked = parser.parse_args(arguments)
    return argparse.Namespace(**vars(asked) | (WHOLE if asked.whole else {}))


def main() -> int:
    """Measure, print, and keep the figures for other programs."""
    asked, console, servers = options(sys.argv[1:]), Console(), Servers.asked()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # young topics have no leader for a moment; it tries again
    console.print(f"seed {asked.seed}; {asked.events} events, batches of at most {BATCH}", highlight=False)
    began = time.monotonic()
    report.REPORT.unlink(missing_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack.fresh(Path(folder) / "stack", servers, durable=asked.durable) as stack,
    ):
        stack.start(services=())
        bench = Bench(stack, Path(folder), asked, console)
        try:
            asyncio.run(bench.run())
        except contest.Wrong as wrong:
            console.print(f"WRONG: {wrong}", style="red", markup=False, soft_wrap=True)
            return 1
    told = {"seed": asked.seed, "events": asked.events, "batch": BATCH, "durable": asked.durable}
    told |= {"versions": report.versions(servers), "cannot_promise": report.cannot_promise()}
    report.show(report.write(bench.figures, bench.not_run, **told), console)
    console.print(f"{time.monotonic() - began:.0f} s", highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
