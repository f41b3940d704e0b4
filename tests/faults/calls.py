"""Asking the services over HTTP, as clients that lose answers and ask again; every request goes into the history."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Self

import httpx
from embedded.demo.callers import Callers
from embedded.stack import SERVICES, Stack
from kinara.kit.identity import Role
from kinara.kit.ids import new_id

from faults.history import History, Operation, outcome_of
from faults.lines import Lines

PATIENCE_S = 10
"""After so long without an answer a client gives up, and does not know."""
FINDS_OUT_S = 60


class Calls:
    """Clients of the four services."""

    def __init__(self, stack: Stack, history: History) -> None:
        self.history = history
        self.stack = stack
        self._callers = Callers(stack)
        self._lines = {name: Lines(stack.ports[name], PATIENCE_S) for name in SERVICES}
        self._requests: dict[str, dict[str, Any]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *ended: Any) -> None:
        for lines in self._lines.values():
            lines.close()
        await self._callers.__aexit__(*ended)

    async def ask(
        self, service: str, kind: str, method: str, path: str, *subjects: str, role: Role | None = None,
        as_: str | None = None, told: dict[str, Any] | None = None, **body: Any,
    ) -> Operation:  # fmt: skip
        """One request, written down before it is sent and when its answer is known."""
        operation = Operation(new_id(), service, kind, subjects, time.time(), told=told or {})
        operation.keyed = method == "POST" and kind != "read"
        bearer = self._callers.bearer(role, as_) if role is not None else {}
        address = ".".join(str(octet) for octet in bytes.fromhex(operation.id[-6:]))  # each its own, told as by a proxy
        headers = {**bearer, "X-Correlation-ID": operation.id, "X-Forwarded-For": f"10.{address}"}
        if operation.keyed:
            headers["Idempotency-Key"] = operation.id
        self._requests[operation.id] = {"method": method, "path": path, "headers": headers, **body}
        if kind != "read":
            self.history.note(operation)
        await self._send(operation)
        return operation

    async def _send(self, operation: Operation) -> None:
        status, answer = None, dict[str, Any]()
        try:
            response = await self._lines[operation.service].call(**self._requests[operation.id])
            status, answer = response.status_code, _plain(response)
        except OSError:  # a timeout is one too
            pass
        operation.ended, operation.status, operation.outcome = time.time(), status, outcome_of(status)
        operation.answer, operation.asked = answer, operation.asked + 1
        if operation.outcome != "unknown" or not operation.keyed:
            self._requests.pop(operation.id)
        self.history.note(operation)

    async def insist(self, *arguments: Any, within: float = FINDS_OUT_S, **options: Any) -> Operation:
        """Ask, and ask again under the same key while the outcome is unknown; raises when it is refused."""
        operation = await self.ask(*arguments, **options)
        deadline = time.monotonic() + within
        while operation.outcome == "unknown" and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            if operation.id in self._requests:
                await self._send(operation)
            else:
                operation = await self.ask(*arguments, **options)
        if operation.outcome != "ok":
            raise RuntimeError(f"{operation.kind}: {operation.status} {operation.answer}")
        return operation

    async def find_out(self) -> None:
        """What became of every keyed request without an answer; services are up by now, so each is told."""
        deadline = time.monotonic() + FINDS_OUT_S
        gate = asyncio.Semaphore(8)

        async def again(operation: Operation) -> None:
            async with gate:
                while operation.outcome == "unknown" and time.monotonic() < deadline:
                    await self._send(operation)
                    if operation.outcome == "unknown":
                        await asyncio.sleep(0.2)

        await asyncio.gather(*(again(op) for op in list(self.history.of(outcome="unknown")) if op.keyed))


def _plain(response: httpx.Response) -> dict[str, Any]:
    """The numbers and texts of an answer, and the revision in its ETag."""
    found: dict[str, Any] = {}
    if response.headers.get("content-type", "").startswith(("application/json", "application/problem+json")):
        body = response.json()
        if isinstance(body, dict):
            found = {k: v for k, v in body.items() if v is None or isinstance(v, str | int | float)}
    if "etag" in response.headers:
        found["rev"] = int(response.headers["etag"].strip('W/"'))
    if "retry-after" in response.headers:
        found["retry_after"] = response.headers["retry-after"]
    return found
