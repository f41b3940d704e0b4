"""What the demonstration says at its end: numbers as its readers write them, and whether no row went missing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from embedded.demo import show
from embedded.demo.__main__ import broken
from rich.console import Console

REPORT: dict[str, Any] = {
    "lost": 0, "duplicated": 0, "out_of_order": 0, "dead_letters": 2, "poison": 2, "latency_ms": {"p99": 80.0},
    "scores_changed": 5, "rows": 40, "imported": 35, "updated": 1, "unchanged": 1,
    "rejected": {"tglLahir": 2, "nip": 1}, "awards": 1, "coaching": 1, "objections": 1,
    "predikat_by_region": {"plaju": "Butuh Perbaikan", "bengkulu": "Baik"},
    "simulation": {"employees": 60, "seconds": 0.5, "moved": 3}, "entitlements": 1, "promotions": 1,
    "budget": {"planned": 1_800_000, "reserved": 1_800_000, "over": 0, "waiting": 2},
    "ikm": {"plaju": "90.75", "mutu": "A", "answers": 12},
    "bkn_out": {"accepted": 9, "refused": 1, "unknown": 0, "with_reason": 1},
    "complaints": {"lodged": 12, "overdue": 1, "answered": 13, "reopened": 1},
}  # fmt: skip

MONEY = "money is reserved, none beyond the budget, and somebody waits for it"
INDEX = "citizens are asked, and an index follows"
REFUSED = "BKN refuses some, each with a reason"


def explained(score: str, value: str, lines: list[dict[str, str]]) -> dict[str, Any]:
    """An explanation as appraisal answers it, of one component."""
    account = {"name": "Kepuasan", "applies": True, "opened_with": "79.8300", "value": value, "effects": lines}
    facts = {"score": score, "policy": "plaju@1", "period": "2026-11", "predikat": None}
    return {"score": facts, "components": {"M": account}}


def test_a_story_in_which_all_holds_has_nothing_to_complain_of() -> None:
    assert broken(REPORT) == []


@pytest.mark.parametrize("lost", ["rows", "imported", "updated", "unchanged"])
def test_a_row_that_is_counted_nowhere_or_twice_breaks_the_story(lost: str) -> None:
    assert broken(REPORT | {lost: REPORT[lost] + 1}) == ["rows = created + updated + unchanged + rejected"]


def test_a_feed_of_which_most_was_rejected_breaks_the_story() -> None:
    mostly = {"imported": 5, "rejected": {"tglLahir": 33}}
    assert broken(REPORT | mostly) == ["nine in ten rows are known"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"predikat_by_region": {"plaju": "Baik", "bengkulu": "Baik"}}, "one month, several predikat"),
        ({"awards": 0}, "awards, coaching, objections > 0"),
        ({"coaching": 0}, "awards, coaching, objections > 0"),
        ({"objections": 0}, "awards, coaching, objections > 0"),
        ({"simulation": {"employees": 0}}, "a draft was tried on somebody"),
        ({"entitlements": 0}, "entitlements, promotions > 0"),
        ({"promotions": 0}, "entitlements, promotions > 0"),
        ({"budget": REPORT["budget"] | {"over": 1}}, MONEY),
        ({"budget": REPORT["budget"] | {"reserved": 1_800_001}}, MONEY),
        ({"budget": REPORT["budget"] | {"waiting": 0}}, MONEY),
        ({"ikm": {"plaju": "90.75", "answers": 0}}, INDEX),
        ({"ikm": {"plaju": None, "answers": 12}}, INDEX),
        ({"ikm": {"plaju": "0.00", "answers": 12}}, INDEX),
        ({"complaints": {"overdue": 1, "answered": 13}}, "a complaint is overdue, answered, reopened"),
        ({"bkn_out": REPORT["bkn_out"] | {"accepted": 0}}, "BKN is told, and nothing is left open"),
        ({"bkn_out": REPORT["bkn_out"] | {"unknown": 1}}, "BKN is told, and nothing is left open"),
        ({"bkn_out": REPORT["bkn_out"] | {"with_reason": 0}}, REFUSED),
        ({"bkn_out": REPORT["bkn_out"] | {"refused": 0, "with_reason": 0}}, REFUSED),
    ],
)
def test_a_second_act_in_which_nothing_is_decided_breaks_the_story(changes: dict[str, Any], complaint: str) -> None:
    assert broken(REPORT | changes) == [complaint]


def test_people_read_decimal_commas() -> None:
    told = io.StringIO()
    console = Console(file=told, width=120)
    line = {"event_id": "1", "delta": "0.375", "note": "Umpan balik diterima."}
    show.person(console, "Rani", explained("79.83", "79.8300", []), explained("80.21", "80.2050", [line]))
    card = {"unit_path": "/16.71", "scores": [{"score": "80.205", "predikat": None}]}
    console.print(show.regions([card]))

    for written in ("nilai 79,83", "dibuka 79,8300, sekarang 80,2050", "+0,3750", "80,2050 = 80,2050", "nilai 80,21"):
        assert written in told.getvalue()
    assert "│     80,20 │" in told.getvalue()
