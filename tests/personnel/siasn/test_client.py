"""The client against the stub SIASN server over real HTTP: every habit is met and survived, or named."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import time
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from personnel.siasn.client import SiasnClient
from personnel.siasn.connection import Connection, PasswordGrant, PastedToken
from personnel.siasn.failures import (
    CircuitOpen,
    CredentialsRefused,
    EmptyAnswer,
    GatewayBroken,
    NoAnswer,
    NotJson,
    PastedTokenExpired,
    SiasnFailure,
    Suspended,
)
from personnel.siasn.mapping import post_history, rank_history
from siasn_stub.people import people
from siasn_stub.places import UNITS
from siasn_stub.remote import Stub

Connect = Callable[..., Connection]
NEVER = 10**6


@pytest.fixture
def nip(stub: Stub) -> str:
    """Somebody without flaws."""
    return stub.nips("16.71")[0]


async def test_a_person_is_read_with_both_tokens(connect: Connect, stub: Stub, nip: str) -> None:
    before = stub.counts()["tokens"]
    async with SiasnClient(connect()) as client:
        record = await client.data_utama(nip)
        await client.data_utama(nip)
    assert record is not None
    assert (record["nipBaru"], record["instansiKerjaKodeCepat"]) == (nip, "16.71")
    assert stub.counts()["tokens"] == {desk: issued + 1 for desk, issued in before.items()}


async def test_nobody_is_none_and_no_history_is_empty(connect: Connect) -> None:
    async with SiasnClient(connect()) as client:
        assert await client.data_utama("199001012015011999") is None
        assert await client.rw_golongan("199001012015011999") == []
        assert await client.rw_jabatan("199001012015011999") == []


async def test_a_nip_cannot_lead_to_another_address(connect: Connect, nip: str) -> None:
    async with SiasnClient(connect()) as client:
        with pytest.raises(SiasnFailure):
            await client.data_utama(f"../data-utama/{nip}")


async def test_the_rank_history_tells_the_decree_of_the_present_rank(connect: Connect, nip: str) -> None:
    async with SiasnClient(connect()) as client:
        record = await client.data_utama(nip)
        ranks, bad = rank_history(await client.rw_golongan(nip))
        posts, _ = post_history(await client.rw_jabatan(nip))
    assert record is not None
    assert bad == []
    assert (ranks[-1].golongan, f"{ranks[-1].since:%d-%m-%Y}") == (record["golRuangAkhir"], record["tmtGolAkhir"])
    assert ranks[-1].decree.number.startswith("823/")
    assert (posts[-1].jabatan, posts[-1].unit_source_id) == (record["jabatanNama"], record["unorId"])


@pytest.mark.parametrize("page_size", [7, len(UNITS), 500], ids=["many pages", "exactly one page", "one short page"])
async def test_the_unit_tree_is_read_page_by_page_until_a_short_one(connect: Connect, page_size: int) -> None:
    async with SiasnClient(connect()) as client:
        units = [unit["Id"] async for unit in client.ref_unor(page_size)]
    assert units == [unit.id for unit in UNITS]


@pytest.mark.parametrize("habit", ["html", "empty", "runtime_error", "suspended", "expired", "mismatch"])
async def test_a_passing_habit_costs_nothing_but_patience(connect: Connect, stub: Stub, nip: str, habit: str) -> None:
    stub.behave(**{habit: 1.0})
    async with SiasnClient(connect()) as client:
        record = await client.data_utama(nip)
    assert record is not None
    served = stub.counts()["served"]
    assert served == {habit: 1 if habit in ("expired", "mismatch") else 2, "good": 1}


@pytest.mark.parametrize(
    ("habit", "failure"),
    [("html", NotJson), ("empty", EmptyAnswer), ("runtime_error", GatewayBroken), ("suspended", Suspended)],
)
async def test_a_habit_that_does_not_pass_is_named(
    connect: Connect, stub: Stub, nip: str, habit: str, failure: type[SiasnFailure]
) -> None:
    stub.behave(**{habit: 1.0}, heal_after=NEVER)
    async with SiasnClient(connect(attempts=3)) as client:
        with pytest.raises(failure):
            await client.data_utama(nip)
    assert stub.counts()["served"] == {habit: 3}


async def test_a_suspended_endpoint_means_longer_pauses_and_the_same_tokens(
    connect: Connect, stub: Stub, nip: str
) -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    async with SiasnClient(connect(pause=1, suspended_pause=10, longest_pause=1000), sleep=sleep) as client:
        await client.data_utama(nip)
        issued = stub.counts()["tokens"]
        stub.behave(suspended=1.0)
        await client.data_utama(nip)
        stub.behave(html=1.0)
        await client.data_utama(nip)
    assert stub.counts()["tokens"] == issued
    suspended, broken = naps[:2], naps[2:]
    assert 10 <= suspended[0] <= 20 <= suspended[1] <= 30
    assert 1 <= broken[0] <= 2 <= broken[1] <= 3


async def test_expired_tokens_are_renewed_once_for_everybody(connect: Connect, stub: Stub) -> None:
    nips = stub.nips("62.71")[:40]
    async with SiasnClient(connect()) as client:
        await client.data_utama(nips[0])
        issued = stub.counts()["tokens"]
        stub.expire_tokens()
        records = await asyncio.gather(*(client.data_utama(nip) for nip in nips))
    assert len(records) == 40
    assert stub.counts()["tokens"] == {desk: number + 1 for desk, number in issued.items()}


async def test_a_token_that_lives_too_short_to_be_used_is_refused_credentials(
    connect: Connect, stub: Stub, nip: str
) -> None:
    stub.behave(token_seconds=1e-6)
    async with SiasnClient(connect()) as client:
        with pytest.raises(CredentialsRefused):
            await client.data_utama(nip)


async def test_wrong_credentials_are_named_at_once(connect: Connect, nip: str) -> None:
    right = connect()
    assert isinstance(right.sso, PasswordGrant)
    for wrong in (
        replace(right, apim=replace(right.apim, secret="salah")),
        replace(right, sso=replace(right.sso, password="salah")),
    ):
        async with SiasnClient(wrong) as client:
            with pytest.raises(CredentialsRefused, match="Periksa kunci dan kata sandi"):
                await client.data_utama(nip)


@pytest.fixture
def pasted(connect: Connect) -> PastedToken:
    """An SSO token as a person would copy it from a browser."""
    sso = connect().sso
    assert isinstance(sso, PasswordGrant)
    form = {"grant_type": "password", "client_id": sso.client_id, "username": sso.username, "password": sso.password}
    return PastedToken(httpx.post(sso.url, data=form).json()["access_token"])


async def test_a_pasted_sso_token_serves_until_siasn_refuses_it(
    connect: Connect, stub: Stub, nip: str, pasted: PastedToken
) -> None:
    async with SiasnClient(connect(sso=pasted)) as client:
        assert await client.data_utama(nip) is not None
        stub.expire_tokens()
        with pytest.raises(PastedTokenExpired, match="tempelkan token SSO yang baru"):
            await client.data_utama(nip)


async def test_slow_answers_are_waited_for_up_to_the_timeout(connect: Connect, stub: Stub, nip: str) -> None:
    stub.behave(slow=1.0, slow_seconds=0.3, heal_after=1)
    async with SiasnClient(connect(timeout=5)) as client:
        assert await client.data_utama(nip) is not None
    stub.behave(slow=1.0, slow_seconds=5, heal_after=NEVER)
    async with SiasnClient(connect(timeout=0.05, attempts=2)) as client:
        with pytest.raises(NoAnswer, match="ReadTimeout"):
            await client.data_utama(nip)


async def test_nobody_there_is_no_answer(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with SiasnClient(connect(base_url=base, attempts=2)) as client:
            with pytest.raises(NoAnswer):
                await client.data_utama("198609262015051001")


async def test_many_failures_in_a_row_open_the_circuit(connect: Connect, stub: Stub, nip: str) -> None:
    stub.behave(runtime_error=1.0, heal_after=NEVER)
    async with SiasnClient(connect(failures_to_open=4, attempts=10, open_for=1000)) as client:
        for _ in range(2):
            with pytest.raises(CircuitOpen, match="lanjutkan dari baris ini"):
                await client.data_utama(nip)
    assert stub.counts()["served"] == {"runtime_error": 4}


async def test_our_own_rate_limit_holds(connect: Connect, stub: Stub) -> None:
    nips = stub.nips("96.71")[:21]
    async with SiasnClient(connect(requests_per_second=100, burst=1)) as client:
        began = time.monotonic()
        await asyncio.gather(*(client.data_utama(nip) for nip in nips))
    assert time.monotonic() - began >= 0.2


async def test_no_nip_reaches_the_log(connect: Connect, stub: Stub, nip: str, caplog: pytest.LogCaptureFixture) -> None:
    stub.behave(empty=1.0)
    with caplog.at_level(logging.INFO):
        async with SiasnClient(connect()) as client:
            await client.data_utama(nip)
    assert re.search(r"\d{18}", caplog.text) is None


async def test_a_reference_list_that_ignores_the_offset_ends_with_a_failure(connect: Connect) -> None:
    async with SiasnClient(connect()) as client:
        page = [{"Id": "A"}, {"Id": "B"}]

        async def same_page(path: str, **params: int) -> object:
            return page

        client._get = same_page  # type: ignore[method-assign]  # a SIASN that does not page at all
        with pytest.raises(SiasnFailure, match="mengulang halaman"):
            _ = [unit async for unit in client.ref_unor(2)]


def test_the_stub_knows_about_two_thousand_people() -> None:
    assert sum(1 for _ in people()) == 2000
