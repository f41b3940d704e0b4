"""A citizen's rating of an employee or a unit: given once, taken back at most once, never tied to a person."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from kinara.contracts import Province
from kinara.contracts.feedback import FeedbackReceived, FeedbackWithdrawn

from feedback.domain import receipt
from feedback.domain.guard import Proof, proof_of
from feedback.domain.refusals import AlreadyWithdrawn, InvalidRating, TextTooLong, ThanksToNobody, WrongKey
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from feedback.domain.trust import origin

Status = Literal["received", "quarantined", "rejected", "withdrawn"]
"""Counts; waits for oversight; was found to be abuse; was taken back. Only the first counts."""

LONGEST_TEXT = 2000
"""Characters of text that are kept, after cleaning."""

LOWEST, HIGHEST = 1, 4
"""Likert scale of PermenPANRB 14/2017."""

_KEPT = "\n\u200d"
"""Line ends, and the joiner that composed emoji need."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that show nothing, turn the direction of other text, or cannot be stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One voice. Its words stay in this service; the published fact says only that there were some."""

    id: str
    employee_id: str | None
    unit_id: str
    province: Province
    unit_path: str
    rating: int
    text: str
    hidden: bool = False
    """Whether its words are shown to nobody."""
    thanked: bool = False
    """Whether the citizen also thanks the officer."""
    ticket_id: str | None
    trust: Decimal
    receipt: str
    key_hash: str
    given_at: datetime
    status: Status = "received"
    withdrawn_at: datetime | None = None
    burst: str | None = None
    """The burst in which it was held; stays when that is decided."""
    because: str = ""
    """Why it is held, or what oversight gave as its reason for the decision."""
    decided_at: datetime | None = None

    @property
    def proof(self) -> Proof:
        """What it could show."""
        return proof_of(served=self.ticket_id is not None, trust=self.trust)


def give(
    feedback_id: str,
    subject: Subject,
    *,
    rating: int,
    text: str = "",
    thanked: bool = False,
    ticket: Ticket | None = None,
    secret: bytes,
    at: datetime,
    cluster: str | None = None,
    verified: bool = False,
) -> tuple[Feedback, FeedbackReceived]:
    """A citizen's rating (1 worst, 4 best); its receipt key is ``receipt.key_of(feedback_id, secret)``.

    Without proof it weighs what its ``cluster`` has left. A ticket has to be ``redeem``ed in the same transaction.
    """
    _refuse_off_scale(rating)
    source = origin(subject, ticket=ticket, at=at, cluster=cluster, verified=verified)
    if thanked:
        _refuse_thanks_to_nobody(source.employee_id)
    feedback = Feedback(
        id=feedback_id,
        employee_id=source.employee_id,
        unit_id=source.unit_id,
        province=source.province,
        unit_path=source.unit_path,
        rating=rating,
        text=_checked(text),
        thanked=thanked,
        ticket_id=source.ticket_id,
        trust=source.trust,
        receipt=receipt.number_of(feedback_id, at),
        key_hash=receipt.key_hash_of(receipt.key_of(feedback_id, secret)),
        given_at=at,
    )
    return feedback, FeedbackReceived(**voice_of(feedback), has_text=bool(feedback.text))


def verify_key(feedback: Feedback, key: str) -> bool:
    """Whether the key is this feedback's; compares in constant time, and refuses a key that was mistyped."""
    return receipt.key_fits(key, feedback.key_hash)


def refuse_wrong_key(feedback: Feedback, key: str) -> None:
    """Refuse a key that does not open this feedback."""
    if not verify_key(feedback, key):
        raise WrongKey(
            "Kunci tidak cocok dengan nomor tanda terima. Periksa keduanya pada tanda terima Anda.",
            field="key",
            detail="the key's hash is not the one stored with this feedback",
        )


def withdraw(feedback: Feedback, *, key: str, at: datetime) -> tuple[Feedback, FeedbackWithdrawn | None]:
    """The citizen takes the feedback back; its words are dropped, and the fact repeats what it undoes.

    There is no fact where oversight has taken it back already, and only the words are left to drop.
    """
    refuse_wrong_key(feedback, key)
    if feedback.status == "withdrawn":
        raise AlreadyWithdrawn(
            "Penilaian ini sudah ditarik. Tidak ada lagi yang perlu dilakukan.",
            field="receipt",
            detail="feedback is withdrawn once",
        )
    withdrawn = replace(feedback, status="withdrawn", text="", withdrawn_at=at)
    if feedback.status == "rejected":
        return withdrawn, None
    return withdrawn, FeedbackWithdrawn(**voice_of(feedback), reason="citizen")


def give_way(feedback: Feedback, *, to: str, at: datetime) -> tuple[Feedback, FeedbackWithdrawn] | None:
    """The same person or device has spoken again, as feedback ``to``: of the two the last counts. None where it counts
    for nothing.

    Speaking again is taking back what was said before, so the fact is the citizen's withdrawal.
    """
    if feedback.status not in ("received", "quarantined"):
        return None
    replaced = replace(feedback, status="withdrawn", text="", withdrawn_at=at)
    return replaced, FeedbackWithdrawn(**voice_of(feedback), reason="citizen", replaced_by=to)


def clean(text: str) -> str:
    """The words without what cannot be seen: one form for each letter (NFC), line ends as ``\\n``, no control."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not lines.isprintable():
        lines = "".join(c for c in lines if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)
    return unicodedata.normalize("NFC", lines).strip()


def voice_of(feedback: Feedback) -> dict[str, Any]:
    """What every published fact about this feedback says."""
    return {
        "province": feedback.province,
        "unit_path": feedback.unit_path,
        "feedback_id": feedback.id,
        "employee_id": feedback.employee_id,
        "unit_id": feedback.unit_id,
        "rating": feedback.rating,
        "trust": feedback.trust,
        "given_at": feedback.given_at,
        "thanked": feedback.thanked,
    }


def _refuse_off_scale(rating: int) -> None:
    if not LOWEST <= rating <= HIGHEST:
        raise InvalidRating(
            f"Nilai harus {LOWEST} sampai {HIGHEST}. Pilih {LOWEST} (tidak baik) sampai {HIGHEST} (sangat baik).",
            field="rating",
            detail=f"expected {LOWEST} to {HIGHEST}, got {rating}",
        )


def _refuse_thanks_to_nobody(employee_id: str | None) -> None:
    if employee_id is None:
        raise ThanksToNobody(
            "Ucapan terima kasih ditujukan kepada seorang petugas. Pilih petugasnya, atau kirim penilaian saja.",
            field="thanks",
            detail="no officer is named, nor on the ticket",
        )


def _checked(text: str) -> str:
    words = clean(text)
    if len(words) > LONGEST_TEXT:
        raise TextTooLong(
            f"Tulisan Anda {len(words)} huruf, paling panjang {LONGEST_TEXT}. Persingkat, lalu kirim kembali.",
            field="text",
            detail=f"at most {LONGEST_TEXT} characters after cleaning, got {len(words)}",
        )
    return words
