"""The unit tree: kept by BKPSDM."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from kinara.contracts import Id, Province, UnitPath
from kinara.kit.http import After, Body, Limit, Page, WorkDep, etag
from pydantic import Field, StringConstraints

from personnel import queries
from personnel.api.doors import HrScope, Text, TreeScope
from personnel.api.views import UnitView
from personnel.commands import units as commands

router = APIRouter(prefix="/v1/units", tags=["units"])

Segment = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\-]{1,40}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]


class UnitRequest(Body):
    """A unit to be: below a parent, or the root of a government."""

    code: Segment = Field(description="Its own segment of the path.")
    name: Text
    parent_id: Id | None = None
    province: Code | None = Field(default=None, description="Kemendagri code of a root; below a parent the parent's.")
    leader_id: Id | None = None


class UnitChange(Body):
    """How the unit shall be from now on."""

    name: Text
    parent_id: Id | None = Field(default=None, description="Another parent; stays where it is without one.")
    leader_id: Id | None = Field(description="Null leaves it without a leader.")


@router.post("", status_code=201)
async def create(body: UnitRequest, scope: HrScope, work: WorkDep) -> UnitView:
    """Create a unit."""
    province = Province(code=body.province) if body.province else None
    unit = await commands.create_unit(
        work, scope, code=body.code, name=body.name, parent_id=body.parent_id, province=province,
        leader_id=body.leader_id,
    )  # fmt: skip
    return UnitView.of(unit)


@router.get("")
async def list_units(
    scope: TreeScope, work: WorkDep, path: UnitPath | None = None, after: After = None, limit: Limit = 100
) -> Page[UnitView]:
    """Units in the order of the tree, all or those at and below a path."""
    found = await queries.units(work, scope, path, after, limit)
    return Page(items=[UnitView.of(unit) for unit in found], next=found[-1].unit_path if len(found) == limit else None)


@router.get("/{unit_id}")
async def read(unit_id: Id, scope: TreeScope, work: WorkDep, response: Response) -> UnitView:
    """One unit."""
    record = await queries.unit(work, scope, unit_id)
    etag(response, record.rev)
    return UnitView.of(record.state)


@router.put("/{unit_id}")
async def change(unit_id: Id, body: UnitChange, scope: HrScope, work: WorkDep) -> UnitView:
    """Rename a unit, move it with everything below it, change its leader; those who work there follow in moments."""
    unit = await commands.change_unit(
        work, scope, unit_id, name=body.name, parent_id=body.parent_id, leader_id=body.leader_id
    )
    return UnitView.of(unit)


@router.post("/{unit_id}/closing", status_code=201)
async def close(unit_id: Id, scope: HrScope, work: WorkDep) -> UnitView:
    """Close a unit in which nobody works any more."""
    return UnitView.of(await commands.close_unit(work, scope, unit_id))
