"""What is signed of a selection's result, and the code under which scorers know a candidate.

The digest is SHA-256 over canonical JSON (keys sorted, no blanks, numbers without trailing zeros) of everything that
the result follows from, and of the result: whoever computes it again from the same marks gets the same bytes. The
seal, under the service's secret, tells that nobody has signed it anew since.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_SEAL, _CODE = b"kinara.personnel.result\x00", b"kinara.personnel.candidate\x00"
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who has signed which bytes, and when."""

    digest: str
    signed_by: str
    signed_at: datetime
    seal: str


def candidate_code(secret: bytes, application_id: str) -> str:
    """What stands for a candidate while marks are given: without the secret nobody gets from one to the other."""
    sealed = hmac.digest(secret, _CODE + application_id.encode(), "sha256")
    return base64.b32encode(sealed).decode()[:CODE_LENGTH]


def digest_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts as canonical JSON."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def sign(digest: str, by: str, at: datetime, secret: bytes) -> Signature:
    """Sign; the moment is kept to the millisecond, as the database does."""
    moment = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return Signature(digest=digest, signed_by=by, signed_at=moment, seal=_seal(digest, by, moment, secret))


def is_sealed(signature: Signature, secret: bytes) -> bool:
    """Whether digest, signer and moment are those that were signed here."""
    seal = _seal(signature.digest, signature.signed_by, signature.signed_at, secret)
    return hmac.compare_digest(seal, signature.seal)


def _seal(digest: str, by: str, at: datetime, secret: bytes) -> str:
    return hmac.digest(secret, _SEAL + f"{digest}\n{by}\n{at.isoformat()}".encode(), "sha256").hex()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
