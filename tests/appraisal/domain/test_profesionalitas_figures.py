"""The categories of the index, and the figures that a real city published.

Kota Bima, IP ASN of 2023 and 2024: bkpsdm.bimakota.go.id, August 2025.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from appraisal.domain.profesionalitas import Category, Professionalism, Span, category_of

D = Decimal


def known(mark: str) -> Span:
    return Span(D(mark), D(mark))


def printed(*marks: str) -> Professionalism:
    return Professionalism(*(known(mark) for mark in marks))


@pytest.mark.parametrize(
    ("index", "category"),
    [
        ("100", "SANGAT_TINGGI"),
        ("91", "SANGAT_TINGGI"),
        ("90.5", "SANGAT_TINGGI"),
        ("90.495", "SANGAT_TINGGI"),
        ("90.49", "TINGGI"),
        ("81", "TINGGI"),
        ("80.5", "TINGGI"),
        ("80.49", "SEDANG"),
        ("71", "SEDANG"),
        ("70.5", "SEDANG"),
        ("70.49", "RENDAH"),
        ("61", "RENDAH"),
        ("60.5", "RENDAH"),
        ("60.49", "SANGAT_RENDAH"),
        ("60", "SANGAT_RENDAH"),
        ("0", "SANGAT_RENDAH"),
    ],
)
def test_the_intervals_of_whole_numbers_leave_no_gap(index, category):
    assert category_of(D(index)) is Category[category]


@pytest.mark.parametrize(
    ("marks", "index", "category"),
    [
        pytest.param(("21.37", "26.16", "25.72", "5"), "78.25", "SEDANG", id="2023, all"),
        pytest.param(("21.19", "26.47", "25.75", "5"), "78.41", "SEDANG", id="2023, PNS"),
        pytest.param(("21.37", "28.12", "26.67", "5"), "81.16", "TINGGI", id="2024, PNS"),
    ],
)
def test_the_published_figures_of_kota_bima_add_up(marks, index, category):
    found = printed(*marks)
    assert (found.index, found.category) == (known(index), Category[category])


def test_one_published_row_adds_up_only_with_the_competence_that_the_row_of_all_implies():
    assert printed("21.19", "26", "25.75", "5").index == known("77.94"), "printed beside it is 78.41"
    all_asn, pns, pppk = 3_423, 3_252, 171
    of_pns = (D("26.16") * all_asn - D("20.2") * pppk) / pns
    assert of_pns.quantize(D("0.01")) == D("26.47")
