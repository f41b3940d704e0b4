"""What the feedback service refuses to be told."""

from __future__ import annotations

import pytest
from feedback.settings import CitizenIssuer, Settings
from pydantic import ValidationError

PRODUCTION = {
    "env": "production", "secret": "s" * 40, "oidc_issuer": "https://sso.example.go.id",
    "kafka": "kafka://broker:9092", "mongo": "mongodb://database/",
}  # fmt: skip


def test_nobody_vouches_for_citizens_unless_it_is_said_who() -> None:
    assert Settings().citizens is None
    told = Settings(citizen_issuer="https://inapas.example.go.id").citizens
    assert told == CitizenIssuer("https://inapas.example.go.id", "kinara-warga", "")


@pytest.mark.parametrize("setting", ["citizen_issuer", "citizen_jwks"])
def test_in_production_the_word_on_citizens_comes_by_tls(setting: str) -> None:
    with pytest.raises(ValidationError, match=f"KINARA_{setting.upper()}"):
        Settings(**PRODUCTION | {setting: "http://inapas.example.go.id"})  # type: ignore[arg-type]


def test_an_officer_s_token_vouches_for_no_citizen() -> None:
    with pytest.raises(ValidationError, match="KINARA_CITIZEN_AUDIENCE"):
        Settings(oidc_issuer="https://sso.example.go.id", citizen_issuer="https://sso.example.go.id",
                 citizen_audience="kinara")  # fmt: skip
