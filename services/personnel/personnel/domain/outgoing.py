"""What BKN is to be told about an employee: one record for each result, credit, course and award, and its way there.

Nothing is sent on a guess. Before a record leaves, it is marked ``unknown`` together with what is sent; only an answer
takes that mark away, so after a kill or a lost answer SIASN is asked whether it has the record before it is sent again.
(proposal): SIASN has no published rules for repeats, hence none is relied upon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from kinara.contracts.appraisal import Period

from personnel.domain.telling import Credit, Dropped, Heard, Honour, Learning, Reopened, Result, Told

Kind = Literal["kinerjaperiodik", "skp22", "angkakredit", "kursus", "penghargaan"]
"""SIASN's own names of what can be written."""
State = Literal["pending", "unknown", "accepted", "refused", "skipped", "deleted"]
"""``unknown``: sent, and no clear answer came; ``refused`` by SIASN, ``skipped`` by us, each with the reason;
``deleted`` at SIASN, since it holds no longer (``dropping``)."""
KINDS: tuple[Kind, ...] = ("kinerjaperiodik", "skp22", "angkakredit", "kursus", "penghargaan")
STATES: tuple[State, ...] = ("pending", "unknown", "accepted", "refused", "skipped", "deleted")
DUE: tuple[State, ...] = ("pending", "unknown")
"""States in which the sender has something to do."""

Payload: TypeAlias = Mapping[str, str | int]
MOST_ATTEMPTS = 8
"""Sendings without a clear answer after which a person has to look."""
FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)
_RECORDS = UUID("5d7f6f0c-3c1b-5b0e-9a53-0d2f4a1e7c66")
_YEAR = 4
"""Letters of a period that is a year."""

NO_LONGER = "Jenjang ini tidak lagi termasuk tahun itu."

MATRIX: Mapping[tuple[int, int], int] = {
    (1, 1): 1, (1, 2): 2, (1, 3): 4,
    (2, 1): 2, (2, 2): 2, (2, 3): 4,
    (3, 1): 3, (3, 2): 3, (3, 3): 5,
}  # fmt: skip
"""Work results and behaviour to predikat, in SIASN's codes, 1 the best. Source: PermenPANRB 6/2022."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One record for SIASN."""

    id: str
    employee_id: str
    province: str
    unit_path: str
    """Where the employee served when it was decided."""
    kind: Kind
    about: str
    """The period, year, completion or award."""
    told: Told
    state: State = "pending"
    reason: str | None = None
    """Why it is in this state, and what to do."""
    answer: str | None = None
    """SIASN's own words about it."""
    siasn_id: str | None = None
    """Under which id SIASN keeps it."""
    foreign_id: str | None = None
    """SIASN's id of an entry of the same matter that is not ours; only a person who sends again has it replaced."""
    sent: Payload | None = None
    """What was sent last, by which it is looked up."""
    changed_since: bool = False
    """Whether other content was heard while the fate of what was sent is unknown, or its period open again."""
    reopened: bool = False
    """Whether its period was opened again, so that nothing is decided at present."""
    dropped: bool = False
    """Whether it holds no longer, since a revised year has dropped its level."""
    attempts: int = 0
    """Sendings since the last clear answer."""
    pauses: int = 0
    due_at: datetime | None = None
    """When the sender looks at it again."""
    changed_at: datetime


def record_id(employee_id: str, kind: Kind, about: str) -> str:
    """The same employee, kind and period or completion is the same record for ever."""
    return str(uuid5(_RECORDS, f"{employee_id}/{kind}/{about}"))


def kind_of(told: Told | Reopened | Dropped) -> tuple[Kind, str]:
    """As what SIASN keeps it, and what it is about."""
    match told:
        case Reopened(period=year, credit=True, jenjang=jenjang) | Credit(year=year, jenjang=jenjang):
            return "angkakredit", f"{year}/{jenjang}" if jenjang else str(year)
        case Dropped(year=year, jenjang=jenjang):
            return "angkakredit", f"{year}/{jenjang}"
        case Result(period=period) | Reopened(period=period):
            return "skp22" if len(period) == _YEAR else "kinerjaperiodik", period
        case Learning(completion_id=completion_id):
            return "kursus", completion_id
        case Honour(award_id=award_id):
            return "penghargaan", award_id


def taken_up(employee_id: str, heard: Heard, known: Outgoing | None, at: datetime) -> Outgoing | None:
    """The record after something was heard; the same content again changes nothing (None)."""
    told = heard.told
    if isinstance(told, Dropped):
        return drop(known, at) if known else None
    if isinstance(told, Reopened):
        return _withdrawn(known, told.period, at) if known and not known.dropped else None
    kind, about = kind_of(told)
    if known is None:
        return Outgoing(
            id=record_id(employee_id, kind, about), employee_id=employee_id, province=heard.province,
            unit_path=heard.unit_path, kind=kind, about=about, told=told, due_at=at, changed_at=at,
        )  # fmt: skip
    told = _with_what_was_added(told, known.told)
    if told == known.told and not known.reopened and not known.dropped:
        return None
    known = _standing_again(known)
    now = replace(known, told=told, reopened=False, province=heard.province, unit_path=heard.unit_path, changed_at=at)
    if told == known.told and known.state == "accepted" and not known.changed_since:
        return now
    return due(noted(now, known), at)


def _standing_again(record: Outgoing) -> Outgoing:
    """One that was dropped holds again; under what id SIASN has it, once it was asked to delete it, nobody knows."""
    asked = record.dropped and record.state == "unknown"
    return replace(record, dropped=False, siasn_id=None if asked else record.siasn_id)


def drop(record: Outgoing, at: datetime) -> Outgoing | None:
    """A credit holds no longer: what never left is not sent, what SIASN has or may have is deleted there."""
    if record.dropped:
        return None
    void = replace(record, dropped=True, reopened=False, changed_since=False, changed_at=at)
    if record.state == "unknown":
        return void
    if record.sent is None and record.state != "accepted":
        return skipped(void, f"{NO_LONGER} Tidak dikirim.", at)
    return to_delete(void, at)


def to_delete(record: Outgoing, at: datetime) -> Outgoing:
    """Waits to be deleted at SIASN (``dropping``)."""
    return replace(ready(replace(record, attempts=0), at), reason=f"{NO_LONGER} Akan dihapus di SIASN.")


def skipped(record: Outgoing, reason: str, at: datetime) -> Outgoing:
    """It cannot be written as things are."""
    return replace(record, state="skipped", reason=reason, due_at=None, changed_at=at)


def leaving(record: Outgoing, payload: Payload, at: datetime, patience: timedelta) -> Outgoing:
    """About to be sent: from here on its fate is unknown until SIASN has answered.

    ``patience`` is how long an answer may take: what a killed process has sent may still be on its way so long.
    """
    reason = "Sudah dikirim, jawaban SIASN belum diterima. Dicari dahulu di SIASN sebelum dikirim lagi."
    return replace(
        record, state="unknown", sent=payload, changed_since=False, reason=reason, attempts=record.attempts + 1,
        pauses=0, due_at=at + patience + FIRST_PAUSE, changed_at=at,
    )  # fmt: skip


def accepted(record: Outgoing, siasn_id: str, said: str, at: datetime) -> Outgoing:
    """SIASN has it; what has changed meanwhile is sent next, in its place."""
    known = replace(record, siasn_id=siasn_id, answer=said or None, reason=None, attempts=0, pauses=0)
    if record.dropped:
        return to_delete(known, at)
    if record.changed_since and not record.reopened:
        return ready(known, at)
    return replace(known, state="accepted", due_at=None, changed_at=at)


def confirmed(record: Outgoing, siasn_id: str, at: datetime) -> Outgoing:
    """SIASN turns out to have it already, as it was or would be sent."""
    return accepted(record, siasn_id, "sudah ada di SIASN", at)


def refused(record: Outgoing, said: str, at: datetime) -> Outgoing:
    """SIASN does not take it; what has changed meanwhile is tried in its place."""
    if record.dropped:
        return to_delete(replace(record, answer=said), at)
    if record.changed_since and not record.reopened:
        return ready(replace(record, answer=said, attempts=0), at)
    reason = "SIASN menolak catatan ini. Perbaiki data yang disebut, di sini atau di SIASN, lalu kirim ulang."
    return replace(record, state="refused", answer=said, reason=reason, attempts=0, due_at=None, changed_at=at)


def already_there(record: Outgoing, siasn_id: str, at: datetime) -> Outgoing:
    """SIASN has an entry with other values: ours, known by its id, is replaced; on any other a person decides.

    Sent again (``retried``) it is replaced. Whatever else makes the record due has it looked up anew.
    """
    if record.reopened:
        return _withdrawn(replace(record, state="pending"), record.about, at)
    if record.siasn_id is not None:
        return ready(record, at)
    reason = (
        "SIASN sudah memuat catatan untuk hal ini dengan nilai lain, yang tidak berasal dari Kinara. "
        "Periksa di SIASN; kirim ulang bila harus diganti."
    )
    return replace(record, state="refused", foreign_id=siasn_id, reason=reason, due_at=None, changed_at=at)


def not_there(record: Outgoing, at: datetime) -> Outgoing:
    """SIASN does not have what was sent: it may be sent again, but not for ever."""
    if record.reopened:
        return _withdrawn(replace(record, state="pending"), record.about, at)
    if record.attempts < MOST_ATTEMPTS:
        return ready(record, at)
    reason = f"Sudah {record.attempts} kali dikirim tanpa jawaban yang jelas. Periksa di SIASN, lalu kirim ulang."
    return replace(record, state="refused", reason=reason, due_at=None, changed_at=at)


def waits(record: Outgoing, why: str, at: datetime) -> Outgoing:
    """Go on later in the same state, with growing pauses."""
    pause = min(FIRST_PAUSE * 2 ** min(record.pauses, 10), _LONGEST_PAUSE)
    return replace(record, reason=why, pauses=record.pauses + 1, due_at=at + pause, changed_at=at)


def not_to_tell(record: Outgoing, at: datetime) -> Outgoing:
    """SIASN's entries lack what tells them apart: looked at again for some time, then a person decides."""
    why = "Catatan di SIASN tidak dapat dibedakan satu sama lain. Lengkapi di SIASN"
    if record.reopened or record.pauses + 1 < MOST_ATTEMPTS:
        return waits(record, f"{why}; tidak dikirim lagi sementara.", at)
    return replace(record, state="refused", reason=f"{why}, lalu kirim ulang.", due_at=None, changed_at=at)


def not_taken(record: Outgoing, why: str, at: datetime) -> Outgoing:
    """It certainly did not arrive: neither the attempt nor the mark counts."""
    sent = record.sent if record.siasn_id else None
    return waits(replace(record, state="pending", sent=sent, attempts=max(0, record.attempts - 1)), why, at)


def due(record: Outgoing, at: datetime) -> Outgoing:
    """To be sent; but what is of unknown fate stays so until it was looked up, in its own time."""
    return replace(record, changed_at=at) if record.state == "unknown" else ready(record, at)


def ready(record: Outgoing, at: datetime) -> Outgoing:
    return replace(
        record, state="pending", foreign_id=None, changed_since=False, reason=None, pauses=0, due_at=at, changed_at=at
    )


def _withdrawn(record: Outgoing, period: Period, at: datetime) -> Outgoing:
    """Nothing is decided for the period at present; what SIASN has stays there until something is."""
    held = replace(record, reopened=True, changed_at=at)
    if record.state in ("accepted", "unknown"):
        return held
    return skipped(held, f"Periode {period} dibuka kembali. Dikirim lagi setelah ditetapkan.", at)


def noted(now: Outgoing, before: Outgoing) -> Outgoing:
    """With a note of other content, where it cannot be sent yet and SIASN has or may have the content before."""
    waits = before.state == "unknown" or (before.state == "accepted" and now.reopened)
    return replace(now, changed_since=waits and (before.changed_since or now.told != before.told))


def _with_what_was_added(told: Told, known: Told) -> Told:
    """A fact that is told again keeps what people have added to it, as long as it is the same fact."""
    if isinstance(told, Credit) and isinstance(known, Credit) and told.credit == known.credit:
        return replace(told, pak_number=known.pak_number, pak_date=known.pak_date)
    if isinstance(told, Result) and isinstance(known, Result) and told.predikat == known.predikat:
        cell = (told.hasil_kerja or known.hasil_kerja, told.perilaku_kerja or known.perilaku_kerja)
        return replace(told, hasil_kerja=cell[0], perilaku_kerja=cell[1])
    return told
