"""Every way in which SIASN can fail us.

SiasnFailure
├── Unavailable            passes with time; asked again with growing pauses
│   ├── NoAnswer           connection reset, timed out
│   │   └── NotReached     no connection
│   ├── EmptyAnswer        "Service Unavailable dari SiASN"
│   ├── NotJson            an HTML page of a gateway in between
│   ├── GatewayBroken      Runtime Error, 5xx
│   ├── Suspended          the gateway has suspended the endpoint; longer pauses, tokens kept
│   └── Throttled          429
├── NotTaken               a record to be written certainly did not arrive
├── CircuitOpen            too many failures in a row; nothing is asked for a while
├── AnswerNotUnderstood    JSON, but no shape that we know
├── TokenRefused           401; leads to one renewal
└── CredentialsRefused     a person has to act
    └── PastedTokenExpired
"""

from __future__ import annotations


class SiasnFailure(Exception):
    """What happened, in Indonesian for people (``message``) and in English for developers (``detail``)."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(f"{message} ({detail})" if detail else message)
        self.message = message
        self.detail = detail


class Unavailable(SiasnFailure):
    """SIASN does not answer properly now, and may do so later."""


class NoAnswer(Unavailable):
    """The connection failed or took too long."""


class NotReached(NoAnswer):
    """There was no connection: nothing was asked."""


class EmptyAnswer(Unavailable):
    """A response without a body."""


class NotJson(Unavailable):
    """HTML or bytes where JSON belongs."""


class GatewayBroken(Unavailable):
    """The gateway reports a runtime error."""


class Suspended(Unavailable):
    """The gateway has suspended its endpoint. The tokens are still good."""


class Throttled(Unavailable):
    """SIASN asks for fewer requests."""


class NotTaken(SiasnFailure):
    """A record did not get as far as SIASN, and for now no other would."""


class CircuitOpen(SiasnFailure):
    """So many failures in a row that asking on would only do harm. Go on from the same row later."""


class AnswerNotUnderstood(SiasnFailure):
    """An answer in a shape that was never seen; asking again would bring the same."""


class TokenRefused(SiasnFailure):
    """A token is not accepted (any more). ``said`` is SIASN's own wording."""

    def __init__(self, said: str) -> None:
        super().__init__("Token SIASN ditolak.", said)
        self.said = said


class CredentialsRefused(SiasnFailure):
    """Fresh tokens are refused too, or none is issued: somebody has to correct the credentials."""


class PastedTokenExpired(CredentialsRefused):
    """The SSO token pasted by a person has run out; somebody has to paste a new one."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "Token SSO SIASN yang ditempel sudah kedaluwarsa. Masuk ke SIASN, lalu tempelkan token SSO yang baru.",
            detail,
        )
