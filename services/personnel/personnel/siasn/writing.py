"""A record for BKN in SIASN's wire format, and how one that SIASN keeps is known again.

Field names and types as its clients use them (reference §3.3), wrong spellings included: no specification is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kinara.contracts.periods import months_of

from personnel.domain.employee import Employee
from personnel.domain.golongan import golongan_of
from personnel.domain.nip import mask_nip
from personnel.domain.outgoing import Kind, Outgoing, Payload
from personnel.domain.telling import Credit, Honour, Learning, Result
from personnel.siasn.fields import Record, UnfitField

CLASSES = {"2": "F", "3": "T"}
"""jenisKursusSertipikat by jenisDiklat: fungsional, teknis; every other kind that we write is P."""
STRUCTURAL = "1"
"""A jenisDiklat that SIASN keeps elsewhere (rw-diklat)."""
OTHER_AWARD = "400"
"""hargaId of an award that is none of the national ones."""
_MONTHLY, _QUARTERLY = "1", "2"
_LONGEST = 300

_KEYS: Mapping[Kind, tuple[str, ...]] = {
    "kinerjaperiodik": ("periodikId", "tahun", "bulanMulaiPenilaian", "bulanSelesaiPenilaian"),
    "skp22": ("tahun",),
    "angkakredit": (
        "tahunMulaiPenailan", "bulanMulaiPenailan", "tahunSelesaiPenailan", "bulanSelesaiPenailan", "isKonversi",
    ),
    "kursus": ("nomorSertipikat", "tahunKursus"),
    "penghargaan": ("skNomor", "tahun"),
}  # fmt: skip
"""What tells one record of a person from another."""
_TELLING: Mapping[Kind, tuple[str, ...]] = {"kursus": ("namaKursus",)}
"""What tells it where SIASN's entry lacks some of those: people enter courses without the number of a certificate."""
_VALUES: Mapping[Kind, tuple[str, ...]] = {
    "kinerjaperiodik": ("hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai"),
    "skp22": ("hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai"),
    "angkakredit": ("kreditBaruTotal", "nomorSk"),
    "kursus": ("namaKursus", "jumlahJam"),
    "penghargaan": ("hargaId", "skDate"),
}
_ALSO_CALLED = {"nomorSertipikat": "noSertipikat"}
"""Names that differ between what is written and what is read."""


class NotWritable(Exception):
    """The record cannot be written as things are: why, and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotToTell(Exception):
    """SIASN's entries lack what would tell them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Whom a record speaks of, as personnel knows them."""

    employee: Employee | None
    appraiser: Employee | None = None
    appraiser_unit: str = ""
    instansi_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What SIASN keeps of the same matter."""

    siasn_id: str
    agrees: bool
    """Whether its values are the ones that we would write."""


def payload_of(record: Outgoing, people: People) -> Payload:
    """The record as SIASN takes it; ``NotWritable`` with the reason where something is missing.

    A credit's ``rwJabatanId`` is SIASN's own and asked for when it is sent.
    """
    employee = people.employee
    if employee is None:
        raise NotWritable("Pegawai belum ada di data kepegawaian. Tarik datanya dari SIASN, lalu kirim ulang.")
    if employee.siasn_id is None:
        raise NotWritable("Pegawai belum memiliki id SIASN. Tarik datanya dari SIASN, lalu kirim ulang.")
    match record.told:
        case Result():
            payload = _result(record.told, employee.siasn_id, people)
        case Credit():
            payload = _credit(record.told, employee)
        case Learning():
            payload = _course(record.told, employee.siasn_id, people.instansi_id)
        case Honour():
            payload = _award(record.told, employee.siasn_id)
    return {"id": record.siasn_id, **payload} if record.siasn_id else payload


def masked(payload: Payload) -> Payload:
    """The payload as it is shown: who appraised is known by the name, the NIP is not needed for it."""
    return {name: mask_nip(str(v)) if name == "penilaiNipNrp" else v for name, v in payload.items()}


def entry_in(kind: Kind, payload: Payload, entries: Iterable[Mapping[str, object]]) -> Entry | None:
    """The entry about the same matter among those that SIASN keeps of the person; one that agrees, if there is any.

    ``NotToTell`` where an entry might be the one, but lacks the fields that say so.
    """
    found: list[Entry] = []
    for raw in entries:
        record = Record(raw)
        if any(_differs(record, name, payload[name]) for name in _KEYS[kind]):
            continue
        siasn_id, lacks = _text(record, "id"), any(_text(record, name) is None for name in _KEYS[kind])
        if lacks and any(_differs(record, name, payload[name]) for name in _TELLING.get(kind, ())):
            continue
        if lacks or siasn_id is None:
            raise NotToTell(kind)
        found.append(Entry(siasn_id, not any(_differs(record, name, payload[name]) for name in _VALUES[kind])))
    return next((one for one in found if one.agrees), found[-1] if found else None)


def ours_among(record: Outgoing, entries: Iterable[Mapping[str, object]]) -> str | None:
    """SIASN's id of the entry that a record is: the one it is known by, else the one that agrees with what was sent."""
    if record.siasn_id is not None:
        return next((record.siasn_id for raw in entries if _text(Record(raw), "id") == record.siasn_id), None)
    found = entry_in(record.kind, record.sent, entries) if record.sent is not None else None
    return found.siasn_id if found is not None and found.agrees else None


def latest_post(entries: Iterable[Mapping[str, object]]) -> str | None:
    """SIASN's id of the post that somebody took up last."""
    dated: list[tuple[date, str]] = []
    for raw in entries:
        record = Record(raw)
        try:
            since = record.day("tmtJabatan")
        except UnfitField:
            continue
        siasn_id = _text(record, "id")
        if since and siasn_id:
            dated.append((since, siasn_id))
    return max(dated)[1] if dated else None


def _result(told: Result, employee_id: str, people: People) -> Payload:
    if told.hasil_kerja is None or told.perilaku_kerja is None:
        raise NotWritable(
            "Predikat ditetapkan berbeda dari usulan, sehingga hasil dan perilaku kerjanya belum diketahui. "
            "Isi keduanya menurut pejabat penilai."
        )
    appraiser = people.appraiser
    if appraiser is None:
        raise NotWritable("Pejabat penilai belum ada di data kepegawaian. Tarik datanya dari SIASN, lalu kirim ulang.")
    months = months_of(told.period)
    year = int(told.period[:4])
    common: dict[str, str | int] = {
        "tahun": year,
        "hasilKinerjaNilai": told.hasil_kerja,
        "perilakuKerjaNilai": told.perilaku_kerja,
        "kuadranKinerjaNilai": told.predikat,
        "penilaiNipNrp": appraiser.nip,
        "penilaiNama": appraiser.name,
        "penilaiGolongan": golongan_of(appraiser.kind, appraiser.golongan).siasn_id or appraiser.golongan,
        "penilaiUnorNama": people.appraiser_unit,
        "statusPenilai": "ASN",
    }
    if len(months) == 12:  # a year
        return common | {"pnsDinilaiOrang": employee_id, "penilaiJabatan": appraiser.jabatan}
    return common | {
        "pnsDinilaiId": employee_id,
        "penilaiJabatanNama": appraiser.jabatan,
        "periodikId": _MONTHLY if len(months) == 1 else _QUARTERLY,
        "bulanMulaiPenilaian": int(months[0][5:]),
        "bulanSelesaiPenilaian": int(months[-1][5:]),
        "tahunMulaiPenilaian": year,
        "tahunSelesaiPenilaian": year,
        "koefisienId": "",
    }


def _credit(told: Credit, employee: Employee) -> Payload:
    if employee.kind == "PPPK":
        raise NotWritable("PPPK tidak mengumpulkan angka kredit untuk kenaikan pangkat; tidak dikirim.")
    if told.pak_number is None or told.pak_date is None:
        raise NotWritable("Nomor dan tanggal PAK belum diisi. Terbitkan PAK, lalu isi nomor dan tanggalnya.")
    credit = f"{told.credit:.2f}"
    return {
        "pnsId": employee.siasn_id or "",
        "bulanMulaiPenailan": f"{told.first_month or 13 - told.months}",
        "tahunMulaiPenailan": f"{told.year}",
        "bulanSelesaiPenailan": f"{told.last_month or 12}",
        "tahunSelesaiPenailan": f"{told.year}",
        "isAngkaKreditPertama": "0",
        "isIntegrasi": "0",
        "isKonversi": "1",
        "kreditUtamaBaru": credit,
        "kreditPenunjangBaru": "0",
        "kreditBaruTotal": credit,
        "nomorSk": told.pak_number,
        "tanggalSk": _written(told.pak_date),
        "rwJabatanId": "",
    }


def _course(told: Learning, employee_id: str, instansi_id: str) -> Payload:
    if told.course_kind == STRUCTURAL:
        raise NotWritable("Diklat struktural dicatat SIASN sebagai diklat, bukan kursus. Catat langsung di SIASN.")
    return {
        "pnsOrangId": employee_id,
        "instansiId": instansi_id,
        "institusiPenyelenggara": told.partner[:_LONGEST],
        "jenisDiklatId": told.course_kind,
        "jenisKursus": "",
        "jenisKursusSertipikat": CLASSES.get(told.course_kind, "P"),
        "jumlahJam": told.jp,
        "lokasiId": "",
        "namaKursus": told.title[:_LONGEST],
        "nomorSertipikat": told.certificate_number[:_LONGEST],
        "tahunKursus": told.completed_on.year,
        "tanggalKursus": _written(told.completed_on),
        "tanggalSelesaiKursus": _written(told.completed_on),
    }


def _award(told: Honour, employee_id: str) -> Payload:
    if told.decree_number is None:
        raise NotWritable("Nomor SK penghargaan tidak disebut. Catat langsung di SIASN.")
    return {
        "pnsOrangId": employee_id,
        "hargaId": OTHER_AWARD,
        "skNomor": told.decree_number[:_LONGEST],
        "skDate": _written(told.granted_on),
        "tahun": told.granted_on.year,
    }


def _written(day: date) -> str:
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def _differs(record: Record, name: str, ours: str | int) -> bool:
    """Whether the entry says something else; a field that it lacks says nothing."""
    theirs = _text(record, name)
    return theirs is not None and _plain(theirs) != _plain(str(ours))


def _text(record: Record, name: str) -> str | None:
    try:
        return record.text(name) or (record.text(_ALSO_CALLED[name]) if name in _ALSO_CALLED else None)
    except UnfitField:
        return None


def _plain(text: str) -> str:
    """The same number however it is written: ``01`` and 1, ``12.50`` and 12.5."""
    text = text.strip()
    if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit():
        return str(Decimal(text).normalize())
    return {"true": "1", "false": "0"}.get(text.casefold(), text.casefold())
