"""Guards against gaming on the real database and through the door: caps, bursts, repeats, and who is behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from feedback import commands
from feedback.commands import Choice, Voice
from feedback.domain import receipt, refusals
from feedback.domain.answering import UNSUR
from feedback.domain.sender import NOBODY, Sender
from feedback.domain.standing import WITHIN, Standing
from feedback.domain.subject import Subject
from feedback.store import ANSWERS, COLLECTIONS, FEEDBACK, STANDINGS, SUBJECTS
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database, Taken
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, Work, command
from structlog.testing import capture_logs

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]

AT = datetime(2026, 11, 14, 3, 5, tzinfo=UTC)
SECRET = b"a secret of the test"
OVERSIGHT = Scope(paths=("/16.71",), label="oversight")


@pytest.fixture
def speak(prepared: Database) -> Any:
    """A citizen rates an officer; from an address, on a device, at a moment, with a ticket or without."""

    async def of(officer: str, *, at: datetime = AT, code: str | None = None, rating: int = 4, **sender: Any) -> Any:
        work, who = Work(prepared, now=lambda: at), Sender(secret=SECRET, **sender)
        return await commands.give_feedback(work, Voice(officer, None, rating, "", code), SECRET, who)

    return of


async def subject(database: Database, id_: str) -> Subject:
    return (await Work(database).get(SUBJECTS, id_, SYSTEM)).state


def named(rows: list[dict[str, Any]]) -> list[str]:
    return [row["type"].split(".")[3] for row in rows]


class TestClusters:
    async def test_fifty_voices_of_one_address_at_once_weigh_two_together_and_the_facts_say_so(
        self, prepared: Database, town: Any, speak: Any, said: Said
    ) -> None:
        officer = await town.officer()

        given = await asyncio.gather(*(speak(officer, address="103.10.60.7") for _ in range(20)))

        assert sorted(g.trust for g in given) == [Decimal(0)] * 10 + [Decimal("0.2")] * 10
        assert (await subject(prepared, officer)).weight == 2
        facts = [row["data"] for row in await said()]
        assert sum('"trust":"0.2"' in fact for fact in facts) == 10
        assert sorted(row["version"] for row in await said()) == list(range(1, 21))

    async def test_who_is_behind_the_office_s_address_with_a_ticket_counts_in_full(self, town: Any, speak: Any) -> None:
        unit, officer = await town.unit(), await town.officer()
        for _ in range(12):
            await speak(officer, address="103.10.60.7")
        codes = [(await town.ticket(unit, officer)).code for _ in range(3)]

        given = [await speak(officer, address="103.10.60.7", code=code, at=datetime.now(UTC)) for code in codes]

        assert [g.trust for g in given] == [Decimal(1)] * 3

    async def test_a_survey_answer_weighs_what_its_cluster_has_left(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        officer, who = await town.officer(), Sender(address="103.10.60.7", secret=SECRET)
        for _ in range(9):
            await speak(officer, address="103.10.60.7")
        work, marks = Work(prepared, now=lambda: AT), dict.fromkeys(UNSUR, 4)

        answers = [await commands.answer_survey(work, officer, None, marks, None, who) for _ in range(2)]

        assert [a.trust for a in answers] == [Decimal("0.2"), Decimal(0)]
        assert await prepared[ANSWERS.name].count_documents({}) == 2

    async def test_a_voice_costs_no_query_more_for_being_weighed(
        self, prepared: Database, town: Any, speak: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        officer = await town.officer()
        read: list[str] = []
        find = Database.find

        async def counted(self: Database, collection: str, *args: Any, **options: Any) -> Any:
            read.append(collection)
            return await find(self, collection, *args, **options)

        monkeypatch.setattr(Database, "find", counted)
        await speak(officer, address="103.10.60.7")
        assert read == ["subjects"]
        read.clear()
        await asyncio.gather(*(speak(officer, address=f"10.0.0.{n}", device=f"{n:022}") for n in range(20)))
        assert read.count("standings") <= 2, "asked for together"


class TestBursts:
    async def flood(self, speak: Any, officer: str, count: int, at: datetime = AT) -> list[Any]:
        return [await speak(officer, rating=1, address=f"103.10.{n // 250}.{n % 250}", at=at) for n in range(count)]

    async def test_what_comes_beyond_the_usual_is_kept_and_said_to_be_held(
        self, prepared: Database, town: Any, speak: Any, said: Said
    ) -> None:
        officer = await town.officer()

        given = await self.flood(speak, officer, 23)

        assert [g.status for g in given] == ["received"] * 20 + ["quarantined"] * 3
        assert (await subject(prepared, officer)).votes == 20
        assert named(await said())[20:] == ["FeedbackReceived", "FeedbackQuarantined"] * 3
        assert [row["version"] for row in await said()] == list(range(1, 27))
        assert (await speak(officer, at=AT + timedelta(hours=1))).status == "received"

    async def test_a_burst_that_comes_at_once_is_the_same_burst(
        self, prepared: Database, town: Any, speak: Any, said: Said
    ) -> None:
        officer = await town.officer()

        given = await asyncio.gather(*(speak(officer, address=f"103.10.0.{n}") for n in range(40)))

        assert sorted(g.status for g in given) == ["quarantined"] * 20 + ["received"] * 20
        assert (await subject(prepared, officer)).votes == 20
        assert named(await said()).count("FeedbackQuarantined") == 20

    async def test_oversight_releases_one_then_all_of_the_burst_and_they_count(
        self, prepared: Database, town: Any, speak: Any, said: Said
    ) -> None:
        officer = await town.officer()
        given = await self.flood(speak, officer, 25)
        work, one = Work(prepared), given[21].id

        first = await commands.decide(work, OVERSIGHT, Choice((one,)), "release", "Pelayanan massal")
        burst = (await Work(prepared).get(FEEDBACK, one, SYSTEM)).state.burst
        rest = await commands.decide(work, OVERSIGHT, Choice(burst=burst), "release", "Pelayanan massal")

        assert (first.decided, rest.decided, rest.more) == (1, 4, False)
        assert ((await subject(prepared, officer)).votes, (await subject(prepared, officer)).weight) == (25, Decimal(5))
        assert named(await said())[-5:] == ["FeedbackReleased"] * 5
        with pytest.raises(NotFound):
            await commands.decide(work, OVERSIGHT, Choice(burst=burst), "release", "Lagi")
        with pytest.raises(refusals.NotQuarantined):
            await commands.decide(work, OVERSIGHT, Choice((one,)), "uphold", "Berubah")

    async def test_oversight_upholds_and_nothing_ever_counts(
        self, prepared: Database, town: Any, speak: Any, said: Said
    ) -> None:
        officer = await town.officer()
        given = await self.flood(speak, officer, 22)
        before = await subject(prepared, officer)

        await commands.decide(Work(prepared), OVERSIGHT, Choice((given[20].id, given[21].id)), "uphold", "Serentak")

        assert await subject(prepared, officer) == before
        assert named(await said())[-2:] == ["FeedbackWithdrawn"] * 2
        key = receipt.key_of(given[20].id, SECRET)
        gone = await commands.withdraw_feedback(Work(prepared), given[20].receipt, key)
        assert gone.status == "withdrawn"
        assert len(await said()) == 26, "there is nothing left to say"

    async def test_a_large_burst_is_decided_in_parts(
        self, prepared: Database, town: Any, speak: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("feedback.commands.quarantine.MOST", 3)
        officer = await town.officer()
        given = await self.flood(speak, officer, 24)
        choice = Choice(burst=(await Work(prepared).get(FEEDBACK, given[-1].id, SYSTEM)).state.burst)

        parts = [await commands.decide(Work(prepared), OVERSIGHT, choice, "release", "Wajar") for _ in range(2)]

        assert [(p.decided, p.more) for p in parts] == [(3, True), (1, False)]

    async def test_elsewhere_there_is_nothing_to_decide_and_one_bad_choice_decides_nothing(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        given = await self.flood(speak, await town.officer(), 22)
        held = given[20].id

        for scope, ids in [(Scope(paths=("/96.71",)), (held,)), (OVERSIGHT, (held, new_id()))]:
            with pytest.raises(NotFound):
                await commands.decide(Work(prepared), scope, Choice(ids), "release", "Wajar")
        for choice in (Choice(), Choice((held,), burst="burst")):
            with pytest.raises(refusals.InvalidChoice):
                await commands.decide(Work(prepared), OVERSIGHT, choice, "release", "Wajar")
        assert (await Work(prepared).get(FEEDBACK, held, SYSTEM)).state.status == "quarantined"

    async def test_a_held_voice_is_taken_back_without_having_counted(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        officer = await town.officer()
        given = (await self.flood(speak, officer, 21))[-1]

        await commands.withdraw_feedback(Work(prepared), given.receipt, receipt.key_of(given.id, SECRET))

        assert (await subject(prepared, officer)).votes == 20


class TestRepeats:
    async def test_of_one_device_the_last_voice_counts(
        self, prepared: Database, town: Any, speak: Any, said: Said
    ) -> None:
        officer, device = await town.officer(), "d" * 22
        first = await speak(officer, rating=1, device=device)

        last = await speak(officer, rating=3, device=device, at=AT + timedelta(days=29))

        counted = await subject(prepared, officer)
        assert (counted.votes, counted.weighted) == (1, Decimal("0.6"))
        assert named(await said()) == ["FeedbackReceived", "FeedbackWithdrawn", "FeedbackReceived"]
        assert f'"replaced_by":"{last.id}"' in (await said())[1]["data"]
        assert (await Work(prepared).get(FEEDBACK, first.id, SYSTEM)).state.status == "withdrawn"

    async def test_also_when_they_come_at_the_same_moment(self, prepared: Database, town: Any, speak: Any) -> None:
        officer = await town.officer()

        await asyncio.gather(*(speak(officer, rating=n % 4 + 1, device="d" * 22) for n in range(12)))

        assert (await subject(prepared, officer)).votes == 1
        assert await prepared[FEEDBACK.name].count_documents({"status": "received"}) == 1
        assert await prepared[STANDINGS.name].count_documents({}) == 1

    async def test_the_database_has_one_place_for_a_device_and_an_officer(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        await speak(await town.officer(), device="d" * 22)
        (kept,) = await Work(prepared).find(STANDINGS, SYSTEM, {})

        @command
        async def keep(tx: Transaction, standing: Standing) -> None:
            tx.save(STANDINGS, standing)

        with pytest.raises(Taken):
            await keep(Work(prepared), replace(kept.state, feedback_id=new_id()))

    async def test_after_thirty_days_about_another_officer_or_on_another_device_both_count(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        officer, other, device = await town.officer(), await town.officer(), "d" * 22
        await speak(officer, device=device)

        await speak(officer, device=device, at=AT + WITHIN)
        await speak(officer, device="e" * 22)
        await speak(other, device=device)

        assert [(await subject(prepared, id_)).votes for id_ in (officer, other)] == [3, 1]

    async def test_at_the_turn_of_the_year_the_last_still_counts(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        officer, new_year = await town.officer(), datetime(2026, 12, 31, 17, tzinfo=UTC)

        for days in (-1, 1, 2, 28):
            await speak(officer, device="d" * 22, at=new_year + timedelta(days=days))

        assert (await subject(prepared, officer)).votes == 1

    async def test_each_ticket_is_another_service_whoever_s_device_it_is(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        unit, officer = await town.unit(), await town.officer()
        for _ in range(2):
            ticket = await town.ticket(unit, officer)
            await speak(officer, device="d" * 22, code=ticket.code, at=ticket.issued_at)

        assert (await subject(prepared, officer)).weight == 2

    async def test_people_behind_one_address_who_send_no_key_do_not_silence_each_other(
        self, prepared: Database, town: Any, speak: Any
    ) -> None:
        officer = await town.officer()
        for _ in range(5):
            await speak(officer, address="103.10.60.7")

        assert ((await subject(prepared, officer)).votes, (await subject(prepared, officer)).weight) == (5, Decimal(1))
        assert await prepared[STANDINGS.name].count_documents({}) == 0


@pytest.fixture
async def citizen(app: FastAPI, prepared: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client at an address of its own."""
    app.state.database = prepared
    transport = httpx.ASGITransport(app, client=("103.10.60.7", 443))
    async with httpx.AsyncClient(transport=transport, base_url="http://feedback") as client:
        yield client


class TestDoor:
    async def give(self, http: httpx.AsyncClient, officer: str, **headers: str) -> Any:
        body = {"rating": 4, "employee_id": officer}
        answer = await http.post("/v1/feedback", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def test_who_tracks_a_held_voice_sees_that_it_is_checked_and_what_was_decided(
        self, citizen: httpx.AsyncClient, town: Any, bearer: Bearer, look_from: Any
    ) -> None:
        look_from(2)
        officer = await town.officer()
        *_, held, other = [await self.give(citizen, officer) for _ in range(4)]
        assert (held["status"], "tim pengawas" in held["message"]) == ("quarantined", True)
        proof = {"receipt": held["receipt"], "key": held["key"]}
        tracked = (await citizen.post("/v1/feedback/track", json=proof)).json()
        assert (tracked["status"], "memeriksanya" in tracked["message"]) == ("quarantined", True)
        assert tracked["because"].startswith("Lonjakan")

        listed = (await citizen.get("/v1/quarantine", headers=bearer("oversight"))).json()["items"]
        assert [item["id"] for item in listed] == [held["id"], other["id"]]
        decision = {"feedback_ids": [held["id"]], "reason": "Pelayanan massal"}
        released = await citizen.post("/v1/quarantine/release", json=decision, headers=bearer("oversight"))
        assert released.json() == {"decided": 1, "more": False}
        decision = {"burst": listed[0]["burst"], "reason": "Dikirim serentak"}
        upheld = await citizen.post("/v1/quarantine/uphold", json=decision, headers=bearer("oversight"))
        assert upheld.json() == {"decided": 1, "more": False}

        tracked = (await citizen.post("/v1/feedback/track", json=proof)).json()
        assert (tracked["status"], tracked["because"]) == ("received", "Pelayanan massal")
        proof = {"receipt": other["receipt"], "key": other["key"]}
        tracked = (await citizen.post("/v1/feedback/track", json=proof)).json()
        assert (tracked["status"], tracked["because"]) == ("rejected", "Dikirim serentak")
        again = await citizen.post("/v1/quarantine/release", json=decision, headers=bearer("oversight"))
        assert again.status_code == 404
        decision = {"feedback_ids": [other["id"]], "reason": "Berubah"}
        late = await citizen.post("/v1/quarantine/release", json=decision, headers=bearer("oversight"))
        assert (late.status_code, late.json()["type"]) == (409, "urn:kinara:problem:not-quarantined")

    async def test_the_quarantine_is_read_page_by_page_and_inside_the_scope(
        self, citizen: httpx.AsyncClient, town: Any, bearer: Bearer, look_from: Any
    ) -> None:
        look_from(1)
        officer = await town.officer()
        held = [(await self.give(citizen, officer))["id"] for _ in range(4)][1:]

        first = (await citizen.get("/v1/quarantine?limit=2", headers=bearer("oversight"))).json()
        last = await citizen.get(f"/v1/quarantine?limit=2&after={first['next']}", headers=bearer("oversight"))

        assert [item["id"] for item in first["items"] + last.json()["items"]] == held
        assert last.json()["next"] is None
        elsewhere = await citizen.get("/v1/quarantine", headers=bearer("oversight", None, ("/96.71",)))
        assert elsewhere.json()["items"] == []

    async def test_a_device_speaks_once_and_a_key_that_can_be_guessed_is_refused(
        self, citizen: httpx.AsyncClient, prepared: Database, town: Any
    ) -> None:
        officer = await town.officer()
        for _ in range(2):
            await self.give(citizen, officer, **{"X-Device-Key": "Zk3vRr0c1xWq8TtYh2NmPA"})

        assert (await subject(prepared, officer)).votes == 1
        body = {"rating": 4, "employee_id": officer}
        weak = await citizen.post("/v1/feedback", json=body, headers={"X-Device-Key": "1"})
        assert (weak.status_code, weak.json()["errors"][0]["field"].lower()) == (422, "header.x-device-key")

    async def test_a_header_that_anybody_can_write_makes_no_other_address(
        self, citizen: httpx.AsyncClient, prepared: Database, town: Any
    ) -> None:
        officer = await town.officer()
        for n in range(12):
            await self.give(citizen, officer, **{"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"})

        assert (await subject(prepared, officer)).weight == 2

    async def test_address_and_device_are_nowhere_in_what_is_stored_said_or_logged(
        self,
        citizen: httpx.AsyncClient,
        prepared: Database,
        town: Any,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setattr("kinara.kit.http._log", structlog.get_logger())
        officer, device = await town.officer(), "Zk3vRr0c1xWq8TtYh2NmPA"
        with capture_logs() as logged, caplog.at_level("DEBUG"):
            key = {"X-Device-Key": device, "Idempotency-Key": new_id()}
            await self.give(citizen, officer, **key)
            answer = {"employee_id": officer, **dict.fromkeys(UNSUR, 4)}
            assert (await citizen.post("/v1/surveys", json=answer, headers=key)).status_code == 201

        names = [c.name for c in COLLECTIONS] + ["outbox", "idempotency", "ledger"]
        kept = [await prepared.find(name, {}) for name in names]
        for text in (str(kept), str(logged), caplog.text, repr(NOBODY)):
            assert "103.10.60" not in text
            assert device not in text
