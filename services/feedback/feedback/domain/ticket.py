"""The service ticket: proof of a service received, worth one voice at full weight, without naming the citizen.

Where a voice carries a ticket, the ticket's unit is the unit of the fact: the service was given there, wherever its
officer works by now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kinara.contracts import Province

from feedback.domain import crockford
from feedback.domain.refusals import (
    InvalidService,
    SubjectInactive,
    TicketExpired,
    TicketForAnother,
    TicketMistyped,
    TicketUsed,
)
from feedback.domain.subject import Subject, refuse_elsewhere

VALID = timedelta(days=90)
"""How long after the service a ticket gives a voice."""

ENTROPY = 8
"""Random bytes of a code: 64 bits, 13 symbols. A hundred million live tickets leave a guess no chance worth trying."""

_SYMBOLS = (13, 8)
"""Of a code as it is issued, and as it was before; both told by their length from an invitation's 16."""
_LONGEST_SERVICE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One service, given by a unit and perhaps by a named officer; good for one rating, survey answer or complaint."""

    id: str
    code: str
    """As printed and stored: ``K7Q2-M9XD-7A3B-C-7``, the last character a check."""
    unit_id: str
    employee_id: str | None
    service: str
    province: Province
    unit_path: str
    issued_at: datetime
    used: bool = False
    invitation: str | None = None
    """The draw by which its citizen was invited to use it."""

    @property
    def expires_at(self) -> datetime:
        """The first moment at which the ticket is no longer valid."""
        return self.issued_at + VALID


def issue(
    ticket_id: str, *, entropy: bytes, unit: Subject, officer: Subject | None, service: str, at: datetime
) -> Ticket:
    """A ticket for a service that has just been given; ``entropy`` is ``ENTROPY`` random bytes."""
    if len(entropy) != ENTROPY:
        raise ValueError(f"a ticket code needs {ENTROPY} random bytes, got {len(entropy)}")
    _refuse_inactive(unit)
    if officer is not None:
        _refuse_inactive(officer)
        refuse_elsewhere(officer, unit)
    name = " ".join(service.split())
    if not 0 < len(name) <= _LONGEST_SERVICE:
        raise InvalidService(
            f"Nama layanan harus diisi, paling panjang {_LONGEST_SERVICE} huruf. Tulis nama layanan yang diberikan.",
            field="service",
            detail=f"expected 1 to {_LONGEST_SERVICE} characters, got {len(name)}",
        )
    return Ticket(
        id=ticket_id,
        code=crockford.write(crockford.symbols(entropy)),
        unit_id=unit.id,
        employee_id=officer.id if officer else None,
        service=name,
        province=unit.province,
        unit_path=unit.unit_path,
        issued_at=at,
    )


def read_code(text: str) -> str:
    """The code as stored, from what a citizen typed; tells a typing error from a ticket that nobody knows."""
    codes = (crockford.read(text, size) for size in _SYMBOLS)
    code = next((code for code in codes if code is not None), None)
    if code is None:
        raise TicketMistyped(
            "Kode karcis salah ketik. Periksa kembali huruf dan angkanya pada karcis, contoh: K7Q2-M9XD-7A3B-C-7.",
            field="ticket",
            detail=f"expected {_SYMBOLS[0]} base-32 symbols and their check character",
        )
    return code


def prove(ticket: Ticket, subject: Subject, at: datetime) -> None:
    """Refuse unless the ticket, at this moment, proves a service by this employee or unit."""
    if ticket.used:
        raise TicketUsed(
            "Karcis ini sudah dipakai. Satu karcis untuk satu penilaian; tanpa karcis Anda tetap dapat menilai.",
            field="ticket",
            detail="the ticket has given its voice",
        )
    if at >= ticket.expires_at:
        raise TicketExpired(
            f"Karcis ini berlaku {VALID.days} hari dan sudah lewat. Anda tetap dapat menilai tanpa karcis.",
            field="ticket",
            detail=f"valid until {ticket.expires_at.isoformat()}",
        )
    if subject.id not in (ticket.unit_id, ticket.employee_id):
        raise TicketForAnother(
            "Karcis ini untuk layanan petugas atau unit lain. Periksa nama pada karcis, atau nilai tanpa karcis.",
            field="ticket",
            detail="the ticket names another unit or officer",
        )


def redeem(ticket: Ticket, subject: Subject, at: datetime) -> Ticket:
    """The ticket once it has given its voice; the store's unique index settles two voices at the same moment."""
    prove(ticket, subject, at)
    return replace(ticket, used=True)


def _refuse_inactive(subject: Subject) -> None:
    if not subject.active:
        raise SubjectInactive(
            f"{subject.name or 'Unit atau petugas ini'} tidak aktif lagi. Pilih unit dan petugas yang memberi layanan.",
            field="employee_id" if subject.kind == "employee" else "unit_id",
            detail=f"the {subject.kind} is not active",
        )
