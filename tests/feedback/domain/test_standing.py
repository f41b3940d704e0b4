"""Repeat voting: of two voices of one device within 30 days the last counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from feedback.domain import feedback as rules
from feedback.domain.standing import WITHIN, Standing
from feedback.domain.subject import Subject

ID, NEXT = "0197a000-0000-7000-8000-0000000000f1", "0197a000-0000-7000-8000-0000000000f2"


def test_a_voice_takes_the_place_of_one_from_the_last_thirty_days(at: datetime) -> None:
    standing = Standing(id="hash", feedback_id=ID, given_at=at)

    assert standing.replaced_at(at + WITHIN - timedelta(seconds=1))
    assert not standing.replaced_at(at + WITHIN)


@pytest.mark.parametrize("status", ["received", "quarantined"])
def test_speaking_again_takes_back_what_was_said(officer: Subject, at: datetime, status: rules.Status) -> None:
    former = replace(rules.give(ID, officer, rating=1, text="Lambat", secret=b"s", at=at)[0], status=status)
    later = at + timedelta(days=1)

    gone = rules.give_way(former, to=NEXT, at=later)

    assert gone is not None
    assert (gone[0].status, gone[0].text, gone[0].withdrawn_at) == ("withdrawn", "", later)
    assert (gone[1].feedback_id, gone[1].reason, gone[1].replaced_by) == (ID, "citizen", NEXT)


@pytest.mark.parametrize("status", ["withdrawn", "rejected"])
def test_what_counts_for_nothing_is_left_as_it_is(officer: Subject, at: datetime, status: rules.Status) -> None:
    former = replace(rules.give(ID, officer, rating=1, secret=b"s", at=at)[0], status=status)
    assert rules.give_way(former, to=NEXT, at=at) is None
