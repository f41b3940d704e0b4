"""People and units that the tests of the rules begin with."""

from __future__ import annotations

from datetime import date

import pytest
from kinara.contracts import Province
from personnel.domain.employee import Employee, register
from personnel.domain.profile import Placement, Profile
from personnel.domain.unit import Unit, create

SUMSEL = Province(code="16")


@pytest.fixture
def profile() -> Profile:
    """A PNS in III/c."""
    return Profile(
        nip="198609262015051001",
        siasn_id="A8ACA7CD3C7F3912E040640A04026900",
        name="Rizki Saputra",
        front_title=None,
        back_title="S.Kom.",
        kind="PNS",
        sex="M",
        birth_date=date(1986, 9, 26),
        golongan="III/c",
        golongan_since=date(2022, 4, 1),
        jabatan="Pranata Komputer Ahli Muda",
        jabatan_kind="fungsional",
        jenjang="MU",
        jabatan_since=date(2023, 1, 1),
    )


@pytest.fixture
def palembang() -> Unit:
    """The root of a government."""
    unit, _ = create(
        "00000000-0000-4000-8000-000000000001", code="16.71", name="Kota Palembang", parent=None, province=SUMSEL
    )
    return unit


@pytest.fixture
def plaju(palembang: Unit) -> Unit:
    """A district below the root."""
    unit, _ = create(
        "00000000-0000-4000-8000-000000000002",
        code="plaju",
        name="Kecamatan Plaju",
        parent=palembang,
        province=SUMSEL,
        leader_id="00000000-0000-4000-8000-0000000000a1",
    )
    return unit


@pytest.fixture
def employee(profile: Profile, plaju: Unit) -> Employee:
    """Registered in Plaju under its camat."""
    registered, _ = register(
        "00000000-0000-4000-8000-0000000000e1",
        profile,
        Placement.at(plaju, plaju.leader_id),
        date(2024, 1, 1),
        "hash-1",
    )
    return registered
