"""Invitations: who is asked for an opinion is drawn by lot among those who were served, so that nobody picks the happy.

The lot is an order of the tickets by an HMAC under the draw's seed. The seed is made from the service's secret and the
draw's id, so that nobody can know it before the draw; it is kept, and whoever has it and the tickets can draw again.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from kinara.contracts import Province
from kinara.contracts.regions import ZONES, day_of, kemendagri_code

from feedback.domain.guard import month_of
from feedback.domain.refusals import InvalidSize, InvalidSpan, NothingToDraw
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket

MOST_DAYS = 31
MOST_DRAWN = 500
MOST_TICKETS = 10_000
"""In a pool; a unit that gives more services draws for fewer days at a time."""
_PURPOSE = "kinara.feedback.invitation.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One draw, with all it takes to repeat it."""

    id: str
    unit_id: str
    province: Province
    unit_path: str
    first: date
    last: date
    """Days of the services, both included, on the region's own calendar."""
    pool: int
    """Of how many tickets."""
    tickets: tuple[str, ...]
    """Ids of those drawn."""
    seed: str
    drawn_at: datetime
    month: str
    by: str
    """Who asked for it."""


@dataclass(frozen=True, slots=True)
class Response:
    """Of how many invited citizens an officer (None: the unit) has got an answer."""

    employee_id: str | None
    drawn: int
    answered: int

    @property
    def rate(self) -> Decimal:
        """Answers for each invitation, 0 to 1, to four decimals."""
        return (Decimal(self.answered) / self.drawn).quantize(Decimal("0.0001"))


def seed_of(draw_id: str, secret: bytes) -> bytes:
    """The seed of a draw."""
    return hmac.digest(secret, f"{_PURPOSE}:{draw_id}".encode(), "sha256")


EARLIEST = date(2000, 1, 1)
"""Nobody was invited before; it keeps days away from where calendars end."""


def span_of(unit: Subject, first: date, last: date, at: datetime) -> tuple[datetime, datetime]:
    """From which moment until which services are drawn from: whole days of the region, up to today."""
    code = kemendagri_code(unit.province)
    if not EARLIEST <= first <= last <= day_of(at, code) or last - first >= timedelta(days=MOST_DAYS):
        raise InvalidSpan(
            f"Hari pengundian tidak dapat dipakai. Pilih paling banyak {MOST_DAYS} hari berurutan sampai hari ini.",
            field="first",
            detail=f"expected first <= last <= today, at most {MOST_DAYS} days",
        )
    day = timedelta(days=1)
    begins, ends = (datetime.combine(on, time(), ZONES[code]).astimezone(UTC) for on in (first, last + day))
    return begins, ends


def size_of(pool: int, share: Decimal | None, count: int | None) -> int:
    """How many of a pool are drawn; a share is rounded up, so that one of few is asked rather than none."""
    if (share is None) == (count is None):
        raise InvalidSize(
            "Sebutkan bagian (share) atau jumlah (count) undangan, salah satu saja.",
            field="share",
            detail="expected either a share or a count",
        )
    wanted = count if count is not None else int((Decimal(pool) * (share or 0)).to_integral_value(ROUND_CEILING))
    return min(wanted, pool, MOST_DRAWN)


def _pool(issued: Sequence[Ticket], at: datetime) -> list[Ticket]:
    """Those that may be drawn; refuses too many and none."""
    if len(issued) > MOST_TICKETS:
        raise InvalidSpan(
            f"Lebih dari {MOST_TICKETS} karcis pada hari-hari ini. Undi untuk lebih sedikit hari.",
            field="last",
            detail=f"at most {MOST_TICKETS} tickets in a pool",
        )
    pool = [ticket for ticket in issued if not ticket.used and ticket.invitation is None and at < ticket.expires_at]
    if not pool:
        raise NothingToDraw(
            "Tidak ada karcis yang menunggu undangan pada hari-hari ini. Pilih hari lain.",
            field="first",
            detail="no ticket of these days is unused and not yet invited",
        )
    return pool


def draw(
    draw_id: str,
    unit: Subject,
    issued: Sequence[Ticket],
    *,
    days: tuple[date, date],
    share: Decimal | None,
    count: int | None,
    secret: bytes,
    at: datetime,
    by: str,
) -> tuple[Draw, list[Ticket]]:
    """Draw from the tickets that still wait for an answer and an invitation; the tickets come back as invited."""
    pool, seed = _pool(issued, at), seed_of(draw_id, secret)
    size = size_of(len(pool), share, count)
    drawn = sorted(pool, key=lambda ticket: lot_of(ticket.id, seed))[:size]
    made = Draw(
        id=draw_id,
        unit_id=unit.id,
        province=unit.province,
        unit_path=unit.unit_path,
        first=days[0],
        last=days[1],
        pool=len(pool),
        tickets=tuple(ticket.id for ticket in drawn),
        seed=seed.hex(),
        drawn_at=at,
        month=month_of(at, unit.province),
        by=by,
    )
    return made, [replace(ticket, invitation=draw_id) for ticket in drawn]


def lot_of(ticket_id: str, seed: bytes) -> bytes:
    """A ticket's lot in a draw: the smallest are drawn."""
    return hmac.digest(seed, ticket_id.encode(), "sha256")


def responses(invited: Iterable[Ticket]) -> list[Response]:
    """The responses of each officer, in the order of their ids, the unit's own counter first."""
    counts: dict[str, tuple[int, int]] = {}
    for ticket in invited:
        drawn, answered = counts.get(ticket.employee_id or "", (0, 0))
        counts[ticket.employee_id or ""] = drawn + 1, answered + ticket.used
    return [Response(officer or None, *counts[officer]) for officer in sorted(counts)]
