"""How often each fault is tried: a slice for every change, a run of minutes, and the campaign behind the promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from faults import killing
from faults.campaign import Round
from faults.nemeses import network, processes

CRASHES = [f"crash {point}" for point in processes.CRASHES]
NETWORK = [f"network {mode}" for mode in network.MODES]
DISKS = ("broker's disk full", "database's disk full")
RECORDS = ("duplicates", "reordering", "replay", "reset")
HASTY = "session_timeout_ms=3000"
"""A session short enough that pausing for longer costs little; the product's own is kept where recovery is measured."""


def quick() -> list[Round]:
    """What breaks most often, once or more: services, servers, links."""
    return [
        Round("services", {"kill": 4, **dict.fromkeys(CRASHES, 1), "poison": 1, "duplicates": 1, "reordering": 1}),
        Round("servers", {"broker": 1, "broker emptied": 1, "database": 1, "both": 1}),
        Round("links", {**dict.fromkeys(NETWORK, 1)}, proxied=True),
    ]


def minutes() -> list[Round]:
    """Every kind of fault some times."""
    return [
        Round("services", {"kill": 8, **dict.fromkeys(CRASHES, 2)}),
        Round("members", {"pause": 3, "storm": 1, "rolling": 1}, kafka=HASTY),
        Round("records", {"poison": 1, **dict.fromkeys(RECORDS, 1), "kill": 2}),
        Round("operators", {"crash rebuild.mid_swap": 1, "cell": 1}, kafka=HASTY),
        Round("servers", {"broker": 2, "broker emptied": 1, "database": 2, "both": 1}),
        Round("links", dict.fromkeys(NETWORK, 1), proxied=True),
        Round("full disks", dict.fromkeys(DISKS, 1), disked=True),
        Round("crowd", {"overload": 1}),
    ]


def full() -> list[Round]:
    """The campaign."""
    return [
        *_rounds("kills", {"kill": 300}, each=30),
        *_rounds("crash points", dict.fromkeys(CRASHES, 20), each=28),
        *_rounds("pauses", {"pause": 100, "storm": 20}, each=30, kafka=HASTY),
        *_rounds("rolling", {"rolling": 20}, each=10),
        *_rounds("links", dict.fromkeys(NETWORK, 15), each=21, proxied=True),
        *_rounds("brokers", {"broker": 50, "both": 20}, each=14),
        *_rounds("databases", {"database": 50}, each=25),
        *_rounds("empty brokers", {"broker emptied": 12}, each=6),
        *_rounds("records", {"poison": 5, "duplicates": 20, "reordering": 20, "replay": 10, "reset": 10}, each=13),
        *_rounds("operators", {"crash rebuild.mid_swap": 20, "cell": 10}, each=6, kafka=HASTY),
        *_rounds("full disks", dict.fromkeys(DISKS, 10), each=5, disked=True),
        *_rounds("crowd", {"overload": 3}, each=1),
        Round("days", dict.fromkeys(killing.NAMES, 20), tests=True),
    ]


def only(kind: str, trials: int) -> list[Round]:
    """One kind of fault, so often."""
    hasty = HASTY if kind in ("pause", "storm") else ""
    return list(_rounds(kind, {kind: trials}, each=30, proxied=kind in NETWORK, disked=kind in DISKS, kafka=hasty))


def _rounds(name: str, trials: dict[str, int], *, each: int, **ground: Any) -> Iterator[Round]:
    """These trials in rounds of about so many, the kinds spread evenly over them."""
    count = max(1, round(sum(trials.values()) / each))
    for number in range(count):
        part = {kind: (number + 1) * total // count - number * total // count for kind, total in trials.items()}
        yield Round(f"{name} {number + 1}", part, **ground)
