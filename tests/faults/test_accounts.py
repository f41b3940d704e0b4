"""The sums that are made again from what is there: survey answers that are held, or weigh nothing, enter none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from faults import accounts
from faults.evidence import Evidence

ANSWERS = {
    "a": {"unit_id": "u", "trust": "0.2", "status": "received"},
    "b": {"unit_id": "u", "trust": "0.2", "status": "quarantined"},
    "c": {"unit_id": "u", "trust": "0.0", "status": "received"},
    "d": {"unit_id": "u", "trust": "1.0"},
    "e": {"unit_id": "u", "trust": "0.2", "status": "rejected"},
}


def evidence(documents: Mapping[str, Any], *said: Any) -> Evidence:
    stored = {"feedback.answers": ANSWERS, **documents}
    seen = SimpleNamespace(documents=lambda service, name: stored.get(f"{service}.{name}", {}), said=said)
    return cast(Evidence, seen)


@pytest.mark.parametrize(("counted", "broken"), [(2, 0), (1, 1), (3, 1)], ids=["right", "one lost", "a held one too"])
def test_a_tally_counts_the_answers_that_weigh_something_and_are_not_held(counted: int, broken: int) -> None:
    found = list(accounts.counters(evidence({"feedback.tallies": {"t": {"unit_id": "u", "answers": counted}}})))

    assert [one.invariant for one in found] == ["I2"] * broken


def test_satisfaction_is_expected_of_the_answers_that_are_not_held() -> None:
    def fact(name: str, id_: str, mark: int) -> Any:
        told = {"answer_id": id_, "trust": "1", "answered_at": "2026-11-10T03:00:00+00:00"}
        data = json.dumps(told | dict.fromkeys(("u3", "u6", "u7"), mark))
        type_ = f"id.kinara.feedback.{name}.v1"
        return SimpleNamespace(name=name, type=type_, kind="employee", subject="p", province="16", data=data)

    said = [fact("SurveyAnswered", "a", 4), fact("SurveyAnswered", "b", 1), fact("SurveyAnswerQuarantined", "b", 1)]
    expected = accounts._mark(accounts.Decimal(1), accounts.Decimal(4))
    card = {"scores": {"2026-11": {"components": {"M": expected}}}}

    assert list(accounts.satisfaction(evidence({"appraisal.scorecards": {"p": card}}, *said))) == []
    assert list(accounts.satisfaction(evidence({"appraisal.scorecards": {"p": card}}, *said[:2]))) != []
