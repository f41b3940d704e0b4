"""Months, quarters and years in the region's own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.periods import (
    elapsed_share,
    first_day,
    following_month,
    last_day,
    month_of,
    month_on,
    months_of,
    period_of,
    province_code,
    quarter_of,
    written,
)
from appraisal.domain.refusals import InvalidPeriod, UnknownProvince
from kinara.contracts import Province
from kinara.contracts.regions import ZONES, day_of

PROVINCES = (
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96"
)


def test_all_38_provinces_have_a_zone():
    assert sorted(ZONES) == PROVINCES.split()
    assert len(ZONES) == 38


@pytest.mark.parametrize(
    ("province", "zone"),
    [
        ("11", "Asia/Jakarta"),
        ("16", "Asia/Jakarta"),
        ("17", "Asia/Jakarta"),
        ("36", "Asia/Jakarta"),
        ("61", "Asia/Jakarta"),
        ("62", "Asia/Jakarta"),
        ("51", "Asia/Makassar"),
        ("53", "Asia/Makassar"),
        ("63", "Asia/Makassar"),
        ("65", "Asia/Makassar"),
        ("76", "Asia/Makassar"),
        ("81", "Asia/Jayapura"),
        ("91", "Asia/Jayapura"),
        ("96", "Asia/Jayapura"),
    ],
)
def test_a_province_lives_by_its_zone(province, zone):
    assert ZONES[province].key == zone


@pytest.mark.parametrize(
    ("province", "at", "month"),
    [
        pytest.param("16", datetime(2026, 10, 31, 16, 59, tzinfo=UTC), "2026-10", id="WIB a minute before midnight"),
        pytest.param("16", datetime(2026, 10, 31, 17, 0, tzinfo=UTC), "2026-11", id="WIB midnight"),
        pytest.param("51", datetime(2026, 10, 31, 15, 59, tzinfo=UTC), "2026-10", id="WITA a minute before midnight"),
        pytest.param("51", datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "2026-11", id="WITA midnight"),
        pytest.param("96", datetime(2026, 12, 31, 14, 59, tzinfo=UTC), "2026-12", id="WIT a minute before midnight"),
        pytest.param("96", datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "2027-01", id="WIT new year"),
    ],
)
def test_a_moment_falls_in_the_month_on_local_clocks(province, at, month):
    assert month_of(at, province) == month


def test_a_moment_without_a_zone_falls_on_no_day():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 11, 1), "16")  # noqa: DTZ001  # that is what is refused


@pytest.mark.parametrize(
    ("scheme", "code", "kemendagri"),
    [("kemendagri", "96", "96"), ("bps", "92", "96"), ("bps", "96", "94"), ("bps", "97", "95"), ("bps", "16", "16")],
)
def test_a_province_is_known_by_either_scheme(scheme, code, kemendagri):
    assert province_code(Province(scheme=scheme, code=code)) == kemendagri


@pytest.mark.parametrize(("scheme", "code"), [("kemendagri", "97"), ("kemendagri", "20"), ("bps", "00")])
def test_a_code_of_no_province_is_refused(scheme, code):
    with pytest.raises(UnknownProvince) as refused:
        province_code(Province(scheme=scheme, code=code))
    assert refused.value.field == "province"


@pytest.mark.parametrize(
    ("period", "months", "first", "last"),
    [
        ("2026-11", ["2026-11"], date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", ["2028-02"], date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q1", ["2026-01", "2026-02", "2026-03"], date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", ["2026-10", "2026-11", "2026-12"], date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", [f"2026-{month:02d}" for month in range(1, 13)], date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_consists_of_months_and_has_a_first_and_a_last_day(period, months, first, last):
    assert (list(months_of(period)), first_day(period), last_day(period)) == (months, first, last)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-1", "26-11", "2026-11\n", "0000"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(InvalidPeriod) as refused:
        months_of(text)
    assert refused.value.field == "period"
    assert "2026-Q4" in refused.value.message


@pytest.mark.parametrize(
    ("month", "monthly", "quarterly"),
    [("2026-01", "2026-01", "2026-Q1"), ("2026-09", "2026-09", "2026-Q3"), ("2026-10", "2026-10", "2026-Q4")],
)
def test_a_cadence_decides_the_period_of_a_month(month, monthly, quarterly):
    assert (period_of(month, "monthly"), period_of(month, "quarterly")) == (monthly, quarterly)
    assert quarter_of(month) == quarterly


@pytest.mark.parametrize(("month", "following"), [("2026-01", "2026-02"), ("2026-12", "2027-01")])
def test_months_follow_one_another_over_the_year(month, following):
    assert following_month(month) == following


@pytest.mark.parametrize(
    ("period", "day", "share"),
    [
        ("2026-11", date(2026, 10, 31), Decimal(0)),
        ("2026-11", date(2026, 11, 3), Decimal("0.1")),
        ("2026-11", date(2026, 11, 15), Decimal("0.5")),
        ("2026-11", date(2026, 11, 30), Decimal(1)),
        ("2026-11", date(2026, 12, 5), Decimal(1)),
        ("2026-Q4", date(2026, 10, 23), Decimal("0.25")),
        ("2026", date(2026, 3, 14), Decimal("0.2")),
    ],
)
def test_the_share_that_has_passed_at_the_end_of_a_day(period, day, share):
    assert elapsed_share(period, day) == share


def test_a_year_is_written_with_four_digits():
    assert (month_on(date(206, 1, 5)), month_on(date(2026, 11, 5))) == ("0206-01", "2026-11")
    assert (written(date(206, 1, 5)), written(date(2026, 11, 5))) == ("05-01-0206", "05-11-2026")
