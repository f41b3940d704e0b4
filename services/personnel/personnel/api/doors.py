"""What the routes have in common: who comes in, whose NIP they may see, kinds of text and days, the settings."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from kinara.kit.identity import NotAllowed, Principal, Role, allow
from kinara.kit.scope import Scope
from pydantic import Field, StringConstraints

from personnel.settings import Settings

ReaderScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT)]
HrScope = Annotated[Scope, allow(Role.HR)]
TreeScope = Annotated[Scope, allow(Role.HR, Role.OVERSIGHT, Role.INTEGRATOR)]
ImportScope = Annotated[Scope, allow(Role.HR, Role.INTEGRATOR)]

Day = Annotated[date, Field(strict=False)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=60)]


async def _full_nip(request: Request) -> Scope:
    principal: Principal = await request.app.state.verifier.principal(request.headers.get("authorization"))
    try:
        mine = principal.scope((Role.HR, Role.EMPLOYEE, Role.SUPERVISOR))
    except NotAllowed:
        return Scope()
    return Scope(mine.paths, mine.own, label=mine.label)


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.parts.service.settings
    return settings


FullNip = Annotated[Scope, Depends(_full_nip)]
"""BKPSDM's units and one's own record: where NIPs are shown in full."""
SettingsDep = Annotated[Settings, Depends(_settings)]
