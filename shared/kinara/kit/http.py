"""The HTTP door: correlation, size and patience for bodies, what a request's work needs, ETags, health and metrics."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, BinaryIO, Generic, TypeVar

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError
from starlette.datastructures import UploadFile
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kinara.kit import log
from kinara.kit.identity import IssuerAway, NotAuthenticated
from kinara.kit.ids import new_id
from kinara.kit.metrics import Metrics
from kinara.kit.problems import TooLarge, TooSlow, WeakKey, bug, not_authenticated, too_large, unavailable
from kinara.kit.tracing import Tracing
from kinara.kit.work import Cause, Idempotency, Work

ANONYMOUS_KEY = 22
"""Characters of an Idempotency-Key without an account: 128 bits in base64; the answer holds a citizen's receipt."""
BODY_CAP = 1_048_576
UPLOAD_CAP = 256 * 1_048_576
BODY_RATE = 16 * 1024
"""Bytes of a body that earn it one second more."""
FIRST_S = 5.0
"""Longest wait for the first of them: whoever sends nothing holds a place that others wait for."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CORRELATION = re.compile(r"^[A-Za-z0-9._\-]{8,64}$")
_log = log.get("http")

V = TypeVar("V")

Check = Callable[[], Awaitable[str]]
"""A readiness check: returns what is wrong, empty when all is well."""


class Door:
    """ASGI middleware: a correlation id for each request, its body's size, its duration, one line in the log."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, tracing: Tracing, uploads: Mapping[str, int], body_s: float
    ) -> None:
        self._app = app
        self._body_s = body_s
        self._metrics = metrics
        self._tracing = tracing
        self._uploads = [(compile_path(path)[0], cap) for path, cap in uploads.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        asked = headers.get("x-correlation-id", "")
        correlation = asked if _CORRELATION.match(asked) else new_id()
        cap = self._cap(scope)
        started, answered = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
                message["headers"] = [*message["headers"], (b"x-correlation-id", correlation.encode())]
            await send(message)

        with (
            log.bound(correlation=correlation),
            self._tracing.request(_method(scope), headers.get("traceparent")) as traceparent,
        ):
            scope.setdefault("state", {})["cause"] = Cause(correlation, None, traceparent)
            declared = headers.get("content-length", "0")
            try:
                if not declared.isdigit() or int(declared) > cap:
                    await too_large(cap)(scope, receive, answer)
                elif cap > BODY_CAP and (refusal := await _stranger(scope, headers.get("authorization"))):
                    await refusal(scope, receive, answer)
                else:
                    await self._app(scope, _capped(receive, cap, self._body_s), answer)
            except Exception as error:  # whatever it is, the caller gets an answer and the log a line
                _log.exception("request failed")
                if answered:
                    raise
                await bug(error)(scope, receive, answer)
            finally:
                self._tracing.answered_by(_method(scope), _route(scope))
            self._note(scope, answered, time.perf_counter() - started)

    def _cap(self, scope: Scope) -> int:
        """How large the body of a request may be."""
        return next((cap for path, cap in self._uploads if path.match(scope["path"])), BODY_CAP)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _method(scope), _route(scope)
        if route.startswith(("/health", "/metrics")):
            return
        self._metrics.requests.labels(method, route, str(status)).observe(seconds)
        _log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def _method(scope: Scope) -> str:
    """A client may send any word as a method; names and labels are for the known ones."""
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "none")


async def _stranger(scope: Scope, authorization: str | None) -> Response | None:
    """The refusal of whoever has no account: none of a file is taken in before its sender is known."""
    try:
        await scope["app"].state.verifier.principal(authorization)
    except NotAuthenticated as error:
        return not_authenticated(error)
    except IssuerAway as error:
        return unavailable(error)
    return None


def _capped(receive: Receive, cap: int, patience_s: float) -> Receive:
    """Stop reading a body that is longer than it said or was allowed to be, or for which we have waited too long."""
    taken, waited, whole = 0, 0.0, False

    async def take() -> Message:
        nonlocal taken, waited, whole
        begun = time.monotonic()
        try:
            patience = patience_s + taken / BODY_RATE if taken else min(patience_s, FIRST_S)
            async with asyncio.timeout(None if whole else patience - waited):
                message = await receive()
        except TimeoutError:
            raise TooSlow(taken) from None
        waited += time.monotonic() - begun
        whole = not message.get("more_body", False)
        taken += len(message.get("body", b""))
        if taken > cap:
            raise TooLarge(cap)
        return message

    return take


async def _work(
    request: Request,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=100)] = None,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Work:
    """What a command needs, made for this request."""
    idempotency = None
    if idempotency_key is not None and request.method == "POST":
        authorization = request.headers.get("authorization")
        caller = (await request.app.state.verifier.principal(authorization)).subject if authorization else "public"
        if not authorization and len(idempotency_key) < ANONYMOUS_KEY:
            raise WeakKey(f"without an account expected at least {ANONYMOUS_KEY} random characters")
        idempotency = Idempotency(f"{caller}:{request.scope['path']}:{idempotency_key}", await _asked(request))
    return Work(request.app.state.database, request.state.cause, idempotency=idempotency, if_match=_revision(if_match))


async def _asked(request: Request) -> str:
    """A fingerprint of what is asked; of a form its parts, since each try puts another boundary between them."""
    asked = hashlib.sha256(f"{request.method} {request.scope['path']}\n".encode())
    if request.headers.get("content-type", "").lower().startswith(_FORMS):
        for name, part in (await request.form()).multi_items():
            if isinstance(part, UploadFile):
                told = [name, part.filename, await asyncio.to_thread(_content, part.file)]
            else:
                told = [name, part]
            asked.update(json.dumps(told).encode())
    else:
        async for chunk in request.stream():
            asked.update(chunk)
    return asked.hexdigest()


def _content(file: BinaryIO) -> str:
    """A fingerprint of a received file, which is left as it was found: at its beginning."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed asks for too much
    file.seek(0)
    return digest


def _revision(if_match: str | None) -> int | None:
    """The revision that ``If-Match`` names; one that no document has where it names none of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    return int(text) if text.isascii() and text.isdigit() else -1


WorkDep = Annotated[Work, Depends(_work)]


def secret_of(request: Request) -> bytes:
    """The service's secret, for receipts and the like."""
    secret: str = request.app.state.parts.service.settings.secret.get_secret_value()
    return secret.encode()


def address_of(request: Request) -> str | None:
    """The caller's address, for hashing only; of a proxy's ``X-Forwarded-For`` what the server believes.

    uvicorn believes the proxies in ``FORWARDED_ALLOW_IPS`` (this machine alone unless told otherwise), and nobody else.
    """
    return request.client.host if request.client is not None else None


Limit = Annotated[int, Query(ge=1, le=500, description="Most items of a page.")]
After = Annotated[str | None, Query(max_length=300, description="The ``next`` of the page before.")]


class Body(BaseModel):
    """A request's body: strict, refusing fields that nobody knows, its texts without blanks around them."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _readable(cls, value: Any) -> Any:
        """Refuse what a reader cannot see: control characters, and those that turn the direction of a text."""
        if isinstance(value, str) and _UNREADABLE.search(value):
            raise PydanticCustomError("unreadable_text", "expected text without control characters")
        return value


class Page(BaseModel, Generic[V]):
    """One page of a list; ``next`` is the ``after`` of the page that follows, absent on the last."""

    items: list[V]
    next: str | None = None


def etag(response: Response, rev: int) -> None:
    """Tell the caller which revision this is, for ``If-Match``."""
    response.headers["ETag"] = f'"{rev}"'


def health(checks: dict[str, Check], metrics: Metrics, refresh: Callable[[], Awaitable[None]]) -> APIRouter:
    """``/health/live`` (the loop turns), ``/health/ready`` (each check with its time), ``/metrics``."""
    router = APIRouter(tags=["operations"])

    @router.get("/health/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready", include_in_schema=False)
    async def ready() -> JSONResponse:
        results = await asyncio.gather(*(_timed(check) for check in checks.values()))
        detail = dict(zip(checks, results, strict=True))
        good = all(not r["problem"] for r in results)
        return JSONResponse({"status": "ready" if good else "not ready", "checks": detail}, 200 if good else 503)

    @router.get("/metrics", include_in_schema=False)
    async def figures() -> Response:
        await refresh()
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return router


async def _timed(check: Check) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        found = await asyncio.wait_for(check(), 3)
    except Exception as error:  # noqa: BLE001  # a check that breaks is a failed check, whatever broke
        found = f"{type(error).__name__}: {error}"[:200]
    return {"ms": round((time.perf_counter() - started) * 1000, 1), "problem": found}
