"""Appraisal through its public door: a month of one officer, and how everything that cannot be is refused."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from appraisal.domain.behaviour import Nilai
from appraisal.store import SCORECARDS
from embedded.demo.callers import month_in, today_in
from kinara.contracts.feedback import FeedbackWithdrawn
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.work import Work

Bearer = Callable[..., dict[str, str]]
Everything = Callable[[], Awaitable[dict[str, Any]]]
PERIOD = month_in("/16.71")
TODAY = today_in("/16.71")
LAST_MONTH = f"{TODAY.replace(day=1) - timedelta(days=1):%Y-%m}"
TARGET = {"period": PERIOD, "name": "Berkas selesai", "unit": "berkas", "polarity": "max", "target": "100"}
TARGET |= {"weight": "1", "reason": "Dialog kinerja"}
LINK = "https://contoh.go.id/berkas"
MARKS = {value.value: 3 for value in Nilai}


async def test_a_month_from_the_target_to_the_explanation(
    http: httpx.AsyncClient, bearer: Bearer, deliver: Deliverer, town: Any, officer: str, superior: str
) -> None:
    card, me, boss = f"/v1/scorecards/{officer}", bearer("employee", officer, ()), bearer("supervisor", superior, ())

    made = await http.post(f"{card}/progress", json={"indicator": "berkas", "amount": "500", "link": LINK}, headers=me)
    assert made.status_code == 201
    verified = await http.post(f"{card}/progress/{made.json()['report_id']}/verification", headers=boss)
    assert verified.status_code == 200
    rated = await http.post(f"{card}/behaviour", json=MARKS | {"loyal": 4}, headers=boss)
    assert rated.status_code == 201
    (score,) = rated.json()["scores"]
    assert (score["period"], score["policy"], score["components"]["K"]) == (PERIOD, "plaju@1", "100.0000")
    assert (score["predikat"], score["predikat_code"]) == ("Baik", 2)

    await deliver(town.voice(officer, 4, given_at=utc_now()), town.complaint(officer, resolved_at=utc_now()))
    told = (await http.get(f"{card}/periods/{PERIOD}/explanation", headers=me)).json()
    for part, account in told["components"].items():
        total = Decimal(account["opened_with"]) + sum(Decimal(line["delta"]) for line in account["effects"])
        assert total == Decimal(account["value"])
        if account["applies"]:
            assert total == Decimal(told["score"]["components"][part])
    assert {part for part, account in told["components"].items() if account["applies"]} == set("KMAB")
    weights = {part: Decimal(weight) for part, weight in told["weights_in_force"].items()}
    assert (set(weights), sum(weights.values())) == (set("KMAB"), 1)
    raw = sum(weight * Decimal(told["components"][part]["value"]) for part, weight in weights.items())
    assert abs(raw - Decimal(told["raw_score"])) <= Decimal("0.00501")
    assert told["weights_note"] == "Belum dinilai: Pembelajaran; bobotnya dibagi kepada yang lain."
    assert [line["by"] for line in told["components"]["K"]["effects"]] == [superior, officer, superior]
    assert [line["by"] for line in told["components"]["M"]["effects"]] == [None], "a citizen, whom nobody knows"
    recorded = (await http.get(f"{card}/effects", headers=bearer("oversight"))).json()
    lines = [line["event_id"] for account in told["components"].values() for line in account["effects"]]
    assert {None} < set(lines) < {None, *(row["id"] for row in recorded)}, "a voice is told without its id"


def exact(told: dict[str, Any]) -> dict[str, Decimal]:
    return {
        part: Decimal(account["opened_with"]) + sum(Decimal(line["delta"]) for line in account["effects"])
        for part, account in told["components"].items()
    }


@pytest.mark.parametrize("who", ["employee", "supervisor"])
async def test_whoever_is_rated_and_their_superior_hear_of_citizens_by_the_day_only(
    http: httpx.AsyncClient, bearer: Bearer, deliver: Deliverer, town: Any, officer: str, superior: str, who: str
) -> None:
    now = utc_now()
    voices = [town.voice(officer, rating, given_at=now) for rating in (4, 1, 4)]
    survey = town.survey(officer, 2, answered_at=now)
    gone = {"feedback_id": voices[0].feedback_id, "given_at": now, "reason": "citizen"}
    await deliver(*voices, survey, town.voice(officer, 4, FeedbackWithdrawn, **gone))
    path = f"/v1/scorecards/{officer}/periods/{PERIOD}/explanation"
    me = bearer(who, officer if who == "employee" else superior, ())
    told = (await http.get(path, headers=me)).json()
    office = (await http.get(path, headers=bearer("oversight"))).json()

    heard, known = (one["components"]["M"]["effects"] for one in (told, office))
    assert [line["event"] for line in heard] == ["Citizens"] * len({line["on"] for line in known})
    assert {(line["at"], line["event_id"], line["ref"], line["by"]) for line in heard} == {(None,) * 4}
    assert "2× Umpan balik warga bernilai 4 dari 4 (bobot 1) diterima." in heard[0]["note"]
    assert [share["ref"] for share in told["satisfaction_shares"]] == [None] * 4
    ratings = [Decimal(share["rating"]) for share in told["satisfaction_shares"][1:]]
    assert ratings == sorted(ratings)
    shares = [sum(Decimal(share["share"]) for share in one["satisfaction_shares"]) for one in (told, office)]
    assert abs(shares[0] - shares[1]) < Decimal("1e-20")
    ids = {line[name] for line in known for name in ("event_id", "ref")}
    assert not [id_ for id_ in ids if id_ in str(told)]
    assert exact(told) == exact(office) == {p: Decimal(a["value"]) for p, a in told["components"].items()}
    assert [line["ref"] for line in known] == [*(v.feedback_id for v in voices), survey.answer_id, gone["feedback_id"]]
    assert all(line["at"] for line in known), "oversight is told when"


async def test_a_report_of_an_earlier_day_is_judged_by_that_day(
    http: httpx.AsyncClient, bearer: Bearer, officer: str, superior: str
) -> None:
    card, boss = f"/v1/scorecards/{officer}", bearer("supervisor", superior, ())
    first = TODAY.replace(day=1)
    made = await http.post(
        f"{card}/progress", json={"indicator": "berkas", "amount": "1", "on": f"{first}"}, headers=boss
    )
    assert made.status_code == 201, made.text
    (score,) = (await http.get(card, headers=boss)).json()["scores"]
    due = Decimal(1) / monthrange(first.year, first.month)[1] + Decimal("0.1")
    assert abs(Decimal(score["components"]["K"]) - Decimal("0.11") / due / Decimal("1.2") * 100) < Decimal("0.0001")


async def test_last_month_is_rated_by_its_name(
    http: httpx.AsyncClient, bearer: Bearer, officer: str, superior: str
) -> None:
    card, boss = f"/v1/scorecards/{officer}", bearer("supervisor", superior, ())
    rated = await http.post(f"{card}/behaviour", json=MARKS | {"period": LAST_MONTH}, headers=boss)
    assert rated.status_code == 201, rated.text
    assert {s["period"]: s["perilaku_kerja"] for s in rated.json()["scores"]} == {LAST_MONTH: "83.33", PERIOD: None}


async def test_texts_of_a_target_are_kept_without_the_blanks_around_them(
    http: httpx.AsyncClient, bearer: Bearer, prepared: Database, officer: str, superior: str
) -> None:
    agreed = await http.put(
        f"/v1/scorecards/{officer}/indicators/berkas",
        json=TARGET | {"name": "  Surat keluar ", "unit": " surat "},
        headers=bearer("supervisor", superior, ()),
    )
    assert agreed.status_code == 200, agreed.text
    card = (await Work(prepared).get(SCORECARDS, officer, SYSTEM)).state
    target = card.months[PERIOD].targets["berkas"]
    assert (target.name, target.unit) == ("Surat keluar", "surat")


async def test_how_weights_are_meant_stands_in_the_description_of_the_door(http: httpx.AsyncClient) -> None:
    fields = (await http.get("/openapi.json")).json()["components"]["schemas"]["TargetRequest"]["properties"]
    assert "need not sum to one" in fields["weight"]["description"]
    assert "quarter of the period" in fields["reason"]["description"]


BAD: dict[str, list[tuple[Any, int, str]]] = {
    "POST progress": [
        ({"amount": "1"}, 422, "body.indicator"),
        ({"indicator": "rapat", "amount": "1"}, 422, "indicator"),
        ({"indicator": "berkas", "amount": "-1"}, 422, "body.amount"),
        ({"indicator": "berkas", "amount": "NaN"}, 422, "body.amount"),
        ({"indicator": "berkas", "amount": "0.0001"}, 422, "body.amount"),
        ({"indicator": "berkas", "amount": "1", "verified": True}, 422, "body.verified"),
        ({"indicator": "berkas", "amount": "1", "on": "kemarin"}, 422, "body.on"),
        ({"indicator": "berkas", "amount": "1", "on": f"{TODAY + timedelta(days=2)}"}, 422, "on"),
        ({"indicator": "berkas", "amount": "1", "on": f"{LAST_MONTH}-01"}, 422, "indicator"),  # agreed this month only
    ],
    "POST progress/1/verification": [({}, 422, "path.report_id")],
    f"POST progress/{new_id()}/verification": [({}, 404, "report_id")],
    "POST behaviour": [
        (MARKS | {"loyal": 6}, 422, "body.loyal"),
        (MARKS | {"loyal": "3"}, 422, "body.loyal"),
        ({**MARKS, "ramah": 3}, 422, "body.ramah"),
        ({"loyal": 3}, 422, "body.berorientasi_pelayanan"),
        (MARKS | {"period": "kemarin"}, 422, "period"),
        (MARKS | {"period": f"{TODAY.year}"}, 422, "period"),
        (MARKS | {"period": f"{TODAY.year + 1}-12"}, 409, "period"),
    ],
    "PUT indicators/b c": [(TARGET, 422, "code")],
    "PUT indicators/b": [
        (TARGET | {"target": "0"}, 422, "target"),
        (TARGET | {"weight": "1.1"}, 422, "body.weight"),
        (TARGET | {"period": "2026-13"}, 422, "period"),
        (TARGET | {"period": "2026-Q4"}, 422, "period"),  # Plaju appraises every month
        (TARGET | {"period": LAST_MONTH}, 409, "period"),
        (TARGET | {"polarity": "up"}, 422, "body.polarity"),
        (TARGET | {"name": "   "}, 422, "body.name"),
        (TARGET | {"name": " a "}, 422, "body.name"),
        (TARGET | {"unit": " "}, 422, "body.unit"),
        (TARGET | {"unit": "\u200b"}, 422, "unit"),
    ],
    "POST closings": [({"period": "kemarin"}, 422, "period"), ({}, 422, "body.period")],
}
"""What cannot be, by route: the status it gets and the field that is named first."""


@pytest.mark.parametrize("route", BAD, ids=lambda route: route.split("/")[0])
async def test_bad_input_is_answered_with_the_field_and_nothing_is_half_written(
    http: httpx.AsyncClient, bearer: Bearer, everything: Everything, officer: str, superior: str, route: str
) -> None:
    method, _, path = route.partition(" ")
    who = bearer("hr") if path == "closings" else bearer("supervisor", superior, ())
    before = await everything()

    for body, status, field in BAD[route]:
        answer = await http.request(method, f"/v1/scorecards/{officer}/{path}", json=body, headers=who)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), body
        assert answer.json()["errors"][0]["field"] == field
    assert await everything() == before


async def test_nobody_judges_their_own_work(
    http: httpx.AsyncClient, bearer: Bearer, everything: Everything, officer: str
) -> None:
    """Whoever supervises others has a card too; on their own they may only report."""
    card, me = f"/v1/scorecards/{officer}", bearer("supervisor", officer, ())
    report = {"indicator": "berkas", "amount": "1"}
    made = await http.post(f"{card}/progress", json=report, headers=me)
    before = await everything()

    answers = [
        await http.post(f"{card}/progress/{made.json()['report_id']}/verification", headers=me),
        await http.post(f"{card}/behaviour", json=MARKS, headers=me),
        await http.put(f"{card}/indicators/berkas", json=TARGET | {"target": "1"}, headers=me),
    ]

    problems = [answer.json()["type"].rpartition(":")[2] for answer in answers]
    assert problems == ["self-verification", "self-rating", "not-found"]
    assert [answer.status_code for answer in answers] == [403, 403, 404]
    assert await everything() == before
    (pending,) = before["scorecards"][-1]["months"][PERIOD]["pending"].values()
    assert pending["amount"] == 1, "their own report waits for somebody else"


async def test_a_repeated_request_under_one_key_is_one_request(
    http: httpx.AsyncClient, bearer: Bearer, everything: Everything, officer: str, superior: str
) -> None:
    card, me, boss = f"/v1/scorecards/{officer}", bearer("employee", officer, ()), bearer("supervisor", superior, ())
    report = {"indicator": "berkas", "amount": "1", "link": LINK}
    made = (await http.post(f"{card}/progress", json=report, headers=me)).json()["report_id"]

    for path, body, header in [
        ("progress", report, me),
        (f"progress/{made}/verification", {}, boss),
        ("behaviour", MARKS, boss),
        ("closings", {"period": LAST_MONTH}, bearer("hr")),
    ]:
        keyed = {**header, "Idempotency-Key": new_id()}
        first = await http.post(f"{card}/{path}", json=body, headers=keyed)
        once = await everything()
        again = await http.post(f"{card}/{path}", json=body, headers=keyed)
        assert first.is_success, first.text
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert await everything() == once, path


async def test_a_change_asks_for_the_revision_that_was_read(
    http: httpx.AsyncClient, bearer: Bearer, everything: Everything, officer: str, superior: str
) -> None:
    card, boss = f"/v1/scorecards/{officer}", bearer("supervisor", superior, ())
    tag = (await http.get(card, headers=boss)).headers["etag"]
    await http.post(f"{card}/behaviour", json=MARKS, headers={**boss, "If-Match": tag})
    before = await everything()

    stale = await http.post(f"{card}/behaviour", json=MARKS, headers={**boss, "If-Match": tag})

    assert (stale.status_code, stale.json()["type"]) == (412, "urn:kinara:problem:stale")
    assert await everything() == before


async def test_a_supervisor_sees_their_own_reports_and_nobody_elses(
    http: httpx.AsyncClient, bearer: Bearer, deliver: Deliverer, town: Any, officer: str, superior: str
) -> None:
    second = await town.officer(superior=superior)
    below, other = await town.officer(superior=second), await town.officer()
    await deliver(town.voice(second, 4, given_at=utc_now()))

    async def team(who: str, **query: Any) -> Any:
        return (await http.get("/v1/team", params=query, headers=bearer("supervisor", who, ()))).json()

    seen = await team(superior)
    assert [card["employee_id"] for card in seen["items"]] == sorted([officer, second])
    assert {card["employee_id"]: card["scores"][0]["score"] for card in seen["items"]} == {
        officer: None,
        second: "81.61",
    }
    first = await team(superior, limit=1)
    assert (await team(superior, limit=1, after=first["next"]))["items"] == seen["items"][1:]
    assert [card["employee_id"] for card in (await team(second))["items"]] == [below]
    assert (await team(other))["items"] == []


async def test_the_policy_of_a_unit_is_public_and_inherited(http: httpx.AsyncClient) -> None:
    listed = (await http.get("/v1/policies")).json()
    assert {policy["policy"] for policy in listed} == {
        "nasional@1", "plaju@1", "sorong@1", "palangkaraya@1", "bengkulu@1",
    }  # fmt: skip
    for unit_path, day, policy in [
        ("/16.71/plaju/pelayanan/loket-3", "2026-11-22", "plaju@1"),
        ("/16.71/plaju", "2025-12-31", "nasional@1"),
        ("/16.71", "2026-11-22", "nasional@1"),
        ("/17/dinas", "2026-11-22", "bengkulu@1"),
    ]:
        answer = await http.get("/v1/policies/in-force", params={"unit_path": unit_path, "day": day})
        assert (answer.status_code, answer.json()["policy"]) == (200, policy)
