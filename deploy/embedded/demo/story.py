"""The story that the demonstration tells, act by act."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from kinara.kit.topics import Registry
from rich.console import Console
from rich.progress import Progress, TaskID

from embedded.demo import checks, mischief, show
from embedded.demo.callers import Callers, today_in
from embedded.demo.classroom import Classroom
from embedded.demo.crowd import Crowd, Job, Person, period_of
from embedded.demo.feed import import_people
from embedded.demo.ledger import Told, judge
from embedded.demo.sequel import Sequel
from embedded.stack import REPOSITORY, Stack

FEEDBACK = 2900
SURVEYS = 250
MONTHS = 120
LEARNERS = 250
PEOPLE_SPOKEN_OF = 500
PLAJU = 60
"""How many of them serve in Plaju; they come first, and the first MONTHS get targets, so other regions get some too."""
CALM_SAMPLES = 120
WORKERS = 16
SETTLE_S = 60


class Story:
    """One telling: everything that was said and accepted on the way, and the report at its end."""

    def __init__(self, stack: Stack, console: Console, rng: random.Random) -> None:
        self._stack = stack
        self._console = console
        self._rng = rng
        self._told = Told()

    async def tell(self) -> dict[str, Any]:
        """Play all acts and return the report."""
        async with Callers(self._stack) as callers:
            crowd = Crowd(callers, self._told, self._rng)
            with show.bars(self._console) as progress:
                imported = await import_people(self._stack, callers, progress)
                people = await self._people(callers)
                calm = await self._calm(callers, crowd, people, progress)
                hero = people[0]
                await crowd.month_of(hero)
                before = await self._explanation(callers, hero)
                sequel = Sequel(self._stack, callers, crowd)
                await sequel.prepare(await callers.pages("appraisal", "/v1/scorecards"), [p.id for p in people])
                await self._busy(callers, crowd, people, progress)
                await self._settle(callers, progress)
            cards = await callers.pages("appraisal", "/v1/scorecards")
            self._console.print(show.regions(cards))
            show.person(self._console, hero.name, before, await self._explanation(callers, hero))
            with self._console.status("Beberapa minggu kemudian: periode ditutup, orang memutuskan…"):
                decided = await sequel.weeks_later()
            show.decisions(self._console, decided)
            effects = await checks.settled(callers, self._told, SETTLE_S)
            return {**await self._report(imported, calm, effects), **decided}

    async def _people(self, callers: Callers) -> list[Person]:
        """Those whom citizens will speak about: some of every government, a Plaju officer first."""
        cards = await callers.pages("appraisal", "/v1/scorecards")
        led = [c for c in cards if c["supervisor_id"] and c["name"]]
        self._rng.shuffle(led)
        plaju = [c for c in led if f"{c['unit_path']}/".startswith("/16.71/plaju/")][:PLAJU]
        others = [c for c in led if not f"{c['unit_path']}/".startswith("/16.71/plaju/")]
        chosen = [*plaju, *others][:PEOPLE_SPOKEN_OF]
        cadences = {path: await self._cadence(callers, path) for path in {c["unit_path"] for c in chosen}}
        return [
            Person(
                c["employee_id"],
                c["name"],
                c["unit_path"],
                c["supervisor_id"],
                cadences[c["unit_path"]] == "quarterly",
                self._rng.uniform(2.2, 3.9),
            )
            for c in chosen
        ]

    async def _cadence(self, callers: Callers, path: str) -> str:
        """How often the policy of a unit appraises."""
        policy = await callers.read("appraisal", "/v1/policies/in-force", unit_path=path, day=today_in(path))
        return str(policy["cadence"])

    async def _calm(self, callers: Callers, crowd: Crowd, people: list[Person], progress: Progress) -> list[float]:
        """A quiet morning: one feedback at a time, measured to its effect."""
        task = progress.add_task("Pagi yang tenang: satu per satu, diukur", total=CALM_SAMPLES)

        async def rate(person: Person) -> str:
            progress.advance(task)
            return await crowd.rate(person)

        return await checks.latencies(callers, rate, people, CALM_SAMPLES)

    async def _busy(self, callers: Callers, crowd: Crowd, people: list[Person], progress: Progress) -> None:
        """A busy day, in the middle of which a process dies and records are repeated and broken."""
        classroom = Classroom(callers, crowd, self._told, self._rng)
        await classroom.open_sessions()
        weights = [1 / (place + 3) for place in range(len(people))]
        jobs: list[Job] = [partial(_quietly, crowd.rate, p) for p in self._rng.choices(people, weights, k=FEEDBACK)]
        jobs += [partial(_quietly, crowd.survey, p) for p in self._rng.choices(people, weights, k=SURVEYS)]
        jobs += [partial(crowd.month_of, p) for p in people[1 : MONTHS + 1]]
        jobs += [partial(classroom.learn, p) for p in people[:LEARNERS]]
        task = progress.add_task("Hari yang sibuk: warga, pelatihan, laporan", total=len(jobs))
        trouble = asyncio.create_task(self._trouble(progress, task, len(jobs)))
        await crowd.work_through(jobs, WORKERS, lambda: progress.advance(task))
        await trouble

    async def _trouble(self, progress: Progress, task: TaskID, total: int) -> None:
        """At a third of the day appraisal is killed; at half, records come twice; then some that nobody can read."""
        await _until(lambda: progress.tasks[task].completed > total / 3)
        self._stack.children["appraisal"].kill()
        self._told.kills.append("appraisal")
        progress.console.print("[yellow]appraisal dimatikan paksa (kill -9) dan dijalankan kembali[/yellow]")
        self._stack.revive()
        await _until(lambda: progress.tasks[task].completed > total / 2)
        registry = Registry.read(REPOSITORY / "deploy" / "topics.yaml")
        self._told.repeats += await mischief.deliver_again(self._stack, registry, 300)
        self._told.poison += await mischief.poison(self._stack)
        progress.console.print(
            f"[yellow]{self._told.repeats} catatan dikirim ulang, {self._told.poison} rusak[/yellow]"
        )

    async def _settle(self, callers: Callers, progress: Progress) -> dict[str, list[dict[str, Any]]]:
        task = progress.add_task("Menunggu semua tercatat pada kartu nilai", total=1)
        effects = await checks.settled(callers, self._told, SETTLE_S)
        progress.advance(task)
        return effects

    async def _explanation(self, callers: Callers, person: Person) -> dict[str, Any]:
        found = await callers.read("appraisal", f"/v1/scorecards/{person.id}/periods/{period_of(person)}/explanation")
        return dict(found)

    async def _report(
        self, imported: dict[str, Any], calm: list[float], effects: dict[str, list[dict[str, Any]]]
    ) -> dict[str, Any]:
        verdict = judge(self._told, effects)
        events = await checks.events_by_type(self._stack)
        return {
            **imported,
            "events": dict(sorted(events.items())),
            "accepted": len(self._told.accepted),
            "scores_changed": events["ScoreUpdated"],
            "dead_letters": await checks.dead_letters(self._stack),
            "poison": self._told.poison,
            "repeats": self._told.repeats,
            "killed": self._told.kills,
            "lost": verdict.lost,
            "duplicated": verdict.duplicated,
            "out_of_order": verdict.out_of_order,
            "latency_ms": checks.percentiles(calm),
        }


async def _quietly(act: Callable[[Person], Awaitable[str]], person: Person) -> None:
    """Do something for its effect; its receipt is in the ledger already."""
    await act(person)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # a progress bar has no event to wait for
        await asyncio.sleep(0.05)
