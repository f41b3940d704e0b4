"""Raw records to rows: what is normalised, what is rejected and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from kinara.contracts import Province
from personnel.siasn.mapping import COLUMNS, employee_row, post_history, rank_history
from personnel.siasn.rows import Governments, Rejected, Row
from siasn_stub.people import HARMLESS_FLAWS, people
from siasn_stub.places import PALEMBANG

GOOD: dict[str, Any] = {
    "id": "A8ACA7CD3C7F3912E040640A04026900",
    "nipBaru": "198609262015051001",
    "nama": "RIZKI  SAPUTRA",
    "gelarDepan": "-",
    "gelarBelakang": "S.Kom., M.T.",
    "tglLahir": "26-09-1986",
    "jenisKelamin": "M",
    "statusPegawai": "PNS",
    "kedudukanPnsId": "01",
    "golRuangAkhirId": "33",
    "golRuangAkhir": "III/c",
    "tmtGolAkhir": "01-04-2022",
    "jenisJabatanId": "2",
    "jabatanNama": "PRANATA KOMPUTER AHLI MUDA",
    "eselonId": "99",
    "tmtJabatan": "01-01-2023",
    "jenjang": "",
    "unorId": "83BE6BA7C3EA4157E17895DDA839B689",
    "instansiKerjaId": PALEMBANG.id,
    "instansiKerjaKodeCepat": "16.71",
    "nik": "1671000000000001",
    "agama": "ISLAM",
}


def _row(governments: Governments, **changes: object) -> Row:
    row = employee_row(GOOD | changes, governments)
    assert isinstance(row, Row), row
    return row


def test_a_record_becomes_a_row_with_everything_registration_needs(governments: Governments) -> None:
    row = _row(governments)
    profile = row.profile
    assert (profile.name, profile.front_title, profile.back_title) == ("Rizki Saputra", None, "S.Kom., M.T.")
    assert (profile.nip, profile.siasn_id, profile.kind) == (GOOD["nipBaru"], GOOD["id"], "PNS")
    assert (profile.sex, profile.birth_date) == ("M", date(1986, 9, 26))
    assert (profile.golongan, profile.golongan_since) == ("III/c", date(2022, 4, 1))
    assert (profile.jabatan, profile.jabatan_kind, profile.jenjang) == (
        "Pranata Komputer Ahli Muda",
        "fungsional",
        "MU",
    )
    assert profile.jabatan_since == date(2023, 1, 1)
    assert (row.government.code, row.government.province) == ("16.71", Province(scheme="kemendagri", code="16"))
    assert (row.unit_source_id, row.separated_as) == (GOOD["unorId"], None)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("nipBaru", "198613262015051001", "nipBaru: NIP 1986••••••••••1001 tidak sah"),
        ("nipBaru", "198609262015131001", "nipBaru: NIP 1986••••••••••1001 memuat kode 13"),
        ("nipBaru", 1.98609262015051e17, "nipBaru: berupa bilangan"),
        ("nipBaru", "1,98609E+17", "nipBaru: berupa bilangan"),
        ("nipBaru", "", "nipBaru: kosong, diharapkan 18 angka"),
        ("id", None, "id: kosong"),
        ("jenisKelamin", "F", "nipBaru: NIP 1986••••••••••1001 tidak sah: angka ke-15"),
        ("jenisKelamin", "Pria", "jenisKelamin: diharapkan M atau F"),
        ("nama", "  ", "nama: kosong"),
        ("nama", "198609262015051001", "nama: diharapkan nama orang"),
        ("nama", "...", "nama: diharapkan nama orang"),
        ("tglLahir", "1986-09-26", "tglLahir: diharapkan tanggal dd-mm-yyyy"),
        ("tglLahir", "", "tglLahir: kosong"),
        ("tmtJabatan", "32-01-2023", "tmtJabatan: diharapkan tanggal"),
        ("tmtGolAkhir", "April", "tmtGolAkhir: diharapkan tanggal"),
        ("statusPegawai", "PPPK", "statusPegawai: 'PPPK' tidak sesuai dengan NIP"),
        ("golRuangAkhir", "IX", "golRuangAkhir: Golongan 'IX' tidak dikenal untuk PNS"),
        ("golRuangAkhir", "", "golRuangAkhir: kosong"),
        ("golRuangAkhirId", "34", "golRuangAkhirId: 34 berarti III/d"),
        ("jenisJabatanId", "7", "jenisJabatanId: Jenis jabatan '7' tidak dikenal"),
        ("eselonId", "77", "jenisJabatanId: Kode eselon '77' tidak dikenal"),
        ("jabatanNama", "", "jabatanNama: kosong"),
        ("unorId", "", "unorId: kosong"),
        ("unorId", {"$ne": None}, "unorId: diharapkan teks"),
        ("kedudukanPnsId", "52", "kedudukanPnsId: 52"),
    ],
)
def test_a_bad_field_rejects_the_record_by_its_own_name(
    governments: Governments, field: str, value: object, reason: str
) -> None:
    changes: dict[str, object] = {field: value}
    if field == "eselonId":
        changes["jenisJabatanId"] = "1"
    rejected = employee_row(GOOD | changes, governments)
    assert isinstance(rejected, Rejected)
    assert rejected.reason.startswith(reason)
    assert rejected.field == reason.split(":", 1)[0]
    assert GOOD["nipBaru"] not in rejected.reason


def test_a_government_that_nobody_configured_is_rejected(governments: Governments) -> None:
    stranger = {"instansiKerjaId": "FF", "instansiKerjaKodeCepat": "99"}
    rejected = employee_row(GOOD | stranger, governments)
    assert isinstance(rejected, Rejected)
    assert rejected.field == "instansiKerjaId"


def test_a_government_may_be_configured_by_its_kode_cepat(governments: Governments) -> None:
    by_code = {government.code: government for government in governments.values()}
    assert _row(by_code, instansiKerjaId="").government.code == "16.71"


def test_what_we_have_no_use_for_is_left_behind_even_in_a_rejection(governments: Governments) -> None:
    rejected = employee_row(GOOD | {"tglLahir": "x"}, governments)
    assert isinstance(rejected, Rejected)
    assert set(rejected.raw) <= set(COLUMNS)
    assert GOOD["nik"] not in rejected.raw.values()


@pytest.mark.parametrize(("code", "reason"), [("66", "dismissed"), ("98", "retired"), ("99", "retired")])
def test_a_record_says_when_service_has_ended(governments: Governments, code: str, reason: str) -> None:
    assert _row(governments, kedudukanPnsId=code).separated_as == reason


def test_who_has_left_need_not_belong_to_a_unit(governments: Governments) -> None:
    assert _row(governments, kedudukanPnsId="99", unorId="").unit_source_id is None


@pytest.mark.parametrize("code", ["01", "02", "03", "04", "15", "20", "71", ""])
def test_leave_study_and_suspension_are_not_the_end(governments: Governments, code: str) -> None:
    assert _row(governments, kedudukanPnsId=code).separated_as is None


def test_pppk_have_grades(governments: Governments) -> None:
    pppk = {"nipBaru": "198609262025211001", "statusPegawai": "PPPK", "golRuangAkhir": "ix", "golRuangAkhirId": ""}
    profile = _row(governments, **pppk).profile
    assert (profile.kind, profile.golongan) == ("PPPK", "IX")


def test_a_level_counts_for_functional_posts_only(governments: Governments) -> None:
    assert _row(governments, jenisJabatanId="4").profile.jenjang is None
    assert _row(governments, kode_jenjang_jabatan="MA").profile.jenjang == "MA"


HASHED = {
    "nama": "RIZKI S",
    "gelarDepan": "Ir.",
    "golRuangAkhir": "III/d",
    "tmtGolAkhir": "01-04-2026",
    "jabatanNama": "Perencana Ahli Muda",
    "unorId": "B",
    "kedudukanPnsId": "99",
    "tglLahir": "27-09-1986",
}


@pytest.mark.parametrize("field", HASHED)
def test_the_hash_differs_when_a_fact_differs(governments: Governments, field: str) -> None:
    changes = {field: HASHED[field], "golRuangAkhirId": ""}
    assert _row(governments, **changes).content_hash != _row(governments, golRuangAkhirId="").content_hash


@pytest.mark.parametrize(
    "changes",
    [
        {"nama": " rizki saputra "},
        {"alamat": "JL. BARU", "noHp": "08"},
        {"nipBaru": "19860926 201505 1 001"},
        {"golRuangAkhir": "iii/C"},
    ],
    ids=["capitals", "unread fields", "blanks in the NIP", "capitals of the rank"],
)
def test_the_hash_is_the_same_when_only_the_writing_differs(governments: Governments, changes: dict[str, str]) -> None:
    assert _row(governments, **changes).content_hash == _row(governments).content_hash


def test_the_hash_is_the_same_from_run_to_run(governments: Governments) -> None:
    assert _row(governments).content_hash == "fd07aff5fdfff0fd5f7667dc88d7f9a047a4dab218a867e6b3a0eecc30c32af3"


@pytest.fixture(scope="module")
def spoilt() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """One person's record as it should be and with each harmless flaw."""
    record = next(people(100, flawed=False)).record
    return {name: (record, spoil(record)) for name, spoil in HARMLESS_FLAWS.items()}


@pytest.mark.parametrize("flaw", HARMLESS_FLAWS)
def test_harmless_flaws_lead_to_the_very_same_row(
    governments: Governments, spoilt: dict[str, tuple[dict[str, Any], dict[str, Any]]], flaw: str
) -> None:
    good, bad = spoilt[flaw]
    assert good != bad
    assert employee_row(bad, governments) == employee_row(good, governments)


def test_a_rank_history_is_sorted_and_its_bad_entries_are_kept_with_reasons() -> None:
    raws = [
        {"golongan": "III/c", "tmtGolongan": "01-04-2022", "skNomor": "823/2", "jenisKPId": "101"},
        {"golongan": "III/b", "tmtGolongan": "01-04-2018", "skNomor": "823/1", "jenisKPId": "202"},
        {"golongan": "III/z", "tmtGolongan": "01-04-2014", "skNomor": "823/0"},
        {"golongan": "III/a", "tmtGolongan": "2014"},
    ]
    ranks, bad = rank_history(raws)
    assert [entry.golongan for entry in ranks] == ["III/b", "III/c"]
    assert [rejected.field for rejected in bad] == ["golongan", "tmtGolongan"]
    assert bad[0].raw["skNomor"] == "823/0"
    assert [(entry.decree.number, entry.decree.promotion_kind) for entry in ranks] == [
        ("823/1", "202"),
        ("823/2", "101"),
    ]


def test_a_post_history_takes_whichever_name_the_entry_has() -> None:
    posts, bad = post_history(
        [
            {"jabatanFungsionalNama": "PERENCANA AHLI MUDA", "tmtJabatan": "01-01-2023", "unorId": "U", "nomorSk": "1"},
            {"namaJabatan": "Analis", "tmtJabatan": "01-01-2020"},
            {"tmtJabatan": "01-01-2019"},
        ]
    )
    assert [(p.jabatan, p.unit_source_id, p.decree_number) for p in posts] == [
        ("Analis", None, ""),
        ("Perencana Ahli Muda", "U", "1"),
    ]
    assert [rejected.field for rejected in bad] == ["namaJabatan"]
