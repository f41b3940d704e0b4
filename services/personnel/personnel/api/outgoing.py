"""Records for BKN: what was told, what SIASN said to it, and what people can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from pydantic import BaseModel, Field

from personnel import queries
from personnel.api.doors import Day, HrScope, ImportScope, SettingsDep, Text, TreeScope
from personnel.commands.outgoing import corrections
from personnel.commands.outgoing.corrections import Preview
from personnel.commands.outgoing.making import Instansi, instansi_of
from personnel.domain.outgoing import Kind, Outgoing, State
from personnel.siasn.writing import masked

router = APIRouter(prefix="/v1/outgoing", tags=["outgoing"])

Axis = Annotated[int, Field(ge=1, le=3, description="1 di atas, 2 sesuai, 3 di bawah ekspektasi.")]
KindQuery = Annotated[Kind | None, Query(description="SIASN's name of what is written.")]


class PakRequest(Body):
    """The penetapan angka kredit that BKPSDM has issued."""

    pak_number: Text
    pak_date: Day


class AxesRequest(Body):
    """Both axes behind a predikat that deviates from the proposal, as the appraiser states them."""

    hasil_kerja: Axis
    perilaku_kerja: Axis


class OutgoingView(BaseModel):
    """One record for BKN."""

    id: Id
    employee_id: Id
    unit_path: str
    kind: Kind
    about: str = Field(description="Period, year, completion or award.")
    state: State
    dropped: bool = Field(description="It holds no longer: SIASN's entry of it is deleted.")
    reason: str | None = Field(description="Why it is in this state, and what to do.")
    answer: str | None = Field(description="SIASN's own words.")
    siasn_id: str | None
    foreign_id: str | None = Field(description="SIASN's entry with other values, not ours: sent again, it is replaced.")
    attempts: int
    due_at: datetime | None
    changed_at: datetime

    @classmethod
    def of(cls, record: Outgoing) -> Self:
        return cls.model_validate(record, from_attributes=True)


class OutgoingDetail(OutgoingView):
    """One record with what is written, or where it is deleted; the appraiser's NIP is masked."""

    path: str = Field(description="Of SIASN, where it is written to, or deleted.")
    sent: Mapping[str, str | int] | None = Field(description="What was sent last.")
    would_send: Mapping[str, str | int] | None = Field(description="What would be sent now.")
    missing: str | None = Field(description="Why nothing could be sent now.")

    @classmethod
    def seen(cls, preview: Preview) -> Self:
        record = preview.record
        more = {
            "path": f"/{record.kind}/delete/{record.siasn_id or ''}" if record.dropped else f"/{record.kind}/save",
            "sent": record.sent and masked(record.sent),
            "would_send": preview.payload and masked(preview.payload),
            "missing": preview.missing,
        }
        return cls(**OutgoingView.of(record).model_dump(), **more)


class CountsView(BaseModel):
    """How many records of each kind are in each state, and whether any are sent."""

    writes: bool = Field(description="Whether this installation writes to SIASN (KINARA_SIASN_WRITE).")
    counts: dict[Kind, dict[State, int]]


async def _instansi(settings: SettingsDep) -> Instansi:
    return instansi_of(settings)


InstansiDep = Annotated[Instansi, Depends(_instansi)]


@router.get("")
async def list_records(
    scope: ImportScope, work: WorkDep, state: State | None = None, kind: KindQuery = None,
    employee_id: Id | None = None, after: After = None, limit: Limit = 100,
) -> Page[OutgoingView]:  # fmt: skip
    """Records with their state and reason."""
    asked = {"state": state, "kind": kind, "employee_id": employee_id}
    found = await queries.outgoings(work, scope, asked, after, limit)
    last = found[-1].id if len(found) == limit else None
    return Page(items=[OutgoingView.of(record) for record in found], next=last)


@router.get("/counts")
async def count(scope: TreeScope, work: WorkDep, settings: SettingsDep) -> CountsView:
    """How many records are in which state."""
    return CountsView(writes=settings.siasn_write, counts=await queries.outgoing_counts(work, scope))


@router.get("/dry-run")
async def dry_run(
    scope: ImportScope, work: WorkDep, instansi: InstansiDep, kind: KindQuery = None, after: After = None,
    limit: Limit = 100,
) -> Page[OutgoingDetail]:  # fmt: skip
    """What would be sent next; nothing is sent and nothing changes."""
    found = await queries.outgoings(work, scope, {"state": "pending", "kind": kind}, after, limit)
    previews = await corrections.preview(work, scope, instansi, [record.id for record in found])
    last = found[-1].id if len(found) == limit else None
    return Page(items=[OutgoingDetail.seen(preview) for preview in previews], next=last)


@router.get("/{record_id}")
async def read(record_id: Id, scope: ImportScope, work: WorkDep, instansi: InstansiDep) -> OutgoingDetail:
    """One record with what was and what would be sent."""
    [preview] = await corrections.preview(work, scope, instansi, [record_id])
    return OutgoingDetail.seen(preview)


@router.post("/{record_id}/retry")
async def retry(record_id: Id, scope: ImportScope, work: WorkDep, instansi: InstansiDep) -> OutgoingView:
    """Send a refused or skipped record again, after a correction; look up one of unknown fate now."""
    return OutgoingView.of(await corrections.retry(work, scope, instansi, record_id))


@router.put("/{record_id}/pak")
async def add_pak(
    record_id: Id, body: PakRequest, scope: HrScope, work: WorkDep, instansi: InstansiDep
) -> OutgoingView:
    """Number and day of the PAK, without which SIASN takes no angka kredit."""
    record = await corrections.add_pak(work, scope, instansi, record_id, body.pak_number, body.pak_date)
    return OutgoingView.of(record)


@router.put("/{record_id}/axes")
async def add_axes(
    record_id: Id, body: AxesRequest, scope: HrScope, work: WorkDep, instansi: InstansiDep
) -> OutgoingView:
    """Work results and behaviour of a predikat that deviates from its proposal."""
    record = await corrections.add_cell(work, scope, instansi, record_id, body.hasil_kerja, body.perilaku_kerja)
    return OutgoingView.of(record)
