"""Every refusal as problem+json (RFC 9457): Indonesian first, the field and what was expected, a stable type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kinara.kit.identity import IssuerAway, NotAllowed, NotAuthenticated
from kinara.kit.ids import new_id
from kinara.kit.mongo import Conflict, DatabaseError, OutcomeUnknown, Taken
from kinara.kit.work import KeyReused, NotFound, Stale

Refusals = Mapping[type[Exception], int]
"""A service's table: refusal class to HTTP status; a refusal's subclasses share its status."""

_SAID: dict[str, str] = {
    "missing": "wajib diisi",
    "extra_forbidden": "isian ini tidak dikenal",
    "int_parsing": "harus berupa bilangan bulat",
    "int_type": "harus berupa bilangan bulat",
    "int_from_float": "harus berupa bilangan bulat",
    "int_parsing_size": "bilangannya terlalu besar",
    "finite_number": "harus berupa bilangan berhingga",
    "decimal_max_digits": "paling banyak {max_digits} angka",
    "decimal_max_places": "paling banyak {decimal_places} angka di belakang koma",
    "decimal_whole_digits": "paling banyak {whole_digits} angka di depan koma",
    "decimal_parsing": "harus berupa bilangan",
    "decimal_type": "harus berupa bilangan",
    "bool_type": "harus berupa benar atau salah",
    "bool_parsing": "harus berupa benar atau salah",
    "string_type": "harus berupa teks",
    "string_unicode": "bukan teks UTF-8 yang sah",
    "unreadable_text": "tidak boleh memuat karakter kendali",
    "string_too_short": "terlalu pendek, paling sedikit {min_length} karakter",
    "string_too_long": "terlalu panjang, paling banyak {max_length} karakter",
    "string_pattern_mismatch": "bentuknya tidak sesuai",
    "greater_than_equal": "paling kecil {ge}",
    "less_than_equal": "paling besar {le}",
    "greater_than": "harus lebih besar dari {gt}",
    "less_than": "harus lebih kecil dari {lt}",
    "literal_error": "pilih salah satu: {expected}",
    "enum": "pilih salah satu: {expected}",
    "date_from_datetime_parsing": "harus berupa tanggal (yyyy-mm-dd)",
    "date_parsing": "harus berupa tanggal (yyyy-mm-dd)",
    "datetime_parsing": "harus berupa waktu (RFC 3339)",
    "timezone_aware": "waktu harus menyebut zonanya",
    "json_invalid": "isi permintaan bukan JSON yang benar",
    "model_attributes_type": "harus berupa objek JSON",
    "model_type": "harus berupa objek JSON",
    "dict_type": "harus berupa objek JSON",
    "list_type": "harus berupa daftar",
    "tuple_type": "harus berupa daftar",
    "date_type": "harus berupa tanggal (yyyy-mm-dd)",
    "date_from_datetime_inexact": "harus berupa tanggal (yyyy-mm-dd)",
    "datetime_from_date_parsing": "harus berupa waktu (RFC 3339)",
    "datetime_type": "harus berupa waktu (RFC 3339)",
    "too_long": "terlalu banyak, paling banyak {max_length}",
    "too_short": "terlalu sedikit, paling sedikit {min_length}",
}


_UNREADABLE = 400
"""FastAPI's answer to a body that breaks its parser."""
_UNFIT = "isian ini tidak sesuai"
_NO_OBJECT = {"model_attributes_type", "model_type", "dict_type"}
_SEND_JSON = "kirim sebagai JSON dengan header Content-Type: application/json"

_TEXT = {"type": "string"}
_FIELD = {"field": _TEXT, "message": _TEXT, "detail": _TEXT}
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    code: {
        "description": description,
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status"],
                    "properties": {
                        "type": _TEXT | {"examples": ["urn:kinara:problem:invalid"]},
                        "title": _TEXT | {"description": "For people, in Indonesian: what happened, what to do next."},
                        "status": {"type": "integer"},
                        "detail": _TEXT | {"description": "For developers, in English."},
                        "errors": {
                            "type": "array",
                            "items": {"type": "object", "required": [*_FIELD], "properties": _FIELD},
                        },
                    },
                }
            }
        },
    }
    for code, description in (
        ("4XX", "Refused; names the field if one is wrong."),
        ("5XX", "Not possible now; ``Retry-After`` of a 503 says when."),
    )
}
"""How the OpenAPI documents show every refusal."""


class WeakKey(Exception):
    """An Idempotency-Key without an account is all that stands between two callers, and this one can be guessed."""


class TooLarge(HTTPException):
    """A body turned out to be above the cap, in bytes, while it was read."""

    def __init__(self, cap: int) -> None:
        super().__init__(413)
        self.cap = cap


class TooSlow(HTTPException):
    """A body did not come in time; so many bytes of it did."""

    def __init__(self, taken: int) -> None:
        super().__init__(408)
        self.taken = taken


def problem(
    status: int,
    type_: str,
    title: str,
    detail: str = "",
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """One refusal: ``title`` for people in Indonesian, ``detail`` for developers in English."""
    content: dict[str, Any] = {"type": f"urn:kinara:problem:{type_}", "title": title, "status": status}
    if detail:
        content["detail"] = detail
    if errors:
        content["errors"] = errors
    return JSONResponse(
        content, status, headers=dict(headers) if headers else None, media_type="application/problem+json"
    )


def kebab(name: str) -> str:
    """``TicketAlreadyUsed`` as ``ticket-already-used``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for it
    errors: list[dict[str, str]] = []
    for e in error.errors():
        said = _said(e, request.headers.get("content-type", ""))
        if said not in errors:  # a header that two parts of a route read is wrong once
            errors.append(said)
    fields = ", ".join(e["field"] for e in errors[:3])
    return problem(422, "invalid", f"Isian tidak sesuai: {fields}. Perbaiki lalu kirim lagi.", errors=errors)


def _said(error: Mapping[str, Any], content_type: str) -> dict[str, str]:
    """What is wrong with one field."""
    field, detail = ".".join(str(part) for part in error["loc"]), error["msg"]
    message = _SAID.get(error["type"], _UNFIT).format(**error.get("ctx", {})).replace(" or ", " atau ")
    if error["type"] == "json_invalid":
        field, detail = "body", f"{detail}, character {error['loc'][-1]}"
    elif field == "body" and error["type"] in _NO_OBJECT and "json" not in content_type:
        message, detail = _SEND_JSON, f"expected Content-Type: application/json, got {content_type or 'none'}"
    return {"field": field, "message": message, "detail": detail}


def _refused(statuses: Refusals) -> Any:
    def answer(_request: Request, refusal: Exception) -> JSONResponse:
        status = next((statuses[c] for c in type(refusal).__mro__ if c in statuses), 422)
        field = getattr(refusal, "field", None)
        message = getattr(refusal, "message", str(refusal))
        detail = getattr(refusal, "detail", "")
        errors = [{"field": field, "message": message, "detail": detail}] if field else None
        return problem(status, kebab(type(refusal).__name__), message, detail, errors=errors)

    return answer


def _not_found(_request: Request, error: Exception) -> JSONResponse:
    return problem(404, "not-found", "Data tidak ditemukan, atau bukan dalam kewenangan Anda.", str(error))


def not_authenticated(error: Exception) -> JSONResponse:
    """The answer to whoever has no token that can be trusted."""
    headers = {"WWW-Authenticate": "Bearer"}
    return problem(
        401, "not-authenticated", "Anda belum masuk. Masuk dahulu lalu coba lagi.", str(error), headers=headers
    )


def _of(answer: Callable[[Exception], JSONResponse]) -> Any:
    return lambda _request, error: answer(error)


def _not_allowed(_request: Request, error: Exception) -> JSONResponse:
    return problem(403, "not-allowed", "Peran Anda tidak boleh melakukan ini.", str(error))


def _stale(_request: Request, error: Exception) -> JSONResponse:
    title = "Data sudah diubah orang lain. Muat ulang lalu ulangi perubahan Anda."
    return problem(412, "stale", title, f"If-Match does not hold: {error}")


def _weak_key(_request: Request, error: Exception) -> JSONResponse:
    title = "Kunci permintaan terlalu mudah ditebak. Pakai kunci acak, misalnya UUID."
    errors = [{"field": "header.Idempotency-Key", "message": title, "detail": str(error)}]
    return problem(422, "weak-key", title, str(error), errors=errors)


def _key_reused(_request: Request, error: Exception) -> JSONResponse:
    title = "Kunci permintaan sudah dipakai untuk permintaan lain. Pakai kunci baru."
    errors = [{"field": "header.Idempotency-Key", "message": title, "detail": "same key, other request"}]
    return problem(422, "idempotency-key-reused", title, "same Idempotency-Key, other request", errors=errors)


def _taken(_request: Request, error: Exception) -> JSONResponse:
    index = error.index if isinstance(error, Taken) else ""
    title = "Sudah ada data dengan nilai yang sama."
    return problem(409, "taken", title, str(error), errors=[{"field": index, "message": title, "detail": str(error)}])


def unavailable(error: Exception) -> JSONResponse:
    """The answer while something that we need is away."""
    title = "Layanan sedang sibuk. Tunggu sebentar lalu kirim lagi dengan kunci yang sama."
    return problem(503, "unavailable", title, type(error).__name__, headers={"Retry-After": "2"})


def overloaded() -> JSONResponse:
    """The answer to a request for which there is no room."""
    title = "Layanan sedang penuh. Tunggu sebentar lalu kirim lagi dengan kunci yang sama."
    headers = {"Retry-After": "2", "X-Correlation-ID": new_id()}
    return problem(503, "overloaded", title, "too many requests at once; nothing was done", headers=headers)


def too_large(cap: int) -> JSONResponse:
    """The answer to a body above the cap, in bytes."""
    title = f"Kiriman terlalu besar, paling besar {cap // 1_048_576} MiB."
    return problem(413, "too-large", title, f"body larger than {cap} bytes")


def _too_large(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooLarge)  # noqa: S101  # registered for it
    return too_large(error.cap)


def _too_slow(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooSlow)  # noqa: S101  # registered for it
    title = "Kiriman terlalu lama sampai. Periksa sambungan Anda lalu kirim lagi dengan kunci yang sama."
    detail = f"{error.taken} bytes of the body came in time; nothing was done"
    return problem(408, "too-slow", title, detail, headers={"Connection": "close"})


def _plain(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for it
    titles = {404: "Alamat tidak ditemukan.", 405: "Cara ini tidak dilayani di alamat ini."}
    title, errors = titles.get(error.status_code, "Permintaan tidak dapat dilayani."), None
    if error.status_code == _UNREADABLE:
        title = "Isi permintaan tidak dapat dibaca. Perbaiki lalu kirim lagi."
        errors = [{"field": "body", "message": _SAID["json_invalid"], "detail": str(error.detail)}]
    return problem(error.status_code, "http", title, str(error.detail), errors=errors, headers=error.headers)


def bug(error: Exception) -> JSONResponse:
    """What a caller is told of an error that nobody foresaw: that it is ours, and how to name it."""
    title = "Terjadi kesalahan di pihak kami. Coba lagi nanti; bila terulang, sebutkan X-Correlation-ID."
    return problem(500, "bug", title, type(error).__name__)


def install(app: FastAPI, refusal_root: type[Exception], statuses: Refusals) -> None:
    """Answer each kind of refusal in its one way."""
    app.add_exception_handler(refusal_root, _refused(statuses))
    for kind, answer in (
        (RequestValidationError, _invalid),
        (NotFound, _not_found),
        (NotAuthenticated, _of(not_authenticated)),
        (NotAllowed, _not_allowed),
        (Stale, _stale),
        (KeyReused, _key_reused),
        (WeakKey, _weak_key),
        (Taken, _taken),
        (IssuerAway, _of(unavailable)),
        (OutcomeUnknown, _of(unavailable)),
        (Conflict, _of(unavailable)),
        (DatabaseError, _of(unavailable)),
        (TooLarge, _too_large),
        (TooSlow, _too_slow),
        (HTTPException, _plain),
    ):
        app.add_exception_handler(kind, answer)
