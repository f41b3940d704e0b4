"""Numbers and packed documents are stored as the library would store them, only sooner."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, Inexact
from typing import Any

import bson
import pytest
from bson.decimal128 import Decimal128
from hypothesis import example, given
from hypothesis import strategies as st
from kinara.kit.documents import Collection
from kinara.kit.stored import CODEC, packed, storable, stored_number


@given(st.decimals(allow_nan=True, allow_infinity=True))
@example(Decimal("-0.00"))
@example(Decimal("1E+6111"))
@example(Decimal("9" * 34))
def test_numbers_are_stored_as_the_library_stores_them(number: Decimal) -> None:
    try:
        expected = Decimal128(number)
    except Inexact:
        with pytest.raises(Inexact):
            stored_number(number)
    else:
        assert stored_number(number).bid == expected.bid


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda number: pickle.loads(pickle.dumps(number))])
def test_a_stored_number_can_be_copied(copied: Callable[[Decimal128], Decimal128]) -> None:
    number = stored_number(Decimal("68.9589"))
    assert copied(number) == number
    assert bson.encode({"n": copied(number)}) == bson.encode({"n": number})


def test_a_packed_document_is_written_as_any_other_wherever_it_stands() -> None:
    row = {"id": "a", "delta": Decimal("-0.1250"), "on": date(2026, 11, 22), "at": datetime(2026, 11, 22, tzinfo=UTC)}
    plain, nested = bson.encode({"rows": [row]}, codec_options=CODEC), {"rows": [packed(row)]}
    assert bson.encode(nested, codec_options=CODEC) == plain
    with pytest.raises(bson.errors.InvalidDocument):
        packed({"what": object()})


@pytest.mark.parametrize("value", [Decimal("0." + "1" * 60), 2**63, {1}], ids=["digits", "size", "kind"])
def test_what_cannot_be_stored_is_known_beforehand(value: Any) -> None:
    storable({"fine": [Decimal("1.5"), 2**62, None, "x"]})
    with pytest.raises(Exception, match=r".*"):
        storable({"x": value})


def test_a_state_leaves_the_kit_its_own_fields() -> None:
    @dataclass(frozen=True)
    class Book:
        id: str
        page: int

    with pytest.raises(TypeError, match="Book in books: the kit keeps page itself"):
        Collection("books", Book)
