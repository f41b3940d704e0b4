"""HTTP in: employees, the unit tree, imports, records for BKN; which refusal is answered with which status."""

from __future__ import annotations

from fastapi import APIRouter
from kinara.kit.http import UPLOAD_CAP
from kinara.kit.problems import Refusals

from personnel.api import employees, imports, outgoing, units
from personnel.domain import refusals

STATUS: Refusals = {
    refusals.Refusal: 422,
    refusals.UnitInUse: 409,
    refusals.AlreadyClosed: 409,
    refusals.AlreadySeparated: 409,
    refusals.ImportEnded: 409,
    refusals.NotToRetry: 409,
    refusals.OutsideGovernments: 403,
    refusals.NotConfigured: 503,
    refusals.FileTooLarge: 413,
}

UPLOADS = {"/v1/imports": UPLOAD_CAP}
"""Where a body may be as large as a file, in bytes."""

router = APIRouter(routes=[route for part in (employees, units, imports, outgoing) for route in part.router.routes])

__all__ = ["STATUS", "UPLOADS", "router"]
