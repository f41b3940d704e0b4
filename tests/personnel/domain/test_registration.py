"""What a personnel officer states, checked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from personnel.domain.refusals import BeforeAppointment, InvalidNip, InvalidProfile, NotYetInForce, UnknownGolongan
from personnel.domain.registration import refuse_other_birth_date, refuse_untimely, stated, with_known_birth_date

STATED: dict[str, Any] = {
    "nip": "19860926 201505 1 001",
    "name": " Rizki   Saputra ",
    "golongan": "iii/C",
    "jabatan": "Pranata  Komputer",
    "jabatan_kind": "fungsional",
    "jenjang": "MU",
}


def test_what_follows_from_the_nip_need_not_be_stated() -> None:
    profile = stated(**STATED)
    assert (profile.nip, profile.kind, profile.sex, profile.birth_date) == (
        "198609262015051001",
        "PNS",
        "M",
        date(1986, 9, 26),
    )
    assert (profile.name, profile.golongan, profile.jabatan) == ("Rizki Saputra", "III/c", "Pranata Komputer")


def test_a_birth_date_that_is_stated_is_the_one_in_the_nip() -> None:
    refuse_other_birth_date(stated(**STATED))
    refuse_other_birth_date(stated(**STATED, birth_date=date(1986, 9, 26)))
    with pytest.raises(InvalidProfile) as refused:
        refuse_other_birth_date(stated(**STATED, birth_date=date(1986, 9, 27)))
    assert refused.value.field == "birth_date"


def test_a_birth_date_that_is_known_to_differ_from_the_nip_stays() -> None:
    corrected = stated(**STATED, birth_date=date(1986, 9, 27))
    refuse_other_birth_date(corrected, known=date(1986, 9, 27))
    refuse_other_birth_date(stated(**STATED), known=date(1986, 9, 27))
    with pytest.raises(InvalidProfile):
        refuse_other_birth_date(corrected, known=date(1986, 9, 28))


def test_an_unstated_birth_date_stays_the_one_that_a_court_has_corrected() -> None:
    known = stated(**STATED, birth_date=date(1986, 9, 27))
    assert with_known_birth_date(stated(**STATED), known).birth_date == date(1986, 9, 27)


def test_an_unstated_birth_date_that_only_followed_from_the_nip_follows_its_correction() -> None:
    known = stated(**STATED)
    corrected = stated(**STATED | {"nip": "198709262015051001"})
    assert with_known_birth_date(corrected, known).birth_date == date(1987, 9, 26)


APPOINTED, TODAY = date(2015, 5, 1), date(2026, 11, 1)


@pytest.mark.parametrize("field", ["golongan_since", "jabatan_since"])
def test_rank_and_post_are_held_since_a_day_between_the_appointment_and_today(field: str) -> None:
    for day in (None, APPOINTED, TODAY):
        refuse_untimely(stated(**STATED, **{field: day}), APPOINTED, TODAY)
    for day, refusal in ((date(9999, 12, 31), NotYetInForce), (date(2015, 4, 30), BeforeAppointment)):
        with pytest.raises(refusal) as refused:
            refuse_untimely(stated(**STATED, **{field: day}), APPOINTED, TODAY)
        assert refused.value.field == field  # type: ignore[attr-defined]  # every refusal has one


@pytest.mark.parametrize("field", ["golongan_since", "jabatan_since"])
def test_a_day_that_siasn_has_stated_already_stays_through_other_corrections(field: str) -> None:
    known = stated(**STATED, **{field: date(2027, 1, 1)})
    refuse_untimely(stated(**STATED | {"name": "Rizki"}, **{field: date(2027, 1, 1)}), APPOINTED, TODAY, known)
    with pytest.raises(NotYetInForce):
        refuse_untimely(stated(**STATED, **{field: date(2027, 1, 2)}), APPOINTED, TODAY, known)


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"nip": "198613262015051001"}, InvalidNip, "nip"),
        ({"name": "R2D2"}, InvalidProfile, "name"),
        ({"name": "..."}, InvalidProfile, "name"),
        ({"golongan": "IX"}, UnknownGolongan, "golongan"),
        ({"jabatan_kind": "pelaksana"}, InvalidProfile, "jenjang"),
    ],
    ids=["NIP", "digits in a name", "no letters", "a PPPK grade for a PNS", "a level without a functional post"],
)
def test_what_does_not_fit_is_refused_by_field(change: dict[str, Any], refusal: type[Any], field: str) -> None:
    with pytest.raises(refusal) as refused:
        stated(**STATED | change)
    assert refused.value.field == field
