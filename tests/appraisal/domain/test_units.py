"""A unit's mean as the prior of its people, its IKM, and its storage."""

from __future__ import annotations

from decimal import Decimal

import pytest
from appraisal.domain.folds.units import survey_unit
from appraisal.domain.tallies import NO_VOTES
from appraisal.domain.units import UnitCard, UnitMonth, ikm, mean_rating
from kinara.contracts.feedback import SurveyAnswered
from pydantic import TypeAdapter

D = Decimal
CARD = UnitCard("u", "16", "/16.71/plaju")


@pytest.mark.parametrize(
    ("votes", "expected"),
    [(0, "3.2"), (10, "2.9"), (30, "2.6"), (90, "2.3")],
    ids=["none: the region's", "few", "as many as the prior is worth", "many: its own"],
)
def test_a_units_mean_is_shrunk_to_the_regions(votes, expected):
    said = NO_VOTES
    for _ in range(votes):
        said = said.plus(D(1), 6)
    card = UnitCard("u", "16", "/16.71/plaju", months={"2026-11": UnitMonth(votes=said)})
    assert mean_rating(card, "2026-11", D("3.2")) == mean_rating(card, "2026-Q4", D("3.2")) == D(expected)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [((4,) * 9, "100.00"), ((1,) * 9, "25.00"), ((3, 3, 3, 4, 3, 3, 4, 3, 3), "80.56")],
    ids=["all four is exactly 100", "all one is exactly 25", "mixed"],
)
def test_the_ikm_weighs_each_unsur_exactly_a_ninth(say, policies, answers, expected):
    facts = {f"u{n}": answer for n, answer in enumerate(answers, 1)}
    card = CARD
    for trust in ("1", "0.5"):
        card, _ = survey_unit(card, say(SurveyAnswered, employee_id=None, trust=D(trust), **facts), policies)
    assert ikm(card, "2026-11") == D(expected)
    assert ikm(card, "2026-10") is None


def test_a_units_card_survives_storage_as_plain_data(say, policies):
    card, _ = survey_unit(CARD, say(SurveyAnswered, employee_id=None), policies)
    stored = TypeAdapter(UnitCard)
    document = stored.dump_python(card)
    assert type(document["months"]["2026-11"]["unsur"]) is list
    assert stored.validate_python(document) == card
