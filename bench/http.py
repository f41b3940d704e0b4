"""Feedback over HTTP: the real endpoint beside one transaction for each request, and beside a bare insert.

``python -m bench.http`` (servers by KAFKA and MONGO, as for the stack). Each contender runs in turn on the same
servers, in an order drawn anew for each round, on a database of its own; what is stored is counted and compared with
what was acknowledged. Only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedded.child import Child
from embedded.servers import Servers
from embedded.stack import REPOSITORY, Stack
from feedback import store
from feedback.domain.subject import Subject
from kinara.contracts import Province
from kinara.kit.documents import Record
from kinara.kit.ids import new_id
from kinara.kit.stored import CODEC
from pymongo import MongoClient
from rich.console import Console

OFFICERS = 2_000
CONNECTIONS = (1, 16, 64)
MOST = max(CONNECTIONS)


@dataclass(frozen=True)
class Contender:
    """Whose door it is: its application, and what it is told besides."""

    name: str
    application: str
    env: dict[str, str] = field(default_factory=dict)


NO_BURST = {"KINARA_BURST_FROM": "1000000"}
"""A day of voices comes in seconds here: the rule that holds bursts back is asked, and holds nothing."""
CONTENDERS = (
    Contender("ours", "feedback.main:create", NO_BURST),
    Contender("one_transaction_each", "feedback.main:create", NO_BURST | {"KINARA_TOGETHER": "1"}),
    Contender("bare_insert", "bench.contenders.bare_insert:create"),
)


def ask(stack: Stack, officers: list[str], connections: int, seconds: float, **more: Any) -> dict[str, Any]:
    """A load by the client; what came of it."""
    options = {"port": stack.ports["feedback"], "officers": officers, "connections": connections, "seconds": seconds}
    command, asked = [sys.executable, "-m", "bench.client"], json.dumps(options | more)
    ended = subprocess.run(command, cwd=REPOSITORY, input=asked, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def start(stack: Stack, contender: Contender, database: str) -> Child:
    """The contender's process, as ``Stack.start_service`` starts one, ready."""
    command = [sys.executable, "-m", "uvicorn", contender.application, "--factory", "--host", "127.0.0.1"]
    command += ["--port", str(stack.ports["feedback"]), "--no-access-log", "--log-level", "warning"]
    env = {**stack.env, **contender.env, "KINARA_DATABASE": database, "PYTHONPATH": str(REPOSITORY)}
    child = stack.children["feedback"] = Child("feedback", command, stack.home / "logs" / f"{database}.log", env)
    child.start()
    stack.wait_ready("feedback")
    return child


def run(stack: Stack, contender: Contender, turn: int, seconds: float) -> dict[str, dict[str, Any]]:
    """One contender once: what the client saw, by load. Raises if something acknowledged is not stored, or refused."""
    database = f"http{turn}_{contender.name}"
    officers = [new_id() for _ in range(OFFICERS)]
    with MongoClient[dict[str, Any]](stack.mongo_url) as client:
        db = client.get_database(database, codec_options=CODEC)
        db[store.SUBJECTS.name].insert_many([_officer(id_) for id_ in officers])
        child = start(stack, contender, database)
        try:
            warm = ask(stack, officers, MOST, 1)
            found = {str(n): ask(stack, officers, n, seconds) for n in CONNECTIONS}
            found["64_zipf"] = ask(stack, officers, MOST, seconds, zipf=True)
        finally:
            child.stop()
        asked = [warm, *found.values()]
        accepted, stored = sum(each["accepted"] for each in asked), db["feedback"].count_documents({})
    refused = [each for each in asked if each["statuses"].keys() != {"201"} or each["lost"]]
    if stored != accepted or refused:
        raise RuntimeError(f"{database}: acknowledged {accepted}, stored {stored}, refused {refused}\n{child.tail(30)}")
    return found


def _officer(id_: str) -> dict[str, Any]:
    unit = new_id()
    officer = Subject(
        id=id_, kind="employee", name="Rani Contoh", unit_id=unit, unit_path="/16.71/plaju",
        province=Province(code="16"), active=True,
    )  # fmt: skip
    return store.SUBJECTS.document(Record(id_, officer, rev=1))


def measure(
    stack: Stack, folder: Path, console: Console, *, rounds: int = 3, seconds: float = 2, seed: int = 0
) -> dict[str, Any]:
    """All contenders in each round; requests a second and milliseconds by connections, and the two ratios."""
    rng = random.Random(seed)
    seen: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for turn in range(rounds):
        for contender in rng.sample(CONTENDERS, len(CONTENDERS)):
            for load, told in run(stack, contender, turn, seconds).items():
                seen.setdefault(load, {}).setdefault(contender.name, []).append(told)
                console.print(
                    f"  http round {turn + 1}, {contender.name}, {load} connections: {told['per_s']:,.0f}/s, "
                    f"p50 {told['p50']} ms, p99 {told['p99']} ms"
                )
    return {
        "requests": {load: {name: _spread(told) for name, told in by.items()} for load, by in seen.items()},
        "ratios": {
            "http_ingest": _ratio(seen[str(MOST)], "bare_insert"),
            "group_commit": _ratio(seen[str(MOST)], "one_transaction_each"),
        },
    }


def _ratio(seen: dict[str, list[dict[str, Any]]], other: str) -> float:
    ours, theirs = (float(statistics.median(told["per_s"] for told in seen[name])) for name in ("ours", other))
    return ours / theirs


def _spread(told: list[dict[str, Any]]) -> dict[str, float]:
    rates = [each["per_s"] for each in told]
    latency = {name: statistics.median(each[name] for each in told) for name in ("p50", "p99")}
    rate = {"n": len(rates), "min": min(rates), "median": statistics.median(rates), "max": max(rates)}
    return {**rate, **{f"{name}_ms": found for name, found in latency.items()}}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=2)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = options.parse_args()
    console = Console()
    console.print(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory() as folder, Stack.fresh(Path(folder) / "stack", Servers.asked()) as stack:
        stack.start(services=())
        found = measure(stack, Path(folder), console, **vars(asked))
    console.print_json(data=found)


if __name__ == "__main__":
    main()
