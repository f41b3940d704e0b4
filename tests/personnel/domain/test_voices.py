"""Citizens' voices by year: counted by trust, undone exactly, in the year in which they were given."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.feedback import (
    ComplaintReopened,
    ComplaintResolved,
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackReleased,
    FeedbackWithdrawn,
)
from kinara.kit.ids import new_id
from personnel.domain.merit import blank, note_voice, with_evidence_of
from personnel.domain.voices import NONE, ByYear, Voice, Voices, with_complaint, with_voice

AT = datetime(2026, 5, 4, 3, tzinfo=UTC)
WHERE: dict[str, Any] = {"province": Province(code="16"), "unit_path": "/16.71"}
WHERE |= {"unit_id": new_id(), "employee_id": new_id()}
V1, A, B, OTHER, COMPLAINT = (new_id() for _ in range(5))
BECAUSE = {FeedbackWithdrawn: {"reason": "citizen"}, FeedbackQuarantined: {"reason": "Beruntun"}}


def voice(kind: type[Voice], id_: str = V1, rating: int = 4, trust: str = "1", at: datetime = AT) -> Voice:
    more = BECAUSE.get(kind, {})
    return kind(**WHERE, feedback_id=id_, rating=rating, trust=Decimal(trust), given_at=at, **more)


def said(*voices: Voice) -> ByYear:
    years: ByYear = {}
    for one in voices:
        years = with_voice(years, one)
    return years


def solved(outcome: str = "solved", opened: datetime = AT, at: datetime = AT) -> ComplaintResolved:
    return ComplaintResolved(
        **WHERE, complaint_id=COMPLAINT, opened_at=opened, resolved_at=at, within_sla=False, outcome=outcome
    )


def reopened(was: str | None = "solved", within: bool = True, opened: datetime = AT) -> ComplaintReopened:
    return ComplaintReopened(
        **WHERE, complaint_id=COMPLAINT, opened_at=opened, reopened_at=datetime(2027, 1, 9, tzinfo=UTC),
        was_within_sla=within, was_outcome=was,
    )  # fmt: skip


def test_voices_weigh_by_their_trust() -> None:
    year = said(voice(FeedbackReceived, A, 4), voice(FeedbackReceived, B, 1, "0.2"))["2026"]
    assert (year.count, year.rating) == (2, Decimal("3.50"))


def test_a_voice_without_weight_is_not_counted() -> None:
    assert said(voice(FeedbackReceived, trust="0"), voice(FeedbackWithdrawn, trust="0")) == {}


@pytest.mark.parametrize(
    ("then", "count"),
    [
        ([FeedbackWithdrawn], 0),
        ([FeedbackQuarantined], 0),
        ([FeedbackQuarantined, FeedbackReleased], 1),
        ([FeedbackQuarantined, FeedbackWithdrawn], 0),
        ([FeedbackQuarantined, FeedbackReleased, FeedbackWithdrawn], 0),
        ([FeedbackReleased], 1),
        ([FeedbackQuarantined, FeedbackQuarantined], 0),
    ],
)
def test_what_becomes_of_a_voice_is_undone_once(then: list[type[Voice]], count: int) -> None:
    other = voice(FeedbackReceived, OTHER, 2)
    year = said(other, voice(FeedbackReceived), *(voice(kind) for kind in then))["2026"]
    assert year.count == 1 + count
    assert year.rating == (Decimal("3.00") if count else Decimal("2.00"))
    if not count and then[-1] is FeedbackWithdrawn:
        assert year == said(other)["2026"], "nothing is left of it"


def test_a_voice_belongs_to_the_year_on_the_clock_of_its_province() -> None:
    late = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # 00.30 of the new year in Palembang
    years = said(voice(FeedbackReceived, A, at=late), voice(FeedbackReceived, B))
    assert {year: one.count for year, one in years.items()} == {"2026": 1, "2027": 1}
    assert years["2027"].rating == Decimal("4.00")


def test_no_voice_has_no_mean() -> None:
    assert NONE.rating is None


@pytest.mark.parametrize(("outcome", "counts"), [("solved", 1), ("closed_without_solution", 0), ("not_ours", 0)])
def test_only_solved_complaints_count(outcome: str, counts: int) -> None:
    assert with_complaint({}, solved(outcome)).get("2026", NONE).solved == counts


@pytest.mark.parametrize(
    ("event", "left"),
    [
        (reopened(), 0),
        (reopened(None), 0),
        (reopened(None, within=False), 1),
        (reopened("closed_without_solution"), 1),
        (reopened("not_ours"), 1),
    ],
)
def test_a_complaint_opened_again_was_not_solved_in_the_year_it_was_opened_in(
    event: ComplaintReopened, left: int
) -> None:
    before = {"2026": Voices(solved=1)}
    assert with_complaint(before, event)["2026"].solved == left
    assert "2027" not in with_complaint(before, event)


def test_a_profile_that_is_put_right_takes_its_voices_from_the_log() -> None:
    wrong, _ = note_voice(blank(OTHER, "16"), voice(FeedbackReceived, A, 1))
    right, _ = note_voice(blank(OTHER, "16"), voice(FeedbackReceived, B, 4))
    assert with_evidence_of(wrong, right).voices == right.voices
