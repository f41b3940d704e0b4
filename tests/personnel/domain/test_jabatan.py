"""Kinds and levels of posts behind SIASN's codes."""

from __future__ import annotations

import pytest
from personnel.domain.jabatan import ESELON, JENJANG, jenjang_of, kind_of, managerial_level
from personnel.domain.refusals import UnknownJabatan


@pytest.mark.parametrize(
    ("jenis", "eselon", "kind"),
    [
        pytest.param("1", "21", "manajerial", id="structural with an eselon"),
        pytest.param("1", None, "manajerial", id="structural, eselon not stated"),
        pytest.param("1", "51", "pelaksana", id="eselon V is no managerial level any more"),
        pytest.param("1", "99", "pelaksana", id="structural without eselon"),
        pytest.param("2", "99", "fungsional", id="functional"),
        pytest.param("3", "31", "manajerial", id="double post with an eselon"),
        pytest.param("3", "99", "fungsional", id="double post without one"),
        pytest.param("4", None, "pelaksana", id="general functional is pelaksana"),
    ],
)
def test_the_kind_of_post_follows_from_jenis_and_eselon(jenis: str, eselon: str | None, kind: str) -> None:
    assert kind_of(jenis, eselon) == kind


@pytest.mark.parametrize(("jenis", "eselon"), [("5", None), ("", None), ("1", "77")])
def test_unknown_codes_are_refused(jenis: str, eselon: str | None) -> None:
    with pytest.raises(UnknownJabatan):
        kind_of(jenis, eselon)


@pytest.mark.parametrize(
    ("eselon", "level"),
    [
        ("10", "JPT UTAMA"),
        ("11", "JPT MADYA"),
        ("12", "JPT MADYA"),
        ("21", "JPT PRATAMA"),
        ("22", "JPT PRATAMA"),
        ("31", "ADMINISTRATOR"),
        ("32", "ADMINISTRATOR"),
        ("41", "PENGAWAS"),
        ("42", "PENGAWAS"),
        ("51", None),
        ("52", None),
        ("99", None),
    ],
)
def test_each_eselon_has_todays_level(eselon: str, level: str | None) -> None:
    assert managerial_level(eselon) == level
    assert eselon in ESELON


@pytest.mark.parametrize(("code", "name"), JENJANG.items())
def test_a_level_is_known_by_code_name_and_inside_a_post(code: str, name: str) -> None:
    assert jenjang_of(code.lower()) == code
    assert jenjang_of(f"  {name.upper()}") == code
    assert jenjang_of(f"GURU {name.upper()} pada SDN 80") == code


@pytest.mark.parametrize("text", ["Lektor Kepala", "Pengadministrasi Perkantoran", ""])
def test_posts_without_a_level_have_none(text: str) -> None:
    assert jenjang_of(text) is None
