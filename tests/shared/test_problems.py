"""Every refusal in one shape (RFC 9457), first in Indonesian, naming the field and what was expected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from kinara.kit.identity import Role
from kinara.kit.ids import new_id
from toy_door import bearer, problem


@pytest.mark.parametrize(
    ("name", "status", "type_", "title"),
    [
        ("late", 409, "quite-too-late", "Sudah lewat."),
        ("odd", 422, "odd", "Aneh."),
        ("taken", 409, "taken", "Sudah ada data dengan nilai yang sama."),
        ("conflict", 503, "unavailable", "Layanan sedang sibuk."),
        ("unknown", 503, "unavailable", "Layanan sedang sibuk."),
        ("away", 503, "unavailable", "Layanan sedang sibuk."),
        ("keyless", 503, "unavailable", "Layanan sedang sibuk."),
        ("bug", 500, "bug", "Terjadi kesalahan di pihak kami."),
    ],
)
async def test_each_kind_of_failure_is_a_problem_in_indonesian(
    http: httpx.AsyncClient, name: str, status: int, type_: str, title: str
) -> None:
    answer = await http.get(f"/v1/failures/{name}")
    said = problem(answer, status, type_)
    assert said["title"].startswith(title)
    assert "1986" not in answer.text
    assert ("retry-after" in answer.headers) is (status == 503)


async def test_a_refusal_names_its_field_and_explains_itself_to_developers(http: httpx.AsyncClient) -> None:
    said = problem(await http.get("/v1/failures/late"), 409, "quite-too-late")
    assert said["errors"] == [{"field": "body.text", "message": "Sudah lewat.", "detail": "too late"}]


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "body.text", "wajib diisi"),
        ({"text": "x"}, "body.text", "terlalu pendek, paling sedikit 2 karakter"),
        ({"text": "x" * 11}, "body.text", "terlalu panjang, paling banyak 10 karakter"),
        ({"text": 5}, "body.text", "harus berupa teks"),
        ({"text": "baik", "weight": 9}, "body.weight", "paling besar 4"),
        ({"text": "baik", "weight": "4"}, "body.weight", "harus berupa bilangan bulat"),
        ({"text": "baik", "weight": 1.5}, "body.weight", "harus berupa bilangan bulat"),
        ({"text": "baik", "kind": "?"}, "body.kind", "pilih salah satu: 'pujian' atau 'keluhan'"),
        ({"text": "baik", "other": 1}, "body.other", "isian ini tidak dikenal"),
        ({"text": "   "}, "body.text", "terlalu pendek, paling sedikit 2 karakter"),
        ({"text": "A\u202eB"}, "body.text", "tidak boleh memuat karakter kendali"),
        ({"text": "x\u0000y"}, "body.text", "tidak boleh memuat karakter kendali"),
        ([], "body", "harus berupa objek JSON"),
    ],
    ids=lambda v: str(v)[:40],
)
async def test_a_field_that_does_not_fit_is_named_with_what_was_expected(
    http: httpx.AsyncClient, hr: dict[str, str], body: dict[str, Any], field: str, message: str
) -> None:
    said = problem(await http.post(f"/v1/notes/{new_id()}", json=body, headers=hr), 422, "invalid")
    assert [(e["field"], e["message"]) for e in said["errors"]] == [(field, message)]
    assert field in said["title"]


@pytest.mark.parametrize("content", [b"{", b"\xff", b"", b"[" * 100_000], ids=["half", "no text", "nothing", "deep"])
async def test_a_body_that_is_no_json_is_a_problem(http: httpx.AsyncClient, hr: dict[str, str], content: bytes) -> None:
    headers = {**hr, "content-type": "application/json"}
    answer = await http.post(f"/v1/notes/{new_id()}", content=content, headers=headers)
    assert answer.status_code in (400, 422)
    assert [
        e["field"] for e in problem(answer, answer.status_code, answer.json()["type"].split(":")[-1])["errors"]
    ] == ["body"]


async def test_a_body_without_its_content_type_is_told_what_to_send(
    http: httpx.AsyncClient, hr: dict[str, str]
) -> None:
    headers = {**hr, "content-type": "application/x-www-form-urlencoded"}  # as curl -d sends it
    answer = await http.post(f"/v1/notes/{new_id()}", content=b'{"text": "baik"}', headers=headers)
    [error] = problem(answer, 422, "invalid")["errors"]
    assert (error["field"], error["message"]) == (
        "body",
        "kirim sebagai JSON dengan header Content-Type: application/json",
    )


async def test_a_header_that_two_parts_of_a_route_read_is_wrong_once(
    http: httpx.AsyncClient, hr: dict[str, str]
) -> None:
    answer = await http.post(f"/v1/notes/{new_id()}", json={"text": "baik"}, headers={**hr, "if-match": "x" * 41})
    assert [e["field"] for e in problem(answer, 422, "invalid")["errors"]] == ["header.if-match"]


async def test_the_openapi_document_shows_how_to_sign_in_and_how_refusals_look(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    [scheme] = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    notes, reports = document["paths"]["/v1/notes/{employee}"]["post"], document["paths"]["/v1/reports"]["post"]
    assert notes["security"]
    assert "security" not in reports
    for route in (notes, reports):
        assert list(route["responses"]["4XX"]["content"]) == ["application/problem+json"]
        assert "422" not in route["responses"]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("PUT", "/v1/tallies", 405)])
async def test_an_address_that_does_not_exist_is_a_problem(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    problem(await http.request(method, path), status, "http")


async def test_another_role_is_told_so_and_nobody_is_asked_to_come_in(http: httpx.AsyncClient, tmp_path: Path) -> None:
    address = f"/v1/tallies/{new_id()}"
    problem(await http.get(address, headers=bearer(tmp_path, Role.TRAINER)), 403, "not-allowed")
    answer = await http.get(address)
    problem(answer, 401, "not-authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_answer_that_breaks_off_is_not_answered_twice(app: FastAPI) -> None:
    @app.get("/half")
    async def half() -> Any:
        async def lines() -> AsyncIterator[bytes]:
            yield b"one"
            raise RuntimeError("no two")

        return StreamingResponse(lines())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kinara") as client:
        with pytest.raises(RuntimeError, match="no two"):
            await client.get("/half")
