"""HTTP in: employees, the unit tree, imports, selections, talent; which refusal is answered with which status."""

from __future__ import annotations

from fastapi import APIRouter
from kinara.kit.http import UPLOAD_CAP
from kinara.kit.problems import Refusals

from personnel.api import employees, imports, results, selections, talent, units
from personnel.domain import refusals

STATUS: Refusals = {
    refusals.Refusal: 422,
    refusals.UnitInUse: 409,
    refusals.AlreadyClosed: 409,
    refusals.AlreadySeparated: 409,
    refusals.ImportEnded: 409,
    refusals.OutsideGovernments: 403,
    refusals.NotConfigured: 503,
    refusals.FileTooLarge: 413,
    refusals.SelectionNotOpen: 409,
    refusals.AlreadyApplied: 409,
    refusals.ConflictOfInterest: 403,
    refusals.NotReadyToScore: 409,
    refusals.ScoringClosed: 409,
    refusals.MarksMissing: 409,
    refusals.AlreadyDecided: 409,
    refusals.PerformanceUnknown: 409,
    refusals.TooManyAssessments: 409,
}

UPLOADS = {"/v1/imports": UPLOAD_CAP}
"""Where a body may be as large as a file, in bytes."""

_DOORS = (employees, units, imports, selections, results, talent)
router = APIRouter(routes=[route for door in _DOORS for route in door.router.routes])

__all__ = ["STATUS", "UPLOADS", "router"]
