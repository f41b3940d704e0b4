"""What follows a unit to another place in the tree; cards follow personnel's word about each employee.

Closed periods stay where they were closed, and are found by their employees and by the policies that weighed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kinara.kit.moves import Followers, Mover, beside

from appraisal.domain.units import UnitCard
from appraisal.store import (
    AUDITS,
    AWARDS,
    BALLOTS,
    CASES,
    DRAFTS,
    EVIDENCE,
    ORGANISATIONS,
    PANELS,
    PLANS,
    POLICIES,
    REPORTS,
    SCORECARDS,
    SIMULATIONS,
    UNITS,
    VERDICTS,
    WORDS,
    PolicyDraft,
    SimulationRun,
    StoredPolicy,
)


def _rehung(policy: StoredPolicy, unit: UnitCard, _now: datetime) -> StoredPolicy:
    """A policy at its unit's path of today; it holds at the paths before too, for the days of service there."""
    borne = tuple(dict.fromkeys((*policy.borne, policy.policy["unit_path"])))
    return replace(policy, policy={**policy.policy, "unit_path": unit.unit_path}, borne=borne)


def _redrawn(drawn: PolicyDraft | SimulationRun, unit: UnitCard, now: datetime) -> PolicyDraft | SimulationRun:
    return replace(beside(drawn, unit, now), policy={**drawn.policy, "unit_path": unit.unit_path})


def _hung_at(path: str) -> Mapping[str, Any]:
    return {"policy.unit_path": path}


APART = {
    "units": "bear their paths",
    "scorecards": "follow personnel's word about each employee",
    "closed_periods": "stay where they were closed",
}
"""Why other documents with a path are not moved here."""
MOVER = Mover(
    UNITS,
    [
        Followers(POLICIES, moved=_rehung, found=_hung_at),
        Followers(DRAFTS, moved=_redrawn),
        Followers(SIMULATIONS, moved=_redrawn),
        Followers(VERDICTS),
        Followers(AWARDS),
        Followers(BALLOTS),
        Followers(CASES),
        Followers(PLANS),
        Followers(PANELS),
        Followers(REPORTS),
        Followers(WORDS),
        Followers(EVIDENCE),
        Followers(AUDITS),
        Followers(ORGANISATIONS),
    ],
    awaited=[Followers(SCORECARDS, only={"person.separated_on": None, "person.name": {"$gt": ""}})],
)
