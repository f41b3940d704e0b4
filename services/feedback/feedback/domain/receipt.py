"""The citizen's receipt: a number to name the feedback by, and a key that alone can take it back.

The key is an HMAC of the feedback's id under the service's secret: it can be made again for a repeated request,
while only its hash is ever stored. A rotated secret leaves old keys valid, since the hash decides.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from feedback.domain import crockford
from feedback.domain.refusals import KeyMistyped, ReceiptMistyped, ReceiptUnknown

FEEDBACK, COMPLAINT = "FB", "AD"
"""What a number begins with: of a rating, and of a complaint (aduan)."""
_ID_BYTES = 5
_KEY_BYTES = 16
_NUMBER_SYMBOLS = 4 + 8
_KEY_SYMBOLS = 26
_PURPOSE = b"kinara.feedback.receipt-key.v1:"


def number_of(feedback_id: str, at: datetime, prefix: str = FEEDBACK) -> str:
    """The receipt number: year and month (UTC), 40 bits of the id's hash and a check, ``FB-2611-K7Q2-M9XD-K``.

    Among a million in one month two may meet; the store's unique index then asks for another id.
    """
    digest = hashlib.sha256(feedback_id.encode()).digest()[:_ID_BYTES]
    return f"{prefix}-{crockford.write(f'{at:%y%m}{crockford.symbols(digest)}')}"


def read_number(text: str, prefix: str = FEEDBACK) -> str:
    """The receipt number as stored, from what a citizen typed; the prefix may be left out."""
    typed = text.strip().upper().removeprefix(prefix)
    number = crockford.read(typed, _NUMBER_SYMBOLS)
    if number is None:
        raise ReceiptMistyped(
            f"Nomor tanda terima salah ketik. Periksa kembali pada tanda terima, contoh: {prefix}-2611-K7Q2-M9XD-K.",
            field="receipt",
            detail=f"expected {prefix}, {_NUMBER_SYMBOLS} base-32 symbols and their check character",
        )
    return f"{prefix}-{number}"


def unknown(number: str) -> ReceiptUnknown:
    """The refusal of a well-formed number that nothing has."""
    return ReceiptUnknown(
        f"Tanda terima {number} tidak ditemukan. Periksa kembali nomor pada tanda terima Anda.",
        field="receipt",
        detail="the number is well formed, but nothing has it",
    )


def key_of(feedback_id: str, secret: bytes) -> str:
    """The key to hand to the citizen, 128 bits: shown once, never stored or logged."""
    mac = hmac.digest(secret, _PURPOSE + feedback_id.encode(), "sha256")
    return crockford.write(crockford.symbols(mac[:_KEY_BYTES]))


def key_hash_of(key: str) -> str:
    """What is stored of a key: 128 random bits need no salt and no slow hash."""
    return hashlib.sha256(_read_key(key).encode()).hexdigest()


def key_fits(key: str, key_hash: str) -> bool:
    """Whether this key has this hash, in time that tells nothing about where they differ."""
    return hmac.compare_digest(key_hash_of(key), key_hash)


def _read_key(text: str) -> str:
    key = crockford.read(text, _KEY_SYMBOLS)
    if key is None:
        raise KeyMistyped(
            "Kunci tanda terima salah ketik. Salin kembali kunci dari tanda terima Anda.",
            field="key",
            detail=f"expected {_KEY_SYMBOLS} base-32 symbols and their check character",
        )
    return key
