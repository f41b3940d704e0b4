"""The predikat of organisations: set by HR before the people of an organisation are rated."""

from __future__ import annotations

from kinara.contracts.appraisal import Period
from kinara.kit.moves import at_path
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from appraisal.domain.organisation import ORGANISASI, organisation_predikat
from appraisal.domain.periods import months_of
from appraisal.store import ORGANISATIONS, OrganisationResult, organisation_id


@command
async def rate_organisation(
    tx: Transaction, scope: Scope, unit_path: str, period: Period, predikat: str
) -> OrganisationResult:
    """Set (or correct) what an organisation achieved in a period."""
    if not scope.covers(unit_path):
        raise NotFound("units", unit_path)
    months_of(period)  # refuses what is no period
    named = ORGANISASI[organisation_predikat(predikat)]
    of_unit = {**at_path(unit_path), "period": period}
    known = await tx.find(ORGANISATIONS, SYSTEM, of_unit, sort=("rated_at", -1), limit=1)
    id_ = known[0].id if known else organisation_id(unit_path, period)
    rated = OrganisationResult(id_, unit_path, period, named, scope.who, tx.now)
    tx.save(ORGANISATIONS, rated)
    return rated
