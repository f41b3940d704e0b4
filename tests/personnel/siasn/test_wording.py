"""Names out of odd capitals and stray spaces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnel.siasn.wording import person_name, slug, squeezed, title


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("RIZKI SAPUTRA", "Rizki Saputra"),
        ("rizki saputra", "Rizki Saputra"),
        ("  SITI   nUR'aini ", "Siti Nur'aini"),
        ("rIzKi sApUtRa", "Rizki Saputra"),
        ("Yohanes McKay", "Yohanes McKay"),
        ("M. YUSUF, AL-FATIH", "M. Yusuf, Al-Fatih"),
        ("MUHAMMAD BIN ABDULLAH", "Muhammad bin Abdullah"),
        ("JOSÉ KALAMI", "José Kalami"),
        ("JOSE\u0301 KALAMI", "José Kalami"),
        ("DORKAS\u00a0\tMAMBRASAR\u200b", "Dorkas Mambrasar"),
    ],
)
def test_a_persons_name_is_written_as_people_write_it(raw: str, name: str) -> None:
    assert person_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("KECAMATAN PLAJU", "Kecamatan Plaju"),
        ("UPTD PUSKESMAS  PLAJU", "UPTD Puskesmas Plaju"),
        ("BADAN KEPEGAWAIAN DAN PENGEMBANGAN SDM", "Badan Kepegawaian dan Pengembangan SDM"),
        ("SEKSI KESRA KELAS III", "Seksi Kesra Kelas III"),
        ("Dinas PUPR", "Dinas PUPR"),
        ("Guru Ahli Pertama pada SDN 80", "Guru Ahli Pertama pada SDN 80"),
    ],
)
def test_a_shouted_title_is_brought_down_to_words(raw: str, written: str) -> None:
    assert title(raw) == written


@pytest.mark.parametrize(
    ("raw", "segment"),
    [
        ("plaju-ulu", "plaju-ulu"),
        ("16.71", "16.71"),
        ("Kelurahan Plaju Ulu", "kelurahan-plaju-ulu"),
        ("A/01 02", "a-01-02"),
        ("Siège", "siege"),
        ("///", ""),
        ("x" * 60, "x" * 40),
    ],
)
def test_a_slug_fits_into_a_path(raw: str, segment: str) -> None:
    assert slug(raw) == segment


@given(st.text(max_size=60))
def test_every_slug_is_a_path_segment_or_empty(text: str) -> None:
    assert re.fullmatch(r"([A-Za-z0-9.\-]{1,40})?", slug(text))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_squeezing_twice_is_squeezing_once(text: str) -> None:
    once = squeezed(text)
    assert squeezed(once) == once
    assert once.isprintable()


@given(st.text(alphabet="abcXYZ '’.-", max_size=40))
def test_a_written_name_stays_as_it_is(text: str) -> None:
    once = person_name(text)
    assert person_name(once) == once
