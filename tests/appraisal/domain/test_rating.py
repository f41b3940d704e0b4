"""The nine cells, the bands and their gaps, and what counts as a close call."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from appraisal.domain.rating import (
    BANDS,
    HasilKerja,
    PerilakuKerja,
    cell_of,
    hasil_kerja,
    into_band,
    is_borderline,
    perilaku_kerja,
    propose,
    proposed_cell,
)
from kinara.contracts.appraisal import Predikat

D = Decimal
SB, B, BP, K, SK = Predikat


@pytest.mark.parametrize(
    ("hasil", "perilaku", "predikat"),
    [
        ("DI_ATAS_EKSPEKTASI", "DI_ATAS_EKSPEKTASI", SB),
        ("DI_ATAS_EKSPEKTASI", "SESUAI_EKSPEKTASI", B),
        ("DI_ATAS_EKSPEKTASI", "DI_BAWAH_EKSPEKTASI", K),
        ("SESUAI_EKSPEKTASI", "DI_ATAS_EKSPEKTASI", B),
        ("SESUAI_EKSPEKTASI", "SESUAI_EKSPEKTASI", B),
        ("SESUAI_EKSPEKTASI", "DI_BAWAH_EKSPEKTASI", K),
        ("DI_BAWAH_EKSPEKTASI", "DI_ATAS_EKSPEKTASI", BP),
        ("DI_BAWAH_EKSPEKTASI", "SESUAI_EKSPEKTASI", BP),
        ("DI_BAWAH_EKSPEKTASI", "DI_BAWAH_EKSPEKTASI", SK),
    ],
)
def test_each_of_the_nine_cells(hasil, perilaku, predikat):
    assert propose(HasilKerja[hasil], PerilakuKerja[perilaku]) is predikat


def test_the_axes_cannot_be_swapped():
    with pytest.raises(KeyError):
        propose(PerilakuKerja.DI_ATAS_EKSPEKTASI, HasilKerja.DI_BAWAH_EKSPEKTASI)  # type: ignore[arg-type]


def test_the_codes_are_those_of_siasn_with_one_the_best():
    assert [axis.value for axis in HasilKerja] == [axis.value for axis in PerilakuKerja] == [1, 2, 3]
    assert HasilKerja(1) is HasilKerja.DI_ATAS_EKSPEKTASI


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("100", 1),
        ("91.67", 1),
        ("91.665", 1),
        ("91.6649", 2),
        ("91.66", 2),
        ("75", 2),
        ("74.995", 2),
        ("74.9949", 3),
        ("74.99", 3),
        ("0", 3),
    ],
)
def test_both_axes_are_cut_where_the_shown_value_says(value, code):
    assert hasil_kerja(D(value)).value == perilaku_kerja(D(value)).value == code


@pytest.mark.parametrize(
    ("score", "predikat"),
    [
        pytest.param("100", SB, id="top"),
        pytest.param("91.67", SB, id="lowest Sangat Baik"),
        pytest.param("91.665", SB, id="gap above Baik rounds up"),
        pytest.param("91.664", B, id="gap above Baik rounds down"),
        pytest.param("91.66", B, id="highest Baik"),
        pytest.param("75", B, id="lowest Baik"),
        pytest.param("74.995", B, id="gap below Baik rounds up"),
        pytest.param("74.994", BP, id="gap below Baik rounds down"),
        pytest.param("74.99", BP, id="highest Butuh Perbaikan"),
        pytest.param("58.33", BP, id="lowest Butuh Perbaikan"),
        pytest.param("58.325", BP, id="gap above Kurang rounds up"),
        pytest.param("58.324", K, id="gap above Kurang rounds down"),
        pytest.param("58.32", K, id="highest Kurang"),
        pytest.param("41.67", K, id="lowest Kurang"),
        pytest.param("41.665", K, id="gap above Sangat Kurang rounds up"),
        pytest.param("41.664", SK, id="gap above Sangat Kurang rounds down"),
        pytest.param("41.66", SK, id="highest Sangat Kurang"),
        pytest.param("0", SK, id="bottom"),
    ],
)
def test_a_score_within_the_band_of_its_predikat_stays_as_it_is_shown(score, predikat):
    assert into_band(D(score), predikat) == D(score).quantize(D("0.01"), "ROUND_HALF_UP")


@pytest.mark.parametrize(
    ("score", "predikat", "placed"),
    [
        ("88", K, "58.32"),
        ("76.31", BP, "74.99"),
        ("42.99", SK, "41.66"),
        ("40.16", SK, "40.16"),
        ("70", B, "75.00"),
        ("95", B, "91.66"),
        ("90", SB, "91.67"),
        ("30", K, "41.67"),
        ("50", BP, "58.33"),
    ],
)
def test_a_score_is_moved_into_the_band_of_its_predikat(score, predikat, placed):
    assert into_band(D(score), predikat) == D(placed)


def test_the_bands_follow_one_another_a_hundredth_apart():
    bands = [BANDS[predikat] for predikat in sorted(Predikat)]
    for (low, _), (_, high) in pairwise(bands):
        assert low - high == D("0.01")


@pytest.mark.parametrize(
    ("h", "p", "raw", "placed", "borderline"),
    [
        pytest.param("85", "85", "85", "85", False, id="far from every cut"),
        pytest.param("75.99", "85", "85", "85", True, id="H just above its cut"),
        pytest.param("74.01", "85", "70", "70", True, id="H just below its cut"),
        pytest.param("76.00", "85", "85", "85", False, id="H exactly one away"),
        pytest.param("85", "90.68", "85", "85", True, id="P just below its cut"),
        pytest.param("85", "90.67", "85", "85", False, id="P exactly one away"),
        pytest.param("85", "85", "90.68", "90.68", True, id="score close to the next band"),
        pytest.param("85", "85", "90.67", "90.67", False, id="score exactly one away"),
        pytest.param("58.33", "41.67", "30", "30", False, id="the lower cuts are the score's only"),
        pytest.param("85", "60", "74.59", "58.32", False, id="a moved score was no close call"),
        pytest.param(None, None, "58.40", "58.40", True, id="axes unknown"),
    ],
)
def test_less_than_one_from_a_cut_is_borderline(h, p, raw, placed, borderline):
    axes = [None if value is None else D(value) for value in (h, p)]
    assert is_borderline(*axes, D(raw), D(placed)) is borderline


@pytest.mark.parametrize(
    ("predikat", "proposed", "cell"),
    [
        (B, (1, 2), (1, 2)),
        (B, (2, 2), (2, 2)),
        (SB, (2, 2), (1, 1)),
        (SK, (2, 3), (3, 3)),
        (B, (1, 1), None),
        (BP, (2, 2), None),
        (K, (3, 1), None),
        (SB, None, (1, 1)),
        (B, None, None),
    ],
)
def test_the_axes_behind_a_decision_are_those_proposed_or_the_only_ones_that_fit(predikat, proposed, cell):
    assert cell_of(predikat, proposed) == cell


def test_a_proposal_has_axes_once_both_are_known():
    assert proposed_cell(D("91.67"), D("74.99")) == (1, 3)
    assert proposed_cell(None, D(80)) is None
    assert proposed_cell(D(80), None) is None
