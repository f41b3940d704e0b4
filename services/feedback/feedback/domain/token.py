"""One-time codes for the invited: each opens one answer, and nothing says whose it is.

A code is made from the service's secret and its batch, so that a repeated request shows the same codes again while
only their hashes are stored: under the hash itself, in no order and beside nothing but what it is for. What was done
with a code is noted by its hash, never beside the answer.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TypeGuard

from feedback.domain import crockford
from feedback.domain.refusals import TokenForAnother, TokenUnknown, TokenUsed

MOST = 500
"""Codes of one batch."""

_BYTES = 10
_SYMBOLS = 16
"""80 bits: their hashes cannot be searched through; a ticket, told apart by its length, has 13."""
_PURPOSE = "kinara.feedback.token.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A code that was given out; immutable, so that it tells nothing about when it was used."""

    id: str
    """The code's hash."""
    opens: str
    """The campaign or forum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """That a code has done one thing; its id lets it happen once."""

    id: str


def codes_of(batch_id: str, count: int, secret: bytes) -> list[str]:
    """The codes of a batch, in the order of their own random symbols."""
    macs = (hmac.digest(secret, f"{_PURPOSE}:{batch_id}:{no}".encode(), "sha256") for no in range(count))
    return sorted(crockford.write(crockford.symbols(mac[:_BYTES])) for mac in macs)


def is_token(text: str | None) -> TypeGuard[str]:
    """Whether somebody typed such a code, and not a ticket's."""
    return text is not None and crockford.read(text, _SYMBOLS) is not None


def hash_of(text: str) -> str:
    """What is stored of a code; refuses a typing error."""
    code = crockford.read(text, _SYMBOLS)
    if code is None:
        raise unknown()
    return hashlib.sha256(code.encode()).hexdigest()


def handed_out(batch_id: str, count: int, secret: bytes, opens: str) -> list[Token]:
    """A batch as it is stored."""
    return [Token(id=hash_of(code), opens=opens) for code in codes_of(batch_id, count, secret)]


def spend(token: Token, what: str, *, opens: str, spent: bool) -> Spent:
    """The note that a code does ``what``, once; the unique id settles two at the same moment."""
    if token.opens != opens:
        raise TokenForAnother(
            "Kode undangan ini untuk survei atau forum lain. Periksa undangan Anda.",
            field="token",
            detail="the code opens something else",
        )
    if spent:
        raise TokenUsed(
            "Kode undangan ini sudah dipakai untuk hal ini. Satu kode berlaku satu kali.",
            field="token",
            detail=f"the code has been used for {what}",
        )
    return Spent(id=spent_id(token, what))


def spent_id(token: Token, what: str) -> str:
    """The id of the note that a code has done ``what``."""
    return f"{token.id}/{what}"


def unknown() -> TokenUnknown:
    """The refusal of a code that nobody gave out."""
    return TokenUnknown(
        "Kode undangan ini tidak dikenal. Salin kembali kode dari undangan Anda.",
        field="token",
        detail=f"expected {_SYMBOLS} base-32 symbols and their check character, as given out",
    )
