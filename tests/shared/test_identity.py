"""Tokens: only those of the issuer, for us, for now, and by its present keys; and the scope that they give."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from kinara.kit import identity
from kinara.kit.identity import IssuerAway, NotAllowed, NotAuthenticated, Principal, Role, Verifier
from kinara.kit.ids import new_id
from kinara.kit.issuer import public_keys, token
from kinara.kit.scope import Scope
from kinara.kit.settings import ServiceSettings, UnsafeSettings

ISSUER, KEYS = "https://sso.example.go.id", "https://sso.example.go.id/keys"
EMPLOYEE = new_id()


class Sso:
    """An OIDC provider: its keys, how often it was asked for them, and whether it answers."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        self.asked: list[str] = []
        self.status = 200
        self.name = ISSUER
        self.document: Any = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if request.url.path == "/keys":
            keys = self.document if self.document is not None else {"keys": [self.key.as_dict(private=False)]}
            return httpx.Response(self.status, json=keys)
        return httpx.Response(self.status, json={"issuer": self.name, "jwks_uri": KEYS})

    def sign(self, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str:
        """A token as the issuer signs it, changed where a test says so; None leaves a claim out."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": "kinara", "sub": "me", "iat": now, "exp": now + 60, "roles": ["hr"]} | changed
        said = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid} | (header or {})
        return jwt.encode(header, said, key or self.key, algorithms=[header["alg"]])


@pytest.fixture
def sso(monkeypatch: pytest.MonkeyPatch) -> Sso:
    provider, client = Sso(), httpx.AsyncClient

    def reach(**options: Any) -> httpx.AsyncClient:
        return client(transport=httpx.MockTransport(provider), **options)

    monkeypatch.setattr(identity.httpx, "AsyncClient", reach)
    return provider


@pytest.fixture
def verifier(sso: Sso) -> Verifier:
    return Verifier(ServiceSettings(env="production", secret="s" * 40, oidc_issuer=ISSUER))  # type: ignore[arg-type]


async def bearer(verifier: Verifier, token: str) -> Principal:
    return await verifier.principal(f"Bearer {token}")


async def test_a_good_token_says_who_it_is(verifier: Verifier, sso: Sso) -> None:
    good = sso.sign(sub="p-1", roles=["hr", "offline_access"], employee=EMPLOYEE, units=["/16.71"])
    assert await bearer(verifier, good) == Principal("p-1", frozenset({Role.HR}), EMPLOYEE, ("/16.71",))


async def test_of_somebody_whose_roles_are_no_matter_only_the_name_is_read(verifier: Verifier, sso: Sso) -> None:
    assert await verifier.person(sso.sign(sub="warga-1", roles={"of": "another system"})) == "warga-1"
    for bad in (sso.sign(aud="other"), sso.sign(sub=5), "a.b.c"):
        with pytest.raises(NotAuthenticated):
            await verifier.person(bad)


def none_signed(sso: Sso) -> str:
    _, payload, _ = sso.sign().split(".")
    return f"eyJhbGciOiJub25lIn0.{payload}."


def signed_with_the_public_key(sso: Sso) -> str:
    secret = OctKey.import_key(json.dumps(sso.key.as_dict(private=False)))
    return sso.sign({"alg": "HS256"}, secret)


BAD: dict[str, Callable[[Sso], str]] = {
    "expired": lambda sso: sso.sign(exp=int(time.time()) - 31),
    "without an end": lambda sso: sso.sign(exp=None),
    "not yet": lambda sso: sso.sign(nbf=int(time.time()) + 60),
    "for somebody else": lambda sso: sso.sign(aud="other"),
    "for nobody": lambda sso: sso.sign(aud=None),
    "by another issuer": lambda sso: sso.sign(iss="https://evil.example"),
    "of nobody": lambda sso: sso.sign(sub=None),
    "of a number": lambda sso: sso.sign(sub=5),
    "not signed": none_signed,
    "signed with the public key": signed_with_the_public_key,
    "by a key nobody knows": lambda sso: sso.sign({"kid": "other"}, RSAKey.generate_key(2048)),
    "by another key under a known name": lambda sso: sso.sign(key=RSAKey.generate_key(2048)),
    "by an algorithm that is not allowed": lambda sso: sso.sign({"alg": "PS256"}),
    "cut": lambda sso: sso.sign()[:-4],
    "garbage": lambda _: "a.b.c",
    "no token": lambda _: "é",
    "empty": lambda _: "",
    "roles that are no list": lambda sso: sso.sign(roles=5),
    "roles in one word": lambda sso: sso.sign(roles="hr"),
    "an employee that is no id": lambda sso: sso.sign(employee="me"),
    "the root of all units": lambda sso: sso.sign(units=[""]),
    "units in one word": lambda sso: sso.sign(units="/16.71"),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD.keys())
async def test_a_token_that_cannot_be_trusted_is_refused(
    verifier: Verifier, sso: Sso, make: Callable[[Sso], str]
) -> None:
    with pytest.raises(NotAuthenticated):
        await bearer(verifier, make(sso))


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic dTpw", "bearer "], ids=repr)
async def test_whoever_brings_no_token_is_nobody(verifier: Verifier, header: str | None) -> None:
    with pytest.raises(NotAuthenticated, match="bearer token"):
        await verifier.principal(header)


async def test_a_clock_a_little_off_is_forgiven(verifier: Verifier, sso: Sso) -> None:
    assert await bearer(verifier, sso.sign(exp=int(time.time()) - 20))


async def test_keys_are_asked_for_once(verifier: Verifier, sso: Sso) -> None:
    for _ in range(3):
        await bearer(verifier, sso.sign())
    assert sso.asked == [f"{ISSUER}/.well-known/openid-configuration", KEYS]


async def test_a_rotated_key_is_looked_for_and_found(verifier: Verifier, sso: Sso) -> None:
    await bearer(verifier, sso.sign())
    sso.key = RSAKey.generate_key(2048, auto_kid=True)
    with pytest.raises(NotAuthenticated):
        await bearer(verifier, sso.sign())
    verifier._tried -= identity.JWKS_REFRESH_S + 1
    assert await bearer(verifier, sso.sign())


async def test_bad_tokens_do_not_make_us_ask_again_and_again(verifier: Verifier, sso: Sso) -> None:
    stranger = RSAKey.generate_key(2048)
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await bearer(verifier, sso.sign({"kid": "other"}, stranger))
    assert sso.asked.count(KEYS) == 1


@pytest.mark.parametrize(
    ("status", "document"), [(503, None), (200, []), (200, {"keys": []})], ids=["away", "no object", "empty"]
)
async def test_an_issuer_that_does_not_answer_refuses_nobody_whose_key_is_known(
    verifier: Verifier, sso: Sso, status: int, document: Any
) -> None:
    await bearer(verifier, sso.sign())
    sso.status, sso.document = status, document
    verifier._fetched = verifier._tried = time.monotonic() - identity.JWKS_AGE_S - 1
    before = len(sso.asked)
    for _ in range(3):
        await bearer(verifier, sso.sign())
    assert len(sso.asked) - before <= 2


async def test_without_keys_nobody_is_trusted_and_nobody_blamed(verifier: Verifier, sso: Sso) -> None:
    sso.status = 503
    with pytest.raises(IssuerAway, match="cannot be had"):
        await bearer(verifier, sso.sign())
    sso.status, sso.name, verifier._tried = 200, "https://evil.example", 0.0
    with pytest.raises(IssuerAway, match="cannot be had"):
        await bearer(verifier, sso.sign())


async def test_keys_that_could_not_be_had_at_the_start_are_looked_for_soon(verifier: Verifier, sso: Sso) -> None:
    sso.status = 503
    with pytest.raises(IssuerAway):
        await bearer(verifier, sso.sign())
    sso.status = 200
    verifier._tried -= identity.JWKS_FIRST_S + 0.1
    assert await bearer(verifier, sso.sign())


def test_the_development_keys_are_never_seen_half_written(tmp_path: Path) -> None:
    settings = ServiceSettings(issuer_key=tmp_path / "issuer.json")
    token(settings, roles=[Role.HR])
    shown = public_keys(tmp_path / "issuer.json")
    before = shown.stat()
    token(settings, roles=[Role.HR])
    assert (shown.stat().st_ino, shown.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    shown.write_text("{")
    broken = shown.stat().st_ino
    token(settings, roles=[Role.HR])
    assert json.loads(shown.read_text())["keys"]
    assert shown.stat().st_ino != broken


SEES: list[tuple[set[str], tuple[Role, ...], Scope]] = [
    ({"hr"}, (Role.HR,), Scope(paths=("/16.71",), label="me")),
    ({"hr", "employee"}, (Role.EMPLOYEE,), Scope(own=EMPLOYEE, label="me")),
    ({"supervisor"}, (Role.SUPERVISOR, Role.HR), Scope(own=EMPLOYEE, reports_of=EMPLOYEE, label="me")),
    ({"supervisor", "hr"}, (Role.SUPERVISOR, Role.HR), Scope(("/16.71",), EMPLOYEE, EMPLOYEE, label="me")),
]


@pytest.mark.parametrize(("roles", "asked", "seen"), SEES, ids=["units", "self", "reports", "units and reports"])
def test_each_role_gives_its_part_of_the_scope(roles: set[str], asked: tuple[Role, ...], seen: Scope) -> None:
    principal = Principal("me", frozenset(map(Role, roles)), EMPLOYEE, ("/16.71",))
    assert principal.scope(asked) == seen
    assert (principal.scope(asked).person, principal.scope(asked).who) == (EMPLOYEE, EMPLOYEE)


def test_whoever_is_no_employee_acts_under_their_account() -> None:
    assert Principal("me", frozenset({Role.HR}), None, ("/16.71",)).scope((Role.HR,)).who == "me"


def test_a_role_that_a_route_does_not_name_gives_nothing() -> None:
    with pytest.raises(NotAllowed, match="hr, oversight"):
        Principal("me", frozenset({Role.EMPLOYEE}), EMPLOYEE, ()).scope((Role.HR, Role.OVERSIGHT))


async def test_the_development_issuer_signs_what_its_verifier_trusts(tmp_path: Path) -> None:
    settings = ServiceSettings(issuer_key=tmp_path / "issuer.json")
    signed = token(settings, roles=[Role.SUPERVISOR], employee=EMPLOYEE, units=["/16.71"])
    principal = await bearer(Verifier(settings), signed)
    assert principal == Principal(EMPLOYEE, frozenset({Role.SUPERVISOR}), EMPLOYEE, ("/16.71",))
    assert (tmp_path / "issuer.json").stat().st_mode & 0o077 == 0
    assert "d" not in json.loads((tmp_path / "issuer.jwks.json").read_text())["keys"][0]


def test_the_development_issuer_does_not_work_in_production(tmp_path: Path) -> None:
    settings = ServiceSettings(
        env="production", secret="s" * 40, oidc_issuer=ISSUER, issuer_key=tmp_path / "issuer.json"  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(UnsafeSettings, match="development issuer"):
        token(settings, roles=[Role.HR])


async def test_the_development_key_is_not_trusted_in_production(tmp_path: Path, sso: Sso) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    (tmp_path / "issuer.jwks.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    settings = ServiceSettings(
        env="production", secret="s" * 40, oidc_issuer=ISSUER, issuer_key=tmp_path / "issuer.json"  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(NotAuthenticated):
        await bearer(Verifier(settings), sso.sign({"alg": "ES256", "kid": key.kid}, key))
