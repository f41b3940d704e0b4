"""A unit's card as it is stored."""

from __future__ import annotations

from appraisal.domain.folds.units import survey_unit
from appraisal.domain.units import UnitCard
from kinara.contracts.feedback import SurveyAnswered
from pydantic import TypeAdapter

CARD = UnitCard("u", "16", "/16.71/plaju")


def test_a_units_card_survives_storage_as_plain_data(say, policies):
    card, _ = survey_unit(CARD, say(SurveyAnswered, employee_id=None), policies)
    stored = TypeAdapter(UnitCard)
    document = stored.dump_python(card)
    assert type(document["months"]["2026-11"]["unsur"]) is list
    assert stored.validate_python(document) == card
