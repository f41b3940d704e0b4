"""Commitments: what can be promised and cited, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from feedback.domain import commitment as rules
from feedback.domain import refusals
from feedback.domain.commitment import Commitment
from feedback.domain.subject import Subject

TODAY = date(2026, 11, 14)
DUE = TODAY + timedelta(days=30)
ID = "0197a000-0000-7000-8000-000000000001"


@pytest.fixture
def commitment(unit: Subject) -> Commitment:
    """A promise for thirty days."""
    return rules.promise("k", unit, "Loket sore", cites=(), due_on=DUE, today=TODAY, by="hr")


@pytest.mark.parametrize(
    ("outcome", "day", "state"),
    [
        (None, 30, "running"), (None, 31, "late"), ("kept", 30, "kept"), ("kept", 31, "kept_late"),
        ("dropped", 1, "dropped"), ("dropped", 31, "dropped"),
    ],
)  # fmt: skip
def test_its_due_date_does_not_move(
    commitment: Commitment, outcome: rules.Outcome | None, day: int, state: str
) -> None:
    on = TODAY + timedelta(days=day)
    ended = rules.end(commitment, outcome, "Sebab", on) if outcome else commitment
    assert ended.state_on(on if outcome is None else date(2099, 1, 1)) == state


def test_it_ends_once_and_is_noted_no_more(commitment: Commitment) -> None:
    ended = rules.end(commitment, "dropped", "Anggaran", TODAY)
    with pytest.raises(refusals.CommitmentEnded):
        rules.end(ended, "kept", "Jadi", TODAY)
    with pytest.raises(refusals.CommitmentEnded):
        rules.note(ended, "Masih", TODAY)


def test_it_takes_so_many_notes(commitment: Commitment) -> None:
    for _ in range(rules.MOST_NOTES):
        commitment = rules.note(commitment, "Berjalan", TODAY)
    assert len(commitment.notes) == rules.MOST_NOTES
    with pytest.raises(refusals.InvalidCommitment) as refusal:
        rules.note(commitment, "Berjalan", TODAY)
    assert refusal.value.field == "words"


@pytest.mark.parametrize("kind", ["forum", "proposal", "campaign", "commitment"])
def test_it_cites_records_of_ours_by_their_id(kind: str) -> None:
    assert rules.refers(f"{kind}:{ID}") == (kind, ID)


def test_it_cites_a_topic_of_complaints() -> None:
    assert rules.refers("topic:waktu") is None


@pytest.mark.parametrize("cite", ["", "forum:1", f"gosip:{ID}", f"forum:{ID} ", "topic:gosip", f"xforum:{ID}"])
def test_anything_else_is_no_reference(cite: str) -> None:
    with pytest.raises(refusals.InvalidCommitment) as refusal:
        rules.refers(cite)
    assert refusal.value.field == "cites"


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (5 * 366, True), (5 * 366 + 1, False)])
def test_it_is_due_between_today_and_five_years(unit: Subject, days: int, fits: bool) -> None:
    due = TODAY + timedelta(days=days)
    if fits:
        assert rules.promise("k", unit, "Loket", cites=(), due_on=due, today=TODAY, by="hr").due_on == due
    else:
        with pytest.raises(refusals.InvalidCommitment):
            rules.promise("k", unit, "Loket", cites=(), due_on=due, today=TODAY, by="hr")


def test_a_closed_unit_promises_nothing(unit: Subject) -> None:
    with pytest.raises(refusals.SubjectInactive):
        rules.promise("k", replace(unit, active=False), "Loket", cites=(), due_on=DUE, today=TODAY, by="hr")
