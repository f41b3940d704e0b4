"""What SIASN's answers mean. The body decides, not the status: both a refusal and an error may come with 200."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx

from personnel.siasn.failures import (
    AnswerNotUnderstood,
    CredentialsRefused,
    EmptyAnswer,
    GatewayBroken,
    NotJson,
    Suspended,
    Throttled,
    TokenRefused,
)

_TOKEN_COMPLAINTS = ("invalid or expired jwt", "Invalid Credentials", "Token SSO mismatch")


def read_answer(response: httpx.Response) -> Any:
    """The ``data`` of a good answer; ``None`` where SIASN says that there is none."""
    answer, said = _open(response)
    _refuse_token(response, said)
    code = str(answer.get("code"))
    if code == "1" and "data" in answer:
        return answer["data"]
    if code == "0" and (response.status_code == httpx.codes.NOT_FOUND or "tidak ditemukan" in said):
        return None
    _refuse_troubled(response, said)
    raise AnswerNotUnderstood("Jawaban SIASN tidak dikenali.", f"status {response.status_code}: {said}")


@dataclass(frozen=True, slots=True)
class Written:
    """SIASN has taken a record."""

    siasn_id: str
    said: str


@dataclass(frozen=True, slots=True)
class Declined:
    """SIASN does not take a record, in its own words."""

    said: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """SIASN has deleted a record."""

    said: str


def read_written(response: httpx.Response) -> Written | Declined:
    """What became of a record. Where the answer says neither yes nor no clearly, that is a failure to understand it.

    ``Error: "false"`` and a ``success`` without an id are such answers: SIASN has to be asked what it has.
    """
    answer, said = _open(response)
    _refuse_token(response, said)
    ids = answer.get("mapData")
    siasn_id = next((v for v in ids.values() if isinstance(v, str) and v), None) if isinstance(ids, dict) else None
    if siasn_id is not None and _agreed(answer):
        return Written(siasn_id, said)
    return _declined(response, answer, said)


def read_deleted(response: httpx.Response) -> Deleted | Declined:
    """What became of a deletion; an unclear answer is a failure to understand it, like that to a record."""
    answer, said = _open(response)
    _refuse_token(response, said)
    if _agreed(answer):
        return Deleted(said)
    return _declined(response, answer, said)


def _agreed(answer: dict[str, Any]) -> bool:
    return str(answer.get("success", "")).lower() == "true"


def _declined(response: httpx.Response, answer: dict[str, Any], said: str) -> Declined:
    """A clear no; anything else is no answer."""
    error = answer.get("Error", answer.get("error"))
    if str(answer.get("success", "")).lower() == "false" or (error and str(error).lower() != "false"):
        return Declined(said or "tanpa keterangan")
    _refuse_troubled(response, said)
    raise AnswerNotUnderstood("Jawaban SIASN tidak dikenali.", f"status {response.status_code}: {said}")


def read_token(response: httpx.Response, whose: str) -> tuple[str, float]:
    """The token and its life in seconds from the answer of a token endpoint."""
    answer, said = _open(response)
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise GatewayBroken(f"Layanan token {whose} mengalami gangguan.", f"status {response.status_code}: {said}")
    token, life = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not isinstance(life, int | float):
        raise CredentialsRefused(
            f"{whose} SIASN menolak kredensial kita. Periksa kunci dan kata sandi pada pengaturan.",
            f"status {response.status_code}: {said}",
        )
    return token, float(life)


def _refuse_token(response: httpx.Response, said: str) -> None:
    complaint = next((text for text in _TOKEN_COMPLAINTS if text in said), None)
    if complaint or response.status_code == httpx.codes.UNAUTHORIZED:
        raise TokenRefused(complaint or said)


def _refuse_troubled(response: httpx.Response, said: str) -> None:
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Throttled("SIASN meminta jeda antarpermintaan.", said)
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise GatewayBroken("SIASN mengalami gangguan.", f"status {response.status_code}: {said}")


def _open(response: httpx.Response) -> tuple[dict[str, Any], str]:
    """The answer as an object, and what it says in words; a gateway's troubles never get further than here."""
    if not response.content.strip():
        raise EmptyAnswer("Service Unavailable dari SIASN: jawaban kosong.", f"status {response.status_code}")
    try:
        answer = json.loads(response.content)
    except ValueError:
        kind = response.headers.get("content-type", "no content type")
        raise NotJson("SIASN menjawab dengan halaman, bukan data.", f"status {response.status_code}, {kind}") from None
    if not isinstance(answer, dict):
        raise AnswerNotUnderstood("Jawaban SIASN tidak dikenali.", f"a JSON {type(answer).__name__}")
    said = _wording(answer)
    if "SUSPENDED" in said:
        raise Suspended("Gerbang SIASN sedang menangguhkan layanan ini.", said)
    if "Runtime Error" in said:
        raise GatewayBroken("Gerbang SIASN mengalami gangguan.", said)
    return answer, said


def _wording(answer: dict[str, Any]) -> str:
    """What the answer says in words, wherever it says it; records are not quoted, nor any NIP or NIK."""
    keys = ("message", "description", "data", "Error", "Message", "error", "error_description", "mapData")
    words = [value for key in keys if isinstance(value := answer.get(key), str) and value]
    return re.sub(r"\d{9,}", "•••", "; ".join(words))[:500]
