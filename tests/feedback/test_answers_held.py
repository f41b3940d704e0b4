"""Survey answers that come as a burst: held, in no sum and no score, until oversight has looked at them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from appraisal.domain.folds import FOLDS
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.scorecard import Scorecard
from feedback import commands
from feedback.commands import Choice, Voice, campaigns
from feedback.domain import refusals, token
from feedback.domain.answering import UNSUR, Answer
from feedback.domain.sender import Sender
from feedback.domain.subject import Subject
from feedback.queries import ikm
from feedback.store import ANSWERS, SUBJECTS
from kinara.contracts import ROOTS, events_said_by
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Work

Bearer = Callable[..., dict[str, str]]
Said = Callable[[], Awaitable[list[dict[str, Any]]]]

AT = datetime(2026, 11, 14, 3, 5, tzinfo=UTC)
SECRET = b"a secret of the test"
OVERSIGHT = Scope(paths=("/16.71",), label="oversight")
FACTS = {event.type(): event for service in ROOTS for event in events_said_by(service)}
SHIPPED = Path(__file__).parents[2] / "services" / "appraisal" / "appraisal" / "policies"
BURST = "2026-11-14T03/tanpa-karcis"


@pytest.fixture
def ask(prepared: Database) -> Any:
    """A citizen answers the survey about an officer, or of a code; each from an address of their own."""

    async def of(officer: str | None, *, at: datetime = AT, mark: int = 4, code: str | None = None) -> Answer:
        work, who = Work(prepared, now=lambda: at), Sender(address=f"10.0.{new_id()}", secret=SECRET)
        return await commands.answer_survey(work, officer, None, dict.fromkeys(UNSUR, mark), code, who)

    return of


async def subject(database: Database, id_: str) -> Subject:
    return (await Work(database).get(SUBJECTS, id_, SYSTEM)).state


async def counted(database: Database, unit: str) -> int:
    """How many answers of the month count in the IKM of the unit."""
    return (await ikm.unit_ikm(Work(database), unit, "2026-11", SYSTEM)).answers


def named(rows: list[dict[str, Any]]) -> list[str]:
    return [row["type"].split(".")[3] for row in rows]


async def test_what_comes_beyond_the_usual_is_kept_in_no_sum_and_said_to_be_held(
    prepared: Database, town: Any, ask: Any, said: Said
) -> None:
    officer = await town.officer()

    given = [await ask(officer, mark=1) for _ in range(23)]

    assert [one.status for one in given] == ["received"] * 20 + ["quarantined"] * 3
    assert await counted(prepared, await town.unit()) == 20
    assert named(await said())[20:] == ["SurveyAnswered", "SurveyAnswerQuarantined"] * 3
    assert [row["version"] for row in await said()] == list(range(1, 27))
    assert (await ask(officer, at=AT + timedelta(hours=1))).status == "received"


async def test_a_burst_that_comes_at_once_is_the_same_burst(prepared: Database, town: Any, ask: Any) -> None:
    officer = await town.officer()

    given = await asyncio.gather(*(ask(officer) for _ in range(40)))

    assert sorted(one.status for one in given) == ["quarantined"] * 20 + ["received"] * 20
    assert await counted(prepared, await town.unit()) == 20


async def test_who_floods_with_ratings_and_answers_is_one_crowd_that_is_decided_about_together(
    prepared: Database, town: Any, ask: Any
) -> None:
    officer = await town.officer()
    for number in range(21):
        who = Sender(address=f"103.10.0.{number}", secret=SECRET)
        voice = Voice(officer, None, 1, "", None)
        await commands.give_feedback(Work(prepared, now=lambda: AT), voice, SECRET, who)
    held = await ask(officer)

    decided = await commands.decide(Work(prepared), OVERSIGHT, Choice(burst=held.burst), "release", "Pelayanan massal")

    assert (held.status, decided.decided) == ("quarantined", 2)
    assert ((await subject(prepared, officer)).votes, await counted(prepared, await town.unit())) == (21, 1)


async def test_oversight_releases_one_then_all_of_the_burst_and_each_counts_once(
    prepared: Database, town: Any, ask: Any, said: Said
) -> None:
    officer, unit = await town.officer(), await town.unit()
    given = [await ask(officer, mark=2) for _ in range(60)]
    work, one = Work(prepared), given[21].id

    first = await commands.decide(work, OVERSIGHT, Choice(answer_ids=(one, one)), "release", "Pelayanan massal")
    rest = await commands.decide(work, OVERSIGHT, Choice(burst=given[21].burst), "release", "Pelayanan massal")

    assert (first.decided, rest.decided, rest.more) == (1, 39, False), "more of them than a month has sums"
    assert await counted(prepared, unit) == 60
    result = (await ikm.unit_ikm(Work(prepared), unit, "2026-11", SYSTEM)).result
    assert result is not None
    assert result.ikm == 50
    assert named(await said())[-40:] == ["SurveyAnswerReleased"] * 40
    with pytest.raises(NotFound):
        await commands.decide(work, OVERSIGHT, Choice(burst=given[21].burst), "release", "Lagi")
    with pytest.raises(refusals.NotQuarantined):
        await commands.decide(work, OVERSIGHT, Choice(answer_ids=(one,)), "uphold", "Berubah")
    assert await counted(prepared, unit) == 60


async def test_oversight_upholds_and_the_answer_never_counts(
    prepared: Database, town: Any, ask: Any, said: Said
) -> None:
    officer = await town.officer()
    held = [await ask(officer) for _ in range(21)][-1]
    before = await subject(prepared, officer)

    await commands.decide(Work(prepared), OVERSIGHT, Choice(answer_ids=(held.id,)), "uphold", "Serentak")

    kept = (await Work(prepared).get(ANSWERS, held.id, SYSTEM)).state
    assert (kept.status, kept.because, await counted(prepared, await town.unit())) == ("rejected", "Serentak", 20)
    assert named(await said())[-1] == "SurveyAnswerWithdrawn"
    assert await subject(prepared, officer) == before


async def test_elsewhere_there_is_nothing_to_decide_and_one_bad_choice_decides_nothing(
    prepared: Database, town: Any, ask: Any
) -> None:
    officer = await town.officer()
    held = [await ask(officer) for _ in range(21)][-1]

    for scope, ids in [(Scope(paths=("/96.71",)), (held.id,)), (OVERSIGHT, (held.id, new_id()))]:
        with pytest.raises(NotFound):
            await commands.decide(Work(prepared), scope, Choice(answer_ids=ids), "release", "Wajar")
    many = tuple(new_id() for _ in range(150))
    for choice in (Choice(answer_ids=(held.id,), burst=held.burst), Choice(many, many)):
        with pytest.raises(refusals.InvalidChoice):
            await commands.decide(Work(prepared), OVERSIGHT, choice, "release", "Wajar")
    assert (await Work(prepared).get(ANSWERS, held.id, SYSTEM)).state.status == "quarantined"


async def test_those_invited_to_a_campaign_come_as_a_burst_because_they_were_asked(
    prepared: Database, town: Any, ask: Any
) -> None:
    unit, today = await town.unit(), date(2026, 11, 14)
    work = Work(prepared, now=lambda: AT)
    asked = await campaigns.announce(work, OVERSIGHT, unit, "SKM", (today, today), 30)
    batch = await campaigns.invite(work, OVERSIGHT, asked.id, 30, SECRET)

    given = [await ask(None, code=code) for code in token.codes_of(batch.id, batch.count, SECRET)]

    assert {one.status for one in given} == {"received"}
    assert (await ask(await town.officer())).status == "received"
    assert (await subject(prepared, unit)).guard.pace("ticket").voices == 0, "nor do they make a burst of others"


async def test_tickets_that_answer_by_the_dozen_are_looked_at_too(prepared: Database, town: Any, ask: Any) -> None:
    unit, officer = await town.unit(), await town.officer()
    codes = [(await town.ticket(unit, officer)).code for _ in range(21)]

    given = [await ask(officer, code=code, at=datetime.now(UTC)) for code in codes]

    assert [one.status for one in given] == ["received"] * 20 + ["quarantined"]
    assert given[-1].burst is not None
    assert given[-1].burst.endswith("/karcis")
    assert (await subject(prepared, officer)).guard.verified == 20, "what is held widens no cap"


async def test_a_burst_of_answers_moves_no_score_until_it_is_released(
    prepared: Database, town: Any, ask: Any, said: Said
) -> None:
    officer = await town.officer()
    for number in range(23):
        await ask(officer, mark=3 if number < 20 else 1)

    async def satisfaction() -> tuple[Decimal | None, Decimal]:
        """What appraisal's folds make of all that was said: M, and the weight of what counts."""
        card = Scorecard(officer, "16", "/16.71/plaju")
        policies = Policies(parse_policy(yaml.safe_load(file.read_text())) for file in SHIPPED.glob("*.yaml"))
        for row in await said():
            event = FACTS[row["type"]].model_validate_json(row["data"])
            card = FOLDS[type(event)](card, event, policies)[0]
        return card.scores["2026-11"].components["M"], card.months["2026-11"].votes.weight

    without, weight = await satisfaction()
    assert weight == 4
    await commands.decide(Work(prepared), SYSTEM, Choice(burst=f"{officer}/{BURST}"), "release", "Keluhan yang nyata")
    after, more = await satisfaction()
    assert more == Decimal("4.6")
    assert (after or 0) < (without or 0)


async def test_oversight_reads_what_is_held_and_the_citizen_is_told(
    http: httpx.AsyncClient, town: Any, bearer: Bearer, look_from: Callable[[int], None]
) -> None:
    look_from(1)
    body = {"employee_id": await town.officer(), **dict.fromkeys(UNSUR, 4)}
    first, *held = [(await http.post("/v1/surveys", json=body)).json() for _ in range(4)]
    assert (first["status"], held[0]["status"]) == ("received", "quarantined")
    assert "tim pengawas" in held[0]["message"]

    page = (await http.get("/v1/quarantine/answers?limit=2", headers=bearer("oversight"))).json()
    rest = await http.get(f"/v1/quarantine/answers?limit=2&after={page['next']}", headers=bearer("oversight"))
    items = page["items"] + rest.json()["items"]
    assert [item["id"] for item in items] == [one["id"] for one in held]
    assert (items[0]["marks"], items[0]["because"][:8]) == (dict.fromkeys(UNSUR, 4), "Lonjakan")
    elsewhere = await http.get("/v1/quarantine/answers", headers=bearer("oversight", None, ("/96.71",)))
    assert elsewhere.json()["items"] == []

    decision = {"answer_ids": [held[0]["id"]], "reason": "Pelayanan massal"}
    released = await http.post("/v1/quarantine/release", json=decision, headers=bearer("oversight"))
    assert released.json() == {"decided": 1, "more": False}
    again = await http.post("/v1/quarantine/uphold", json=decision, headers=bearer("oversight"))
    assert (again.status_code, again.json()["type"]) == (409, "urn:kinara:problem:not-quarantined")
