"""A panel's answers: whose they are cannot be read, and their means can, once there are enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from appraisal.domain.behaviour import Nilai
from appraisal.domain.panel import Invited, Panel, answer, heard, open_panel
from appraisal.domain.refusals import InvalidPanel, PanelClosed
from appraisal.domain.scorecard import Scorecard
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MARKS = st.fixed_dictionaries({value.value: st.integers(1, 5) for value in Nilai})


@pytest.fixture(scope="session")
def panel(blank: Scorecard) -> Panel:
    people = [f"p{n}" for n in range(15)]
    known = {id_: replace(blank, employee_id=id_) for id_ in people}
    invited = [Invited(id_, "peer") for id_ in people]
    return open_panel(blank, invited, known, panel_id="x", period="2026-11", opened_by="boss", now=NOW)


@given(given_marks=st.lists(MARKS, max_size=15))
def test_the_means_are_those_of_all_answers_and_of_fewer_than_three_nothing_is_told(
    panel: Panel, given_marks: list[dict[str, int]]
) -> None:
    answers = [answer(panel, f"p{n}", marks, b"key", NOW) for n, marks in enumerate(given_marks)]
    found = heard(answers)
    assert (found is None) == (len(answers) < 3)
    if found is not None:
        assert found.answers == len(answers)
        for value, mean in found.means.items():
            exact = sum(Decimal(marks[value]) for marks in given_marks) / len(given_marks)
            assert abs(mean - exact) <= Decimal("0.005")


def test_the_id_of_an_answer_hangs_on_panel_person_and_secret(panel: Panel) -> None:
    marks = dict.fromkeys((value.value for value in Nilai), 3)
    other = replace(panel, id="y")
    ids = {
        answer(where, who, marks, secret, NOW).id
        for where in (panel, other)
        for who in ("p1", "p2")
        for secret in (b"k", b"l")
    }
    assert len(ids) == 8
    assert answer(panel, "p1", marks, b"k", NOW).id in ids, "of one person there is one answer"
    assert not any("p1" in id_ for id_ in ids)


def test_a_panel_is_open_for_fourteen_days_and_read_when_the_last_answer_has_landed(panel: Panel) -> None:
    end = NOW + timedelta(days=14)
    moment = timedelta(milliseconds=1)
    assert (panel.is_open(end - moment), panel.is_open(end)) == (True, False)
    assert [panel.may_be_read(end + timedelta(seconds=s)) for s in (0, 59, 60)] == [False, False, True]
    with pytest.raises(PanelClosed):
        panel.closed(end)
    closed = panel.closed(NOW)
    assert (closed.is_open(NOW), closed.may_be_read(NOW)) == (False, True)


def test_three_to_fifteen_are_asked(blank: Scorecard) -> None:
    for number in (2, 16):
        people = [Invited(f"p{n}", "peer") for n in range(number)]
        known = {one.employee_id: blank for one in people}
        with pytest.raises(InvalidPanel):
            open_panel(blank, people, known, panel_id="x", period="2026-11", opened_by="boss", now=NOW)
