"""A token of the command opens what its roles open, and there is none in production."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from embedded.stack import Stack
from kinara.kit.identity import Role, Verifier
from kinara.kit.ids import new_id
from kinara.kit.settings import ServiceSettings


async def test_a_token_says_who_bears_it(kinara: Any, servers: Stack) -> None:
    employee = new_id()
    answer = await kinara(
        "token", "--role", "supervisor", "--role", "hr", "--employee", employee, "--unit", "/16.71"
    )  # fmt: skip
    principal = await Verifier(ServiceSettings()).principal(f"Bearer {answer.out.strip()}")
    assert answer.code == 0
    assert principal.roles == {Role.SUPERVISOR, Role.HR}
    assert (principal.employee, principal.units) == (employee, ("/16.71",))


async def test_machines_get_the_token_with_its_lifetime(kinara: Any) -> None:
    answer = await kinara("token", "--role", "oversight", "--hours", "1", "--json")
    assert answer.json["expires_in"] == 3600
    assert answer.json["token"].count(".") == 2


@pytest.mark.parametrize("arguments", [(), ("--role", "king")], ids=["no role", "unknown role"])
async def test_a_token_needs_a_role_that_exists(kinara: Any, arguments: tuple[str, ...]) -> None:
    assert (await kinara("token", *arguments)).code == 2


async def test_production_gets_no_token(kinara: Any, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("KINARA_ENV", "production")
    environment.setenv("KINARA_OIDC_ISSUER", "https://sso.example.go.id/realms/asn")
    environment.setenv("KINARA_SECRET", secrets.token_hex(32))
    answer = await kinara("token", "--role", "hr")
    assert (answer.code, answer.out) == (2, "")
    assert "produksi" in answer.err


def test_the_command_is_installed_under_its_name() -> None:
    command = Path(sys.executable).with_name("kinara")
    answer = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    for word in ("topics", "dlq", "token"):
        assert word in answer.stdout
