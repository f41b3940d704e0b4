"""One-time codes: made again from the secret, stored as hashes, spent once for each thing."""

from __future__ import annotations

import pytest
from feedback.domain import refusals, token

SECRET = b"a secret of the test"


def test_a_batch_gives_the_same_codes_again_and_another_gives_others() -> None:
    one, other = token.codes_of("a", 40, SECRET), token.codes_of("b", 40, SECRET)
    assert one == token.codes_of("a", 40, SECRET)
    assert len({*one, *other}) == 80
    assert token.codes_of("a", 40, b"another secret") != one


def test_codes_are_in_the_order_of_their_own_symbols() -> None:
    codes = token.codes_of("a", 40, SECRET)
    assert codes == sorted(codes)
    assert set(token.codes_of("a", 10, SECRET)) < set(codes)


def test_only_hashes_are_handed_to_the_store() -> None:
    codes = token.codes_of("a", 3, SECRET)
    kept = token.handed_out("a", 3, SECRET, "campaign")
    assert [one.id for one in kept] == [token.hash_of(code) for code in codes]
    assert not any(code in str(kept) for code in codes)


def test_what_people_type_is_read_kindly() -> None:
    (code,) = token.codes_of("a", 1, SECRET)
    assert token.is_token(code)
    assert token.hash_of(code) == token.hash_of(f" {code.lower().replace('-', ' ')} ")


@pytest.mark.parametrize("text", [None, "", "K7Q2-M9XD-P", "FB-2611-K7Q2-M9XD-K"])
def test_a_ticket_or_a_receipt_is_no_code(text: str | None) -> None:
    assert not token.is_token(text)
    with pytest.raises(refusals.TokenUnknown):
        token.hash_of(text or "")


def test_a_code_does_each_thing_once_and_only_where_it_belongs() -> None:
    (one,) = token.handed_out("a", 1, SECRET, "forum")
    assert token.spend(one, "p1", opens="forum", spent=False) != token.spend(one, "p2", opens="forum", spent=False)
    with pytest.raises(refusals.TokenUsed):
        token.spend(one, "p1", opens="forum", spent=True)
    with pytest.raises(refusals.TokenForAnother):
        token.spend(one, "p1", opens="another", spent=False)
