"""Complaints through the public door and on the real database: the whole life of one, who sees it, and races."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from feedback.commands import complaints as commands
from feedback.commands.complaints import Reply
from feedback.domain import receipt, refusals
from feedback.domain.complaint import Complaint
from feedback.domain.lodging import MOST
from feedback.domain.sender import Sender
from feedback.queries.complaints import unit_complaints
from feedback.store import COMPLAINT_TALLIES, COMPLAINTS, LODGINGS, SUBJECTS, clocks_of
from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved
from kinara.contracts.personnel import EmployeeChanged, EmployeeSeparated, EmployeeTransferred
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Idempotency, NotFound, Work

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]

SECRET = b"a secret of the test"
CLOCKS = clocks_of()
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 30, 17, tzinfo=UTC)
"""The end of the fifth working day, in Palembang."""
TYPES = {event.type(): event for event in (ComplaintResolved, ComplaintReopened, ComplaintOverdue)}
HR = Scope(paths=("/16.71",), label="hr-1")


async def heard(said: Said) -> list[Any]:
    return [TYPES[row["type"]].model_validate_json(row["data"]) for row in await said()]


class Counter:
    """An office that handles complaints about Plaju, at a moment that a test sets."""

    def __init__(self, database: Database, town: Any) -> None:
        self.database, self.town, self.now = database, town, MONDAY

    @property
    def work(self) -> Work:
        return Work(self.database, now=lambda: self.now)

    async def lodged(self, text: str = "Antre lama") -> commands.Lodged:
        return await commands.lodge_complaint(
            self.work, await self.town.unit(), text, None, "waktu", CLOCKS, SECRET
        )  # fmt: skip

    async def with_officer(self, officer_id: str) -> commands.Lodged:
        given = await self.lodged()
        await commands.verify_complaint(self.work, HR, given.id, "normal", "waktu", CLOCKS)
        await self.assign(given, officer_id)
        return given

    async def assign(self, given: commands.Lodged, officer_id: str, reason: str = "") -> commands.Handled:
        return await commands.assign_complaint(self.work, HR, given.id, officer_id, reason, CLOCKS)

    async def answer(self, given: commands.Lodged, officer_id: str, **reply: Any) -> commands.Handled:
        own = Scope(own=officer_id, label="x")
        usual = {"outcome": "solved", "words": "Sudah beres"}
        return await commands.answer_complaint(self.work, own, given.id, Reply(**(usual | reply)))

    async def confirm(self, given: commands.Lodged) -> commands.Handled:
        return await commands.confirm_answer(self.work, given.receipt, receipt.key_of(given.id, SECRET))

    async def contest(self, given: commands.Lodged) -> commands.Handled:
        key = receipt.key_of(given.id, SECRET)
        return await commands.contest_answer(self.work, given.receipt, key, "Belum beres", CLOCKS)

    async def found(self, given: commands.Lodged) -> Complaint:
        return (await Work(self.database).get(COMPLAINTS, given.id, SYSTEM)).state


@pytest.fixture
def counter(prepared: Database, town: Any) -> Counter:
    return Counter(prepared, town)


class TestTheDoor:
    async def test_a_complaint_lives_from_the_citizen_to_the_officer_and_back(
        self, http: httpx.AsyncClient, town: Any, bearer: Bearer, said: Said
    ) -> None:
        unit_id, officer_id = await town.unit(), await town.officer()
        hr, officer = bearer("hr"), bearer("employee", officer_id)

        async def post(path: str, body: Any, headers: Any = None, status: int = 200) -> Any:
            answer = await http.post(f"/v1/complaints{path}", json=body, headers=headers)
            assert answer.status_code == status, answer.text
            return answer.json()

        body = {"unit_id": unit_id, "text": "Antre lama", "sla_class": "normal", "topic": "waktu"}
        kept = await post("", body, status=201)
        proof, path = {"receipt": kept["receipt"], "key": kept["key"]}, f"/{kept['id']}"
        assert (await post("/track", proof))["state"] == "received"

        await post(f"{path}/verification", {"sla_class": "urgent", "topic": "perilaku"}, hr)
        await post(f"{path}/assignment", {"employee_id": officer_id}, hr)
        mine = (await http.get("/v1/complaints", headers=officer)).json()["items"]
        assert [(one["id"], one["state"], one["sla_class"]) for one in mine] == [(kept["id"], "assigned", "urgent")]

        await post(f"{path}/answer", {"outcome": "solved", "words": "Loket ditambah"}, officer)
        tracked = await post("/track", proof)
        assert (tracked["state"], tracked["answers"][0]["words"]) == ("solved", "Loket ditambah")
        assert tracked["settles_at"]
        reopened = await post("/contest", proof | {"words": "Masih antre"})
        assert (reopened["state"], reopened["answers"][0]["contest"]) == ("assigned", "Masih antre")
        reply = {"outcome": "not_ours", "words": "Diteruskan", "passed_to": "Dinas PU"}
        assert (await post(f"{path}/answer", reply, officer))["state"] == "not_ours"
        assert (await post("/confirmation", proof))["confirmed_at"]
        assert (await post("/confirmation", proof, status=409))["type"] == "urn:kinara:problem:already-settled"

        facts = await heard(said)
        assert [type(fact) for fact in facts] == [ComplaintResolved, ComplaintReopened, ComplaintResolved]
        assert {(fact.employee_id, fact.topic) for fact in facts} == {(officer_id, "perilaku")}
        assert [row["version"] for row in await said()] == [1, 2, 3]
        assert "Antre" not in str(await said())

    async def test_the_same_key_gives_the_same_receipt_and_one_complaint(
        self, http: httpx.AsyncClient, prepared: Database, town: Any
    ) -> None:
        body, key = {"unit_id": await town.unit(), "text": "Antre"}, {"Idempotency-Key": new_id()}
        answers = await asyncio.gather(*(http.post("/v1/complaints", json=body, headers=key) for _ in range(5)))
        assert len({(a.status_code, a.json()["receipt"], a.json()["key"]) for a in answers}) == 1
        assert await prepared[COMPLAINTS.name].count_documents({}) == 1

    async def test_one_address_lodges_so_many_about_a_unit_in_an_hour_and_leaves_no_trace_on_them(
        self, prepared: Database, town: Any
    ) -> None:
        unit, other, now = await town.unit(), await town.unit("/16.71/ilir"), [MONDAY]
        work = Work(prepared, now=lambda: now[0])

        async def lodged(at: str = unit, address: str = "10.0.0.1") -> object:
            sender = Sender(address=address, secret=SECRET)
            return await commands.lodge_complaint(work, at, "Antre", None, None, CLOCKS, SECRET, sender, 5)

        outcomes = await asyncio.gather(*(lodged() for _ in range(8)), return_exceptions=True)

        assert sum(isinstance(one, refusals.TooManyComplaints) for one in outcomes) == 3
        assert await prepared[COMPLAINTS.name].count_documents({}) == 5
        await lodged(other)
        await lodged(address="10.0.0.2")
        now[0] += timedelta(hours=1)
        await lodged()
        hashes = [one["_id"] for one in await prepared.find(LODGINGS.name, {})]
        assert len(hashes) == 4, "of the hour and unit"
        stored = str(await prepared.find(COMPLAINTS.name, {}))
        assert not [one for one in (*hashes, "10.0.0.") if one in stored]

    async def test_a_further_complaint_of_one_person_is_told_from_those_of_others_in_the_whole_government(
        self, prepared: Database, town: Any
    ) -> None:
        unit, beside, elsewhere = [await town.unit(path) for path in ("/16.71/a", "/16.71/b", "/96.71/c")]

        async def lodged(at: str, **who: str) -> bool:
            sender = Sender(secret=SECRET, **who)  # type: ignore[arg-type]
            given = await commands.lodge_complaint(Work(prepared), at, "Antre", None, None, CLOCKS, SECRET, sender)
            return (await Work(prepared).get(COMPLAINTS, given.id, SYSTEM)).state.proven

        mine, theirs = {"person": "warga-1", "device": "d" * 22}, {"person": "warga-2"}
        assert [await lodged(at, **mine) for at in (unit, beside, elsewhere)] == [True, False, True]
        assert [await lodged(unit, **theirs), await lodged(unit)] == [True, False]
        tallies = {one.state.unit_id: one.state for one in await Work(prepared).find(COMPLAINT_TALLIES, SYSTEM, {})}
        told = [(one.counts["open"], one.proven["open"]) for one in (tallies[unit], tallies[beside])]
        assert told == [(3, 2), (1, 0)]

    async def test_at_the_same_moment_one_of_them_is_the_first(self, prepared: Database, town: Any) -> None:
        unit, sender = await town.unit(), Sender(person="warga-1", secret=SECRET)

        given = await asyncio.gather(
            *(
                commands.lodge_complaint(Work(prepared), unit, "Antre", None, None, CLOCKS, SECRET, sender)
                for _ in range(6)
            )
        )

        kept = [(await Work(prepared).get(COMPLAINTS, one.id, SYSTEM)).state.proven for one in given]
        assert sorted(kept) == [False] * 5 + [True]

    async def test_the_door_tells_an_address_that_has_lodged_too_many(self, http: httpx.AsyncClient, town: Any) -> None:
        body = {"unit_id": await town.unit(), "text": "Antre"}
        answers = [await http.post("/v1/complaints", json=body) for _ in range(MOST + 1)]
        assert [answer.status_code for answer in answers] == [201] * MOST + [429]
        assert answers[-1].json()["type"] == "urn:kinara:problem:too-many-complaints"

    async def test_without_the_key_a_receipt_opens_nothing(self, http: httpx.AsyncClient, counter: Counter) -> None:
        mine, other = await counter.lodged(), await counter.lodged()
        stolen = {"receipt": mine.receipt, "key": receipt.key_of(other.id, SECRET)}
        unknown = {"receipt": "AD-2611-K7Q2-M9XD-K", "key": receipt.key_of(mine.id, SECRET)}
        for route, words in (("track", {}), ("confirmation", {}), ("contest", {"words": "Belum"})):
            assert (await http.post(f"/v1/complaints/{route}", json=stolen | words)).status_code == 403
            assert (await http.post(f"/v1/complaints/{route}", json=unknown | words)).status_code == 404

    async def test_citizens_read_the_classes_and_their_days(self, http: httpx.AsyncClient) -> None:
        found = (await http.get("/v1/complaints/classes")).json()
        assert {one["sla_class"]: (one["verify_days"], one["answer_days"]) for one in found} == {
            "urgent": (1, 2), "light": (3, 2), "normal": (3, 5), "without_supervision": (3, 14),
            "investigation": (3, 60), "aspiration": (3, 5), "information": (3, 5), "wbs": (3, 5),
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"text": ""}, "body.text"),
            ({"text": "x" * 4001}, "body.text"),
            ({"topic": "cuaca"}, "body.topic"),
            ({"sla_class": "kilat"}, "sla_class"),
            ({"unit_id": "0197a000-0000-7000-8000-00000000dead"}, "unit_id"),
        ],
    )
    async def test_what_cannot_be_a_complaint_names_the_field(
        self, http: httpx.AsyncClient, town: Any, wrong: dict[str, Any], field: str
    ) -> None:
        body = {"unit_id": await town.unit(), "text": "Antre", **wrong}
        answer = await http.post("/v1/complaints", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


class TestWhoSeesIt:
    async def test_an_officer_sees_their_own_a_superior_those_of_their_reports_an_office_its_units(
        self, http: httpx.AsyncClient, counter: Counter, town: Any, deliver: Any, bearer: Bearer
    ) -> None:
        boss, colleague = await town.officer(), await town.officer()
        fact = town.registration(new_id(), "/16.71/plaju", await town.unit()).model_copy(
            update={"supervisor_id": boss}
        )  # fmt: skip
        await deliver(fact)
        given, waiting = await counter.with_officer(fact.employee_id), await counter.lodged()

        async def seen(headers: dict[str, str]) -> tuple[list[str], int]:
            listed = await http.get("/v1/complaints", headers=headers)
            one = await http.get(f"/v1/complaints/{given.id}", headers=headers)
            return [item["id"] for item in listed.json()["items"]], one.status_code

        assert await seen(bearer("employee", fact.employee_id)) == ([given.id], 200)
        assert await seen(bearer("supervisor", boss)) == ([given.id], 200)
        assert await seen(bearer("employee", boss)) == ([], 404), "not as an employee"
        assert await seen(bearer("supervisor", colleague)) == ([], 404)
        assert await seen(bearer("supervisor", fact.employee_id)) == ([given.id], 200), "one's own"
        assert await seen(bearer("oversight")) == ([given.id, waiting.id], 200)
        assert await seen(bearer("hr", units=("/96.71",))) == ([], 404)

    async def test_another_superior_sees_them_from_the_day_on_which_they_are_one(
        self, http: httpx.AsyncClient, counter: Counter, town: Any, deliver: Any, bearer: Bearer
    ) -> None:
        before, after, officer_id = [await town.officer() for _ in range(3)]
        given = await counter.with_officer(officer_id)
        fact = town.registration(officer_id, "/16.71/plaju", await town.unit())
        seen = []
        for boss in (before, after):
            facts = fact.model_dump() | {"supervisor_id": boss, "changed": ("supervisor_id",)}
            await deliver(EmployeeChanged.model_validate(facts))
            for who in (before, after):
                listed = await http.get("/v1/complaints", headers=bearer("supervisor", who))
                seen.append([item["id"] for item in listed.json()["items"]])
        assert seen == [[given.id], [], [], [given.id]]

    async def test_offices_list_by_unit_state_and_lateness(
        self, http: httpx.AsyncClient, counter: Counter, town: Any, bearer: Bearer
    ) -> None:
        given, waiting = await counter.with_officer(await town.officer()), await counter.lodged()
        counter.now = DUE
        await commands.tell_overdue(counter.work, given.id)

        async def listed(**asked: Any) -> list[str]:
            found = await http.get("/v1/complaints", params=asked, headers=bearer("hr"))
            return [item["id"] for item in found.json()["items"]]

        assert await listed(unit_id=await town.unit()) == [given.id, waiting.id]
        assert await listed(unit_id=new_id()) == []
        assert await listed(state="received") == [waiting.id]
        assert await listed(overdue=True) == [given.id]
        assert await listed(overdue=True, state="received") == []
        assert await listed(overdue=True, state="solved") == []
        first = (await http.get("/v1/complaints?limit=1", headers=bearer("hr"))).json()
        assert await listed(after=first["next"]) == [waiting.id]

    async def test_an_office_elsewhere_and_another_officer_change_nothing(self, counter: Counter, town: Any) -> None:
        officer_id, other = await town.officer(), await town.officer()
        given = await counter.with_officer(officer_id)
        sorong = Scope(paths=("/96.71",), label="hr-2")
        for step in (
            commands.verify_complaint(counter.work, sorong, given.id, "normal", "waktu", CLOCKS),
            commands.assign_complaint(counter.work, sorong, given.id, officer_id, "", CLOCKS),
            commands.answer_complaint(counter.work, sorong, given.id, Reply("solved", "Beres")),
            counter.answer(given, other),
        ):
            with pytest.raises(NotFound):
                await step
        with pytest.raises(refusals.NotAssignedToYou):
            await commands.answer_complaint(counter.work, HR, given.id, Reply("solved", "Beres"))

    async def test_an_office_sees_sums_with_everything_below(
        self, http: httpx.AsyncClient, counter: Counter, town: Any, bearer: Bearer
    ) -> None:
        top, officer_id = await town.unit("/16.71"), await town.officer()
        for _ in range(8):
            await counter.lodged()
        await counter.answer(await counter.with_officer(officer_id), officer_id)
        await counter.contest(await _answered(counter, officer_id))

        answer = await http.get(f"/v1/units/{top}/complaints?period=2026-11", headers=bearer("hr"))
        found = answer.json()["counts"]
        assert (found["received"], found["open"], found["solved_in_time"], found["reopened"]) == (10, 9, 1, 1)
        assert (await unit_complaints(counter.work, top, "2026-Q3", SYSTEM)).counts == dict.fromkeys(found, 0)


async def _answered(counter: Counter, officer_id: str) -> commands.Lodged:
    given = await counter.with_officer(officer_id)
    await counter.answer(given, officer_id)
    return given


class TestAtOneMoment:
    async def test_of_two_answers_one_is_given(self, counter: Counter, town: Any, said: Said) -> None:
        officer_id = await town.officer()
        given = await counter.with_officer(officer_id)

        outcomes = await asyncio.gather(
            *(counter.answer(given, officer_id, words=f"Jawaban {n}") for n in range(8)), return_exceptions=True
        )

        assert sum(isinstance(outcome, refusals.AlreadyAnswered) for outcome in outcomes) == 7
        assert len((await counter.found(given)).answers) == len(await said()) == 1

    async def test_of_a_confirmation_and_a_contest_one_holds(self, counter: Counter, town: Any, said: Said) -> None:
        officer_id = await town.officer()
        for _ in range(6):
            given, before = await _answered(counter, officer_id), len(await said())
            outcomes = await asyncio.gather(
                counter.confirm(given), counter.contest(given), return_exceptions=True
            )  # fmt: skip
            found = await counter.found(given)
            refused = [o for o in outcomes if isinstance(o, refusals.AlreadySettled | refusals.NotAnswered)]
            assert len(refused) == 1
            assert (found.confirmed_at is None) == found.is_open
            assert len(await said()) == before + found.is_open
        assert sorted(row["version"] for row in await said()) == list(range(1, len(await said()) + 1))

    async def test_the_timekeeper_against_an_answer_says_it_once_and_first(
        self, counter: Counter, town: Any, said: Said
    ) -> None:
        officer_id = await town.officer()
        for _ in range(6):
            counter.now = MONDAY
            given, before = await counter.with_officer(officer_id), len(await said())
            counter.now = DUE
            await asyncio.gather(
                commands.tell_overdue(counter.work, given.id),
                counter.answer(given, officer_id),
                commands.tell_overdue(counter.work, given.id),
            )
            facts = (await heard(said))[before:]
            assert [type(fact) for fact in facts] == [ComplaintOverdue, ComplaintResolved]
            assert not facts[1].within_sla
        assert [row["version"] for row in await said()] == list(range(1, 13))

    async def test_twenty_complaints_about_one_unit_are_all_kept_and_counted(self, counter: Counter, town: Any) -> None:
        unit_id = await town.unit()
        given = await asyncio.gather(*(counter.lodged() for _ in range(20)))
        assert len({one.receipt for one in given}) == 20
        counts = (await unit_complaints(counter.work, unit_id, "2026-11", SYSTEM)).counts
        assert counts is not None
        assert (counts["received"], counts["open"]) == (20, 20)


async def test_a_repeated_answer_is_given_once(counter: Counter, town: Any, said: Said) -> None:
    officer_id = await town.officer()
    given = await counter.with_officer(officer_id)
    work = Work(counter.database, now=lambda: MONDAY, idempotency=Idempotency("me:/answer:k", "f"))
    own = Scope(own=officer_id)
    first, again = [
        await commands.answer_complaint(work, own, given.id, Reply("solved", "Beres")) for _ in range(2)
    ]  # fmt: skip
    assert first == again
    assert len(await said()) == 1
    kept = str(await counter.database.find("idempotency", {}))
    assert not [word for word in ("Antre", "Beres", "key_hash") if word in kept]


async def test_what_a_fact_did_stands_on_the_page_of_its_officer(counter: Counter, town: Any) -> None:
    officer_id = await town.officer()
    given = await counter.with_officer(officer_id)
    counter.now = DUE + timedelta(hours=1)
    await counter.answer(given, officer_id)
    record = await Work(counter.database).get(SUBJECTS, officer_id, SYSTEM)
    rows = [row for row in await Work(counter.database).effects(record) if "complaint" in row]
    assert [(row["did"], row["complaint"]) for row in rows] == [
        ("complaint overdue", given.id), ("complaint resolved", given.id),
    ]  # fmt: skip


async def test_who_was_transferred_away_gets_no_complaint_back(counter: Counter, town: Any, deliver: Any) -> None:
    officer_id = await town.officer()
    given = await _answered(counter, officer_id)
    place = {"province": {"code": "16"}, "unit_path": "/16.71/ilir", "from_unit_path": "/16.71/plaju"}
    units = {"from_unit_id": await town.unit(), "to_unit_id": await town.unit("/16.71/ilir"), "supervisor_id": None}
    moved = {"employee_id": officer_id, "effective_on": "2026-12-01", "jabatan": "Analis", **place, **units}
    await deliver(EmployeeTransferred.model_validate(moved))

    reopened = await counter.contest(given)

    assert (reopened.state, reopened.employee_id) == ("verified", None)


async def test_who_moved_with_the_unit_gets_the_complaint_back(counter: Counter, town: Any, deliver: Any) -> None:
    officer_id = await town.officer()
    given = await _answered(counter, officer_id)
    await town.unit("/16.71/plaju", unit_path="/16.71/baru")
    place = town.registration(officer_id, "/16.71/baru", await town.unit("/16.71/plaju")).model_dump()
    await deliver(EmployeeChanged.model_validate(place | {"changed": ("unit_path",)}))

    assert (await counter.contest(given)).employee_id == officer_id


async def test_who_has_left_gets_no_complaint_back(counter: Counter, town: Any, deliver: Any, said: Said) -> None:
    officer_id = await town.officer()
    given = await _answered(counter, officer_id)
    place = town.registration(officer_id, "/16.71/plaju", new_id()).model_dump(include={"province", "unit_path"})
    left = {"employee_id": officer_id, "reason": "retired", "effective_on": "2026-12-01"}
    await deliver(EmployeeSeparated.model_validate(left | place))

    reopened = await counter.contest(given)

    assert (reopened.state, reopened.employee_id) == ("verified", None)
    assert [fact.employee_id for fact in await heard(said)] == [officer_id, officer_id]
