"""Kills at the crash points that a siege does not reach, in tests of their own: each repeated as often as is asked for.

What a day, a month or BKN brings is not of a siege, which lives within an hour. A test that kills there has a real
database and real processes, and looks at all that was to be done, once; those that do are marked ``killed``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from embedded.stack import REPOSITORY

from faults.verdict import Violation

ELSEWHERE: Mapping[str, str] = {
    "closing.after_card": "tests/appraisal/test_rounds.py",
    "clocks.after_complaint": "tests/feedback/test_clocks.py",
    "publication.after_month": "tests/feedback/test_publisher.py",
    "publication.after_step": "tests/feedback/test_publisher.py",
    "seals.after_page": "tests/shared/test_seals.py",
    "outgoing.before_send": "tests/personnel/test_outgoing.py",
    "outgoing.after_send": "tests/personnel/test_outgoing.py",
    "settling.after_step": "tests/training/test_ending.py",
    "offering.after_step": "tests/training/test_offering.py",
    "moves.after_page": "tests/training/test_moves.py",
}
"""Crash points, and where a process is killed at them."""
NAMES = {f"crash {point}": point for point in ELSEWHERE}
AT_ONCE = "2"
"""Processes that share the tests."""


async def killed(kills: int, folder: Path) -> tuple[Counter[str], list[Violation]]:
    """Kill at each of these points so often: how often each was tried, and what did not hold."""
    report = folder / "tests.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-m", "killed", "-n", AT_ONCE, f"--junitxml={report}"]
    with (folder / "tests.txt").open("w") as said:
        process = await asyncio.create_subprocess_exec(
            *command, *sorted(set(ELSEWHERE.values())), cwd=REPOSITORY, env=os.environ | {"KINARA_KILLS": str(kills)},
            stdout=said, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        ended = await process.wait()
    if not report.exists():
        return Counter(), [Violation("broken", f"the tests ended with {ended} and say nothing, see {folder}")]
    return read(report)


def read(report: Path) -> tuple[Counter[str], list[Violation]]:
    """What a report of tests tells of kills."""
    tried, found = Counter[str](), list[Violation]()
    for case in ElementTree.parse(report).iter("testcase"):  # written by pytest
        named = {each.get("name"): each.get("value") for each in case.iter("property")}
        if case.find("skipped") is None and (point := named.get("killed")):
            tried[f"crash {point}"] += 1
        wrong = [each for kind in ("failure", "error") for each in case.iter(kind)]
        found += [Violation("broken", f"{case.get('name')}: {each.get('message')}"[:400]) for each in wrong]
    return tried, found
