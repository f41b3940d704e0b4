"""How far a voice is trusted, and whom it is about: the same for ratings and survey answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kinara.contracts import Province

from feedback.domain.guard import ANONYMOUS, TICKET, VERIFIED, month_of, weight_left
from feedback.domain.refusals import SubjectInactive
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket, prove


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a voice comes from and whom it is about."""

    employee_id: str | None
    """The officer; None when the voice is about the unit."""
    unit_id: str
    province: Province
    unit_path: str
    ticket_id: str | None
    trust: Decimal
    """The weight that counts: what its kind is trusted, as far as its cluster has weight left."""


def origin(
    subject: Subject, *, ticket: Ticket | None, at: datetime, cluster: str | None = None, verified: bool = False
) -> Origin:
    """The origin of a voice about ``subject``; refuses who is gone and a ticket that does not prove the service.

    Source of the weights: reference §5.5. Of ticket and verified account the ticket decides.
    """
    if not subject.active:
        raise SubjectInactive(
            "Pegawai ini tidak bertugas lagi. Anda tetap dapat menilai unit kerjanya."
            if subject.kind == "employee"
            else "Unit ini sudah ditutup. Pilih unit yang sekarang memberi layanan itu.",
            field=f"{subject.kind}_id",
            detail=f"the {subject.kind} is not active",
        )
    if ticket is not None:
        prove(ticket, subject, at)
    place = ticket or subject
    return Origin(
        employee_id=subject.id if subject.kind == "employee" else None,
        unit_id=place.unit_id,
        province=place.province,
        unit_path=place.unit_path,
        ticket_id=ticket.id if ticket else None,
        trust=TICKET if ticket else VERIFIED if verified else _unproven(subject, at, cluster),
    )


def _unproven(subject: Subject, at: datetime, cluster: str | None) -> Decimal:
    if cluster is None:
        return ANONYMOUS
    return min(ANONYMOUS, weight_left(subject.guard, cluster, at, month_of(at, subject.province)))
