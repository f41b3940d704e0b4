"""The proxy on real sockets: it passes on, delays, thins, holds back, swallows and resets, each direction by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from kinara.kit.testing import eventually

from faults.proxy import BLACKHOLE, HALF_OPEN, Proxy, late, slow

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Pair]]


@pytest.fixture
async def heard() -> bytearray:
    """What the server has received."""
    return bytearray()


@pytest.fixture
async def proxy(heard: bytearray) -> AsyncIterator[Proxy]:
    """A proxy before a server that sends everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                heard.extend(data)
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            """The proxy was told to reset."""
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with Proxy(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()


@pytest.fixture
async def connect(proxy: Proxy) -> AsyncIterator[Connect]:
    opened: list[asyncio.StreamWriter] = []

    async def of() -> Pair:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        opened.append(writer)
        return reader, writer

    yield of
    for writer in opened:
        writer.close()


async def said(pair: Pair, words: bytes) -> bytes:
    """What comes back for these words."""
    reader, writer = pair
    writer.write(words)
    async with asyncio.timeout(10):
        return await reader.readexactly(len(words))


async def silent(pair: Pair, words: bytes = b"") -> bool:
    """Whether nothing comes back for a while."""
    reader, writer = pair
    writer.write(words)
    try:
        async with asyncio.timeout(0.3):
            await reader.read(1)
    except TimeoutError:
        return True
    return False


async def test_it_passes_everything_on_and_the_end_too(proxy: Proxy, connect: Connect) -> None:
    pair = await connect()
    words = bytes(range(256)) * 4_000
    assert await said(pair, words) == words
    assert (proxy.accepted, proxy.connections) == (1, 1)
    assert proxy.moved == {"up": len(words), "down": len(words)}
    pair[1].write_eof()
    assert await pair[0].read() == b""
    await eventually(lambda: proxy.connections == 0)


async def test_what_is_late_comes_so_much_later_and_not_more_thinly(proxy: Proxy, connect: Connect) -> None:
    pair = await connect()
    proxy.behave(up=late(0.2), down=late(0.1))
    words, began = b"w" * 1_000_000, time.monotonic()
    assert await said(pair, words) == words
    assert 0.3 <= time.monotonic() - began < 2


async def test_a_slow_link_gives_so_many_bytes_a_second_until_it_is_healed(
    proxy: Proxy, connect: Connect, heard: bytearray
) -> None:
    pair = await connect()
    proxy.behave(up=slow(10_000))
    pair[1].write(b"s" * 1_000_000)
    began = time.monotonic()
    await eventually(lambda: len(heard) >= 5_000)
    assert time.monotonic() - began >= 0.4
    assert len(heard) < 20_000
    proxy.heal()
    async with asyncio.timeout(5):
        await pair[0].readexactly(1_000_000)


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_a_black_hole_of_one_way_holds_everything_back_until_it_is_healed(
    direction: str, proxy: Proxy, connect: Connect, heard: bytearray
) -> None:
    pair = await connect()
    proxy.behave(**{direction: BLACKHOLE})
    assert await silent(pair, b"held")
    assert bytes(heard) == (b"" if direction == "up" else b"held")
    proxy.heal()
    async with asyncio.timeout(5):
        assert await pair[0].readexactly(4) == b"held"


async def test_after_certain_words_nothing_comes_back_to_anybody_though_they_have_arrived(
    proxy: Proxy, connect: Connect, heard: bytearray
) -> None:
    speaker, other = await connect(), await connect()
    proxy.cut_off_after(b"commit")
    assert await said(speaker, b"insert") == b"insert"
    assert await silent(speaker, b"now commit")
    assert await silent(other, b"query")
    assert (bytes(heard), proxy.trap) == (b"insertnow commitquery", b"")
    proxy.heal()
    async with asyncio.timeout(5):
        assert await speaker[0].readexactly(10) == b"now commit"
        assert await other[0].readexactly(5) == b"query"


async def test_a_half_open_server_accepts_swallows_and_never_answers(
    proxy: Proxy, connect: Connect, heard: bytearray
) -> None:
    before = await connect()
    await said(before, b"fine")
    proxy.behave(up=HALF_OPEN, down=HALF_OPEN)
    after = await connect()
    assert await silent(before, b"lost")
    assert await silent(after, b"lost")
    assert bytes(heard) == b"fine"
    proxy.heal()
    for reader, _ in (before, after):  # a stream with a hole in it must not go on
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
    assert await said(await connect(), b"again") == b"again"


@pytest.mark.parametrize("first", [None, BLACKHOLE, HALF_OPEN], ids=["well", "held", "swallowed"])
async def test_a_reset_ends_every_connection_at_once_and_new_ones_may_come(
    first: object, proxy: Proxy, connect: Connect
) -> None:
    pairs = [await connect(), await connect()]
    for pair in pairs:
        await said(pair, b"here")
    if first is not None:
        proxy.behave(up=first)  # type: ignore[arg-type]  # a behaviour
        pairs[0][1].write(b"under way")
    assert proxy.reset() == 2
    for reader, _ in pairs:
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
    await eventually(lambda: proxy.connections == 0)
    proxy.heal()
    assert await said(await connect(), b"new") == b"new"


async def test_a_server_that_is_down_looks_like_a_reset(connect: Connect, proxy: Proxy) -> None:
    async with Proxy(1) as before_nobody:
        reader, _ = await asyncio.open_connection("127.0.0.1", before_nobody.port)
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
