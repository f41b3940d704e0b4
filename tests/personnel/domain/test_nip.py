"""The NIP: every rule of its eighteen digits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnel.domain.nip import mask_nip, parse
from personnel.domain.refusals import InvalidNip, QuarantinedNip


@pytest.mark.parametrize(
    ("digits", "kind", "born", "appointed", "sex"),
    [
        pytest.param("198609262015051001", "PNS", date(1986, 9, 26), 2015, "M", id="PNS appointed in May"),
        pytest.param("196804111993031009", "PNS", date(1968, 4, 11), 1993, "M", id="ninth of the same day"),
        pytest.param("199009132025242014", "PPPK", date(1990, 9, 13), 2025, "F", id="PPPK paruh waktu"),
        pytest.param("199009132025212014", "PPPK", date(1990, 9, 13), 2025, "F", id="PPPK first contract"),
        pytest.param("198609262015121001", "PNS", date(1986, 9, 26), 2015, "M", id="appointed in December"),
    ],
)
def test_a_true_nip_tells_birth_appointment_kind_and_sex(
    digits: str, kind: str, born: date, appointed: int, sex: str
) -> None:
    nip = parse(digits)
    assert (nip.kind, nip.birth_date, nip.appointed_year, nip.sex) == (kind, born, appointed, sex)
    assert str(nip) == digits


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("198613262015051001", id="month 13"),
        pytest.param("198602312015051001", id="31 February"),
        pytest.param("198602292015051001", id="29 February of a common year"),
        pytest.param("19860926201505100", id="17 digits"),
        pytest.param("1986092620150510011", id="19 digits"),
        pytest.param("198609262015053001", id="sex 3"),
        pytest.param("198609262015001001", id="appointed in month 00"),
        pytest.param("198609262015051000", id="serial 000"),
        pytest.param("198609262001051001", id="appointed at 15"),
        pytest.param("192909262015051001", id="born before 1930"),
        pytest.param("202009262036051001", id="born after 2019"),
        pytest.param("198609261815051001", id="appointed in another century"),
        pytest.param("198609262015051001\n8", id="more after a line break"),
        pytest.param("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", id="digits of another script"),
        pytest.param("", id="empty"),
    ],
)
def test_what_cannot_be_a_nip_is_refused(text: str) -> None:
    with pytest.raises(InvalidNip) as refused:
        parse(text)
    assert refused.value.field == "nip"
    assert not isinstance(refused.value, QuarantinedNip)


@pytest.mark.parametrize("code", range(13, 21))
def test_codes_13_to_20_are_quarantined(code: int) -> None:
    with pytest.raises(QuarantinedNip):
        parse(f"198609262015{code}1001")


def test_sixteen_years_after_birth_is_old_enough() -> None:
    assert parse("198609262002051001").appointed_year == 2002


def test_the_sex_on_record_must_agree() -> None:
    assert parse("198609262015051001", "M").sex == "M"
    with pytest.raises(InvalidNip, match="jenis kelamin"):
        parse("198609262015051001", "F")


def test_blanks_between_the_groups_are_read_over() -> None:
    assert parse(" 19860926 201505 1 001 ").digits == "198609262015051001"


@given(
    born=st.dates(date(1930, 1, 1), date(2019, 12, 31)),
    age=st.integers(16, 40),
    code=st.one_of(st.integers(1, 12), st.integers(21, 99)),
    male=st.booleans(),
    serial=st.integers(1, 999),
)
def test_every_well_formed_nip_is_read_back(born: date, age: int, code: int, male: bool, serial: int) -> None:
    nip = parse(f"{born:%Y%m%d}{born.year + age}{code:02}{1 if male else 2}{serial:03}")
    assert (nip.birth_date, nip.appointed_year, nip.code, nip.serial) == (born, born.year + age, code, serial)
    assert nip.kind == ("PNS" if code <= 12 else "PPPK")
    assert nip.sex == ("M" if male else "F")


def test_citizens_see_a_nip_masked() -> None:
    assert mask_nip("198609262015051001") == "1986••••••••••1001"


@given(st.text(max_size=40))
def test_nothing_but_a_nip_shows_through_the_mask(text: str) -> None:
    assert set(mask_nip(text)) <= {"•"} or len(text) == 18


def test_a_refusal_never_quotes_the_nip_in_full() -> None:
    with pytest.raises(InvalidNip) as refused:
        parse("198609262015051001", "F")
    assert "198609262015051001" not in f"{refused.value.message} {refused.value.detail}"
