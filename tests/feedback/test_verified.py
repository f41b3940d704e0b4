"""Verified people: a token says that somebody real speaks, and is forgotten; of each one voice counts, the last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from feedback import commands
from feedback.commands import Voice
from feedback.domain.answering import UNSUR
from feedback.domain.sender import Sender
from feedback.domain.standing import WITHIN, Standing
from feedback.domain.subject import Subject
from feedback.queries import ikm
from feedback.settings import CitizenIssuer
from feedback.store import ANSWERS, COLLECTIONS, FEEDBACK, STANDINGS, SUBJECTS
from kinara.kit.identity import Role, Verifier
from kinara.kit.ids import new_id
from kinara.kit.issuer import public_keys, token
from kinara.kit.mongo import Database, Taken
from kinara.kit.scope import SYSTEM
from kinara.kit.settings import ServiceSettings
from kinara.kit.work import Transaction, Work, command
from structlog.testing import capture_logs

AT = datetime(2026, 11, 14, 3, 5, tzinfo=UTC)
SECRET = b"a secret of the test"
PROVIDER, AUDIENCE = "https://inapas.example.go.id", "kinara-warga"
Vouch = Callable[..., dict[str, str]]


def person(name: str = "warga-1", **more: Any) -> Sender:
    return Sender(person=name, secret=SECRET, **more)


@pytest.fixture
def rate(prepared: Database) -> Any:
    async def of(officer: str, who: Sender, *, at: datetime = AT, rating: int = 4, code: str | None = None) -> Any:
        work = Work(prepared, now=lambda: at)
        return await commands.give_feedback(work, Voice(officer, None, rating, "", code), SECRET, who)

    return of


@pytest.fixture
def ask(prepared: Database) -> Any:
    async def of(officer: str, who: Sender, *, at: datetime = AT, mark: int = 4) -> Any:
        work, marks = Work(prepared, now=lambda: at), dict.fromkeys(UNSUR, mark)
        return await commands.answer_survey(work, officer, None, marks, None, who)

    return of


async def subject(database: Database, id_: str) -> Subject:
    return (await Work(database).get(SUBJECTS, id_, SYSTEM)).state


async def test_of_a_person_the_last_rating_counts_half_whatever_the_device(
    prepared: Database, town: Any, rate: Any
) -> None:
    officer = await town.officer()
    first = await rate(officer, person(device="d" * 22), rating=1)

    await rate(officer, person(device="e" * 22), rating=3, at=AT + timedelta(days=29))

    counted = await subject(prepared, officer)
    assert (counted.votes, counted.weight, counted.weighted) == (1, Decimal("0.5"), Decimal("1.5"))
    assert (await Work(prepared).get(FEEDBACK, first.id, SYSTEM)).state.status == "withdrawn"


async def test_also_when_they_come_at_the_same_moment(prepared: Database, town: Any, rate: Any) -> None:
    officer = await town.officer()

    await asyncio.gather(*(rate(officer, person(), rating=n % 4 + 1) for n in range(12)))

    assert (await subject(prepared, officer)).votes == 1
    assert await prepared[STANDINGS.name].count_documents({}) == 1


async def test_the_database_has_one_place_for_a_person_and_an_officer(prepared: Database, town: Any, rate: Any) -> None:
    await rate(await town.officer(), person())
    (kept,) = await Work(prepared).find(STANDINGS, SYSTEM, {})

    @command
    async def keep(tx: Transaction, standing: Standing) -> None:
        tx.save(STANDINGS, standing)

    with pytest.raises(Taken):
        await keep(Work(prepared), replace(kept.state, feedback_id=new_id()))


async def test_after_thirty_days_about_another_officer_and_with_a_ticket_all_count(
    prepared: Database, town: Any, rate: Any
) -> None:
    unit, officer, other = await town.unit(), await town.officer(), await town.officer()
    await rate(officer, person())
    await rate(officer, person(), at=AT + WITHIN)
    await rate(other, person())
    ticket = await town.ticket(unit, officer)
    await rate(officer, person(), code=ticket.code, at=ticket.issued_at)

    assert [(await subject(prepared, id_)).weight for id_ in (officer, other)] == [Decimal(2), Decimal("0.5")]


async def test_people_at_the_office_s_own_address_are_not_capped(prepared: Database, town: Any, rate: Any) -> None:
    officer = await town.officer()

    given = [await rate(officer, person(f"warga-{n}", address="103.10.60.7")) for n in range(12)]

    assert {one.trust for one in given} == {Decimal("0.5")}
    assert (await subject(prepared, officer)).weight == 6


async def test_of_a_person_s_survey_answers_the_last_counts_and_the_former_is_taken_back(
    prepared: Database, town: Any, ask: Any, rate: Any, said: Any
) -> None:
    officer, unit = await town.officer(), await town.unit()
    await rate(officer, person())
    first = await ask(officer, person(), mark=1)

    last = await ask(officer, person(), mark=3, at=AT + timedelta(days=9))

    found = await ikm.unit_ikm(Work(prepared), unit, "2026-11", SYSTEM)
    assert found.result is not None
    assert (found.answers, found.result.ikm) == (1, Decimal(75))
    assert (await Work(prepared).get(ANSWERS, first.id, SYSTEM)).state.status == "withdrawn"
    rows = await said()
    assert [row["type"].split(".")[3] for row in rows][1:] == [
        "SurveyAnswered", "SurveyAnswerWithdrawn", "SurveyAnswered",
    ]  # fmt: skip
    assert f'"replaced_by":"{last.id}"' in rows[2]["data"]
    known = await subject(prepared, officer)
    assert (known.votes, known.guard.verified) == (1, 1), "a rating and an answer stand beside each other"


async def test_an_answer_given_anew_while_it_was_held_is_in_no_sum(prepared: Database, town: Any, ask: Any) -> None:
    officer, unit = await town.officer(), await town.unit()
    for number in range(20):
        await ask(officer, person(f"warga-{number}"))
    held = await ask(officer, person("warga-20"))

    again = await ask(officer, person("warga-20"), at=AT + timedelta(hours=1))

    assert (held.status, again.status) == ("quarantined", "received")
    assert (await ikm.unit_ikm(Work(prepared), unit, "2026-11", SYSTEM)).answers == 21


@pytest.fixture
def provider(tmp_path: Path, app: FastAPI) -> Iterator[ServiceSettings]:
    """An identity provider whose word on citizens is believed."""
    settings = ServiceSettings(oidc_issuer=PROVIDER, oidc_audience=AUDIENCE, issuer_key=tmp_path / "warga.json")
    token(settings, roles=[Role.EMPLOYEE])  # it makes its key at its first token
    before = app.state.citizens
    keys = f"file:{public_keys(settings.issuer_key)}"
    app.state.citizens = Verifier(CitizenIssuer(PROVIDER, AUDIENCE, keys))
    yield settings
    app.state.citizens = before


@pytest.fixture
def vouch(provider: ServiceSettings) -> Vouch:
    """The header of a citizen."""

    def of(name: str = new_id(), **changed: Any) -> dict[str, str]:
        signed = token(provider.model_copy(update=changed), roles=[], employee=name)
        return {"X-Citizen-Token": signed}

    return of


async def give(http: httpx.AsyncClient, officer: str, headers: dict[str, str]) -> httpx.Response:
    return await http.post("/v1/feedback", json={"rating": 4, "employee_id": officer}, headers=headers)


async def test_who_brings_a_token_weighs_half_and_who_brings_none_is_as_before(
    http: httpx.AsyncClient, prepared: Database, town: Any, vouch: Vouch
) -> None:
    officer, me = await town.officer(), new_id()

    given = [await give(http, officer, headers) for headers in (vouch(me), vouch(me), vouch(new_id()), {})]

    assert [one.json()["trust"] for one in given] == ["0.5", "0.5", "0.5", "0.2"]
    counted = await subject(prepared, officer)
    assert (counted.votes, counted.weight) == (3, Decimal("1.2"))
    answer = await http.post("/v1/surveys", json={"employee_id": officer, **dict.fromkeys(UNSUR, 4)}, headers=vouch(me))
    assert answer.json()["trust"] == "0.5"


@pytest.mark.parametrize(
    "changed",
    [{"oidc_audience": "kinara"}, {"oidc_issuer": "https://other.example"}],
    ids=["meant for officers", "of another provider"],
)
async def test_a_token_that_proves_nothing_is_refused_rather_than_ignored(
    http: httpx.AsyncClient, town: Any, vouch: Vouch, changed: dict[str, Any]
) -> None:
    officer = await town.officer()

    for headers in (vouch(new_id(), **changed), {"X-Citizen-Token": "a.b.c"}):
        refused = await give(http, officer, headers)
        problem = refused.json()
        assert (refused.status_code, problem["type"]) == (401, "urn:kinara:problem:proof-refused")
        assert problem["errors"][0]["field"] == "header.X-Citizen-Token"


async def test_where_nobody_vouches_for_citizens_no_token_is_believed(
    http: httpx.AsyncClient, app: FastAPI, town: Any, vouch: Vouch
) -> None:
    app.state.citizens, header = None, vouch()

    assert (await give(http, await town.officer(), header)).status_code == 401


async def test_while_the_provider_s_keys_cannot_be_had_the_citizen_is_asked_to_try_again(
    http: httpx.AsyncClient, app: FastAPI, town: Any, vouch: Vouch, tmp_path: Path
) -> None:
    app.state.citizens, header = Verifier(CitizenIssuer(PROVIDER, AUDIENCE, f"file:{tmp_path}/none")), vouch()

    assert (await give(http, await town.officer(), header)).status_code == 503


async def test_who_the_person_is_stands_nowhere(
    http: httpx.AsyncClient, prepared: Database, town: Any, vouch: Vouch, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("kinara.kit.http._log", structlog.get_logger())
    officer, me = await town.officer(), new_id()
    header = vouch(me)
    with capture_logs() as logged, caplog.at_level("DEBUG"):
        assert (await give(http, officer, header | {"Idempotency-Key": new_id()})).status_code == 201
        body = {"employee_id": officer, **dict.fromkeys(UNSUR, 4)}
        assert (await http.post("/v1/surveys", json=body, headers=header)).status_code == 201

    names = [c.name for c in COLLECTIONS] + ["outbox", "idempotency", "ledger"]
    kept = [await prepared.find(name, {}) for name in names]
    for text in (str(kept), str(logged), caplog.text):
        assert me not in text
        assert header["X-Citizen-Token"] not in text
