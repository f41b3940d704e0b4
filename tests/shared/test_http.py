"""The HTTP door: every refusal in one shape, first in Indonesian; caps, correlation, keys and revisions."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
import pytest
import toy
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import StreamingResponse
from kinara.contracts import Id
from kinara.kit.app import Service, build
from kinara.kit.documents import Collection
from kinara.kit.http import BODY_CAP, After, Body, Limit, Page, WorkDep, etag
from kinara.kit.identity import PublicScope, Role, allow
from kinara.kit.ids import new_id
from kinara.kit.issuer import token
from kinara.kit.mongo import Conflict, Database, OutcomeUnknown, Taken
from kinara.kit.scope import Scope
from kinara.kit.settings import ServiceSettings
from kinara.kit.work import Transaction, Work, command
from pydantic import Field
from pymongo.errors import AutoReconnect
from running import TOPICS
from toy import TALLIES, Tally

router = APIRouter(prefix="/v1")
HrScope = Annotated[Scope, allow(Role.HR)]


class Refusal(Exception):
    """Root of refusals, as services have it."""

    def __init__(self, message: str, *, field: str | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.message, self.field, self.detail = message, field, detail


class TooLate(Refusal):
    """A refusal with a status of its own."""


class QuiteTooLate(TooLate):
    """One that shares the status of its parent."""


class Odd(Refusal):
    """One that the table does not name."""


class Note(Body):
    """A note on an employee's tally."""

    text: Annotated[str, Field(min_length=2, max_length=10)]
    weight: Annotated[int, Field(ge=1, le=4)] = 1
    kind: Literal["pujian", "keluhan"] = "pujian"


FAILURES: dict[str, Exception] = {
    "late": QuiteTooLate("Sudah lewat.", field="body.text", detail="too late"),
    "odd": Odd("Aneh."),
    "taken": Taken("nip"),
    "conflict": Conflict("tallies"),
    "unknown": OutcomeUnknown(),
    "away": AutoReconnect("gone"),
    "bug": RuntimeError("no post for 198609262015051001"),
}


@command
async def annotate(tx: Transaction, employee: str, text: str, scope: Scope) -> Tally:
    """Put a note on a tally."""
    noted = dataclasses.replace(await tx.load(TALLIES, employee, scope), note=text)
    tx.save(TALLIES, noted)
    return noted


@router.post("/reports", status_code=201)
async def report(body: dict[str, Id], work: WorkDep, _scope: PublicScope) -> str:
    return await toy.report(work, body["employee_id"], Decimal(1))


@router.post("/notes/{employee}")
async def add_note(employee: Id, body: Note, work: WorkDep, scope: HrScope) -> str | None:
    return (await annotate(work, employee, body.text, scope)).note


@router.get("/tallies/{employee}")
async def tally(employee: Id, work: WorkDep, scope: HrScope, response: Response) -> str:
    record = await work.get(TALLIES, employee, scope)
    etag(response, record.rev)
    return record.state.id


@router.get("/tallies")
async def tallies(_scope: PublicScope, limit: Limit = 50, after: After = None) -> Page[int]:
    return Page(items=[limit], next=after)


@router.get("/failures/{name}")
async def fail(name: str, _scope: PublicScope) -> None:
    raise FAILURES[name]


def settings(folder: Path, **changed: Any) -> ServiceSettings:
    return ServiceSettings(topics=TOPICS, cells=("uji",), issuer_key=folder / "issuer.json", **changed)


def service(settings: ServiceSettings, *collections: Collection[Any]) -> Service:
    return Service(
        name="appraisal", settings=settings, routers=[router], collections=collections or (TALLIES,),
        refusal=Refusal, statuses={Refusal: 422, TooLate: 409}, inbox=toy.inbox,
    )  # fmt: skip


@pytest.fixture
def app(database: Database, tmp_path: Path) -> FastAPI:
    """The service as it is put together, but not running: no broker is needed for a door."""
    app = build(service(settings(tmp_path)))
    app.state.database = database
    return app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kinara") as client:
        yield client


@pytest.fixture
def hr(tmp_path: Path) -> dict[str, str]:
    return bearer(tmp_path, Role.HR)


def bearer(folder: Path, *roles: Role, units: tuple[str, ...] = ("/16.71",)) -> dict[str, str]:
    return {"Authorization": "Bearer " + token(settings(folder), roles=roles, units=units)}


@pytest.fixture
async def employee(database: Database) -> str:
    id_ = new_id()
    await toy.report(Work(database), id_, Decimal(1))
    return id_


def problem(answer: httpx.Response, status: int, type_: str) -> dict[str, Any]:
    """The problem that an answer is; its shape is always the same."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-correlation-id"]
    said: dict[str, Any] = answer.json()
    assert said.keys() <= {"type", "title", "status", "detail", "errors"}
    assert (said["type"], said["status"]) == (f"urn:kinara:problem:{type_}", status)
    assert said["title"]
    return said


@pytest.mark.parametrize(
    ("name", "status", "type_", "title"),
    [
        ("late", 409, "quite-too-late", "Sudah lewat."),
        ("odd", 422, "odd", "Aneh."),
        ("taken", 409, "taken", "Sudah ada data dengan nilai yang sama."),
        ("conflict", 503, "unavailable", "Layanan sedang sibuk."),
        ("unknown", 503, "unavailable", "Layanan sedang sibuk."),
        ("away", 503, "unavailable", "Layanan sedang sibuk."),
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
        ({"text": "baik", "kind": "?"}, "body.kind", "pilih salah satu: 'pujian' or 'keluhan'"),
        ({"text": "baik", "other": 1}, "body.other", "isian ini tidak dikenal"),
    ],
    ids=lambda v: str(v)[:40],
)
async def test_a_field_that_does_not_fit_is_named_with_what_was_expected(
    http: httpx.AsyncClient, hr: dict[str, str], body: dict[str, Any], field: str, message: str
) -> None:
    said = problem(await http.post(f"/v1/notes/{new_id()}", json=body, headers=hr), 422, "invalid")
    assert [(e["field"], e["message"]) for e in said["errors"]] == [(field, message)]
    assert field in said["title"]


@pytest.mark.parametrize("content", [b"{", b"\xff", b""], ids=["half", "no text", "nothing"])
async def test_a_body_that_is_no_json_is_a_problem(http: httpx.AsyncClient, hr: dict[str, str], content: bytes) -> None:
    headers = {**hr, "content-type": "application/json"}
    answer = await http.post(f"/v1/notes/{new_id()}", content=content, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("PUT", "/v1/tallies", 405)])
async def test_an_address_that_does_not_exist_is_a_problem(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    problem(await http.request(method, path), status, "http")


@pytest.mark.parametrize("limit", ["0", "501", "x"])
async def test_a_page_has_its_cap(http: httpx.AsyncClient, limit: str) -> None:
    problem(await http.get("/v1/tallies", params={"limit": limit}), 422, "invalid")
    assert (await http.get("/v1/tallies")).json() == {"items": [50], "next": None}


async def test_a_body_said_to_be_too_large_is_refused_unread(http: httpx.AsyncClient) -> None:
    said = problem(await http.post("/v1/reports", content=b"x" * (BODY_CAP + 1)), 413, "too-large")
    assert said["title"] == "Kiriman terlalu besar, paling besar 1 MiB."


async def test_a_body_that_turns_out_too_large_is_refused_while_it_is_read(http: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_CAP // 65536 + 1):
            yield b" " * 65536

    headers = {"content-type": "application/json", "Idempotency-Key": "key-12345"}
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
    body, headers = {"employee_id": new_id()}, {"Idempotency-Key": "key-12345"}
    first, again = [await http.post("/v1/reports", json=body, headers=headers) for _ in "12"]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (await Work(database).get(TALLIES, body["employee_id"], toy.SYSTEM)).said == 1
    other = await http.post("/v1/reports", json={"employee_id": new_id()}, headers=headers)
    problem(other, 422, "idempotency-key-reused")


async def test_keys_of_different_callers_do_not_meet(http: httpx.AsyncClient, tmp_path: Path, employee: str) -> None:
    address, key = f"/v1/notes/{employee}", {"Idempotency-Key": "key-12345"}
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


async def test_another_role_is_told_so_and_nobody_is_asked_to_come_in(http: httpx.AsyncClient, tmp_path: Path) -> None:
    address = f"/v1/tallies/{new_id()}"
    problem(await http.get(address, headers=bearer(tmp_path, Role.TRAINER)), 403, "not-allowed")
    answer = await http.get(address)
    problem(answer, 401, "not-authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_answer_that_breaks_off_is_not_answered_twice(database: Database, tmp_path: Path) -> None:
    app = build(service(settings(tmp_path)))

    @app.get("/half")
    async def half() -> Any:
        async def lines() -> AsyncIterator[bytes]:
            yield b"one"
            raise RuntimeError("no two")

        return StreamingResponse(lines())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kinara") as client:
        with pytest.raises(RuntimeError, match="no two"):
            await client.get("/half")


def test_two_collections_cannot_both_speak_about_employees(tmp_path: Path) -> None:
    other = Collection("others", Tally, about=("employee",), blank=Tally)
    with pytest.raises(ValueError, match="two collections"):
        service(settings(tmp_path), TALLIES, other)
