"""Forums through the door: proposed, supported once by each attendee, recorded, answered, or visibly late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from kinara.contracts.feedback import ForumRecorded
from kinara.contracts.personnel import EmployeeChanged
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, put_clock_ahead

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]


def today(ahead: int = 0) -> str:
    return (day_of(datetime.now(UTC), "16") + timedelta(days=ahead)).isoformat()


@pytest.fixture
def clock() -> Iterator[Callable[[int], None]]:
    """Lets this process live so many days later, until the test ends."""
    yield put_clock_ahead
    put_clock_ahead(0)


class Secretary:
    """Whoever writes a forum's minutes."""

    def __init__(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.http, self.headers = http, headers

    async def post(self, path: str, status: int = 201, **body: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/v1/{path}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def forum(self, unit: str, **changed: Any) -> dict[str, Any]:
        body = {"unit_id": unit, "title": "Rembuk warga", "agenda": ["Jam buka loket"], "place": "Balai", **changed}
        return await self.post("forums", **{"held_on": today(), **body})

    async def codes(self, forum: str, count: int) -> list[str]:
        return list((await self.post(f"forums/{forum}/codes", count=count))["codes"])

    async def record(self, forum: str, status: int = 201, **changed: Any) -> dict[str, Any]:
        body = {"minutes": "Dibuka pukul 9.", "attendance": 23, "answers_due_on": today(14), **changed}
        return await self.post(f"forums/{forum}/minutes", status, **body)


@pytest.fixture
def secretary(http: httpx.AsyncClient, bearer: Bearer) -> Secretary:
    return Secretary(http, bearer("hr"))


async def proposed(http: httpx.AsyncClient, forum: str, code: str, words: str = "Loket sore") -> httpx.Response:
    return await http.post(f"/v1/public/forums/{forum}/proposals", json={"words": words, "code": code})


async def supported(http: httpx.AsyncClient, proposal: str, code: str) -> httpx.Response:
    return await http.post(f"/v1/public/proposals/{proposal}/support", json={"code": code})


async def test_a_forum_goes_from_its_agenda_to_answered_proposals(
    http: httpx.AsyncClient, town: Any, secretary: Secretary, said: Said
) -> None:
    unit = await town.unit()
    forum = await secretary.forum(unit)
    one, other = await secretary.codes(forum["id"], 2)
    mine = (await proposed(http, forum["id"], one)).json()
    ours = await secretary.post(f"forums/{forum['id']}/proposals", words="Kotak saran di tiap loket")
    assert (await supported(http, ours["id"], one)).status_code == 201
    assert (await supported(http, ours["id"], other)).json()["supports"] == 2

    await secretary.record(forum["id"])
    answer = await secretary.post(f"proposals/{mine['id']}/answer", decision="partly", answer="Selasa dan Kamis.")
    shown = (await http.get(f"/v1/public/forums/{forum['id']}")).json()

    assert (shown["ref"], shown["recorded"], shown["attendance"]) == (f"forum:{forum['id']}", True, 23)
    assert shown["agenda"] == ["Jam buka loket"]
    assert [(p["by"], p["supports"], p["state"]) for p in shown["proposals"]] == [
        ("forum", 2, "open"), ("citizen", 0, "answered"),
    ]  # fmt: skip
    assert (answer["decision"], answer["due_on"], answer["overdue"]) == ("partly", today(14), False)
    (row,) = await said()
    fact = ForumRecorded.model_validate_json(row["data"])
    assert (fact.forum_id, fact.unit_id, fact.attendance, fact.proposals) == (forum["id"], unit, 23, 2)
    assert sorted(fact.proposal_ids) == sorted(one["id"] for one in shown["proposals"]), "policies may cite them"
    listed = (await http.get(f"/v1/public/units/{unit}/forums")).json()
    assert [found["id"] for found in listed["items"]] == [forum["id"]]


async def test_an_attendee_supports_a_proposal_once_and_proposes_once(
    http: httpx.AsyncClient, town: Any, secretary: Secretary
) -> None:
    forum = (await secretary.forum(await town.unit()))["id"]
    (code,) = await secretary.codes(forum, 1)
    proposal = (await proposed(http, forum, code)).json()["id"]

    answers = await asyncio.gather(*(supported(http, proposal, code) for _ in range(3)))
    second = await proposed(http, forum, code, "Loket malam")

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert (second.status_code, second.json()["type"]) == (409, "urn:kinara:problem:token-used")
    assert (await http.get(f"/v1/public/proposals/{proposal}")).json()["supports"] == 1


async def test_numbers_of_persons_in_a_proposal_are_shown_to_nobody(
    http: httpx.AsyncClient, town: Any, secretary: Secretary
) -> None:
    forum = (await secretary.forum(await town.unit()))["id"]
    (code,) = await secretary.codes(forum, 1)
    made = (await proposed(http, forum, code, "Hubungi saya di 0812-3456-7890 soal loket")).json()
    shown = (await http.get(f"/v1/public/forums/{forum}")).json()["proposals"][0]
    cited = (await http.get(f"/v1/public/references/{made['ref']}")).json()

    for words in (made["words"], shown["words"], cited["words"]):
        assert words == "Hubungi saya di [telepon disembunyikan] soal loket"


async def test_the_public_reads_no_officer_s_name_in_what_a_forum_said_and_nothing_that_is_hidden(
    http: httpx.AsyncClient, town: Any, secretary: Secretary
) -> None:
    unit, _ = await town.unit(), await town.officer(name="Rani Contoh")
    forum = (await secretary.forum(unit))["id"]
    (code,) = await secretary.codes(forum, 1)
    made = (await proposed(http, forum, code, "Bu Rani galak")).json()
    promised = await secretary.post("commitments", unit_id=unit, promise="Loket sore", due_on=today(9), cites=[])
    await secretary.post(f"commitments/{promised['id']}/notes", words="Rani dibina")
    await secretary.record(forum, minutes="Rani hadir.", answers_due_on=today(14))
    await secretary.post(f"proposals/{made['id']}/answer", decision="accepted", answer="Rani sudah dibina.")

    async def texts() -> list[str]:
        one = (await http.get(f"/v1/public/forums/{forum}")).json()
        (listed,) = (await http.get(f"/v1/public/units/{unit}/commitments")).json()["items"]
        alone = (await http.get(f"/v1/public/proposals/{made['id']}")).json()
        cited = (await http.get(f"/v1/public/references/{made['ref']}")).json()
        kept = (await http.get(f"/v1/public/commitments/{promised['id']}")).json()
        proposal = one["proposals"][0]
        return [made["words"], one["minutes"], proposal["words"], proposal["answer"], alone["words"], cited["words"],
                *(note["words"] for note in [*kept["notes"], *listed["notes"]])]  # fmt: skip

    assert not [text for text in await texts() if "Rani" in text]

    await secretary.post(f"proposals/{made['id']}/moderation", action="hide", reason="Menyerang pribadi")
    _, minutes, words, answer, alone, cited, *_ = await texts()
    assert (words, alone, cited) == ("", "", "")
    assert minutes
    assert answer, "what the office answered is not hidden"


async def test_what_was_said_in_a_unit_that_moved_is_found_below_its_new_parent_and_masked(
    http: httpx.AsyncClient, town: Any, secretary: Secretary, deliver: Any, clock: Callable[[int], None]
) -> None:
    unit, old, new = [await town.unit(path) for path in ("/16.71/lama/loket", "/16.71/lama", "/16.71/baru")]
    officer_id = await town.officer("/16.71/lama/loket", name="Rani Contoh")
    forum = (await secretary.forum(unit))["id"]
    await secretary.post(f"forums/{forum}/proposals", words="Loket Rani buka sore")
    await secretary.record(forum, answers_due_on=today(1))
    await secretary.post("commitments", unit_id=unit, promise="Loket sore", due_on=today(9), cites=[])
    await town.unit("/16.71/lama/loket", unit_path="/16.71/baru/loket")
    changed = town.registration(officer_id, "/16.71/baru/loket", unit).model_dump() | {"changed": ("unit_path",)}
    await deliver(EmployeeChanged.model_validate(changed))
    clock(2)

    for parent, count in ((old, 0), (new, 1), (unit, 1)):
        address = f"/v1/public/units/{parent}"
        assert len((await http.get(f"{address}/forums")).json()["items"]) == count
        assert len((await http.get(f"{address}/commitments")).json()["items"]) == count
        late = (await http.get(f"{address}/overdue-answers")).json()
        assert [one["words"] for one in late] == ["Loket [nama disembunyikan] buka sore"] * count


async def test_a_code_is_for_its_forum(http: httpx.AsyncClient, town: Any, secretary: Secretary) -> None:
    unit = await town.unit()
    here, there = (await secretary.forum(unit))["id"], (await secretary.forum(unit))["id"]
    (code,) = await secretary.codes(there, 1)
    proposal = await secretary.post(f"forums/{here}/proposals", words="Kotak saran")

    answers = [
        await proposed(http, here, code),
        await supported(http, proposal["id"], code),
        await supported(http, proposal["id"], "K7Q2-M9XD-P"),
    ]

    assert [answer.json()["type"].rpartition(":")[2] for answer in answers] == [
        "token-for-another", "token-for-another", "token-unknown",
    ]  # fmt: skip


async def test_an_answer_that_is_late_is_shown_as_late_and_stays_so(
    http: httpx.AsyncClient, town: Any, secretary: Secretary, clock: Callable[[int], None]
) -> None:
    parent, unit = await town.unit("/16.71"), await town.unit()
    forum = (await secretary.forum(unit))["id"]
    proposal = (await secretary.post(f"forums/{forum}/proposals", words="Kotak saran"))["id"]
    await secretary.record(forum, answers_due_on=today(7))

    async def late(at: str) -> list[str]:
        shown = (await http.get(f"/v1/public/units/{at}/overdue-answers")).json()
        assert all(one["overdue"] for one in shown)
        return [one["id"] for one in shown]

    clock(7)
    assert await late(unit) == []
    clock(8)
    assert (await late(unit), await late(parent)) == ([proposal], [proposal])
    page = (await http.get(f"/v1/public/units/{unit}", params={"period": "2026"})).json()
    assert ([one["id"] for one in page["overdue_answers"]], page["forums"][0]["id"]) == ([proposal], forum)
    answered = await secretary.post(f"proposals/{proposal}/answer", decision="declined", answer="Tidak ada anggaran.")
    assert (answered["overdue"], await late(unit)) == (True, [])


async def test_what_is_recorded_stands(http: httpx.AsyncClient, town: Any, secretary: Secretary, said: Said) -> None:
    forum = (await secretary.forum(await town.unit()))["id"]
    code, used = await secretary.codes(forum, 2)
    proposal = (await secretary.post(f"forums/{forum}/proposals", words="Kotak saran"))["id"]
    await secretary.post(f"proposals/{proposal}/answer", 409, decision="accepted", answer="Ya, segera.")
    assert (await proposed(http, forum, used)).status_code == (await supported(http, proposal, used)).status_code == 201
    await secretary.record(forum)

    for typed in (code, used):
        for refused in (await proposed(http, forum, typed), await supported(http, proposal, typed)):
            assert refused.status_code == 409
            assert refused.json()["type"] != "urn:kinara:problem:token-used", "nobody learns which codes were used"
    await secretary.record(forum, 409)
    await secretary.post(f"forums/{forum}/codes", 409, count=1)
    await secretary.post(f"forums/{forum}/proposals", 409, words="Satu lagi")
    await secretary.post(f"proposals/{proposal}/answer", decision="accepted", answer="Ya, segera.")
    twice = await secretary.post(f"proposals/{proposal}/answer", 409, decision="declined", answer="Tidak jadi.")
    assert twice["type"] == "urn:kinara:problem:proposal-answered"
    assert len(await said()) == 1


async def test_a_proposal_that_comes_while_the_minutes_are_written_is_in_them_or_refused(
    http: httpx.AsyncClient, town: Any, secretary: Secretary, said: Said
) -> None:
    forum = (await secretary.forum(await town.unit()))["id"]
    codes = await secretary.codes(forum, 5)

    asked = [proposed(http, forum, code) for code in codes]
    answers, _ = await asyncio.gather(asyncio.gather(*asked), secretary.record(forum))

    taken = sum(answer.status_code == 201 for answer in answers)
    shown = (await http.get(f"/v1/public/forums/{forum}")).json()["proposals"]
    assert [one["state"] for one in shown] == ["open"] * taken
    (row,) = await said()
    assert ForumRecorded.model_validate_json(row["data"]).proposals == taken


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"held_on": "2020-01-01"}, "held_on", id="a day that is past"),
        pytest.param({"held_on": "2199-01-01"}, "held_on", id="a day too far ahead"),
        pytest.param({"agenda": []}, "body.agenda", id="no agenda"),
    ],
)
async def test_a_forum_that_cannot_be_names_the_field(
    town: Any, secretary: Secretary, change: dict[str, Any], field: str
) -> None:
    body = {"unit_id": await town.unit(), "title": "Rembuk", "agenda": ["Loket"], "place": "Balai", "held_on": today()}
    refused = await secretary.post("forums", 422, **body | change)
    assert refused["errors"][0]["field"] == field


async def test_minutes_that_cannot_be_name_the_field(town: Any, secretary: Secretary) -> None:
    forum = (await secretary.forum(await town.unit(), held_on=today(1)))["id"]
    early = await secretary.record(forum, 422)
    now = (await secretary.forum(await town.unit()))["id"]
    too_long = await secretary.record(now, 422, answers_due_on=today(91))

    assert (early["errors"][0]["field"], too_long["errors"][0]["field"]) == ("minutes", "answers_due_on")


async def test_outside_its_units_an_office_has_no_forum(
    http: httpx.AsyncClient, town: Any, secretary: Secretary, bearer: Bearer
) -> None:
    unit = await town.unit()
    forum = (await secretary.forum(unit))["id"]
    proposal = (await secretary.post(f"forums/{forum}/proposals", words="Kotak saran"))["id"]
    elsewhere = Secretary(http, bearer("hr", None, ("/96.71", "/16.71/plajuh")))

    await elsewhere.post("forums", 404, unit_id=unit, title="Rembuk", agenda=["Loket"], place="Balai", held_on=today())
    await elsewhere.post(f"forums/{forum}/codes", 404, count=1)
    await elsewhere.post(f"forums/{forum}/proposals", 404, words="Satu lagi")
    await elsewhere.record(forum, 404)
    await elsewhere.post(f"proposals/{proposal}/answer", 404, decision="accepted", answer="Ya, segera.")


async def test_a_closed_unit_holds_no_forum(town: Any, secretary: Secretary) -> None:
    unit = await town.unit(active=False)
    body = {"title": "Rembuk", "agenda": ["Loket"], "place": "Balai", "held_on": today()}
    refused = await secretary.post("forums", 422, unit_id=unit, **body)
    assert refused["type"] == "urn:kinara:problem:subject-inactive"


async def test_a_public_reference_names_what_a_policy_may_cite(
    http: httpx.AsyncClient, town: Any, secretary: Secretary
) -> None:
    unit = await town.unit()
    forum = await secretary.forum(unit)
    proposal = await secretary.post(f"forums/{forum['id']}/proposals", words="Kotak saran")
    days = {"first": today(), "last": today(5), "population": 100}
    campaign = await secretary.post("campaigns", unit_id=unit, name="SKM semester", **days)
    promise = await secretary.post("commitments", unit_id=unit, promise="Loket sore dibuka", due_on=today(30))

    for made, words in [
        (forum, "Rembuk warga"), (proposal, "Kotak saran"), (campaign, "SKM semester"), (promise, "Loket sore dibuka"),
    ]:  # fmt: skip
        found = (await http.get(f"/v1/public/references/{made['ref']}")).json()
        assert (found["ref"], found["unit_id"], found["words"]) == (made["ref"], unit, words)
        assert (await http.get(found["address"])).json()["id"] == made["id"]
    assert (await http.get(f"/v1/public/references/forum:{new_id()}")).status_code == 404
    assert (await http.get("/v1/public/references/gosip:1")).status_code == 422
