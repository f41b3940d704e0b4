"""Forums: what can be announced, recorded, supported and answered, and when an answer is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from feedback.domain import forum as rules
from feedback.domain import refusals
from feedback.domain.forum import Forum, Proposal
from feedback.domain.subject import Subject

TODAY = date(2026, 11, 14)
ID = "0197a000-0000-7000-8000-000000000009"
PROPOSAL = "0197a000-0000-7000-8000-0000000000a9"
DUE = TODAY + timedelta(days=14)


@pytest.fixture
def forum(unit: Subject, at: datetime) -> Forum:
    """A forum that is held today."""
    return rules.announce(
        ID, unit, title="Rembuk", agenda=("Loket",), place="Balai", held_on=TODAY, today=TODAY, at=at, by="hr"
    )


@pytest.fixture
def proposal(forum: Forum, at: datetime) -> Proposal:
    """A citizen's proposal to it."""
    return rules.propose(PROPOSAL, forum, "Loket sore", "citizen", known=0, at=at)


def recorded(forum: Forum, proposals: list[Proposal], at: datetime, due: date = DUE, today: date = TODAY) -> Forum:
    done, _, _ = rules.record(forum, proposals, minutes="Selesai", attendance=9, due_on=due, today=today, at=at)
    return done


def test_the_minutes_let_every_proposal_wait_for_its_answer(forum: Forum, proposal: Proposal, at: datetime) -> None:
    done, (waiting,), fact = rules.record(
        forum, [proposal], minutes="Selesai", attendance=9, due_on=DUE, today=TODAY, at=at
    )
    assert (done.minutes, done.recorded_at, done.answers_due_on) == ("Selesai", at, DUE)
    assert (proposal.state, waiting.state, waiting.due_on) == ("proposed", "open", DUE)
    assert (fact.attendance, fact.proposals, fact.held_on, fact.unit_id) == (9, 1, TODAY, forum.unit_id)


def test_after_the_minutes_nothing_is_proposed_supported_or_handed_out(
    forum: Forum, proposal: Proposal, at: datetime
) -> None:
    done = recorded(forum, [proposal], at)
    with pytest.raises(refusals.ForumRecordedAlready):
        rules.propose("p2", done, "Satu lagi", "forum", known=1, at=at)
    with pytest.raises(refusals.ForumRecordedAlready):
        rules.support(proposal, done)
    with pytest.raises(refusals.ForumRecordedAlready):
        rules.hand_out(done, 1)
    with pytest.raises(refusals.ForumRecordedAlready):
        recorded(done, [], at)


@pytest.mark.parametrize(
    ("answered", "day", "late"), [(None, 14, False), (None, 15, True), (14, 99, False), (15, 99, True)]
)
def test_an_answer_is_late_after_its_day(proposal: Proposal, answered: int | None, day: int, late: bool) -> None:
    on = None if answered is None else TODAY + timedelta(days=answered)
    waiting = replace(proposal, state="open", due_on=DUE, answered_on=on)
    assert waiting.overdue_on(TODAY + timedelta(days=day)) == late
    assert not proposal.overdue_on(date(2099, 1, 1)), "before the minutes nothing is due"


def test_an_answer_is_given_once_and_after_the_minutes(proposal: Proposal) -> None:
    answered = rules.answer(replace(proposal, state="open", due_on=DUE), "accepted", "Ya", TODAY)
    assert (answered.state, answered.decision, answered.answered_on) == ("answered", "accepted", TODAY)
    for refused in (answered, proposal):
        with pytest.raises(refusals.ProposalAnswered):
            rules.answer(refused, "declined", "Tidak", TODAY)


def test_a_forum_takes_so_many_proposals(forum: Forum, at: datetime) -> None:
    assert rules.propose("p", forum, "Loket", "forum", known=rules.MOST_PROPOSALS - 1, at=at)
    with pytest.raises(refusals.InvalidForum) as refusal:
        rules.propose("p", forum, "Loket", "forum", known=rules.MOST_PROPOSALS, at=at)
    assert refusal.value.field == "words"


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (366, True), (367, False)])
def test_a_forum_is_announced_up_to_a_year_ahead(unit: Subject, at: datetime, days: int, fits: bool) -> None:
    def announce() -> Forum:
        held_on = TODAY + timedelta(days=days)
        return rules.announce(
            "f", unit, title="Rembuk", agenda=("Loket",), place="Balai", held_on=held_on, today=TODAY, at=at, by="hr"
        )

    if fits:
        assert announce().held_on == TODAY + timedelta(days=days)
    else:
        with pytest.raises(refusals.InvalidForum):
            announce()


@pytest.mark.parametrize(
    ("due", "today", "field"),
    [(0, -1, "minutes"), (-1, 0, "answers_due_on"), (91, 0, "answers_due_on")],
    ids=["before it is held", "due in the past", "due too late"],
)
def test_minutes_that_cannot_be_are_refused(forum: Forum, at: datetime, due: int, today: int, field: str) -> None:
    with pytest.raises(refusals.InvalidForum) as refusal:
        recorded(forum, [], at, TODAY + timedelta(days=due), TODAY + timedelta(days=today))
    assert refusal.value.field == field


def test_answers_may_be_due_today_or_in_ninety_days(forum: Forum, at: datetime) -> None:
    for days in (0, 90):
        due = TODAY + timedelta(days=days)
        assert recorded(forum, [], at, due).answers_due_on == due
