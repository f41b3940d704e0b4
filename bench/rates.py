"""All contenders in one run, interleaved, each several times: events a second."""

from __future__ import annotations

import random
import statistics
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedded.stack import Stack
from rich.console import Console

from bench import contest, load
from bench.contest import Unfit
from bench.ground import BARE, DURABLE, GUESTS, MESSAGES, OURS, ROWS, Contender, Ground
from bench.load import Load

FEWEST = 300
"""Events of a contender that gets a share of them."""
PROCESSES = (1, 2, 4)


@dataclass
class Races:
    """What is run where, what came of it, and who could not take part."""

    stack: Stack
    folder: Path
    asked: Namespace
    console: Console
    rng: random.Random
    found: dict[tuple[int, str, int], list[float]] = field(default_factory=dict)
    """Events a second by employees, contender and processes."""
    not_run: dict[str, str] = field(default_factory=dict)
    _loads: dict[tuple[int, int], Load] = field(default_factory=dict)

    async def run(self) -> None:
        """Ours and its limit for all numbers of employees; the others for some of them; several processes for the
        fewest."""
        few = min(self.asked.employees)
        guests = [guest for guest in GUESTS if not self._left_out(guest, guest.lacks())]
        await contest.samples(Ground(self.stack, self.folder, "sample"), self._load(3_000, 100))
        for employees in self.asked.employees:
            field_ = [(OURS, 1), (DURABLE, 1)]
            if employees == few:
                field_ += [(OURS, n) for n in PROCESSES[1:]]
            if employees == few or (self.asked.ten_times and employees == 10 * few):
                field_ += [(c, 1) for c in (BARE, ROWS, MESSAGES, *guests)]
            for turn in range(self.asked.rounds):
                for contender, processes in self.rng.sample(field_, len(field_)):
                    await self._race(turn, contender, employees, processes)

    def by_employees(self) -> dict[str, dict[str, Any]]:
        """Spreads of all in one process."""
        told: dict[str, dict[str, Any]] = {}
        for (employees, name, processes), rates in self.found.items():
            if processes == 1:
                told.setdefault(str(employees), {})[name] = spread(rates)
        return told

    def by_processes(self) -> dict[str, Any]:
        """Spreads of ours for the fewest employees."""
        few = min(self.asked.employees)
        return {str(n): spread(self.found[few, OURS.name, n]) for n in PROCESSES if (few, OURS.name, n) in self.found}

    async def _race(self, turn: int, contender: Contender, employees: int, processes: int) -> None:
        if contender.name in self.not_run:
            return
        name = f"b{employees}-{turn}-{contender.name.replace('_', '-')}-{processes}"
        events = self.asked.events if contender.share == 1 else max(FEWEST, int(self.asked.events * contender.share))
        try:
            ground = Ground(self.stack, self.folder, name)
            rate = await contest.run(contender, ground, self._load(events, employees), processes)
        except Unfit as reason:
            self._left_out(contender, str(reason).replace("\n", " ")[:300])
            return
        self.found.setdefault((employees, contender.name, processes), []).append(rate)
        together = f" in {processes} processes" if processes > 1 else ""
        self.console.print(
            f"  {employees} employees, {contender.name}{together}: {rate:,.0f} events/s", highlight=False
        )

    def _left_out(self, contender: Contender, reason: str) -> bool:
        if reason:
            self.not_run[contender.name] = reason
            self.console.print(f"  {contender.name} is left out: {reason}", markup=False, soft_wrap=True)
        return bool(reason)

    def _load(self, events: int, employees: int) -> Load:
        at = events, employees
        if at not in self._loads:
            self._loads[at] = load.made(events, employees, contest.base(), self.asked.seed)
        return self._loads[at]


def spread(found: list[float]) -> dict[str, float]:
    """How many, the least, the median and the most."""
    return {"n": len(found), "min": min(found), "median": statistics.median(found), "max": max(found)}
