"""One-time codes: given out for a campaign or a forum, and spent."""

from __future__ import annotations

from dataclasses import dataclass

from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction

from feedback.domain import token
from feedback.domain.token import Token
from feedback.store import SPENT, TOKENS


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes that were given out, without the codes: whoever has the service's secret makes them from this."""

    id: str
    count: int


def hand_out(tx: Transaction, opens: str, count: int, secret: bytes) -> Batch:
    """Keep the hashes of so many new codes."""
    batch = Batch(new_id(), count)
    for one in token.handed_out(batch.id, count, secret, opens):
        tx.save(TOKENS, one)
    return batch


async def read(tx: Transaction, code: str) -> Token:
    """The code that somebody typed, if it was given out."""
    found = await tx.find(TOKENS, SYSTEM, {"_id": token.hash_of(code)}, limit=1)
    if not found:
        raise token.unknown()
    return found[0]


async def spend(tx: Transaction, known: Token, what: str, *, opens: str) -> None:
    """Note that the code has done this, once; the last thing that may refuse, or it would tell who took part."""
    spent = await tx.find(SPENT, SYSTEM, {"_id": token.spent_id(known, what)}, limit=1)
    tx.save(SPENT, token.spend(known, what, opens=opens, spent=bool(spent)))
