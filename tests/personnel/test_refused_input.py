"""What people send and nobody could mean: it is refused by the name of its field, and nothing is kept or said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Bearer = Callable[..., dict[str, str]]
TYPOS = ["0206-11-01", "0001-01-01", "2015-03-31"]
"""Rani was appointed in April 2015, as her NIP says."""
UNREADABLE = ["x\u0000y", "A B\u202e", "a\nb", "a\u2067b", "a\u200fb", "\u200b"]


@pytest.fixture
async def rani(office: Any) -> Any:
    """A PNS in a unit of Palembang."""
    root = await office.unit("16.71")
    return await office.employee(await office.unit("plaju", root))


@pytest.fixture
def refused(http: httpx.AsyncClient, office: Any, bearer: Bearer) -> Callable[..., Any]:
    """Send something that is refused: status and field; nothing may have been kept or said."""

    async def send(method: str, address: str, body: dict[str, Any]) -> tuple[int, str, str]:
        before = (await office.everybody(), await office.said())
        answer = await http.request(method, address, json=body, headers=bearer("hr"))
        assert (await office.everybody(), await office.said()) == before
        said = answer.json()
        return answer.status_code, said["errors"][0]["field"], said["type"].rpartition(":")[2]

    return send


def profile(**change: Any) -> dict[str, Any]:
    known = {"nip": "198609262015051001", "name": "Rizki Saputra", "golongan": "III/c", "jabatan": "Penelaah"}
    return known | {"jabatan_kind": "pelaksana", "effective_on": "2026-02-01"} | change


@pytest.mark.parametrize("on", TYPOS)
async def test_nothing_takes_effect_before_the_appointment(refused: Any, office: Any, rani: Any, on: str) -> None:
    address = f"/v1/employees/{rani.id}"
    held = {"effective_on": on}
    promotion = {"golongan": "III/c", "decree_number": "823/1", "promotion_kind": "101"}
    for method, path, body in [
        ("POST", "/v1/employees", profile(unit_id=rani.unit_id)),
        ("PUT", address, profile(nip=rani.nip)),
        ("POST", f"{address}/promotions", promotion),
        ("POST", f"{address}/transfers", {"unit_id": rani.unit_id}),
        ("POST", f"{address}/separation", {"reason": "retired"}),
        ("PUT", f"{address}/supervisor", {"supervisor_id": None}),
    ]:
        assert await refused(method, path, body | held) == (422, "effective_on", "before-appointment"), path


@pytest.mark.parametrize("field", ["golongan_since", "jabatan_since"])
@pytest.mark.parametrize(
    ("day", "why"),
    [("9999-12-31", "not-yet-in-force"), ("2090-01-01", "not-yet-in-force"), ("1940-01-01", "before-appointment")],
)
async def test_rank_and_post_are_held_neither_since_the_future_nor_since_before_the_appointment(
    refused: Any, rani: Any, field: str, day: str, why: str
) -> None:
    registration = profile(unit_id=rani.unit_id) | {field: day}
    assert await refused("POST", "/v1/employees", registration) == (422, field, why)
    correction = profile(nip=rani.nip) | {field: day}
    assert await refused("PUT", f"/v1/employees/{rani.id}", correction) == (422, field, why)


@pytest.mark.parametrize("text", UNREADABLE, ids=ascii)
@pytest.mark.parametrize("field", ["name", "jabatan", "front_title", "back_title", "siasn_id"])
async def test_a_text_that_hides_something_is_refused(refused: Any, rani: Any, field: str, text: str) -> None:
    registration = profile(unit_id=rani.unit_id) | {field: text}
    assert await refused("POST", "/v1/employees", registration) == (422, f"body.{field}", "invalid")


@pytest.mark.parametrize("text", [*UNREADABLE, " "], ids=ascii)
async def test_names_of_units_and_numbers_of_decrees_are_text_that_can_be_read(
    refused: Any, rani: Any, text: str
) -> None:
    unit = {"code": "umum", "name": text, "parent_id": rani.unit_id}
    assert await refused("POST", "/v1/units", unit) == (422, "body.name", "invalid")
    decree = {"golongan": "III/c", "effective_on": "2026-04-01", "decree_number": text, "promotion_kind": "101"}
    promoted = await refused("POST", f"/v1/employees/{rani.id}/promotions", decree)
    assert promoted == (422, "body.decree_number", "invalid")


async def test_half_a_character_is_refused(http: httpx.AsyncClient, office: Any, rani: Any, bearer: Bearer) -> None:
    body = b'{"code": "umum", "name": "A\\ud800", "parent_id": "%s"}' % rani.unit_id.encode()
    headers = bearer("hr") | {"Content-Type": "application/json"}
    answer = await http.post("/v1/units", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.name")


@pytest.mark.parametrize("kind", ["999", "x", "1"])
async def test_a_promotion_is_of_a_kind_that_siasn_has(refused: Any, rani: Any, kind: str) -> None:
    decree = {"golongan": "III/c", "effective_on": "2026-04-01", "decree_number": "823/1", "promotion_kind": kind}
    answer = await refused("POST", f"/v1/employees/{rani.id}/promotions", decree)
    assert answer == (422, "promotion_kind", "unknown-promotion-kind")


@pytest.mark.parametrize("after", ["garbage", "a!1", "..", "/x y", "employee", "01900000"])
async def test_a_list_goes_on_only_after_a_place_that_it_gave(
    http: httpx.AsyncClient, feed: Any, rani: Any, bearer: Bearer, after: str
) -> None:
    run = await feed.file("{}\n")
    for address in ("/v1/employees", "/v1/units", "/v1/imports", f"/v1/imports/{run.id}/rejects"):
        headers = bearer("hr", None, run.paths)
        answer = await http.get(address, params={"after": after}, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:kinara:problem:unknown-place"), address
        assert answer.json()["errors"][0]["field"] == "after"
        assert "Mulailah dari halaman pertama" in answer.json()["title"]


async def test_blanks_around_a_text_are_no_part_of_it(http: httpx.AsyncClient, rani: Any, bearer: Bearer) -> None:
    unit = {"code": "umum", "name": " Subbagian Umum ", "parent_id": rani.unit_id}
    made = await http.post("/v1/units", json=unit, headers=bearer("hr"))
    assert (made.status_code, made.json()["name"], made.json()["province"]["code"]) == (201, "Subbagian Umum", "16")
