"""Who is asking: bearer tokens of an OIDC issuer, verified here, and the scope that a role gives its bearer."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import httpx
from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field

from kinara.contracts import Id, UnitPath
from kinara.kit import log
from kinara.kit.scope import PUBLIC, Scope

ALGORITHMS = ["RS256", "ES256"]
LEEWAY_S = 30
JWKS_AGE_S = 3600
JWKS_REFRESH_S, JWKS_FIRST_S = 10, 1
"""Between two looks for other keys, and for any at all."""
_UNAVAILABLE = (httpx.HTTPError, OSError, JoseError, ValueError, LookupError, TypeError)
"""No answer, or one that is no set of keys."""

_BEARER = HTTPBearer(auto_error=False, description="A token of the OIDC issuer; in development of `kinara token`.")
"""For the OpenAPI document alone: the verifier reads the header and says what is wrong with it."""
_log = log.get("identity")

Told = TypeVar("Told", bound=BaseModel)


class Role(StrEnum):
    """What a person (or system) may do; a token lists one or more."""

    EMPLOYEE = "employee"
    SUPERVISOR = "supervisor"
    HR = "hr"
    TRAINER = "trainer"
    OVERSIGHT = "oversight"
    INTEGRATOR = "integrator"


class NotAuthenticated(Exception):
    """No token, or one that cannot be trusted; says what is wrong with it."""


class IssuerAway(Exception):
    """No token can be judged: the issuer's keys cannot be had at the moment. That is not the bearer's fault."""


class NotAllowed(Exception):
    """The token is good, but none of its roles may do this."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The bearer of a valid token."""

    subject: str
    roles: frozenset[Role]
    employee: str | None
    units: tuple[str, ...]

    def scope(self, roles: tuple[Role, ...]) -> Scope:
        """The union of what the given roles, as far as the bearer has them, may see."""
        mine = self.roles & set(roles)
        if not mine:
            raise NotAllowed(f"one of {', '.join(roles)} is needed")
        personal = mine & {Role.EMPLOYEE, Role.SUPERVISOR}
        return Scope(
            paths=self.units if mine - {Role.EMPLOYEE, Role.SUPERVISOR} else (),
            own=self.employee if personal else None,
            reports_of=self.employee if Role.SUPERVISOR in mine else None,
            label=self.subject,
            person=self.employee,
        )


class _Person(BaseModel):
    """Whom a token is about, by the issuer's own name for them."""

    model_config = ConfigDict(strict=True)

    sub: str


class _Said(_Person):
    """What a token says of its bearer; roles of other systems may stand among ours, and mean nothing here."""

    roles: Annotated[tuple[str, ...], Field(strict=False)] = ()
    employee: Id | None = None
    units: Annotated[tuple[UnitPath, ...], Field(strict=False)] = ()


class Issuing(Protocol):
    """Whose tokens are believed, for whom they are meant, and where the keys are; discovered where that is empty."""

    @property
    def oidc_issuer(self) -> str: ...
    @property
    def oidc_audience(self) -> str: ...
    @property
    def jwks_address(self) -> str: ...


class Verifier:
    """Checks tokens against the issuer's keys, which are fetched when needed and kept for an hour."""

    def __init__(self, settings: Issuing) -> None:
        self._settings = settings
        self._keys: KeySet | None = None
        self._fetched = self._tried = -math.inf
        self._lock = asyncio.Lock()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": settings.oidc_issuer},
            aud={"essential": True, "value": settings.oidc_audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def principal(self, authorization: str | None) -> Principal:
        """The bearer of an ``Authorization`` header; ``NotAuthenticated`` says why not.

        Raises ``IssuerAway`` while there is nothing to check a token against.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("a bearer token is needed")
        said = await self._read(token, _Said)
        roles = frozenset(role for role in Role if role in said.roles)
        return Principal(said.sub, roles, said.employee, said.units)

    async def person(self, token: str) -> str:
        """By which name the issuer knows the bearer of a token, whatever else it says; raises as ``principal`` does."""
        return (await self._read(token, _Person)).sub

    async def _read(self, token: str, kind: type[Told]) -> Told:
        try:
            claims = await self._claims_of(token)
            self._claims.validate(claims)
            return kind.model_validate(claims)
        except (JoseError, ValueError) as error:
            raise NotAuthenticated(f"token refused: {type(error).__name__}") from error

    async def _claims_of(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, await self._keyset(), algorithms=ALGORITHMS).claims
        except InvalidKeyIdError:  # the issuer may have rotated its keys
            return jwt.decode(token, await self._keyset(again=True), algorithms=ALGORITHMS).claims

    async def _keyset(self, *, again: bool = False) -> KeySet:
        """The issuer's keys: new ones if there are none, they are old, or asked for; but not at every bad token."""
        async with self._lock:
            now = time.monotonic()
            wanted = again or self._keys is None or now - self._fetched > JWKS_AGE_S
            if wanted and now - self._tried > (JWKS_REFRESH_S if self._keys else JWKS_FIRST_S):
                self._tried = now
                try:
                    self._keys, self._fetched = await self._fetch(), now
                except _UNAVAILABLE as error:
                    _log.warning("the issuer's keys cannot be had", reason=f"{type(error).__name__}: {error}"[:300])
            if self._keys is None:
                raise IssuerAway("the issuer's keys cannot be had at the moment")
            return self._keys

    async def _fetch(self) -> KeySet:
        address = self._settings.jwks_address
        if address.startswith("file:"):
            text = await asyncio.to_thread(Path(address.removeprefix("file:")).read_text)
        else:
            async with httpx.AsyncClient(timeout=5) as client:
                text = (await client.get(address or await self._discover(client))).raise_for_status().text
        return KeySet.import_key_set(json.loads(text))

    async def _discover(self, client: httpx.AsyncClient) -> str:
        issuer = self._settings.oidc_issuer.rstrip("/")
        answer = (await client.get(f"{issuer}/.well-known/openid-configuration")).raise_for_status().json()
        if answer.get("issuer", "").rstrip("/") != issuer:
            raise ValueError("the issuer calls itself by another name")
        return str(answer["jwks_uri"])


def allow(*roles: Role) -> Any:
    """A route's statement of who may call it; gives the route its ``Scope``."""

    async def scope(request: Request, _shown: Annotated[Any, Depends(_BEARER)]) -> Scope:
        principal: Principal = await request.app.state.verifier.principal(request.headers.get("authorization"))
        return principal.scope(roles)

    scope.allows = roles  # type: ignore[attr-defined]  # read by the test that every route states its roles
    return Depends(scope)


def anyone() -> Any:
    """A route's statement that citizens may call it without an account."""

    async def scope() -> Scope:
        return PUBLIC

    scope.allows = ()  # type: ignore[attr-defined]  # read by the test that every route states its roles
    return Depends(scope)


PublicScope = Annotated[Scope, anyone()]


def stated_roles(dependency: Callable[..., Any]) -> tuple[Role, ...] | None:
    """What a dependency made by ``allow`` or ``anyone`` states; None for any other."""
    return getattr(dependency, "allows", None)
