"""A credit that holds no longer, since a revised year has dropped its level: SIASN's entry of it is deleted.

Like everything that is told, it is looked up first: what is there is deleted, what is not there is done, so that a
kill or a lost answer harms nothing. (proposal): only entries that are ours, or agreed with what we would have written.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from personnel.domain.outgoing import FIRST_PAUSE, MOST_ATTEMPTS, NO_LONGER, Outgoing, ready

_LEAVING = f"{NO_LONGER} Sedang dihapus di SIASN; dicari dahulu sebelum diminta lagi."
_TOO_OFTEN = f"{NO_LONGER} Sudah berkali-kali diminta dihapus tanpa jawaban yang jelas. Periksa di SIASN, lalu ulangi."
_DECLINED = f"{NO_LONGER} SIASN menolak menghapusnya. Hapus di SIASN, lalu ulangi di sini."


def deleting(record: Outgoing, siasn_id: str, at: datetime, patience: timedelta) -> Outgoing:
    """About to be deleted: from here on its fate is unknown until it was looked up, or SIASN has answered."""
    if record.attempts >= MOST_ATTEMPTS:
        return replace(record, state="refused", reason=_TOO_OFTEN, attempts=0, due_at=None, changed_at=at)
    return replace(
        record, state="unknown", siasn_id=siasn_id, reason=_LEAVING, attempts=record.attempts + 1, pauses=0,
        due_at=at + patience + FIRST_PAUSE, changed_at=at,
    )  # fmt: skip


def deleted(record: Outgoing, said: str, at: datetime) -> Outgoing:
    """SIASN has it no longer; where the level counts again by now, it is written anew."""
    if not record.dropped:
        return ready(replace(record, siasn_id=None, sent=None, attempts=0), at)
    return replace(
        record, state="deleted", siasn_id=None, sent=None, answer=said or None, reason=NO_LONGER, attempts=0, pauses=0,
        due_at=None, changed_at=at,
    )  # fmt: skip


def kept(record: Outgoing, said: str, at: datetime) -> Outgoing:
    """SIASN does not delete it; where the level counts again by now, what it has is replaced."""
    if not record.dropped:
        return ready(replace(record, attempts=0), at)
    return replace(record, state="refused", answer=said, reason=_DECLINED, attempts=0, due_at=None, changed_at=at)
