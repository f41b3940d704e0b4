"""Complaints that ask for training: which count, how often, for how long."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from kinara.contracts import Province
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved, Topic
from training.domain.complaints import LEARNT, QUARTERS, Complaint, Tally, count
from training.domain.need import Need

UNIT = "0197a000-0000-7000-8000-0000000000a1"
IN_NOVEMBER = datetime(2026, 11, 3, 2, tzinfo=UTC)

State = tuple[tuple[Tally, ...], tuple[Need, ...]]
NOTHING: State = ((), ())


def complaint(number: int, kind: str = "resolved", **change: Any) -> Complaint:
    facts: dict[str, Any] = {
        "province": Province(code="16"), "unit_path": "/16.71/plaju", "unit_id": UNIT, "topic": "waktu",
        "complaint_id": f"0197a000-0000-7000-8000-{number:012d}", "opened_at": IN_NOVEMBER,
    }  # fmt: skip
    if kind == "overdue":
        return ComplaintOverdue(**facts | {"due_at": IN_NOVEMBER} | change)
    if kind == "reopened":
        return ComplaintReopened(**facts | {"reopened_at": IN_NOVEMBER, "was_within_sla": True} | change)
    return ComplaintResolved(
        **facts | {"resolved_at": IN_NOVEMBER, "within_sla": True, "outcome": "solved"} | change
    )  # fmt: skip


def heard(*events: Complaint, state: State = NOTHING, enough: int = 3) -> State:
    for event in events:
        state = count(*state, event, enough)
    return state


def test_the_third_of_a_topic_in_a_quarter_opens_a_need_and_the_second_does_not() -> None:
    two = heard(complaint(1), complaint(2, "overdue"))
    assert two[1] == ()

    (need,) = heard(complaint(3), state=two)[1]

    assert (need.id, need.topic, need.period, need.state) == ("2026-Q4-keluhan-waktu", "teknis", "2026-Q4", "open")
    assert need.reason == "3 pengaduan tentang waktu penyelesaian pada triwulan 2026-Q4."


def test_several_facts_about_one_complaint_count_once() -> None:
    assert heard(*(complaint(1, kind) for kind in ("overdue", "resolved", "reopened", "resolved")))[1] == ()


def test_complaints_of_different_topics_or_quarters_do_not_add_up() -> None:
    earlier = datetime(2026, 9, 30, 2, tzinfo=UTC)

    assert heard(complaint(1), complaint(2, topic="biaya"), complaint(3, opened_at=earlier), complaint(4))[1] == ()


def test_the_quarter_is_that_of_the_province() -> None:
    new_year_in_palembang = datetime(2026, 12, 31, 17, tzinfo=UTC)

    (tally,) = heard(complaint(1, opened_at=new_year_in_palembang))[0]

    assert tally.quarter == "2027-Q1"


def test_what_was_passed_on_says_nothing_about_who_got_it() -> None:
    two = heard(complaint(1), complaint(2, "overdue"))

    assert heard(complaint(2, outcome="not_ours"), complaint(3), state=two)[1] == ()


@pytest.mark.parametrize("topic", ["sarana", "lainnya", None])
def test_what_no_training_helps_against_asks_for_none(topic: Any) -> None:
    assert heard(*(complaint(number, topic=topic) for number in range(5))) == NOTHING


@pytest.mark.parametrize("topic", sorted(LEARNT))
def test_every_other_unsur_has_a_training_that_helps(topic: Any) -> None:
    (need,) = heard(complaint(1, topic=topic), enough=1)[1]

    assert need.topic == LEARNT[topic][0]


def test_the_table_knows_only_what_feedback_says() -> None:
    assert set(get_args(Topic)) - LEARNT.keys() == {"sarana", "lainnya"}


def test_one_quarter_asks_once_and_remembers_no_more_complaints_than_it_takes() -> None:
    tallies, needs = heard(*(complaint(number) for number in range(50)))

    assert len(needs) == 1
    assert [len(tally.complaints) for tally in tallies] == [3]


def test_only_the_latest_quarters_are_remembered() -> None:
    years = [complaint(year, opened_at=datetime(year, 5, 1, tzinfo=UTC)) for year in range(2020, 2030)]

    tallies, _ = heard(*years)

    assert [tally.quarter for tally in tallies] == [f"{year}-Q2" for year in range(2030 - QUARTERS, 2030)]
