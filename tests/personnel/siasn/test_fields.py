"""Single fields of raw records, from JSON and from spreadsheets."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from personnel.siasn.fields import Record, UnfitField


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" III/c ", "III/c"),
        (33, "33"),
        (33.0, "33"),
        (date(2022, 4, 1), "01-04-2022"),
        ("", None),
        ("-", None),
        (None, None),
        ("'=cmd", "=cmd"),
        ("'198609262015051001", "198609262015051001"),
        ("'Abdullah", "'Abdullah"),
    ],
    ids=repr,
)
def test_a_field_is_read_as_text(value: object, text: str | None) -> None:
    assert Record({"x": value}).text("x") == text


@pytest.mark.parametrize("value", [{"$gt": ""}, ["a"], True, "x" * 301], ids=["object", "list", "boolean", "endless"])
def test_what_is_not_plain_text_is_unfit(value: object) -> None:
    with pytest.raises(UnfitField) as unfit:
        Record({"nama": value}).text("nama")
    assert unfit.value.name == "nama"
    assert unfit.value.reason.startswith("nama: ")


@pytest.mark.parametrize("key", ["tglLahir", "TglLahir", "TGLLAHIR", " tglLahir "])
def test_capitals_in_the_name_of_a_field_do_not_count(key: str) -> None:
    assert Record({key: "26-09-1986"}).day("tglLahir") == date(1986, 9, 26)


@pytest.mark.parametrize("value", ["26-09-1986", date(1986, 9, 26), datetime(1986, 9, 26, 0, 0)], ids=repr)  # noqa: DTZ001
def test_a_day_is_dd_mm_yyyy_or_a_date_cell(value: object) -> None:
    assert Record({"x": value}).required_day("x") == date(1986, 9, 26)


@pytest.mark.parametrize(
    "value", ["31-02-1986", "1986-09-26", "26/09/1986", "26-9-1986", "26-09-86", "01-01-0001", "01-01-2101", "kemarin"]
)
def test_any_other_day_is_unfit_and_says_what_was_expected(value: str) -> None:
    with pytest.raises(UnfitField, match="x: diharapkan tanggal dd-mm-yyyy"):
        Record({"x": value}).day("x")


def test_the_limits_themselves_are_fit() -> None:
    assert Record({"x": "x" * 300}).text("x") == "x" * 300
    assert Record({"x": "01-01-1930"}).day("x") == date(1930, 1, 1)
    assert Record({"x": "31-12-2100"}).day("x") == date(2100, 12, 31)


def test_required_fields_say_what_they_want() -> None:
    record = Record({"x": " "})
    assert record.day("x") is None
    with pytest.raises(UnfitField, match="x: kosong, diharapkan id unit"):
        record.required("x", "id unit")
    with pytest.raises(UnfitField, match="x: kosong"):
        record.required_day("x")
    with pytest.raises(UnfitField, match="y: diharapkan M atau F, diterima 'L'"):
        Record({"y": "l"}).one_of("y", "M", "F")


@pytest.mark.parametrize(
    ("value", "number"),
    [(1.98609e17, True), (198609262015051001, True), ("1,98609E+17", True), ("1.9e17", True), ("19860926", False)],
    ids=repr,
)
def test_a_number_where_digits_belong_is_recognised(value: object, number: bool) -> None:
    assert Record({"nipBaru": value}).is_number("nipBaru") is number


def test_an_excerpt_shows_only_the_named_fields_and_no_more_than_needed() -> None:
    record = Record({"nama": "x" * 999, "NIK": "1671000000000001", "tglLahir": date(1986, 9, 26), "unorId": None})
    shown = record.excerpt(("nama", "tglLahir", "unorId"))
    assert shown == {"nama": "x" * 300, "tglLahir": "26-09-1986"}
