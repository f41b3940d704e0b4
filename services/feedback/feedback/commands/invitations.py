"""Who is invited to say something: drawn by lot from the tickets of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from feedback.domain import invitation
from feedback.domain.invitation import MOST_TICKETS, Draw
from feedback.domain.ticket import Ticket
from feedback.store import DRAWS, SUBJECTS, TICKETS


@dataclass(frozen=True, slots=True)
class Wanted:
    """From which services of a unit how many are drawn: a share of them (0-1) or a count."""

    unit_id: str
    first: date
    last: date
    share: Decimal | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw and its tickets, in the order of their lots."""

    draw: Draw
    tickets: list[Ticket]


@command
async def draw_invitations(tx: Transaction, scope: Scope, wanted: Wanted, secret: bytes) -> Drawn:
    """Draw whom to invite; a ticket is drawn once."""
    found = await tx.find(SUBJECTS, scope, {"_id": wanted.unit_id, "kind": "unit"}, limit=1)
    if not found:
        raise NotFound("units", wanted.unit_id)
    begins, ends = invitation.span_of(found[0], wanted.first, wanted.last, tx.now)
    issued = {"unit_id": wanted.unit_id, "issued_at": {"$gte": begins, "$lt": ends}}
    pool = await tx.find(TICKETS, SYSTEM, issued, sort=("issued_at", 1), limit=MOST_TICKETS + 1)
    draw, tickets = invitation.draw(
        new_id(), found[0], pool, days=(wanted.first, wanted.last), share=wanted.share, count=wanted.count,
        secret=secret, at=tx.now, by=scope.label,
    )  # fmt: skip
    for ticket in tickets:
        tx.save(TICKETS, ticket)
    tx.save(DRAWS, draw)
    return Drawn(draw, tickets)
