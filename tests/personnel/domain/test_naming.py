"""How names are looked for and listed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnel.domain.naming import is_place, listed_as, words_of

ID = "01900000-0000-7000-8000-000000000000"


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
    assert len(listed_as(name, "id")) <= 103
    assert listed_as(name, "id").isascii()


@given(st.text(max_size=300), st.uuids())
def test_every_place_in_a_list_is_known_as_one(name: str, id_: UUID) -> None:
    assert is_place(listed_as(name, str(id_)))


@pytest.mark.parametrize(
    "text", ["garbage", "", "ani!", "ani!1", "ani!01900000-0000-7000-8000-00000000000G", "é!" + ID]
)
def test_nothing_else_is_a_place_in_a_list(text: str) -> None:
    assert not is_place(text)


def test_names_are_listed_whatever_their_capitals() -> None:
    names = ["Émile", "budi", "citra", "Anita", "ani budi", "Ani"]
    in_order = sorted(names, key=lambda name: listed_as(name, "id"))
    assert in_order == ["Ani", "ani budi", "Anita", "budi", "citra", "Émile"]


def test_two_of_one_name_have_their_own_places() -> None:
    assert listed_as("Ani", "1") < listed_as("ANI", "2")
