"""The catalogue of indicators: what is shipped, and what cannot be shipped."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain.catalogue import SELF_REPORT, fields_named, parse_catalogue
from appraisal.domain.refusals import InvalidIndicator, UnknownField
from appraisal.store import CATALOGUE

LISTED = {"code": "a", "name": "Berkas", "unit": "berkas", "polarity": "max", "aspect": "kuantitas", "target": 10}


def field_with(*indicators: dict[str, Any]) -> dict[str, Any]:
    return {"arsip": {"name": "Kearsipan", "indicators": list(indicators)}}


def test_the_shipped_catalogue_has_the_fields_that_regions_asked_for():
    assert list(CATALOGUE) == ["kesehatan", "kependudukan", "pendidikan", "pengaduan"]
    found = {one.code: one for field in CATALOGUE.values() for one in field.indicators}
    assert (found["layanan-kesehatan"].unit, found["layanan-kesehatan"].polarity) == ("layanan", "max")
    assert found["masyarakat-puas"].source == "id.kinara.feedback.SurveyAnswered.v1"
    days = found["lama-terbit-dokumen"]
    assert (days.polarity, days.aspect, days.target, days.source) == ("min", "waktu", Decimal(3), SELF_REPORT)
    assert {one.aspect for one in found.values()} == {"kuantitas", "kualitas", "waktu", "biaya"}


def test_a_rising_indicator_counts_things_since_its_reports_add_up():
    """A share or a mark that should rise would pass its target by being reported twice."""
    rising = [one for field in CATALOGUE.values() for one in field.indicators if one.polarity == "max"]
    assert [one.code for one in rising if one.unit.startswith(("persen", "nilai"))] == []


def test_one_field_is_read_by_its_code_and_an_unknown_one_named():
    assert list(fields_named(CATALOGUE, None)) == list(CATALOGUE)
    assert list(fields_named(CATALOGUE, "pengaduan")) == ["pengaduan"]
    with pytest.raises(UnknownField) as refused:
        fields_named(CATALOGUE, "perikanan")
    assert refused.value.field == "field"
    assert "kesehatan, kependudukan" in refused.value.message


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param(field_with(LISTED | {"polarity": "up"}), "arsip.indicators.0.polarity", id="polarity"),
        pytest.param(field_with(LISTED | {"colour": "red"}), "arsip.indicators.0.colour", id="a field nobody knows"),
        pytest.param(field_with(LISTED, LISTED), "code", id="a code twice"),
        pytest.param(field_with(LISTED | {"target": 0}), "target", id="target nought"),
        pytest.param(field_with(LISTED | {"source": "FeedbackReceived"}), "source", id="no event type"),
        pytest.param(["arsip"], "", id="no mapping"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_refused(data, field):
    with pytest.raises(InvalidIndicator) as refused:
        parse_catalogue(data)
    assert refused.value.field == field


def test_what_can_be_used_is_read():
    (listed,) = parse_catalogue(field_with(LISTED))["arsip"].indicators
    assert (listed.target, listed.source) == (10, SELF_REPORT)
