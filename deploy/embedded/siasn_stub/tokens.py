"""The stub's two token desks: APIM for the gateway, SSO for the officer."""

from __future__ import annotations

import base64
import json
import time

CLIENTS = {"kinara-stub": "bukan-rahasia"}
"""Consumer keys and their secrets; the stub is for tests and demonstrations."""
OFFICERS = {"198609262015051001": "bukan-rahasia"}
"""NIP and password of SSO accounts."""
SSO_CLIENT_ID = "bkn-kinara-stub"


class Desk:
    """Hands out tokens and knows them again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._good_until: dict[str, float] = {}
        self.issued = 0

    def issue(self, seconds: float) -> str:
        """A new token in the shape of a JWT, unsigned."""
        self.issued += 1
        claims = {"iss": f"siasn-stub-{self._name}", "jti": self.issued, "exp": time.time() + seconds}
        token = f"{_part({'alg': 'none'})}.{_part(claims)}.stub"
        self._good_until[token] = time.monotonic() + seconds
        return token

    def knows(self, token: str) -> bool:
        """Whether this desk issued the token, expired or not."""
        return token in self._good_until

    def accepts(self, token: str) -> bool:
        """Whether the token is still good."""
        return self._good_until.get(token, 0) > time.monotonic()

    def expire_all(self) -> None:
        """Every token handed out so far has expired."""
        self._good_until = dict.fromkeys(self._good_until, 0.0)


def _part(content: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
