"""The standard of a post: what it asks of whom, and the needs that follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from kinara.contracts import Province
from training.domain.need import cover
from training.domain.record import Completion, Record
from training.domain.refusals import InvalidCompetency, InvalidStandard
from training.domain.standard import MOST_COMPETENCIES, Gap, Required, Standard, gaps_of, hold_against, set_standard

ARCHIVE = Required("teknis.arsip", 3)


def standard(*required: Required, post: Any = "pelaksana", unit_path: str = "/16.71", unit: str = "u") -> Standard:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return set_standard(unit, post, required, province=Province(code="16"), unit_path=unit_path, at=at)


@pytest.fixture
def clerk(employee: Callable[[int], Record]) -> Record:
    """Somebody in a pelaksana's post who has shown archiving at level 1."""
    shown = Completion(
        id="c1", programme_id="p", title="Arsip", jp=8, course_kind="4", competencies=("teknis.arsip",),
        completed_on=date(2026, 1, 5), level=1,
    )  # fmt: skip
    return replace(employee(1), jabatan_kind="pelaksana", completions=(shown,))


def test_a_gap_is_what_was_not_shown_at_the_level_asked_for(clerk: Record) -> None:
    asked = standard(ARCHIVE, Required("umum.kinerja", 1), Required("pelayanan.publik-digital", 2))

    assert gaps_of(clerk, [asked]) == [
        Gap(competency="pelayanan.publik-digital", required=2, shown=0),
        Gap(competency="teknis.arsip", required=3, shown=1),
        Gap(competency="umum.kinerja", required=1, shown=0),
    ]
    assert gaps_of(clerk, [standard(Required("teknis.arsip", 1))]) == []


@pytest.mark.parametrize(
    "other",
    [
        standard(ARCHIVE, post="fungsional"),
        standard(ARCHIVE, unit_path="/96.71"),
        standard(ARCHIVE, unit_path="/16.71/plaju/pelayanan"),
        standard(ARCHIVE, unit_path="/16.7"),
    ],
    ids=["another post", "another government", "a unit below", "a prefix of the name"],
)
def test_a_standard_speaks_of_its_post_and_units_only(clerk: Record, other: Standard) -> None:
    assert gaps_of(clerk, [other]) == []


def test_a_level_of_functional_posts_has_its_own_standard_and_the_highest_counts(clerk: Record) -> None:
    expert = replace(clerk, jabatan_kind="fungsional", jenjang="MU")
    both = [standard(ARCHIVE, post="fungsional"), standard(Required("teknis.arsip", 4), post="MU", unit="v")]

    assert gaps_of(expert, both) == [Gap(competency="teknis.arsip", required=4, shown=1)]


def test_a_gap_asks_for_training_once_and_no_more_when_no_standard_asks(clerk: Record) -> None:
    asked, effect = hold_against(clerk, [standard(ARCHIVE)], 2026)

    (need,) = asked.open_needs
    assert (need.topic, need.period, need.competency, need.level) == ("teknis", "2026", "teknis.arsip", 3)
    assert need.reason == (
        "Standar kompetensi jabatan meminta teknis.arsip tingkat 3; yang telah ditunjukkan tingkat 1."
    )
    assert effect == {"did": "held against the standard", "opened": [need.id], "dropped": []}
    assert hold_against(asked, [standard(ARCHIVE)], 2027) == (asked, {})
    withdrawn, effect = hold_against(asked, [standard()], 2026)
    assert (withdrawn.needs, effect["dropped"]) == ((), [need.id])


def test_only_the_competency_at_its_level_closes_the_gap(clerk: Record) -> None:
    (need,) = hold_against(clerk, [standard(ARCHIVE)], 2026)[0].needs
    on = date(2026, 11, 20)

    assert cover(need, "c2", ["teknis.jaringan"], on, 5).state == "open"
    assert cover(need, "c2", ["teknis.arsip"], on, 2).state == "open"
    assert cover(need, "c2", ["teknis.arsip"], on, 3).state == "closed"


@pytest.mark.parametrize(
    ("required", "refusal"),
    [
        ([Required("teknis.arsip", 0)], InvalidStandard),
        ([Required("teknis.arsip", 6)], InvalidStandard),
        ([ARCHIVE, Required("teknis.arsip", 4)], InvalidStandard),
        ([Required("memasak", 1)], InvalidCompetency),
        ([Required(f"teknis.a{n}", 1) for n in range(MOST_COMPETENCIES + 1)], InvalidStandard),
    ],
    ids=["level 0", "level 6", "twice", "no code", "too many"],
)
def test_what_is_no_standard_is_refused(required: list[Required], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        standard(*required)
    assert len(standard(*(Required(f"teknis.a{n}", 5) for n in range(MOST_COMPETENCIES))).required) == MOST_COMPETENCIES
