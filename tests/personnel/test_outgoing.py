"""What is told to BKN, from the fact to the stub SIASN's answer: once, whatever fails, and with the reason if not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Event, Province
from kinara.contracts.appraisal import (
    AngkaKreditCredited,
    AppraisalConfirmed,
    AwardGranted,
    ObjectionDecided,
    PeriodReopened,
    Predikat,
)
from kinara.contracts.training import TrainingCompleted
from kinara.kit.fold import Folder
from kinara.kit.identity import Role
from kinara.kit.ids import new_id, utc_now
from kinara.kit.scope import SYSTEM
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry
from kinara.kit.work import Transaction, Work, command
from personnel import consumers
from personnel.commands.outgoing.making import instansi_of, make_all
from personnel.commands.outgoing.sender import Sender, conclude
from personnel.domain.employee import Employee
from personnel.domain.outgoing import MOST_ATTEMPTS, Outgoing
from personnel.settings import Settings
from personnel.siasn.writing import Entry
from personnel.store import OUTGOING, PROFILES
from pydantic import SecretStr, ValidationError
from siasn_stub.people import people
from siasn_stub.places import GOVERNMENTS

Bearer = Callable[..., dict[str, str]]
AT = datetime(2026, 10, 2, 3, 0, tzinfo=UTC)
SORONG = next(government for government in GOVERNMENTS if government.code == "96.71")
GOOD = [p.nip for p in people(400) if p.flaw is None and p.government_id == SORONG.id]
PNS = [nip for nip in GOOD if int(nip[12:14]) <= 12]


@dataclass
class Bkn:
    """Personnel's way to the stub SIASN, with two people of Sorong that both know."""

    feed: Any
    deliver: Deliverer
    stub: Any
    rani: Employee
    boss: Employee
    settings: Settings
    where: dict[str, Any] = field(
        default_factory=lambda: {"province": Province(code="96"), "unit_path": "/96.71/distrik"}
    )

    async def hear(self, *events: Event) -> None:
        """Facts arrive, twice each, and records are made of them."""
        await self.deliver(*events)
        await self.make()

    async def make(self) -> None:
        await make_all(self.feed.database, instansi_of(self.settings))

    async def send(self, **settings: Any) -> None:
        """A sending process does everything that is due."""
        await Sender(self.settings.model_copy(update=settings)).work_off(self.feed.database)

    async def records(self) -> list[Outgoing]:
        found = await Work(self.feed.database).find(OUTGOING, SYSTEM, {}, limit=1000)
        return [record.state for record in found]

    async def record(self) -> Outgoing:
        [record] = await self.records()
        return record

    async def hurry(self) -> None:
        """Every pause is over."""

        @command
        async def write(tx: Transaction) -> None:
            for record in await tx.find(OUTGOING, SYSTEM, {}, limit=1000):
                tx.save(OUTGOING, replace(record, due_at=record.due_at and tx.now))

        await write(Work(self.feed.database))

    def counts(self, kind: str) -> dict[str, int]:
        return self.stub.counts()["written"][kind]

    def confirmed(self, period: str = "2026-Q3", decided: int = 2, cell: tuple[int, int] | None = (2, 2), **more: Any):
        axes = {"hasil_kerja": cell[0], "perilaku_kerja": cell[1]} if cell else {}
        return AppraisalConfirmed(
            **self.where, employee_id=self.rani.id, period=period, proposed=Predikat.BAIK, confirmed=Predikat(decided),
            confirmed_by=self.boss.id, confirmed_at=AT, **axes | more,
        )  # fmt: skip

    def objected(self, period: str, after: int, cell: tuple[int, int]) -> ObjectionDecided:
        return ObjectionDecided(
            **self.where, employee_id=self.rani.id, objection_id=new_id(), period=period, before=Predikat.BAIK,
            after=Predikat(after), decided_by=new_id(), decided_at=AT, confirmed_by=self.boss.id, hasil_kerja=cell[0],
            perilaku_kerja=cell[1],
        )  # fmt: skip

    def completed(self, number: str = "S-1", kind: str = "4", completion: str | None = None, **more: Any):
        told = {
            "title": "Pelayanan prima", "partner": "Universitas Contoh", "jp": 24, "course_kind": kind,
            "certificate_number": number, "completed_on": date(2026, 3, 9),
        }  # fmt: skip
        return TrainingCompleted(
            **self.where, employee_id=self.rani.id, completion_id=completion or new_id(), enrolment_id=new_id(),
            programme_id=new_id(), **told | more,
        )  # fmt: skip

    def awarded(self, **more: Any) -> AwardGranted:
        return AwardGranted(
            **self.where, employee_id=self.rani.id, award_id=new_id(), award="Pelayanan terbaik", period="2026-Q3",
            granted_on=date(2026, 10, 5), **{"decree_number": "800/12/2026"} | more,
        )  # fmt: skip

    def credited(self, credit: str = "12.50", **more: Any) -> AngkaKreditCredited:
        told = {"jenjang": "PT", "months": 12}
        return AngkaKreditCredited(
            **self.where, employee_id=self.rani.id, year=2025, predikat=Predikat.BAIK, credit=Decimal(credit),
            credited_at=AT, **told | more,
        )  # fmt: skip

    async def in_a_process(self, crash_at: str) -> int:
        """Send everything in a process of its own; how it ended."""
        code = (
            "import asyncio\n"
            "from kinara.kit.mongo import Database\n"
            "from personnel.commands.outgoing.sender import Sender\n"
            "from personnel.settings import Settings\n"
            "settings = Settings()\n"
            "asyncio.run(Sender(settings).work_off(Database(settings.mongo.get_secret_value(), settings.database)))\n"
        )
        settings = self.settings.model_copy(update={"database": self.feed.database.name})
        named = {f"KINARA_{name.upper()}": getattr(settings, name) for name in settings.model_fields_set}
        plain = {name: v.get_secret_value() if isinstance(v, SecretStr) else v for name, v in named.items()}
        environment = {name: json.dumps(v) if isinstance(v, dict) else str(v) for name, v in plain.items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, env=os.environ | environment | {"KINARA_CRASH_AT": crash_at}
        )
        return await process.wait()


@pytest.fixture
async def bkn(feed: Any, siasn: Any, registry: Registry) -> Bkn:
    siasn.forget_written()
    await feed.work_off(await feed.siasn("96.71", PNS[:2]))
    known = await feed.people()
    folder = Folder(consumers.inbox, feed.database, "personnel.profile.nasional", registry.services)
    await folder.prepare()
    settings = feed.settings.model_copy(update={"siasn_write": True, "siasn_attempts": 1})
    return Bkn(feed, Deliverer(folder, registry), siasn, known[PNS[1]], known[PNS[0]], settings)


# from a fact to a record


async def test_each_kind_of_fact_becomes_one_record_and_is_written_in_siasns_words(bkn: Bkn) -> None:
    await bkn.hear(bkn.confirmed(), bkn.confirmed("2026-08"), bkn.confirmed("2025"), bkn.completed(), bkn.awarded())
    assert {record.state for record in await bkn.records()} == {"pending"}
    await bkn.send()
    assert {record.state for record in await bkn.records()} == {"accepted"}
    assert all(record.siasn_id for record in await bkn.records())
    written = {kind: bkn.stub.written(kind) for kind in ("kinerjaperiodik", "skp22", "kursus", "penghargaan")}
    quarter, month = sorted(written["kinerjaperiodik"], key=lambda one: one["periodikId"], reverse=True)
    assert quarter | {
        "pnsDinilaiId": bkn.rani.siasn_id, "periodikId": "2", "bulanMulaiPenilaian": 7, "bulanSelesaiPenilaian": 9,
        "tahun": 2026, "hasilKinerjaNilai": 2, "perilakuKerjaNilai": 2, "kuadranKinerjaNilai": 2,
        "penilaiNipNrp": bkn.boss.nip, "penilaiNama": bkn.boss.name, "statusPenilai": "ASN",
    } == quarter  # fmt: skip
    assert (month["periodikId"], month["bulanMulaiPenilaian"], month["bulanSelesaiPenilaian"]) == ("1", 8, 8)
    [year] = written["skp22"]
    assert (year["pnsDinilaiOrang"], year["tahun"], year["penilaiJabatan"]) == (
        bkn.rani.siasn_id, 2025, bkn.boss.jabatan,
    )  # fmt: skip
    [course] = written["kursus"]
    assert (course["instansiId"], course["jenisDiklatId"], course["jenisKursusSertipikat"]) == (SORONG.id, "4", "P")
    assert (course["tanggalKursus"], course["tahunKursus"], course["jumlahJam"]) == ("09-03-2026", 2026, 24)
    [award] = written["penghargaan"]
    assert (award["skNomor"], award["skDate"], award["hargaId"]) == ("800/12/2026", "05-10-2026", "400")


async def test_a_repeat_is_the_same_record_and_is_not_sent_again(bkn: Bkn) -> None:
    course = bkn.completed()
    await bkn.hear(bkn.confirmed(), course)
    await bkn.send()
    await bkn.hear(bkn.confirmed(), course)
    await bkn.send()
    assert [record.state for record in await bkn.records()] == ["accepted"] * 2
    for kind in ("kinerjaperiodik", "kursus"):
        assert bkn.counts(kind) == {"accepted": 1, "replaced": 0, "refused": 0, "deleted": 0, "twice": 0}


async def test_what_an_objection_has_changed_takes_the_place_of_what_was_sent(bkn: Bkn) -> None:
    await bkn.hear(bkn.confirmed())
    await bkn.send()
    before = await bkn.record()
    await bkn.hear(bkn.objected("2026-Q3", 1, (1, 1)))
    assert (await bkn.record()).state == "pending"
    await bkn.send()
    after = await bkn.record()
    assert (after.state, after.id, after.siasn_id) == ("accepted", before.id, before.siasn_id)
    [kept] = bkn.stub.written("kinerjaperiodik")
    assert (kept["kuadranKinerjaNilai"], kept["penilaiNipNrp"]) == (1, bkn.boss.nip)
    assert bkn.counts("kinerjaperiodik") == {"accepted": 1, "replaced": 1, "refused": 0, "deleted": 0, "twice": 0}


async def test_a_reopened_period_is_held_back_until_it_is_decided_again(bkn: Bkn) -> None:
    await bkn.hear(bkn.confirmed())
    reopened = PeriodReopened(
        **bkn.where, employee_id=bkn.rani.id, period="2026-Q3", reason="Laporan terlambat", reopened_at=AT
    )
    await bkn.hear(reopened)
    await bkn.send()
    held = await bkn.record()
    assert (held.state, bkn.stub.written("kinerjaperiodik")) == ("skipped", [])
    assert "dibuka kembali" in (held.reason or "")
    await bkn.hear(bkn.confirmed())
    await bkn.send()
    assert (await bkn.record()).state == "accepted"


async def test_the_right_to_training_is_no_award_for_bkn(bkn: Bkn) -> None:
    await bkn.hear(bkn.awarded(grants="training"))
    assert await bkn.records() == []


async def test_a_profile_keeps_nothing_to_tell_once_records_are_made(bkn: Bkn) -> None:
    await bkn.deliver(bkn.confirmed())
    [profile] = await Work(bkn.feed.database).find(PROFILES, SYSTEM, {"tells": True})
    assert list(profile.state.to_tell) == ["result 2026-Q3"]
    await bkn.make()
    await bkn.make()
    assert await Work(bkn.feed.database).find(PROFILES, SYSTEM, {"tells": True}) == []
    assert len(await bkn.records()) == 1


# what cannot be written


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"employee_id": "00000000-0000-4000-8000-000000000001"}, "belum ada di data kepegawaian"),
        ({"confirmed_by": "00000000-0000-4000-8000-000000000001"}, "Pejabat penilai belum ada"),
        ({"hasil_kerja": None, "perilaku_kerja": None}, "hasil dan perilaku kerjanya belum diketahui"),
    ],
    ids=["employee", "appraiser", "axes"],
)
async def test_what_is_missing_is_named_and_nothing_is_sent(bkn: Bkn, change: dict[str, Any], said: str) -> None:
    await bkn.hear(bkn.confirmed().model_copy(update=change))
    await bkn.send()
    record = await bkn.record()
    assert (record.state, record.attempts) == ("skipped", 0)
    assert said in (record.reason or "")


async def test_somebody_without_a_siasn_id_is_skipped_until_there_is_one(
    bkn: Bkn, office: Any, http: httpx.AsyncClient, app: Any, bearer: Bearer
) -> None:
    newcomer = await office.employee(await office.unit("16.71"))
    await bkn.hear(bkn.completed().model_copy(update={"employee_id": newcomer.id, "unit_path": "/16.71"}))
    assert "id SIASN" in ((await bkn.record()).reason or "")
    again = await http.post(f"/v1/outgoing/{(await bkn.record()).id}/retry", headers=bearer("hr"))
    assert (again.status_code, again.json()["state"]) == (200, "skipped"), "nothing was corrected"


async def test_a_structural_course_and_an_award_without_decree_are_left_to_people(bkn: Bkn) -> None:
    await bkn.hear(bkn.completed(kind="1"), bkn.awarded(decree_number=None))
    assert {record.state for record in await bkn.records()} == {"skipped"}


# what SIASN says


async def test_a_refusal_keeps_siasns_own_words_and_is_sent_again_after_correction(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    bkn.stub.behave(declined=1.0)
    await bkn.hear(bkn.completed(number="Lama-1"))
    await bkn.send()
    refused = await bkn.record()
    assert (refused.state, refused.siasn_id) == ("refused", None)
    assert "Data ditolak oleh verifikator" in (refused.answer or ""), refused.reason
    await bkn.send()
    assert bkn.counts("kursus")["refused"] == 1, "a refusal is not tried again by itself"
    bkn.stub.behave()
    answer = await http.post(f"/v1/outgoing/{refused.id}/retry", headers=bearer("hr", None, ("/96.71",)))
    assert answer.json()["state"] == "pending", answer.text
    await bkn.send()
    assert (await bkn.record()).state == "accepted"


async def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(bkn: Bkn) -> None:
    bkn.stub.behave(lost=1.0)
    await bkn.hear(bkn.confirmed(), bkn.completed(), bkn.awarded())
    await bkn.send()
    assert {(record.state, record.siasn_id) for record in await bkn.records()} == {("unknown", None)}
    await bkn.send()
    assert {record.state for record in await bkn.records()} == {"unknown"}, "not before the pause is over"
    await bkn.hurry()
    await bkn.send()
    assert {record.state for record in await bkn.records()} == {"accepted"}
    for kind in ("kinerjaperiodik", "kursus", "penghargaan"):
        assert bkn.counts(kind) == {"accepted": 1, "replaced": 0, "refused": 0, "deleted": 0, "twice": 0}


async def test_an_answer_that_never_was_a_yes_is_sent_again_once_it_is_known_not_to_be_there(bkn: Bkn) -> None:
    await bkn.hear(bkn.completed())
    bkn.stub.behave(runtime_error=1.0, heal_after=1)
    await bkn.send()
    for _ in range(4):
        await bkn.hurry()
        await bkn.send()
    assert (await bkn.record()).state == "accepted"
    assert bkn.counts("kursus") == {"accepted": 1, "replaced": 0, "refused": 0, "deleted": 0, "twice": 0}


async def test_while_the_gateway_is_suspended_everything_waits_and_nothing_is_of_unknown_fate(bkn: Bkn) -> None:
    await bkn.hear(bkn.completed("A"), bkn.completed("B"))
    bkn.stub.behave(suspended=1.0, heal_after=10**6)
    await bkn.send()
    assert {record.state for record in await bkn.records()} == {"pending"}
    assert bkn.counts("kursus")["accepted"] == 0
    bkn.stub.behave()
    await bkn.hurry()
    await bkn.send()
    assert {record.state for record in await bkn.records()} == {"accepted"}


async def test_refused_credentials_stop_the_sender_until_a_person_has_acted(bkn: Bkn) -> None:
    await bkn.hear(bkn.completed("A"), bkn.completed("B"))
    sender = Sender(bkn.settings.model_copy(update={"siasn_sso_password": SecretStr("salah")}))
    await sender.work_off(bkn.feed.database)
    waiting = await bkn.records()
    assert {record.state for record in waiting} == {"pending"}
    assert sum("Periksa kunci dan kata sandi" in (record.reason or "") for record in waiting) == 1
    await bkn.hurry()
    assert not await sender._waits(bkn.feed.database), "it rests, whatever is due"


async def test_an_entry_that_agrees_is_not_written_a_second_time(bkn: Bkn) -> None:
    entry = {
        "id": "di-siasn", "pnsOrangId": bkn.rani.siasn_id, "nomorSertipikat": "S-1", "tahunKursus": 2026,
        "namaKursus": "PELAYANAN PRIMA", "jumlahJam": "24",
    }  # fmt: skip
    bkn.stub.enter("kursus", **entry)
    await bkn.hear(bkn.completed())
    await bkn.send()
    record = await bkn.record()
    assert (record.state, record.siasn_id, record.attempts) == ("accepted", "di-siasn", 0)
    assert bkn.counts("kursus")["accepted"] == 0


async def test_somebody_elses_entry_with_other_values_is_replaced_only_if_a_person_says_so(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    entry = {"id": "di-siasn", "pnsDinilaiOrang": bkn.rani.siasn_id, "tahun": 2025, "hasilKinerjaNilai": 1}
    bkn.stub.enter("skp22", **entry)
    await bkn.hear(bkn.confirmed("2025"))
    await bkn.send()
    record = await bkn.record()
    assert (record.state, record.siasn_id, bkn.counts("skp22")["replaced"]) == ("refused", None, 0)
    assert record.foreign_id == "di-siasn"
    assert "kirim ulang bila harus diganti" in (record.reason or "")
    await http.post(f"/v1/outgoing/{record.id}/retry", headers=bearer("hr", None, ("/96.71",)))
    await bkn.send()
    assert ((await bkn.record()).state, bkn.counts("skp22")["replaced"]) == ("accepted", 1)


async def test_an_objection_does_not_overwrite_somebody_elses_entry(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    entry = {"id": "di-siasn", "pnsDinilaiOrang": bkn.rani.siasn_id, "tahun": 2025, "hasilKinerjaNilai": 3}
    bkn.stub.enter("skp22", **entry)
    await bkn.hear(bkn.confirmed("2025"))
    await bkn.send()
    await bkn.hear(bkn.objected("2025", 1, (1, 1)))
    await bkn.send()
    record = await bkn.record()
    assert (record.state, record.foreign_id, bkn.counts("skp22")["replaced"]) == ("refused", "di-siasn", 0)
    [kept] = bkn.stub.written("skp22")
    assert kept["hasilKinerjaNilai"] == 3
    seen = await http.get(f"/v1/outgoing/{record.id}", headers=bearer("hr", None, ("/96.71",)))
    assert (seen.json()["foreign_id"], seen.json()["siasn_id"]) == ("di-siasn", None)
    await http.post(f"/v1/outgoing/{record.id}/retry", headers=bearer("hr", None, ("/96.71",)))
    await bkn.send()
    [kept] = bkn.stub.written("skp22")
    assert (kept["id"], kept["hasilKinerjaNilai"], bkn.counts("skp22")["replaced"]) == ("di-siasn", 1, 1)


async def test_entries_that_cannot_be_told_apart_are_left_to_a_person(bkn: Bkn) -> None:
    entry = {"id": "di-siasn", "pnsDinilaiId": bkn.rani.siasn_id, "tahun": 2026, "periodikId": "2"}
    bkn.stub.enter("kinerjaperiodik", **entry)
    await bkn.hear(bkn.confirmed())
    await bkn.send()
    record = await bkn.record()
    assert (record.state, bkn.counts("kinerjaperiodik")["accepted"]) == ("pending", 0)
    assert "tidak dapat dibedakan" in (record.reason or "")
    for _ in range(MOST_ATTEMPTS):
        await bkn.hurry()
        await bkn.send()
    record = await bkn.record()
    assert (record.state, bkn.counts("kinerjaperiodik")["accepted"]) == ("refused", 0)
    assert "kirim ulang" in (record.reason or "")


async def test_a_course_that_somebody_entered_without_a_number_does_not_hold_back_others(bkn: Bkn) -> None:
    entry = {"id": "lain", "pnsOrangId": bkn.rani.siasn_id, "tahunKursus": 2026, "namaKursus": "Bahasa isyarat"}
    bkn.stub.enter("kursus", **entry)
    await bkn.hear(bkn.completed())
    await bkn.send()
    assert ((await bkn.record()).state, bkn.counts("kursus")["accepted"]) == ("accepted", 1)


# kills, and two processes at once


@pytest.mark.killed
@pytest.mark.parametrize("point", ["outgoing.before_send", "outgoing.after_send"])
async def test_a_kill_on_the_way_sends_nothing_twice(bkn: Bkn, point: str) -> None:
    await bkn.hear(bkn.completed("A"), bkn.completed("B"), bkn.confirmed())
    for _ in range(3):
        assert await bkn.in_a_process(point) == -signal.SIGKILL
    assert {record.state for record in await bkn.records()} == {"unknown"}
    await bkn.hurry()
    await bkn.send()
    assert {record.state for record in await bkn.records()} == {"accepted"}
    assert bkn.counts("kursus") == {"accepted": 2, "replaced": 0, "refused": 0, "deleted": 0, "twice": 0}
    assert bkn.counts("kinerjaperiodik") == {"accepted": 1, "replaced": 0, "refused": 0, "deleted": 0, "twice": 0}


async def test_two_senders_at_once_send_each_record_once(bkn: Bkn) -> None:
    await bkn.hear(*(bkn.completed(f"S-{n}") for n in range(6)))
    await asyncio.gather(bkn.send(), bkn.send())
    await bkn.hurry()
    await bkn.send()
    assert {record.state for record in await bkn.records()} == {"accepted"}
    assert bkn.counts("kursus") == {"accepted": 6, "replaced": 0, "refused": 0, "deleted": 0, "twice": 0}


async def test_what_changes_while_the_answer_is_lost_is_sent_in_the_place_of_what_arrived(bkn: Bkn) -> None:
    bkn.stub.behave(lost=1.0)
    course = bkn.completed("S-1")
    await bkn.hear(course)
    await bkn.send()
    bkn.stub.behave()
    await bkn.hear(course.model_copy(update={"jp": 30}))
    assert (await bkn.record()).state == "unknown", "first it is looked up"
    await bkn.hurry()
    await bkn.send()
    [kept] = bkn.stub.written("kursus")
    assert ((await bkn.record()).state, kept["jumlahJam"]) == ("accepted", 30)
    assert bkn.counts("kursus") == {"accepted": 1, "replaced": 1, "refused": 0, "deleted": 0, "twice": 0}


async def test_what_siasn_has_of_another_content_says_nothing_about_the_present_one(bkn: Bkn) -> None:
    await bkn.hear(bkn.confirmed())
    looked_at = await bkn.record()
    await bkn.hear(bkn.objected("2026-Q3", 1, (1, 1)))
    assert not await conclude(Work(bkn.feed.database), looked_at, Entry("s-1", agrees=True))
    record = await bkn.record()
    assert (record.state, record.siasn_id) == ("pending", None)


# what people add


async def test_a_credit_waits_for_its_pak_and_is_sent_with_the_post_that_siasn_knows(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    hr = bearer("hr", None, ("/96.71",))
    await bkn.hear(bkn.credited())
    record = await bkn.record()
    assert record.state == "skipped"
    assert "PAK" in (record.reason or "")
    for body in ({"pak_number": "PAK/1", "pak_date": "2024-12-31"}, {"pak_number": "PAK/1", "pak_date": "2099-01-01"}):
        late = await http.put(f"/v1/outgoing/{record.id}/pak", json=body, headers=hr)
        assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "pak_date")
    body = {"pak_number": "PAK/1", "pak_date": "2026-01-15"}
    added = await http.put(f"/v1/outgoing/{record.id}/pak", json=body, headers=hr)
    assert added.json()["state"] == "pending", added.text
    await bkn.send()
    [credit] = bkn.stub.written("angkakredit")
    assert (credit["kreditBaruTotal"], credit["isKonversi"], credit["tanggalSk"]) == ("12.50", "1", "15-01-2026")
    assert (credit["bulanMulaiPenailan"], credit["tahunSelesaiPenailan"]) == ("1", "2025")
    assert credit["rwJabatanId"]
    await bkn.hear(bkn.credited())
    assert (await bkn.record()).state == "accepted", "what was added belongs to the record"
    await bkn.hear(bkn.credited("18.75"))
    assert (await bkn.record()).state == "skipped", "another credit needs another PAK"


BOTH: dict[str, Any] = {"levels": ("PT", "MU"), "months": 6}
ONE: dict[str, Any] = {"jenjang": "MU", "levels": ("MU",), "first_month": 1, "last_month": 12}


async def told_both(bkn: Bkn, http: httpx.AsyncClient, hr: dict[str, str]) -> dict[str, Outgoing]:
    """Half a year in each of two levels, both with their PAK; by what they are about."""
    await bkn.hear(
        bkn.credited("6.25", jenjang="PT", first_month=1, last_month=6, **BOTH),
        bkn.credited("12.50", jenjang="MU", first_month=7, last_month=12, **BOTH),
    )
    records = {record.about: record for record in await bkn.records()}
    for record in records.values():
        body = {"pak_number": "PAK/1", "pak_date": "2026-01-15"}
        added = await http.put(f"/v1/outgoing/{record.id}/pak", json=body, headers=hr)
        assert added.json()["state"] == "pending", added.text
    return records


async def dropped(bkn: Bkn) -> Outgoing:
    """The record of the earlier level."""
    return next(record for record in await bkn.records() if record.about == "2025/PT")


@pytest.fixture
def sorong(bearer: Bearer) -> dict[str, str]:
    return bearer("hr", None, ("/96.71",))


async def test_a_year_with_two_levels_is_a_record_for_each_and_both_are_held_back_when_it_is_open_again(
    bkn: Bkn, http: httpx.AsyncClient, sorong: dict[str, str]
) -> None:
    assert (await told_both(bkn, http, sorong)).keys() == {"2025/PT", "2025"}
    await bkn.send()
    sent = bkn.stub.written("angkakredit")
    assert {(one["bulanMulaiPenailan"], one["bulanSelesaiPenailan"], one["kreditBaruTotal"]) for one in sent} == {
        ("1", "6", "6.25"), ("7", "12", "12.50"),
    }  # fmt: skip
    reopened = PeriodReopened(**bkn.where, employee_id=bkn.rani.id, period="2025-12", reason="Salah", reopened_at=AT)
    await bkn.hear(reopened)
    assert [record.reopened for record in await bkn.records()] == [True, True]
    await bkn.hear(bkn.credited("25.00", **ONE))
    still = {record.about: (record.reopened, record.dropped) for record in await bkn.records()}
    assert still == {"2025": (False, False), "2025/PT": (False, True)}, "nothing holds for the level of before"


async def test_the_entry_of_a_level_that_a_revised_year_dropped_is_deleted_at_siasn_once(
    bkn: Bkn, http: httpx.AsyncClient, sorong: dict[str, str]
) -> None:
    await told_both(bkn, http, sorong)
    await bkn.send()
    await bkn.hear(bkn.credited("25.00", **ONE))
    record = await dropped(bkn)
    shown = (await http.get(f"/v1/outgoing/{record.id}", headers=sorong)).json()
    assert (shown["state"], shown["dropped"], shown["would_send"], shown["missing"]) == ("pending", True, None, None)
    assert shown["path"] == f"/angkakredit/delete/{record.siasn_id}"
    await bkn.send()
    record = await dropped(bkn)
    assert (record.state, record.siasn_id, record.due_at) == ("deleted", None, None)
    [left] = bkn.stub.written("angkakredit")
    assert left["bulanMulaiPenailan"] == "7", "the later level waits for the PAK of its revised credit"
    await bkn.hear(bkn.credited("25.00", **ONE))
    await bkn.send()
    assert bkn.counts("angkakredit")["deleted"] == 1
    done = await http.post(f"/v1/outgoing/{record.id}/retry", headers=sorong)
    assert (done.status_code, done.json()["type"]) == (409, "urn:kinara:problem:not-to-retry")


async def test_a_dropped_level_that_never_left_is_not_sent_and_nothing_is_deleted(bkn: Bkn) -> None:
    await bkn.hear(bkn.credited("6.25", jenjang="PT", first_month=1, last_month=6, **BOTH))
    await bkn.hear(bkn.credited("25.00", **ONE))
    await bkn.send()
    assert ((await dropped(bkn)).state, bkn.stub.written("angkakredit")) == ("skipped", [])


async def test_a_level_that_counts_again_after_its_deletion_is_written_anew(
    bkn: Bkn, http: httpx.AsyncClient, sorong: dict[str, str]
) -> None:
    await told_both(bkn, http, sorong)
    await bkn.send()
    first = (await dropped(bkn)).siasn_id
    await bkn.hear(bkn.credited("25.00", **ONE))
    await bkn.send()
    await told_both(bkn, http, sorong)
    await bkn.send()
    again = await dropped(bkn)
    assert (again.state, again.dropped, again.siasn_id != first) == ("accepted", False, True)
    assert len(bkn.stub.written("angkakredit")) == 2


async def test_a_lost_answer_to_a_deletion_is_looked_up_and_what_is_gone_is_not_deleted_again(
    bkn: Bkn, http: httpx.AsyncClient, sorong: dict[str, str]
) -> None:
    await told_both(bkn, http, sorong)
    await bkn.send()
    await bkn.hear(bkn.credited("25.00", **ONE))
    bkn.stub.behave(lost=1.0)
    await bkn.send()
    assert ((await dropped(bkn)).state, (await dropped(bkn)).attempts) == ("unknown", 1)
    await bkn.send()
    assert (await dropped(bkn)).state == "unknown", "not before the pause is over"
    await bkn.hurry()
    await bkn.send()
    assert (await dropped(bkn)).state == "deleted"
    assert (bkn.counts("angkakredit")["deleted"], bkn.counts("angkakredit")["refused"]) == (1, 0)


async def test_a_refused_deletion_keeps_siasns_words_and_is_asked_again_by_a_person(
    bkn: Bkn, http: httpx.AsyncClient, sorong: dict[str, str]
) -> None:
    await told_both(bkn, http, sorong)
    await bkn.send()
    await bkn.hear(bkn.credited("25.00", **ONE))
    bkn.stub.behave(declined=1.0)
    await bkn.send()
    refused = await dropped(bkn)
    assert (refused.state, "tidak dapat dihapus" in (refused.answer or "")) == ("refused", True)
    bkn.stub.behave()
    await http.post(f"/v1/outgoing/{refused.id}/retry", headers=sorong)
    await bkn.send()
    assert (await dropped(bkn)).state == "deleted"


@pytest.mark.killed
@pytest.mark.parametrize("point", ["outgoing.before_send", "outgoing.after_send"])
async def test_a_kill_on_the_way_of_a_deletion_leaves_nothing_undone(
    bkn: Bkn, http: httpx.AsyncClient, sorong: dict[str, str], point: str
) -> None:
    await told_both(bkn, http, sorong)
    await bkn.send()
    await bkn.hear(bkn.credited("25.00", **ONE))
    assert await bkn.in_a_process(point) == -signal.SIGKILL
    assert (await dropped(bkn)).state == "unknown"
    await bkn.hurry()
    await bkn.send()
    assert ((await dropped(bkn)).state, bkn.counts("angkakredit")["deleted"]) == ("deleted", 1)


async def test_a_credit_is_held_back_while_its_year_is_open_again(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    await bkn.hear(bkn.credited())
    body = {"pak_number": "PAK/1", "pak_date": "2026-01-15"}
    address = f"/v1/outgoing/{(await bkn.record()).id}/pak"
    added = await http.put(address, json=body, headers=bearer("hr", None, ("/96.71",)))
    assert added.json()["state"] == "pending", added.text
    reopened = PeriodReopened(
        **bkn.where, employee_id=bkn.rani.id, period="2025-Q4", reason="Laporan terlambat", reopened_at=AT
    )
    await bkn.hear(reopened)
    await bkn.send()
    assert ((await bkn.record()).state, bkn.stub.written("angkakredit")) == ("skipped", [])
    await bkn.hear(bkn.credited())
    await bkn.send()
    [credit] = bkn.stub.written("angkakredit")
    assert ((await bkn.record()).state, credit["nomorSk"]) == ("accepted", "PAK/1")


async def test_axes_that_a_person_states_must_give_the_predikat(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    hr = bearer("hr", None, ("/96.71",))
    await bkn.hear(bkn.confirmed(cell=None))
    address = f"/v1/outgoing/{(await bkn.record()).id}/axes"
    wrong = await http.put(address, json={"hasil_kerja": 1, "perilaku_kerja": 1}, headers=hr)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:kinara:problem:unfit-cell")
    right = await http.put(address, json={"hasil_kerja": 1, "perilaku_kerja": 2}, headers=hr)
    assert right.json()["state"] == "pending", right.text
    await bkn.send()
    [kept] = bkn.stub.written("kinerjaperiodik")
    assert (kept["hasilKinerjaNilai"], kept["perilakuKerjaNilai"], kept["kuadranKinerjaNilai"]) == (1, 2, 2)


# the doors


async def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    await bkn.hear(bkn.confirmed(), bkn.completed())
    hr = bearer("hr", None, ("/96.71",))
    shown = (await http.get("/v1/outgoing/dry-run", headers=hr)).json()["items"]
    assert {(one["kind"], one["path"]) for one in shown} == {
        ("kinerjaperiodik", "/kinerjaperiodik/save"), ("kursus", "/kursus/save"),
    }  # fmt: skip
    [result] = [one for one in shown if one["kind"] == "kinerjaperiodik"]
    nip = result["would_send"]["penilaiNipNrp"]
    assert ("•" in nip, bkn.boss.nip in json.dumps(shown)) == (True, False)
    assert {record.state for record in await bkn.records()} == {"pending"}
    assert all(count["accepted"] == 0 for count in bkn.stub.counts()["written"].values())
    one = (await http.get("/v1/outgoing/dry-run?kind=kursus", headers=hr)).json()["items"]
    assert [item["kind"] for item in one] == ["kursus"]


async def test_records_are_listed_by_state_and_kind_and_counted(
    bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer
) -> None:
    await bkn.hear(bkn.confirmed(), bkn.completed("A"), bkn.completed("B"), bkn.credited())
    await bkn.send()
    hr = bearer("hr", None, ("/96.71",))
    skipped = (await http.get("/v1/outgoing?state=skipped", headers=hr)).json()["items"]
    assert [(one["kind"], one["about"]) for one in skipped] == [("angkakredit", "2025")]
    pages, after = [], ""
    while after is not None:
        page = (await http.get(f"/v1/outgoing?limit=1&kind=kursus{after}", headers=hr)).json()
        pages += page["items"]
        after = f"&after={page['next']}" if page["next"] else None
    assert len({one["id"] for one in pages}) == 2
    lost = await http.get("/v1/outgoing?after=nowhere", headers=hr)
    assert lost.status_code == 422
    counts = (await http.get("/v1/outgoing/counts", headers=bearer(Role.OVERSIGHT, None, ("/96.71",)))).json()
    assert counts["counts"]["kursus"] == {
        "pending": 0, "unknown": 0, "accepted": 2, "refused": 0, "skipped": 0, "deleted": 0,
    }  # fmt: skip
    one = (await http.get(f"/v1/outgoing/{pages[0]['id']}", headers=hr)).json()
    assert (one["state"], one["sent"]["jumlahJam"], one["would_send"]["id"]) == ("accepted", 24, one["siasn_id"])
    done = await http.post(f"/v1/outgoing/{one['id']}/retry", headers=hr)
    assert (done.status_code, done.json()["type"]) == (409, "urn:kinara:problem:not-to-retry")


async def test_another_government_finds_nothing(bkn: Bkn, http: httpx.AsyncClient, bearer: Bearer) -> None:
    await bkn.hear(bkn.credited())
    record, stranger = await bkn.record(), bearer("hr", None, ("/17",))
    body = {"pak_number": "PAK/1", "pak_date": "2026-01-15"}
    axes = {"hasil_kerja": 1, "perilaku_kerja": 1}
    answers = [
        await http.get(f"/v1/outgoing/{record.id}", headers=stranger),
        await http.post(f"/v1/outgoing/{record.id}/retry", headers=stranger),
        await http.put(f"/v1/outgoing/{record.id}/pak", json=body, headers=stranger),
        await http.put(f"/v1/outgoing/{record.id}/axes", json=axes, headers=stranger),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await http.get("/v1/outgoing", headers=stranger)).json()["items"] == []
    assert (await http.get("/v1/outgoing/dry-run", headers=stranger)).json()["items"] == []


async def test_nothing_is_sent_unless_the_settings_say_so(bkn: Bkn) -> None:
    assert Settings.model_fields["siasn_write"].default is False
    await bkn.hear(bkn.completed())
    off = Sender(bkn.settings.model_copy(update={"siasn_write": False}))
    await asyncio.wait_for(off.run(bkn.feed.database), 5)
    assert ((await bkn.record()).state, bkn.stub.counts()["written"]["kursus"]["accepted"]) == ("pending", 0)


def test_writing_without_credentials_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINARA_SIASN_WRITE", "true")
    with pytest.raises(ValidationError, match="KINARA_SIASN_WRITE"):
        Settings()


async def test_the_sender_takes_up_what_becomes_due_while_it_runs(bkn: Bkn) -> None:
    sender = asyncio.create_task(
        Sender(bkn.settings.model_copy(update={"siasn_write_poll_s": 0.05})).run(bkn.feed.database)
    )
    try:
        await bkn.hear(bkn.completed())
        deadline = utc_now().timestamp() + 20
        while (await bkn.record()).state != "accepted":
            assert utc_now().timestamp() < deadline
            await asyncio.sleep(0.05)
    finally:
        sender.cancel()
        await asyncio.gather(sender, return_exceptions=True)
