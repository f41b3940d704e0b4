"""From a raw SIASN record (data-utama, rw-golongan, rw-jabatan) to a normalised row, or to the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from kinara.contracts.personnel import EmployeeKind

from personnel.domain.dossier import Education
from personnel.domain.golongan import Golongan, golongan_by_siasn_id, golongan_of
from personnel.domain.jabatan import Jenjang, jenjang_of, kind_of
from personnel.domain.nip import Nip, parse
from personnel.domain.profile import Decree, Profile, SeparationReason
from personnel.domain.refusals import InvalidNip, UnknownGolongan, UnknownJabatan
from personnel.siasn.education import EDUCATION_COLUMNS, education_of
from personnel.siasn.fields import Record, UnfitField
from personnel.siasn.rows import Government, Governments, PostEntry, RankEntry, Rejected, Row, content_hash
from personnel.siasn.wording import person_name, title

REQUIRED_COLUMNS = [
    "id",
    "nipBaru",
    "nama",
    "tglLahir",
    "jenisKelamin",
    "golRuangAkhir",
    "jenisJabatanId",
    "jabatanNama",
    "unorId",
    "instansiKerjaId",
]
OPTIONAL_COLUMNS = [
    "gelarDepan",
    "gelarBelakang",
    "statusPegawai",
    "kedudukanPnsId",
    "golRuangAkhirId",
    "tmtGolAkhir",
    "eselonId",
    "tmtJabatan",
    "kode_jenjang_jabatan",
    "jenjang",
    "asnJenjangJabatan",
    "instansiKerjaKodeCepat",
    *EDUCATION_COLUMNS,
]
COLUMNS = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
"""What we read of data-utama. Family, health, religion and address stay where they are (data minimisation)."""

_SEPARATED: dict[str, SeparationReason] = {"66": "dismissed", "98": "retired", "99": "retired"}
"""SIASN's kedudukanHukum: Diberhentikan, BUP, Pensiun."""
_INACTIVE_WITHOUT_REASON = "52"

_Entry = TypeVar("_Entry", RankEntry, PostEntry)
_Value = TypeVar("_Value")


def employee_row(raw: Mapping[str, object], governments: Governments, digest: str | None = None) -> Row | Rejected:
    """One data-utama record as a row; the same keys as headings in CSV and XLSX."""
    record = Record(raw)
    try:
        profile = _profile(record)
        government = _government(record, governments)
        separated_as = _separated_as(record)
        unit = record.text("unorId") if separated_as else record.required("unorId", "id unit kerja dari ref-unor")
    except UnfitField as unfit:
        return rejected(record, unfit)
    education, unusable = _education(record)
    return Row(
        profile=profile,
        government=government,
        unit_source_id=unit,
        separated_as=separated_as,
        content_hash=content_hash(profile, government, unit, separated_as, education),
        education=education,
        unusable=unusable,
        digest=digest,
        raw=raw,
    )


def rank_history(raws: Iterable[Mapping[str, object]]) -> tuple[list[RankEntry], list[Rejected]]:
    """The rw-golongan records of one employee, oldest first, and those that cannot be used."""
    return _history(raws, _rank_entry, ["golongan", "golonganId", "tmtGolongan", "skNomor", "jenisKPId"])


def post_history(raws: Iterable[Mapping[str, object]]) -> tuple[list[PostEntry], list[Rejected]]:
    """The rw-jabatan records of one employee, oldest first, and those that cannot be used."""
    columns = ["namaJabatan", "jabatanFungsionalNama", "jabatanFungsionalUmumNama", "tmtJabatan", "unorId", "nomorSk"]
    return _history(raws, _post_entry, columns)


def rejected(record: Record, unfit: UnfitField, columns: Iterable[str] = COLUMNS) -> Rejected:
    """The record with the reason why it cannot be used."""
    return Rejected(reason=unfit.reason, field=unfit.name, raw=record.excerpt(columns), detail=unfit.detail)


def _profile(record: Record) -> Profile:
    siasn_id = record.required("id", "id pegawai di SIASN")
    nip = _nip(record)
    jabatan_kind = _unless_refused("jenisJabatanId", lambda: kind_of(_jenis(record), record.text("eselonId")))
    jabatan = title(record.required("jabatanNama", "nama jabatan"))
    return Profile(
        nip=nip.digits,
        siasn_id=siasn_id,
        name=_name(record),
        front_title=record.text("gelarDepan"),
        back_title=record.text("gelarBelakang"),
        kind=nip.kind,
        sex=nip.sex,
        birth_date=record.required_day("tglLahir"),
        golongan=_golongan(record, nip.kind).code,
        golongan_since=record.day("tmtGolAkhir"),
        jabatan=jabatan,
        jabatan_kind=jabatan_kind,
        jenjang=_jenjang(record, jabatan) if jabatan_kind == "fungsional" else None,
        jabatan_since=record.day("tmtJabatan"),
    )


def _nip(record: Record) -> Nip:
    if record.is_number("nipBaru"):
        reason = "nipBaru: berupa bilangan sehingga angka terakhirnya hilang; simpan kolom itu sebagai teks"
        raise UnfitField("nipBaru", reason, "a number cannot hold 18 digits exactly")
    digits = record.required("nipBaru", "18 angka")
    sex = record.one_of("jenisKelamin", "M", "F")
    nip = _unless_refused("nipBaru", lambda: parse(digits, "M" if sex == "M" else "F"))
    stated = (record.text("statusPegawai") or nip.kind).upper()
    if ("PPPK" in stated) != (nip.kind == "PPPK"):
        reason = f"statusPegawai: '{stated[:30]}' tidak sesuai dengan NIP, yang menunjukkan {nip.kind}"
        raise UnfitField("statusPegawai", reason, "status and NIP disagree")
    return nip


def _name(record: Record) -> str:
    name = person_name(record.required("nama", "nama lengkap tanpa gelar"))
    if not any(c.isalpha() for c in name) or any(c.isdigit() for c in name):
        raise UnfitField("nama", f"nama: diharapkan nama orang, diterima '{name[:5]}…'", "not a person's name")
    return name


def _golongan(record: Record, kind: EmployeeKind) -> Golongan:
    written = record.required("golRuangAkhir", "golongan ruang, misalnya III/c atau IX")
    golongan = _unless_refused("golRuangAkhir", lambda: golongan_of(kind, written))
    by_id = golongan_by_siasn_id(record.text("golRuangAkhirId") or "") if kind == "PNS" else None
    if by_id and by_id != golongan:
        reason = f"golRuangAkhirId: {by_id.siasn_id} berarti {by_id.code}, tetapi golRuangAkhir {golongan.code}"
        raise UnfitField("golRuangAkhirId", reason, "golongan and its id disagree")
    return golongan


def _jenis(record: Record) -> str:
    return record.required("jenisJabatanId", "1 (struktural), 2 (fungsional), 3 (rangkap) atau 4 (pelaksana)")


def _jenjang(record: Record, jabatan: str) -> Jenjang | None:
    stated = (record.text(name) for name in ("kode_jenjang_jabatan", "jenjang", "asnJenjangJabatan"))
    return next((level for text in (*stated, jabatan) if text and (level := jenjang_of(text))), None)


def _government(record: Record, governments: Governments) -> Government:
    by_id, by_code = record.text("instansiKerjaId"), record.text("instansiKerjaKodeCepat")
    government = governments.get(by_id or "") or governments.get(by_code or "")
    if government is None:
        reason = f"instansiKerjaId: instansi '{(by_id or by_code or '')[:40]}' tidak terdaftar pada pengaturan"
        raise UnfitField("instansiKerjaId", reason, "unknown government")
    return government


def _separated_as(record: Record) -> SeparationReason | None:
    standing = record.text("kedudukanPnsId")
    if standing == _INACTIVE_WITHOUT_REASON:
        reason = "kedudukanPnsId: 52 (Tidak Aktif) tidak menyebut alasan; catat pemberhentiannya dengan alasannya"
        raise UnfitField("kedudukanPnsId", reason, "inactive without a reason")
    return _SEPARATED.get(standing or "")


def _education(record: Record) -> tuple[Education | None, tuple[Rejected, ...]]:
    """The education, or why it cannot be used; that keeps nobody out."""
    try:
        return education_of(record), ()
    except UnfitField as unfit:
        return None, (rejected(record, unfit, EDUCATION_COLUMNS),)


def _rank_entry(record: Record) -> RankEntry:
    written = record.required("golongan", "golongan ruang")
    kind: EmployeeKind = "PNS" if "/" in written else "PPPK"
    return RankEntry(
        golongan=_unless_refused("golongan", lambda: golongan_of(kind, written)).code,
        since=record.required_day("tmtGolongan"),
        decree=Decree(number=record.text("skNomor") or "", promotion_kind=record.text("jenisKPId") or ""),
    )


def _post_entry(record: Record) -> PostEntry:
    names = ("namaJabatan", "jabatanFungsionalNama", "jabatanFungsionalUmumNama")
    jabatan = next((text for name in names if (text := record.text(name))), None)
    return PostEntry(
        jabatan=title(jabatan or record.required("namaJabatan", "nama jabatan")),
        since=record.required_day("tmtJabatan"),
        unit_source_id=record.text("unorId"),
        decree_number=record.text("nomorSk") or "",
    )


def _history(
    raws: Iterable[Mapping[str, object]], entry: Callable[[Record], _Entry], columns: Iterable[str]
) -> tuple[list[_Entry], list[Rejected]]:
    good: list[_Entry] = []
    bad: list[Rejected] = []
    for raw in raws:
        record = Record(raw)
        try:
            good.append(entry(record))
        except UnfitField as unfit:
            bad.append(rejected(record, unfit, columns))
    return sorted(good, key=lambda found: found.since), bad


def _unless_refused(name: str, decide: Callable[[], _Value]) -> _Value:
    """What the domain makes of a field; its refusal under SIASN's name of the field."""
    try:
        return decide()
    except (InvalidNip, UnknownGolongan, UnknownJabatan) as refusal:
        raise UnfitField(name, f"{name}: {refusal.message}", refusal.detail) from refusal
