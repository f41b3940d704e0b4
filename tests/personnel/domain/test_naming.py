"""How names are looked for and listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnel.domain.naming import listed_as, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Siti Nur'aini", ("aini", "nur", "siti")),
        ("JOSÉ  da  Costa", ("costa", "da", "jose")),
        ("Ani ani ANI", ("ani",)),
        ("  ", ()),
        ("Ⅲ", ("iii",)),
    ],
)
def test_a_name_is_found_by_its_plain_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@given(st.text(max_size=60))
def test_whatever_is_typed_becomes_plain_words(text: str) -> None:
    for word in words_of(text):
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()


@given(st.text(max_size=300))
def test_a_place_in_a_list_is_short_and_plain(name: str) -> None:
    assert len(listed_as(name)) <= 100
    assert listed_as(name).isascii()


def test_names_are_listed_whatever_their_capitals() -> None:
    assert sorted(["budi", "Ani", "Émile", "citra"], key=listed_as) == ["Ani", "budi", "citra", "Émile"]
