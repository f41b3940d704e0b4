"""Reports through the public door: evidence, answers and words, how soon they came, and what asks for attention."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from appraisal.commands import closing
from appraisal.domain.evidence import MOST_BYTES, PART_BYTES
from appraisal.domain.scorecard import Scorecard
from appraisal.queries import progress as queries
from appraisal.store import shelf
from embedded.demo.callers import month_in, today_in
from kinara.contracts.working_days import Calendar
from kinara.kit.ids import new_id, utc_now
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM

Bearer = Callable[..., dict[str, str]]
Everything = Callable[[], Awaitable[dict[str, Any]]]
PERIOD = month_in("/16.71")
TODAY = today_in("/16.71")
WEEKDAYS = Calendar(frozenset())
"""Without a holiday: what is counted back from today does not depend on the day of the test."""
PDF = b"%PDF-1.7\n" + b"kinara " * (PART_BYTES // 4)
"""Nearly two parts of a file."""


def office_file(*names: str) -> bytes:
    """A zip archive with empty files of these names."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return kept.getvalue()


@pytest.fixture
def me(bearer: Bearer, officer: str) -> dict[str, str]:
    return bearer("employee", officer, ())


@pytest.fixture
def boss(bearer: Bearer, superior: str) -> dict[str, str]:
    return bearer("supervisor", superior, ())


Report = Callable[..., Awaitable[str]]
SHOWN = "https://contoh.go.id/berkas"
"""Evidence, without which no report of one's own is verified."""


@pytest.fixture
def report(http: httpx.AsyncClient, officer: str, me: dict[str, str]) -> Report:
    """The address of a new report of the officer's own."""

    async def made(amount: str = "10", **more: str) -> str:
        body = {"indicator": "berkas", "amount": amount, **more}
        answer = await http.post(f"/v1/scorecards/{officer}/progress", json=body, headers=me)
        assert answer.status_code == 201, answer.text
        return f"/v1/scorecards/{officer}/progress/{answer.json()['report_id']}"

    return made


@pytest.fixture
def aged(prepared: Database) -> Callable[[str, timedelta], Awaitable[None]]:
    """Make a report as old as if it had been made so long ago."""

    async def put_back(address: str, age: timedelta) -> None:
        at = {"$set": {"reported_at": utc_now() - age}}
        done = await prepared["reports"].update_one({"_id": address.rpartition("/")[2]}, at)
        assert done.matched_count == 1

    return put_back


async def hand_in(
    http: httpx.AsyncClient,
    address: str,
    who: dict[str, str],
    content: bytes = PDF,
    name: str = "bukti.pdf",
    **extra: str,
) -> httpx.Response:
    headers = {**who, "Content-Type": "application/octet-stream", **extra}
    return await http.post(f"{address}/evidence", params={"name": name}, content=content, headers=headers)


async def test_a_file_comes_back_as_it_was_handed_in_to_those_who_may_see_it_and_to_nobody_else(
    http: httpx.AsyncClient, bearer: Bearer, town: Any, report: Report, me: dict[str, str], boss: dict[str, str]
) -> None:
    address = await report()
    kept = await hand_in(http, address, me, name="Rekap “November”.docx")
    assert kept.status_code == 201, kept.text
    piece = kept.json()
    assert (piece["kind"], piece["size"], piece["name"]) == ("pdf", len(PDF), "Rekap “November”.docx.pdf")
    assert piece["sha256"] == hashlib.sha256(PDF).hexdigest()

    for who in (me, boss, bearer("hr"), bearer("oversight")):
        assert (await http.get(f"{address}/evidence", headers=who)).json() == [piece]
        read = await http.get(f"{address}/evidence/{piece['evidence_id']}", headers=who)
        assert (read.status_code, read.content) == (200, PDF)
        assert read.headers["content-type"] == "application/pdf"
        assert read.headers["x-content-type-options"] == "nosniff"
        name = "attachment; filename*=UTF-8''Rekap%20%E2%80%9CNovember%E2%80%9D.docx.pdf"
        assert read.headers["content-disposition"] == name
    other = await town.officer()
    for who in (
        bearer("employee", other, ()),
        bearer("supervisor", other, ()),
        bearer("hr", units=("/96.71",)),
        bearer("oversight", units=("/16.71/plaju/lain",)),
    ):
        for path in (f"{address}/evidence", f"{address}/evidence/{piece['evidence_id']}", f"{address}/thread"):
            assert (await http.get(path, headers=who)).status_code == 404
    assert (await http.get(f"{address}/evidence", headers=bearer("integrator"))).status_code == 403


async def test_a_file_of_one_report_is_no_file_of_another(
    http: httpx.AsyncClient, report: Report, me: dict[str, str]
) -> None:
    first, second = await report(), await report()
    piece = (await hand_in(http, first, me)).json()["evidence_id"]
    assert (await http.get(f"{second}/evidence/{piece}", headers=me)).status_code == 404
    assert (await http.get(f"{second}/evidence", headers=me)).json() == []


async def test_a_link_may_be_given_with_the_report_and_counts_among_its_three_pieces(
    http: httpx.AsyncClient, report: Report, me: dict[str, str], everything: Everything
) -> None:
    address = await report(link="https://arsip.example/rekap")
    assert (await hand_in(http, address, me)).status_code == 201
    linked = await http.post(f"{address}/links", json={"link": "https://arsip.example/2"}, headers=me)
    assert linked.status_code == 201, linked.text
    pieces = (await http.get(f"{address}/evidence", headers=me)).json()
    assert [(piece["link"], piece["kind"]) for piece in pieces] == [
        ("https://arsip.example/rekap", None),
        (None, "pdf"),
        ("https://arsip.example/2", None),
    ]
    before = await everything()
    for fourth in (
        await hand_in(http, address, me),
        await http.post(f"{address}/links", json={"link": "https://arsip.example/3"}, headers=me),
    ):
        assert (fourth.status_code, fourth.json()["type"]) == (409, "urn:kinara:problem:too-much-evidence")
        assert "paling banyak 3 bukti" in fourth.json()["title"]
    assert await everything() == before
    assert (await http.get(f"{address}/evidence/{pieces[0]['evidence_id']}", headers=me)).status_code == 404


async def test_four_files_at_the_same_moment_are_three(
    http: httpx.AsyncClient, report: Report, me: dict[str, str]
) -> None:
    address = await report()
    made = await asyncio.gather(*(hand_in(http, address, me) for _ in range(4)))
    assert sorted(answer.status_code for answer in made) == [201, 201, 201, 409]
    assert len((await http.get(f"{address}/evidence", headers=me)).json()) == 3


@pytest.mark.parametrize(
    "link", ["http://arsip.example/1", "https://", "https://sari@arsip.example", "javascript:alert(1)"]
)
async def test_what_is_no_https_address_is_no_link(
    http: httpx.AsyncClient, report: Report, me: dict[str, str], officer: str, everything: Everything, link: str
) -> None:
    address = await report()
    before = await everything()
    with_report = {"indicator": "berkas", "amount": "1", "link": link}
    for answer in (
        await http.post(f"{address}/links", json={"link": link}, headers=me),
        await http.post(f"/v1/scorecards/{officer}/progress", json=with_report, headers=me),
    ):
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["field"].endswith("link")
    assert await everything() == before


MACROS = office_file("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"MZ\x90 a programme", 422, "paling besar 5 MiB"),
        (b"<html>", 422, "PDF, JPEG, PNG, XLSX, atau DOCX"),
        (MACROS, 422, "tanpa makro"),
        (b"PK\x03\x04 broken", 422, "tidak dikenali"),
        (b"", 422, "body"),
        (b"%PDF-" + b"x" * MOST_BYTES, 413, "paling besar 5 MiB"),
    ],
    ids=["programme", "page", "macros", "broken", "empty", "too large"],
)
async def test_a_file_that_is_not_taken_is_refused_by_its_content_and_the_refusal_names_the_limit(
    http: httpx.AsyncClient,
    report: Report,
    me: dict[str, str],
    everything: Everything,
    content: bytes,
    status: int,
    said: str,
) -> None:
    address = await report()
    before = await everything()
    answer = await hand_in(http, address, me, content)
    assert (answer.status_code, said in answer.json()["title"]) == (status, True), answer.text
    assert await everything() == before


@pytest.mark.parametrize("name", ["", "../sandi.pdf", "a\nb.pdf", "x" * 121])
async def test_a_name_that_is_a_path_or_no_name_is_refused(
    http: httpx.AsyncClient, report: Report, me: dict[str, str], name: str
) -> None:
    answer = await hand_in(http, await report(), me, name=name)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.name")


async def test_the_largest_file_is_taken_and_read_back_whole(
    http: httpx.AsyncClient, report: Report, me: dict[str, str], prepared: Database
) -> None:
    address, content = await report(), b"%PDF-" + bytes(range(256)) * 20_480
    content = content[:MOST_BYTES]
    kept = await hand_in(http, address, me, content)
    assert kept.status_code == 201, kept.text
    read = await http.get(f"{address}/evidence/{kept.json()['evidence_id']}", headers=me)
    assert hashlib.sha256(read.content).hexdigest() == kept.json()["sha256"]
    assert max(len(part["content"]) for part in await prepared.find("evidence_parts", {})) == PART_BYTES


async def test_a_file_sent_twice_under_one_key_is_kept_once(
    http: httpx.AsyncClient, report: Report, me: dict[str, str]
) -> None:
    address, key = await report(), {"Idempotency-Key": new_id()}
    first, again = [await hand_in(http, address, me, **key) for _ in "12"]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len((await http.get(f"{address}/evidence", headers=me)).json()) == 1


async def test_evidence_is_added_by_whoever_reported_and_not_after_the_answer(
    http: httpx.AsyncClient, report: Report, me: dict[str, str], boss: dict[str, str]
) -> None:
    address = await report(link=SHOWN)
    assert (await hand_in(http, address, boss)).status_code == 404
    assert (await http.post(f"{address}/verification", headers=boss)).status_code == 200
    late = await hand_in(http, address, me)
    assert (late.status_code, late.json()["type"]) == (409, "urn:kinara:problem:report-answered")


async def test_a_returned_report_no_longer_counts_half_and_may_be_made_again(
    http: httpx.AsyncClient,
    report: Report,
    officer: str,
    me: dict[str, str],
    boss: dict[str, str],
    card: Callable[[str], Awaitable[Scorecard]],
) -> None:
    kept, doubtful = await report("10"), await report("80")
    with_both = (await card(officer)).scores[PERIOD].components["K"]
    back = await http.post(f"{doubtful}/return", json={"words": "Buktinya dari bulan lalu."}, headers=boss)
    assert back.status_code == 200, back.text
    left = await card(officer)
    progress = left.months[PERIOD].progress["berkas"]
    assert (progress.unverified, progress.unverified_count) == (10, 1)
    assert list(left.months[PERIOD].pending) == [kept.rpartition("/")[2]]
    assert left.scores[PERIOD].components["K"] < with_both

    for answer in (
        await http.post(f"{doubtful}/return", json={"words": "Lagi."}, headers=boss),
        await http.post(f"{doubtful}/verification", headers=boss),
    ):
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:kinara:problem:report-not-found")
    again = await report("80", link=SHOWN)
    assert (await http.post(f"{again}/verification", json={"words": "Sekarang lengkap."}, headers=boss)).is_success
    said = (await http.get(f"{doubtful}/thread", headers=me)).json()["items"]
    assert [(one["side"], one["words"]) for one in said] == [("supervisor", "Buktinya dari bulan lalu.")]
    said = (await http.get(f"{again}/thread", headers=me)).json()["items"]
    assert [one["words"] for one in said] == ["Sekarang lengkap."]

    explained = (await http.get(f"/v1/scorecards/{officer}/periods/{PERIOD}/explanation", headers=me)).json()
    indicators = explained["components"]["K"]
    notes = [line["note"] for line in indicators["effects"]]
    assert any("dikembalikan" in note and "tidak dihitung lagi" in note for note in notes)
    assert indicators["value"] == explained["score"]["components"]["K"]


async def test_the_only_report_returned_leaves_no_indicator_measured(
    http: httpx.AsyncClient, report: Report, officer: str, boss: dict[str, str], card: Any
) -> None:
    back = await http.post(f"{await report()}/return", json={"words": "Belum ada bukti."}, headers=boss)
    assert back.status_code == 200, back.text
    left = await card(officer)
    assert (left.months[PERIOD].progress, left.scores[PERIOD].components["K"]) == ({}, None)


async def test_nobody_returns_their_own_report_and_nobody_without_words(
    http: httpx.AsyncClient, bearer: Bearer, report: Report, officer: str, boss: dict[str, str], everything: Everything
) -> None:
    address = await report()
    before = await everything()
    own = await http.post(f"{address}/return", json={"words": "x"}, headers=bearer("supervisor", officer, ()))
    assert (own.status_code, own.json()["type"]) == (403, "urn:kinara:problem:self-verification")
    for body in ({}, {"words": "  "}, {"words": "x" * 2001}, {"words": "a\x00b"}):
        silent = await http.post(f"{address}/return", json=body, headers=boss)
        assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "body.words")
    assert await everything() == before


async def test_both_sides_talk_in_a_thread_that_is_read_page_by_page(
    http: httpx.AsyncClient, bearer: Bearer, report: Report, superior: str, me: dict[str, str], boss: dict[str, str]
) -> None:
    address = await report()
    for who, words in ((me, "Mohon diperiksa."), (boss, "Lampiran mana?\nTolong."), (me, "Sudah saya unggah.")):
        written = await http.post(f"{address}/words", json={"words": words}, headers=who)
        assert written.status_code == 201, written.text
    first = (await http.get(f"{address}/thread", params={"limit": 2}, headers=bearer("oversight"))).json()
    rest = (await http.get(f"{address}/thread", params={"after": first["next"]}, headers=boss)).json()
    assert [one["side"] for one in first["items"] + rest["items"]] == ["employee", "supervisor", "employee"]
    assert (first["items"][1]["words"], first["items"][1]["by"]) == ("Lampiran mana?\nTolong.", superior)
    stranger = await http.post(f"{address}/words", json={"words": "Halo"}, headers=bearer("supervisor", new_id(), ()))
    assert stranger.status_code == 404


async def test_the_first_answer_is_measured_whichever_way_it_came(
    http: httpx.AsyncClient,
    bearer: Bearer,
    report: Report,
    superior: str,
    me: dict[str, str],
    boss: dict[str, str],
    aged: Callable[[str, timedelta], Awaitable[None]],
) -> None:
    async def figures() -> dict[str, Any]:
        return (await http.get("/v1/team/answering", headers=boss)).json()  # type: ignore[no-any-return]

    assert (await figures())["median_hours"] is None
    verified, returned, talked, silent = [await report(link=SHOWN) for _ in range(4)]
    for address, hours in ((verified, 2), (returned, 10), (talked, 6), (silent, 75)):
        await aged(address, timedelta(hours=hours))
    await http.post(f"{verified}/words", json={"words": "Tolong segera."}, headers=me)
    assert (await figures())["answered"] == 0, "one's own words are no answer"
    assert (await http.post(f"{verified}/verification", headers=boss)).is_success
    assert (await http.post(f"{returned}/return", json={"words": "Kurang."}, headers=boss)).is_success
    for _ in "12":
        assert (await http.post(f"{talked}/words", json={"words": "Bagus."}, headers=boss)).is_success

    found = await figures()
    assert found == {
        "supervisor_id": superior, "waiting": 2, "oldest_days": 3, "answered": 3, "median_hours": "6.0", "lapsed": 0,
    }  # fmt: skip
    for role in ("hr", "oversight"):
        listed = (await http.get("/v1/answering", headers=bearer(role))).json()
        assert listed == {"items": [found], "next": None}
    assert (await http.get("/v1/answering", headers=bearer("hr", units=("/96.71",)))).json()["items"] == []


async def test_superiors_are_listed_page_by_page(
    http: httpx.AsyncClient, bearer: Bearer, town: Any, office: Any
) -> None:
    office.now = utc_now()
    superiors = []
    for _ in range(3):
        superiors.append(await town.officer())
        below = await town.officer(superior=superiors[-1])
        await office.agree(below, period=PERIOD)
        await office.report(below)
    hr, seen, place = bearer("hr"), [], ""
    for _ in range(3):
        page = (await http.get("/v1/answering", params={"limit": 1, "after": place}, headers=hr)).json()
        seen += [one["supervisor_id"] for one in page["items"]]
        place = page["next"]
    assert seen == sorted(superiors)
    assert (await http.get("/v1/answering", params={"limit": 1, "after": place}, headers=hr)).json()["items"] == []


async def test_who_is_transferred_takes_their_waiting_reports_to_the_new_superior(
    http: httpx.AsyncClient, bearer: Bearer, town: Any, deliver: Any, report: Report, officer: str, boss: dict[str, str]
) -> None:
    address = await report(link=SHOWN)
    heir = await town.officer()
    await deliver(town.transfer(officer, "/16.71/plaju/lain", heir))
    new = bearer("supervisor", heir, ())
    assert [(await http.get("/v1/team/answering", headers=who)).json()["waiting"] for who in (boss, new)] == [0, 1]
    assert (await http.post(f"{address}/words", json={"words": "Saya periksa."}, headers=boss)).status_code == 404
    assert (await http.post(f"{address}/verification", headers=new)).is_success
    assert [(await http.get("/v1/team/answering", headers=who)).json()["answered"] for who in (boss, new)] == [0, 1]


async def test_what_nobody_answered_before_the_close_has_lapsed(
    http: httpx.AsyncClient, bearer: Bearer, town: Any, office: Any, prepared: Database
) -> None:
    superior = await town.officer()
    officer = await town.officer(superior=superior)
    end = office.now  # of November 2026
    await office.agree(officer, period="2026-11")
    silent, talked = await office.report(officer), await office.report(officer)
    office.now = end + timedelta(days=9)
    await prepared["reports"].update_one({"_id": talked}, {"$set": {"answered_at": end, "answered_by": superior}})
    await office.close(officer, "2026-11")
    kept = {row["_id"]: row["state"] for row in await prepared.find("reports", {})}
    assert kept == {silent: "lapsed", talked: "lapsed"}
    await prepared["reports"].update_many({}, {"$set": {"settled_at": utc_now(), "answered_at": None}})
    await prepared["reports"].update_one({"_id": talked}, {"$set": {"answered_at": utc_now()}})
    found = (await http.get("/v1/team/answering", headers=bearer("supervisor", superior, ()))).json()
    assert (found["waiting"], found["lapsed"], found["answered"]) == (0, 1, 1)


async def test_who_is_off_pace_or_waits_too_long_is_named_in_plain_words(
    http: httpx.AsyncClient,
    bearer: Bearer,
    town: Any,
    report: Report,
    officer: str,
    superior: str,
    me: dict[str, str],
    boss: dict[str, str],
    aged: Callable[[str, timedelta], Awaitable[None]],
    offices_close: Callable[..., None],
) -> None:
    offices_close()
    await town.officer(superior=superior, name="Beres Semua")
    address = await report("100")
    own = f"/v1/scorecards/{officer}/attention"
    assert (await http.post(f"{await report('100', link=SHOWN)}/verification", headers=boss)).is_success
    assert (await http.get("/v1/team/attention", headers=boss)).json() == {"items": [], "next": None}
    quiet = (await http.get(own, headers=me)).json()
    assert (quiet["off_pace"], quiet["waiting_reports"]) == ([], [])

    await aged(address, timedelta(days=7))
    (found,) = (await http.get("/v1/team/attention", headers=boss)).json()["items"]
    assert found == (await http.get(own, headers=me)).json()
    assert (found["employee_id"], found["name"], found["off_pace"]) == (officer, "Rani Contoh", [])
    (waiting,) = found["waiting_reports"]
    assert waiting["working_days"] == 5
    assert waiting["sentence"].startswith("Laporan Berkas selesai sebesar 100 berkas menunggu verifikasi atasan sejak ")
    assert (await http.get(own, headers=bearer("supervisor", new_id(), ()))).status_code == 404


async def test_how_long_a_report_has_waited_leaves_holidays_out(
    http: httpx.AsyncClient,
    report: Report,
    officer: str,
    me: dict[str, str],
    boss: dict[str, str],
    aged: Callable[[str, timedelta], Awaitable[None]],
    offices_close: Callable[..., None],
) -> None:
    await aged(await report("100"), timedelta(days=7))
    week = [TODAY - timedelta(days=n) for n in range(7)]
    worked = [day for day in week if WEEKDAYS.is_working_day(day)]

    async def waited(*holidays: date) -> list[int]:
        offices_close(*holidays)
        own = (await http.get(f"/v1/scorecards/{officer}/attention", headers=me)).json()
        team = (await http.get("/v1/team/attention", headers=boss)).json()["items"]
        assert [one["waiting_reports"] for one in team] == ([own["waiting_reports"]] if own["waiting_reports"] else [])
        return [one["working_days"] for one in own["waiting_reports"]]

    assert [await waited(*worked[:n]) for n in range(3)] == [[5], [4], []], "three working days are no long wait"


async def test_a_page_of_the_team_tells_of_those_behind_the_calendar_only(office: Any, town: Any) -> None:
    superior = await town.officer()
    slow, good, _ = [await town.officer(superior=superior, name=name) for name in ("Lambat", "Tepat", "Tanpa Target")]
    for officer, amount in ((slow, "30"), (good, "90")):
        await office.agree(officer, period="2026-11")
        await office.report(officer, amount, office.superior(superior))
    policies = await shelf(office.database)

    found, place = await queries.team_attention(office.work, office.superior(superior), policies, WEEKDAYS, None, 100)
    assert ([one.employee_id for one in found], place) == ([slow], None)
    (lag,) = found[0].lags
    assert lag.sentence == (
        "Berkas selesai: laju 36% dari yang seharusnya tercapai hari ini, di bawah batas 60% sejak 18-11-2026."
    )
    first, place = await queries.team_attention(office.work, office.superior(superior), policies, WEEKDAYS, None, 1)
    assert ([one.employee_id for one in first], place) == ([slow], slow)
    assert good > slow


async def test_with_its_period_opened_again_a_lapsed_report_waits_again(
    office: Any, town: Any, prepared: Database
) -> None:
    officer = await town.officer()
    await office.agree(officer, period="2026-11")
    silent = await office.report(officer)
    office.now += timedelta(days=9)
    await office.close(officer, "2026-11")
    policies = await shelf(prepared)
    await closing.reopen_period(office.work, SYSTEM, policies, officer, "2026-11", "Salah tutup")
    kept = await prepared.find_one("reports", {"_id": silent})
    assert kept is not None
    assert (kept["state"], kept["settled_at"]) == ("waiting", None)
    await office.verify(officer, silent)
    kept = await prepared.find_one("reports", {"_id": silent})
    assert kept is not None
    assert kept["state"] == "verified"
