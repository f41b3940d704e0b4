"""From marks to an order: thresholds, averages, 40/60, ties, affirmative seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from personnel.domain.refusals import InvalidSelection
from personnel.domain.scoring import (
    THRESHOLDS,
    Candidate,
    Category,
    Criterion,
    Place,
    Rules,
    Skd,
    Threshold,
    advancing,
    decide,
)

WHOLE = (Criterion(code="skb", title="SKB", weight=Decimal(1)),)
CPNS = Rules(criteria=WHOLE, thresholds=THRESHOLDS)
INTERNAL = Rules(
    criteria=(
        Criterion(code="makalah", title="Makalah", weight=Decimal("0.6")),
        Criterion(code="wawancara", title="Wawancara", weight=Decimal("0.4"), least=Decimal(50)),
    ),
    passing=Decimal(70),
)
BORN = date(1995, 5, 5)


def candidate(code: str, skd: tuple[int, int, int] | None = None, **more: Any) -> Candidate:
    known: dict[str, Any] = {"category": "umum", "birth_date": BORN} | more
    return Candidate(code=code, skd=Skd(*skd) if skd else None, **known)


def skb(*marks: str) -> list[Mapping[str, Decimal]]:
    return [{"skb": Decimal(mark)} for mark in marks]


def decided(
    candidates: Sequence[Candidate], given: Mapping[str, list[Mapping[str, Decimal]]], seats: int = 1
) -> dict[str, Place]:
    return {place.code: place for place in decide(CPNS, {"umum": seats}, candidates, given)}


@pytest.mark.parametrize(
    ("category", "skd", "passes"),
    [
        ("umum", (65, 80, 166), True),
        ("umum", (64, 175, 225), False),
        ("umum", (150, 79, 225), False),
        ("umum", (150, 175, 165), False),
        ("cumlaude", (61, 85, 165), True),
        ("cumlaude", (61, 85, 164), False),
        ("diaspora", (150, 84, 225), False),
        ("disabilitas", (60, 60, 166), True),
        ("disabilitas", (60, 60, 165), False),
        ("papua", (150, 59, 225), False),
        ("3t", (1, 60, 225), True),
    ],
)
def test_each_category_has_its_own_threshold(category: Category, skd: tuple[int, int, int], passes: bool) -> None:
    assert THRESHOLDS[category].passed_by(Skd(*skd)) is passes


def test_forty_parts_skd_and_sixty_parts_the_mean_of_the_scorers() -> None:
    found = decided([candidate("a", (110, 110, 220))], {"a": skb("80", "85", "90")})
    # 40 % of 440 / 5.5 = 32, 60 % of 85 = 51
    assert (found["a"].final, found["a"].marks, found["a"].selected) == (Decimal("83.000"), {"skb": Decimal(85)}, True)


def test_three_times_the_seats_go_on_and_with_them_who_has_exactly_the_marks_of_the_last() -> None:
    marks = [(100, 100, 200), (100, 100, 199), (100, 100, 198), (100, 100, 198), (101, 100, 197), (60, 100, 200)]
    people = [candidate(f"c{at}", skd) for at, skd in enumerate(marks)]
    passed, on = advancing(CPNS, {"umum": 1}, people)
    assert passed == {"c0", "c1", "c2", "c3", "c4"}
    assert on == {"c0", "c1", "c2", "c3"}, "c4 has the same total as the last, but less TKP"


def test_who_does_not_go_on_is_told_why() -> None:
    people = [candidate("a", (100, 100, 200)), candidate("low", (60, 100, 200))]
    found = decided(people, {"a": skb("80")})
    assert (found["low"].stage, found["low"].final, found["low"].rank) == ("skd", None, None)
    crowd = [candidate(f"c{at}", (100, 100, 200 - at)) for at in range(4)]
    found = decided(crowd, {f"c{at}": skb("80") for at in range(3)})
    assert (found["c3"].stage, found["c2"].stage) == ("antrean_skb", "peringkat")


EVEN = {"a": skb("80"), "b": skb("80")}
LOW, HIGH = Decimal("3.50"), Decimal("3.51")
TIES = [
    # all with the same final mark: SKD and SKB balance or are equal, and one step after the other decides
    ("SKD", candidate("a", (100, 100, 211)), candidate("b", (100, 100, 200)), {"a": skb("80"), "b": skb("81.333")}),
    ("TKP", candidate("a", (90, 100, 210)), candidate("b", (100, 100, 200)), EVEN),
    ("TIU", candidate("a", (90, 110, 200)), candidate("b", (100, 100, 200)), EVEN),
    ("IPK", candidate("a", (90, 100, 200), ipk=HIGH), candidate("b", (90, 100, 200), ipk=LOW), EVEN),
    ("age", candidate("a", (90, 100, 200), birth_date=date(1995, 5, 4)), candidate("b", (90, 100, 200)), EVEN),
    ("no IPK", candidate("a", (90, 100, 200), ipk=Decimal("2.0")), candidate("b", (90, 100, 200)), EVEN),
]  # fmt: skip


@pytest.mark.parametrize(("better", "worse", "given"), [tie[1:] for tie in TIES], ids=[tie[0] for tie in TIES])
def test_ties_are_broken_in_the_legal_order_whatever_order_they_come_in(
    better: Candidate, worse: Candidate, given: dict[str, Any]
) -> None:
    for people in ([better, worse], [worse, better]):
        found = decided(people, given)
        assert found["a"].final == found["b"].final
        assert (found["a"].rank, found["b"].rank) == (1, 2)
        assert (found["a"].selected, found["b"].selected) == (True, False)


def test_affirmative_seats_are_filled_from_their_own_category() -> None:
    people = [
        candidate("best", (110, 110, 220)),
        candidate("second", (110, 110, 210)),
        candidate("affirmed", (70, 60, 170), category="disabilitas"),
    ]
    given = {"best": skb("90"), "second": skb("90"), "affirmed": skb("60")}
    places = {p.code: p for p in decide(CPNS, {"umum": 1, "disabilitas": 1}, people, given)}
    assert {code for code, place in places.items() if place.selected} == {"best", "affirmed"}
    assert (places["affirmed"].rank, places["second"].rank) == (1, 2)


def test_an_internal_selection_weighs_its_criteria_and_has_passing_grades() -> None:
    people = [candidate(code) for code in ("a", "b", "c")]
    given = {
        "a": [{"makalah": Decimal(80), "wawancara": Decimal(70)}, {"makalah": Decimal(90), "wawancara": Decimal(80)}],
        "b": [{"makalah": Decimal(100), "wawancara": Decimal("49.999")}],
        "c": [{"makalah": Decimal(70), "wawancara": Decimal("69.9")}],
    }
    found = {p.code: p for p in decide(INTERNAL, {"umum": 2}, people, given)}
    assert (found["a"].final, found["a"].selected) == (Decimal("81.000"), True)
    assert (found["b"].stage, found["b"].selected) == ("nilai_minimal", False), "an interview below its passing grade"
    assert (found["c"].stage, found["c"].final) == ("nilai_minimal", Decimal("69.960")), "below the whole's"


def test_the_grade_itself_is_passed() -> None:
    given = {"a": [{"makalah": Decimal(70), "wawancara": Decimal(70)}]}
    [place] = decide(INTERNAL, {"umum": 1}, [candidate("a")], given)
    assert (place.final, place.selected) == (Decimal("70.000"), True)


@pytest.mark.parametrize("weights", [("0.5", "0.4"), ("0.5", "0.6"), ()])
def test_weights_are_shares_of_one_whole(weights: tuple[str, ...]) -> None:
    criteria = tuple(Criterion(code=f"c{at}", title="x", weight=Decimal(w)) for at, w in enumerate(weights))
    with pytest.raises(InvalidSelection):
        Rules(criteria=criteria).refuse_unusable()


def test_codes_of_criteria_are_told_apart() -> None:
    twice = (Criterion(code="a", title="x", weight=Decimal("0.5")),) * 2
    with pytest.raises(InvalidSelection):
        Rules(criteria=twice).refuse_unusable()


def test_other_thresholds_may_be_stated() -> None:
    rules = Rules(criteria=WHOLE, thresholds={"umum": Threshold(total=400)})
    assert advancing(rules, {"umum": 1}, [candidate("a", (100, 100, 199))]) == (set(), set())
