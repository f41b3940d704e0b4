"""The stub is a good stand-in: SIASN's fields, true NIPs, four governments, and everybody has a superior."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from uuid import UUID

import pytest
from kinara.contracts import Province
from personnel.domain.nip import parse
from personnel.domain.unit import Unit, create, superior_of
from siasn_stub.habits import AS_KNOWN, Habits, Moods
from siasn_stub.people import HARMLESS_FLAWS, REJECTED_FLAWS, people
from siasn_stub.places import GOVERNMENTS, UNITS
from siasn_stub.records import ref_unor, rw_golongan, rw_jabatan

DATA_UTAMA = """id, nipBaru, nipLama, nama, gelarDepan, gelarBelakang, tempatLahir, tempatLahirId, tglLahir, agama,
agamaId, email, emailGov, nik, alamat, noHp, jenisPegawaiId, mkTahun, mkBulan, kedudukanPnsId, kedudukanPnsNama,
statusPegawai, jenisKelamin, noSeriKarpeg, tkPendidikanTerakhirId, tkPendidikanTerakhir, pendidikanTerakhirId,
pendidikanTerakhirNama, tahunLulus, tmtPns, tmtPensiun, bupPensiun, tmtCpns, tglSkCpns, instansiIndukId,
instansiIndukNama, satuanKerjaIndukId, kanregId, kanregNama, instansiKerjaId, instansiKerjaKodeCepat,
satuanKerjaKerjaId, unorId, unorNama, unorIndukId, unorIndukNama, jenisJabatanId, jenisJabatan, jabatanNama,
jabatanStrukturalId, jabatanStrukturalNama, jabatanFungsionalId, jabatanFungsionalNama, jabatanFungsionalUmumId,
jabatanFungsionalUmumNama, tmtJabatan, lokasiKerjaId, lokasiKerja, golRuangAwalId, golRuangAwal, golRuangAkhirId,
golRuangAkhir, tmtGolAkhir, masaKerja, eselon, eselonId, eselonLevel, tmtEselon, gajiPokok, statusPerkawinan,
jumlahAnak, noNpwp, bpjs, pangkatAkhir, pangkatAwal, jenjang, jabatanAsn, asnJenjangJabatan, levelJabatan, validNik,
kelas_jabatan, karis_karsu, tanggal_taspen, tglSpmt, kode_jenjang_jabatan, path, genEmailAsn"""
RW_GOLONGAN = """id, idPns, nipBaru, golonganId, golongan, skNomor, skTanggal, tmtGolongan, noPertekBkn,
jumlahKreditUtama, jenisKPId, jenisKPNama, masaKerjaGolonganTahun, masaKerjaGolonganBulan, path, pangkat"""
REF_UNOR = """Id, InstansiId, DiatasanId, EselonId, NamaUnor, NamaJabatan, CepatKode, IndukUnorId, PemimpinPnsId,
JenisUnorId"""
PEOPLE = list(people())


def _names(listed: str) -> set[str]:
    return {name.strip() for name in listed.split(",")}


def test_records_have_siasns_fields_and_text_in_all_of_them() -> None:
    for person in PEOPLE:
        if person.flaw != "odd_keys":
            assert set(person.record) == _names(DATA_UTAMA)
        assert all(value is None or isinstance(value, str) for value in person.record.values())
    assert set(rw_golongan(PEOPLE[0].record)[0]) == _names(RW_GOLONGAN)
    assert set(ref_unor(UNITS[0])) == _names(REF_UNOR)
    assert rw_jabatan(PEOPLE[0].record)[0]["namaJabatan"] == PEOPLE[0].record["jabatanNama"]


def test_the_same_seed_makes_the_same_people_and_another_makes_others() -> None:
    assert list(people(300, seed=7)) == list(people(300, seed=7))
    assert list(people(300, seed=7)) != list(people(300, seed=8))


@pytest.mark.parametrize("count", [300, 2000, 5000])
def test_there_are_as_many_people_as_asked_for_in_four_governments(count: int) -> None:
    made = list(people(count))
    assert abs(len(made) - count) <= 2
    assert len({person.nip for person in made}) == len(made)
    assert set(Counter(person.government_id for person in made)) == {government.id for government in GOVERNMENTS}


def test_every_unspoilt_nip_is_true_and_both_kinds_are_there() -> None:
    kinds = Counter(
        parse(person.nip, "M" if person.record["jenisKelamin"] == "M" else "F").kind
        for person in PEOPLE
        if person.flaw is None
    )
    assert kinds["PNS"] > kinds["PPPK"] > 100


def test_every_flaw_occurs_but_only_a_few_are_flawed() -> None:
    flaws = Counter(person.flaw for person in PEOPLE if person.flaw)
    assert set(flaws) == set(REJECTED_FLAWS) | set(HARMLESS_FLAWS)
    assert sum(flaws[name] for name in REJECTED_FLAWS) < len(PEOPLE) * 0.04
    assert not any(person.flaw for person in people(2000, flawed=False))


def test_plaju_is_a_district_of_palembang_with_people_in_each_kelurahan() -> None:
    staffed = {person.record.get("unorId") for person in PEOPLE}
    plaju = {unit.place.code: unit for unit in UNITS if unit.parent and unit.parent.place.code == "plaju"}
    assert set(plaju) == {"plaju-ulu", "plaju-darat", "plaju-ilir"}
    assert {unit.id for unit in plaju.values()} <= staffed
    assert all(
        unit.parent and unit.parent.parent and unit.parent.parent.place.code == "16.71" for unit in plaju.values()
    )


def test_everybody_but_the_four_heads_has_a_superior_in_the_tree() -> None:
    chains: dict[str, list[Unit]] = {}
    for number, unit in enumerate(UNITS):
        above = chains[unit.parent.id] if unit.parent else []
        made, _ = create(
            f"00000000-0000-4000-8000-{number:012}",
            code=unit.place.code,
            name=unit.place.name,
            parent=above[0] if above else None,
            province=Province(code=unit.government.code[:2]),
            leader_id=str(UUID(unit.leader_id)),
        )
        chains[unit.id] = [made, *above]
    persons = list(people(2000, flawed=False))
    assert {unit.leader_id for unit in UNITS} <= {person.record["id"] for person in persons}
    alone = [
        person.record
        for person in persons
        if superior_of(str(UUID(person.record["id"])), chains[person.record["unorId"]]) is None
    ]
    assert [record["jabatanNama"] for record in alone] == ["Sekretaris Daerah"] * 4


def test_a_rank_history_climbs_to_the_present_rank() -> None:
    record = next(person.record for person in PEOPLE if person.record["golRuangAkhir"] == "IV/a")
    entries = rw_golongan(record)
    assert [entry["golongan"] for entry in entries] == ["III/a", "III/b", "III/c", "III/d", "IV/a"]
    assert entries[-1]["tmtGolongan"] == record["tmtGolAkhir"]
    years = [int(entry["tmtGolongan"][6:]) for entry in entries]
    assert [later - earlier for earlier, later in pairwise(years)] == [4, 4, 4, 4]


def test_habits_are_the_same_for_the_same_seed_and_heal() -> None:
    questions = [f"/pns/data-utama/{n}" for n in range(5000)]
    one, other = Moods(AS_KNOWN, 1), Moods(AS_KNOWN, 1)
    first = [one.meet(question) for question in questions]
    assert first == [other.meet(question) for question in questions]
    assert set(first) > {"html", "empty", "runtime_error", "suspended", "expired", "mismatch", "slow"}
    for _ in range(2):
        _ = [one.meet(question) for question in questions]
    assert not any(one.meet(question) for question in questions)


def test_habits_can_be_switched_off() -> None:
    moods = Moods(Habits(html=1.0), 1)
    assert moods.meet("/x") == "html"
    moods.change(Habits())
    assert moods.meet("/x") is None


def test_where_chance_refuses_too_few_the_first_that_come_are_refused_however_often_they_are_sent() -> None:
    moods = Moods(Habits(declined_least=2), seed=1)
    assert [moods.declines(record) for record in ("a", "b", "c", "b", "a")] == [True, True, False, True, True]
    moods.change(Habits())
    assert not moods.declines("a")
