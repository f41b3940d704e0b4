"""What offices decide about the words that they may not let stand."""

from __future__ import annotations

from kinara.kit.documents import Collection
from kinara.kit.ids import new_id
from kinara.kit.scope import Scope
from kinara.kit.work import Transaction, command

from feedback.domain import moderation as rules
from feedback.domain.moderation import Action, Moderation, Said
from feedback.store import MODERATIONS


@command
async def moderate(
    tx: Transaction, scope: Scope, kept_in: Collection[Said], id_: str, action: Action, reason: str
) -> Moderation:
    """Hide the words of a rating, a complaint or a proposal inside the scope, or show them again."""
    found = await tx.load(kept_in, id_, scope)
    changed, record = rules.moderate(new_id(), found, action, reason=reason, by=scope.who, at=tx.now)
    tx.save(kept_in, changed)
    tx.save(MODERATIONS, record)
    return record
