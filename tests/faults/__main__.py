"""``make faults``: break what runs while people use it, and prove that nothing is lost, doubled or out of order."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from embedded import apache
from embedded.child import Unavailable
from embedded.servers import Servers
from embedded.stack import REPOSITORY
from rich.console import Console

from faults import plan
from faults.campaign import Campaign, report
from faults.nemeses import NEMESES
from faults.selftest import figures
from faults.selftest import run as selftest

REPORT = REPOSITORY / "build" / "faults.json"
HOME = REPOSITORY / ".kinara" / "faults"
BARS_S = {"service_p95": 10, "broker_p95": 15}
"""On Apache Kafka, from its start until a process that was killed is working again; 95 of 100."""


def asked() -> argparse.Namespace:
    """The command's options."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--seed",
        type=int,
        default=random.SystemRandom().randrange(10**6),
        help="that of a campaign that was cut off goes on with it",
    )
    options.add_argument("--quick", action="store_true", help="a slice of a few minutes, for every change")
    options.add_argument("--full", action="store_true", default=os.environ.get("FULL") == "1", help="the campaign")
    options.add_argument("--only", choices=sorted(NEMESES), help="one kind of fault")
    options.add_argument("--trials", type=int, default=5, help="how often, with --only")
    return options.parse_args()


def main() -> int:
    """Run, print, and keep the figures for other programs; 1 if a promise was broken, or a campaign has not
    kept its bars or is not whole."""
    given, console, started = asked(), Console(), time.monotonic()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # brokers are away on purpose
    try:
        servers = Servers.asked()
        if servers.broker == "apache":
            apache.jars()
    except Unavailable as reason:
        console.print(str(reason))
        return 1

    def say(text: str) -> None:
        console.print(f"{time.monotonic() - started:7.1f} {text}", markup=False, highlight=False, soft_wrap=True)

    rounds = plan.full() if given.full else plan.quick() if given.quick else plan.minutes()
    if given.only:
        rounds = plan.only(given.only, given.trials)
    say(f"seed {given.seed}, {servers.broker} and {servers.engine}")
    REPORT.unlink(missing_ok=True)
    campaign = Campaign(servers, HOME, given.seed, say, quick=not given.full, code=code())
    told = report(asyncio.run(campaign.run(rounds)), given.seed, versions(servers))
    if not given.only and not given.quick:
        say("seeded bugs, one at a time")
        told |= figures(asyncio.run(selftest(HOME / "selftest", said=say)))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    say(f"{told['lost']} lost, {told['doubled']} doubled, {told['out_of_order']} out of order, {told['other']} other")
    missing = [f"not run: {reason}" for reason in told["not_run"]] + late(told["recovery_s"], servers)
    for reason in missing:
        say(reason)
    say(f"recovery {told['recovery_s']}, report {REPORT.relative_to(REPOSITORY)}")
    caught_all = told.get("caught") == told.get("seeded_bugs") and not told.get("false_alarms")
    whole = not (given.full and missing)
    return 0 if whole and caught_all and not told["violations"] else 1


def late(took: Mapping[str, Any], servers: Servers) -> list[str]:
    """What came back later than promised, where that is promised."""
    bars = BARS_S if servers.broker == "apache" else {}
    return [
        f"{name}: {took[name]} s, at most {bar} s promised" for name, bar in bars.items() if (took[name] or 0) > bar
    ]


def code() -> str:
    """The commit that is tried, and whether there is more than it."""
    said = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return said.stdout.strip()


def versions(servers: Servers) -> dict[str, str]:
    """What it ran on."""
    packages = ("aiokafka", "motor", "faststream", "pydantic")
    return {**servers.versions, "python": platform.python_version(), **{name: version(name) for name in packages}}


if __name__ == "__main__":
    sys.exit(main())
