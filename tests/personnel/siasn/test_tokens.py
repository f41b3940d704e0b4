"""The two tokens: kept, renewed once, dropped when refused."""

from __future__ import annotations

import asyncio
import base64
import json

import httpx
import pytest
from personnel.siasn.connection import ClientCredentials, Connection, PasswordGrant, PastedToken
from personnel.siasn.failures import NoAnswer, PastedTokenExpired
from personnel.siasn.tokens import HandToken, MintedToken, Tokens


class _Mint:
    def __init__(self, life: float = 3600) -> None:
        self.life = life
        self.minted = 0

    async def __call__(self) -> tuple[str, float]:
        await asyncio.sleep(0)
        self.minted += 1
        return f"token-{self.minted}", self.life


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _jwt(**claims: float) -> str:
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{part}.x"


async def test_a_token_is_kept_until_a_minute_before_it_expires() -> None:
    mint, clock = _Mint(), _Clock()
    token = MintedToken(mint, clock=clock)
    assert await token.value() == "token-1"
    clock.now = 3539.0
    assert await token.value() == "token-1"
    clock.now = 3540.0
    assert await token.value() == "token-2"


async def test_a_short_lived_token_is_kept_for_half_its_life() -> None:
    mint, clock = _Mint(life=60), _Clock()
    token = MintedToken(mint, clock=clock)
    await token.value()
    clock.now = 29.0
    assert await token.value() == "token-1"


async def test_however_many_wait_it_is_asked_for_once() -> None:
    mint = _Mint()
    token = MintedToken(mint)
    assert set(await asyncio.gather(*(token.value() for _ in range(50)))) == {"token-1"}


async def test_a_late_complaint_about_the_old_token_does_not_drop_the_new_one() -> None:
    mint = _Mint()
    token = MintedToken(mint)
    old = await token.value()
    token.discard(old)
    assert await token.value() == "token-2"
    token.discard(old)
    assert await token.value() == "token-2"


async def test_a_pasted_token_is_offered_until_its_own_expiry() -> None:
    clock = _Clock()
    token = HandToken(PastedToken(_jwt(exp=100.0)), wall_clock=clock)
    clock.now = 99.0
    assert (await token.value()).count(".") == 2
    clock.now = 100.0
    with pytest.raises(PastedTokenExpired, match="tempelkan token SSO yang baru"):
        await token.value()


@pytest.mark.parametrize("value", ["opaque", "a.b.c", _jwt(), "a.!!!.c"])
async def test_a_pasted_token_that_does_not_tell_its_expiry_is_tried(value: str) -> None:
    assert await HandToken(PastedToken(value)).value() == value


def test_a_refused_pasted_token_needs_a_person() -> None:
    with pytest.raises(PastedTokenExpired):
        HandToken(PastedToken("opaque")).discard("opaque")


@pytest.mark.parametrize(
    ("said", "renewed"),
    [
        ("Invalid Credentials", (True, False)),
        ("Token SSO mismatch", (False, True)),
        ("invalid or expired jwt", (True, True)),
    ],
)
async def test_what_siasn_says_decides_which_token_is_renewed(said: str, renewed: tuple[bool, bool]) -> None:
    issued = iter(range(100))

    def desk(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"access_token": f"{request.url.path}{next(issued)}", "expires_in": 3600})

    connection = Connection(
        base_url="http://siasn.invalid",
        apim=ClientCredentials(url="http://siasn.invalid/apim", key="k", secret="s"),
        sso=PasswordGrant(url="http://siasn.invalid/sso", client_id="c", username="n", password="p"),
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(desk)) as http:
        tokens = Tokens(connection, http)
        before = await tokens.headers()
        tokens.discard(before, said)
        after = await tokens.headers()
    assert (after["Authorization"] != before["Authorization"], after["Auth"] != before["Auth"]) == renewed
    assert before["Authorization"].startswith("Bearer /apim")
    assert before["Auth"].startswith("bearer /sso")


async def test_a_token_desk_out_of_reach_is_no_answer() -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    connection = Connection(
        base_url="http://siasn.invalid",
        apim=ClientCredentials(url="http://siasn.invalid/apim", key="k", secret="s"),
        sso=PastedToken("opaque"),
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(unreachable)) as http:
        with pytest.raises(NoAnswer, match="APIM"):
            await Tokens(connection, http).headers()


def test_secrets_do_not_show_in_a_representation() -> None:
    connection = Connection(
        base_url="http://siasn.invalid",
        apim=ClientCredentials(url="u", key="k", secret="rahasia-1"),
        sso=PasswordGrant(url="u", client_id="c", username="198609262015051001", password="rahasia-2"),
    )
    shown = f"{connection!r} {PastedToken('rahasia-3')!r}"
    assert "rahasia" not in shown
    assert "198609262015051001" not in shown
