"""The bytes that are signed, the seal, and the codes of candidates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from personnel.domain.scoring import Skd
from personnel.domain.signing import candidate_code, digest_of, is_sealed, sign

AT = datetime(2026, 11, 23, 3, 0, 0, 123456, tzinfo=UTC)


def test_the_same_facts_give_the_same_bytes_whatever_their_order_and_zeros() -> None:
    one = digest_of({"b": Decimal("80.0"), "a": [Skd(1, 2, 3)], "on": date(2026, 1, 2)})
    other = digest_of({"on": date(2026, 1, 2), "a": [Skd(1, 2, 3)], "b": Decimal("8E1")})
    assert one == other
    assert one == sha256(b'{"a":[{"tiu":2,"tkp":3,"twk":1}],"b":"80","on":"2026-01-02"}').hexdigest()


def test_another_mark_gives_other_bytes() -> None:
    assert digest_of({"mark": Decimal("80.001")}) != digest_of({"mark": Decimal("80.002")})


def test_a_seal_breaks_with_digest_signer_moment_or_secret() -> None:
    signed = sign("d" * 64, "hr-1", AT, b"secret")
    assert is_sealed(signed, b"secret")
    assert signed.signed_at.microsecond == 123000, "as precise as the database keeps it"
    assert not is_sealed(signed, b"another")
    for change in ({"digest": "e" * 64}, {"signed_by": "hr-2"}, {"signed_at": AT}):
        assert not is_sealed(replace(signed, **change), b"secret")  # type: ignore[arg-type]


def test_a_code_follows_from_secret_and_application_and_from_nothing_less() -> None:
    assert candidate_code(b"s", "a1") == candidate_code(b"s", "a1")
    assert len({candidate_code(b"s", "a1"), candidate_code(b"s", "a2"), candidate_code(b"t", "a1")}) == 3


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError):
        digest_of({"x": object()})
