"""One invented person as SIASN's records show them: data-utama with all its fields, rw-golongan and rw-jabatan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .places import Unit, oracle_id
from .posts import PNS_RANKS, Post

_FIELDS = """id nipBaru nipLama nama gelarDepan gelarBelakang tempatLahir tempatLahirId tglLahir agama agamaId email
    emailGov nik alamat noHp jenisPegawaiId mkTahun mkBulan kedudukanPnsId kedudukanPnsNama statusPegawai jenisKelamin
    noSeriKarpeg tkPendidikanTerakhirId tkPendidikanTerakhir pendidikanTerakhirId pendidikanTerakhirNama tahunLulus
    tmtPns tmtPensiun bupPensiun tmtCpns tglSkCpns instansiIndukId instansiIndukNama satuanKerjaIndukId kanregId
    kanregNama instansiKerjaId instansiKerjaKodeCepat satuanKerjaKerjaId unorId unorNama unorIndukId unorIndukNama
    jenisJabatanId jenisJabatan jabatanNama jabatanStrukturalId jabatanStrukturalNama jabatanFungsionalId
    jabatanFungsionalNama jabatanFungsionalUmumId jabatanFungsionalUmumNama tmtJabatan lokasiKerjaId lokasiKerja
    golRuangAwalId golRuangAwal golRuangAkhirId golRuangAkhir tmtGolAkhir masaKerja eselon eselonId eselonLevel
    tmtEselon gajiPokok statusPerkawinan jumlahAnak noNpwp bpjs pangkatAkhir pangkatAwal jenjang jabatanAsn
    asnJenjangJabatan levelJabatan validNik kelas_jabatan karis_karsu tanggal_taspen tglSpmt kode_jenjang_jabatan path
    genEmailAsn"""
DATA_UTAMA_FIELDS = tuple(_FIELDS.split())
_JENIS = {"1": "Struktural", "2": "Jabatan Fungsional Tertentu", "4": "Jabatan Fungsional Umum"}
_JENJANG_CODES = {"TERAMPIL": "TR", "MAHIR": "MH", "AHLI PERTAMA": "PT", "AHLI MUDA": "MU", "AHLI MADYA": "MA"}
_STEP_YEARS = 4
_EDUCATION = {"15": "SLTA", "30": "Diploma III/Sarjana Muda", "40": "S-1/Sarjana", "45": "S-2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is settled about a person before it is written down in SIASN's way."""

    id: str
    nip: str
    name: str
    back_title: str
    male: bool
    born: date
    appointed: date
    status: str
    """PNS or PPPK."""
    unit: Unit
    post: Post
    golongan: str
    golongan_since: date
    post_since: date


def written(day: date) -> str:
    """A date as SIASN writes it."""
    return f"{day:%d-%m-%Y}"


def data_utama(life: Life) -> dict[str, Any]:
    """The core record; fields that nobody has filled are empty, as they often are."""
    record: dict[str, Any] = dict.fromkeys(DATA_UTAMA_FIELDS, "")
    record |= _identity(life) | _place_of_work(life) | _post(life) | _rank(life)
    record["path"] = None
    return record


def rw_golongan(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The ranks that led to the present one, a step every four years back to the entry; a PPPK has one grade."""
    codes = [code for _, code in PNS_RANKS]
    since = record["tmtGolAkhir"]
    if record["statusPegawai"] == "PPPK" or record["golRuangAkhir"] not in codes:
        return [_rank_entry(record, record["golRuangAkhir"], since, "")]
    first, last = codes.index(record["golRuangAwal"] or record["golRuangAkhir"]), codes.index(record["golRuangAkhir"])
    day_and_month, year = since[:6], int(since[6:])
    steps = range(first, last + 1)
    return [
        _rank_entry(record, codes[n], f"{day_and_month}{year - _STEP_YEARS * (last - n)}", "101" if n > first else "")
        for n in steps
    ]


def rw_jabatan(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The present post as the only entry of the history."""
    functional = record["jenisJabatanId"] == "2"
    return [
        {
            "id": oracle_id("jabatan", record["id"], record["tmtJabatan"]),
            "idPns": record["id"],
            "nipBaru": record["nipBaru"],
            "nipLama": "",
            "jenisJabatan": record["jenisJabatan"],
            "instansiKerjaId": record["instansiKerjaId"],
            "instansiKerjaNama": record["instansiIndukNama"],
            "unorId": record["unorId"],
            "unorNama": record["unorNama"],
            "unorIndukId": record["unorIndukId"],
            "unorIndukNama": record["unorIndukNama"],
            "eselon": record["eselon"],
            "eselonId": record["eselonId"],
            "jabatanFungsionalNama": record["jabatanNama"] if functional else "",
            "jabatanFungsionalUmumNama": record["jabatanFungsionalUmumNama"],
            "tmtJabatan": record["tmtJabatan"],
            "nomorSk": f"821/{record['tmtJabatan'][-4:]}/{record['id'][:4]}",
            "tanggalSk": record["tmtJabatan"],
            "namaUnor": record["unorNama"],
            "namaJabatan": record["jabatanNama"],
            "tmtPelantikan": record["tmtJabatan"],
            "path": None,
        }
    ]


def ref_unor(unit: Unit) -> dict[str, Any]:
    """A unit as the reference list shows it, with other capitals than everywhere else."""
    return {
        "Id": unit.id,
        "InstansiId": unit.government.id,
        "DiatasanId": unit.parent.id if unit.parent else None,
        "EselonId": unit.place.eselon,
        "NamaUnor": unit.place.name,
        "NamaJabatan": f"KEPALA {unit.place.name.upper()}",
        "CepatKode": unit.place.code,
        "IndukUnorId": unit.parent.id if unit.parent else unit.id,
        "PemimpinPnsId": unit.leader_id,
        "JenisUnorId": "",
    }


def _identity(life: Life) -> dict[str, str]:
    return {
        "id": life.id,
        "nipBaru": life.nip,
        "nama": life.name.upper(),
        "gelarBelakang": life.back_title,
        "tempatLahir": life.unit.government.seat.upper(),
        "tglLahir": written(life.born),
        "nik": f"{life.unit.government.code.replace('.', ''):0<4}{life.nip[8:]}00",
        "alamat": f"JL. MERDEKA NO. {life.nip[-3:]}",
        "noHp": f"0800{life.nip[-8:]}",
        "statusPegawai": life.status,
        "kedudukanPnsId": "01" if life.status == "PNS" else "71",
        "kedudukanPnsNama": "Aktif" if life.status == "PNS" else "PPPK Aktif",
        "jenisKelamin": "M" if life.male else "F",
        "tmtCpns": written(life.appointed),
        "bupPensiun": "58",
        **_education(life),
    }


def _education(life: Life) -> dict[str, str]:
    """As the titles tell, else as the entry rank of the post asks."""
    title, entry = life.back_title, life.post.entry
    code = "45" if " M." in title else "40" if title.startswith("S.") else "30" if title else ""
    code = code or {"III/a": "40", "II/a": "15"}.get(entry, "30")
    return {"tkPendidikanTerakhirId": code, "tkPendidikanTerakhir": _EDUCATION[code]}


def _place_of_work(life: Life) -> dict[str, str]:
    unit, parent = life.unit, life.unit.parent or life.unit
    government = unit.government
    return {
        "instansiIndukId": government.id,
        "instansiIndukNama": f"Pemerintah {government.name}",
        "instansiKerjaId": government.id,
        "instansiKerjaKodeCepat": government.code,
        "unorId": unit.id,
        "unorNama": unit.place.name,
        "unorIndukId": parent.id,
        "unorIndukNama": parent.place.name,
        "lokasiKerja": government.seat,
    }


def _post(life: Life) -> dict[str, str]:
    post = life.post
    leads, functional = post.jenis == "1", post.jenis == "2"
    return {
        "jenisJabatanId": post.jenis,
        "jenisJabatan": _JENIS[post.jenis],
        "jabatanNama": post.name,
        "jabatanStrukturalNama": post.name if leads else "",
        "jabatanFungsionalNama": post.name if functional else "",
        "jabatanFungsionalUmumNama": post.name if post.jenis == "4" else "",
        "tmtJabatan": written(life.post_since),
        "eselonId": life.unit.place.eselon if leads else "99",
        "eselon": "" if leads else "NON",
        "jenjang": post.level,
        "kode_jenjang_jabatan": _JENJANG_CODES.get(post.level, ""),
    }


def _rank(life: Life) -> dict[str, str]:
    ids = {code: siasn_id for siasn_id, code in PNS_RANKS}
    entry = life.post.entry if life.status == "PNS" else life.golongan
    return {
        "golRuangAwalId": ids.get(entry, ""),
        "golRuangAwal": entry,
        "golRuangAkhirId": ids.get(life.golongan, ""),
        "golRuangAkhir": life.golongan,
        "tmtGolAkhir": written(life.golongan_since),
    }


def _rank_entry(record: dict[str, Any], golongan: str, since: str, kind: str) -> dict[str, Any]:
    ids = {code: siasn_id for siasn_id, code in PNS_RANKS}
    return {
        "id": oracle_id("golongan", record["id"], golongan),
        "idPns": record["id"],
        "nipBaru": record["nipBaru"],
        "golonganId": ids.get(golongan, ""),
        "golongan": golongan,
        "skNomor": f"823/{since[-4:]}/{record['id'][:4]}",
        "skTanggal": since,
        "tmtGolongan": since,
        "noPertekBkn": "",
        "jumlahKreditUtama": "",
        "jenisKPId": kind,
        "jenisKPNama": "Reguler" if kind else "",
        "masaKerjaGolonganTahun": "",
        "masaKerjaGolonganBulan": "",
        "path": None,
        "pangkat": "",
    }
