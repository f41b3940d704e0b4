"""What personnel refuses to start with."""

from __future__ import annotations

from typing import Any

import pytest
from kinara.kit.settings import UnsafeSettings
from personnel.commands.imports.sources import connection, governments_of
from personnel.domain.refusals import NotConfigured
from personnel.settings import Settings
from personnel.siasn.connection import PasswordGrant, PastedToken
from pydantic import SecretStr, ValidationError

PRODUCTION: dict[str, Any] = {
    "env": "production",
    "secret": SecretStr("x" * 32),
    "oidc_issuer": "https://sso.example.go.id",
}
CREDENTIALS: dict[str, Any] = {"siasn_apim_key": SecretStr("kunci"), "siasn_sso_password": SecretStr("sandi")}


@pytest.mark.parametrize("name", ["siasn_base_url", "siasn_apim_url", "siasn_sso_url"])
def test_production_speaks_to_siasn_over_https_only(name: str) -> None:
    assert Settings(**PRODUCTION).siasn_base_url.startswith("https://")
    with pytest.raises((UnsafeSettings, ValidationError), match="https"):
        Settings(**PRODUCTION, **{name: "http://apimws.bkn.go.id"})
    assert Settings(**{name: "http://127.0.0.1:1"}).env == "development"


def test_nothing_identifies_us_to_siasn_by_default() -> None:
    assert not Settings().siasn_has_credentials
    with pytest.raises(NotConfigured):
        connection(Settings())


def test_we_ask_siasn_gently_by_default() -> None:
    made = connection(Settings(**CREDENTIALS))
    assert (made.requests_per_second, made.burst, made.attempts) == (5, 1, 5)
    assert isinstance(made.sso, PasswordGrant)


def test_a_pasted_token_is_used_instead_of_the_password() -> None:
    made = connection(Settings(**CREDENTIALS, siasn_sso_token=SecretStr("a.b.c")))
    assert isinstance(made.sso, PastedToken)


def test_credentials_do_not_show() -> None:
    settings = Settings(**CREDENTIALS)
    assert "sandi" not in f"{settings!r} {settings} {connection(settings)!r}"


def test_the_shipped_governments_lie_in_their_provinces() -> None:
    shipped = governments_of(Settings())
    assert {code: government.province.code for code, government in shipped.items()} == {
        "16.71": "16",
        "96.71": "96",
        "62.71": "62",
        "17": "17",
    }
