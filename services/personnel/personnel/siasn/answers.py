"""What SIASN's answers mean. The body decides, not the status: both a refusal and an error may come with 200."""

from __future__ import annotations

import json
import re
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
    complaint = next((text for text in _TOKEN_COMPLAINTS if text in said), None)
    if complaint or response.status_code == httpx.codes.UNAUTHORIZED:
        raise TokenRefused(complaint or said)
    code = str(answer.get("code"))
    if code == "1" and "data" in answer:
        return answer["data"]
    if code == "0" and (response.status_code == httpx.codes.NOT_FOUND or "tidak ditemukan" in said):
        return None
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Throttled("SIASN meminta jeda antarpermintaan.", said)
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise GatewayBroken("SIASN mengalami gangguan.", f"status {response.status_code}: {said}")
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
    keys = ("message", "description", "data", "Error", "Message", "error", "error_description")
    words = [value for key in keys if isinstance(value := answer.get(key), str) and value]
    return re.sub(r"\d{9,}", "•••", "; ".join(words))[:500]
