"""What the figures come to: ours against each other one, and whether the bars are met."""

from __future__ import annotations

import ast
import json
import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from embedded.servers import Servers
from embedded.stack import REPOSITORY
from rich.console import Console

from bench.ground import BARE, DURABLE, GUESTS, MESSAGES, OURS

REPORT = REPOSITORY / "build" / "bench.json"
BARS = {
    "durable_limit": 0.9, "bare_limit": 0.6, "per_message_faststream": 40, "best_peer": 3, "http_ingest": 0.8,
    "group_commit": 2.5, "limit_at_100x": 0.9, "reimport": 8,
}  # fmt: skip
BAR_ROWS = 100_000
"""Of an import, for which its bar is meant: of a small file starting is the most."""
P99_MS = 250
"""From commit to score at half the capacity, on Apache Kafka."""
FLAT = 0.5
"""MiB a minute that a consumer may grow and still be called flat."""
NOT_ASKED = "not asked for"
CONTENDERS = REPOSITORY / "bench" / "contenders"
LIBRARIES = ("aiokafka", "motor", "pymongo", "faststream", "pydantic", "fastapi", "uvicorn")
PEERS = ("faust-streaming", "quixstreams", "bytewax", "confluent-kafka")


def ratios(rates: Mapping[str, Any]) -> dict[str, float | None]:
    """Ours against each other one, medians of the same run: for the fewest employees, and for a hundred times these."""
    few = min(rates, key=int, default="")
    many = str(100 * int(few)) if few else ""
    peers = [name for name in (guest.name for guest in GUESTS) if name in rates.get(few, {})]
    best = max(peers, key=lambda name: rates[few][name]["median"], default="")
    found = {name: _ratio(rates.get(few, {}), name) for name in (DURABLE.name, BARE.name, MESSAGES.name)}
    return found | {
        "best_peer": _ratio(rates.get(few, {}), best),
        "limit_at_100x": _ratio(rates.get(many, {}), DURABLE.name),
    }


def _ratio(at: Mapping[str, Any], other: str) -> float | None:
    return at[OURS.name]["median"] / at[other]["median"] if OURS.name in at and other in at else None


def cannot_promise() -> dict[str, str]:
    """What each peer gives up, as it says itself."""
    told = {}
    for peer in (MESSAGES, *GUESTS):
        said = ast.get_docstring(ast.parse((CONTENDERS / f"{peer.module}.py").read_text("utf-8"))) or ""
        told[peer.name] = " ".join(said.partition("What it cannot promise: ")[2].split())
    return told


def versions(servers: Servers) -> dict[str, str]:
    """Of what took part; the peers' are those of their lock."""
    lock = (REPOSITORY / "locks" / "bench.txt").read_text()
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", lock, flags=re.MULTILINE))
    return {
        **servers.versions, "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES}, **{name: pinned[name] for name in PEERS},
    }  # fmt: skip


def write(figures: dict[str, Any], not_run: dict[str, str], **more: Any) -> dict[str, Any]:
    """Keep the figures for other programs; a ratio that was not measured is null, with the reason beside it."""
    kept = {name: figures["ratios"].get(name) for name in BARS}
    reasons = {name: not_run.get(name, NOT_ASKED) for name, ratio in kept.items() if ratio is None}
    report = figures | {"ratios": kept, "not_run": not_run | reasons, "processors": os.cpu_count()} | more
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    return report


def show(report: Mapping[str, Any], console: Console) -> None:
    """Each ratio beside its bar."""
    for name, bar in BARS.items():
        ratio = report["ratios"][name]
        if ratio is None:
            told = f"not measured: {report['not_run'][name]}"
        else:
            told = f"{ratio:.2f} (bar {bar:g}: {_met(ratio >= bar)})"
        if name == "reimport" and ratio is not None and report["imports"]["rows"] < BAR_ROWS:
            told = f"{ratio:.2f} with {report['imports']['rows']} rows (bar {bar:g} for {BAR_ROWS}: --rows {BAR_ROWS})"
        console.print(f"{name}: {told}", markup=False, highlight=False, soft_wrap=True)
    for employees, rates in report["events_per_second"].items():
        console.print(f"{employees} employees, medians in events/s:", highlight=False)
        for name, spread in rates.items():
            told = f"  {name}: {spread['median']:,.0f}. {report['cannot_promise'].get(name, '')}"
            console.print(told, markup=False, highlight=False, soft_wrap=True)
    for load, found in report["latency_ms"].items():
        told = ", ".join(f"{name} {found[name]} ms" for name in ("p50", "p95", "p99", "max"))
        told += f" of {found['n']} of {found['asked']}; p99 of all {found['p99_at_most']} ms at most"
        told += f" (bar {P99_MS} ms on Apache Kafka: {_met(found['p99_at_most'] <= P99_MS)})" if load == "50" else ""
        console.print(f"latency at {load} %, {found['per_second']}/s: {told}", highlight=False)
    if memory := report["memory"]:
        slope = memory["slope_mib_per_minute"]
        sizes = f"{memory['first_mib']:.0f} to {memory['last_mib']:.0f} MiB in {memory['seconds']:g} s"
        told = f"{sizes}, {slope:+.2f} MiB/min (bar {FLAT:g}: {_met(slope <= FLAT)})"
        console.print(f"memory of a consumer: {told}", highlight=False)
    console.print(f"Report: {REPORT.relative_to(REPOSITORY)}")


def _met(met: bool) -> str:
    return "met" if met else "not met"
