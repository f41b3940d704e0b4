"""The nine boxes, where the levels of both axes begin, and what is advised in each box."""

from __future__ import annotations

from decimal import Decimal

import pytest
from appraisal.domain.refusals import InvalidCuts
from appraisal.domain.talent_box import (
    KEPKA_41_2025,
    MARKS,
    MATRIX,
    USUAL,
    Cuts,
    Kinerja,
    Potensi,
    talent_box,
)
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.appraisal import Predikat

D = Decimal
MARK = st.decimals(0, 100, places=4)
OF_KINERJA = {"DI_ATAS": D(95), "SESUAI": D(80), "DI_BAWAH": D(50)}
OF_POTENSI = {"TINGGI": D(90), "MENENGAH": D(70), "RENDAH": D(40)}


@pytest.mark.parametrize(
    ("kinerja", "potensi", "number"),
    [
        ("DI_ATAS", "RENDAH", 4),
        ("DI_ATAS", "MENENGAH", 7),
        ("DI_ATAS", "TINGGI", 9),
        ("SESUAI", "RENDAH", 2),
        ("SESUAI", "MENENGAH", 5),
        ("SESUAI", "TINGGI", 8),
        ("DI_BAWAH", "RENDAH", 1),
        ("DI_BAWAH", "MENENGAH", 3),
        ("DI_BAWAH", "TINGGI", 6),
    ],
)
def test_each_of_the_nine_boxes(kinerja, potensi, number):
    box = talent_box(OF_KINERJA[kinerja], OF_POTENSI[potensi])
    assert box.number == number
    assert (box.kinerja, box.potensi) == (Kinerja[f"{kinerja}_EKSPEKTASI"], Potensi[potensi])


@pytest.mark.parametrize(
    ("cuts", "mark", "level"),
    [
        pytest.param(USUAL, "100", "DI_ATAS", id="usual: top"),
        pytest.param(USUAL, "91.67", "DI_ATAS", id="usual: on the upper cut"),
        pytest.param(USUAL, "91.665", "DI_ATAS", id="usual: shown as the upper cut"),
        pytest.param(USUAL, "91.6649", "SESUAI", id="usual: shown just below the upper cut"),
        pytest.param(USUAL, "75", "SESUAI", id="usual: on the lower cut"),
        pytest.param(USUAL, "74.995", "SESUAI", id="usual: shown as the lower cut"),
        pytest.param(USUAL, "74.9949", "DI_BAWAH", id="usual: shown just below the lower cut"),
        pytest.param(USUAL, "0", "DI_BAWAH", id="usual: bottom"),
        pytest.param(KEPKA_41_2025, "80", "DI_ATAS", id="kepka: on the upper cut"),
        pytest.param(KEPKA_41_2025, "79.99", "SESUAI", id="kepka: just below the upper cut"),
        pytest.param(KEPKA_41_2025, "60", "SESUAI", id="kepka: on the lower cut"),
        pytest.param(KEPKA_41_2025, "59.99", "DI_BAWAH", id="kepka: just below the lower cut"),
    ],
)
def test_performance_is_cut_where_the_shown_mark_says(cuts, mark, level):
    assert talent_box(D(mark), D(50), cuts).kinerja is Kinerja[f"{level}_EKSPEKTASI"]


@pytest.mark.parametrize("cuts", [USUAL, KEPKA_41_2025], ids=["usual", "kepka"])
@pytest.mark.parametrize(
    ("mark", "level"),
    [
        ("100", "TINGGI"),
        ("80", "TINGGI"),
        ("79.995", "TINGGI"),
        ("79.994", "MENENGAH"),
        ("60", "MENENGAH"),
        ("59.995", "MENENGAH"),
        ("59.994", "RENDAH"),
        ("0", "RENDAH"),
    ],
)
def test_potential_is_cut_where_the_shown_mark_says(cuts, mark, level):
    assert talent_box(D(50), D(mark), cuts).potensi is Potensi[level]


@pytest.mark.parametrize(
    ("predikat", "usual", "kepka"),
    [
        ("SANGAT_BAIK", "DI_ATAS", "DI_ATAS"),
        ("BAIK", "SESUAI", "DI_ATAS"),
        ("BUTUH_PERBAIKAN", "DI_BAWAH", "SESUAI"),
        ("KURANG", "DI_BAWAH", "DI_BAWAH"),
        ("SANGAT_KURANG", "DI_BAWAH", "DI_BAWAH"),
    ],
)
def test_whether_a_plain_baik_is_above_expectation_depends_on_the_cuts(predikat, usual, kepka):
    mark = MARKS[Predikat[predikat]]
    assert talent_box(mark, D(0)).kinerja is Kinerja[f"{usual}_EKSPEKTASI"]
    assert talent_box(mark, D(0), KEPKA_41_2025).kinerja is Kinerja[f"{kepka}_EKSPEKTASI"]


def test_the_axes_cannot_be_swapped():
    assert (Potensi.RENDAH, Kinerja.DI_ATAS_EKSPEKTASI) not in MATRIX
    assert set(Kinerja).isdisjoint(Potensi)


@pytest.mark.parametrize(
    ("number", "first", "in_pool"),
    [
        (9, "Dipromosikan dan dipertahankan", True),
        (8, "Dipertahankan", True),
        (7, "Dipertahankan", True),
        (6, "Penempatan yang sesuai", False),
        (5, "Penempatan yang sesuai", False),
        (4, "Rotasi", False),
        (3, "Bimbingan kinerja", False),
        (2, "Bimbingan kinerja", False),
        (1, "Diproses sesuai dengan ketentuan peraturan perundang-undangan.", False),
    ],
)
def test_each_box_has_its_treatment_and_the_last_three_are_the_succession_pool(number, first, in_pool):
    ((kinerja, potensi),) = [levels for levels, box in MATRIX.items() if box == number]
    box = talent_box(list(OF_KINERJA.values())[kinerja.value - 1], list(OF_POTENSI.values())[potensi.value - 1])
    assert box.number == number
    assert box.treatment.split(";")[0] == first
    assert ("tugas belajar" in box.treatment) is (number == 7)
    assert ("perluasan jabatan; bimbingan kinerja" in box.treatment) is (number == 8)
    assert ("rencana suksesi" in box.treatment) is box.in_succession_pool is in_pool


@given(MARK, MARK, MARK)
def test_a_higher_mark_never_leads_to_a_lower_box(kinerja, potensi, more):
    box = talent_box(kinerja, potensi)
    assert talent_box(max(kinerja, more), potensi).number >= box.number
    assert talent_box(kinerja, max(potensi, more)).number >= box.number


@pytest.mark.parametrize("axis", ["kinerja", "potensi"])
@pytest.mark.parametrize(
    "cuts", [("60", "80"), ("80", "80"), ("80", "0"), ("100.01", "80")], ids=["swapped", "alike", "zero", "beyond"]
)
def test_cuts_that_make_no_three_levels_are_refused(axis, cuts):
    usual = {"kinerja": USUAL.kinerja, "potensi": USUAL.potensi}
    with pytest.raises(InvalidCuts) as refused:
        Cuts(**usual | {axis: (D(cuts[0]), D(cuts[1]))})
    assert refused.value.field == axis


def test_a_level_may_begin_with_the_best_mark_only():
    assert talent_box(D(100), D(100), Cuts((D(100), D(80)), (D(100), D(80)))).number == 9
