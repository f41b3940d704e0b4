"""What others write to the stub: taken, refused with a reason, replaced under its id, deleted; what was taken twice."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

Payload = dict[str, Any]

WHOSE = {
    "kinerjaperiodik": "pnsDinilaiId",
    "skp22": "pnsDinilaiOrang",
    "angkakredit": "pnsId",
    "kursus": "pnsOrangId",
    "penghargaan": "pnsOrangId",
}
"""The field with SIASN's id of the person, by kind of record; SIASN calls it differently everywhere."""
_ANSWERED_AS = {
    "kinerjaperiodik": "rwKinerjaPeriodikId",
    "skp22": "rwSkpId",
    "angkakredit": "rwAngkaKreditId",
    "kursus": "rwKursusId",
    "penghargaan": "rwPenghargaanId",
}
_KEYS = {
    "kinerjaperiodik": ("periodikId", "tahun", "bulanMulaiPenilaian", "bulanSelesaiPenilaian"),
    "skp22": ("tahun",),
    "angkakredit": ("tahunMulaiPenailan", "bulanMulaiPenailan", "bulanSelesaiPenailan"),
    "kursus": ("nomorSertipikat", "tahunKursus"),
    "penghargaan": ("skNomor", "tahun"),
}
_TEXTS = {
    "kinerjaperiodik": ("penilaiNipNrp", "penilaiNama", "periodikId"),
    "skp22": ("penilaiNipNrp", "penilaiNama"),
    "angkakredit": ("nomorSk", "rwJabatanId", "kreditBaruTotal"),
    "kursus": ("namaKursus", "nomorSertipikat", "jenisDiklatId", "jenisKursusSertipikat"),
    "penghargaan": ("skNomor", "hargaId"),
}
_NUMBERS = {
    "kinerjaperiodik": ("tahun", "hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai"),
    "skp22": ("tahun", "hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai"),
    "angkakredit": (),
    "kursus": ("jumlahJam", "tahunKursus"),
    "penghargaan": ("tahun",),
}
_DATES = {"angkakredit": ("tanggalSk",), "kursus": ("tanggalKursus",), "penghargaan": ("skDate",)}
_QUADRANTS = {(1, 1): 1, (1, 2): 2, (1, 3): 4, (2, 1): 2, (2, 2): 2, (2, 3): 4, (3, 1): 3, (3, 2): 3, (3, 3): 5}
_READ_AS = {"nomorSertipikat": "noSertipikat", "kuadranKinerjaNilai": "KuadranKinerjaNilai"}
"""Fields that are read under another name than they are written."""


class Ledger:
    """Everything that was written."""

    def __init__(self) -> None:
        self._taken: dict[str, dict[str, Payload]]
        self._counts: dict[str, Counter[str]]
        self.clear()

    def take(self, kind: str, payload: Payload, known: Mapping[str, str], declines: bool) -> Payload:
        """The answer to a record: taken, or refused in one of the shapes that SIASN has for it."""
        complaint = "Data ditolak oleh verifikator" if declines else self._complaint(kind, payload, known)
        if complaint:
            self._counts[kind]["refused"] += 1
            if payload.get(WHOSE[kind]) in known:
                return {"success": False, "message": "Gagal menyimpan", "mapData": complaint}
            return {"Error": "true", "Message": complaint}
        replaced = payload.get("id")
        id_ = replaced or str(uuid.uuid4())
        again = self.key(kind, payload) in {self.key(kind, one) for at, one in self._taken[kind].items() if at != id_}
        self._counts[kind]["twice"] += again
        self._counts[kind]["replaced" if replaced else "accepted"] += 1
        self._taken[kind][id_] = payload | {"id": id_}
        return {"success": True, "message": "success", "mapData": {_ANSWERED_AS[kind]: id_}}

    def delete(self, kind: str, id_: str, declines: bool) -> Payload:
        """The answer to a deletion: done, or refused."""
        if declines or id_ not in self._taken[kind]:
            self._counts[kind]["refused"] += 1
            return {
                "success": False,
                "message": "Riwayat tidak dapat dihapus" if declines else "Riwayat tidak ditemukan",
            }
        del self._taken[kind][id_]
        self._counts[kind]["deleted"] += 1
        return {"success": True, "message": "success"}

    def entries(self, kind: str, person_id: str) -> list[Payload]:
        """What is kept of one person, with other capitals here and there."""
        mine = [one for one in self._taken[kind].values() if one[WHOSE[kind]] == person_id]
        return [{_READ_AS.get(name, name): str(value) for name, value in one.items()} for one in mine]

    def counts(self) -> dict[str, dict[str, int]]:
        """By kind: accepted, replaced, refused, deleted, and taken twice, which should not happen."""
        names = ("accepted", "replaced", "refused", "deleted", "twice")
        return {kind: {name: counted[name] for name in names} for kind, counted in self._counts.items()}

    def taken(self, kind: str) -> list[Payload]:
        """The records of a kind as they were written."""
        return list(self._taken[kind].values())

    def enter(self, kind: str, payload: Payload) -> None:
        """An entry that somebody has typed at SIASN itself."""
        self._taken[kind][str(payload["id"])] = payload

    def clear(self) -> None:
        """Nothing was written yet."""
        self._taken = {kind: {} for kind in WHOSE}
        self._counts = {kind: Counter() for kind in WHOSE}

    @staticmethod
    def key(kind: str, payload: Payload) -> tuple[str, ...]:
        """What makes it one record and no other."""
        return (str(payload[WHOSE[kind]]), *(str(payload.get(name)) for name in _KEYS[kind]))

    def _complaint(self, kind: str, payload: Payload, known: Mapping[str, str]) -> str:
        if payload.get(WHOSE[kind]) not in known:
            return "Data PNS tidak ditemukan"
        if payload.get("id") and payload["id"] not in self._taken[kind]:
            return "Riwayat tidak ditemukan"
        for name in _TEXTS[kind]:
            if not isinstance(payload.get(name), str) or not payload[name]:
                return f"{name} wajib diisi"
        for name in _NUMBERS[kind]:
            if not isinstance(payload.get(name), int):
                return f"{name} harus berupa angka"
        for name in _DATES.get(kind, ()):
            if not re.fullmatch(r"[0-3][0-9]-[01][0-9]-[12][0-9]{3}", str(payload.get(name))):
                return f"format {name} harus dd-mm-yyyy"
        axes = (payload.get("hasilKinerjaNilai"), payload.get("perilakuKerjaNilai"))
        if "kuadranKinerjaNilai" in payload and _QUADRANTS.get(axes) != payload["kuadranKinerjaNilai"]:  # type: ignore[arg-type]
            return "Kuadran kinerja tidak sesuai dengan hasil dan perilaku kerja"
        return ""
