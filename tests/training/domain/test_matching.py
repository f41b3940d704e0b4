"""Who could be whose mentor, in which order, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from training.domain.matching import MOST_MENTEES, MOST_SUGGESTIONS, refuse_unfit, strengths_for, suggest
from training.domain.need import Need
from training.domain.record import Completion, Record
from training.domain.refusals import MentorFull, UnfitPair

People = Callable[..., Record]


@pytest.fixture
def person(employee: Callable[[int], Record]) -> People:
    """Somebody who has shown competencies at levels."""

    def known(number: int, **shown: int) -> Record:
        done = tuple(
            Completion(
                id=code, programme_id="p", title="t", jp=8, course_kind="4", competencies=(code.replace("_", "."),),
                completed_on=date(2026, 1, 5), level=level,
            )
            for code, level in shown.items()
        )  # fmt: skip
        return replace(employee(number), completions=done)

    return known


def needs(record: Record, *needs: tuple[str, str | None, int]) -> Record:
    return replace(
        record,
        needs=tuple(
            Need(id=f"n{n}", component="", topic=topic, period="", reason="", competency=code, level=level)  # type: ignore[arg-type]  # the test's own topics
            for n, (topic, code, level) in enumerate(needs)
        ),
    )


def ids(found: list[Any]) -> list[str]:
    return [one.mentor.name for one in found]


def test_a_gap_is_served_by_who_has_shown_the_level_asked_for(person: People) -> None:
    junior = needs(person(0, teknis_arsip=1), ("teknis", "teknis.arsip", 3))

    found = suggest(junior, [person(1, teknis_arsip=2), person(2, teknis_arsip=3), person(3, teknis_jaringan=5)], {})

    assert ids(found) == ["Pegawai 2"]
    assert found[0].why == (
        "Menunjukkan yang dibutuhkan peserta: teknis.arsip tingkat 3, peserta tingkat 1. "
        "Dibanding peserta: masa kerja belum diketahui."
    )


def test_a_need_for_a_topic_is_served_by_whoever_has_shown_more_of_it(person: People) -> None:
    junior = needs(person(0, pelayanan_aduan=2), ("pelayanan", None, 1))

    strong = strengths_for(junior, person(1, pelayanan_aduan=3, pelayanan_loket=1, teknis_arsip=5))

    assert [(s.competency, s.mentor_level, s.mentee_level) for s in strong] == [
        ("pelayanan.aduan", 3, 2),
        ("pelayanan.loket", 1, 0),
    ]
    assert strengths_for(junior, person(2, pelayanan_aduan=2)) == ()


def test_who_serves_most_comes_first_then_who_knows_more_then_who_has_time(person: People) -> None:
    junior = needs(person(0), ("teknis", "teknis.arsip", 1), ("pelayanan", "pelayanan.aduan", 1))
    both, expert = person(4, teknis_arsip=1, pelayanan_aduan=1), person(3, teknis_arsip=5)
    busy, free = person(1, teknis_arsip=2), person(2, teknis_arsip=2)

    found = suggest(junior, [busy, free, expert, both], {busy.employee_id: 1})

    assert ids(found) == ["Pegawai 4", "Pegawai 3", "Pegawai 2", "Pegawai 1"]
    assert suggest(junior, [both, expert, free, busy], {busy.employee_id: 1}) == found


def test_the_list_is_bounded(person: People) -> None:
    junior = needs(person(0), ("teknis", None, 1))

    assert len(suggest(junior, [person(n, teknis_arsip=1) for n in range(1, 50)], {})) == MOST_SUGGESTIONS


@pytest.mark.parametrize(
    "change",
    [
        {"unit_path": "/96.71/dinkes"},
        {"active": False},
        {"employee_id": "mentee"},
        {"employee_id": "superior"},
        {"supervisor_id": "mentee"},
    ],
    ids=["another government", "out of service", "oneself", "one's superior", "one's report"],
)
def test_who_cannot_be_a_mentor_is_neither_suggested_nor_accepted(person: People, change: dict[str, Any]) -> None:
    junior = needs(person(0), ("teknis", "teknis.arsip", 1))
    junior = replace(junior, employee_id="mentee", supervisor_id="superior")
    other = replace(person(1, teknis_arsip=4), **change)

    assert suggest(junior, [other], {}) == []
    with pytest.raises(UnfitPair):
        refuse_unfit(junior, other, "teknis.arsip", 0)


def test_a_newcomer_is_no_mentor_of_a_veteran(person: People) -> None:
    veteran = replace(needs(person(0), ("teknis", "teknis.arsip", 1)), in_service_since=1998, golongan="II/d")
    newcomer = replace(person(1, teknis_arsip=5), in_service_since=2024, golongan="III/b")

    assert suggest(veteran, [newcomer], {}) == []
    with pytest.raises(UnfitPair, match="masa kerja 26 tahun lebih singkat"):
        refuse_unfit(veteran, newcomer, "teknis.arsip", 0)


def test_seniors_come_before_others_and_it_is_said_why(person: People) -> None:
    junior = replace(needs(person(0), ("teknis", None, 1)), in_service_since=2020, golongan="III/a")
    of_rank = replace(person(1, teknis_arsip=1), in_service_since=2020, golongan="III/c")
    alike = replace(person(2, teknis_arsip=5), in_service_since=2020, golongan="III/a")
    veteran = replace(person(3, teknis_arsip=2), in_service_since=2001, golongan="II/d")

    found = suggest(junior, [alike, of_rank, veteran], {})

    assert [(one.mentor.name, one.senior) for one in found] == [
        ("Pegawai 3", True), ("Pegawai 1", True), ("Pegawai 2", False),
    ]  # fmt: skip
    assert [one.why.rpartition("peserta: ")[2] for one in found] == [
        "masa kerja 19 tahun lebih lama.", "masa kerja sama, golongan lebih tinggi.", "masa kerja sama.",
    ]  # fmt: skip


def test_a_mentor_has_only_so_many_mentees(person: People) -> None:
    junior, senior = needs(person(0), ("teknis", "teknis.arsip", 1)), person(1, teknis_arsip=4)

    assert suggest(junior, [senior], {senior.employee_id: MOST_MENTEES}) == []
    refuse_unfit(junior, senior, "teknis.arsip", MOST_MENTEES - 1)
    with pytest.raises(MentorFull):
        refuse_unfit(junior, senior, "teknis.arsip", MOST_MENTEES)


def test_a_mentor_has_shown_more_than_the_mentee(person: People) -> None:
    with pytest.raises(UnfitPair):
        refuse_unfit(person(0, teknis_arsip=3), person(1, teknis_arsip=3), "teknis.arsip", 0)
    refuse_unfit(person(0, teknis_arsip=2), person(1, teknis_arsip=3), "teknis.arsip", 0)
