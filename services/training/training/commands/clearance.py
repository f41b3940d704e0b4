"""Whether business with a partner may go on while somebody has an interest in it."""

from __future__ import annotations

from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction

from training.domain import partner as partners
from training.domain.partner import Institution
from training.domain.programme import Programme
from training.domain.session import Session
from training.store import PARTNERS, PROGRAMMES


async def partner_of(tx: Transaction, programme: Programme) -> Institution | None:
    """The partner of the registry that teaches a programme, if it is one."""
    if programme.partner_id is None:
        return None
    return await tx.load(PARTNERS, programme.partner_id, SYSTEM)


async def refuse_uncleared(tx: Transaction, session: Session) -> None:
    """Refuse to go on with a session while an interest in its partner is not approved."""
    institution = await partner_of(tx, await tx.load(PROGRAMMES, session.programme_id, SYSTEM))
    if institution is not None:
        partners.refuse_uncleared(institution, session)
