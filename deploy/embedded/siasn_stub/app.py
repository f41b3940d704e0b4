"""The stub SIASN server. Not SIASN: it answers like it, with invented people.

Run with ``python -m uvicorn siasn_stub.app:create --factory --app-dir deploy/embedded --no-access-log``.
``SIASN_STUB_PEOPLE``, ``SIASN_STUB_SEED`` and ``SIASN_STUB_HABITS`` (``known`` or ``none``) choose who and how.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import os
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, FastAPI, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from .control import control
from .habits import AS_KNOWN, GOOD, Habit
from .registry import Registry
from .tokens import CLIENTS, OFFICERS, SSO_CLIENT_ID
from .writes import WHOSE

Written = Literal["kinerjaperiodik", "skp22", "angkakredit", "kursus", "penghargaan"]
Deletable = Literal["kinerjaperiodik", "angkakredit", "kursus", "penghargaan"]

SSO_PATH = "/auth/realms/public-siasn/protocol/openid-connect/token"
_NOT_FOUND = {"code": 0, "data": "Data tidak ditemukan"}
_SUSPENDED = {
    "code": "101504",
    "message": "Runtime Error",
    "description": "Currently, Address endpoint : [ Name: siasn ] [ State: SUSPENDED ]",
}
_BAD_ANSWERS: dict[Habit, Response] = {
    "html": HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", status_code=502),
    "empty": Response(status_code=200),
    "runtime_error": JSONResponse({"code": "0", "message": "Runtime Error", "description": "Error"}, status_code=500),
    "suspended": JSONResponse(_SUSPENDED, status_code=503),
    "expired": JSONResponse({"message": "invalid or expired jwt"}, status_code=401),
    "mismatch": JSONResponse({"code": 0, "data": "Token SSO mismatch"}, status_code=401),
}
_INVALID_CREDENTIALS = JSONResponse({"code": "900901", "message": "Invalid Credentials"}, status_code=401)

tokens = APIRouter()
siasn = APIRouter(prefix="/apisiasn/1.0")


def create() -> FastAPI:
    """The application with its people, as the environment asks."""
    app = FastAPI(title="Stub SIASN (bukan SIASN)", docs_url="/stub/docs", redoc_url=None)
    app.state.registry = Registry(
        people=int(os.environ.get("SIASN_STUB_PEOPLE", "2000")),
        seed=int(os.environ.get("SIASN_STUB_SEED", "1")),
        habits=GOOD if os.environ.get("SIASN_STUB_HABITS") == "none" else AS_KNOWN,
    )
    app.include_router(tokens)
    app.include_router(siasn)
    app.include_router(control)
    return app


@tokens.post("/oauth2/token")
async def apim_token(
    request: Request, grant_type: Annotated[str, Form()], authorization: Annotated[str, Header()] = ""
) -> Response:
    """APIM: client credentials, Basic consumer key and secret."""
    key, _, secret = _basic(authorization).partition(":")
    if grant_type != "client_credentials" or CLIENTS.get(key) != secret:
        return JSONResponse({"error": "invalid_client", "error_description": "Client Authentication failed."}, 401)
    registry: Registry = request.app.state.registry
    seconds = registry.moods.habits.token_seconds
    return JSONResponse(
        {"access_token": registry.apim.issue(seconds), "token_type": "Bearer", "expires_in": int(seconds)}
    )


@tokens.post(SSO_PATH)
async def sso_token(
    request: Request,
    grant_type: Annotated[str, Form()],
    client_id: Annotated[str, Form()],
    username: Annotated[str, Form()],
    password: Annotated[str, Form()],
) -> Response:
    """SSO: the password grant of an officer's account."""
    if grant_type != "password" or client_id != SSO_CLIENT_ID or OFFICERS.get(username) != password:
        return JSONResponse({"error": "invalid_grant", "error_description": "Invalid user credentials"}, 401)
    registry: Registry = request.app.state.registry
    seconds = registry.moods.habits.token_seconds
    return JSONResponse(
        {"access_token": registry.sso.issue(seconds), "token_type": "bearer", "expires_in": int(seconds)}
    )


@siasn.get("/pns/data-utama/{nip}")
async def data_utama(request: Request, nip: str) -> Response:
    """The core record of one employee."""
    registry: Registry = request.app.state.registry
    return await _answer(request, registry) or _data(registry.data_utama(nip))


@siasn.get("/pns/rw-golongan/{nip}")
async def rw_golongan(request: Request, nip: str) -> Response:
    """The history of ranks."""
    registry: Registry = request.app.state.registry
    return await _answer(request, registry) or _data(registry.rw_golongan(nip))


@siasn.get("/pns/rw-jabatan/{nip}")
async def rw_jabatan(request: Request, nip: str) -> Response:
    """The history of posts."""
    registry: Registry = request.app.state.registry
    return await _answer(request, registry) or _data(registry.rw_jabatan(nip))


@siasn.get("/pns/rw-{kind}/{nip}")
async def entries(request: Request, kind: Written, nip: str) -> Response:
    """What was written of one kind about one employee."""
    registry: Registry = request.app.state.registry
    return await _answer(request, registry) or _data(registry.entries(kind, nip))


@siasn.post("/{kind}/save")
async def save(request: Request, kind: Written, payload: Annotated[dict[str, Any], Body()]) -> Response:
    """Take a record, or refuse it with status 200: the body tells."""
    registry: Registry = request.app.state.registry
    question = f"{kind}/{registry.ledger.key(kind, {WHOSE[kind]: ''} | payload)}"
    bad = await _answer(request, registry, f"{request.url.path}?{question}")
    if bad is not None:
        return bad
    answer = registry.ledger.take(kind, payload, registry.nips_by_id, registry.moods.declines(question))
    return _BAD_ANSWERS["html"] if registry.moods.loses(question) else JSONResponse(answer)


@siasn.delete("/{kind}/delete/{id_}")
async def delete(request: Request, kind: Deletable, id_: str) -> Response:
    """Delete a record, or refuse to with status 200."""
    registry: Registry = request.app.state.registry
    question = f"delete/{kind}/{id_}"
    bad = await _answer(request, registry)
    if bad is not None:
        return bad
    answer = registry.ledger.delete(kind, id_, registry.moods.declines(question))
    return _BAD_ANSWERS["html"] if registry.moods.loses(question) else JSONResponse(answer)


@siasn.get("/referensi/ref-unor")
async def ref_unor(request: Request, limit: int = 10, offset: int = 0) -> Response:
    """The units of all governments of the stub, a page of them."""
    registry: Registry = request.app.state.registry
    return await _answer(request, registry) or _data(registry.ref_unor(limit, offset))


async def _answer(request: Request, registry: Registry, question: str = "") -> Response | None:
    """A refusal or a bad habit instead of the answer; ``None`` lets the answer out."""
    question = question or request.url.path + (f"?{request.url.query}" if request.url.query else "")
    refusal = _refusal(request, registry)
    if refusal is not None:
        registry.served["refused"] += 1
        return refusal
    habit = registry.moods.meet(question)
    registry.served[habit or "good"] += 1
    if habit == "slow":
        await asyncio.sleep(registry.moods.habits.slow_seconds)
        return None
    return _BAD_ANSWERS[habit] if habit else None


def _refusal(request: Request, registry: Registry) -> Response | None:
    """What the gateway says to the tokens of a request: APIM's first, then the SSO's."""
    apim = request.headers.get("authorization", "").removeprefix("Bearer ")
    sso = request.headers.get("auth", "").removeprefix("bearer ")
    if not registry.apim.knows(apim):
        return _INVALID_CREDENTIALS
    if not registry.apim.accepts(apim) or (registry.sso.knows(sso) and not registry.sso.accepts(sso)):
        return _BAD_ANSWERS["expired"]
    return None if registry.sso.accepts(sso) else _BAD_ANSWERS["mismatch"]


def _data(body: bytes | None) -> Response:
    if body is None:
        return JSONResponse(_NOT_FOUND, status_code=404)
    return Response(body, media_type="application/json")


def _basic(authorization: str) -> str:
    try:
        return base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
