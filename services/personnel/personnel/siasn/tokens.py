"""SIASN's two tokens: APIM's for the gateway and the SSO's for the officer, kept until shortly before they expire."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import httpx

from personnel.siasn.answers import read_token
from personnel.siasn.connection import ClientCredentials, Connection, PasswordGrant, PastedToken
from personnel.siasn.failures import NoAnswer, PastedTokenExpired
from personnel.siasn.pace import Clock

_MARGIN = 60.0
"""Seconds before its expiry at which a token is no longer used."""


_NO_AUTH = httpx.Auth()


class Token(Protocol):
    """A token that is obtained when needed."""

    async def value(self) -> str:
        """A token believed to be good."""

    def discard(self, refused: str) -> None:
        """SIASN refused ``refused``: do not offer it again."""


class MintedToken:
    """A token that we can obtain ourselves; however many callers wait, it is asked for once."""

    def __init__(self, mint: Callable[[], Awaitable[tuple[str, float]]], *, clock: Clock = time.monotonic) -> None:
        self._mint = mint
        self._clock = clock
        self._lock = asyncio.Lock()
        self._value: str | None = None
        self._good_until = 0.0

    async def value(self) -> str:
        """The kept token, or a new one when none is kept or the kept one is about to expire."""
        async with self._lock:
            if self._value is None or self._clock() >= self._good_until:
                self._value, life = await self._mint()
                self._good_until = self._clock() + max(life - _MARGIN, life / 2)
            return self._value

    def discard(self, refused: str) -> None:
        """Forget the token, unless another caller has renewed it already."""
        if self._value == refused:
            self._value = None


class HandToken:
    """A token that a person pasted: it cannot be renewed, only found expired."""

    def __init__(self, pasted: PastedToken, *, wall_clock: Clock = time.time) -> None:
        self._value = pasted.value
        self._expires_at = _expiry_of(pasted.value)
        self._wall_clock = wall_clock

    async def value(self) -> str:
        """The token, as long as its own expiry date allows."""
        if self._expires_at is not None and self._wall_clock() >= self._expires_at:
            raise PastedTokenExpired("the pasted token's own exp has passed")
        return self._value

    def discard(self, refused: str) -> None:
        """Nothing of ours can replace it."""
        raise PastedTokenExpired("SIASN refuses the pasted token")


class Tokens:
    """Both tokens as the headers of a request, and their renewal after a refusal."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient) -> None:
        self._http = http
        self._apim: Token = MintedToken(lambda: self._client_credentials(connection.apim))
        sso = connection.sso
        self._sso: Token = (
            HandToken(sso) if isinstance(sso, PastedToken) else MintedToken(lambda: self._password_grant(sso))
        )

    async def headers(self) -> dict[str, str]:
        """``Authorization`` for the gateway, ``Auth`` for the officer."""
        return {
            "Authorization": f"Bearer {await self._apim.value()}",
            "Auth": f"bearer {await self._sso.value()}",
        }

    def discard(self, refused: dict[str, str], said: str) -> None:
        """Drop what SIASN's wording blames; where it does not tell, drop whatever can be renewed."""
        apim, sso = (header.split(" ", 1)[1] for header in (refused["Authorization"], refused["Auth"]))
        if said != "Token SSO mismatch":
            self._apim.discard(apim)
        if said == "Token SSO mismatch" or (said != "Invalid Credentials" and isinstance(self._sso, MintedToken)):
            self._sso.discard(sso)

    @property
    def sso_is_pasted(self) -> bool:
        """Whether a person has to renew the SSO token."""
        return isinstance(self._sso, HandToken)

    async def _client_credentials(self, apim: ClientCredentials) -> tuple[str, float]:
        form = {"grant_type": "client_credentials"}
        return await self._ask("APIM", apim.url, form, httpx.BasicAuth(apim.key, apim.secret))

    async def _password_grant(self, sso: PasswordGrant) -> tuple[str, float]:
        form = {
            "grant_type": "password",
            "client_id": sso.client_id,
            "username": sso.username,
            "password": sso.password,
        }
        return await self._ask("SSO", sso.url, form)

    async def _ask(self, whose: str, url: str, form: dict[str, str], auth: httpx.Auth = _NO_AUTH) -> tuple[str, float]:
        try:
            response = await self._http.post(url, data=form, auth=auth)
        except httpx.RequestError as error:
            raise NoAnswer(f"Layanan token {whose} tidak dapat dihubungi.", type(error).__name__) from error
        return read_token(response, whose)


def _expiry_of(token: str) -> float | None:
    """The ``exp`` of a JWT, read without checking its signature; none if the token is of another kind."""
    parts = token.split(".")
    if len(parts) != 3:  # header, payload, signature
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return float(claims["exp"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
