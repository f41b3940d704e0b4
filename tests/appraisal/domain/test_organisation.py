"""The predikat of an organisation as hr writes it."""

from __future__ import annotations

import pytest
from appraisal.domain.organisation import ORGANISASI, PredikatOrganisasi, organisation_predikat
from appraisal.domain.refusals import UnknownPredikat
from kinara.contracts.appraisal import Predikat


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Istimewa", "ISTIMEWA"),
        ("baik", "BAIK"),
        ("BUTUH PERBAIKAN", "BUTUH_PERBAIKAN"),
        ("butuh_perbaikan", "BUTUH_PERBAIKAN"),
        ("Cukup", "BUTUH_PERBAIKAN"),
        ("Butuh Perbaikan/Cukup", "BUTUH_PERBAIKAN"),
        (" Kurang ", "KURANG"),
        ("Sangat  Kurang", "SANGAT_KURANG"),
    ],
)
def test_a_predikat_is_known_by_its_indonesian_name(text, name):
    assert organisation_predikat(text) is PredikatOrganisasi[name]


@pytest.mark.parametrize("predikat", PredikatOrganisasi)
def test_every_predikat_is_read_back_from_how_it_is_shown(predikat):
    assert organisation_predikat(ORGANISASI[predikat]) is predikat
    assert organisation_predikat(predikat.name) is predikat


@pytest.mark.parametrize("text", ["", "Sangat Baik", "baik sekali", "2"])
def test_what_is_no_predikat_of_an_organisation_is_refused(text):
    with pytest.raises(UnknownPredikat) as refused:
        organisation_predikat(text)
    assert refused.value.message.endswith("Isi dengan Istimewa, Baik, Butuh Perbaikan, Kurang, Sangat Kurang.")
    assert refused.value.field == "predikat"


def test_one_is_the_best_and_no_code_equals_that_of_a_person():
    assert [predikat.value for predikat in PredikatOrganisasi] == [1, 2, 3, 4, 5]
    assert set(PredikatOrganisasi).isdisjoint(Predikat)
