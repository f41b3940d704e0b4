"""When service began, and that nothing about an employee takes effect before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from personnel.domain.appointment import appointed_on, refuse_before_appointment
from personnel.domain.refusals import BeforeAppointment

PNS, PPPK = "198609262015051001", "198609262022211001"
APPOINTED = date(2015, 5, 1)


@pytest.mark.parametrize(
    ("nips", "earliest"),
    [
        ([PNS], APPOINTED),
        ([PPPK], date(2022, 1, 1)),
        (["199912312015011001"], date(2015, 12, 31)),
        (["198402292000011001"], date(2000, 2, 29)),
        (["198609262025211001", PPPK], date(2022, 1, 1)),
    ],
    ids=["PNS", "PPPK", "sixteen only at the end of that year", "born on a leap day", "an earlier NIP"],
)
def test_service_begins_in_the_month_or_year_of_the_nip_and_not_before_the_age_of_sixteen(
    nips: list[str], earliest: date
) -> None:
    assert appointed_on(nips) == earliest


@pytest.mark.parametrize("typo", [date(1, 1, 1), date(206, 11, 1), date(1940, 1, 1), APPOINTED - timedelta(days=1)])
def test_a_date_before_the_appointment_is_refused_with_what_was_expected(typo: date) -> None:
    with pytest.raises(BeforeAppointment) as refused:
        refuse_before_appointment(typo, APPOINTED)
    assert refused.value.field == "effective_on"
    assert f"Tanggal berlaku {typo.day:02}-{typo.month:02}-{typo.year:04} lebih awal" in refused.value.message
    assert "(01-05-2015). Perbaiki tanggalnya" in refused.value.message
    assert "2015-05-01" in refused.value.detail


def test_a_refusal_names_the_field_that_it_is_about() -> None:
    with pytest.raises(BeforeAppointment) as refused:
        refuse_before_appointment(date(206, 4, 1), APPOINTED, "golongan_since")
    assert (refused.value.field, refused.value.message[:24]) == ("golongan_since", "TMT golongan 01-04-0206 ")


@given(st.dates())
@example(APPOINTED)
@example(APPOINTED - timedelta(days=1))
def test_a_day_is_refused_exactly_when_it_lies_before_the_appointment(on: date) -> None:
    try:
        refuse_before_appointment(on, APPOINTED)
    except BeforeAppointment:
        assert on < APPOINTED
    else:
        assert on >= APPOINTED
