"""Records in SIASN's wire format, what it answers to them, and how an entry is known again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from kinara.contracts import Province
from personnel.domain.employee import Employee, register
from personnel.domain.outgoing import Outgoing, taken_up
from personnel.domain.profile import Placement
from personnel.domain.registration import stated
from personnel.domain.telling import Credit, Heard, Honour, Learning, Result
from personnel.siasn.answers import Declined, Deleted, Written, read_deleted, read_written
from personnel.siasn.client import SiasnClient
from personnel.siasn.connection import Connection
from personnel.siasn.failures import AnswerNotUnderstood, EmptyAnswer, GatewayBroken, NotJson, NotTaken, TokenRefused
from personnel.siasn.writing import Entry, NotToTell, NotWritable, People, entry_in, latest_post, masked, payload_of
from siasn_stub.remote import Stub

AT = datetime(2026, 10, 2, 3, tzinfo=UTC)


def person(nip: str, siasn_id: str | None, golongan: str = "III/c") -> Employee:
    profile = stated(
        nip=nip, name="Rani Contoh", golongan=golongan, jabatan="Camat Plaju", jabatan_kind="pelaksana",
        siasn_id=siasn_id,
    )  # fmt: skip
    place = Placement(
        province=Province(code="16"),
        unit_id="0e000000-0000-4000-8000-000000000009",
        unit_path="/16.71",
        supervisor_id=None,
    )
    return register("0e000000-0000-4000-8000-000000000001", profile, place, date(2026, 1, 1))[0]


RANI, BOSS = person("199001012015042001", "s-rani"), person("198001012005041001", "s-boss", "IV/a")
EVERYBODY = People(employee=RANI, appraiser=BOSS, appraiser_unit="Kecamatan Plaju", instansi_id="i-palembang")
RESULT = Result(period="2026-Q3", predikat=4, hasil_kerja=2, perilaku_kerja=3, appraiser_id="x")
COURSE = Learning(
    completion_id="c", title="T", partner="P", jp=8, course_kind="2", certificate_number="S-1",
    completed_on=date(2026, 3, 9),
)  # fmt: skip
CREDIT = Credit(year=2025, months=5, credit=Decimal("5.2"), pak_number="PAK/1", pak_date=date(2026, 1, 5))


def record(told: Any) -> Outgoing:
    made = taken_up("e", Heard(province="16", unit_path="/16.71", told=told), None, AT)
    assert made is not None
    return made


def test_a_quarter_is_written_with_its_months_and_the_appraisers_rank_by_siasns_code() -> None:
    assert payload_of(record(RESULT), EVERYBODY) == {
        "pnsDinilaiId": "s-rani", "tahun": 2026, "tahunMulaiPenilaian": 2026, "tahunSelesaiPenilaian": 2026,
        "bulanMulaiPenilaian": 7, "bulanSelesaiPenilaian": 9, "periodikId": "2", "koefisienId": "",
        "hasilKinerjaNilai": 2, "perilakuKerjaNilai": 3, "kuadranKinerjaNilai": 4, "penilaiNipNrp": BOSS.nip,
        "penilaiNama": "Rani Contoh", "penilaiGolongan": "41", "penilaiJabatanNama": "Camat Plaju",
        "penilaiUnorNama": "Kecamatan Plaju", "statusPenilai": "ASN",
    }  # fmt: skip


def test_a_year_is_written_as_skp22_and_replaced_under_its_id() -> None:
    payload = payload_of(replace(record(replace(RESULT, period="2026")), siasn_id="s-1"), EVERYBODY)
    assert (payload["id"], payload["pnsDinilaiOrang"], payload["penilaiJabatan"]) == ("s-1", "s-rani", "Camat Plaju")
    assert not {"periodikId", "bulanMulaiPenilaian", "pnsDinilaiId"} & set(payload)


def test_a_credit_of_part_of_a_year_ends_in_december() -> None:
    payload = payload_of(record(CREDIT), EVERYBODY)
    assert (payload["bulanMulaiPenailan"], payload["bulanSelesaiPenailan"]) == ("8", "12")
    assert (payload["kreditBaruTotal"], payload["tanggalSk"], payload["isKonversi"]) == ("5.20", "05-01-2026", "1")


def test_a_credit_of_an_earlier_level_has_its_own_months_and_is_another_entry() -> None:
    first = replace(CREDIT, months=6, first_month=1, last_month=6, jenjang="PT")
    payload = payload_of(record(first), EVERYBODY)
    assert (payload["bulanMulaiPenailan"], payload["bulanSelesaiPenailan"]) == ("1", "6")
    second = payload_of(record(replace(first, first_month=7, last_month=12, jenjang=None)), EVERYBODY)
    assert (second["bulanMulaiPenailan"], second["bulanSelesaiPenailan"]) == ("7", "12")
    assert entry_in("angkakredit", payload, [{"id": "k-2", **second}]) is None


@pytest.mark.parametrize(("kind", "written"), [("2", "F"), ("3", "T"), ("4", "P"), ("15", "P")])
def test_the_class_of_a_certificate_follows_from_the_kind_of_course(kind: str, written: str) -> None:
    payload = payload_of(record(replace(COURSE, course_kind=kind)), EVERYBODY)
    assert (payload["jenisDiklatId"], payload["jenisKursusSertipikat"], payload["instansiId"]) == (
        kind, written, "i-palembang",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "people", "said"),
    [
        (RESULT, People(employee=None), "belum ada"),
        (RESULT, replace(EVERYBODY, employee=person(RANI.nip, None)), "id SIASN"),
        (RESULT, replace(EVERYBODY, appraiser=None), "Pejabat penilai"),
        (replace(RESULT, hasil_kerja=None), EVERYBODY, "Isi keduanya"),
        (replace(CREDIT, pak_number=None), EVERYBODY, "PAK"),
        (CREDIT, replace(EVERYBODY, employee=person("199001012022212001", "s", "IX")), "PPPK"),
        (replace(COURSE, course_kind="1"), EVERYBODY, "struktural"),
        (Honour(award_id="a", decree_number=None, granted_on=date(2026, 10, 5)), EVERYBODY, "Nomor SK"),
    ],
)
def test_what_cannot_be_written_says_what_is_missing(told: Any, people: People, said: str) -> None:
    with pytest.raises(NotWritable, match=said):
        payload_of(record(told), people)


def test_the_appraisers_nip_is_not_shown() -> None:
    shown = masked(payload_of(record(RESULT), EVERYBODY))
    assert BOSS.nip not in json.dumps(shown)
    assert shown["penilaiNama"] == "Rani Contoh"


# what SIASN answers


def answered(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "status", "meaning"),
    [
        ({"success": True, "message": "success", "mapData": {"rwKursusId": "k-1"}}, 200, Written("k-1", "success")),
        ({"success": True, "message": "success", "mapData": {"rwKursusId": "k-1"}}, 500, Written("k-1", "success")),
        ({"success": "true", "mapData": {"id": "k-1"}}, 200, Written("k-1", "")),
        ({"success": False, "message": "Gagal", "mapData": "SK ganda"}, 200, Declined("Gagal; SK ganda")),
        ({"success": False}, 500, Declined("tanpa keterangan")),
        ({"Error": "true", "Message": "tahun wajib"}, 200, Declined("true; tahun wajib")),
        ({"Error": "SK ganda 198609262015051001"}, 400, Declined("SK ganda •••")),
    ],
)
def test_the_body_decides_and_not_the_status(body: Any, status: int, meaning: Written | Declined) -> None:
    assert read_written(answered(body, status)) == meaning


@pytest.mark.parametrize(
    ("body", "status", "failure"),
    [
        ({"success": True, "mapData": "sedang diproses"}, 200, AnswerNotUnderstood),
        ({"success": True, "mapData": {}}, 200, AnswerNotUnderstood),
        ({"Error": "false", "Message": ""}, 200, AnswerNotUnderstood),
        ({"code": 0, "data": "Data tidak ditemukan"}, 404, AnswerNotUnderstood),
        ({"data": "x"}, 502, GatewayBroken),
        ({"message": "Runtime Error"}, 200, GatewayBroken),
        ({"message": "invalid or expired jwt"}, 401, TokenRefused),
        (b"", 200, EmptyAnswer),
        (b"<html>", 200, NotJson),
    ],
)
def test_an_answer_that_is_neither_yes_nor_no_is_a_failure(body: Any, status: int, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        read_written(answered(body, status))


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ({"success": True, "message": "success"}, Deleted("success")),
        ({"success": "true"}, Deleted("")),
        ({"success": False, "message": "Riwayat tidak ditemukan"}, Declined("Riwayat tidak ditemukan")),
        ({"Error": "true", "Message": "terkunci"}, Declined("true; terkunci")),
    ],
)
def test_the_body_decides_about_a_deletion_too(body: Any, meaning: Deleted | Declined) -> None:
    assert read_deleted(answered(body, 200)) == meaning


@pytest.mark.parametrize(
    ("body", "status", "failure"),
    [
        ({"code": 1, "data": "x"}, 200, AnswerNotUnderstood),
        ({"code": 0, "data": "Data tidak ditemukan"}, 404, AnswerNotUnderstood),
        ({"message": "invalid or expired jwt"}, 401, TokenRefused),
        (b"", 200, EmptyAnswer),
    ],
)
def test_an_unclear_answer_to_a_deletion_is_a_failure(body: Any, status: int, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        read_deleted(answered(body, status))


# an entry known again


def entry(**changes: str) -> dict[str, str]:
    known = {"id": "k-1", "noSertipikat": "S-1", "tahunKursus": "2026", "namaKursus": "t", "jumlahJam": "08"}
    return known | changes


def test_an_entry_agrees_however_its_fields_are_called_and_its_numbers_written() -> None:
    payload = payload_of(record(COURSE), EVERYBODY)
    assert entry_in("kursus", payload, [entry(noSertipikat="S-2"), entry()]) == Entry("k-1", agrees=True)
    assert entry_in("kursus", payload, [entry(jumlahJam="9")]) == Entry("k-1", agrees=False)
    assert entry_in("kursus", payload, [entry(jumlahJam="9"), entry(id="k-2")]) == Entry("k-2", agrees=True)
    assert entry_in("kursus", payload, [entry(tahunKursus="2025")]) is None
    assert entry_in("kursus", payload, []) is None


def test_an_entry_without_what_tells_it_apart_is_not_guessed_at() -> None:
    payload = payload_of(record(COURSE), EVERYBODY)
    for name in ("noSertipikat", "id", "tahunKursus"):
        with pytest.raises(NotToTell):
            entry_in("kursus", payload, [entry(**{name: ""})])


def test_a_course_without_the_number_of_its_certificate_is_another_one_where_its_name_is() -> None:
    payload = payload_of(record(COURSE), EVERYBODY)
    nameless, other = entry(noSertipikat="", namaKursus=""), entry(noSertipikat="", namaKursus="Bahasa isyarat")
    assert entry_in("kursus", payload, [other, entry()]) == Entry("k-1", agrees=True)
    assert entry_in("kursus", payload, [other, entry(id="", tahunKursus="", namaKursus="Bahasa isyarat")]) is None
    assert entry_in("kursus", payload, [entry(namaKursus="Bahasa isyarat")]) == Entry("k-1", agrees=False)
    with pytest.raises(NotToTell):
        entry_in("kursus", payload, [other, nameless])


def test_the_latest_post_is_the_one_taken_up_last() -> None:
    posts = [{"id": "j1", "tmtJabatan": "01-02-2020"}, {"id": "j2", "tmtJabatan": "01-01-2024"}, {"id": "j3"}]
    assert latest_post([*posts, {"id": "j4", "tmtJabatan": "31-02-2025"}]) == "j2"
    assert latest_post([]) is None


# over HTTP


Connect = Callable[..., Connection]
LINE = {
    "pnsOrangId": "", "namaKursus": "T", "nomorSertipikat": "S-9", "jenisDiklatId": "4", "jenisKursusSertipikat": "P",
    "jumlahJam": 8, "tahunKursus": 2026, "tanggalKursus": "09-03-2026",
}  # fmt: skip


async def test_a_record_is_taken_read_back_and_replaced_and_a_bad_one_is_refused(connect: Connect, stub: Stub) -> None:
    stub.forget_written()
    nip = stub.nips("16.71")[0]
    async with SiasnClient(connect()) as client:
        known = await client.data_utama(nip)
        assert known is not None
        line = LINE | {"pnsOrangId": known["id"]}
        assert await client.entries("kursus", nip) == []
        written = await client.save("kursus", line)
        assert isinstance(written, Written)
        [kept] = await client.entries("kursus", nip)
        assert (kept["id"], kept["noSertipikat"]) == (written.siasn_id, "S-9")
        assert await client.save("kursus", line | {"id": written.siasn_id, "jumlahJam": 9}) == written
        for change, said in (
            ({"pnsOrangId": "nobody"}, "PNS tidak ditemukan"),
            ({"tanggalKursus": "2026-03-09"}, "dd-mm-yyyy"),
            ({"jumlahJam": "8"}, "harus berupa angka"),
            ({"nomorSertipikat": ""}, "wajib diisi"),
            ({"id": "nothing"}, "Riwayat tidak ditemukan"),
        ):
            answer = await client.save("kursus", line | change)
            assert isinstance(answer, Declined)
            assert said in answer.said
    assert stub.counts()["written"]["kursus"] == {"accepted": 1, "replaced": 1, "refused": 5, "deleted": 0, "twice": 0}


async def test_expired_tokens_are_renewed_and_the_record_is_written_once(connect: Connect, stub: Stub) -> None:
    stub.forget_written()
    async with SiasnClient(connect()) as client:
        known = await client.data_utama(stub.nips("16.71")[0])
        assert known is not None
        stub.expire_tokens()
        assert isinstance(await client.save("kursus", LINE | {"pnsOrangId": known["id"]}), Written)
    assert stub.counts()["written"]["kursus"]["accepted"] == 1


@pytest.mark.parametrize("habit", ["suspended", "runtime_error", "html", "empty"])
async def test_a_failed_writing_is_never_repeated_by_the_client(connect: Connect, stub: Stub, habit: str) -> None:
    stub.behave(**{habit: 1.0, "heal_after": 10**6})
    expected = NotTaken if habit == "suspended" else (GatewayBroken, NotJson, EmptyAnswer)
    async with SiasnClient(connect()) as client:
        with pytest.raises(expected):
            await client.save("kursus", LINE)
    assert stub.counts()["served"][habit] == 1


async def test_a_stub_that_is_not_there_has_taken_nothing(connect: Connect) -> None:
    async with SiasnClient(connect(base_url="http://127.0.0.1:9/apisiasn/1.0")) as client:
        with pytest.raises(NotTaken):
            await client.save("kursus", LINE)


async def test_a_record_is_deleted_by_its_id_and_asked_for_once(connect: Connect, stub: Stub) -> None:
    stub.forget_written()
    async with SiasnClient(connect()) as client:
        known = await client.data_utama(stub.nips("16.71")[0])
        assert known is not None
        written = await client.save("kursus", LINE | {"pnsOrangId": known["id"]})
        assert isinstance(written, Written)
        assert await client.delete("kursus", written.siasn_id) == Deleted("success")
        assert isinstance(await client.delete("kursus", written.siasn_id), Declined)
        stub.behave(suspended=1.0, heal_after=10**6)
        with pytest.raises(NotTaken):
            await client.delete("kursus", written.siasn_id)
    assert stub.written("kursus") == []
