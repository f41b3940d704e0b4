"""What others say about an employee, kept for the next promotion."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kinara.contracts import Province
from kinara.contracts.appraisal import AppraisalConfirmed, ObjectionDecided, Predikat, ScoreUpdated
from kinara.contracts.training import TrainingCompleted
from personnel.domain import merit
from personnel.domain.merit import Appraisal

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
