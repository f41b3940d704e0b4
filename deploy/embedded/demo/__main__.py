"""``make demo``: start, import, speak, break, settle, check; exits with 1 if an invariant fails."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console

from embedded.demo import show
from embedded.demo.story import Story
from embedded.servers import Servers
from embedded.stack import REPOSITORY, Stack
from embedded.up import interruptible

SEED = 16_71_14
A_DAY_AT_ONCE = 1000
"""Voices in an hour that are no burst here: the demonstration's busy day is over in a minute."""


def main(root: Path = REPOSITORY) -> int:
    """Tell the story once, with data and report under ``root``.

    The report of an earlier telling is removed first: the one that is there is of this telling, and a telling that is
    broken off leaves none.
    """
    console = Console()
    started = time.monotonic()
    path = root / "build" / "demo.json"
    path.unlink(missing_ok=True)
    try:
        with Stack.fresh(root / ".kinara" / "demo", Servers.asked()) as stack, interruptible(console):
            with console.status("Menyiapkan broker, basis data, dan layanan…"):
                stack.start_stub()
                stack.env["KINARA_BURST_FROM"] = str(A_DAY_AT_ONCE)
                stack.start()
            report = asyncio.run(Story(stack, console, random.Random(SEED)).tell())  # repeatable
            show.addresses(console)
    except KeyboardInterrupt:
        console.print("Dihentikan.")
        return 130
    except (RuntimeError, AssertionError) as error:
        console.print(str(error), style="red", markup=False)
        return 1
    report["seconds"] = round(time.monotonic() - started, 1)
    write(path, report)
    failures = broken(report)
    console.print(f"Laporan: {path.relative_to(root)}, {show.comma(report['seconds'])} detik.")
    for failure in failures:
        console.print(f"[red]Tidak terpenuhi: {failure}[/red]")
    if not failures:
        console.print("[green]Semua terpenuhi: tidak ada yang hilang, tidak ada yang terhitung dua kali.[/green]")
    return 1 if failures else 0


def broken(report: dict[str, Any]) -> list[str]:
    """Which invariants do not hold."""
    checks = {
        "lost = 0": report["lost"] == 0,
        "duplicated = 0": report["duplicated"] == 0,
        "out_of_order = 0": report["out_of_order"] == 0,
        "dead_letters = poison": report["dead_letters"] == report["poison"],
        "p99 < 1000 ms": report["latency_ms"]["p99"] < 1000,
        "nine in ten rows are known": report["rows"] - sum(report["rejected"].values()) >= 0.9 * report["rows"] > 0,
        "rows = created + updated + unchanged + rejected": report["rows"]
        == report["imported"] + report["updated"] + report["unchanged"] + sum(report["rejected"].values()),
        "scores_changed > 0": report["scores_changed"] > 0,
        "one month, several predikat": len(set(report["predikat_by_region"].values())) > 1,
        "awards, coaching, objections > 0": min(report[one] for one in ("awards", "coaching", "objections")) > 0,
        "a draft was tried on somebody": report["simulation"]["employees"] > 0,
        "entitlements, promotions > 0": min(report["entitlements"], report["promotions"]) > 0,
        "money is reserved, none beyond the budget, and somebody waits for it": report["budget"]["over"] == 0
        and 0 < report["budget"]["reserved"] <= report["budget"]["planned"]
        and report["budget"]["waiting"] > 0,
        "citizens are asked, and an index follows": report["ikm"]["answers"] > 0
        and Decimal(25) <= Decimal(report["ikm"].get("plaju") or 0) <= 100,
        "a complaint is overdue, answered, reopened": min(
            report["complaints"].get(step, 0) for step in ("overdue", "answered", "reopened")
        )
        > 0,
        "BKN is told, and nothing is left open": report["bkn_out"]["accepted"] > 0
        and report["bkn_out"]["unknown"] == 0,
        "BKN refuses some, each with a reason": report["bkn_out"]["refused"] == report["bkn_out"]["with_reason"] > 0,
    }
    return [name for name, holds in checks.items() if not holds]


def write(path: Path, report: dict[str, Any]) -> None:
    """Keep the figures for other programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
