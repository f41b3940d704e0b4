"""The index of professionalism: every mark, and the range where something is not known."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from appraisal.domain.profesionalitas import Category, Professionalism, Record, Span, professionalism
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.appraisal import Predikat

D = Decimal
BEST = Record(
    jabatan_kind="fungsional",
    education="S3",
    post_training=True,
    technical_hours=D(20),
    seminar=True,
    predikat=Predikat.SANGAT_BAIK,
    discipline="tidak pernah",
)
WORST = Record(
    jabatan_kind="fungsional",
    education="SD",
    post_training=False,
    technical_hours=D(0),
    seminar=False,
    predikat=Predikat.SANGAT_KURANG,
    discipline="berat",
)


def known(mark: str) -> Span:
    return Span(D(mark), D(mark))


def printed(*marks: str) -> Professionalism:
    return Professionalism(*(known(mark) for mark in marks))


@pytest.mark.parametrize("kind", ["manajerial", "fungsional", "pelaksana"])
def test_the_best_record_earns_a_hundred_in_every_kind_of_post(kind):
    found = professionalism(replace(BEST, jabatan_kind=kind))
    assert found == printed("25", "40", "30", "5")
    assert (found.index, found.category, found.missing) == (known("100.00"), Category.SANGAT_TINGGI, ())


@pytest.mark.parametrize(
    ("education", "mark"),
    [
        *[("S3", 25), ("S2", 20), ("S1", 15), ("D4", 15), ("D3", 10)],
        *[("D2", 5), ("D1", 5), ("SMA", 5), ("SMP", 1), ("SD", 1)],
    ],
)
def test_qualification_by_education(education, mark):
    assert professionalism(replace(BEST, education=education)).qualification == Span(mark, mark)


@pytest.mark.parametrize(
    ("predikat", "mark"),
    [("SANGAT_BAIK", 30), ("BAIK", 25), ("BUTUH_PERBAIKAN", 15), ("KURANG", 5), ("SANGAT_KURANG", 1)],
)
def test_performance_by_predikat(predikat, mark):
    assert professionalism(replace(BEST, predikat=Predikat[predikat])).performance == Span(mark, mark)


@pytest.mark.parametrize(("discipline", "mark"), [("tidak pernah", 5), ("ringan", 3), ("sedang", 2), ("berat", 1)])
def test_discipline_by_the_gravest_punishment(discipline, mark):
    assert professionalism(replace(BEST, discipline=discipline)).discipline == Span(mark, mark)


@pytest.mark.parametrize(
    ("kind", "lacking", "mark"),
    [
        ("manajerial", {"post_training": False}, "25"),
        ("manajerial", {"technical_hours": D("19.99")}, "25"),
        ("manajerial", {"seminar": False}, "30"),
        ("fungsional", {"post_training": False}, "25"),
        ("fungsional", {"technical_hours": D(0)}, "25"),
        ("fungsional", {"seminar": False}, "30"),
        ("pelaksana", {"post_training": False}, "40"),
        ("pelaksana", {"technical_hours": D(0)}, "17.5"),
        ("pelaksana", {"seminar": False}, "22.5"),
    ],
)
def test_competence_by_what_was_attended(kind, lacking, mark):
    assert professionalism(replace(BEST, jabatan_kind=kind, **lacking)).competence == known(mark)


@pytest.mark.parametrize(
    ("fact", "lowest"),
    [
        ("education", "76.00"),
        ("post_training", "85.00"),
        ("technical_hours", "85.00"),
        ("seminar", "90.00"),
        ("predikat", "71.00"),
        ("discipline", "96.00"),
    ],
)
def test_what_is_not_known_is_named_and_makes_a_range(fact, lowest):
    found = professionalism(replace(BEST, **{fact: None}))
    assert found.missing == (fact,)
    assert found.index == Span(D(lowest), D("100.00"))


def test_a_pelaksana_is_not_asked_for_the_training_of_a_post():
    assert professionalism(replace(BEST, jabatan_kind="pelaksana", post_training=None)).missing == ()


def test_where_nothing_is_known_the_range_is_as_wide_as_the_marks():
    found = professionalism(Record(jabatan_kind="fungsional"))
    assert (found.index, found.category) == (Span(D("3.00"), D("100.00")), None)
    assert found.missing == ("education", "post_training", "technical_hours", "seminar", "predikat", "discipline")


def test_a_range_within_one_category_has_that_category():
    assert professionalism(replace(BEST, discipline=None)).category is Category.SANGAT_TINGGI
    assert professionalism(replace(BEST, seminar=None)).category is None, "90 is Tinggi, 100 is Sangat Tinggi"


@given(
    st.builds(
        Record,
        jabatan_kind=st.sampled_from(["manajerial", "fungsional", "pelaksana"]),
        education=st.none() | st.sampled_from(["S3", "S1", "SD"]),
        post_training=st.none() | st.booleans(),
        technical_hours=st.none() | st.decimals(0, 100, places=1),
        seminar=st.none() | st.booleans(),
        predikat=st.none() | st.sampled_from(Predikat),
        discipline=st.none() | st.sampled_from(["tidak pernah", "berat"]),
    )
)
def test_whatever_turns_out_lies_within_the_range(record):
    found = professionalism(record).index
    unknown = {field.name for field in fields(record) if getattr(record, field.name) is None}
    for truth in (BEST, WORST):
        told = professionalism(replace(record, **{name: getattr(truth, name) for name in unknown})).index
        assert told.lowest == told.highest == (found.highest if truth is BEST else found.lowest)
    assert found.lowest <= found.highest
