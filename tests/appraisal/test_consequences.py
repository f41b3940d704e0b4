"""What follows from a closed period: awards that rules nominate and people grant, and coaching with its two sides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from appraisal import store
from appraisal.commands import awards, rounds
from kinara.contracts.regions import day_of
from kinara.contracts.working_days import Calendar
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.regional import calendar_of

CALENDAR = calendar_of()
Bearer = Callable[..., dict[str, str]]
PERIOD, NEXT = "2026-11", "2026-12"
PLAJU = "/16.71/plaju"


def today() -> date:
    """The day in Palembang, which may be another one than when these tests began."""
    return day_of(utc_now(), "16")


@pytest.fixture
async def officers(town: Any, boss: str) -> list[str]:
    return [await town.officer(superior=boss) for _ in range(3)]


@pytest.fixture
def call(http: httpx.AsyncClient) -> Callable[..., Any]:
    async def ask(method: str, path: str, who: dict[str, str], body: Any = None) -> httpx.Response:
        headers = who | ({"Idempotency-Key": new_id()} if method == "POST" else {})
        return await http.request(method, f"/v1{path}", json=body, headers=headers)

    return ask


async def listed(call: Any, path: str, who: dict[str, str]) -> list[dict[str, Any]]:
    answer = await call("GET", path, who)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_best_of_a_unit_is_nominated_when_the_month_closes_and_granted_by_a_person(
    months: Any, officers: list[str], call: Any, bearer: Bearer, said: Any
) -> None:
    await months.pass_(PERIOD, {officers[0]: ("110", 5), officers[1]: ("105", 5), officers[2]: ("40", 3)})

    (nominated,) = await listed(call, "/awards?state=nominated", bearer("hr"))

    assert (nominated["employee_id"], nominated["code"], nominated["period"]) == (
        officers[0], "pegawai-bulan-ini", PERIOD,
    )  # fmt: skip
    assert await listed(call, "/awards", bearer("employee", officers[0], ())) == [], "nothing is promised"
    path = f"/awards/{nominated['award_id']}/grant"
    unchecked = await call("POST", path, bearer("hr"), {"decree": "SK/7/2026", "no_running_discipline": False})
    assert (unchecked.status_code, "no_running_discipline" in unchecked.text) == (422, True)
    granted = await call("POST", path, bearer("hr"), {"decree": "SK/7/2026", "no_running_discipline": True})
    assert granted.json()["state"] == "granted", granted.text
    (own,) = await listed(call, "/awards", bearer("employee", officers[0], ()))
    assert own["decree"] == "SK/7/2026"
    (fact,) = [row for row in await said() if "AwardGranted" in row["type"]]
    assert fact["subject"] == f"employee/{officers[0]}"
    foreign = await call(
        "POST", path, bearer("hr", units=["/96.71"]), {"decree": "SK/7", "no_running_discipline": True}
    )
    assert foreign.status_code == 404


async def test_nobody_wins_a_third_time_running(months: Any, officers: list[str], call: Any, bearer: Bearer) -> None:
    for period in ("2026-09", "2026-10", PERIOD):
        await months.pass_(period, {officers[0]: ("110", 5), officers[1]: ("105", 5)})
        (nominated,) = await listed(call, "/awards?state=nominated", bearer("hr"))
        body = {"decree": "SK/7/2026", "no_running_discipline": True}
        await call("POST", f"/awards/{nominated['award_id']}/grant", bearer("hr"), body)
    won = await listed(call, "/awards?state=granted", bearer("hr"))
    by_period = {one["period"]: one["employee_id"] for one in won}
    assert by_period == {"2026-09": officers[0], "2026-10": officers[0], PERIOD: officers[1]}


async def test_three_nominations_that_waited_together_are_not_all_granted(
    months: Any, officers: list[str], call: Any, bearer: Bearer, said: Any
) -> None:
    for period in ("2026-09", "2026-10", PERIOD):
        await months.pass_(period, {officers[0]: ("110", 5), officers[1]: ("105", 5)})
    nominated = await listed(call, "/awards?state=nominated", bearer("hr"))
    assert [one["employee_id"] for one in nominated] == [officers[0]] * 3, "nobody had won when they were made"
    paths = [f"/awards/{one['award_id']}/grant" for one in nominated]
    body = {"decree": "SK/7/2026", "no_running_discipline": True}

    answers = await asyncio.gather(*(call("POST", path, bearer("hr"), body) for path in paths))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409]
    (refused,) = [answer for answer in answers if answer.status_code == 409]
    assert refused.json()["type"] == "urn:kinara:problem:won-twice-running"
    assert len([row for row in await said() if "AwardGranted" in row["type"]]) == 2


async def test_nominations_made_again_change_nothing_that_people_decided(
    months: Any, officers: list[str], call: Any, bearer: Bearer, prepared: Database
) -> None:
    await months.pass_(PERIOD, {officers[0]: ("110", 5)})
    (nominated,) = await listed(call, "/awards", bearer("hr"))
    await call("POST", f"/awards/{nominated['award_id']}/decline", bearer("hr"), {"reason": "Sudah pindah tugas"})
    asked = await call("POST", "/awards/nominations", bearer("hr"), {"policy": "plaju@1", "period": PERIOD})
    assert (asked.status_code, asked.json()["made"]) == (202, False)
    await awards.work_off(prepared)
    (declined,) = await listed(call, "/awards", bearer("hr"))
    assert (declined["state"], declined["reason"]) == ("declined", "Sudah pindah tugas")


async def test_a_low_month_makes_a_case_due_and_two_good_ones_end_it(
    months: Any, officers: list[str], boss: str, call: Any, bearer: Bearer, said: Any
) -> None:
    low, good = {officers[0]: ("5", 2)}, {officers[0]: ("100", 4)}
    await months.pass_("2026-08", low)
    me, superior = bearer("employee", officers[0], ()), bearer("supervisor", boss, ())
    (case,) = await listed(call, "/coaching?state=due", superior)
    assert (case["trigger"], case["due_on"]) == ("Nilai bulan ini di bawah 60", "2026-09-15")
    assert [one["case_id"] for one in await listed(call, "/coaching", me)] == [case["case_id"]]
    path = f"/coaching/{case['case_id']}"
    plan = {"form": "bimbingan", "plan": "Pendampingan di loket selama sebulan", "days": 60}
    early = await call("POST", f"{path}/meetings", superior, {"held_on": today().isoformat(), "notes": "Antrean"})
    assert early.status_code == 409
    opened = await call("POST", f"{path}/opening", superior, plan)
    assert (opened.status_code, opened.json()["state"]) == (201, "open"), opened.text
    await call("POST", f"{path}/meetings", superior, {"held_on": today().isoformat(), "notes": "Membahas antrean"})
    await call("PUT", f"{path}/evaluations/employee", me, {"marks": [4] * 9})
    both = await call("PUT", f"{path}/evaluations/superior", superior, {"marks": {"pelayanan": 4}})
    seen = both.json()
    assert (len(seen["meetings"]), seen["employee_marks"], seen["superior_marks"]) == (1, [4] * 9, {"pelayanan": 4})

    await months.pass_("2026-09", low)
    assert len(await listed(call, "/coaching", superior)) == 1, "one case at a time"
    for period in ("2026-10", PERIOD):
        await months.pass_(period, good)

    (ended,) = await listed(call, "/coaching", superior)
    assert (ended["state"], ended["outcome"]) == ("closed", "improved")
    assert [row["type"].split(".")[-2] for row in await said() if "Coaching" in row["type"]] == [
        "CoachingOpened", "CoachingClosed",
    ]  # fmt: skip


async def test_a_case_that_nobody_has_opened_in_time_is_shown_to_who_can_act(
    months: Any, officers: list[str], boss: str, call: Any, bearer: Bearer, town: Any
) -> None:
    await months.pass_("2026-08", {officers[0]: ("5", 2)})
    me, superior, hr = bearer("employee", officers[0], ()), bearer("supervisor", boss, ()), bearer("hr")
    (late,) = await listed(call, "/coaching?overdue=true", superior)
    assert (late["employee_id"], late["due_on"], late["overdue"]) == (officers[0], "2026-09-15", True)
    assert [one["case_id"] for one in await listed(call, "/coaching?overdue=true", hr)] == [late["case_id"]]
    assert await listed(call, "/coaching?overdue=true", bearer("hr", units=["/96.71"])) == []
    told = {one["employee_id"]: one for one in await listed(call, "/team/attention", superior)}
    (line,) = told[officers[0]]["late_cases"]
    assert (line["case_id"], "15-09-2026" in line["sentence"]) == (late["case_id"], True)
    assert line["working_days"] == CALENDAR.between(date(2026, 9, 15), today()) > 0
    assert (await call("GET", f"/scorecards/{officers[0]}/attention", hr)).json()["late_cases"] == [line]

    path, plan = f"/coaching/{late['case_id']}/opening", {"form": "bimbingan", "plan": "Pendampingan", "days": 60}
    instead = await call("POST", path, hr, plan)
    assert (instead.status_code, instead.json()["type"]) == (403, "urn:kinara:problem:superior-opens")
    await town.deliver(town.transfer(officers[0], PLAJU))
    assert (await call("POST", path, superior, plan)).status_code == 404
    assert (await call("POST", path, bearer("hr", units=["/96.71"]), plan)).status_code == 404
    opened = await call("POST", path, hr, plan)
    assert (opened.status_code, opened.json()["overdue"]) == (201, False), "there is nobody else"
    assert await listed(call, "/coaching?overdue=true", hr) == []
    assert (await call("GET", f"/scorecards/{officers[0]}/attention", me)).json()["late_cases"] == []


async def test_others_cannot_open_or_see_a_case(months: Any, officers: list[str], call: Any, bearer: Bearer) -> None:
    await months.pass_(PERIOD, {officers[0]: ("5", 2)})
    (case,) = await listed(call, "/coaching", bearer("hr"))
    stranger = bearer("supervisor", officers[1], ())
    plan = {"form": "konseling", "plan": "Bukan urusan saya", "days": 60}
    assert (await call("POST", f"/coaching/{case['case_id']}/opening", stranger, plan)).status_code == 404
    assert await listed(call, "/coaching", stranger) == []
    assert await listed(call, "/coaching", bearer("hr", units=["/96.71"])) == []


async def test_a_unit_that_tries_its_policy_out_sees_scores_and_nothing_follows(
    months: Any,
    officers: list[str],
    call: Any,
    bearer: Bearer,
    prepared: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "FRESH_S", 0)
    await prepared["policies"].update_one({"_id": "plaju@1"}, {"$set": {"policy.shadow": True}})
    await months.pass_(PERIOD, {officers[0]: ("110", 5), officers[1]: ("5", 2)})
    hr = bearer("hr")
    score = (await call("GET", f"/scorecards/{officers[0]}/periods/{PERIOD}", hr)).json()
    assert score["predikat"] is not None
    assert await listed(call, "/awards", hr) == []
    assert await listed(call, "/coaching", hr) == []
    verdicts = await listed(call, "/verdicts", hr)
    assert [one["shadow"] for one in verdicts] == [True, True]
    boss = bearer("supervisor", months.boss, ())
    confirmed = await call("POST", f"/scorecards/{officers[0]}/periods/{PERIOD}/verdict/confirmation", boss, {})
    assert (confirmed.status_code, "still-in-shadow" in confirmed.text) == (409, True)


async def test_who_is_behind_the_calendar_for_five_working_days_gets_a_case_before_the_month_is_over(
    officers: list[str], boss: str, office: Any, call: Any, bearer: Bearer, prepared: Database
) -> None:
    superior, first = office.superior(boss), officers[0]
    office.now = datetime(2026, 11, 2, 3, tzinfo=UTC)
    await office.agree(first, superior, period=PERIOD)
    await office.report(first, "1", superior)

    async def cases_on(day: int) -> list[dict[str, Any]]:
        await rounds.work_off(prepared, lambda: datetime(2026, 11, day, 3, tzinfo=UTC), calendar=CALENDAR)
        return await listed(call, "/coaching", bearer("supervisor", boss, ()))

    assert await cases_on(9) == [], "four working days"
    (case,) = await cases_on(16)
    assert (case["employee_id"], case["period"], case["state"]) == (first, PERIOD, "due")
    assert case["trigger"] == "Laju capaian di bawah 60% target selama 5 hari kerja"
    assert len(await cases_on(17)) == 1, "one case, however long it lasts"


async def test_over_lebaran_neither_who_is_behind_nor_who_must_open_the_case_runs_out_of_days(
    officers: list[str], boss: str, office: Any, call: Any, bearer: Bearer, prepared: Database
) -> None:
    superior, first = office.superior(boss), officers[0]
    office.now = datetime(2026, 3, 2, 3, tzinfo=UTC)
    await office.agree(first, superior, period="2026-03")
    await office.report(first, "33", superior)  # 60% of what is asked for on the seventeenth, the last day of work

    async def cases_on(day: int) -> list[dict[str, Any]]:
        await rounds.work_off(prepared, lambda: datetime(2026, 3, day, 3, tzinfo=UTC), calendar=CALENDAR)
        return await listed(call, "/coaching", bearer("supervisor", boss, ()))

    assert await cases_on(25) == [], "the sixth Monday to Friday after it, and the first working day"
    assert await cases_on(30) == [], "four working days"
    (case,) = await cases_on(31)
    assert (case["employee_id"], case["period"], case["state"]) == (first, "2026-03", "due")
    assert case["due_on"] == "2026-04-08", "Good Friday does not count either"


async def test_a_case_of_a_close_is_due_by_the_office_s_calendar(
    months: Any, officers: list[str], call: Any, bearer: Bearer, offices_close: Callable[..., None]
) -> None:
    await months.pass_("2026-10", {officers[0]: ("5", 2)})
    hr, periods = bearer("hr"), f"/scorecards/{officers[0]}/periods/2026-10"
    await call("POST", f"{periods}/reopening", hr, {"reason": "Laporan salah unit"})
    closure = [today() + timedelta(days=n) for n in range(1, 31)]
    offices_close(*closure)
    closed = await call("POST", f"/scorecards/{officers[0]}/closings", hr, {"period": "2026-10"})
    assert closed.status_code == 201, closed.text
    (case,) = await listed(call, "/coaching?state=due", hr)
    weekdays = Calendar(frozenset())
    assert case["due_on"] == weekdays.after(closure[-1], 5).isoformat(), "five working days after thirty closed ones"


@pytest.mark.parametrize("period", ["hallo", "2026-Q4", "2026"])
async def test_nominations_for_a_period_that_the_policy_does_not_appraise_are_refused_and_stop_nothing(
    call: Any, bearer: Bearer, prepared: Database, period: str
) -> None:
    refused = await call("POST", "/awards/nominations", bearer("hr"), {"policy": "plaju@1", "period": period})
    assert (refused.status_code, "period" in refused.text) == (422, True)
    broken = {"_id": "plaju@1:x", "rev": 1, "said": 0, "unit_path": PLAJU, "path": f"{PLAJU}/", "policy": "plaju@1"}
    await prepared["ballots"].insert_one(broken | {"period": "x", "asked_at": utc_now(), "ended_at": None})
    await awards.work_off(prepared)
    assert not await awards.waits(prepared), "a ballot of which nothing can come is ended too"


async def test_what_followed_from_a_period_lapses_when_it_is_opened_again(
    months: Any, officers: list[str], call: Any, bearer: Bearer
) -> None:
    await months.pass_(PERIOD, {officers[0]: ("110", 5), officers[1]: ("5", 2)})
    hr = bearer("hr")
    (nominated,), (due,) = await listed(call, "/awards", hr), await listed(call, "/coaching", hr)
    for id_ in officers[:2]:
        reason = {"reason": "Laporan salah unit"}
        reopened = await call("POST", f"/scorecards/{id_}/periods/{PERIOD}/reopening", hr, reason)
        assert reopened.status_code == 201, reopened.text
    grant = {"decree": "SK/7/2026", "no_running_discipline": True}
    assert (await call("POST", f"/awards/{nominated['award_id']}/grant", hr, grant)).status_code == 409
    assert [one["state"] for one in await listed(call, "/awards", hr)] == ["lapsed"]
    (case,) = await listed(call, "/coaching", hr)
    assert (case["case_id"], case["state"], case["outcome"]) == (due["case_id"], "closed", "lapsed")


async def test_who_is_disciplined_is_not_nominated_and_it_is_said_why(
    months: Any, officers: list[str], town: Any, call: Any, bearer: Bearer, prepared: Database
) -> None:
    measure, hr = town.discipline(officers[0]), bearer("hr")
    await town.deliver(measure)
    await months.pass_(PERIOD, {officers[0]: ("110", 5), officers[1]: ("105", 5), officers[2]: ("40", 3)})

    by_state = {one["state"]: one for one in await listed(call, "/awards", hr)}

    assert {state: one["employee_id"] for state, one in by_state.items()} == {
        "nominated": officers[1], "barred": officers[0],
    }  # fmt: skip
    assert by_state["barred"]["reason"].startswith("Hukuman disiplin berjalan sampai 09-05-2027")
    superior = bearer("supervisor", months.boss, ())
    assert await listed(call, "/awards?state=barred", superior) == [], "not the superior's business"
    grant = {"decree": "SK/7/2026"}
    refused = await call("POST", f"/awards/{by_state['barred']['award_id']}/grant", hr, grant)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kinara:problem:disciplined")
    assert "09-05-2027" in refused.text

    await town.deliver(town.lifting(measure))
    await call("POST", "/awards/nominations", hr, {"policy": "plaju@1", "period": PERIOD})
    await awards.work_off(prepared)

    again = {one["state"]: one["employee_id"] for one in await listed(call, "/awards", hr)}
    assert again == {"nominated": officers[0], "lapsed": officers[1]}
    granted = await call("POST", f"/awards/{by_state['barred']['award_id']}/grant", hr, grant)
    assert granted.status_code == 201, granted.text


async def test_a_measure_imposed_after_the_nomination_bars_the_grant(
    months: Any, officers: list[str], town: Any, call: Any, bearer: Bearer, said: Any
) -> None:
    await months.pass_(PERIOD, {officers[0]: ("110", 5)})
    (nominated,) = await listed(call, "/awards", bearer("hr"))
    path, grant = f"/awards/{nominated['award_id']}/grant", {"decree": "SK/7/2026"}
    measure = town.discipline(officers[0])
    await town.deliver(measure)
    refused = await call("POST", path, bearer("hr"), grant)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:kinara:problem:disciplined")
    assert not [row for row in await said() if "AwardGranted" in row["type"]]
    await town.deliver(town.lifting(measure))
    assert (await call("POST", path, bearer("hr"), grant)).status_code == 201
