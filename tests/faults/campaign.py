"""The campaign: rounds of faults under load, each on fresh data, each judged at its end."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedded.servers import Servers
from pydantic import TypeAdapter

from faults.calls import Calls
from faults.checker import tallied, violations
from faults.disk import NoDisk, let_go
from faults.ground import Ground, NotConverged
from faults.history import History, Injected, Recovery
from faults.killing import killed
from faults.load import Load
from faults.nemeses import NEMESES
from faults.nemeses.processes import CRASHES
from faults.observed import Observed
from faults.siege import Siege
from faults.town import Town
from faults.verdict import Violation

TRIAL_S = 600
"""A trial that takes longer hangs."""


@dataclass(frozen=True, slots=True)
class Round:
    """Some faults, so often each, in one go on one ground; in an order drawn by the seed."""

    name: str
    trials: Mapping[str, int]
    proxied: bool = False
    disked: bool = False
    kafka: str = ""
    """Options of the services' Kafka URL besides those of the broker."""
    tests: bool = False
    """Whether these are kills in tests of their own, without a town."""


@dataclass
class Result:
    """What came of a round."""

    trials: Counter[str] = field(default_factory=Counter)
    recoveries: list[Recovery] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    operations: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    seconds: float = 0
    code: str = ""
    """The commit that was tried."""
    not_run: list[str] = field(default_factory=list)
    """What could not be tried here, and why."""


_RESULT = TypeAdapter(Result)


@dataclass
class Campaign:
    """Rounds one after the other; ``say`` tells people how far it has come."""

    servers: Servers
    home: Path
    seed: int
    say: Callable[[str], None]
    quick: bool = False
    code: str = ""

    async def run(self, rounds: Sequence[Round]) -> list[Result]:
        """All rounds; what a failed one leaves is kept under ``home``. A campaign cut off goes on by its seed."""
        results = []
        kept = self.home / f"results-{self.seed}-{self.servers.broker}-{self.servers.engine}"
        kept.mkdir(parents=True, exist_ok=True)
        for number, planned in enumerate(rounds, 1):
            count, file = sum(planned.trials.values()), kept / f"{number:03}-{planned.name.replace(' ', '-')}.json"
            self.say(f"round {number}/{len(rounds)} {planned.name}: {count} trials")
            if not self.quick and file.exists():
                results.append(_RESULT.validate_json(file.read_bytes()))
                self.say(f"  run before, on {results[-1].code}")
                continue
            try:
                result = await self.round(planned, number)
            except NoDisk as reason:
                self.say(f"  not run: {reason}")
                results.append(Result(code=self.code, not_run=[f"{planned.name}: {reason}"]))
                continue
            if not self.quick:
                file.write_bytes(_RESULT.dump_json(result))
            results.append(result)
            for found in result.violations[:10]:
                self.say(f"  {found}")
            slowest = max((r.seconds for r in result.recoveries), default=0)
            self.say(
                f"  {len(result.violations)} violations, operations {dict(result.operations)}, {result.facts} facts,"
                f" recovery at most {slowest:.1f} s, {result.seconds:.0f} s"
            )
        return results

    async def round(self, planned: Round, number: int) -> Result:
        """One round on its own ground."""
        started, folder = time.monotonic(), self.home / f"{number:02}-{planned.name.replace(' ', '-')}"
        let_go(folder)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        rng = random.Random(f"{self.seed}/{number}")
        result, injected = Result(code=self.code), Injected()
        history = History(folder / "history.jsonl")
        if planned.tests:
            tried, found = await killed(max(planned.trials.values()), folder)
            return Result(tried, violations=found, seconds=time.monotonic() - started, code=self.code)
        lies = {"proxied": planned.proxied, "disked": planned.disked, "kafka": planned.kafka}
        async with Ground(folder / "stack", self.servers, **lies) as ground:
            try:
                observed = await self._besiege(planned, ground, history, injected, rng, result)
                result.violations += violations(history, observed, injected)
                result.facts = len(observed.topics)
            except NotConverged as error:
                result.violations.append(Violation("I9", f"did not come to rest {error}"))
                observed = await ground.observed()
                result.violations += violations(history, observed, injected)
            except Exception:  # noqa: BLE001  # a round that breaks is a result too, and the next one may tell why
                observed = None
                result.violations.append(Violation("broken", traceback.format_exc()))
            if result.violations:
                keep(folder, injected, observed, result)
        if not result.violations:
            shutil.rmtree(folder)
        result.recoveries = injected.recoveries
        result.operations = Counter(operation.outcome for operation in history.operations.values())
        result.seconds = time.monotonic() - started
        return result

    async def _besiege(
        self, planned: Round, ground: Ground, history: History, injected: Injected, rng: random.Random, result: Result
    ) -> Observed:
        async with Calls(ground.stack, history) as calls:
            town = Town(ground, calls, rng)
            await town.settle()
            await town.known()
            async with Load(town) as load:
                siege = Siege(ground, town, load, rng, history, injected, self.quick, result.figures)
                trials = [name for name, count in planned.trials.items() for _ in range(count)]
                rng.shuffle(trials)
                for name in trials:
                    await self._try(name, siege, result)
            await calls.find_out()
        result.violations += [Violation("seen", complaint) for complaint in siege.complaints]
        await ground.quiet(injected)
        return await ground.observed()

    async def _try(self, name: str, siege: Siege, result: Result) -> None:
        """One fault, until its effects are over; or why it cannot be tried here."""
        started = time.monotonic()
        async with asyncio.timeout(TRIAL_S):
            try:
                since = await NEMESES[name](siege)
            except NoDisk as reason:
                self.say(f"    {name}: not run: {reason}")
                result.not_run.append(f"{name}: {reason}")
                return
            took = await siege.lives(name, since)
        told = siege.injected.recoveries[-1].fault
        self.say(f"    {told}: lives after {took:.1f} s, {time.monotonic() - started:.1f} s in all")
        result.trials[name] += 1
        await asyncio.sleep(siege.rng.uniform(0, 0.3))


def keep(folder: Path, injected: Injected, observed: Observed | None, result: Result) -> None:
    """What is needed to judge a failed round again; its logs lie beside it."""
    (folder / "violations.txt").write_text("\n".join(map(str, result.violations)) + "\n")
    told = {name: list(getattr(injected, name)) for name in ("poison", "parked", "legible", "noise")} | {
        "facts": injected.facts
    }
    (folder / "injected.json").write_text(json.dumps(told, default=str))
    if observed is not None:
        (folder / "databases.json").write_text(json.dumps(observed.databases, default=str))
        with (folder / "topics.jsonl").open("w") as file:
            for raw in observed.topics:
                headers = {name: (value or b"").decode(errors="replace") for name, value in raw.headers}
                file.write(json.dumps([raw.topic, raw.partition, raw.offset, headers]) + "\n")


def report(results: Sequence[Result], seed: int, versions: Mapping[str, Any]) -> dict[str, Any]:
    """The figures for ``build/faults.json``."""
    trials, figures = Counter[str](), defaultdict[str, list[Any]](list)
    operations = Counter[str]()
    for result in results:
        trials += result.trials
        operations += result.operations
        for name, found in result.figures.items():
            figures[name] += found
    found = [violation for result in results for violation in result.violations]
    took = [recovery for result in results for recovery in result.recoveries]
    return {
        "seed": seed,
        "trials": dict(sorted(trials.items())),
        "operations": dict(operations),
        "facts": sum(result.facts for result in results),
        **tallied(found),
        "violations": [str(violation) for violation in found][:200],
        "recovery_s": {
            "service_p95": p95(took, "kill", *(f"crash {point}" for point in CRASHES)),
            "broker_p95": p95(took, "broker", "both"),
            "by_fault": {name: p95(took, name) for name in sorted({fault_of(recovery) for recovery in took})},
        },
        "not_run": [reason for result in results for reason in result.not_run],
        **figures,
        "seconds": round(sum(result.seconds for result in results)),
        "code": dict(Counter(result.code for result in results)),
        "versions": dict(versions),
    }


def p95(took: Sequence[Recovery], *faults: str) -> float | None:
    """The 95th percentile of recovery from these faults; None where none was tried."""
    found = sorted(recovery.seconds for recovery in took if fault_of(recovery) in faults)
    return round(found[min(len(found) - 1, int(len(found) * 0.95))], 2) if found else None


def fault_of(recovery: Recovery) -> str:
    """The fault's name, without what went wrong."""
    return recovery.fault.split(":")[0]
