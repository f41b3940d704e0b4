"""Codes that people read out and type: Crockford's base 32 in groups of four, with a check character at the end.

The check is Damm's scheme over GF(32), so it is itself one of the 32 symbols; it finds every single wrong symbol and
every swap of two neighbours. Reading forgives what people do: small letters, blanks, O for 0, I or L for 1.
"""

from __future__ import annotations

import re

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(_ALPHABET)}
_LOOKALIKES = str.maketrans("OIL", "011")
_POLYNOMIAL = 0b100101
"""x⁵ + x² + 1, irreducible over GF(2)."""
_STEP = [total << 1 ^ (_POLYNOMIAL if total & 16 else 0) for total in range(32)]
"""Each number of GF(32) times x."""
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]

_GROUP = 4


def symbols(data: bytes) -> str:
    """The bytes in base 32, most significant first: 8 symbols for 5 bytes, 26 for 16."""
    size = -(-len(data) * 8 // 5)
    number = int.from_bytes(data)
    pairs = [_PAIRS[number >> place & 1023] for place in range(0, 5 * size, 10)]
    return "".join(pairs[::-1])[-size:]


def write(body: str) -> str:
    """``body`` (base-32 symbols) in groups of four, its check character last: ``K7Q2-M9XD-P``."""
    return f"{_grouped(body)}-{_check(body)}"


def read(text: str, size: int) -> str | None:
    """The code that was meant, as ``write`` writes it; None if it is not ``size`` symbols and their check."""
    typed = re.sub(r"[\s\-]", "", text).upper().translate(_LOOKALIKES)
    body, check = typed[:-1], typed[-1:]
    if len(body) != size or not _VALUE.keys() >= set(typed) or _check(body) != check:
        return None
    return write(body)


def _grouped(body: str) -> str:
    return "-".join(body[start : start + _GROUP] for start in range(0, len(body), _GROUP))


def _check(body: str) -> str:
    """Each step adds a symbol and multiplies by x in GF(32); the check is what would bring the sum to nought."""
    total = 0
    for symbol in body:
        total = _STEP[total ^ _VALUE[symbol]]
    return _ALPHABET[total]
