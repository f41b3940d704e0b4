"""No more requests than can be answered soon: beyond a number in hand and a number that wait, the answer is "later".

A request that waits too long is sent away too. Nobody is turned away after having been let in: what is acknowledged is
kept, and what is refused has not begun. Health and metrics are always answered; a live stream counts until it begins.
"""

from __future__ import annotations

import asyncio
from collections import deque

from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kinara.kit.problems import overloaded
from kinara.kit.settings import Room

ALWAYS = frozenset({"/health/live", "/health/ready", "/metrics"})
_STREAM = (b"content-type", b"text/event-stream")


class Admission:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp, room: Room, shed: Counter) -> None:
        self._app = app
        self._room = room
        self._shed = shed
        self._free = room.requests
        self._waiting: deque[asyncio.Future[bool]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or send it away."""
        if scope["type"] != "http" or scope["path"] in ALWAYS:
            await self._app(scope, receive, send)
            return
        if not (self._take() or await self._turn()):
            self._shed.inc()
            await overloaded()(scope, receive, send)
            return
        held = True

        async def answer(message: Message) -> None:
            nonlocal held
            if held and message["type"] == "http.response.start" and _is_stream(message):
                held = False
                self._give_back()
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            if held:
                self._give_back()

    def _take(self) -> bool:
        if not self._free:
            return False
        self._free -= 1
        return True

    def _give_back(self) -> None:
        """The next in line gets the place; those who have gone are passed over."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1

    async def _turn(self) -> bool:
        """Wait in line; whether a place was free in time."""
        if len(self._waiting) >= self._room.waiting:
            return False
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[bool] = loop.create_future()
        self._waiting.append(turn)
        clock = loop.call_later(self._room.wait_s, self._late, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self._give_back()  # it had its place, and left before it knew
            raise
        finally:
            clock.cancel()

    def _late(self, turn: asyncio.Future[bool]) -> None:
        if not turn.done():
            turn.set_result(False)
            self._waiting.remove(turn)


def _is_stream(start: Message) -> bool:
    name, kind = _STREAM
    return any(header == name and value.startswith(kind) for header, value in start["headers"])
