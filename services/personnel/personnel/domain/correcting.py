"""What people do about a record for BKN: add what is missing, or have it sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from personnel.domain.outgoing import MATRIX, Outgoing, due, noted, ready
from personnel.domain.refusals import NotToRetry, PakIncomplete, UnfitCell
from personnel.domain.telling import Credit, Result, Told


def added_pak(record: Outgoing, number: str, on: date, today: date, at: datetime) -> Outgoing:
    """The number and day of the PAK, without which SIASN takes no credit; BKPSDM issues it outside Kinara."""
    if not isinstance(record.told, Credit):
        raise PakIncomplete(
            "Nomor PAK hanya untuk catatan angka kredit.", field="pak_number", detail=f"the record is a {record.kind}"
        )
    if not date(record.told.year, 1, 1) <= on <= today:
        raise PakIncomplete(
            f"Tanggal PAK harus antara 01-01-{record.told.year} dan hari ini.",
            field="pak_date",
            detail="the PAK is dated before its year, or in the future",
        )
    return _corrected(record, replace(record.told, pak_number=number, pak_date=on), at)


def added_cell(record: Outgoing, hasil: int, perilaku: int, at: datetime) -> Outgoing:
    """Both axes behind a predikat that deviates from the proposal, as the appraiser states them."""
    if not isinstance(record.told, Result) or MATRIX[hasil, perilaku] != record.told.predikat:
        raise UnfitCell(
            "Hasil dan perilaku kerja ini tidak menghasilkan predikat yang ditetapkan. Periksa kembali.",
            field="hasil_kerja",
            detail="the nine-cell matrix gives another predikat, or the record is no result",
        )
    return _corrected(record, replace(record.told, hasil_kerja=hasil, perilaku_kerja=perilaku), at)


def retried(record: Outgoing, at: datetime) -> Outgoing:
    """A person has corrected what stood in the way: look at it now. One of unknown fate is looked up, as ever.

    Where an entry that is not ours stood in the way, this is the word that it is to be replaced.
    """
    done = record.state in ("accepted", "pending", "deleted") or (record.dropped and record.state == "skipped")
    if done or record.reopened:
        raise NotToRetry(
            "Catatan ini sudah diterima SIASN, sedang menunggu giliran, tidak berlaku lagi, atau periodenya dibuka "
            "kembali.",
            field="record_id",
            detail=f"the record is {record.state}",
        )
    if record.state == "unknown":  # one that may still be on its way is left alone for that long
        return replace(record, due_at=at, changed_at=at) if record.pauses else record
    return ready(replace(record, siasn_id=record.siasn_id or record.foreign_id, attempts=0), at)


def _corrected(record: Outgoing, told: Told, at: datetime) -> Outgoing:
    """What a person has added makes it another content, and so due."""
    now = noted(replace(record, told=told, changed_at=at), record)
    return (
        now
        if record.reopened or record.dropped or (told == record.told and record.state == "accepted")
        else due(now, at)
    )
