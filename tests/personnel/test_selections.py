"""Selections on merit through the public door: applied to, checked, scored blind, decided once, signed, verified."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts.regions import day_of
from kinara.kit.ids import new_id, utc_now
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, command
from personnel.domain.employee import Employee
from personnel.store import APPLICATIONS, SELECTIONS, SHEETS

Bearer = Callable[..., dict[str, str]]
CRITERIA = [
    {"code": "makalah", "title": "Makalah", "weight": "0.6"},
    {"code": "wawancara", "title": "Wawancara", "weight": "0.4"},
]


def day(shift: int = 0) -> str:
    """A day on the clocks of Palembang."""
    return (day_of(utc_now(), "16") + timedelta(days=shift)).isoformat()


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and the last word of the problem's type."""
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


@dataclass
class Round:
    """A selection and those who take part in it."""

    http: httpx.AsyncClient
    office: Any
    bearer: Bearer
    unit: Any
    id: str = ""

    @property
    def hr(self) -> dict[str, str]:
        return self.bearer("hr", None, ("/16.71",))

    def me(self, employee: Employee) -> dict[str, str]:
        return self.bearer("employee", employee.id)

    def opening(self, **change: Any) -> dict[str, Any]:
        return {
            "form": "internal", "unit_id": self.unit.id, "jabatan": "Lurah Plaju Ilir", "seats": {"umum": 1},
            "criteria": CRITERIA, "opens_on": day(), "closes_on": day(), "scoring_until": day(5),
        } | change  # fmt: skip

    async def ask(self, method: str, path: str = "", body: Any = None, by: dict[str, str] | None = None) -> Any:
        address = f"/v1/selections/{self.id}{path}"
        return await self.http.request(method, address, json=body, headers=by or self.hr)

    async def open(self, **change: Any) -> None:
        answer = await self.http.post("/v1/selections", json=self.opening(**change), headers=self.hr)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]

    async def apply(self, *people: Employee, **body: Any) -> list[str]:
        answers = [await self.ask("POST", "/applications", body, self.me(one)) for one in people]
        assert [a.status_code for a in answers] == [201] * len(people), answers[-1].text
        return [a.json()["id"] for a in answers]

    async def check(self, application_id: str, *, passed: bool = True) -> None:
        body = {"passed": passed, "why": "Ijazah sesuai." if passed else "Ijazah tidak sesuai."}
        answer = await self.ask("PUT", f"/applications/{application_id}/check", body)
        assert answer.status_code == 200, answer.text

    async def pass_days(self, days: int) -> None:
        """Let days pass for this selection."""

        @command
        async def write(tx: Transaction) -> None:
            known, by = await tx.load(SELECTIONS, self.id, SYSTEM), timedelta(days=days)
            shifted = {name: getattr(known, name) - by for name in ("opens_on", "closes_on", "scoring_until")}
            tx.save(SELECTIONS, replace(known, **shifted))  # type: ignore[arg-type]

        await write(self.office.work)

    async def begin(self, *scorers: Employee) -> httpx.Response:
        return await self.ask("POST", "/scoring", {"scorers": [one.id for one in scorers]})  # type: ignore[no-any-return]

    async def extend(self, until: str, *scorers: Employee) -> httpx.Response:
        body = {"scoring_until": until, "scorers": [one.id for one in scorers], "why": "Seorang penilai sakit."}
        return await self.ask("POST", "/scoring/extension", body)  # type: ignore[no-any-return]

    async def codes(self, scorer: Employee) -> list[str]:
        answer = await self.ask("GET", "/scoring", by=self.me(scorer))
        return [one["code"] for one in answer.json()["candidates"]]

    async def score(self, scorer: Employee, marks: dict[str, int]) -> httpx.Response:
        body = {"marks": {code: {"makalah": mark, "wawancara": mark} for code, mark in marks.items()}}
        return await self.ask("PUT", "/scoring", body, self.me(scorer))  # type: ignore[no-any-return]


@pytest.fixture
async def people(office: Any) -> list[Employee]:
    """Ten employees of a unit below Plaju; the first are candidates, the last are scorers."""
    root = await office.unit("16.71")
    office.plaju = await office.unit("plaju", root)
    office.ilir = await office.unit("ilir", root)
    return [await office.employee(office.plaju, "Rani Contoh") for _ in range(10)]


@pytest.fixture
async def round_(http: httpx.AsyncClient, office: Any, people: list[Employee], bearer: Bearer) -> Round:
    return Round(http, office, bearer, office.plaju)


@pytest.fixture
async def scored(round_: Round, people: list[Employee]) -> Round:
    """Three candidates, two scorers who have marked nobody yet."""
    await round_.open()
    for id_ in await round_.apply(*people[:3]):
        await round_.check(id_)
    await round_.pass_days(1)
    assert (await round_.begin(*people[8:])).status_code == 201
    return round_


async def marked(round_: Round, people: list[Employee]) -> list[str]:
    codes = await round_.codes(people[8])
    for scorer, shift in ((people[8], 0), (people[9], 1)):
        answer = await round_.score(scorer, {code: 70 + 5 * at + shift for at, code in enumerate(codes)})
        assert answer.status_code == 200, answer.text
    return codes


async def test_a_selection_goes_from_the_opening_to_a_signed_result_that_can_be_verified(
    scored: Round, people: list[Employee]
) -> None:
    codes = await marked(scored, people)
    decided = await scored.ask("POST", "/result")
    assert decided.status_code == 201, decided.text
    signed = decided.json()
    assert (signed["state"], len(signed["digest"])) == ("decided", 64)
    assert signed["signed_by"]
    result = (await scored.ask("GET", "/result")).json()
    best = next(place for place in result["places"] if place["selected"])
    assert (best["code"], best["rank"], best["final"]) == (codes[-1], 1, "80.500")
    assert best["marks"] == {"makalah": "80.500", "wawancara": "80.500"}
    assert best["employee_id"] in {one.id for one in people[:3]}
    assert await scored.office.said(about=best["employee_id"]) == ["EmployeeRegistered", "CandidateSelected"]
    assert (await scored.office.said()).count("CandidateSelected") == 1
    verified = (await scored.ask("GET", "/result/verification")).json()
    assert verified["agrees"]
    assert verified["signed"] == verified["recomputed"] == signed["digest"]


async def test_an_application_comes_with_what_the_requirements_come_to(round_: Round, people: list[Employee]) -> None:
    await round_.open(requirements={"golongan": "III/b", "kinds": ["PNS"], "years_in_rank": 2, "good_years": 2})
    [id_] = await round_.apply(people[0])
    found = (await round_.ask("GET", f"/applications/{id_}")).json()["findings"]
    assert [(one["rule"], one["result"]) for one in found] == [
        ("kind", "met"), ("golongan", "met"), ("years_in_rank", "unknown"), ("predikat", "unknown"),
        ("discipline", "met"),
    ]  # fmt: skip
    assert all(one["why"] for one in found)


async def test_scorers_see_codes_and_nothing_about_who_stands_behind_them(
    scored: Round, people: list[Employee]
) -> None:
    answer = await scored.ask("GET", "/scoring", by=scored.me(people[8]))
    assert set(answer.json()) == {"jabatan", "state", "criteria", "candidates"}
    assert all(set(one) == {"code", "marks"} for one in answer.json()["candidates"])
    told = answer.text
    applications = (await scored.ask("GET", "/applications")).json()["items"]
    hidden = [one.id for one in people] + [one.nip for one in people] + [one["id"] for one in applications]
    assert not [secret for secret in [*hidden, "Rani"] if secret in told]
    for one in applications:
        office = (await scored.ask("GET", f"/applications/{one['id']}")).json()
        assert office["code"] is None, "before the result not even the office knows who is behind a code"


async def test_whoever_does_not_score_finds_nothing_to_score(scored: Round, people: list[Employee]) -> None:
    for somebody in (people[0], people[7]):
        assert (await scored.ask("GET", "/scoring", by=scored.me(somebody))).status_code == 404
        assert (await scored.score(somebody, {"X" * 10: 100})).status_code == 404


async def test_nobody_scores_where_they_are_a_candidate(round_: Round, people: list[Employee]) -> None:
    await round_.open()
    [id_] = await round_.apply(people[0])
    await round_.check(id_)
    await round_.pass_days(1)
    assert refused(await round_.begin(people[0], people[1])) == (403, "conflict-of-interest")


async def test_a_scorer_marks_every_criterion_of_codes_that_are_there(scored: Round, people: list[Employee]) -> None:
    [code, *_] = await scored.codes(people[8])
    bad: list[dict[str, Any]] = [
        {code: {"makalah": 70}}, {code: {"makalah": 70, "wawancara": 70, "x": 1}},
        {"AAAAAAAAAA": {"makalah": 70, "wawancara": 70}},
        {code: {"makalah": 101, "wawancara": 70}}, {code: {"makalah": -1, "wawancara": 70}},
    ]  # fmt: skip
    for marks in bad:
        answer = await scored.ask("PUT", "/scoring", {"marks": marks}, scored.me(people[8]))
        assert answer.status_code == 422, answer.text


async def test_the_last_marks_before_the_close_count(scored: Round, people: list[Employee]) -> None:
    codes = await marked(scored, people)
    assert (await scored.score(people[8], dict.fromkeys(codes, 90))).status_code == 200
    assert (await scored.score(people[9], dict.fromkeys(codes, 90))).status_code == 200
    await scored.ask("POST", "/result")
    places = (await scored.ask("GET", "/result")).json()["places"]
    assert {place["final"] for place in places} == {"90.000"}


async def test_marks_after_the_close_are_refused(scored: Round, people: list[Employee]) -> None:
    codes = await marked(scored, people)
    await scored.pass_days(4)
    assert (await scored.score(people[8], {codes[0]: 60})).status_code == 200, "the last day is a day"
    await scored.pass_days(1)
    assert refused(await scored.score(people[8], {codes[0]: 100})) == (409, "scoring-closed")


async def test_marks_after_the_result_are_refused(scored: Round, people: list[Employee]) -> None:
    codes = await marked(scored, people)
    await scored.ask("POST", "/result")
    assert refused(await scored.score(people[8], {codes[0]: 100})) == (409, "scoring-closed")


async def test_a_result_waits_for_every_scorer_and_after_the_close_for_two_who_have_marked_everybody(
    round_: Round, people: list[Employee]
) -> None:
    await round_.open()
    for id_ in await round_.apply(*people[:3]):
        await round_.check(id_)
    await round_.pass_days(1)
    await round_.begin(*people[7:])
    codes = await round_.codes(people[8])
    await round_.score(people[7], {codes[0]: 100})
    assert refused(await round_.ask("POST", "/result")) == (409, "marks-missing")
    await marked(round_, people)
    assert refused(await round_.ask("POST", "/result")) == (409, "marks-missing"), "the third has time left"
    await round_.pass_days(5)
    assert (await round_.ask("POST", "/result")).status_code == 201
    places = (await round_.ask("GET", "/result")).json()["places"]
    first = next(place for place in places if place["code"] == codes[0])
    assert first["final"] == "70.500", "who has not marked everybody does not count for anybody"
    assert (await round_.ask("GET", "/result/verification")).json()["agrees"]


async def test_scoring_that_began_too_late_is_given_more_time_first(round_: Round, people: list[Employee]) -> None:
    await round_.open()
    [id_] = await round_.apply(people[0])
    await round_.check(id_)
    await round_.pass_days(5)
    assert refused(await round_.begin(*people[8:])) == (409, "not-ready-to-score"), "its last day is today"
    assert refused(await round_.extend(day(3), people[7])) == (422, "invalid-selection"), "scorers come with the start"
    extended = await round_.extend(day(3))
    assert (extended.status_code, extended.json()["state"]) == (201, "open"), extended.text
    assert (await round_.ask("GET")).json()["scoring_until"] == day(3)
    assert (await round_.begin(*people[8:])).status_code == 201


async def test_a_selection_whose_scorers_did_not_finish_comes_to_a_result_with_further_ones(
    scored: Round, people: list[Employee]
) -> None:
    codes = await scored.codes(people[8])
    await scored.score(people[8], dict.fromkeys(codes, 80))
    await scored.pass_days(5)
    assert refused(await scored.ask("POST", "/result")) == (409, "marks-missing")
    assert refused(await scored.extend(day(2), people[0])) == (403, "conflict-of-interest")
    for again in (people[8], people[9]):
        assert refused(await scored.extend(day(2), again)) == (422, "invalid-selection")
    extended = await scored.extend(day(2), people[7])
    assert extended.status_code == 201, extended.text
    [told] = extended.json()["extensions"]
    assert (told["until"], told["scorers"], told["why"]) == (day(2), 1, "Seorang penilai sakit.")
    assert told["by"]
    assert (await scored.score(people[7], dict.fromkeys(codes, 90))).status_code == 200
    await scored.pass_days(3)
    assert (await scored.ask("POST", "/result")).status_code == 201
    assert (await scored.ask("GET", "/result")).json()["places"][0]["final"] == "85.000"
    assert refused(await scored.extend(day(9))) == (409, "already-decided")
    assert (await scored.ask("GET", "/result/verification")).json()["agrees"]
    database = scored.office.database
    await database[SELECTIONS.name].update_one({"_id": scored.id}, {"$set": {"extensions.0.why": "Lain."}})
    assert not (await scored.ask("GET", "/result/verification")).json()["agrees"], "why is signed too"


async def test_scoring_is_extended_by_the_office_in_whose_scope_it_is(scored: Round, bearer: Bearer) -> None:
    body = {"scoring_until": day(9), "scorers": [], "why": "Libur nasional."}
    for stranger in (bearer("hr", None, ("/17",)), bearer("hr", None, ("/16.71/ilir",))):
        assert (await scored.ask("POST", "/scoring/extension", body, stranger)).status_code == 404


async def test_there_is_one_result_whoever_asks_for_it_at_once(scored: Round, people: list[Employee]) -> None:
    await marked(scored, people)
    answers = await asyncio.gather(*(scored.ask("POST", "/result") for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    assert {refused(a)[1] for a in answers if a.status_code == 409} == {"already-decided"}
    assert (await scored.office.said()).count("CandidateSelected") == 1
    assert refused(await scored.ask("POST", "/result")) == (409, "already-decided")


async def test_marks_and_result_at_once_never_leave_a_result_that_does_not_follow_from_the_marks(
    scored: Round, people: list[Employee]
) -> None:
    codes = await marked(scored, people)
    asked = [scored.ask("POST", "/result"), *(scored.score(people[8], {code: 99}) for code in codes)]
    answers = await asyncio.gather(*asked)
    assert answers[0].status_code == 201
    assert {a.status_code for a in answers[1:]} <= {200, 409}
    assert (await scored.ask("GET", "/result/verification")).json()["agrees"]


async def test_applications_at_once_are_all_counted_and_one_a_person(round_: Round, people: list[Employee]) -> None:
    await round_.open()
    twice = [*people[:6], *people[:6]]
    answers = await asyncio.gather(*(round_.ask("POST", "/applications", {}, round_.me(one)) for one in twice))
    assert sorted(a.status_code for a in answers) == [201] * 6 + [409] * 6
    assert {refused(a)[1] for a in answers if a.status_code == 409} == {"already-applied"}
    assert (await round_.ask("GET")).json()["applications"] == 6
    assert len((await round_.ask("GET", "/applications")).json()["items"]) == 6


async def test_an_application_and_the_beginning_of_scoring_exclude_one_another(
    round_: Round, people: list[Employee]
) -> None:
    await round_.open()
    [id_] = await round_.apply(people[0])
    await round_.check(id_)
    await round_.pass_days(1)
    begun, late = await asyncio.gather(
        round_.begin(*people[8:]), round_.ask("POST", "/applications", {}, round_.me(people[1]))
    )
    assert begun.status_code == 201
    assert refused(late) == (409, "selection-not-open")


@pytest.mark.parametrize("shift", [1, -1])
async def test_applications_are_taken_from_the_first_day_to_the_last(
    round_: Round, people: list[Employee], shift: int
) -> None:
    await round_.open(opens_on=day(shift), closes_on=day(shift), scoring_until=day(9))
    answer = await round_.ask("POST", "/applications", {}, round_.me(people[0]))
    assert refused(answer) == (409, "selection-not-open")


async def test_scoring_waits_for_the_last_day_and_for_every_check(round_: Round, people: list[Employee]) -> None:
    await round_.open()
    first, second = await round_.apply(*people[:2])
    await round_.check(first)
    assert refused(await round_.begin(*people[8:])) == (409, "not-ready-to-score"), "today is the last day"
    await round_.pass_days(1)
    assert refused(await round_.begin(*people[8:])) == (409, "not-ready-to-score"), "one is not checked"
    await round_.check(second, passed=False)
    assert (await round_.begin(*people[8:])).status_code == 201
    assert len(await round_.codes(people[8])) == 1, "who was turned away is not scored"
    assert refused(await round_.begin(*people[8:])) == (409, "not-ready-to-score"), "it has begun"
    late = await round_.ask("PUT", f"/applications/{second}/check", {"passed": True, "why": "Salah periksa."})
    assert refused(late) == (409, "selection-not-open")


async def test_scorers_are_several_employees_of_the_government(round_: Round, people: list[Employee]) -> None:
    await round_.open()
    [id_] = await round_.apply(people[0])
    await round_.check(id_)
    await round_.pass_days(1)
    for bad in ([people[8].id], [people[8].id, people[8].id], [people[8].id, new_id()]):
        answer = await round_.ask("POST", "/scoring", {"scorers": bad})
        assert refused(answer) == (422, "invalid-selection")


async def test_an_application_is_taken_back_before_scoring_by_whoever_made_it(
    round_: Round, people: list[Employee]
) -> None:
    await round_.open()
    mine, other = await round_.apply(*people[:2])
    path = f"/applications/{mine}/withdrawal"
    assert (await round_.ask("POST", path, by=round_.me(people[1]))).status_code == 404
    assert (await round_.ask("POST", path, by=round_.me(people[0]))).json()["withdrawn"]
    await round_.check(other)
    await round_.pass_days(1)
    assert (await round_.begin(*people[8:])).status_code == 201, "what was taken back needs no check"
    assert len(await round_.codes(people[8])) == 1


async def test_who_has_left_service_is_not_selected_for_an_internal_post(scored: Round, people: list[Employee]) -> None:
    codes = await marked(scored, people)
    for one in people[:2]:
        body = {"reason": "resigned", "effective_on": day()}
        await scored.http.post(f"/v1/employees/{one.id}/separation", json=body, headers=scored.hr)
    assert (await scored.ask("POST", "/result")).status_code == 201
    [place] = (await scored.ask("GET", "/result")).json()["places"]
    assert (place["employee_id"], place["rank"], place["code"] in codes) == (people[2].id, 1, True)
    assert (await scored.ask("GET", "/result/verification")).json()["agrees"]


async def test_a_result_that_somebody_has_changed_is_found(scored: Round, people: list[Employee]) -> None:
    await marked(scored, people)
    await scored.ask("POST", "/result")
    database = scored.office.database
    sheet = (await database.find(SHEETS.name, {"scorer_id": people[8].id}))[0]
    changed = sheet | {"marks": sheet["marks"] | {"makalah": Decimal(100)}}
    await database[SHEETS.name].replace_one({"_id": sheet["_id"]}, changed)
    verified = (await scored.ask("GET", "/result/verification")).json()
    assert (verified["agrees"], verified["sealed"]) == (False, True)
    assert verified["signed"] != verified["recomputed"]
    await database[SHEETS.name].replace_one({"_id": sheet["_id"]}, sheet)
    assert (await scored.ask("GET", "/result/verification")).json()["agrees"]
    await database[APPLICATIONS.name].update_many({"place.selected": False}, {"$set": {"place.selected": True}})
    assert not (await scored.ask("GET", "/result/verification")).json()["places"]


async def test_employees_read_the_result_by_code_and_their_own_place(scored: Round, people: list[Employee]) -> None:
    await marked(scored, people)
    assert (await scored.ask("GET", "/result")).status_code == 404, "not before it is decided"
    await scored.ask("POST", "/result")
    seen = (await scored.ask("GET", "/result", by=scored.me(people[0]))).json()["places"]
    assert len(seen) == 3
    assert {(one["employee_id"], one["application_id"]) for one in seen} == {(None, None)}
    [mine] = (await scored.ask("GET", "/applications", by=scored.me(people[0]))).json()["items"]
    detail = (await scored.ask("GET", f"/applications/{mine['id']}", by=scored.me(people[0]))).json()
    assert detail["code"] in {one["code"] for one in seen}
    assert detail["result"]
    other = await scored.ask("GET", f"/applications/{mine['id']}", by=scored.me(people[1]))
    assert other.status_code == 404
    pages = []
    after = ""
    while after is not None:
        page = (await scored.ask("GET", f"/result?limit=2{after and f'&after={after}'}")).json()
        pages.append([one["code"] for one in page["places"]])
        after = page["next"]
    assert pages == [[one["code"] for one in seen][:2], [one["code"] for one in seen][2:]]


async def test_openings_are_seen_by_the_government_and_by_nobody_else(
    round_: Round, people: list[Employee], bearer: Bearer
) -> None:
    await round_.open()
    strangers = [bearer("hr", None, ("/17",)), bearer("hr", None, ("/16.71/ilir",)), bearer("employee", new_id())]
    for stranger in strangers:
        assert (await round_.ask("GET", by=stranger)).status_code == 404
        assert (await round_.ask("GET", "/applications", by=stranger)).status_code == 404
    assert (await round_.ask("GET", by=round_.me(people[0]))).json()["jabatan"] == "Lurah Plaju Ilir"
    listed = await round_.http.get("/v1/selections", headers=round_.me(people[0]))
    assert [one["id"] for one in listed.json()["items"]] == [round_.id]
    for path in ("/result", "/scoring"):
        body = {"scorers": [people[8].id]} if path == "/scoring" else None
        assert (await round_.ask("POST", path, body, strangers[0])).status_code == 404
    outsider = await round_.ask("POST", "/applications", {}, strangers[2])
    assert outsider.status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"scoring_until": "2020-01-01"}, "closes_on"),
        ({"criteria": [CRITERIA[0]]}, "criteria"),
        ({"seats": {"umum": 150, "papua": 51}}, "seats"),
        ({"thresholds": {"umum": {"total": 300}}}, "thresholds"),
        ({"requirements": {"golongan": "V/a"}}, "golongan"),
        ({"unit_id": "00000000-0000-4000-8000-000000000009"}, "unit_id"),
    ],
)
async def test_an_opening_that_cannot_be_decided_is_refused(round_: Round, change: dict[str, Any], field: str) -> None:
    answer = await round_.http.post("/v1/selections", json=round_.opening(**change), headers=round_.hr)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text


async def test_a_category_without_seats_is_refused(round_: Round, people: list[Employee]) -> None:
    await round_.open()
    answer = await round_.ask("POST", "/applications", {"category": "papua"}, round_.me(people[0]))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "category")


async def test_an_application_sent_again_under_its_key_is_one_application(
    round_: Round, people: list[Employee]
) -> None:
    await round_.open()
    key = round_.me(people[0]) | {"Idempotency-Key": "lamaran-rani-1"}
    answers = [await round_.ask("POST", "/applications", {}, key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


def born(at: int) -> str:
    return date(1998, 1, 1 + at % 28).isoformat()


async def test_a_round_for_cpns_goes_from_skd_to_skb_with_affirmative_seats(
    round_: Round, people: list[Employee]
) -> None:
    await round_.open(form="cpns", seats={"umum": 1, "disabilitas": 1})
    marks = {
        "umum-1": ("umum", (100, 100, 200)), "umum-2": ("umum", (100, 100, 190)), "umum-3": ("umum", (100, 100, 180)),
        "umum-4": ("umum", (100, 100, 170)), "umum-5": ("umum", (60, 175, 225)),
        "dis-1": ("disabilitas", (60, 60, 166)), "dis-2": ("disabilitas", (60, 59, 225)),
    }  # fmt: skip
    ids = {}
    for at, (participant, (category, skd)) in enumerate(marks.items()):
        body = {"participant": participant, "category": category, "sex": "F", "birth_date": born(at), "origin": "16.71"}
        answer = await round_.ask("POST", "/candidates", body)
        assert answer.status_code == 201, answer.text
        ids[participant] = answer.json()["id"]
        await round_.check(ids[participant])
        if participant == "dis-2":
            await round_.pass_days(1)
            assert refused(await round_.begin(*people[8:])) == (409, "not-ready-to-score"), "one has no SKD yet"
        answer = await round_.ask(
            "PUT", f"/applications/{ids[participant]}/skd", dict(zip(("twk", "tiu", "tkp"), skd, strict=True))
        )
        assert answer.status_code == 200, answer.text
    assert (await round_.begin(*people[8:])).status_code == 201
    codes = await round_.codes(people[8])
    assert len(codes) == 4, "three times one seat, and the one who passed of the other category"
    for scorer in people[8:]:
        assert (await round_.score(scorer, dict.fromkeys(codes, 80))).status_code == 200
    assert (await round_.ask("POST", "/result")).status_code == 201
    places = {one["participant"]: one for one in (await round_.ask("GET", "/result")).json()["places"]}
    assert {name for name, one in places.items() if one["selected"]} == {"umum-1", "dis-1"}
    assert (places["umum-1"]["final"], places["umum-1"]["skd"]) == ("77.091", 400)
    assert {name: places[name]["why"].split(",")[0] for name in ("umum-4", "umum-5")} == {
        "umum-4": "Lulus ambang batas SKD", "umum-5": "Tidak memenuhi nilai ambang batas SKD.",
    }  # fmt: skip
    assert "CandidateSelected" not in await round_.office.said(), "facts are about employees"
    assert (await round_.ask("GET", "/result/verification")).json()["agrees"]


async def test_of_a_candidate_from_outside_no_list_tells_the_category_and_nothing_keeps_a_name(round_: Round) -> None:
    await round_.open(form="cpns", seats={"disabilitas": 1})
    body = {"participant": "P-1", "category": "disabilitas", "sex": "F", "birth_date": born(1), "origin": "16.71"}
    assert (await round_.ask("POST", "/candidates", body | {"name": "Rani"})).status_code == 422
    assert (await round_.ask("POST", "/candidates", body)).status_code == 201
    assert refused(await round_.ask("POST", "/candidates", body)) == (409, "already-applied")
    listed = await round_.ask("GET", "/applications")
    assert "disabilitas" not in listed.text


async def test_an_internal_selection_takes_no_candidates_from_outside_and_no_skd(
    round_: Round, people: list[Employee]
) -> None:
    await round_.open()
    body = {"participant": "P-1", "sex": "F", "birth_date": born(1), "origin": "16.71"}
    assert refused(await round_.ask("POST", "/candidates", body)) == (422, "invalid-selection")
    [id_] = await round_.apply(people[0])
    skd = await round_.ask("PUT", f"/applications/{id_}/skd", {"twk": 1, "tiu": 1, "tkp": 1})
    assert refused(skd) == (422, "invalid-selection")


async def test_impact_is_told_by_group_once_decided_and_never_of_fewer_than_five(
    round_: Round, people: list[Employee]
) -> None:
    await round_.open(form="cpns", seats={"umum": 4}, thresholds={"umum": {"total": 100}})
    crowd = [("M", at) for at in range(8)] + [("F", at) for at in range(8, 15)]
    for sex, at in crowd:
        origin = "16.71" if at < 13 else "96.71"
        body = {"participant": f"P-{at}", "sex": sex, "birth_date": born(at), "origin": origin}
        id_ = (await round_.ask("POST", "/candidates", body)).json()["id"]
        await round_.check(id_, passed=at != 14)
        await round_.ask("PUT", f"/applications/{id_}/skd", {"twk": 100 - at, "tiu": 100, "tkp": 200})
    await round_.pass_days(1)
    await round_.begin(*people[8:])
    codes = await round_.codes(people[8])
    for scorer in people[8:]:
        await round_.score(scorer, dict.fromkeys(codes, 80))
    assert (await round_.ask("GET", "/impact")).status_code == 404
    assert (await round_.ask("POST", "/result")).status_code == 201
    found = (await round_.ask("GET", "/impact")).json()
    by_sex = {one["group"]: (one["people"], one["got"], one["alarm"]) for one in found["selected"]["sex"]["groups"]}
    assert by_sex == {"M": (8, 4, False), "F": (7, 0, True)}
    assert found["selected"]["sex"]["alarm"]
    assert not found["admitted"]["sex"]["alarm"], "6 of 7 women and 8 of 8 men passed the check: above four fifths"
    assert (found["admitted"]["origin"]["groups"], found["admitted"]["origin"]["hidden"]) == ([], 2)


async def test_an_officer_who_applies_checks_and_decides_nothing_about_themselves(
    round_: Round, people: list[Employee]
) -> None:
    rani, others = people[0], people[1:3]
    own = round_.bearer("hr", rani.id, ("/16.71",))
    await round_.open()
    [mine, *rest] = await round_.apply(rani, *others)
    check = {"passed": True, "why": "Ijazah sesuai."}
    assert refused(await round_.ask("PUT", f"/applications/{mine}/check", check, own)) == (403, "own-matter")
    skd = {"twk": 100, "tiu": 100, "tkp": 200}
    assert refused(await round_.ask("PUT", f"/applications/{mine}/skd", skd, own)) == (403, "own-matter")
    for id_ in rest:
        assert (await round_.ask("PUT", f"/applications/{id_}/check", check, own)).status_code == 200
    await round_.check(mine)
    await round_.pass_days(1)
    assert (await round_.begin(*people[8:])).status_code == 201
    await marked(round_, people)
    assert refused(await round_.ask("POST", "/result", by=own)) == (403, "own-matter")
    assert "CandidateSelected" not in await round_.office.said()
    assert (await round_.ask("POST", "/result")).status_code == 201
