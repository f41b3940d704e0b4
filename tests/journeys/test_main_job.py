"""The main job through real processes: a feed comes in, people speak and learn, scores move and are explained."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from embedded.demo.callers import Callers, month_in, today_in
from kinara.kit.identity import Role

Ask = Callable[..., Any]
PERIOD = month_in("/16.71")
VALUES = ("berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif")


@pytest.fixture(scope="module")
async def plaju(imported: Ask, heard: Ask) -> list[dict[str, Any]]:
    """Scorecards of the officers of Plaju, after Palembang's people have come in from the stub SIASN."""
    done = await imported("16.71")
    assert done["processed"] == done["created"] + done["updated"] + done["unchanged"] + done["rejected"]

    found = [card for card in await heard("/16.71/plaju") if card["supervisor_id"]]
    assert len(found) >= 4
    return found


def score_of(card: dict[str, Any], period: str = PERIOD) -> dict[str, Any] | None:
    return next((s for s in card["scores"] if s["period"] == period), None)


async def test_a_citizens_feedback_moves_the_score_and_the_explanation_adds_up(
    plaju: list[dict[str, Any]], callers: Callers, post: Ask, when: Ask
) -> None:
    officer = plaju[0]["employee_id"]
    given = [await post("feedback", "/v1/feedback", {"rating": r, "employee_id": officer}) for r in (4, 4, 1)]
    card = f"/v1/scorecards/{officer}"
    refs = {g["id"] for g in given}
    await when("appraisal", f"{card}/effects", lambda rows: refs <= {row.get("ref") for row in rows})
    explained = await callers.read("appraisal", f"{card}/periods/{PERIOD}/explanation")
    m = explained["components"]["M"]
    assert [line["ref"] for line in m["effects"]] == [g["id"] for g in given]
    total = Decimal(m["opened_with"]) + sum(Decimal(line["delta"]) for line in m["effects"])
    assert total == Decimal(m["value"]) == Decimal(explained["score"]["components"]["M"])
    mean = sum(Decimal(share["share"]) for share in explained["satisfaction_shares"])
    assert abs(mean - (15 * Decimal("3.2") + Decimal("0.2") * 9) / Decimal("15.6")) < Decimal("0.001")


async def test_withdrawn_feedback_no_longer_counts(
    plaju: list[dict[str, Any]], callers: Callers, post: Ask, when: Ask
) -> None:
    officer = plaju[1]["employee_id"]
    card = f"/v1/scorecards/{officer}"
    given = await post("feedback", "/v1/feedback", {"rating": 1, "employee_id": officer})
    low = await when("appraisal", card, score_of)
    assert Decimal(score_of(low)["components"]["M"]) < Decimal("79.83")
    await post("feedback", "/v1/feedback/withdrawal", {"receipt": given["receipt"], "key": given["key"]})
    back = await when(
        "appraisal",
        f"{card}/effects",
        lambda rows: (
            [row["type"] for row in rows if row.get("ref") == given["id"]] == ["FeedbackReceived", "FeedbackWithdrawn"]
        ),
    )
    assert sum(Decimal(row["deltas"][PERIOD]["M"]) for row in back if row.get("ref") == given["id"]) == 0


async def test_a_complaint_counts_while_it_is_solved_and_no_longer_when_its_citizen_contests_it(
    plaju: list[dict[str, Any]], callers: Callers, post: Ask, when: Ask
) -> None:
    officer = plaju[3]["employee_id"]
    body = {"unit_id": await unit_of(callers, officer), "text": "Antre lama", "topic": "waktu"}
    kept = await post("feedback", "/v1/complaints", body)
    path, proof = f"/v1/complaints/{kept['id']}", {"receipt": kept["receipt"], "key": kept["key"]}
    await post("feedback", f"{path}/verification", {"sla_class": "normal", "topic": "waktu"}, Role.HR)
    await post("feedback", f"{path}/assignment", {"employee_id": officer}, Role.HR)

    async def told(outcomes: list[str]) -> list[str]:
        """The marks A after each fact of this complaint, once all have arrived."""
        rows = await when(
            "appraisal",
            f"/v1/scorecards/{officer}/effects",
            lambda rows: [row["type"] for row in rows if row.get("ref") == kept["id"]] == outcomes,
        )
        return [row["deltas"][PERIOD]["A"] for row in rows if row.get("ref") == kept["id"]]

    reply = {"outcome": "solved", "words": "Loket ditambah"}
    await post("feedback", f"{path}/answer", reply, Role.EMPLOYEE, officer)
    (up,) = await told(["ComplaintResolved"])
    assert Decimal(up) == Decimal("1.8182"), "from eight of ten to nine of eleven"
    await post("feedback", "/v1/complaints/contest", proof | {"words": "Masih antre"})
    _, down = await told(["ComplaintResolved", "ComplaintReopened"])
    assert Decimal(down) == Decimal("-9.0909"), "to eight of eleven"


async def unit_of(callers: Callers, officer: str) -> str:
    return str((await callers.read("personnel", f"/v1/employees/{officer}", Role.HR))["unit_id"])


async def test_a_low_score_opens_a_need_and_the_training_that_closes_it_raises_the_score(
    plaju: list[dict[str, Any]], callers: Callers, post: Ask, when: Ask
) -> None:
    officer = plaju[2]
    me, superior = officer["employee_id"], officer["supervisor_id"]
    await post("appraisal", f"/v1/scorecards/{me}/behaviour", dict.fromkeys(VALUES, 2), Role.SUPERVISOR, superior)
    target = {"period": PERIOD, "name": "Dokumen selesai", "unit": "berkas", "polarity": "max"}
    answer = await callers.call(
        "appraisal",
        "PUT",
        f"/v1/scorecards/{me}/indicators/dokumen",
        json={**target, "target": "100", "weight": "1", "reason": "Dialog kinerja"},
        headers=callers.bearer(Role.SUPERVISOR, superior),
    )
    assert answer.is_success, answer.text
    await post("appraisal", f"/v1/scorecards/{me}/progress", {"indicator": "dokumen", "amount": "1"}, Role.EMPLOYEE, me)
    low = score_of(await when("appraisal", f"/v1/scorecards/{me}", lambda c: (score_of(c) or {}).get("predikat_code")))
    assert low["predikat_code"] >= 3
    record = await when("training", f"/v1/records/{me}", lambda r: r["needs"], Role.HR)
    need = record["needs"][0]
    assert (need["state"], need["closed_by"]) == ("open", None)
    assert need["reason"]

    completion = await learn(callers, post, officer, need["topic"])
    assert completion["needs_closed"] == [need["id"]]
    needs = {n["id"]: n for n in (await callers.read("training", f"/v1/records/{me}", Role.HR))["needs"]}
    assert needs[need["id"]] == need | {
        "state": "closed", "closed_by": completion["completion_id"], "closed_on": completion["completed_on"]
    }  # fmt: skip
    after = await score_with(callers, when, me, completion)
    assert Decimal(after["score"]) > Decimal(low["score"])


async def test_a_training_raises_the_score_and_the_explanation_names_it(
    plaju: list[dict[str, Any]], callers: Callers, post: Ask, when: Ask
) -> None:
    officer = plaju[3]
    card = f"/v1/scorecards/{officer['employee_id']}"
    given = await post("feedback", "/v1/feedback", {"rating": 3, "employee_id": officer["employee_id"]})
    await when("appraisal", f"{card}/effects", lambda rows: given["id"] in {row.get("ref") for row in rows})
    before = score_of(await callers.read("appraisal", card))
    assert before["components"]["L"] is None
    completion = await learn(callers, post, officer, "pelayanan")
    after = await score_with(callers, when, officer["employee_id"], completion)
    assert Decimal(after["score"]) > Decimal(before["score"])
    explained = await callers.read("appraisal", f"{card}/periods/{PERIOD}/explanation")
    assert explained["score"] == after
    (learnt,) = explained["components"]["L"]["effects"]
    assert (learnt["event"], learnt["ref"]) == ("TrainingCompleted", completion["completion_id"])
    assert Decimal(learnt["delta"]) == Decimal(after["components"]["L"]) > 0
    assert "8 JP" in learnt["note"]


async def test_a_promotion_becomes_the_context_of_the_score(
    plaju: list[dict[str, Any]], callers: Callers, post: Ask, when: Ask
) -> None:
    officers = [await callers.read("personnel", f"/v1/employees/{c['employee_id']}", Role.HR) for c in plaju]
    officer = next(o for o in officers if o["kind"] == "PNS" and o["golongan"] in ("II/c", "II/d", "III/a", "III/b"))
    higher = {"II/c": "II/d", "II/d": "III/a", "III/a": "III/b", "III/b": "III/c"}[officer["golongan"]]
    decree = {
        "golongan": higher,
        "effective_on": today_in("/16.71").isoformat(),
        "decree_number": "SK/1/2026",
        "promotion_kind": "101",
        "issued_outside": "SK terbit sebelum Kinara dipakai",
    }
    promoted = await post("personnel", f"/v1/employees/{officer['id']}/promotions", decree, Role.HR)
    assert promoted["golongan"] == higher
    card = await when("appraisal", f"/v1/scorecards/{officer['id']}", lambda c: c["golongan"] == higher)
    assert card["name"]
    effects = await callers.read("appraisal", f"/v1/scorecards/{officer['id']}/effects")
    assert [row["note"] for row in effects if row["type"] == "EmployeePromoted"] == [
        f"Naik pangkat dari {officer['golongan']} ke {higher} (SK SK/1/2026)."
    ]


async def score_with(callers: Callers, when: Ask, employee: str, completion: dict[str, Any]) -> dict[str, Any]:
    """The score once a completion counts in it."""
    card, ref = f"/v1/scorecards/{employee}", completion["completion_id"]
    await when("appraisal", f"{card}/effects", lambda rows: ref in {row.get("ref") for row in rows})
    score: dict[str, Any] = score_of(await callers.read("appraisal", card)) or {}
    return score


async def learn(callers: Callers, post: Ask, officer: dict[str, Any], topic: str) -> dict[str, Any]:
    """Take the officer through a session of a programme, from the seat to the certificate."""
    units = await callers.pages("feedback", "/v1/units", path="/16.71")
    root = next(u["id"] for u in units if u["unit_path"] == "/16.71")
    programme = {
        "unit_id": root,
        "title": f"Pelatihan {topic}",
        "partner": {"name": "Universitas Tiruan", "kind": "education"},
        "jp": 8,
        "course_kind": "4",
        "competencies": [f"{topic}.dasar"],
    }
    today = today_in("/16.71").isoformat()
    made = await post("training", "/v1/programmes", programme, Role.TRAINER)
    planned = {"unit_id": root, "starts_on": today, "ends_on": today, "seats": 5}
    session = await post("training", f"/v1/programmes/{made['id']}/sessions", planned, Role.TRAINER)
    await post("training", f"/v1/sessions/{session['id']}/opening", {}, Role.TRAINER)
    me = {"employee_id": officer["employee_id"]}
    seat = await post("training", f"/v1/sessions/{session['id']}/enrolments", me, Role.HR)
    present = await callers.call(
        "training", "PUT", f"/v1/enrolments/{seat['id']}/attendance/{today}", headers=callers.bearer(Role.TRAINER)
    )
    assert present.is_success, present.text
    certificate = {"certificate_number": f"SERT/{officer['employee_id'][-8:]}"}
    done: dict[str, Any] = await post("training", f"/v1/enrolments/{seat['id']}/completion", certificate, Role.TRAINER)
    return done
