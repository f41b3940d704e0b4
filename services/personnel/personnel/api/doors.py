"""What the routes have in common: who comes in, whose NIP they may see, kinds of text and days, the settings."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from kinara.kit.identity import NotAllowed, Principal, Role, allow
from kinara.kit.scope import Scope
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from personnel.settings import Settings

ReaderScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.SUPERVISOR, Role.HR, Role.OVERSIGHT)]
HrScope = Annotated[Scope, allow(Role.HR)]
TreeScope = Annotated[Scope, allow(Role.HR, Role.OVERSIGHT, Role.INTEGRATOR)]
ImportScope = Annotated[Scope, allow(Role.HR, Role.INTEGRATOR)]

_DIRECTING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows: a name with one reads as another name."""


def _one_line(text: str) -> str:
    """Names, posts and numbers of decrees are one line that shows what it holds."""
    if any(c in _DIRECTING or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        raise PydanticCustomError("unreadable_text", "expected one line of text without control characters")
    if text and not any(c.isprintable() and not c.isspace() for c in text):
        raise PydanticCustomError("unreadable_text", "expected text that can be seen")
    return text


Day = Annotated[date, Field(strict=False)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_one_line)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_one_line)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_one_line)]


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
