"""Training needs: which scores and coaching cases show one, and what covers it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Province
from kinara.contracts.appraisal import CoachingOpened, Predikat, ScoreUpdated
from training.domain.need import TOPIC_OF, Demand, Need, cover, demand_of, need_after, need_of_coaching, weakest

THRESHOLD = Decimal(60)
EMPLOYEE = "0197a000-0000-7000-8000-0000000000e1"


def score(**change: Any) -> ScoreUpdated:
    facts: dict[str, Any] = {
        "province": Province(code="16"),
        "unit_path": "/16.71/plaju",
        "employee_id": EMPLOYEE,
        "period": "2026-11",
        "policy": "plaju@1",
        "k": "80",
        "m": "54.7",
        "a": "70",
        "l": "83.33",
        "b": "75",
        "score": "58",
        "predikat": Predikat.BUTUH_PERBAIKAN,
    }
    return ScoreUpdated.model_validate(facts | change)


@pytest.mark.parametrize("predikat", list(Predikat))
def test_a_predikat_of_butuh_perbaikan_or_worse_shows_a_need(predikat: Predikat) -> None:
    need = need_after(score(predikat=predikat, score="90"), THRESHOLD)

    assert (need is not None) == (predikat >= Predikat.BUTUH_PERBAIKAN)


@pytest.mark.parametrize(("s", "shown"), [("59.99", True), ("60", False), ("60.01", False), (None, False)])
def test_a_score_below_the_threshold_shows_a_need(s: str | None, shown: bool) -> None:
    assert (need_after(score(predikat=Predikat.BAIK, score=s), THRESHOLD) is not None) == shown
    assert (need_after(score(predikat=None, score=s), THRESHOLD) is not None) == shown


@pytest.mark.parametrize(
    ("component", "topic"), [("k", "teknis"), ("m", "pelayanan"), ("a", "pelayanan"), ("b", "perilaku")]
)
def test_the_weakest_component_decides_the_topic(component: str, topic: str) -> None:
    need = need_after(score(**{component: "10"}), THRESHOLD)

    assert need is not None
    assert (need.component, need.topic) == (component, topic)


def test_training_let_pass_does_not_hide_the_work_that_is_behind() -> None:
    need = need_after(score(k="12", l="0"), THRESHOLD)

    assert need is not None
    assert (need.component, need.topic) == ("k", "teknis")


@pytest.mark.parametrize(("k", "component"), [("74.99", "k"), ("75", "l")])
def test_learning_decides_where_it_alone_is_weak(k: str, component: str) -> None:
    assert weakest(score(k=k, m="80", a=None, b="90", l="0")) == component


@pytest.mark.parametrize(("learning", "component"), [("74.99", "l"), ("75", None), (None, None)])
def test_a_component_as_expected_is_no_need(learning: str | None, component: str | None) -> None:
    fine = score(k="75", m="80", a="75", b="90", l=learning, score="40", predikat=None)

    assert weakest(fine) == component
    assert (need_after(fine, THRESHOLD) is not None) == (component is not None)


def test_where_a_region_asks_for_more_what_is_below_its_mark_is_low() -> None:
    need = need_after(score(k="80", m="84", a=None, b="95", l="78", score="82", predikat=Predikat.BAIK), Decimal(83))

    assert need is not None
    assert need.component == "k"


def test_a_component_that_does_not_apply_is_not_the_weakest() -> None:
    assert weakest(score(m=None, a="60")) == "a"


def test_of_equally_weak_components_work_comes_first() -> None:
    assert weakest(score(k="50", m="50", a="50", b="50", l="50")) == "k"


def test_where_nothing_applies_there_is_nothing_to_train() -> None:
    nothing = dict.fromkeys(TOPIC_OF)

    assert weakest(score(**nothing)) is None
    assert need_after(score(**nothing), THRESHOLD) is None


@given(st.lists(st.none() | st.decimals(0, 100, places=2), min_size=5, max_size=5))
def test_no_low_component_is_weaker_than_the_weakest_but_for_learning(marks: list[Decimal | None]) -> None:
    event = score(**dict(zip(TOPIC_OF, marks, strict=True)))
    component = weakest(event)

    known = {c: mark for c, mark in zip(TOPIC_OF, marks, strict=True) if mark is not None}
    assert {c for c in known if component and known[c] < known[component]} <= {"l"}
    assert (component is None) == (not any(mark < 75 for mark in known.values()))


def test_a_need_says_in_indonesian_where_it_comes_from() -> None:
    need = need_after(score(), THRESHOLD)

    assert need is not None
    assert need.reason == "Bagian terlemah pada periode 2026-11: kepuasan masyarakat (M = 54,70)."
    assert (need.id, need.score, need.predikat) == ("2026-11-m", Decimal(58), 3)


@pytest.mark.parametrize(("form", "component", "topic"), [("bimbingan", "k", "teknis"), ("konseling", "b", "perilaku")])
def test_coaching_asks_for_training_in_what_it_is_about(form: Any, component: str, topic: str) -> None:
    event = CoachingOpened(
        province=Province(code="16"),
        unit_path="/16.71/plaju",
        employee_id=EMPLOYEE,
        case_id=EMPLOYEE,
        form=form,
        trigger="S di bawah 60",
        period="2026-11",
        opened_on=date(2026, 12, 1),
    )

    need = need_of_coaching(event)

    assert (need.component, need.topic, need.id) == (component, topic, f"2026-11-{component}")
    assert need.reason == f"Pembinaan ({form}) dibuka pada periode 2026-11: S di bawah 60"


def test_a_need_is_closed_by_learning_that_serves_its_topic() -> None:
    need = need_after(score(), THRESHOLD)
    assert need is not None

    closed = cover(need, "c1", ["pelayanan.aduan"], date(2026, 11, 20))

    assert (closed.state, closed.closed_by, closed.closed_on) == ("closed", "c1", date(2026, 11, 20))


def test_other_learning_leaves_the_need_open() -> None:
    need = need_after(score(), THRESHOLD)
    assert need is not None

    assert cover(need, "c1", ["teknis.arsip"], date(2026, 11, 20)) is need


def test_what_is_closed_stays_closed_by_what_closed_it() -> None:
    need = need_after(score(), THRESHOLD)
    assert need is not None
    closed = cover(need, "c1", ["pelayanan.aduan"], date(2026, 11, 20))

    assert cover(closed, "c2", ["pelayanan.aduan"], date(2026, 12, 20)) is closed


def test_demand_ranks_topics_by_needs_and_counts_each_employee_once() -> None:
    def need(component: Any) -> Need:
        return Need(id="n", component=component, topic=TOPIC_OF[component], period="2026-11", reason="")

    assert demand_of([[need("m"), need("a")], [need("k")], [need("b"), need("k")], [need("m")], []]) == [
        Demand("pelayanan", needs=3, employees=2),
        Demand("teknis", needs=2, employees=2),
        Demand("perilaku", needs=1, employees=1),
    ]
    assert demand_of([]) == []
