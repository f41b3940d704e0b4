"""A citizen's answer to the satisfaction survey (SKM): nine marks at once, perhaps held, or given anew.

Source: PermenPANRB 14/2017. The sums of many, and the index (IKM) that they amount to, are in ``survey``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from kinara.contracts import Province
from kinara.contracts.feedback import SurveyAnswered, SurveyAnswerWithdrawn

from feedback.domain.feedback import HIGHEST, LOWEST, Status
from feedback.domain.guard import TICKET, Proof, proof_of
from feedback.domain.refusals import InvalidAnswer
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from feedback.domain.trust import origin

UNSUR: Mapping[str, str] = {
    "u1": "Persyaratan",
    "u2": "Sistem, mekanisme, dan prosedur",
    "u3": "Waktu penyelesaian",
    "u4": "Biaya/tarif",
    "u5": "Produk spesifikasi jenis pelayanan",
    "u6": "Kompetensi pelaksana",
    "u7": "Perilaku pelaksana",
    "u8": "Penanganan pengaduan, saran, dan masukan",
    "u9": "Sarana dan prasarana",
}
"""The nine unsur in the order of the published event; sources differ on the order of U8 and U9."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One citizen's nine marks, each 1 to 4, in the order of ``UNSUR``."""

    id: str
    employee_id: str | None
    unit_id: str
    province: Province
    unit_path: str
    marks: tuple[int, ...]
    ticket_id: str | None
    trust: Decimal
    answered_at: datetime
    campaign_id: str | None = None
    """The campaign whose invitation it answers; the invitation itself is nowhere beside it."""
    status: Status = "received"
    burst: str | None = None
    """The burst in which it was held; stays when that is decided."""
    because: str = ""
    """Why it is held, or what oversight gave as its reason for the decision."""
    decided_at: datetime | None = None

    @property
    def proof(self) -> Proof:
        """What it could show."""
        return proof_of(served=self.ticket_id is not None or self.campaign_id is not None, trust=self.trust)


def answer(
    answer_id: str,
    subject: Subject,
    marks: Mapping[str, int],
    *,
    ticket: Ticket | None = None,
    at: datetime,
    cluster: str | None = None,
    campaign: str | None = None,
    verified: bool = False,
) -> tuple[Answer, SurveyAnswered]:
    """A citizen answers all nine questions, ``u1`` to ``u9``. A ticket has to be ``redeem``ed at the same time.

    Who was invited by a ``campaign`` weighs as much as who holds a ticket.
    """
    for unsur, name in UNSUR.items():
        if not LOWEST <= marks.get(unsur, 0) <= HIGHEST:
            raise InvalidAnswer(
                f"Unsur {name} belum dinilai {LOWEST} sampai {HIGHEST}. Lengkapi kesembilan unsur.",
                field=unsur,
                detail=f"expected {LOWEST} to {HIGHEST}, got {marks.get(unsur)}",
            )
    source = origin(subject, ticket=ticket, at=at, cluster=cluster, verified=verified)
    given = Answer(
        id=answer_id,
        employee_id=source.employee_id,
        unit_id=source.unit_id,
        province=source.province,
        unit_path=source.unit_path,
        marks=tuple(marks[unsur] for unsur in UNSUR),
        ticket_id=source.ticket_id,
        trust=TICKET if campaign else source.trust,
        answered_at=at,
        campaign_id=campaign,
    )
    return given, SurveyAnswered(**answer_of(given))


def give_way(former: Answer, *, to: str) -> tuple[Answer, SurveyAnswerWithdrawn] | None:
    """The same person has answered again, as ``to``: of the two the last counts. None if it counts for nothing."""
    if former.status not in ("received", "quarantined"):
        return None
    return replace(former, status="withdrawn"), SurveyAnswerWithdrawn(
        **answer_of(former), reason="citizen", replaced_by=to
    )


def answer_of(given: Answer) -> dict[str, Any]:
    """What every published fact about this answer says."""
    return {
        "province": given.province,
        "unit_path": given.unit_path,
        "answer_id": given.id,
        "employee_id": given.employee_id,
        "unit_id": given.unit_id,
        "trust": given.trust,
        "answered_at": given.answered_at,
        **dict(zip(UNSUR, given.marks, strict=True)),
    }
