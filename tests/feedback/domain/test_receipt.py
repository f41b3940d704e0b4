"""Receipt numbers and keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from feedback.domain import receipt
from feedback.domain.refusals import KeyMistyped, ReceiptMistyped
from hypothesis import given
from hypothesis import strategies as st

ID = "0197a000-0000-7000-8000-000000000003"
OTHER = "0197a000-0000-7000-8000-000000000004"
AT = datetime(2026, 11, 14, tzinfo=UTC)
SECRET = b"a secret of the service"


def test_a_receipt_number_shows_its_month_and_can_be_read_back() -> None:
    number = receipt.number_of(ID, AT)

    assert number.startswith("FB-2611-")
    assert len(number) == len("FB-2611-K7Q2-M9XD-K")
    assert receipt.read_number(number) == number


@pytest.mark.parametrize(
    "typed", [str.lower, lambda n: n.removeprefix("FB-"), lambda n: n.replace("-", ""), lambda n: f"  {n} "]
)
def test_a_receipt_number_is_read_as_people_type_it(typed: object) -> None:
    number = receipt.number_of(ID, AT)

    assert receipt.read_number(typed(number)) == number  # type: ignore[operator]


@pytest.mark.parametrize("typed", ["", "FB-", "FB-2611", "halo", "FB-2612-K7Q2-M9XD-4"])
def test_a_mistyped_receipt_number_is_told_from_an_unknown_one(typed: str) -> None:
    with pytest.raises(ReceiptMistyped) as refusal:
        receipt.read_number(typed)
    assert refusal.value.field == "receipt"
    example = refusal.value.message.rpartition("contoh: ")[2].rstrip(".")
    assert receipt.read_number(example) == example


def test_a_typing_error_in_the_month_is_found_too() -> None:
    number = receipt.number_of(ID, AT)

    with pytest.raises(ReceiptMistyped):
        receipt.read_number(number.replace("FB-2611", "FB-2612"))


def test_the_same_feedback_gets_the_same_key_again() -> None:
    assert receipt.key_of(ID, SECRET) == receipt.key_of(ID, SECRET)


def test_another_feedback_or_another_secret_gives_another_key() -> None:
    keys = {receipt.key_of(ID, SECRET), receipt.key_of(OTHER, SECRET), receipt.key_of(ID, b"another secret")}

    assert len(keys) == 3


def test_a_key_carries_128_bits_that_the_number_does_not_give_away() -> None:
    key = receipt.key_of(ID, SECRET).replace("-", "")

    assert len(key) == 26 + 1
    assert receipt.number_of(ID, AT).split("-")[2] not in key


@given(st.uuids())
def test_a_key_fits_its_own_hash_and_no_other(id_: object) -> None:
    key = receipt.key_of(str(id_), SECRET)

    assert receipt.key_fits(key.lower().replace("-", " "), receipt.key_hash_of(key))
    assert not receipt.key_fits(key, receipt.key_hash_of(receipt.key_of("other", SECRET)))


def test_only_a_hash_is_to_be_stored_and_it_does_not_contain_the_key() -> None:
    key = receipt.key_of(ID, SECRET)

    assert len(receipt.key_hash_of(key)) == 64
    assert key not in receipt.key_hash_of(key)


def test_a_mistyped_key_is_told_from_a_wrong_one() -> None:
    with pytest.raises(KeyMistyped) as refusal:
        receipt.key_fits("halo", receipt.key_hash_of(receipt.key_of(ID, SECRET)))
    assert refusal.value.field == "key"
