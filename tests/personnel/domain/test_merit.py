"""What others say about an employee, kept for the next promotion."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kinara.contracts import Province
from kinara.contracts.appraisal import (
    AngkaKreditCredited,
    AppraisalConfirmed,
    ObjectionDecided,
    PeriodReopened,
    Predikat,
    ScoreUpdated,
)
from kinara.contracts.training import TrainingCompleted
from personnel.domain import merit
from personnel.domain.merit import Appraisal
from personnel.domain.telling import Dropped, Reopened

ID = "00000000-0000-4000-8000-0000000000e1"
AT = datetime(2026, 11, 1, tzinfo=UTC)
WHO: dict[str, Any] = {"province": Province(code="16"), "unit_path": "/16.71/plaju", "employee_id": ID}


def test_a_score_and_a_decision_stand_side_by_side() -> None:
    known = merit.blank(ID, "16")
    score = ScoreUpdated(**WHO, period="2026-10", policy="p@1", score=Decimal("83.4"), predikat=Predikat.BAIK)
    known, effect = merit.note_score(known, score)
    assert effect == {"did": "scored", "period": "2026-10", "score": Decimal("83.4")}
    decision = AppraisalConfirmed(
        **WHO,
        period="2026-10",
        proposed=Predikat.BAIK,
        confirmed=Predikat.SANGAT_BAIK,
        confirmed_by=ID,
        confirmed_at=AT,
    )
    known, _ = merit.note_confirmation(known, decision)
    assert known.appraisals == {
        "2026-10": Appraisal(score=Decimal("83.4"), proposed=Predikat.BAIK, confirmed=Predikat.SANGAT_BAIK)
    }
    assert known.unit_path == "/16.71/plaju"


def test_an_objection_corrects_the_decision_only() -> None:
    known = merit.blank(ID, "16")
    objection = ObjectionDecided(
        **WHO, objection_id=ID, period="2026", before=Predikat.KURANG, after=Predikat.BAIK, decided_by=ID, decided_at=AT
    )
    known, effect = merit.note_objection(known, objection)
    assert known.appraisals["2026"] == Appraisal(confirmed=Predikat.BAIK)
    assert effect == {"did": "objection", "period": "2026", "predikat": 2}


def credited(jenjang: str, months: tuple[int, int], credit: str, *levels: str, year: int = 2026) -> AngkaKreditCredited:
    told = {"first_month": months[0], "last_month": months[1]} if levels else {}
    return AngkaKreditCredited(
        **WHO, year=year, jenjang=jenjang, months=months[1] + 1 - months[0], predikat=Predikat.BAIK,
        credit=Decimal(credit), credited_at=AT, levels=levels, **told,
    )  # fmt: skip


HALVES = (credited("PT", (1, 6), "6.25", "PT", "MU"), credited("MU", (7, 12), "12.50", "PT", "MU"))


def told(known: merit.Merit, *facts: AngkaKreditCredited | PeriodReopened) -> merit.Merit:
    for fact in (fact for fact in facts for _ in range(2)):
        fold = merit.note_reopening if isinstance(fact, PeriodReopened) else merit.note_credit
        noted, _ = fold(known, fact)  # type: ignore[operator]
        known = merit.note_for_bkn(known, noted, fact)
    return known


def test_each_level_of_a_year_has_its_credit_and_a_later_word_replaces_those_it_does_not_name() -> None:
    other = credited("MU", (1, 12), "25.00", year=2025)
    known = told(merit.blank(ID, "16"), other, *HALVES)
    assert {key: (one.credit, one.first_month) for key, one in known.credits.items()} == {
        "2025/MU": (Decimal("25.00"), None), "2026/PT": (Decimal("6.25"), 1), "2026/MU": (Decimal("12.50"), 7),
    }  # fmt: skip
    whole = told(known, credited("MU", (1, 12), "25.00", "MU"))
    assert whole.credits.keys() == {"2025/MU", "2026/MU"}
    assert told(known, credited("MU", (1, 12), "25.00")).credits.keys() == {"2025/MU", "2026/MU"}, "as told before"


def test_credit_kept_by_the_year_alone_is_replaced_by_a_word_about_its_level() -> None:
    before = replace(merit.blank(ID, "16"), credits={"2026": merit.Credit(jenjang="PT", months=12, credit=Decimal(12))})
    assert told(before, *HALVES).credits.keys() == {"2026/PT", "2026/MU"}


def test_credit_of_every_level_goes_with_the_period_that_is_opened_again_and_bkn_is_told_so() -> None:
    known = told(merit.blank(ID, "16"), *HALVES)
    held = [about for about, one in known.to_tell.items() if not isinstance(one.told, Dropped)]
    assert sorted(held) == ["credit 2026", "credit 2026 PT"]
    reopened = PeriodReopened(**WHO, period="2026-12", reason="x", reopened_at=AT)
    opened = told(known, reopened)
    assert opened.credits == {}
    voided = [opened.to_tell[about].told for about in ("credit 2026 PT", "credit 2026")]
    assert voided == [Reopened(period="2026", credit=True, jenjang="PT"), Reopened(period="2026", credit=True)]


def test_a_course_is_kept_once_and_in_order() -> None:
    known = merit.blank(ID, "16")
    course = {"enrolment_id": ID, "programme_id": ID, "partner": "U", "course_kind": "4", "certificate_number": "1"}
    for completion, day, jp in (("b" * 8, 2, 8), ("a" * 8, 1, 4), ("b" * 8, 2, 6)):
        done = TrainingCompleted(
            **WHO, **course, completion_id=f"{completion}-0000-4000-8000-000000000000", title=completion, jp=jp,
            completed_on=date(2026, 10, day),
        )  # fmt: skip
        known, _ = merit.note_course(known, done)
    assert [(kept.title, kept.jp) for kept in known.courses] == [("a" * 8, 4), ("b" * 8, 6)]
