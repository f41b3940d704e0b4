"""``kinara token``: a token of the development issuer, for trying things out."""

from __future__ import annotations

from typing import Annotated

import typer

from kinara.cli import screen
from kinara.cli.door import settings
from kinara.cli.screen import AsJson
from kinara.kit import issuer
from kinara.kit.identity import Role

Roles = Annotated[list[Role], typer.Option("--role", help="What the bearer may do; may be repeated.")]
Employee = Annotated[str | None, typer.Option(help="Id of the employee who bears it.")]
Units = Annotated[list[str] | None, typer.Option("--unit", help="Unit path that the bearer looks after; repeatable.")]
Hours = Annotated[int, typer.Option(min=1, max=24, help="How long it is valid.")]


def issue(role: Roles, employee: Employee = None, unit: Units = None, hours: Hours = 8, json: AsJson = False) -> None:
    """Print a signed token: curl -H "Authorization: Bearer $(kinara token --role hr --unit /16.71)" …"""
    text = issuer.token(settings(), roles=role, employee=employee, units=unit or [], lifetime_s=hours * 3600)
    if json:
        screen.as_json({"token": text, "expires_in": hours * 3600})
    else:
        typer.echo(text)
