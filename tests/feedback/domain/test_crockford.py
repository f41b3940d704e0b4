"""Codes that people type: what is forgiven, and what the check character finds."""

from __future__ import annotations

import pytest
from feedback.domain import crockford
from hypothesis import given
from hypothesis import strategies as st

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
bodies = st.text(ALPHABET, min_size=1, max_size=26)


@given(bodies)
def test_what_was_written_can_be_read(body: str) -> None:
    code = crockford.write(body)

    assert crockford.read(code, len(body)) == code


@given(bodies)
def test_small_letters_blanks_and_lookalikes_are_forgiven(body: str) -> None:
    code = crockford.write(body)
    typed = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "

    assert crockford.read(typed, len(body)) == code


@given(bodies, st.data())
def test_a_single_wrong_symbol_is_always_found(body: str, data: st.DataObject) -> None:
    code = crockford.write(body).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))

    assert crockford.read(code[:place] + wrong + code[place + 1 :], len(body)) is None


@pytest.mark.parametrize("place", range(8))
def test_a_swap_of_any_two_neighbours_is_always_found(place: int) -> None:
    for first in ALPHABET:
        for second in ALPHABET.replace(first, ""):
            body = ("K7Q2M9XD"[:place] + first + second + "K7Q2M9XD")[:8] if place < 7 else "K7Q2M9X" + first
            code = crockford.write(body).replace("-", "")
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or crockford.read(swapped, 8) is None


@pytest.mark.parametrize(
    "typed",
    ["", "-", "K7Q2", "K7Q2-M9XD", "K7Q2-M9XD-PP", "K7Q2-M9X!-P", "U7Q2-M9XD-4", "İ7Q2-M9XD-4", "１7Q2-M9XD-4"],
)
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert crockford.read(typed, 8) is None


@pytest.mark.parametrize(
    ("data", "symbols"),
    [
        (b"\x00" * 5, "00000000"),
        (b"\xff" * 5, "ZZZZZZZZ"),
        (b"\x00\x00\x00\x00\x20", "00000010"),
        (b"\x00" * 15 + b"\x01", "0" * 25 + "1"),
        (b"\xff" * 16, "7" + "Z" * 25),
    ],
)
def test_bytes_become_symbols_most_significant_first(data: bytes, symbols: str) -> None:
    assert crockford.symbols(data) == symbols


@pytest.mark.parametrize(
    ("body", "code"), [("K7Q2M9XD", "K7Q2-M9XD-P"), ("00000001", "0000-0001-2"), ("0000000G", "0000-000G-5")]
)
def test_codes_come_in_groups_of_four_with_a_check_that_never_changes(body: str, code: str) -> None:
    assert crockford.write(body) == code
