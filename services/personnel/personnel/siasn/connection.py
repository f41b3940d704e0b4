"""Where SIASN is, who we are there, and how patient and how gentle we are with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentials:
    """The consumer key and secret of the API gateway (APIM)."""

    url: str
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordGrant:
    """The SSO account: ``username`` is the NIP of the officer who answers for the feed."""

    url: str
    client_id: str
    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PastedToken:
    """An SSO token that a person obtained by hand, where the SSO asks for more than a password."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One connection to SIASN. Durations are seconds."""

    base_url: str
    """For instance ``https://apimws.bkn.go.id:8243/apisiasn/1.0``."""
    apim: ClientCredentials
    sso: PasswordGrant | PastedToken
    requests_per_second: float = 5.0
    """Our own limit: BKN publishes none."""
    burst: int = 1
    timeout: float = 60.0
    attempts: int = 5
    pause: float = 1.0
    """Before the second attempt; doubled before each further one."""
    suspended_pause: float = 15.0
    """The same when the gateway has suspended the endpoint."""
    longest_pause: float = 120.0
    failures_to_open: int = 12
    """Failed attempts in a row, over all calls, that open the circuit."""
    open_for: float = 60.0
