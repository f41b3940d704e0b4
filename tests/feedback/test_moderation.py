"""Moderation through the door: what each reader is shown, who may hide, and that every decision is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from feedback import commands
from feedback.queries import moderation
from feedback.store import FEEDBACK, SUBJECTS, mask_of
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]


async def posted(http: httpx.AsyncClient, path: str, body: Any, headers: Any = None) -> Any:
    answer = await http.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


async def rated(prepared: Database, officer_id: str, text: str) -> str:
    voice = commands.Voice(officer_id, None, 1, text, None)
    return (await commands.give_feedback(Work(prepared), voice, b"s")).id


async def test_an_office_reads_no_numbers_of_persons_and_no_insults_in_ratings(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    await rated(prepared, await town.officer(), "Rani goblok, hubungi 081234567890")
    (item,) = (await http.get("/v1/feedback", headers=bearer("oversight"))).json()["items"]
    assert (item["text"], item["rating"]) == ("Rani ***, hubungi [telepon disembunyikan]", 1)


async def test_hidden_words_are_shown_to_nobody_and_the_rating_counts_on(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer, said: Any
) -> None:
    officer_id = await town.officer()
    id_ = await rated(prepared, officer_id, "Menyebut nama anak")
    before = await Work(prepared).get(SUBJECTS, officer_id, SYSTEM)
    hide = {"action": "hide", "reason": "Nama anak"}

    record = await posted(http, f"/v1/feedback/{id_}/moderation", hide, bearer("hr"))

    assert (record["about_id"], record["reason"]) == (id_, "Nama anak")
    assert record["by"]
    (item,) = (await http.get("/v1/feedback", headers=bearer("oversight"))).json()["items"]
    assert (item["text"], item["hidden"], item["rating"]) == ("", True, 1)
    assert (await Work(prepared).get(FEEDBACK, id_, SYSTEM)).state.text == "Menyebut nama anak"
    assert await Work(prepared).get(SUBJECTS, officer_id, SYSTEM) == before
    assert len(await said()) == 1, "nothing but the rating was ever said"


async def test_every_decision_is_kept_with_who_and_why(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    id_, other = [await rated(prepared, await town.officer(), "Lambat") for _ in range(2)]
    path = f"/v1/feedback/{id_}/moderation"
    await posted(http, path, {"action": "hide", "reason": "Fitnah"}, bearer("hr"))
    await posted(http, path, {"action": "show", "reason": "Bukan fitnah"}, bearer("oversight"))
    await posted(http, f"/v1/feedback/{other}/moderation", {"action": "hide", "reason": "Lain"}, bearer("hr"))

    async def listed(role: str, query: str = "", units: Any = ("/16.71",)) -> list[tuple[str, str]]:
        found = await http.get(f"/v1/moderations{query}", headers=bearer(role, units=units))
        return [(item["action"], item["reason"]) for item in found.json()["items"]]

    assert await listed("oversight", f"?about_id={id_}") == [("hide", "Fitnah"), ("show", "Bukan fitnah")]
    assert await listed("hr") == [("hide", "Fitnah"), ("show", "Bukan fitnah"), ("hide", "Lain")]
    assert await listed("hr", units=("/96.71",)) == []
    page = (await http.get("/v1/moderations?limit=2", headers=bearer("hr"))).json()
    assert await listed("hr", f"?after={page['next']}") == [("hide", "Lain")]


async def test_an_office_elsewhere_hides_nothing(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    id_ = await rated(prepared, await town.officer(), "Lambat")
    hide = {"action": "hide", "reason": "Fitnah"}
    for path in (f"/v1/feedback/{id_}/moderation", f"/v1/complaints/{new_id()}/moderation"):
        answer = await http.post(path, json=hide, headers=bearer("hr", units=("/96.71",)))
        assert answer.status_code == 404
    empty = await http.post(f"/v1/feedback/{id_}/moderation", json=hide | {"reason": " "}, headers=bearer("hr"))
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "body.reason")


async def test_of_two_who_hide_at_one_moment_one_decides(
    http: httpx.AsyncClient, prepared: Database, town: Any, bearer: Bearer
) -> None:
    id_ = await rated(prepared, await town.officer(), "Lambat")
    answers = await asyncio.gather(
        *(
            http.post(f"/v1/feedback/{id_}/moderation", json={"action": "hide", "reason": "X"}, headers=bearer("hr"))
            for _ in range(6)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    found = (await http.get("/v1/moderations", headers=bearer("hr"))).json()["items"]
    assert len(found) == 1


async def test_the_officer_reads_names_the_citizen_s_page_does_not_and_neither_reads_what_is_hidden(
    http: httpx.AsyncClient, town: Any, bearer: Bearer
) -> None:
    officer_id, hr = await town.officer(name="Rani Contoh"), bearer("hr")
    body = {"unit_id": await town.unit(), "text": "Bu Rani tolol, NIK saya 1671141203900003"}
    kept = await posted(http, "/v1/complaints", body)
    path, proof = f"/v1/complaints/{kept['id']}", {"receipt": kept["receipt"], "key": kept["key"]}
    await posted(http, f"{path}/verification", {"sla_class": "normal", "topic": "perilaku"}, hr)
    await posted(http, f"{path}/assignment", {"employee_id": officer_id}, hr)
    reply = {"outcome": "solved", "words": "Rani sudah meminta maaf"}
    answered = await posted(http, f"{path}/answer", reply, bearer("employee", officer_id))

    assert answered["text"] == "Bu Rani ***, NIK saya [NIK disembunyikan]"
    public = await posted(http, "/v1/complaints/track", proof)
    assert public["text"] == "Bu [nama disembunyikan] ***, NIK saya [NIK disembunyikan]"
    assert public["answers"][0]["words"] == "[nama disembunyikan] sudah meminta maaf"

    await posted(http, f"{path}/moderation", {"action": "hide", "reason": "Kasar"}, hr)

    for role, id_ in (("employee", officer_id), ("hr", None)):
        seen = (await http.get(path, headers=bearer(role, id_))).json()
        assert (seen["text"], seen["hidden"], seen["state"]) == ("", True, "solved")
    assert (await posted(http, "/v1/complaints/track", proof))["text"] == ""
    contested = await posted(http, "/v1/complaints/contest", proof | {"words": "Masih tolol"})
    assert contested["answers"][0]["contest"] == "", "what is said later is hidden with it"


async def test_all_names_of_a_large_unit_are_masked(
    prepared: Database, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation, "PAGE", 2)
    parent = await town.unit("/16.71")
    for name in ("Rani", "Sinta", "Tono", "Umar", "Vera"):
        await town.officer("/16.71/plaju", f"{name} S")

    assert await moderation.names_in(Work(prepared), parent) == {"rani", "sinta", "tono", "umar", "vera"}


async def test_names_are_read_once_for_many_pages_and_anew_after_a_while(
    prepared: Database, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(moderation, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(moderation, "_kept", {})
    monkeypatch.setattr(moderation, "KEPT_UNITS", 2)
    units = [await town.unit(path) for path in ("/16.71/a", "/16.71/b", "/16.71/c")]
    await town.officer("/16.71/a", "Rani")
    assert await moderation.names_in(Work(prepared), units[0]) == {"rani"}
    await town.officer("/16.71/a", "Sinta")

    now[0] += moderation.KEPT_S - 1
    assert await moderation.names_in(Work(prepared), units[0]) == {"rani"}, "as it was read"
    now[0] += 1
    assert await moderation.names_in(Work(prepared), units[0]) == {"rani", "sinta"}
    for unit in units[1:]:
        await moderation.names_in(Work(prepared), unit)
    assert list(moderation._kept) == units[1:], "what was read longest ago is forgotten"


@pytest.mark.parametrize("text", ["Petugas goblok", "brengsek sekali", "t0l0l"])
def test_the_shipped_list_knows_the_usual_words(text: str) -> None:
    assert "***" in mask_of().shown(text)
