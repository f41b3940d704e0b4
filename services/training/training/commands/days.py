"""Which day it is where a session or unit is."""

from __future__ import annotations

from datetime import date

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.work import Transaction

from training.domain.partner import Institution
from training.domain.plan import Plan
from training.domain.session import Session


def today_of(tx: Transaction, what: Session | Institution | Plan) -> date:
    """The day on the calendar of its province."""
    return day_of(tx.now, kemendagri_code(what.province))
