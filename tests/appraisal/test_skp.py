"""Plans (SKP) through the public door: proposed, sent back, agreed into targets, cascaded, and how far they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal import store
from appraisal.commands import closing, rounds
from appraisal.commands import skp as commands
from appraisal.domain.refusals import IndicatorNotAgreed, Refusal, TargetChangeNeedsReason
from appraisal.domain.skp import Indicator, Outcome
from embedded.demo.callers import month_in, today_in
from kinara.contracts.appraisal import SkpAgreed
from kinara.kit.ids import new_id
from kinara.kit.regional import calendar_of
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import Work

CALENDAR = calendar_of()
Bearer = Callable[..., dict[str, str]]
Everything = Callable[[], Awaitable[dict[str, Any]]]
YEAR, PERIOD = today_in("/16.71").year, month_in("/16.71")
LEFT = [f"{YEAR}-{month:02d}" for month in range(today_in("/16.71").month, 13)]
DOCUMENTS: dict[str, Any] = {
    "code": "dok",
    "name": "Dokumen terbit",
    "unit": "berkas",
    "aspect": "kuantitas",
    "polarity": "max",
}
DOCUMENTS |= {"target": "100", "weight": "1"}
MAIN = {"code": "h1", "kind": "utama", "text": "Dokumen kependudukan terbit", "indicators": [DOCUMENTS]}
PLAN = {"outcomes": [MAIN]}
TALK = {"reason": "Dialog kinerja"}
INDICATOR = Indicator(**DOCUMENTS | {"target": Decimal(100), "weight": Decimal(1)})
OUTCOMES = (Outcome(code="h1", kind="utama", text="Dokumen kependudukan terbit", indicators=(INDICATOR,)),)
"""The same plan as rules know it."""


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["type"].rpartition(":")[2], told.get("errors", [{"field": ""}])[0]["field"]


class Talk:
    """An officer and the superior, over HTTP."""

    def __init__(self, http: httpx.AsyncClient, bearer: Bearer, officer: str, superior: str) -> None:
        self.http, self.officer, self.superior = http, officer, superior
        self.me, self.boss = bearer("employee", officer, ()), bearer("supervisor", superior, ())

    async def ask(
        self,
        method: str,
        below: str = "",
        body: Any = None,
        who: Any = None,
        *,
        of: str = "",
        year: int = YEAR,
        **more: str,
    ) -> httpx.Response:
        path = f"/v1/skp/{of or self.officer}/{year}{below}"
        return await self.http.request(method, path, json=body, headers={**(who or self.boss), **more})

    async def propose(self, body: Any = PLAN, who: Any = None, **more: Any) -> httpx.Response:
        return await self.ask("PUT", "", body, who or self.me, **more)

    async def agree(self, body: Any = TALK, **more: Any) -> httpx.Response:
        return await self.ask("POST", "/agreement", body, **more)

    async def read(self, below: str = "", **more: Any) -> Any:
        answer = await self.ask("GET", below, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def talk(http: httpx.AsyncClient, bearer: Bearer, town: Any) -> Talk:
    superior = await town.officer(name="Sari Atasan")
    return Talk(http, bearer, await town.officer(superior=superior), superior)


async def test_the_catalogue_is_public_and_read_by_field(http: httpx.AsyncClient) -> None:
    everything = (await http.get("/v1/indicators")).json()
    health = (await http.get("/v1/indicators", params={"field": "kesehatan"})).json()
    assert {one["field"] for one in everything} == {"kesehatan", "kependudukan", "pendidikan", "pengaduan"}
    assert [one for one in everything if one["field"] == "kesehatan"] == health
    assert health[0] == {
        "field": "kesehatan", "field_name": "Kesehatan", "code": "layanan-kesehatan",
        "name": "Layanan kesehatan yang diberikan", "unit": "layanan", "polarity": "max", "aspect": "kuantitas",
        "target": "500", "source": "self_report",
    }  # fmt: skip
    unknown = await http.get("/v1/indicators", params={"field": "perikanan"})
    assert problem(unknown) == (422, "unknown-field", "field")


async def test_a_plan_from_the_proposal_to_its_progress(talk: Talk, heard: Any, card: Any) -> None:
    proposed = await talk.propose()
    assert proposed.status_code == 200, proposed.text
    assert (proposed.json()["state"], proposed.json()["agreed"]) == ("proposed", [])
    assert (await card(talk.officer)).months == {}, "nothing holds before it is agreed"

    agreed = await talk.agree()
    assert agreed.status_code == 201, agreed.text
    assert agreed.json()["agreed"][0]["indicators"][0]["periods"] == LEFT
    assert (agreed.json()["agreed_by"], agreed.json()["reason"]) == (talk.superior, "Dialog kinerja")
    kept = await card(talk.officer)
    assert {month: list(tallies.targets) for month, tallies in kept.months.items()} == {PERIOD: ["dok"]}
    (fact,) = await heard()
    assert isinstance(fact, SkpAgreed)
    assert (fact.employee_id, fact.year, fact.indicators, fact.agreed_by) == (talk.officer, YEAR, 1, talk.superior)
    assert fact.agreed_at == datetime.fromisoformat(agreed.json()["agreed_at"])

    report = {"indicator": "dok", "amount": "40"}
    made = await talk.http.post(f"/v1/scorecards/{talk.officer}/progress", json=report, headers=talk.me)
    assert made.status_code == 201, made.text
    told = await talk.read()
    now, *later = told["progress"]["h1"]["dok"]
    assert (now["period"], now["target"], now["done"], now["verified"]) == (PERIOD, "100", "40", "0")
    assert Decimal(now["pace"]) > 0
    assert [(one["period"], one["target"], one["done"], one["pace"]) for one in later] == [
        (period, "100", None, None) for period in LEFT[1:]
    ]
    assert [outcome["code"] for outcome in told["outcomes"]] == ["h1"]


async def test_what_the_card_records_of_an_agreement_names_the_superior(talk: Talk, effects: Any) -> None:
    await talk.propose()
    await talk.agree()
    recorded = [effect for effect in await effects(talk.officer) if effect["part"] == "K"]
    assert [(e["by"], e["ref"], e["inputs"]["reason"]) for e in recorded] == [(talk.superior, "dok", "Dialog kinerja")]


class Agreed:
    """A plan of November and December 2026, agreed on the second of November."""

    def __init__(self, talk: Talk, office: Any, policies: Any) -> None:
        self.officer, self.office, self.policies = talk.officer, office, policies
        self.boss = Scope(own=talk.superior, reports_of=talk.superior, label="boss")

    async def agree(self, outcomes: Any = OUTCOMES, day: str = "2026-11-02") -> Any:
        self.on(day)
        work, own = self.office.work, self.office.own(self.officer)
        await commands.propose_skp(work, own, self.policies, self.officer, 2026, outcomes)
        return await commands.agree_skp(work, self.boss, self.policies, self.officer, 2026, "Dialog kinerja")

    def on(self, day: str) -> Any:
        """The morning of a day; what asks for the time gets it."""
        self.office.now = datetime.fromisoformat(f"{day}T02:00:00Z")
        return lambda: self.office.now


@pytest.fixture
async def agreed(talk: Talk, office: Any) -> Agreed:
    plan = Agreed(talk, office, await store.shelf(office.database))
    await plan.agree()
    return plan


def targets(card: Any) -> dict[str, list[str]]:
    return {month: sorted(tallies.targets) for month, tallies in sorted(card.months.items())}


async def test_a_card_carries_the_targets_of_the_period_that_runs_whatever_the_plan_holds(
    talk: Talk, office: Any, prepared: Any
) -> None:
    """Six indicators from January on: a twelfth of what all periods together would make of the card."""
    six = tuple(replace(INDICATOR, code=f"i{n}") for n in range(6))
    plan = Agreed(talk, office, await store.shelf(prepared))
    await plan.agree((replace(OUTCOMES[0], indicators=six),), "2026-01-02")
    (kept,) = await prepared.find("scorecards", {"_id": talk.officer})
    del kept["page"]
    assert list(kept["months"]) == ["2026-01"]
    assert len(json.dumps(kept, default=str)) < 3_000


async def test_the_round_of_a_period_s_first_day_puts_its_targets_on_the_card_once(
    agreed: Agreed, card: Any, effects: Any, everything: Everything
) -> None:
    await rounds.work_off(agreed.office.database, agreed.on("2026-11-30"), calendar=CALENDAR)
    assert targets(await card(agreed.officer)) == {"2026-11": ["dok"]}
    await rounds.work_off(agreed.office.database, agreed.on("2026-12-01"), calendar=CALENDAR)
    assert targets(await card(agreed.officer)) == {"2026-11": ["dok"], "2026-12": ["dok"]}
    *_, put_on = await effects(agreed.officer)
    assert (put_on["month"], put_on["ref"], put_on["by"]) == ("2026-12", "dok", agreed.boss.own)

    once = (await everything())["scorecards"]
    await rounds.work_off(agreed.office.database, agreed.on("2026-12-02"), calendar=CALENDAR)
    assert (await everything())["scorecards"] == once


async def test_a_report_on_a_period_s_first_morning_is_taken_before_the_round_has_come(
    agreed: Agreed, card: Any, effects: Any
) -> None:
    agreed.on("2026-12-01")
    await agreed.office.report(agreed.officer, "3", code="dok")
    kept = await card(agreed.officer)
    assert targets(kept) == {"2026-11": ["dok"], "2026-12": ["dok"]}
    assert kept.scores["2026-12"].components["K"] is not None
    put_on, reported = (await effects(agreed.officer))[-2:]
    assert (put_on["month"], put_on["by"]) == ("2026-12", agreed.boss.own)
    assert (reported["inputs"]["amount"], reported["by"]) == (3, agreed.officer)


async def test_a_report_that_is_refused_leaves_no_target_behind(agreed: Agreed, everything: Everything) -> None:
    agreed.on("2026-12-01")
    before = await everything()
    with pytest.raises(IndicatorNotAgreed):
        await agreed.office.report(agreed.officer, "3", code="lain")
    assert await everything() == before


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_a_report_about_a_day_at_either_end_of_the_calendar_is_refused(agreed: Agreed, day: date) -> None:
    with pytest.raises(Refusal):
        await agreed.office.report(agreed.officer, "3", code="dok", on=day)


async def test_two_first_reports_at_once_put_the_targets_on_once(agreed: Agreed, card: Any, effects: Any) -> None:
    agreed.on("2026-12-01")
    await asyncio.gather(*(agreed.office.report(agreed.officer, "3", code="dok") for _ in range(2)))
    assert (await card(agreed.officer)).months["2026-12"].progress["dok"].unverified == 6
    assert [e["month"] for e in await effects(agreed.officer) if "target" in e["inputs"]] == ["2026-11", "2026-12"]


async def test_a_period_that_nobody_has_looked_at_is_closed_with_its_targets(agreed: Agreed, card: Any) -> None:
    """No round in all of December: the targets are put on by the first one after it, or by a close by hand."""
    agreed.on("2026-12-08")
    await agreed.office.close(agreed.officer, "2026-11")
    agreed.on("2027-01-08")
    closed = await agreed.office.close(agreed.officer, "2026-12")
    assert sorted(closed.months["2026-12"].targets) == ["dok"]
    assert closed.score.components["K"] == Decimal("7.5758"), "a tenth of the target is presumed, of eleven tenths"


async def test_a_round_after_a_missed_one_begins_and_closes_december(agreed: Agreed) -> None:
    await rounds.work_off(agreed.office.database, agreed.on("2027-01-08"), calendar=CALENDAR)
    found = await Work(agreed.office.database).find(store.CLOSED, SYSTEM, {})
    assert {one.state.period: sorted(one.state.months[one.state.period].targets) for one in found} == {
        "2026-11": ["dok"], "2026-12": ["dok"],
    }  # fmt: skip


async def test_a_reopened_period_has_its_targets_and_the_one_that_runs_keeps_its_own(agreed: Agreed, card: Any) -> None:
    await rounds.work_off(agreed.office.database, agreed.on("2026-12-08"), calendar=CALENDAR)
    assert targets(await card(agreed.officer)) == {"2026-11": [], "2026-12": ["dok"]}
    work = agreed.office.work
    await closing.reopen_period(work, SYSTEM, agreed.policies, agreed.officer, "2026-11", "Laporan tertinggal")
    assert targets(await card(agreed.officer)) == {"2026-11": ["dok"], "2026-12": ["dok"]}
    agreed.on("2026-12-09")
    await agreed.office.report(agreed.officer, "9", code="dok", on=date(2026, 11, 30))
    await rounds.work_off(agreed.office.database, agreed.on("2026-12-10"), calendar=CALENDAR)
    assert targets(await card(agreed.officer)) == {"2026-11": [], "2026-12": ["dok"]}


async def test_a_plan_agreed_for_next_year_begins_with_it(agreed: Agreed, card: Any) -> None:
    work, own = agreed.office.work, agreed.office.own(agreed.officer)
    await commands.propose_skp(work, own, agreed.policies, agreed.officer, 2027, OUTCOMES)
    await commands.agree_skp(work, agreed.boss, agreed.policies, agreed.officer, 2027, None)
    assert targets(await card(agreed.officer)) == {"2026-11": ["dok"]}
    await rounds.work_off(agreed.office.database, agreed.on("2027-01-01"), calendar=CALENDAR)
    assert targets(await card(agreed.officer))["2027-01"] == ["dok"]


async def test_a_plan_is_kept_whole(talk: Talk) -> None:
    """Everything that was sent is what is read, by all who may see the card."""
    days = DOCUMENTS | {"code": "hari", "aspect": "waktu", "polarity": "min", "target": "2.5", "weight": "0.25"}
    days |= {"source": "id.kinara.feedback.ComplaintResolved.v1", "periods": [f"{YEAR + 1}-03"]}
    more = {"code": "h2", "kind": "tambahan", "text": "Loket keliling", "innovation": True, "indicators": [days]}
    plan = {"outcomes": [MAIN, more | {"goal": "RPJMD 2.1 Pelayanan dasar", "supports": "b1"}]}
    assert (await talk.propose(plan, who=talk.boss, year=YEAR + 1)).status_code == 200
    for who in (talk.me, talk.boss):
        told = await talk.read(who=who, year=YEAR + 1)
        first, second = told["outcomes"]
        assert (first["innovation"], first["goal"], first["indicators"][0]["periods"]) == (False, None, [])
        assert second == plan["outcomes"][1]
        assert (told["proposed_by"], len(told["notes"])) == (talk.superior, 1)


async def test_a_proposal_goes_back_with_words_and_comes_again(talk: Talk) -> None:
    await talk.propose()
    back = await talk.ask("POST", "/remarks", {"words": "Tambahkan mutu layanan."})
    assert back.status_code == 201, back.text
    assert problem(await talk.agree()) == (409, "skp-not-proposed", "year")
    assert problem(await talk.ask("POST", "/remarks", {"words": "Lagi."})) == (409, "skp-not-proposed", "year")
    again = (await talk.propose()).json()
    assert (again["state"], again["version"]) == ("proposed", 2)
    assert [(one["version"], one["words"]) for one in again["remarks"]] == [(1, "Tambahkan mutu layanan.")]


async def test_a_changed_plan_says_what_changes_and_waits_for_a_new_agreement(talk: Talk, card: Any) -> None:
    await talk.propose()
    await talk.agree()
    revised = (await talk.propose({"outcomes": [MAIN | {"indicators": [DOCUMENTS | {"target": "120"}]}]})).json()
    assert (revised["state"], revised["version"], revised["agreed_version"]) == ("proposed", 2, 1)
    assert revised["changes"] == ["Indikator dok: target 100 menjadi 120."]
    assert (await card(talk.officer)).months[PERIOD].targets["dok"].target == 100
    assert (await talk.agree()).status_code == 201
    assert (await card(talk.officer)).months[PERIOD].targets["dok"].target == 120


async def test_a_late_agreement_without_a_reason_changes_neither_plan_nor_card(
    talk: Talk, office: Any, everything: Everything
) -> None:
    """On the last day of November, when a quarter of it has long passed."""
    policies, boss = await store.shelf(office.database), Scope(reports_of=talk.superior, label="boss")
    await commands.propose_skp(office.work, office.own(talk.officer), policies, talk.officer, 2026, OUTCOMES)
    before = await everything()
    assert [plan["state"] for plan in before["skp"]] == ["proposed"]
    with pytest.raises(TargetChangeNeedsReason):
        await commands.agree_skp(office.work, boss, policies, talk.officer, 2026, None)
    assert await everything() == before
    plan = await commands.agree_skp(office.work, boss, policies, talk.officer, 2026, "Pegawai baru")
    assert plan.agreed_by == talk.superior


async def test_a_closed_period_is_told_as_it_was_closed(talk: Talk, office: Any, bearer: Bearer) -> None:
    """November 2026, agreed and reported on, then closed in December; seen from then on."""
    policies, boss = await store.shelf(office.database), Scope(reports_of=talk.superior, label="boss")
    await commands.propose_skp(office.work, office.own(talk.officer), policies, talk.officer, 2026, OUTCOMES)
    await commands.agree_skp(office.work, boss, policies, talk.officer, 2026, "Pegawai baru")
    await office.report(talk.officer, "60", boss, code="dok")
    office.now = datetime.fromisoformat("2026-12-02T02:00:00Z")
    await office.close(talk.officer, "2026-11")

    for who in (talk.me, talk.boss, bearer("hr"), bearer("oversight")):
        november, december = (await talk.read(year=2026, who=who))["progress"]["h1"]["dok"]
        assert (november["done"], november["verified"], november["closed"]) == ("60", "60", True)
        assert november["pace"] == "0.6364"
        assert (december["target"], december["done"], december["closed"]) == ("100", None, False)

    await closing.reopen_period(office.work, SYSTEM, policies, talk.officer, "2026-11", "Laporan tertinggal")
    await office.verify(talk.officer, await office.report(talk.officer, "10", code="dok", on=date(2026, 11, 30)))
    november, _ = (await talk.read(year=2026))["progress"]["h1"]["dok"]
    assert (november["done"], november["closed"]) == ("70", False), "opened again, it is told from the card"


async def test_own_outcomes_stand_under_those_of_the_superior(talk: Talk, bearer: Bearer, town: Any) -> None:
    top = await town.officer(name="Kepala")
    middle = await town.officer(superior=top, name="Kabid")
    officer = await town.officer(superior=middle)
    above = Talk(talk.http, bearer, middle, top)
    below = Talk(talk.http, bearer, officer, middle)
    early = await below.read("/cascade")
    assert (early["superior_id"], early["superior_agreed"], early["rows"]) == (middle, False, [])

    part = MAIN | {"supports": "h1"}
    assert len((await below.propose({"outcomes": [part]})).json()["notes"]) == 1
    plan = {
        "outcomes": [MAIN, MAIN | {"code": "h2", "text": "Warga puas", "indicators": [DOCUMENTS | {"code": "puas"}]}]
    }
    assert (await above.propose(plan)).status_code == 200
    assert (await above.agree()).status_code == 201
    unknown = await below.propose({"outcomes": [MAIN | {"supports": "h9"}]})
    assert problem(unknown) == (422, "unknown-outcome", "supports")

    alone = MAIN | {"code": "x", "indicators": [DOCUMENTS | {"code": "y"}]}
    assert (await below.propose({"outcomes": [part, alone]})).json()["notes"] == []
    assert (await below.agree()).status_code == 201
    told = await below.read("/cascade", who=below.me)
    assert told["superior_agreed"]
    assert [
        (row["supports"], row["superior_outcome"], [o["code"] for o in row["outcomes"]]) for row in told["rows"]
    ] == [
        ("h1", "Dokumen kependudukan terbit", ["h1"]),
        ("h2", "Warga puas", []),
        (None, None, ["x"]),
    ]
    assert set(told["rows"][1]) == {"supports", "superior_outcome", "outcomes"}, "of the superior's, words only"
    theirs = await below.ask("GET", who=below.me, of=middle)
    assert theirs.status_code == 404, "the superior's plan is not theirs to read"


def with_indicator(**facts: Any) -> Any:
    return {"outcomes": [MAIN | {"indicators": [DOCUMENTS | facts]}]}


FIRST = "body.outcomes.0.indicators.0"
BAD: list[tuple[Any, int, str, str]] = [
    ({}, 422, "invalid", "body.outcomes"),
    ({"outcomes": []}, 422, "invalid", "body.outcomes"),
    ({"outcomes": [MAIN | {"kind": "tambahan"}]}, 422, "no-main-outcome", "outcomes"),
    ({"outcomes": [MAIN | {"kind": "besar"}]}, 422, "invalid", "body.outcomes.0.kind"),
    ({"outcomes": [MAIN | {"indicators": []}]}, 422, "invalid", "body.outcomes.0.indicators"),
    ({"outcomes": [MAIN, MAIN]}, 422, "invalid-outcome", "outcomes"),
    ({"outcomes": [MAIN | {"code": "a b"}]}, 422, "invalid-outcome", "outcomes"),
    ({"outcomes": [MAIN], "agreed": True}, 422, "invalid", "body.agreed"),
    (with_indicator(target="0"), 422, "invalid", f"{FIRST}.target"),
    (with_indicator(aspect="rasa"), 422, "invalid", f"{FIRST}.aspect"),
    (with_indicator(source="kata orang"), 422, "invalid-indicator", "source"),
    (with_indicator(unit="\u200b"), 422, "invalid-indicator", "unit"),
    (with_indicator(periods=[f"{YEAR}-Q4"]), 422, "invalid-period", "period"),
    (with_indicator(periods=[f"{YEAR + 1}-01"]), 422, "invalid-period", "periods"),
]
"""What cannot be: the status it gets, the problem, and the field that is named first."""


async def test_a_plan_that_cannot_be_is_refused_with_the_field_and_nothing_is_kept(
    talk: Talk, everything: Everything
) -> None:
    before = await everything()
    for body, *expected in BAD:
        assert problem(await talk.propose(body)) == tuple(expected), body
    assert problem(await talk.propose(year=YEAR - 1)) == (409, "period-over", "year")
    assert problem(await talk.propose(year=YEAR + 2)) == (422, "invalid-period", "year")
    assert problem(await talk.propose(year=1999))[:2] == (422, "invalid")
    assert problem(await talk.ask("POST", "/remarks", {"words": " "})) == (422, "invalid", "body.words")
    assert problem(await talk.agree())[:2] == (404, "not-found")
    assert await everything() == before


async def test_nobody_agrees_their_own_plan_and_strangers_find_none(
    talk: Talk, bearer: Bearer, town: Any, everything: Everything
) -> None:
    await talk.propose()
    stranger = await town.officer()
    before = await everything()
    for who in (bearer("supervisor", talk.officer, ()), bearer("supervisor", stranger, ())):
        assert problem(await talk.agree(who=who))[:2] == (404, "not-found")
        assert problem(await talk.ask("POST", "/remarks", {"words": "?"}, who))[:2] == (404, "not-found")
    for who in (
        bearer("employee", stranger, ()),
        bearer("employee", talk.superior, ()),
        bearer("hr", units=["/96.71"]),
    ):
        assert problem(await talk.ask("GET", who=who))[:2] == (404, "not-found")
        assert problem(await talk.ask("GET", "/cascade", who=who))[:2] == (404, "not-found")
    assert problem(await talk.agree(who=talk.me))[:2] == (403, "not-allowed")
    assert await everything() == before


async def test_a_plan_follows_the_employee_to_the_new_superior(talk: Talk, bearer: Bearer, town: Any) -> None:
    await talk.propose()
    superior = await town.officer("/96.71/dinkes", name="Atasan baru")
    await town.deliver(town.transfer(talk.officer, "/96.71/dinkes", superior))
    new = bearer("supervisor", superior, ())
    assert (await talk.ask("GET")).status_code == 404
    assert (await talk.ask("GET", who=new)).status_code == 200
    assert (await talk.agree(who=new)).status_code == 201


async def test_a_change_asks_for_the_revision_that_was_read(talk: Talk, everything: Everything) -> None:
    await talk.propose()
    tag = (await talk.ask("GET")).headers["etag"]
    await talk.propose({"outcomes": [MAIN | {"text": "Lain"}]})
    before = await everything()
    for stale in (
        await talk.agree(**{"If-Match": tag}),
        await talk.propose(**{"If-Match": tag}),
        await talk.ask("POST", "/remarks", {"words": "Ya."}, **{"If-Match": tag}),
    ):
        assert (stale.status_code, stale.json()["type"]) == (412, "urn:kinara:problem:stale")
    assert await everything() == before
    assert (await talk.agree(**{"If-Match": (await talk.ask("GET")).headers["etag"]})).status_code == 201


async def test_a_repeated_request_under_one_key_is_one_agreement(talk: Talk, everything: Everything) -> None:
    await talk.propose()
    key = {"Idempotency-Key": new_id()}
    first = await talk.agree(**key)
    once = await everything()
    again = await talk.agree(**key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert await everything() == once


async def test_of_two_who_agree_at_once_one_is_told_that_nothing_waits(talk: Talk, said: Any) -> None:
    await talk.propose()
    answers = await asyncio.gather(talk.agree(), talk.agree())
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert [row["type"] for row in await said()].count(SkpAgreed.type()) == 1
