"""The HTTP door: caps, correlation, keys, revisions and scopes."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import toy
from fastapi import APIRouter, Form, Request, UploadFile
from kinara.kit import http as door
from kinara.kit.app import build
from kinara.kit.documents import Collection
from kinara.kit.http import BODY_CAP, UPLOAD_CAP, WorkDep, address_of
from kinara.kit.identity import PublicScope, Role
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.problems import TooSlow
from kinara.kit.work import Work
from toy import LETTERS, TALLIES, Letter, Tally
from toy_door import bearer, problem, service, settings

uploads = APIRouter()

KEY = "01a20330-ad20-775b-8077-24654a73d96f"


@uploads.post("/v1/letters", status_code=201)
async def keep(file: UploadFile, work: WorkDep, _scope: PublicScope, subject: Annotated[str, Form()] = "") -> str:
    """A door that keeps the words of a file."""
    words = (await file.read()).decode()
    return (await toy.add_letter(work, Letter(new_id(), words=(subject, words)))).words[1]


@pytest.fixture
async def counter(database: Database, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Where letters are handed in."""
    given = service(settings(tmp_path), LETTERS)
    app = build(
        dataclasses.replace(given, routers=[uploads], uploads={"/v1/letters": UPLOAD_CAP, "/v1/people/{id_}/notes": 10})
    )
    app.state.database = database
    known = bearer(tmp_path, Role.HR)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kinara", headers=known) as client:
        yield client


@pytest.mark.parametrize("limit", ["0", "501", "x"])
async def test_a_page_has_its_cap(http: httpx.AsyncClient, limit: str) -> None:
    problem(await http.get("/v1/tallies", params={"limit": limit}), 422, "invalid")
    assert (await http.get("/v1/tallies")).json() == {"items": [50], "next": None}


async def test_a_body_said_to_be_too_large_is_refused_unread(http: httpx.AsyncClient) -> None:
    said = problem(await http.post("/v1/reports", content=b"x" * (BODY_CAP + 1)), 413, "too-large")
    assert said["title"] == "Kiriman terlalu besar, paling besar 1 MiB."


async def test_a_path_with_a_cap_of_its_own_keeps_it_whoever_it_names(counter: httpx.AsyncClient) -> None:
    for path, size, cap in (
        (f"/v1/people/{new_id()}/notes", 11, 10),
        (f"/v1/people/{new_id()}/notes/1", BODY_CAP + 1, BODY_CAP),
        ("/v1/letters/1", BODY_CAP + 1, BODY_CAP),
    ):
        said = problem(await counter.post(path, content=b"x" * size), 413, "too-large")
        assert said["detail"] == f"body larger than {cap} bytes"
    assert (await counter.post(f"/v1/people/{new_id()}/notes", content=b"x" * 10)).status_code == 404


async def test_of_a_file_nothing_is_read_before_its_sender_is_known(counter: httpx.AsyncClient) -> None:
    taken = 0

    async def file() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(3):
            taken += BODY_CAP
            yield b" " * BODY_CAP

    for stranger in ({"Authorization": ""}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}):
        answer = await counter.post("/v1/letters", content=file(), headers=stranger)
        problem(answer, 401, "not-authenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert taken == 0


async def test_whoever_sends_nothing_is_given_up_sooner_than_who_sends_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent() -> Any:
        await asyncio.Event().wait()

    async def hesitant() -> Any:
        await asyncio.sleep(0.1)
        return {"type": "http.request", "body": b"x", "more_body": True}

    monkeypatch.setattr(door, "FIRST_S", 0.05)
    with pytest.raises(TooSlow):
        await asyncio.wait_for(door._capped(silent, 10, 20)(), 5)

    async def nothing_again_and_again() -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def drain(take: Any) -> None:
        for _ in range(100):
            await take()

    with pytest.raises(TooSlow):
        await drain(door._capped(nothing_again_and_again, 10, 20))
    monkeypatch.setattr(door, "FIRST_S", 5)
    take = door._capped(hesitant, 10, 20)
    await take()
    monkeypatch.setattr(door, "FIRST_S", 0.05)
    assert (await take())["body"] == b"x", "it has begun"


async def test_a_body_that_turns_out_too_large_is_refused_while_it_is_read(http: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_CAP // 65536 + 1):
            yield b" " * 65536

    headers = {"content-type": "application/json", "Idempotency-Key": KEY}
    for kept in (headers, {"content-type": "application/json"}):
        said = problem(await http.post("/v1/reports", content=endless(), headers=kept), 413, "too-large")
        assert said["detail"] == f"body larger than {BODY_CAP} bytes"


@pytest.mark.parametrize("given", ["journey-42", "0123456789abcdef.A_-"])
async def test_a_correlation_id_comes_back(http: httpx.AsyncClient, given: str) -> None:
    answer = await http.get("/v1/tallies", headers={"X-Correlation-ID": given})
    assert answer.headers["x-correlation-id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", 'quo"ted-id', ""])
async def test_a_correlation_id_that_does_not_fit_is_replaced(http: httpx.AsyncClient, given: str) -> None:
    answer = await http.get("/v1/tallies", headers={"X-Correlation-ID": given})
    assert len(answer.headers["x-correlation-id"]) == 36
    assert answer.headers["x-correlation-id"] != given


async def test_the_same_post_under_one_key_takes_effect_once(http: httpx.AsyncClient, database: Database) -> None:
    body, headers = {"employee_id": new_id()}, {"Idempotency-Key": KEY}
    first, again = [await http.post("/v1/reports", json=body, headers=headers) for _ in "12"]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (await Work(database).get(TALLIES, body["employee_id"], toy.SYSTEM)).said == 1
    other = await http.post("/v1/reports", json={"employee_id": new_id()}, headers=headers)
    problem(other, 422, "idempotency-key-reused")


LONG = "panjang " * 150_000
"""More than is kept in memory while it is received."""


@pytest.mark.parametrize("words", ["satu", LONG], ids=["short", "long"])
async def test_the_same_upload_under_one_key_takes_effect_once(
    counter: httpx.AsyncClient, database: Database, words: str
) -> None:
    key = {"Idempotency-Key": KEY}
    for _ in "12":  # each with a boundary of its own
        answer = await counter.post("/v1/letters", files={"file": ("a.txt", words)}, headers=key)
        assert (answer.status_code, answer.json()) == (201, words)
    assert await database[LETTERS.name].count_documents({}) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"files": {"file": ("a.txt", "dua!")}},
        {"files": {"file": ("b.txt", "satu")}},
        {"files": {"file": ("a.txt", "satu")}, "data": {"subject": "lain"}},
    ],
    ids=["content", "name", "field"],
)
async def test_another_upload_under_a_used_key_is_refused(
    counter: httpx.AsyncClient, database: Database, other: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": KEY}
    assert (await counter.post("/v1/letters", files={"file": ("a.txt", "satu")}, headers=key)).status_code == 201
    problem(await counter.post("/v1/letters", **other, headers=key), 422, "idempotency-key-reused")
    assert await database[LETTERS.name].count_documents({}) == 1


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.parametrize("address", ["/v1/letters", "/v1/reports"])
async def test_a_body_that_is_not_what_it_says_gets_a_refusal(
    counter: httpx.AsyncClient, http: httpx.AsyncClient, address: str, kind: str
) -> None:
    for key in ({}, {"Idempotency-Key": KEY}):
        client = counter if address == "/v1/letters" else http
        answer = await client.post(address, content=b"--x\r\nsatu", headers={"content-type": kind, **key})
        problem(answer, answer.status_code, answer.json()["type"].rsplit(":")[-1])
        assert answer.status_code in (400, 422)


async def test_without_an_account_a_key_that_can_be_guessed_is_refused(
    http: httpx.AsyncClient, hr: dict[str, str], employee: str
) -> None:
    weak = {"Idempotency-Key": "key-12345"}
    said = problem(await http.post("/v1/reports", json={"employee_id": employee}, headers=weak), 422, "weak-key")
    assert [e["field"] for e in said["errors"]] == ["header.Idempotency-Key"]
    answer = await http.post(f"/v1/notes/{employee}", json={"text": "satu"}, headers=hr | weak)
    assert answer.status_code == 200  # with one, keys of others do not meet it


async def test_keys_of_different_callers_do_not_meet(http: httpx.AsyncClient, tmp_path: Path, employee: str) -> None:
    address, key = f"/v1/notes/{employee}", {"Idempotency-Key": KEY}
    first = await http.post(address, json={"text": "satu"}, headers=bearer(tmp_path, Role.HR) | key)
    other = await http.post(address, json={"text": "dua"}, headers=bearer(tmp_path, Role.HR, Role.TRAINER) | key)
    assert [first.json(), other.json()] == ["satu", "dua"]


async def test_a_change_of_an_older_copy_is_refused(http: httpx.AsyncClient, hr: dict[str, str], employee: str) -> None:
    seen = (await http.get(f"/v1/tallies/{employee}", headers=hr)).headers["etag"]
    for expected in (200, 412):
        answer = await http.post(f"/v1/notes/{employee}", json={"text": "baik"}, headers={**hr, "If-Match": seen})
        assert answer.status_code == expected
    said = problem(answer, 412, "stale")
    assert said["title"].startswith("Data sudah diubah orang lain.")
    for odd in ("nonsense", '"-1"', "²"):
        answer = await http.post(
            f"/v1/notes/{employee}", json={"text": "baik"}, headers={**hr, "If-Match": odd.encode("latin-1")}
        )
        problem(answer, 412, "stale")
    answer = await http.post(f"/v1/notes/{employee}", json={"text": "baik"}, headers={**hr, "If-Match": "*"})
    assert answer.status_code == 200


async def test_what_is_outside_ones_units_is_not_found(http: httpx.AsyncClient, tmp_path: Path, employee: str) -> None:
    for units in ((), ("/16.72",), ("/16.7",)):
        answer = await http.get(f"/v1/tallies/{employee}", headers=bearer(tmp_path, Role.HR, units=units))
        assert problem(answer, 404, "not-found")["title"].startswith("Data tidak ditemukan")


def test_two_collections_cannot_both_speak_about_employees(tmp_path: Path) -> None:
    other = Collection("others", Tally, about=("employee",), blank=Tally)
    with pytest.raises(ValueError, match="two collections"):
        service(settings(tmp_path), TALLIES, other)


@pytest.mark.parametrize(
    ("peer", "told"), [(("103.10.60.7", 443), "103.10.60.7"), (None, None)], ids=["a peer", "a socket without one"]
)
def test_a_callers_address_is_what_the_server_says_whatever_the_headers_say(
    peer: tuple[str, int] | None, told: str | None
) -> None:
    headers = [(b"x-forwarded-for", b"10.0.0.1"), (b"forwarded", b"for=10.0.0.1"), (b"x-real-ip", b"10.0.0.1")]
    assert address_of(Request({"type": "http", "client": peer, "headers": headers})) == told
