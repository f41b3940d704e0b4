"""HTTP in: employees, decisions about them, units, imports, records for BKN, selections, talent; refusal to status."""

from __future__ import annotations

from fastapi import APIRouter
from kinara.kit.http import UPLOAD_CAP
from kinara.kit.problems import Refusals

from personnel.api import (
    dossiers,
    employees,
    imports,
    outgoing,
    profiles,
    promotions,
    renewals,
    results,
    selections,
    talent,
    units,
)
from personnel.domain import refusals

STATUS: Refusals = {
    refusals.Refusal: 422,
    refusals.UnitInUse: 409,
    refusals.PlaceTaken: 409,
    refusals.AlreadyClosed: 409,
    refusals.OwnMatter: 403,
    refusals.AlreadySeparated: 409,
    refusals.ImportEnded: 409,
    refusals.ContractEnded: 409,
    refusals.MeasureKnown: 409,
    refusals.MeasureUnknown: 404,
    refusals.MeasureLifted: 409,
    refusals.TooManyMeasures: 409,
    refusals.ProposalOpen: 409,
    refusals.ProposalDecided: 409,
    refusals.ProposalOutdated: 409,
    refusals.RuleNotMet: 409,
    refusals.NotToRetry: 409,
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

_PARTS = (
    employees, profiles, dossiers, promotions, renewals, units, imports, outgoing, selections, results, talent,
)  # fmt: skip
router = APIRouter(routes=[route for part in _PARTS for route in part.router.routes])

__all__ = ["STATUS", "UPLOADS", "router"]
