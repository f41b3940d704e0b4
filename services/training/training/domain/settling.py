"""A session that was held or called off is settled place by place: the latest first, so many at a time.

From the first step on it is held or off for everybody; what is left of it is said by how far its places are settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from training.domain.enrolment import Enrolment
from training.domain.session import Session

FROM_THE_LATEST = "~"
"""Behind every id."""


def begin(session: Session, at: datetime) -> Session:
    """All of its places are yet to be settled."""
    return replace(session, to_settle=FROM_THE_LATEST, settled_at=at)


def go_on(session: Session, settled: Sequence[Enrolment], most: int, at: datetime) -> Session:
    """These places, the latest of those left, are settled; fewer than ``most`` were all that were left."""
    if len(settled) < most:
        return replace(session, to_settle=None, settled_at=None)
    return replace(session, to_settle=settled[-1].id, settled_at=at)
