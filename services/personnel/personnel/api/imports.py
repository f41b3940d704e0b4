"""Imports of employees from files and from SIASN: started, followed, cancelled; and what they could not use."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import FileResponse
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.ids import utc_now
from pydantic import Field, StringConstraints
from starlette.background import BackgroundTask

from personnel import queries
from personnel.api.doors import ImportScope, SettingsDep, Short
from personnel.api.exports import KINDS, Kind, exported
from personnel.api.views import ImportView, RejectView
from personnel.commands.imports import requests
from personnel.commands.imports.sources import connection, governments_of
from personnel.commands.imports.uploads import uploads
from personnel.siasn.wording import squeezed

router = APIRouter(prefix="/v1/imports", tags=["imports"])

Nip = Annotated[str, StringConstraints(pattern=r"^[0-9]{18}$")]
Instansi = Annotated[Short | None, Form(description="Government, where the caller's scope covers several.")]


class SiasnRequest(Body):
    """Whom to pull from SIASN, which has no list of its own."""

    source: Literal["siasn"] = "siasn"
    instansi: Short = Field(description="SIASN's instansi id, its kode cepat, or the Kemendagri code.")
    nips: Annotated[list[Nip], Field(min_length=1, max_length=40_000)]


@router.post("", status_code=202)
async def start_from_file(
    scope: ImportScope, work: WorkDep, settings: SettingsDep, file: UploadFile, units: UploadFile | None = None,
    instansi: Instansi = None,
) -> ImportView:  # fmt: skip
    """Import .ndjson, .csv or .xlsx with SIASN's field names; ``units`` is NDJSON with ref-unor's."""
    paths = requests.roots(governments_of(settings), scope, instansi)
    async with uploads(settings) as room:
        named = await room.keep(file.file, file.filename or "")
        unit_file = await room.keep_units(units.file) if units else None
        run = await requests.start_file_import(work, scope, paths, named, squeezed(file.filename or ""), unit_file)
        room.hand_over(run.file, run.units_file)
    return ImportView.of(run, utc_now())


@router.post("/siasn", status_code=202)
async def start_from_siasn(body: SiasnRequest, scope: ImportScope, work: WorkDep, settings: SettingsDep) -> ImportView:
    """Pull these employees from SIASN, with the unit tree and their histories."""
    connection(settings)
    paths = requests.roots(governments_of(settings), scope, body.instansi)
    return ImportView.of(await requests.start_siasn_import(work, scope, paths, body.nips), utc_now())


@router.get("")
async def list_runs(scope: ImportScope, work: WorkDep, after: After = None, limit: Limit = 100) -> Page[ImportView]:
    """Runs, newest first."""
    runs, last = await queries.import_runs(work, scope, after, limit)
    return Page(items=[ImportView.of(run, utc_now()) for run in runs], next=last)


@router.get("/{run_id}")
async def read(run_id: Id, scope: ImportScope, work: WorkDep) -> ImportView:
    """How far a run has come."""
    return ImportView.of(await queries.import_run(work, scope, run_id), utc_now())


@router.post("/{run_id}/cancellation", status_code=202)
async def cancel(run_id: Id, scope: ImportScope, work: WorkDep) -> ImportView:
    """Stop a run after the batch under way; what was done stays done."""
    return ImportView.of(await requests.cancel_import(work, scope, run_id), utc_now())


@router.get("/{run_id}/rejects")
async def list_rejects(
    run_id: Id, scope: ImportScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[RejectView]:
    """What the run could not use, with the reasons."""
    found = await queries.rejects(work, scope, run_id, after, limit)
    last = queries.place_in_rejects(found[-1]) if len(found) == limit else None
    return Page(items=[RejectView.of(reject) for reject in found], next=last)


@router.get("/{run_id}/rejects.{kind}", response_class=FileResponse)
async def export_rejects(run_id: Id, kind: Kind, scope: ImportScope, work: WorkDep) -> FileResponse:
    """The rejected rows as a file to correct and import again."""
    path = await exported(work, scope, run_id, kind)
    name = f"ditolak-{run_id}.{kind}"
    return FileResponse(path, media_type=KINDS[kind], filename=name, background=BackgroundTask(path.unlink))
